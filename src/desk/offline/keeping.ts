/** In the browser: has the rosters of today kept by public/desk-worker.js, so that they can be read without a connection. */

const soonMs = 4 * 60 * 60 * 1000;

/** Safe to call on every page of the desk; does nothing where there are no service workers. */
export async function keepRosters(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const worker = await navigator.serviceWorker.register('/desk-worker.js').catch(() => null);
  if (!worker) return;
  const { active } = await navigator.serviceWorker.ready;
  const soon = [...document.querySelectorAll<HTMLAnchorElement>('a[data-roster]')].filter(
    (link) => Math.abs(Date.parse(link.dataset['starts'] ?? '') - Date.now()) < soonMs,
  );
  const parts = performance.getEntriesByType('resource').map(({ name }) => name);
  active?.postMessage({ keep: [location.href, ...soon.map(({ href }) => href)], parts });
}
