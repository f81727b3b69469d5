/**
 * A ticket that is being rung up. It lives in the page's address, so that every button of the till is a link or a form:
 * it works without a script, survives a reload, and carries the id under which it will be sold once.
 */
import type { Serving } from '#shop/ordering/handover.ts';

export interface TicketLine {
  slug: string;
  /** Undefined: the usual. */
  modifier_ids?: string[] | undefined;
  quantity: number;
  note?: string | undefined;
}
export interface Ticket {
  /** The sale's own id. */
  sale: string;
  lines: TicketLine[];
  serving: Serving;
  member: string | null;
  /** Whom to call. */
  name: string;
  /** Per cent of what comes from the bar. */
  tip: number;
  /** A code they said. */
  promo: string;
  /** What the customer wants for their points. */
  reward: string | null;
}

const most = { quantity: 50, lines: 20 };
const slugs = /^[a-z0-9-]{1,60}$/;
const id = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `2~flat-white~<option>,<option>~less foam`; without the options it is the usual. */
export const writeLine = ({ quantity, slug, modifier_ids: chosen, note }: TicketLine): string =>
  [String(quantity), slug, chosen ? chosen.join(',') || '-' : '', note ?? ''].join('~').replace(/~+$/, '');

/** Null for what is not a line. */
export function readLine(text: string): TicketLine | null {
  const [count = '', slug = '', chosen = '', ...words] = text.split('~');
  const quantity = Number(count);
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > most.quantity || !slugs.test(slug))
    return null;
  const ids = chosen === '-' || chosen === '' ? [] : chosen.split(',');
  if (ids.length > 40 || !ids.every((one) => id.test(one))) return null;
  const note = words.join('~').trim().slice(0, 140);
  return {
    slug,
    quantity,
    ...(chosen === '' ? {} : { modifier_ids: ids }),
    ...(note ? { note } : {}),
  };
}

/** `servings`: how what is sold there can be had; at the table where nobody says and it can. */
export function readTicket(
  query: URLSearchParams,
  newId: () => string,
  servings: Serving[] = ['takeaway', 'eat_in'],
): Ticket {
  const sale = query.get('sale') ?? '';
  const member = query.get('member') ?? '';
  const tip = Number(query.get('tip') ?? 0);
  const reward = query.get('reward') ?? '';
  return {
    sale: id.test(sale) ? sale.toLowerCase() : newId(),
    lines: query
      .getAll('line')
      .flatMap((text) => readLine(text) ?? [])
      .slice(0, most.lines),
    serving:
      servings.find((one) => one === query.get('serving')) ??
      (servings.includes('eat_in') ? 'eat_in' : 'takeaway'),
    member: id.test(member) ? member : null,
    name: (query.get('name') ?? '').trim().slice(0, 40),
    tip: Number.isInteger(tip) && tip >= 0 && tip <= 100 ? tip : 0,
    promo: (query.get('promo') ?? '').trim().slice(0, 30),
    reward: id.test(reward) ? reward : null,
  };
}

/** What a link or a form of the till carries on. */
export const fieldsOfTicket = (ticket: Ticket): [string, string][] => [
  ['sale', ticket.sale],
  ...ticket.lines.map((line): [string, string] => ['line', writeLine(line)]),
  ['serving', ticket.serving],
  ...(ticket.member ? ([['member', ticket.member]] as [string, string][]) : []),
  ...(ticket.name ? ([['name', ticket.name]] as [string, string][]) : []),
  ...(ticket.tip ? ([['tip', String(ticket.tip)]] as [string, string][]) : []),
  ...(ticket.promo ? ([['promo', ticket.promo]] as [string, string][]) : []),
  // Whose points they would be goes with whoever it is.
  ...(ticket.reward && ticket.member ? ([['reward', ticket.reward]] as [string, string][]) : []),
];

export const queryOf = (ticket: Ticket, more: Record<string, string> = {}): string =>
  `?${new URLSearchParams([...fieldsOfTicket(ticket), ...Object.entries(more)])}`;

const isSame = (a: TicketLine, b: TicketLine): boolean =>
  a.slug === b.slug &&
  (a.note ?? '') === (b.note ?? '') &&
  [...(a.modifier_ids ?? ['?'])].sort().join() === [...(b.modifier_ids ?? ['?'])].sort().join();

/** The same again is one more of it, as in the database. */
export function withLine(ticket: Ticket, line: TicketLine): Ticket {
  const at = ticket.lines.findIndex(
    (one) => isSame(one, line) && one.quantity + line.quantity <= most.quantity,
  );
  if (at < 0)
    return ticket.lines.length < most.lines ? { ...ticket, lines: [...ticket.lines, line] } : ticket;
  return {
    ...ticket,
    lines: ticket.lines.map((one, i) =>
      i === at ? { ...one, quantity: one.quantity + line.quantity } : one,
    ),
  };
}

/** One more, one less; the last one less takes the line away. */
export const withQuantity = (ticket: Ticket, at: number, change: number): Ticket => ({
  ...ticket,
  lines: ticket.lines
    .map((one, i) => (i === at ? { ...one, quantity: Math.min(one.quantity + change, most.quantity) } : one))
    .filter(({ quantity }) => quantity > 0),
});

/** What people hand over for a total: the exact amount first, then the next round ones. Minor units. */
export function quickAmounts(totalCents: number): number[] {
  // Small change is handed over for small totals only, and coins of two by nobody who has a note.
  const steps = [1, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000]
    .map((note) => note * 100)
    .filter((step) => step * 30 >= totalCents);
  const round = steps
    .map((step) => Math.ceil(totalCents / step) * step)
    .filter((cents) => cents > totalCents);
  // Notes that nobody would hand over for so little are left out.
  const likely = [...new Set(round)].sort((a, b) => a - b).filter((cents) => cents <= totalCents * 10);
  return [totalCents, ...likely.slice(0, 4)];
}
