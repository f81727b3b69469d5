import type Stripe from 'stripe';
import { chooseDiscount } from '../../catalogue/discounts.ts';
import { draftOf, pendingItems } from '../../invoicing/lines/invoice-items.ts';
import { periodLine, type LineDraft } from '../../invoicing/lines/invoice-lines.ts';
import { newId } from '../../state/ids.ts';
import { invalidRequest } from '../../wire/errors.ts';
import { route, type Route } from '../../wire/routes.ts';
import { timeFor, type World } from '../../world.ts';
import { planChange, unusedTime } from './changing.ts';
import { currentPeriodEnd } from '../time/cycle.ts';
import { previewParams } from '../params.ts';
import { periodEnd } from '../time/periods.ts';
import { checkSameCycle, newItem, recurringPrice } from '../subscription-item.ts';
import { needSubscription } from '../subscriptions.ts';
import { changeDrafts, wantedOf } from './updating.ts';
import { composeInvoice, type NewInvoice } from '../../invoicing/lines/composing.ts';

type Params = Stripe.InvoiceCreatePreviewParams;

/** The invoice that would come next, or that a change would make; nothing is kept. */
function previewInvoice(world: World, params: Params): Stripe.Invoice {
  const given =
    params.subscription === undefined
      ? previewNew(world, params)
      : previewChange(world, needSubscription(world, params.subscription, 'subscription'), params);
  return {
    ...composeInvoice(world, given, newId('upcoming_in')),
    auto_advance: false,
    next_payment_attempt: null,
  };
}

function previewChange(
  world: World,
  subscription: Readonly<Stripe.Subscription>,
  params: Params,
): NewInvoice {
  const { subscription_details: details = {} } = params;
  const customer = subscription.customer as string;
  const base = {
    customer,
    currency: subscription.currency,
    reason: 'upcoming',
    subscription,
    // Given none, the subscription's are left out.
    discounts: params.discounts === '' ? [] : (subscription.discounts as string[]),
    collection: subscription.collection_method,
  } as const;
  const now = timeFor(world, customer);
  const pending = pendingItems(world, customer, subscription.id).map((item) => draftOf(world, item));
  if (details.cancel_now) {
    const credits =
      details.proration_behavior === 'none'
        ? []
        : unusedTime(world, subscription, subscription.items.data, details.proration_date ?? now);
    return { ...base, drafts: [...pending, ...credits], period: { start: now, end: now } };
  }
  const change = planChange(
    world,
    subscription,
    wantedOf({
      ...(details as Stripe.SubscriptionUpdateParams),
      ...(params.discounts !== undefined && { discounts: params.discounts }),
    }),
  );
  if (change.reset || details.proration_behavior === 'always_invoice')
    return { ...base, drafts: changeDrafts(world, subscription, change), period: change.period };
  if (subscription.cancel_at_period_end || details.cancel_at_period_end) {
    if (!pending.length && !change.prorations.length)
      throw invalidRequest('No upcoming invoices for customer', {
        code: 'invoice_upcoming_none',
        status: 404,
      });
    return { ...base, drafts: [...pending, ...change.prorations], period: change.period };
  }
  const start = currentPeriodEnd({ ...subscription, items: { ...subscription.items, data: change.items } });
  const drafts: LineDraft[] = change.items.map((item) => {
    const recurring = item.price.recurring as Stripe.Price.Recurring;
    return periodLine(world, item, {
      start,
      end: periodEnd(subscription.billing_cycle_anchor, recurring, start),
    });
  });
  return { ...base, drafts: [...pending, ...change.prorations, ...drafts], period: { start, end: start } };
}

function previewNew(world: World, params: Params): NewInvoice {
  const customer = params.customer ?? '';
  const now = timeFor(world, customer);
  const given = params.subscription_details?.items ?? [];
  const prices = given.map((item, at) => recurringPrice(world, item, `subscription_details[items][${at}]`));
  checkSameCycle(prices);
  const recurring = prices[0]?.recurring as Stripe.Price.Recurring;
  const trialEnd = params.subscription_details?.trial_end;
  const free = typeof trialEnd === 'number';
  const period = { start: now, end: free ? trialEnd : periodEnd(now, recurring, now) };
  const items = prices.map((price, at) => newItem('', price, given[at] ?? {}, { ...period, created: now }));
  const currency = prices[0]?.currency ?? 'eur';
  for (const discount of params.discounts || [])
    chooseDiscount(world, discount as { coupon?: string; promotion_code?: string }, {
      customer,
      amount: 0,
      currency,
    });
  return {
    customer,
    currency,
    reason: 'upcoming',
    drafts: items.map((item) => ({ ...periodLine(world, item, period, free), subscription: null })),
    period,
  };
}

export const previewRoutes: Route[] = [
  route('POST', '/invoices/create_preview', previewParams, ({ world, params }) =>
    previewInvoice(world, params),
  ),
];
