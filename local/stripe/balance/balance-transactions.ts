import type Stripe from 'stripe';
import { newId } from '../state/ids.ts';
import { DAY } from '../state/clock.ts';
import { noSuch } from '../wire/errors.ts';
import { inRange, listPage, paging, range } from '../lists/lists.ts';
import { fields, text } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import { view as viewed } from '../lists/expand.ts';
import type { World } from '../world.ts';
import { expectPayout } from './payouts.ts';

/** How long a payment takes to become available. */
const PENDING_FOR = 2 * DAY;

/** What a card payment costs: a share of it and a fixed part in minor units, by the currency's usual price list. */
const FEES: Record<string, { share: number; fixed: number }> = {
  eur: { share: 0.015, fixed: 25 },
  gbp: { share: 0.015, fixed: 20 },
  usd: { share: 0.029, fixed: 30 },
  ars: { share: 0.044, fixed: 5000 },
  jpy: { share: 0.036, fixed: 0 },
};
export const DISPUTE_FEE = 2000;

/** Rounded half up to a whole minor unit, never more than the payment. */
export function feeFor(amount: number, currency: string): number {
  const { share, fixed } = FEES[currency] ?? { share: 0.029, fixed: 30 };
  return Math.min(amount, Math.round(amount * share) + fixed);
}

interface Movement {
  type: Stripe.BalanceTransaction.Type;
  /** Minor units, signed: what comes in is positive. */
  amount: number;
  currency: string;
  source: string;
  fee?: number;
  feeKind?: 'stripe_fee' | 'application_fee';
  description?: string | null;
  category?: string;
  /** Usable at once instead of in two days. */
  now?: boolean;
}

export function recordMovement(world: World, movement: Movement): Stripe.BalanceTransaction {
  const { type, amount, currency, source, fee = 0, feeKind = 'stripe_fee' } = movement;
  const created = world.clock.now();
  const transaction = world.store.balanceTransactions.put({
    id: newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: movement.now ? created : created + PENDING_FOR,
    balance_type: 'payments',
    created,
    currency,
    description: movement.description ?? null,
    exchange_rate: null,
    fee,
    fee_details: fee
      ? [{ amount: fee, application: null, currency, description: 'Processing fees', type: feeKind }]
      : [],
    net: amount - fee,
    reporting_category: movement.category ?? type,
    source,
    status: 'pending',
    type,
  } satisfies Stripe.BalanceTransaction);
  if (type !== 'payout') expectPayout(world, transaction);
  return transaction;
}

/** Pending until its day has come. */
export function view(world: World, transaction: Stripe.BalanceTransaction): Stripe.BalanceTransaction {
  const status = transaction.available_on <= world.clock.now() ? 'available' : 'pending';
  return { ...transaction, status };
}

const listParams = fields<Stripe.BalanceTransactionListParams>({
  ...paging,
  created: range,
  currency: text,
  payout: text,
  source: text,
  type: text,
});

function listTransactions(world: World, params: Stripe.BalanceTransactionListParams, path: string) {
  return listPage(
    world.store.balanceTransactions,
    path,
    params,
    (transaction) =>
      transaction.currency === (params.currency ?? transaction.currency) &&
      transaction.source === (params.source ?? transaction.source) &&
      transaction.type === (params.type ?? transaction.type) &&
      (params.payout === undefined || world.store.paidOut.get(transaction.id)?.payout === params.payout) &&
      inRange(transaction.created, params.created),
  );
}

export const balanceTransactionRoutes: Route[] = [
  route('GET', '/balance_transactions', listParams, ({ world, params, path }) =>
    viewed(world, listTransactions(world, params, path)),
  ),
  route('GET', '/balance_transactions/:id', noParams, ({ world }, id) => {
    const transaction = world.store.balanceTransactions.get(id);
    if (!transaction) throw noSuch('balance transaction', id);
    return view(world, transaction);
  }),
];
