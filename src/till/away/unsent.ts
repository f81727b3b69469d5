/** In the browser: says what this device keeps of whoever is signed in, and sends it as soon as it can. */
import { keepPages } from '#site/offline/keeping.ts';
import { type Sent, inOneTab, keepSending } from '#site/offline/sending.ts';
import { money, partOf, say, timeOf } from './parts.ts';
import { type KeptSale, codeOf, sales } from './sales.ts';
import { postSales, sendSales } from './sending.ts';
import { printSlip } from './slip.ts';

const strip = document.getElementById('till-unsent');
export const { user = '', till = '' } = strip?.dataset ?? {};
type Words = Record<string, string> & { flags: Record<string, string> };
const words = JSON.parse(strip?.dataset['words'] ?? '{"flags":{}}') as Words;
/** Other tabs of this till. */
const tabs = new BroadcastChannel('till-sales');

let last: Sent = 'sent';
let pricesOf: string | null = null;

export async function saleById(id: string): Promise<KeptSale | undefined> {
  return (await sales.of(user)).find((sale) => sale.id === id);
}

/** `time`: of the prices that are used without a connection; null: there is one. */
export function isAwaySince(time: string | null): Promise<void> {
  pricesOf = time;
  return tell();
}

function rowOf(sale: KeptSale): HTMLElement {
  const row = partOf(document, '[data-part="sale"]');
  const what = sale.lines.map(({ quantity, label }) => `${quantity} × ${label}`).join(', ');
  const head = `${timeOf(sale.at)} · ${codeOf(sale.id)} · ${money(sale.total_cents)} · ${what}`;
  const { outcome = '', flags = [] } = sale.told ?? {};
  const names = outcome === 'settled' || outcome === 'known' || !outcome ? flags : [outcome, ...flags];
  const why = names.map((name) => words.flags[name] ?? words.flags['other']);
  say(row, '[data-what]', [head, ...why].join(' — '));
  row.querySelector('[data-slip]')?.addEventListener('click', () => printSlip(sale));
  const seen = row.querySelector('[data-seen]');
  if (sale.told) seen?.addEventListener('click', () => void sales.drop(sale.id).then(changed));
  else seen?.remove();
  return row;
}

function list(selector: string, kept: KeptSale[]): HTMLElement | null {
  const part = strip?.querySelector<HTMLElement>(selector) ?? null;
  if (part) part.hidden = kept.length === 0;
  part?.querySelector('ul')?.replaceChildren(...kept.map(rowOf));
  return part;
}

export async function tell(): Promise<void> {
  if (!strip) return;
  const kept = await sales.of(user);
  const waiting = kept.filter(({ told }) => !told);
  const others = (await sales.count()) - kept.length;
  const some = (one: string, many: string, count: number): string =>
    count === 0 ? '' : ((count === 1 ? words[one] : words[many]) ?? '').replace('#', String(count));
  const text = [
    pricesOf === null ? '' : words['since']?.replace('{time}', pricesOf),
    last === 'signed out' && waiting.length > 0 ? words['signIn'] : '',
    some('otherOne', 'others', others),
  ];
  const says = strip.querySelector<HTMLElement>('[data-says]');
  const said = text.filter(Boolean).join(' ');
  if (says && says.textContent !== said) says.textContent = said;
  const summary = list('[data-waiting]', waiting)?.querySelector('summary');
  if (summary) summary.textContent = some('one', 'many', waiting.length);
  list(
    '[data-told]',
    kept.filter(({ told }) => told),
  );
  strip.hidden = !said && kept.length === 0;
}

/** Here and in the other tabs. */
export async function changed(): Promise<void> {
  tabs.postMessage('');
  await tell();
}

const anyLeft = async (): Promise<boolean> => (await sales.of(user)).some(({ told }) => !told);

export async function sendNow(): Promise<void> {
  if (!(await anyLeft())) return tell();
  last = await inOneTab('till-sending', () => sendSales(user, sales, postSales));
  await changed();
}

const mayLeave = async (): Promise<boolean> => !(await anyLeft()) || window.confirm(words['leave']);

const everyMs = 5 * 60_000;

/** On the other pages of a till: says what waits and sends it, and leaves it to the till itself to be kept. */
export function keepTelling(): void {
  tabs.addEventListener('message', () => void tell());
  keepSending({ sendNow, anyLeft, tell, longestMs: 60_000, mayLeave });
  void tell();
}

export function keepSelling(): void {
  const keep = (): void => void keepPages([location.origin + location.pathname]);
  keep();
  setInterval(keep, everyMs);
  keepTelling();
}
