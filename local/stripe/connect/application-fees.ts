import type Stripe from 'stripe';
import { recordMovement } from '../balance/balance-transactions.ts';
import { emit } from '../events/events.ts';
import { newId } from '../state/ids.ts';
import { invalidRequest, noSuch } from '../wire/errors.ts';
import { inRange, listPage, paging, range, wholeList } from '../lists/lists.ts';
import { fields, metadata, text, whole } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import type { World } from '../world.ts';

/** What the platform keeps of a payment that goes on to a connected account. */
export function takeApplicationFee(
  world: World,
  { account, amount, charge }: { account: string; amount: number; charge: Readonly<Stripe.Charge> },
): Stripe.ApplicationFee {
  const id = newId('fee');
  const transaction = recordMovement(world, {
    type: 'application_fee',
    amount,
    currency: charge.currency,
    source: id,
  });
  const fee = world.store.applicationFees.put({
    id,
    object: 'application_fee',
    account,
    amount,
    amount_refunded: 0,
    application: 'ca_atrium',
    balance_transaction: transaction.id,
    charge: charge.id,
    created: world.clock.now(),
    currency: charge.currency,
    fee_source: { type: 'charge', charge: charge.id },
    livemode: false,
    originating_transaction: null,
    refunded: false,
    refunds: wholeList<Stripe.FeeRefund>([], `/v1/application_fees/${id}/refunds`),
  } satisfies Stripe.ApplicationFee);
  emit(world, 'application_fee.created', fee);
  return fee;
}

export function refundApplicationFee(
  world: World,
  id: string,
  wanted: { amount?: number; share?: number; metadata?: Stripe.Metadata },
): Stripe.FeeRefund {
  const fee = needFee(world, id);
  const left = fee.amount - fee.amount_refunded;
  const amount = wanted.amount ?? Math.min(left, Math.round(fee.amount * (wanted.share ?? 1)));
  if (amount < 1 || amount > left)
    throw invalidRequest(`Refund amount (${amount}) is greater than unrefunded amount on fee (${left})`, {
      param: 'amount',
    });
  const refundId = newId('fr');
  const transaction = recordMovement(world, {
    type: 'application_fee_refund',
    amount: -amount,
    currency: fee.currency,
    source: refundId,
    now: true,
  });
  const refund = {
    id: refundId,
    object: 'fee_refund',
    amount,
    balance_transaction: transaction.id,
    created: world.clock.now(),
    currency: fee.currency,
    fee: id,
    metadata: wanted.metadata ?? {},
  } satisfies Stripe.FeeRefund;
  const after = world.store.applicationFees.change(id, {
    amount_refunded: fee.amount_refunded + amount,
    refunded: amount === left,
    refunds: { ...fee.refunds, data: [refund, ...fee.refunds.data] },
  });
  emit(world, 'application_fee.refunded', after, fee);
  return refund;
}

function needFee(world: World, id: string): Readonly<Stripe.ApplicationFee> {
  const fee = world.store.applicationFees.get(id);
  if (!fee) throw noSuch('application fee', id);
  return fee;
}

const listParams = fields<Stripe.ApplicationFeeListParams>({ ...paging, charge: text, created: range });

export const applicationFeeRoutes: Route[] = [
  route('GET', '/application_fees', listParams, ({ world, params, path }) =>
    listPage(
      world.store.applicationFees,
      path,
      params,
      (fee) => fee.charge === (params.charge ?? fee.charge) && inRange(fee.created, params.created),
    ),
  ),
  route('GET', '/application_fees/:id', noParams, ({ world }, id) => needFee(world, id)),
  route(
    'POST',
    '/application_fees/:id/refunds',
    fields<Stripe.ApplicationFeeCreateRefundParams>({ amount: whole, metadata }),
    ({ world, params }, id) =>
      refundApplicationFee(world, id, {
        ...(params.amount !== undefined && { amount: params.amount }),
        metadata: (params.metadata ?? {}) as Stripe.Metadata,
      }),
  ),
  route(
    'GET',
    '/application_fees/:id/refunds',
    fields<Stripe.ApplicationFeeListRefundsParams>(paging),
    ({ world, path }, id) => wholeList(needFee(world, id).refunds.data, path),
  ),
];
