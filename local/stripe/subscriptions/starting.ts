import type Stripe from 'stripe';
import { chooseDiscount, redeem } from '../catalogue/discounts.ts';
import { needCustomer } from '../customers/customers.ts';
import { emit } from '../events/events.ts';
import { attemptPayment, awaitNextStep, noMethod } from '../invoicing/collecting.ts';
import { draftOf, pendingItems } from '../invoicing/lines/invoice-items.ts';
import { finalizeInvoice, makeInvoice } from '../invoicing/invoices.ts';
import { periodLine } from '../invoicing/lines/invoice-lines.ts';
import { DAY } from '../state/clock.ts';
import { timeFor, type World } from '../world.ts';
import { awaitSubscription, DRAFT_HOUR, warnOfTrialEnd } from './time/cycle.ts';
import { needSubscription } from './subscriptions.ts';
import { refuseIfUnpayable } from './changes/updating.ts';
import { askForCard } from './subscription-checkout.ts';
import { newSubscription, trialEndOf } from './new-subscription.ts';

type Params = Stripe.SubscriptionCreateParams;

export function createSubscription(world: World, params: Params): Readonly<Stripe.Subscription> {
  const customer = needCustomer(world, params.customer ?? '', 'customer');
  const now = timeFor(world, customer.id);
  const trialEnd = trialEndOf(params, now);
  const subscription = newSubscription(world, params, customer, { now, trialEnd });
  const sends = params.collection_method === 'send_invoice';
  const due = trialEnd === null && subscription.items.data.some(({ price }) => (price.unit_amount ?? 0) > 0);
  const behavior = params.payment_behavior ?? 'allow_incomplete';
  const method = subscription.default_payment_method ?? customer.invoice_settings.default_payment_method;
  if (due && !sends && behavior !== 'default_incomplete' && method === null) throw noMethod();
  if (due && !sends && behavior === 'error_if_incomplete') refuseIfUnpayable(world, subscription);
  world.store.subscriptions.put({
    ...subscription,
    status: trialEnd !== null ? 'trialing' : due && !sends ? 'incomplete' : 'active',
  });
  const discounts = (params.discounts || []).map(
    (given, at) =>
      redeem(
        world,
        chooseDiscount(
          world,
          given as { coupon?: string; promotion_code?: string },
          { customer: customer.id, amount: worthOf(subscription), currency: subscription.currency },
          `discounts[${at}]`,
        ),
        { customer: customer.id, subscription: subscription.id },
        now,
      ).id,
  );
  world.store.subscriptions.change(subscription.id, { discounts });
  if (trialEnd !== null && method === null && behavior === 'default_incomplete')
    askForCard(world, subscription.id);
  emit(world, 'customer.subscription.created', needSubscription(world, subscription.id));
  firstInvoice(world, subscription.id, sends);
  if (!sends && due && behavior !== 'default_incomplete') {
    const { latest_invoice } = needSubscription(world, subscription.id);
    if (world.store.invoices.get(latest_invoice as string)?.status === 'open')
      attemptPayment(world, latest_invoice as string);
  }
  if (trialEnd !== null && trialEnd - 3 * DAY <= now) warnOfTrialEnd(world, subscription.id);
  awaitSubscription(world, needSubscription(world, subscription.id));
  return needSubscription(world, subscription.id);
}

const worthOf = ({ items }: Readonly<Stripe.Subscription>) =>
  items.data.reduce((sum, { price, quantity }) => sum + (price.unit_amount ?? 0) * (quantity ?? 1), 0);

function firstInvoice(world: World, id: string, sends: boolean): void {
  const subscription = needSubscription(world, id);
  const customer = subscription.customer as string;
  const now = timeFor(world, customer);
  const free = subscription.trial_end !== null;
  const invoice = makeInvoice(world, {
    customer,
    currency: subscription.currency,
    reason: 'subscription_create',
    drafts: [
      ...pendingItems(world, customer, id).map((item) => draftOf(world, item)),
      ...subscription.items.data.map((item) =>
        periodLine(world, item, { start: item.current_period_start, end: item.current_period_end }, free),
      ),
    ],
    period: { start: now, end: now },
    subscription,
    discounts: subscription.discounts as string[],
    collection: subscription.collection_method,
    daysUntilDue: subscription.days_until_due,
    finalizesAt: sends ? now + DRAFT_HOUR : null,
  });
  if (sends) awaitNextStep(world, invoice);
  else finalizeInvoice(world, invoice.id);
}
