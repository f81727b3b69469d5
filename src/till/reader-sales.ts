/** What the till's reader asks a card for: a sale (placed, its goods held; the card settles it), or a part of one (reader-parts.ts). */
import { isId } from '#platform/ids.ts';
import { askForCard, endAtReader, noteEnded, settleAtReader, workAtReader } from '#payments/readers.ts';
import { presentCard } from '#payments/stripe/terminal.ts';
import { reachable } from '#payments/payments.ts';
import { config } from '#platform/config.ts';
import { Refusal, Unavailable, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import type { Sale } from './inputs.ts';
import { type Ticket, type TicketLine, queryOf } from './ticket.ts';
import { saleToSend, forgetGoods } from './tills.ts';

/** `api.send_to_reader`. */
export interface ReaderSale {
  /** Of a part, the part's. */
  sale_id: string;
  /** Of a part: the sale that is paid in parts. */
  split_id: string | null;
  till_id: string;
  /** taken: a part that its card has paid. */
  phase: 'waiting' | 'declined' | 'sold' | 'taken' | 'cancelled' | 'expired';
  total_cents: number;
  currency: string;
  hold_expires_at: string | null;
  tries: number;
  sent_at: string;
  /** Why a card was not taken: the bank's word, or `reader_…`. */
  failure_code: string | null;
  reader: { reader_id: string; name: string; simulated: boolean };
  /** Of a whole sale: its ticket. */
  asked: {
    lines?: TicketLine[];
    facts?: {
      serving?: Ticket['serving'];
      tip?: { percent: number };
      name?: string;
      promo?: string;
      reward_id?: string;
    };
    member_id?: string | null;
  };
}

/** Milliseconds in which a reader's word comes by itself. */
const patienceMs = 3000;

/** Refuses 404 order_not_found. */
export async function readerSale(
  db: Db,
  businessId: string,
  id: string | undefined,
): Promise<ReaderSale | Refusal> {
  if (!isId(id)) return new Refusal('order_not_found', 404);
  const found = answer(await db.rpc('reader_sale', { business_id: businessId, sale_id: id }, { get: true }));
  return isRefused(found) ? found : (found as unknown as ReaderSale);
}

/** As `readerSale`; where nobody has told us for a while, Stripe is asked. */
export async function lookAtReaderSale(
  db: Db,
  businessId: string,
  id: string | undefined,
): Promise<ReaderSale | Refusal> {
  const sale = await readerSale(db, businessId, id);
  if (isRefused(sale) || sale.phase !== 'waiting' || Date.now() - Date.parse(sale.sent_at) < patienceMs)
    return sale;
  try {
    await settleAtReader(await workAtReader({ sale_id: sale.sale_id }));
  } catch (error) {
    // The page must come up even when Stripe does not.
    if (!(error instanceof Unavailable)) throw error;
  }
  return readerSale(db, businessId, id);
}

/** Sent again it is the same sale, as it stands by then. Refusals: comment on api.send_to_reader. */
export async function sendToReader(db: Db, businessId: string, sale: Sale): Promise<ReaderSale | Refusal> {
  const sent = answer(await db.rpc('send_to_reader', saleToSend(businessId, sale)));
  forgetGoods();
  return isRefused(sent) ? sent : ask(db, businessId, sent as unknown as ReaderSale);
}

/** Hands to the reader what waits there for it. */
export async function ask(db: Db, businessId: string, sale: ReaderSale): Promise<ReaderSale | Refusal> {
  const work = sale.phase === 'waiting' ? await workAtReader({ sale_id: sale.sale_id }) : null;
  if (!work?.open) return sale;
  await askForCard(work);
  return readerSale(db, businessId, sale.sale_id);
}

/** After a declined card. Refuses 404 order_not_found, 409 order_paid, order_expired, order_cancelled, reader_busy. */
export async function askAgain(db: Db, businessId: string, id: string): Promise<ReaderSale | Refusal> {
  const again = answer(await db.rpc('ask_reader_again', { business_id: businessId, sale_id: id }));
  return isRefused(again) ? again : ask(db, businessId, again as unknown as ReaderSale);
}

/**
 * Nobody waits for a card any more. A card that was quicker has paid: then the sale is sold, the part taken.
 * Refuses 404 order_not_found, 409 reader_deciding.
 */
export async function callOff(db: Db, businessId: string, id: string): Promise<ReaderSale | Refusal> {
  const sale = await readerSale(db, businessId, id);
  if (isRefused(sale) || ['sold', 'taken', 'cancelled'].includes(sale.phase)) return sale;
  const work = await workAtReader({ sale_id: id });
  // Out of reach, the sale is called off all the same: a job ends it there, and money that came meanwhile goes back.
  const ended = work
    ? await endAtReader(work).catch((error: unknown) => {
        if (error instanceof Unavailable) return 'unknown' as const;
        throw error;
      })
    : 'stopped';
  if (ended === 'deciding') return new Refusal('reader_deciding', 409);
  if (ended === 'paid') return readerSale(db, businessId, id);
  const off = answer(await db.rpc('cancel_reader_sale', { business_id: businessId, sale_id: id }));
  forgetGoods();
  if (isRefused(off)) return off.status === 409 ? readerSale(db, businessId, id) : off;
  if (work && ended === 'stopped') await noteEnded(work);
  return off as unknown as ReaderSale;
}

/** Test cards of https://docs.stripe.com/terminal/references/testing. */
const testCards = { works: '4242424242424242', declined: '4000000000009995' } as const;
export const testCardNames = ['works', 'declined'] as const;

/** Whether test cards can be held to this reader: nothing is real, neither the money nor the reader. */
export const takesTestCards = ({ reader }: ReaderSale): boolean => config.testMode && reader.simulated;

/** Refuses 404 order_not_found, 409 reader_not_simulated. */
export async function holdTestCard(
  db: Db,
  businessId: string,
  { sale_id, card }: { sale_id: string; card: (typeof testCardNames)[number] },
): Promise<ReaderSale | Refusal> {
  const sale = await readerSale(db, businessId, sale_id);
  if (isRefused(sale)) return sale;
  if (!takesTestCards(sale)) return new Refusal('reader_not_simulated', 409);
  const work = sale.phase === 'waiting' ? await workAtReader({ sale_id }) : null;
  if (!work) return sale;
  await presentCard(work.reader_ref, testCards[card]).catch(reachable);
  await settleAtReader(work);
  return readerSale(db, businessId, sale_id);
}

/** The same once more, as a ticket of its own, to be paid in another way. */
const ticketAgain = ({ asked: { lines = [], facts: said = {}, member_id = null } }: ReaderSale): Ticket => ({
  sale: crypto.randomUUID(),
  lines,
  serving: said.serving ?? 'eat_in',
  member: member_id,
  name: said.name ?? '',
  tip: said.tip?.percent ?? 0,
  promo: said.promo ?? '',
  reward: said.reward_id ?? null,
});

const splitPage = ({ till_id, split_id }: ReaderSale): string => `/till/${till_id}/open/${split_id}`;

/** Where it is looked at. */
export const readerSalePage = (sale: ReaderSale): string =>
  sale.phase === 'taken'
    ? splitPage(sale)
    : `/till/${sale.till_id}/${sale.phase === 'sold' ? 'sold' : 'reader'}/${sale.sale_id}`;

/** Where it is paid in another way: the ticket once more, or the rest of the sale. */
export const otherWayPage = (sale: ReaderSale): string =>
  sale.split_id === null ? `/till/${sale.till_id}${queryOf(ticketAgain(sale))}` : splitPage(sale);
