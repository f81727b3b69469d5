/**
 * In the browser: the till's links and forms change the page in place. What a tap means is the server's: here its answer is only
 * laid over what is shown. Taps made faster than answers come wait for each other, and each finds its own button anew.
 */

import { comeBack, goAway, isAway, sellAway, showAway } from './away/showing.ts';

let last: Promise<unknown> = Promise.resolve();

async function show(address: string): Promise<void> {
  if (isAway() && (await showAway(address))) return;
  const answer = await fetch(address, { headers: { accept: 'text/html' } }).catch(() => null);
  // Nothing came, or only what was kept: from here the till goes on by itself.
  if ((!answer || answer.headers.has('x-kept-at')) && (await goAway(address))) return;
  const here = document.getElementById('till');
  const next = answer?.ok
    ? new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('till')
    : null;
  // Whatever went wrong, the browser says it in its own way.
  if (!answer || !here || !next) return location.assign(address);
  const focused = document.activeElement?.closest<HTMLElement>('[data-key]')?.dataset['key'];
  const open = new Set([...here.querySelectorAll<HTMLElement>('details[open] > summary')].map(keyOf));
  here.replaceChildren(...next.childNodes);
  here.querySelectorAll('details').forEach((part) => {
    part.open ||= open.has(keyOf(part.querySelector<HTMLElement>('summary')));
  });
  history.replaceState(null, '', answer.url);
  const ask = document.getElementById('ask');
  if (ask) ask.focus();
  else if (focused) find(focused)?.focus();
}

const keyOf = (part: HTMLElement | null): string => part?.dataset['key'] ?? '';

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
    if (form.matches('#till form[data-away-pay]')) {
      event.preventDefault();
      return inTurn(() => sellAway(form, event.submitter as HTMLButtonElement | null));
    }
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

const askMs = 10_000;

/** Goes on without a connection as soon as there is none, and with the server as soon as it answers again. */
export function goOnAlone(): void {
  const leave = async (): Promise<void> => void (await goAway(location.href));
  const back = async (): Promise<void> => {
    if (!isAway()) return;
    const answer = await fetch(location.pathname, { headers: { accept: 'text/html' } }).catch(() => null);
    if (!answer || answer.headers.has('x-kept-at')) return;
    if (await comeBack()) await show(location.href);
  };
  addEventListener('offline', () => inTurn(leave));
  addEventListener('online', () => inTurn(back));
  setInterval(() => {
    if (isAway()) inTurn(back);
  }, askMs);
  // The page that was kept is one without a ticket: with one in the address, it came from there.
  const fromKept = location.search !== '' && document.getElementById('till-kept') !== null;
  if (!navigator.onLine || fromKept) inTurn(leave);
}

/** A member's code held up to the camera, or typed by a scanner anywhere on the page. */
export async function sellTo(code: string): Promise<void> {
  const query = new URLSearchParams(location.search);
  query.delete('ask');
  query.set('who', code);
  inTurn(() => show(`${location.pathname}?${query}`));
  await last;
}
