import type Stripe from 'stripe';
import { emit } from '../events/events.ts';
import { checkAmount, checkCurrency } from '../payments/amounts.ts';
import { newId } from '../state/ids.ts';
import { DAY } from '../state/clock.ts';
import { invalidRequest, noSuch } from '../wire/errors.ts';
import { inRange, listPage, paging, range } from '../lists/lists.ts';
import { fields, metadata, oneOf, required, text, whole } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import type { World } from '../world.ts';
import { balanceOf } from './balance.ts';
import { recordMovement } from './balance-transactions.ts';

/** Money becomes available during a day; the automatic payout goes out at the end of it (UTC). */
export function expectPayout(world: World, transaction: Readonly<Stripe.BalanceTransaction>): void {
  const dayEnds = (Math.floor(transaction.available_on / DAY) + 1) * DAY;
  world.deadlines.set(`payout:${transaction.currency}:${dayEnds}`, dayEnds, () =>
    payOut(world, transaction.currency),
  );
}

/** After a restart: the payouts that are still to come. */
export function resumePayouts(world: World): void {
  for (const transaction of world.store.balanceTransactions.values())
    if (transaction.type !== 'payout' && !world.store.paidOut.get(transaction.id))
      expectPayout(world, transaction);
}

/** Sends everything available in a currency to the bank, as one payout whose transactions can be listed. */
function payOut(world: World, currency: string): void {
  const now = world.clock.now();
  // What a manual payout took away counts against the money that has come in since.
  const ready = [...world.store.balanceTransactions.values()].filter(
    ({ id, currency: its, available_on }) =>
      its === currency && available_on <= now && !world.store.paidOut.get(id),
  );
  const amount = ready.reduce((sum, { net }) => sum + net, 0);
  if (amount <= 0) return;
  const payout = makePayout(world, { amount, currency, automatic: true, description: 'STRIPE PAYOUT' });
  for (const { id, type, source } of ready)
    world.store.paidOut.put({ id, payout: type === 'payout' ? String(source) : payout.id });
  const done = world.store.payouts.change(payout.id, { status: 'paid', reconciliation_status: 'completed' });
  emit(world, 'payout.paid', done, payout);
  emit(world, 'payout.reconciliation_completed', done);
}

function makePayout(
  world: World,
  given: { amount: number; currency: string; automatic: boolean; description: string | null } & Partial<
    Pick<Stripe.Payout, 'metadata' | 'method' | 'statement_descriptor'>
  >,
): Stripe.Payout {
  const id = newId('po');
  const transaction = recordMovement(world, {
    type: 'payout',
    amount: -given.amount,
    currency: given.currency,
    source: id,
    description: given.description,
    now: true,
  });
  const payout = world.store.payouts.put({
    id,
    object: 'payout',
    amount: given.amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: world.clock.now() + DAY,
    automatic: given.automatic,
    balance_transaction: transaction.id,
    created: world.clock.now(),
    currency: given.currency,
    description: given.description,
    destination: null,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: given.metadata ?? {},
    method: given.method ?? 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: given.automatic ? 'in_progress' : 'not_applicable',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: given.statement_descriptor ?? null,
    status: 'pending',
    trace_id: null,
    type: 'bank_account',
  } satisfies Stripe.Payout);
  if (given.automatic) world.store.paidOut.put({ id: transaction.id, payout: id });
  emit(world, 'payout.created', payout);
  return payout;
}

const createParams = fields<Stripe.PayoutCreateParams>({
  amount: required(whole),
  currency: required(text),
  description: text,
  metadata,
  method: oneOf('standard', 'instant'),
  statement_descriptor: text,
});

function createPayout(world: World, params: Stripe.PayoutCreateParams): Stripe.Payout {
  const currency = checkCurrency(params.currency);
  checkAmount(params.amount, currency);
  if ((balanceOf(world).available.get(currency) ?? 0) < params.amount)
    throw invalidRequest('You have insufficient funds in your Stripe account for this payout.', {
      code: 'balance_insufficient',
      param: 'amount',
    });
  const payout = makePayout(world, {
    amount: params.amount,
    currency,
    automatic: false,
    description: params.description ?? null,
    metadata: (params.metadata ?? {}) as Stripe.Metadata,
    method: params.method ?? 'standard',
    statement_descriptor: params.statement_descriptor ?? null,
  });
  world.deadlines.set(`paid:${payout.id}`, payout.arrival_date, () => arrive(world, payout.id));
  return payout;
}

/** After a restart: manual payouts still on their way. */
export function resumeManualPayouts(world: World): void {
  for (const { id, status, arrival_date } of world.store.payouts.values())
    if (status === 'pending') world.deadlines.set(`paid:${id}`, arrival_date, () => arrive(world, id));
}

function arrive(world: World, id: string): void {
  const before = world.store.payouts.need(id);
  if (before.status !== 'pending') return;
  emit(world, 'payout.paid', world.store.payouts.change(id, { status: 'paid' }), before);
}

function cancelPayout(world: World, id: string): Readonly<Stripe.Payout> {
  const before = needPayout(world, id);
  if (before.status !== 'pending')
    throw invalidRequest(`Payouts can only be canceled while pending; this one is ${before.status}.`, {
      param: 'id',
    });
  recordMovement(world, {
    type: 'payout_cancel',
    amount: before.amount,
    currency: before.currency,
    source: id,
    now: true,
  });
  const after = world.store.payouts.change(id, { status: 'canceled' });
  emit(world, 'payout.canceled', after, before);
  return after;
}

function needPayout(world: World, id: string): Readonly<Stripe.Payout> {
  const payout = world.store.payouts.get(id);
  if (!payout) throw noSuch('payout', id);
  return payout;
}

const listParams = fields<Stripe.PayoutListParams>({
  ...paging,
  arrival_date: range,
  created: range,
  status: text,
});

export const payoutRoutes: Route[] = [
  route('POST', '/payouts', createParams, ({ world, params }) => createPayout(world, params)),
  route('GET', '/payouts', listParams, ({ world, params, path }) =>
    listPage(
      world.store.payouts,
      path,
      params,
      (payout) =>
        payout.status === (params.status ?? payout.status) &&
        inRange(payout.arrival_date, params.arrival_date) &&
        inRange(payout.created, params.created),
    ),
  ),
  route('GET', '/payouts/:id', noParams, ({ world }, id) => needPayout(world, id)),
  route('POST', '/payouts/:id/cancel', noParams, ({ world }, id) => cancelPayout(world, id)),
];
