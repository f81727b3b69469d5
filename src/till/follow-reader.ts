/** In the browser: what becomes of a sale at the reader shows by itself; paid, its receipt opens. */
import { listen } from '#site/live.ts';

const askMs = 4000;
let busy = false;

async function refresh(): Promise<void> {
  const old = document.getElementById('reader-sale');
  if (!old || busy) return;
  busy = true;
  const answer = await fetch(location.pathname, { headers: { accept: 'text/html' } }).catch(() => null);
  const text = answer?.ok ? await answer.text().catch(() => null) : null;
  busy = false;
  if (!answer || text === null) return;
  if (new URL(answer.url).pathname !== location.pathname) return location.assign(answer.url);
  const read = new DOMParser().parseFromString(text, 'text/html');
  const fresh = read.getElementById('reader-sale');
  if (!fresh || fresh.dataset['stand'] === old.dataset['stand']) return;
  // The place that is read aloud stays, and what is in it changes.
  const said = old.querySelector('[role="status"]');
  const says = fresh.querySelector('[role="status"]');
  if (said && says) {
    said.replaceChildren(...says.childNodes);
    says.replaceWith(said);
  }
  old.replaceWith(fresh);
  document.title = read.title;
}

export function followReader(): void {
  const sale = document.getElementById('reader-sale')?.dataset['sale'];
  if (!sale) return;
  const again = () => void refresh();
  listen(`sale:${sale}`, { on: { sale_changed: again }, reload: again });
  // The provider's word may be late: the page asks, and the server asks there.
  window.setInterval(() => {
    if (!document.hidden && document.querySelector('[data-phase="waiting"]')) again();
  }, askMs);
}
