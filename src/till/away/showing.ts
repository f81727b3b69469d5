/** In the browser: whether the till works by itself, and what it shows then. */
import { parseMoney } from '#platform/money.ts';
import type { Locale } from '#platform/i18n/locale.ts';
import { type Ticket, queryOf, readTicket, withLine } from '../ticket.ts';
import { partOf } from './parts.ts';
import { type KeptMenu, choiceProblem, chosenFrom, reckon } from './reckoning.ts';
import { saleOf, sales } from './sales.ts';
import { printSlip } from './slip.ts';
import { type KeptPage, askOf, goodsOf, panelOf, soldOf } from './ticket-view.ts';
import { changed, isAwaySince, saleById, sendNow, till, user } from './unsent.ts';

let away = false;
let kept: KeptPage | null = null;
export const isAway = (): boolean => away;

async function loadKept(): Promise<KeptPage | null> {
  // Without a connection public/desk-worker.js answers this.
  const answer = await fetch(location.pathname, { headers: { accept: 'text/html' } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const parts = page.getElementById('till-kept');
  return parts && { page, parts, menu: JSON.parse(parts.dataset['menu'] ?? '') as KeptMenu };
}

/** What an address adds to its ticket; null where something is still to be chosen. */
function added(ticket: Ticket, asked: URLSearchParams, menu: KeptMenu): Ticket | null {
  const product = menu.products.find(({ slug }) => slug === asked.get('add'));
  if (!product) return ticket;
  const ids = asked.has('asked') ? chosenFrom(asked) : undefined;
  const problem = ids ? choiceProblem(product, ids) : null;
  const form = document.querySelector('#ask form');
  if (problem && form && kept) {
    const said = partOf(kept.parts, '[data-part="problem"]');
    said.textContent = said.dataset[problem] ?? '';
    form.querySelector('.till-wrong')?.remove();
    form.prepend(said);
    return null;
  }
  const quantity = Number(asked.get('quantity') ?? 1);
  const note = (asked.get('note') ?? '').trim().slice(0, 140);
  return withLine(ticket, {
    slug: product.slug,
    quantity: Number.isInteger(quantity) && quantity >= 1 && quantity <= 50 ? quantity : 1,
    ...(ids ? { modifier_ids: ids } : {}),
    ...(note ? { note } : {}),
  });
}

const newId = (): string => crypto.randomUUID();

/** @returns false where nothing was kept. */
export async function showAway(address: string): Promise<boolean> {
  kept ??= await loadKept();
  const here = document.getElementById('till');
  if (!kept || !here) return false;
  const asked = new URL(address, location.href).searchParams;
  const sold = asked.has('sold') ? await saleById(asked.get('sold') ?? '') : undefined;
  const ticket = added(readTicket(asked, newId, kept.menu.servings), asked, kept.menu);
  if (!ticket) return true;
  const ask = asked.has('ask') ? askOf(kept, asked.get('ask') ?? '', ticket) : null;
  const goods = goodsOf(kept, ticket);
  if (ask) goods.prepend(ask);
  const cash = asked.get('pay') === 'cash';
  const side = Object.assign(document.createElement('div'), { className: 'till-side' });
  side.append(sold ? soldOf(kept, sold, () => printSlip(sold)) : panelOf(kept, ticket, cash));
  here.replaceChildren(goods, side);
  const more = { ...(ask ? { ask: asked.get('ask') ?? '' } : {}), ...(cash ? { pay: 'cash' } : {}) };
  history.replaceState(null, '', sold ? `?sold=${sold.id}` : queryOf(ticket, more));
  (ask ?? (sold ? side.querySelector<HTMLElement>('h2') : null))?.focus();
  return true;
}

export async function goAway(address: string): Promise<boolean> {
  if (!(await showAway(address))) return false;
  away = true;
  await isAwaySince(kept?.parts.dataset['time'] ?? '');
  return true;
}

/** @returns whether what is shown may make room for what the server says: nobody is in the middle of something. */
export async function comeBack(): Promise<boolean> {
  if (!away) return false;
  away = false;
  kept = null;
  await isAwaySince(null);
  return !document.getElementById('ask') && !new URL(location.href).searchParams.has('sold');
}

/** What was handed over: a button's amount, or as somebody typed it; null: it cannot be read. */
function tenderedBy(form: HTMLFormElement, button: HTMLButtonElement | null, menu: KeptMenu): number | null {
  const typed = form.querySelector<HTMLInputElement>('[name="tendered"]');
  if (button?.name === 'tendered_cents') return Number(button.value);
  const locale = (kept?.parts.dataset['locale'] ?? 'en') as Locale;
  return parseMoney(typed?.value.trim() ?? '', menu.currency, locale);
}

export async function sellAway(form: HTMLFormElement, button: HTMLButtonElement | null): Promise<void> {
  kept ??= await loadKept();
  // Tapped twice it is sold once.
  if (!kept || !form.isConnected) return;
  const ticket = readTicket(new URL(location.href).searchParams, newId, kept.menu.servings);
  const reckoned = reckon(ticket, kept.menu);
  const isCash = form.querySelector('[name="tendered"]') !== null;
  const tendered = isCash ? tenderedBy(form, button, kept.menu) : null;
  if (isCash && (tendered === null || tendered < reckoned.total_cents)) {
    const wrong = form.querySelector<HTMLElement>('[data-wrong]');
    if (wrong) wrong.hidden = false;
    return;
  }
  const pay = tendered === null ? { with: 'terminal' as const } : { with: 'cash' as const, tendered };
  const sale = saleOf({ user, till, ticket, reckoned, pay, at: new Date().toISOString() });
  await sales.put(sale);
  await showAway(`?sold=${sale.id}`);
  await changed();
  void sendNow();
}
