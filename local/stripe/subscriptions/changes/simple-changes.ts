import type Stripe from 'stripe';
import { chooseDiscount, redeem } from '../../catalogue/discounts.ts';
import { invalidRequest } from '../../wire/errors.ts';
import { merge } from '../../wire/merge.ts';
import { timeFor, type World } from '../../world.ts';
import { currentPeriodEnd } from '../time/cycle.ts';

type Params = Stripe.SubscriptionUpdateParams;
import { methodOfCustomer } from '../new-subscription.ts';

export function simpleChanges(
  world: World,
  before: Readonly<Stripe.Subscription>,
  params: Params,
): Partial<Stripe.Subscription> {
  const { default_payment_method, discounts, payment_settings, cancellation_details, metadata, description } =
    params;
  const customer = before.customer as string;
  return {
    ...merge(before, {
      ...(metadata !== undefined && { metadata }),
      ...(description !== undefined && { description }),
    }),
    ...(params.collection_method && { collection_method: params.collection_method }),
    ...(params.days_until_due !== undefined && { days_until_due: params.days_until_due }),
    ...(default_payment_method !== undefined && {
      default_payment_method: default_payment_method
        ? methodOfCustomer(world, default_payment_method, customer)
        : null,
    }),
    ...(params.pause_collection !== undefined && {
      pause_collection: params.pause_collection
        ? {
            behavior: params.pause_collection.behavior,
            resumes_at: params.pause_collection.resumes_at ?? null,
          }
        : null,
    }),
    ...(payment_settings?.save_default_payment_method && {
      payment_settings: {
        payment_method_options: null,
        payment_method_types: null,
        save_default_payment_method: payment_settings.save_default_payment_method,
      },
    }),
    ...(params.trial_settings && {
      trial_settings: {
        end_behavior: {
          billing_cycle_anchor: null,
          missing_payment_method:
            params.trial_settings.end_behavior.missing_payment_method ?? 'create_invoice',
        },
      },
    }),
    ...(discounts !== undefined && { discounts: newDiscounts(world, before, discounts || []) }),
    ...cancellation(world, before, params, cancellation_details),
  };
}

function newDiscounts(
  world: World,
  { id, customer, currency, items }: Readonly<Stripe.Subscription>,
  given: { coupon?: string; promotion_code?: string }[],
): string[] {
  const amount = items.data.reduce(
    (sum, { price, quantity }) => sum + (price.unit_amount ?? 0) * (quantity ?? 1),
    0,
  );
  return given.map((each, at) => {
    const chosen = chooseDiscount(
      world,
      each,
      { customer: customer as string, amount, currency },
      `discounts[${at}]`,
    );
    const holder = { customer: customer as string, subscription: id };
    return redeem(world, chosen, holder, timeFor(world, customer as string)).id;
  });
}

function cancellation(
  world: World,
  before: Readonly<Stripe.Subscription>,
  { cancel_at_period_end, cancel_at }: Params,
  details: Params['cancellation_details'],
): Partial<Stripe.Subscription> {
  if (cancel_at_period_end !== undefined && cancel_at !== undefined)
    throw invalidRequest('You may only specify one of these parameters: cancel_at, cancel_at_period_end.', {
      param: 'cancel_at',
    });
  const said = details && {
    comment: details.comment || null,
    feedback: details.feedback || null,
    feedback_option: null,
  };
  const known = before.cancellation_details;
  if (cancel_at_period_end === undefined && cancel_at === undefined)
    return said ? { cancellation_details: { reason: known?.reason ?? null, ...said } } : {};
  const ends = cancel_at_period_end ? currentPeriodEnd(before) : ((cancel_at || null) as number | null);
  return {
    cancel_at_period_end: cancel_at_period_end ?? false,
    cancel_at: ends,
    canceled_at: ends === null ? null : timeFor(world, before.customer as string),
    cancellation_details: {
      comment: null,
      feedback: null,
      feedback_option: null,
      ...said,
      reason: ends === null ? null : 'cancellation_requested',
    },
  };
}
