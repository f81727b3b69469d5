import type Stripe from 'stripe';
import { recordMovement } from '../balance/balance-transactions.ts';
import { refundApplicationFee } from '../connect/application-fees.ts';
import { reverseTransfer } from '../connect/transfers.ts';
import { behaviourOf } from '../customers/cards.ts';
import { emit } from '../events/events.ts';
import { newId } from '../state/ids.ts';
import { invalidRequest, noSuch } from '../wire/errors.ts';
import { inRange, listPage, paging, range } from '../lists/lists.ts';
import { merge } from '../wire/merge.ts';
import { fields, flag, metadata, oneOf, text, whole } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import type { World } from '../world.ts';
import { needCharge } from '../payments/charges.ts';
import { needIntent } from '../payments/payment-intents.ts';
import { awaitOutcome } from './refund-outcomes.ts';

const createParams = fields<Stripe.RefundCreateParams>({
  amount: whole,
  charge: text,
  metadata,
  payment_intent: text,
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
  refund_application_fee: flag,
  reverse_transfer: flag,
});

type NewRefund = Pick<Stripe.Refund, 'id' | 'amount' | 'created' | 'reason' | 'status'> &
  Partial<Stripe.Refund>;

export function newRefund(charge: Readonly<Stripe.Charge>, given: NewRefund): Stripe.Refund {
  return {
    object: 'refund',
    balance_transaction: null,
    charge: charge.id,
    currency: charge.currency,
    customer: charge.customer as string | null,
    customer_account: null,
    destination_details: {
      type: 'card',
      card: { type: 'refund', reference_status: 'pending', reference_type: 'acquirer_reference_number' },
    },
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    receipt_number: null,
    source_transfer_reversal: null,
    transfer_reversal: null,
    ...given,
  } satisfies Stripe.Refund;
}

function createRefund(world: World, params: Stripe.RefundCreateParams): Readonly<Stripe.Refund> {
  const charge = chargeToRefund(world, params);
  const left = charge.amount_captured - charge.amount_refunded;
  if (charge.disputed && hasOpenDispute(world, charge.id))
    throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
    });
  if (left <= 0)
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    });
  const amount = params.amount ?? left;
  if (amount < 1)
    throw invalidRequest('This value must be greater than or equal to 1.', {
      param: 'amount',
      code: 'parameter_invalid_integer',
    });
  if (amount > left)
    throw invalidRequest(
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left}) in ${charge.currency}`,
      { param: 'amount' },
    );
  const behaviour = behaviourOf(world.store.instruments.get(charge.payment_method)?.number).refund;
  const id = newId('re');
  const transaction = recordMovement(world, {
    type: 'refund',
    amount: -amount,
    currency: charge.currency,
    source: id,
    description: `REFUND FOR CHARGE (${charge.id})`,
    now: true,
  });
  const created = world.clock.now();
  world.store.refunds.put(
    newRefund(charge, {
      id,
      amount,
      created,
      reason: params.reason ?? null,
      status: behaviour === 'succeeds_later' ? 'pending' : 'succeeded',
      balance_transaction: transaction.id,
      metadata: (params.metadata || {}) as Stripe.Metadata,
    }),
  );
  const refunded = world.store.charges.change(charge.id, {
    amount_refunded: charge.amount_refunded + amount,
    refunded: charge.amount_refunded + amount === charge.amount,
  });
  if (params.reverse_transfer && charge.transfer)
    world.store.refunds.change(id, {
      transfer_reversal: reverseTransfer(world, charge.transfer as string, { share: amount / charge.amount })
        .id,
    });
  if (params.refund_application_fee && charge.application_fee)
    refundApplicationFee(world, charge.application_fee as string, { share: amount / charge.amount });
  const refund = world.store.refunds.need(id);
  emit(world, 'refund.created', refund);
  emit(world, 'charge.refunded', refunded, charge);
  if (behaviour) awaitOutcome(world, refund);
  return refund;
}

function chargeToRefund(world: World, params: Stripe.RefundCreateParams): Readonly<Stripe.Charge> {
  if ((params.charge === undefined) === (params.payment_intent === undefined))
    throw invalidRequest(
      'One of the following params should be provided for this request: payment_intent or charge.',
      {
        code: 'parameter_missing',
      },
    );
  if (params.charge !== undefined) return checkPaid(needCharge(world, params.charge, 'charge'));
  const intent = needIntent(world, params.payment_intent ?? '', 'payment_intent');
  const charge = world.store.charges.get(intent.latest_charge as string | null);
  if (intent.status !== 'succeeded' || !charge)
    throw invalidRequest(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, {
      param: 'payment_intent',
      code: 'payment_intent_unexpected_state',
    });
  return charge;
}

function checkPaid(charge: Readonly<Stripe.Charge>): Readonly<Stripe.Charge> {
  if (charge.paid && charge.captured) return charge;
  throw invalidRequest(`Charge ${charge.id} has not been paid; there is nothing to refund.`, {
    param: 'charge',
    code: 'charge_not_refundable',
  });
}

function hasOpenDispute(world: World, charge: string): boolean {
  for (const dispute of world.store.disputes.values())
    if (dispute.charge === charge && !dispute.is_charge_refundable && dispute.status !== 'won') return true;
  return false;
}

function needRefund(world: World, id: string): Readonly<Stripe.Refund> {
  const refund = world.store.refunds.get(id);
  if (!refund) throw noSuch('refund', id);
  return refund;
}

const listParams = fields<Stripe.RefundListParams>({
  ...paging,
  charge: text,
  created: range,
  payment_intent: text,
});

export const refundRoutes: Route[] = [
  route('POST', '/refunds', createParams, ({ world, params }) => createRefund(world, params)),
  route('GET', '/refunds', listParams, ({ world, params, path }) =>
    listPage(
      world.store.refunds,
      path,
      params,
      (refund) =>
        refund.charge === (params.charge ?? refund.charge) &&
        refund.payment_intent === (params.payment_intent ?? refund.payment_intent) &&
        inRange(refund.created, params.created),
    ),
  ),
  route('GET', '/refunds/:id', noParams, ({ world }, id) => needRefund(world, id)),
  route('POST', '/refunds/:id', fields<Stripe.RefundUpdateParams>({ metadata }), ({ world, params }, id) => {
    const before = needRefund(world, id);
    const after = world.store.refunds.change(id, merge(before, params));
    emit(world, 'refund.updated', after, before);
    return after;
  }),
];
