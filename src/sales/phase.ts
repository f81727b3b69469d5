/** How an order stands, as its buyer would say it. Decides the order page's words, progress and acts. */
import type { Messages } from '#platform/i18n/index.ts';
import type { Order } from './order.ts';

export type Phase = keyof Messages['sales']['order']['heads'];

type Judged = Pick<Order, 'state' | 'lines' | 'payment' | 'refunds' | 'total_cents'>;

export function phaseOf(order: Judged, now: number = Date.now()): Phase {
  const { payment } = order;
  // Money that arrived for places that were gone is on its way back, whatever became of the order.
  const returned = order.refunds.some((refund) => refund.reason === 'paid_too_late');
  switch (order.state) {
    case 'placed':
      if (payment?.state !== 'failed' && payment?.state !== 'processing' && isFee(order)) return 'owed';
      if (payment?.state === 'failed') return 'declined';
      return payment?.state === 'processing' || payment?.state === 'authorized' ? 'confirming' : 'to_pay';
    case 'expired':
      return returned ? 'given_back' : 'expired';
    case 'cancelled':
      return returned ? 'given_back' : 'cancelled';
    default: {
      const seats = order.lines.filter((line) => line.kind === 'seat');
      // What is bought besides seats is theirs from now on.
      if (seats.length === 0) return isFee(order) ? 'settled' : 'bought';
      if (seats.length < order.lines.length) return 'paid';
      if (seats.every((line) => isOver(line.booking_state))) return 'called_off';
      const ends = seats.filter((line) => !isOver(line.booking_state)).map((line) => line.ends_at);
      return ends.every((end) => end !== null && Date.parse(end) <= now) ? 'been' : 'paid';
    }
  }
}

/** A fee waits to be paid as long as it takes: nothing is held for it. */
export const isFee = (order: Pick<Order, 'lines'>): boolean =>
  order.lines.length > 0 && order.lines.every((line) => line.kind === 'fee');

const isOver = (state: Order['lines'][number]['booking_state']): boolean =>
  state === 'cancelled' || state === 'late_cancelled';

/** Whether places are held and can still be paid for. */
export const isOpen = (phase: Phase): boolean =>
  phase === 'to_pay' || phase === 'owed' || phase === 'declined' || phase === 'confirming';

/** The next class of an order that is to come; the one whose hour "see you there" names. */
export const nextLine = (
  order: Pick<Order, 'lines'>,
  now: number = Date.now(),
): Order['lines'][number] | null =>
  order.lines
    .filter((line) => line.starts_at !== null && line.ends_at !== null && !isOver(line.booking_state))
    .filter((line) => Date.parse(line.ends_at ?? '') > now)
    .sort((a, b) => Date.parse(a.starts_at ?? '') - Date.parse(b.starts_at ?? ''))[0] ?? null;

/** The provider's codes, as Stripe writes them, and the sentence we have for each. */
const reasons: Record<string, keyof Messages['sales']['declined']> = {
  card_declined: 'card_declined',
  generic_decline: 'card_declined',
  do_not_honor: 'card_declined',
  insufficient_funds: 'insufficient_funds',
  expired_card: 'expired_card',
  invalid_expiry_month: 'expired_card',
  invalid_expiry_year: 'expired_card',
  incorrect_cvc: 'incorrect_cvc',
  invalid_cvc: 'incorrect_cvc',
  incorrect_number: 'incorrect_number',
  invalid_number: 'incorrect_number',
  authentication_required: 'authentication_required',
  authentication_failed: 'authentication_required',
  payment_intent_authentication_failure: 'authentication_required',
  processing_error: 'processing_error',
  lost_card: 'lost_or_stolen',
  stolen_card: 'lost_or_stolen',
  pickup_card: 'lost_or_stolen',
  card_velocity_exceeded: 'limit',
  withdrawal_count_limit_exceeded: 'limit',
};

/** Why the last try to pay was refused, as a sentence with a next step. */
export const declinedSentence = (code: string | null | undefined, m: Messages): string =>
  m.sales.declined[(code && Object.hasOwn(reasons, code) ? reasons[code] : undefined) ?? 'other'];

/** Tax of an order by its rate in basis points, highest rate first; `included` when the prices contain it. */
export function taxesOf(
  lines: Pick<
    Order['lines'][number],
    'tax_rate_bp' | 'tax_cents' | 'total_cents' | 'unit_price_cents' | 'quantity' | 'discount_cents'
  >[],
): { rate_bp: number; cents: number; included: boolean }[] {
  const byRate = Map.groupBy(
    lines.filter((line) => line.tax_cents > 0),
    (line) => line.tax_rate_bp,
  );
  return [...byRate]
    .map(([rate_bp, of]) => ({
      rate_bp,
      cents: of.reduce((sum, line) => sum + line.tax_cents, 0),
      included: of.every(
        (line) => line.total_cents <= line.unit_price_cents * line.quantity - line.discount_cents,
      ),
    }))
    .sort((a, b) => b.rate_bp - a.rate_bp);
}
