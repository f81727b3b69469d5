import type Stripe from 'stripe';
import { needAccount } from '../connect/accounts.ts';
import { attach, usePaymentMethod } from '../customers/payment-methods.ts';
import { DAY } from '../state/clock.ts';
import { newId } from '../state/ids.ts';
import { invalidRequest } from '../wire/errors.ts';
import { wholeList } from '../lists/lists.ts';
import { testClockOf, type World } from '../world.ts';
import { periodEnd } from './time/periods.ts';
import { checkSameCycle, newItem, recurringPrice } from './subscription-item.ts';

type Params = Stripe.SubscriptionCreateParams;

/** A payment method as the id to charge: attached to the customer already, or attached now. */
export function methodOfCustomer(world: World, reference: string, customer: string): string {
  const method = usePaymentMethod(world, reference, customer, 'default_payment_method');
  return method.customer === customer ? method.id : attach(world, method.id, customer).id;
}

export function trialEndOf(params: Params, now: number): number | null {
  if (params.trial_end !== undefined && params.trial_period_days !== undefined)
    throw invalidRequest('You may only specify one of these parameters: trial_end, trial_period_days.', {
      param: 'trial_end',
    });
  if (params.trial_end === 'now') return null;
  const end = params.trial_end ?? (params.trial_period_days ? now + params.trial_period_days * DAY : null);
  if (end !== null && end <= now)
    throw invalidRequest('trial_end must be in the future.', { param: 'trial_end' });
  return end;
}

export function newSubscription(
  world: World,
  params: Params,
  customer: Readonly<Stripe.Customer>,
  { now, trialEnd }: { now: number; trialEnd: number | null },
): Stripe.Subscription {
  const id = newId('sub');
  const prices = (params.items ?? []).map((given, at) => recurringPrice(world, given, `items[${at}]`));
  checkSameCycle(prices);
  const recurring = prices[0]?.recurring as Stripe.Price.Recurring;
  const end = trialEnd ?? periodEnd(now, recurring, now);
  const items = prices.map((price, at) =>
    newItem(id, price, params.items?.[at] ?? {}, { start: now, end, created: now }),
  );
  if (params.transfer_data)
    needAccount(world, params.transfer_data.destination, 'transfer_data[destination]');
  const cancelAt = params.cancel_at_period_end ? end : ((params.cancel_at ?? null) as number | null);
  return {
    id,
    object: 'subscription',
    application: null,
    application_fee_percent: params.application_fee_percent || null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: trialEnd ?? now,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: null, type: 'flexible' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: cancelAt,
    cancel_at_period_end: params.cancel_at_period_end ?? false,
    canceled_at: cancelAt === null ? null : now,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: params.collection_method ?? 'charge_automatically',
    created: now,
    currency: prices[0]?.currency ?? 'eur',
    customer: customer.id,
    customer_account: null,
    days_until_due: params.days_until_due ?? null,
    default_payment_method:
      params.default_payment_method === undefined
        ? null
        : methodOfCustomer(world, params.default_payment_method, customer.id),
    default_source: null,
    default_tax_rates: [],
    description: params.description ?? null,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: wholeList(items, `/v1/subscription_items?subscription=${id}`),
    latest_invoice: null,
    livemode: false,
    managed_payments: { enabled: false },
    metadata: (params.metadata || {}) as Stripe.Metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: params.payment_settings?.save_default_payment_method ?? 'off',
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: now,
    status: 'incomplete',
    test_clock: testClockOf(world, customer.id),
    transfer_data: params.transfer_data
      ? { amount_percent: null, destination: params.transfer_data.destination }
      : null,
    trial_end: trialEnd,
    trial_settings: {
      end_behavior: {
        billing_cycle_anchor: null,
        missing_payment_method:
          params.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
      },
    },
    trial_start: trialEnd === null ? null : now,
  } satisfies Stripe.Subscription;
}
