/** Lists whose items come as HTML by key: only what changed is written anew, and whoever is in it stays there. */

const written = new WeakMap<Element, string>();

/** What somebody was in the middle of: the button in focus, an open part, words typed. */
function carryOver(old: Element, fresh: Element): void {
  for (const part of old.querySelectorAll('details[open]')) {
    const same = fresh.querySelector(`details.${part.className}`) as HTMLDetailsElement | null;
    if (same) same.open = true;
  }
  for (const input of old.querySelectorAll<HTMLInputElement>('input[name=reason]')) {
    const same = fresh.querySelector<HTMLInputElement>('input[name=reason]');
    if (same) same.value = input.value;
  }
}

function refocus(old: Element, fresh: HTMLElement, active: Element | null): void {
  if (!active || !old.contains(active)) return;
  const { value, name, className } = active as HTMLButtonElement;
  const same = [...fresh.querySelectorAll<HTMLElement>('button, input, summary, a')].find((one) =>
    value ? (one as HTMLButtonElement).value === value : one.className === className && !name,
  );
  const card = fresh.querySelector<HTMLElement>('.ticket');
  (same ?? fresh.querySelector<HTMLElement>('.ticket-go') ?? card)?.focus({ preventScroll: true });
}

/** The place from which the item in focus went to another list: what comes up there is next. */
let left: { list: Element; at: number } | null = null;

/** Makes `list` hold these items in this order. Items move between lists with what is in them. */
export function writeList(list: HTMLElement, items: { key: string; html: string }[], all: ParentNode): void {
  const active = document.activeElement;
  const wanted = new Set(items.map(({ key }) => key));
  for (const child of [...list.children] as HTMLElement[]) {
    if (!wanted.has(child.dataset['key'] ?? '')) child.dataset['old'] = '';
  }
  items.forEach(({ key, html }, at) => {
    const known = all.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    let item = known;
    if (!known || written.get(known) !== html) {
      item = document.createElement('li');
      item.dataset['key'] = key;
      item.innerHTML = html;
      written.set(item, html);
      if (known) carryOver(known, item);
    }
    if (!item) return;
    delete item.dataset['old'];
    const from = known?.parentElement ?? null;
    const moved = known !== null && from !== list && known.contains(active);
    if (moved && from) left = { list: from, at: [...from.children].indexOf(known) };
    const there = list.children[at] ?? null;
    if (there !== item) list.insertBefore(item, there);
    if (known && known !== item) {
      if (!moved) refocus(known, item, active);
      known.remove();
    } else if (!moved && active && item.contains(active) && document.activeElement !== active) {
      (active as HTMLElement).focus({ preventScroll: true });
    }
  });
}

/** After all lists are written: what no list wants any more. */
export function dropOld(all: ParentNode): void {
  for (const item of all.querySelectorAll('[data-old]')) item.remove();
  if (!left) return;
  const next = left.list.children[Math.min(left.at, left.list.children.length - 1)];
  left = null;
  next?.querySelector<HTMLElement>('.ticket')?.focus({ preventScroll: true });
}
