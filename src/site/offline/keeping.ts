/** In the browser: has pages kept by public/desk-worker.js, so that they can be read without a connection. */

/** Safe to call on every page; does nothing where there are no service workers. */
export async function keepPages(addresses: string[]): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const worker = await navigator.serviceWorker.register('/desk-worker.js').catch(() => null);
  if (!worker) return;
  const { active } = await navigator.serviceWorker.ready;
  const parts = performance.getEntriesByType('resource').map(({ name }) => name);
  active?.postMessage({ keep: addresses, parts });
}
