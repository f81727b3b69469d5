/** In the browser: narrows the roster to a name as it is typed, and prints it. */

const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

export function findByName(rows: () => HTMLElement[]): void {
  const field = document.getElementById('desk-find') as HTMLInputElement | null;
  const nobody = document.getElementById('desk-nobody');
  const print = document.getElementById('desk-print');
  if (field) field.parentElement?.removeAttribute('hidden');
  field?.addEventListener('input', () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const row of rows()) {
      const name = plain(row.dataset['name'] ?? '');
      row.hidden = !words.every((word) => name.includes(word));
      if (!row.hidden) found++;
    }
    if (nobody) nobody.hidden = found > 0 || words.length === 0;
  });
  if (print) print.hidden = false;
  print?.addEventListener('click', () => window.print());
}
