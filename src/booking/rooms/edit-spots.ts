/** In the browser: the grid of a room's map follows its rows and columns, and spots are numbered as they will be. */

const number = (field: HTMLInputElement | null): number =>
  Math.min(12, Math.max(1, Number(field?.value ?? 1) || 1));

function edit(editor: HTMLElement): void {
  const grid = editor.querySelector<HTMLElement>('[data-grid]');
  const rows = editor.querySelector<HTMLInputElement>('[name="rows"]');
  const columns = editor.querySelector<HTMLInputElement>('[name="columns"]');
  const teacher = editor.querySelector<HTMLSelectElement>('[name="teacher"]');
  const count = editor.querySelector<HTMLElement>('[data-count]');
  const pattern = grid?.querySelector('.spot-cell');
  if (!grid || !pattern) return;
  const cellName = (x: number, y: number): string =>
    (editor.dataset['cell'] ?? '').replace('98', String(y + 1)).replace('99', String(x + 1));

  const renumber = (): void => {
    let spots = 0;
    for (const box of grid.querySelectorAll<HTMLInputElement>('input')) {
      const front = box.name === `at_${teacher?.value ?? ''}`;
      box.disabled = front;
      const label = box.nextElementSibling;
      box.parentElement?.classList.toggle('spot-cell-front', front);
      if (label) label.textContent = box.checked && !front ? String(++spots) : '';
    }
    if (count) count.textContent = (count.dataset['words'] ?? '').replace('987', String(spots));
  };

  const resize = (): void => {
    const ticked = new Map(
      [...grid.querySelectorAll<HTMLInputElement>('input')].map((box) => [box.name, box.checked]),
    );
    const [width, height] = [number(columns), number(rows)];
    const lines = Array.from({ length: height }, (_, y) => {
      const line = document.createElement('div');
      line.className = 'spot-row';
      for (let x = 0; x < width; x++) {
        const cell = pattern.cloneNode(true) as HTMLElement;
        const box = cell.querySelector('input');
        if (!box) continue;
        box.name = `at_${x}_${y}`;
        box.checked = ticked.get(box.name) ?? false;
        box.setAttribute('aria-label', cellName(x, y));
        line.append(cell);
      }
      return line;
    });
    grid.replaceChildren(...lines);
    const chosen = teacher?.value ?? '';
    const fields = lines.flatMap((_, y) =>
      Array.from({ length: width }, (__, x) => new Option(cellName(x, y), `${x}_${y}`)),
    );
    const nobody = teacher?.options[0];
    teacher?.replaceChildren(...(nobody ? [nobody] : []), ...fields);
    if (teacher) teacher.value = [...teacher.options].some(({ value }) => value === chosen) ? chosen : '';
    renumber();
  };

  rows?.addEventListener('input', resize);
  columns?.addEventListener('input', resize);
  editor.addEventListener('change', renumber);
  renumber();
}

export function editSpots(): void {
  for (const editor of document.querySelectorAll<HTMLElement>('spot-editor')) edit(editor);
}
