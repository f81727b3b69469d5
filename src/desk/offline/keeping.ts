/** In the browser: has the rosters of today kept, so that they can be read without a connection. */
import { keepPages } from '#site/offline/keeping.ts';

const soonMs = 4 * 60 * 60 * 1000;

/** Safe to call on every page of the desk. */
export function keepRosters(): Promise<void> {
  const soon = [...document.querySelectorAll<HTMLAnchorElement>('a[data-roster]')].filter(
    (link) => Math.abs(Date.parse(link.dataset['starts'] ?? '') - Date.now()) < soonMs,
  );
  return keepPages([location.href, ...soon.map(({ href }) => href)]);
}
