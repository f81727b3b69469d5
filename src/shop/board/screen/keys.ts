/** The board without a pointer: from ticket to ticket, on, back. Only while nothing else has the keyboard. */
const cards = (list: Element | null): HTMLElement[] => [
  ...(list?.querySelectorAll<HTMLElement>('.ticket') ?? []),
];
const columns = (): HTMLElement[] =>
  [...document.querySelectorAll<HTMLElement>('#board [data-lane], #board [data-drinks]')].filter(
    (lane) => cards(lane).length > 0 && lane.offsetParent !== null,
  );

const current = (): HTMLElement | null => document.activeElement?.closest<HTMLElement>('.ticket') ?? null;

function go(card: HTMLElement | undefined): void {
  card?.focus();
  card?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function move(key: string): void {
  const all = columns();
  const here = current();
  const column = all.findIndex((lane) => here && lane.contains(here));
  if (!here || column < 0) return go(cards(all[0] ?? null)[0]);
  const list = cards(all[column] ?? null);
  const row = list.indexOf(here);
  if (key === 'ArrowUp') return go(list[Math.max(0, row - 1)]);
  if (key === 'ArrowDown') return go(list[Math.min(list.length - 1, row + 1)]);
  const next = cards(all[column + (key === 'ArrowLeft' ? -1 : 1)] ?? null);
  go(next[Math.min(row, next.length - 1)]);
}

const press = (card: HTMLElement | null | undefined): void =>
  card?.querySelector<HTMLButtonElement>('.ticket-go')?.click();

export function listenToKeys(acts: { undo(): void; turn(): void }): void {
  document.addEventListener('keydown', (event) => {
    const on = event.target as HTMLElement;
    const away = on !== document.body && !on.closest('#board');
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || away) return;
    if (on.matches('input:not([type=radio]), textarea, select')) return;
    const { key } = event;
    if (key.startsWith('Arrow')) {
      if (on.matches('input')) return;
      move(key);
    } else if (/^[1-9]$/.test(key)) {
      const here = current();
      const lane = columns().find((column) => here && column.contains(here)) ?? columns()[0];
      press(cards(lane ?? null)[Number(key) - 1]);
    } else if (key === 'Enter' && on.matches('.ticket')) press(on);
    else if (key === 'u' || key === 'U') acts.undo();
    else if (key === 'b' || key === 'B') acts.turn();
    else if (key === 'm' || key === 'M') {
      const more = current()?.querySelector<HTMLDetailsElement>('.ticket-more');
      if (!more) return;
      more.open = !more.open;
      more.querySelector<HTMLElement>(more.open ? 'a, button' : 'summary')?.focus();
    } else return;
    event.preventDefault();
  });
}
