/** In the browser: the roster anew, without touching what somebody is in the middle of. */
import { rowOf, rows } from './rows.ts';

const isBusy = (part: Element): boolean =>
  part.contains(document.activeElement) || part.querySelector('details[open]') !== null;

/** Parts beside the list that say what the page knows by now. */
const parts = ['desk-free', 'desk-releasing', 'desk-after'];

function renewRows(list: HTMLElement, news: HTMLElement[]): void {
  const stay = rows().filter((row) => isBusy(row) && news.some(({ id }) => id === row.id));
  for (const row of rows()) if (!stay.includes(row)) row.remove();
  let before: Element | null = null;
  for (const row of news) {
    const known = rowOf(row.dataset['booking'] ?? '');
    if (known) {
      known.dataset['state'] = row.dataset['state'] ?? '';
      known.dataset['acted'] = row.dataset['acted'] ?? '';
    } else if (before) before.after(row);
    else list.prepend(row);
    before = known ?? row;
  }
}

export async function refreshRoster(): Promise<void> {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const list = document.getElementById('roster');
  const news = [...fresh.querySelectorAll<HTMLElement>('#roster > [data-booking]')];
  // The first or the last person changes what the page is made of.
  if (!list || news.length === 0) {
    if (list || news.length > 0) location.reload();
    return;
  }
  renewRows(list, news);
  for (const id of parts) {
    const [old, renewed] = [document.getElementById(id), fresh.getElementById(id)];
    if (old && renewed && !isBusy(old)) old.replaceWith(renewed);
  }
  document.getElementById('desk-find')?.dispatchEvent(new Event('input'));
}
