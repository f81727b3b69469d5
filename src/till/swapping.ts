/**
 * In the browser: the till's links and forms change the page in place. What a tap means is the server's: here its answer is only
 * laid over what is shown. Taps made faster than answers come wait for each other, and each finds its own button anew.
 */

let last: Promise<unknown> = Promise.resolve();

async function show(address: string): Promise<void> {
  const answer = await fetch(address, { headers: { accept: 'text/html' } }).catch(() => null);
  const here = document.getElementById('till');
  const next = answer?.ok
    ? new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('till')
    : null;
  // Whatever went wrong, the browser says it in its own way.
  if (!answer || !here || !next) return location.assign(address);
  const focused = document.activeElement?.closest<HTMLElement>('[data-key]')?.dataset['key'];
  const open = [...here.querySelectorAll('details')].map((part) => part.open);
  here.replaceChildren(...next.childNodes);
  here.querySelectorAll('details').forEach((part, i) => (part.open ||= open[i] ?? false));
  history.replaceState(null, '', answer.url);
  const ask = document.getElementById('ask');
  if (ask) ask.focus();
  else if (focused) find(focused)?.focus();
}

const find = (key: string): HTMLAnchorElement | null =>
  document.querySelector<HTMLAnchorElement>(`#till [data-key="${CSS.escape(key)}"]`);

const inTurn = (act: () => Promise<void> | undefined): void => {
  last = last.then(act, act);
};

export function swapInPlace(): void {
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('#till a[data-key]');
    if (!link?.href || event.defaultPrevented || event.metaKey || event.ctrlKey || event.button !== 0) return;
    event.preventDefault();
    const { key = '' } = link.dataset;
    inTurn(() => {
      const now = find(key);
      return now?.href ? show(now.href) : undefined;
    });
  });
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches('#till form[data-till]')) return;
    event.preventDefault();
    const query = new URLSearchParams(
      [...new FormData(form)].flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value] as [string, string]] : [],
      ),
    );
    inTurn(() => show(`${location.pathname}?${query}`));
  });
}

/** A member's code held up to the camera, or typed by a scanner anywhere on the page. */
export async function sellTo(code: string): Promise<void> {
  const query = new URLSearchParams(location.search);
  query.delete('ask');
  query.set('who', code);
  inTurn(() => show(`${location.pathname}?${query}`));
  await last;
}
