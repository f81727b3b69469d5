import type Stripe from 'stripe';
import { emit } from '../events/events.ts';
import { newId } from '../state/ids.ts';
import { noSuch } from '../wire/errors.ts';
import { inRange, listPage, paging, range } from '../lists/lists.ts';
import { merge } from '../wire/merge.ts';
import { fields, metadata, text, whole } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import { searchPage, searchParams } from '../lists/search.ts';
import { timeFor, type World } from '../world.ts';
import { presentDetails } from '../terminal/card-present.ts';
import { capture } from './capturing.ts';

/** One attempt to take the money of a PaymentIntent. */
export function createCharge(
  world: World,
  intent: Readonly<Stripe.PaymentIntent>,
  method: Readonly<Stripe.PaymentMethod>,
  result: Pick<Stripe.Charge, 'status' | 'captured'> & Partial<Stripe.Charge>,
): Stripe.Charge {
  const id = newId(method.type === 'sepa_debit' ? 'py' : 'ch');
  const charge = world.store.charges.put({
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: result.captured ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: intent.application_fee_amount,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: 'ATRIUM TEST',
    created: timeFor(world, intent.customer as string | null),
    currency: intent.currency,
    customer: intent.customer as string | null,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: { ...intent.metadata },
    on_behalf_of: intent.on_behalf_of,
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: 'approved_by_network',
      reason: null,
      risk_level: 'normal',
      risk_score: 12,
      seller_message: 'Payment complete.',
      type: 'authorized',
    },
    paid: result.status === 'succeeded',
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: method.card_present
      ? presentDetails(world, intent, method)
      : methodDetails(method, intent.amount),
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: result.status === 'failed' ? null : `${world.url}/receipts/${id}`,
    refunded: false,
    review: null,
    shipping: intent.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    transfer_data: intent.transfer_data
      ? { amount: intent.transfer_data.amount ?? null, destination: intent.transfer_data.destination }
      : null,
    transfer_group: intent.transfer_group,
    ...result,
  } satisfies Stripe.Charge);
  return charge;
}

function methodDetails(
  method: Readonly<Stripe.PaymentMethod>,
  amount: number,
): Stripe.Charge.PaymentMethodDetails {
  if (method.sepa_debit) {
    const { bank_code, branch_code, country, fingerprint, last4 } = method.sepa_debit;
    return {
      type: 'sepa_debit',
      sepa_debit: { bank_code, branch_code, country, fingerprint, last4, mandate: null },
    };
  }
  const { card } = method;
  if (!card) return { type: method.type };
  return {
    type: 'card',
    card: {
      amount_authorized: amount,
      authorization_code: '123456',
      brand: card.brand,
      checks: card.checks,
      country: card.country,
      electronic_commerce_indicator: null,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      fingerprint: card.fingerprint ?? null,
      funding: card.funding,
      installments: null,
      last4: card.last4,
      mandate: null,
      network: card.brand,
      network_transaction_id: null,
      regulated_status: 'unregulated',
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    } satisfies Stripe.Charge.PaymentMethodDetails.Card,
  };
}

export function needCharge(world: World, id: string, param?: string): Readonly<Stripe.Charge> {
  const charge = world.store.charges.get(id);
  if (!charge) throw noSuch('charge', id, param);
  return charge;
}

const listParams = fields<Stripe.ChargeListParams>({
  ...paging,
  created: range,
  customer: text,
  payment_intent: text,
  transfer_group: text,
});

const updateParams = fields<Stripe.ChargeUpdateParams>({
  description: text,
  metadata,
  receipt_email: text,
  transfer_group: text,
});

export const chargeRoutes: Route[] = [
  route('GET', '/charges', listParams, ({ world, params, path }) =>
    listPage(
      world.store.charges,
      path,
      params,
      (charge) =>
        charge.customer === (params.customer ?? charge.customer) &&
        charge.payment_intent === (params.payment_intent ?? charge.payment_intent) &&
        charge.transfer_group === (params.transfer_group ?? charge.transfer_group) &&
        inRange(charge.created, params.created),
    ),
  ),
  route('GET', '/charges/search', searchParams, ({ world, params, path }) =>
    searchPage(world.store.charges, path, params),
  ),
  route('GET', '/charges/:id', noParams, ({ world }, id) => needCharge(world, id)),
  route('POST', '/charges/:id', updateParams, ({ world, params }, id) => {
    const before = needCharge(world, id);
    const after = world.store.charges.change(id, merge(before, params));
    emit(world, 'charge.updated', after, before);
    return after;
  }),
  route(
    'POST',
    '/charges/:id/capture',
    fields<Stripe.ChargeCaptureParams>({ amount: whole }),
    ({ world, params }, id) => {
      capture(world, needCharge(world, id).payment_intent as string, {
        ...(params.amount !== undefined && { amount_to_capture: params.amount }),
      });
      return needCharge(world, id);
    },
  ),
];
