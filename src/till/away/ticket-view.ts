/** In the browser: the till's page made on the device, out of the page that was kept and the ticket in the address. */
import { type Ticket, fieldsOfTicket, queryOf, quickAmounts, withQuantity } from '../ticket.ts';
import { money, partOf, say } from './parts.ts';
import { type KeptMenu, type Reckoned, type ReckonedLine, reckon } from './reckoning.ts';
import { type KeptSale, codeOf } from './sales.ts';

export interface KeptPage {
  page: Document;
  /** The element that holds the templates. */
  parts: HTMLElement;
  menu: KeptMenu;
}

const copyOf = (page: Document, selector: string): HTMLElement => {
  const found = page.querySelector(selector);
  if (!found) throw new Error(`There is no ${selector}`);
  return document.importNode(found, true) as HTMLElement;
};
const linkTo = (root: ParentNode, selector: string, href: string): void =>
  root.querySelector(selector)?.setAttribute('href', href);

export function goodsOf({ page }: KeptPage, ticket: Ticket): HTMLElement {
  const goods = copyOf(page, '.till-goods');
  for (const tile of goods.querySelectorAll<HTMLAnchorElement>('a.till-tile[href]')) {
    const { searchParams: asked } = new URL(tile.href);
    const [act, slug] = asked.has('ask') ? ['ask', asked.get('ask')] : ['add', asked.get('add')];
    tile.setAttribute('href', queryOf(ticket, { [act ?? 'add']: slug ?? '' }));
  }
  return goods;
}

/** What is asked about a product; null where nothing is, or nothing was kept of it. */
export function askOf({ parts }: KeptPage, slug: string, ticket: Ticket): HTMLElement | null {
  if (!parts.querySelector(`template[data-ask="${CSS.escape(slug)}"]`)) return null;
  const ask = partOf(parts, `[data-ask="${CSS.escape(slug)}"]`);
  linkTo(ask, '[data-key="ask-close"]', queryOf(ticket));
  const form = ask.querySelector('form');
  form?.querySelectorAll('input[name="sale"], input[name="serving"]').forEach((field) => field.remove());
  const fields = fieldsOfTicket(ticket).map(([name, value]) =>
    Object.assign(document.createElement('input'), { type: 'hidden', name, value }),
  );
  form?.prepend(...fields);
  return ask;
}

function lineOf(kept: KeptPage, ticket: Ticket, line: ReckonedLine, at: number): HTMLElement {
  const row = partOf(kept.parts, '[data-part="line"]');
  const name = line.product?.name ?? ticket.lines[at]?.slug ?? '';
  say(row, '[data-name]', name);
  say(row, '[data-how]', line.how);
  say(row, '[data-note]', line.note ? `“${line.note}”` : '');
  if (line.product) row.querySelector('[data-gone]')?.remove();
  say(row, '[data-quantity]', String(line.quantity));
  say(row, '.till-line-sum', money(line.total_cents));
  for (const [act, change] of [
    ['less', -1],
    ['more', 1],
  ] as const) {
    const link = row.querySelector<HTMLElement>(`[data-${act}]`);
    link?.setAttribute('href', queryOf(withQuantity(ticket, at, change)));
    link?.setAttribute('aria-label', (link.getAttribute('aria-label') ?? '').replace('{name}', name));
    if (link) link.dataset['key'] = `${act}-${at}`;
  }
  return row;
}

function cashOf(kept: KeptPage, ticket: Ticket, total: number): HTMLElement {
  const cash = partOf(kept.parts, '[data-part="cash"]');
  linkTo(cash, '[data-key="pay-back"]', queryOf(ticket));
  const amounts = cash.querySelector<HTMLElement>('.till-amounts');
  const exact = amounts?.dataset['exact'] ?? '{amount}';
  const buttons = quickAmounts(total).map((cents, i) => {
    const text = i === 0 ? exact.replace('{amount}', money(cents)) : money(cents);
    const button = Object.assign(document.createElement('button'), { textContent: text });
    button.className = `btn btn-lg ${i === 0 ? 'btn-primary' : 'btn-quiet'}`;
    button.name = 'tendered_cents';
    button.value = String(cents);
    return button;
  });
  amounts?.replaceChildren(...buttons);
  return cash;
}

function payOf(kept: KeptPage, ticket: Ticket, { total_cents: total }: Reckoned, cash: boolean): HTMLElement {
  const pay = partOf(kept.parts, '[data-part="pay"]');
  const link = pay.querySelector('[data-key="cash"]');
  if (cash && link) return cashOf(kept, ticket, total);
  link?.setAttribute('href', queryOf(ticket, { pay: 'cash' }));
  return pay;
}

export function panelOf(kept: KeptPage, ticket: Ticket, cash: boolean): HTMLElement {
  const panel = copyOf(kept.page, '#ticket');
  const reckoned = reckon(ticket, kept.menu);
  const isEmpty = ticket.lines.length === 0;
  if (!isEmpty) {
    panel.querySelector('header')?.append(partOf(kept.parts, '[data-part="head"]'));
    const lines = Object.assign(document.createElement('ol'), { className: 'till-lines' });
    lines.append(...reckoned.lines.map((line, at) => lineOf(kept, ticket, line, at)));
    panel.querySelector('.till-empty')?.replaceWith(lines);
  }
  for (const choice of panel.querySelectorAll<HTMLElement>('.till-choice a')) {
    const key = choice.dataset['key'] ?? '';
    const change = key.startsWith('tip-')
      ? { tip: Number(key.slice(4)) }
      : { serving: key as Ticket['serving'] };
    const isChosen = Object.entries(change).every(([name, value]) => ticket[name as 'tip'] === value);
    choice.setAttribute('href', queryOf({ ...ticket, ...change }));
    if (isChosen) choice.setAttribute('aria-current', 'true');
    else choice.removeAttribute('aria-current');
  }
  const customer = partOf(kept.parts, '[data-part="customer"]');
  if (ticket.member) linkTo(customer, '[data-key="no-customer"]', queryOf({ ...ticket, member: null }));
  else customer.querySelector('[data-has]')?.remove();
  panel.querySelector('.till-who')?.replaceWith(customer);
  say(panel, '[data-total]', money(reckoned.total_cents));
  const sum = panel.querySelector('.till-sum');
  const more = kept.parts.querySelector<HTMLTemplateElement>('template[data-part="sum"]')?.content;
  if (sum && more) sum.append(document.importNode(more, true));
  const tip = panel.querySelector('[data-tip]');
  if (tip && reckoned.tip_cents > 0) {
    say(tip, 'span', money(reckoned.tip_cents));
    sum?.prepend(tip);
  } else tip?.remove();
  const sellable = !isEmpty && reckoned.lines.every(({ product }) => product);
  if (sellable) panel.querySelector('.till-foot')?.append(payOf(kept, ticket, reckoned, cash));
  return panel;
}

export function soldOf({ parts }: KeptPage, sale: KeptSale, print: () => void): HTMLElement {
  const sold = partOf(parts, '[data-part="sold"]');
  const label = sold.querySelector<HTMLElement>('[data-label]');
  const change = sale.tendered_cents === undefined ? null : sale.tendered_cents - sale.total_cents;
  if (label) label.textContent = label.dataset[change === null ? 'terminal' : 'change'] ?? '';
  say(sold, '[data-amount]', money(change ?? sale.total_cents));
  const code = sold.querySelector('[data-code]')?.textContent.trim();
  say(sold, '[data-code]', code?.replace('{code}', codeOf(sale.id)));
  sold.querySelector('[data-slip]')?.addEventListener('click', print);
  return sold;
}
