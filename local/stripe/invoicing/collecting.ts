import type Stripe from 'stripe';
import { moveStatus } from '../subscriptions/time/status.ts';
import { emit } from '../events/events.ts';
import { confirm } from '../payments/attempt/confirmation.ts';
import { DAY } from '../state/clock.ts';
import { invalidRequest, Refusal } from '../wire/errors.ts';
import { deadlinesFor, timeFor, type World } from '../world.ts';
import { intentOf, paymentsOf } from './invoice-payments.ts';
import { finalizeInvoice, needInvoice } from './invoices.ts';

export const subscriptionOf = (world: World, invoice: Readonly<Stripe.Invoice>) =>
  world.store.subscriptions.get(invoice.parent?.subscription_details?.subscription as string | undefined);

/** The card an invoice is charged to: its own, the subscription's, or the customer's usual one. */
function methodFor(world: World, invoice: Readonly<Stripe.Invoice>): string | null {
  const customer = world.store.customers.get(invoice.customer as string);
  return (invoice.default_payment_method ??
    subscriptionOf(world, invoice)?.default_payment_method ??
    customer?.invoice_settings.default_payment_method ??
    null) as string | null;
}

export const noMethod = () =>
  invalidRequest(
    'This customer has no attached payment source or default payment method. Please consider adding a default payment method.',
    { code: 'resource_missing' },
  );

/** Tries to collect an open invoice once. Answers the refusal when it did not work, `null` when it is paid. */
export function attemptPayment(world: World, id: string, chosen?: string): Refusal | null {
  const invoice = needInvoice(world, id);
  const method = chosen ?? methodFor(world, invoice);
  world.store.invoices.change(id, { attempted: true, attempt_count: invoice.attempt_count + 1 });
  const intent = intentOf(world, id);
  if (method === null || intent === null) {
    invoicePaymentFailed(world, id);
    return noMethod();
  }
  try {
    const result = confirm(world, intent, { payment_method: method, return_url: `${world.url}/i/${id}` });
    if (result.status !== 'requires_action') return null;
    emit(world, 'invoice.payment_action_required', needInvoice(world, id));
    invoicePaymentFailed(world, id);
    return new Refusal(402, {
      type: 'card_error',
      code: 'invoice_payment_intent_requires_action',
      message:
        'Payment for this subscription requires additional user action before it can be completed successfully.',
      payment_intent: result,
    });
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** `payment` is null when nothing was due, or when it was paid elsewhere. */
export function invoicePaid(world: World, id: string, payment: Readonly<Stripe.PaymentIntent> | null): void {
  const before = needInvoice(world, id);
  if (before.status === 'paid') return;
  const now = timeFor(world, before.customer as string);
  const after = world.store.invoices.change(id, {
    status: 'paid',
    amount_paid: before.amount_due,
    amount_remaining: 0,
    attempted: true,
    attempt_count: Math.max(before.attempt_count, payment ? 1 : 0),
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...before.status_transitions, paid_at: now },
  });
  deadlinesFor(world, before.customer as string).clear(`invoice:${id}`);
  for (const each of paymentsOf(world, id)) {
    if (each.status !== 'open' || payment === null) continue;
    const paid = world.store.invoicePayments.change(each.id, {
      status: 'paid',
      amount_paid: before.amount_due,
      status_transitions: { canceled_at: null, paid_at: now },
    });
    emit(world, 'invoice_payment.paid', paid, each);
  }
  emit(world, 'invoice.paid', after, before);
  emit(world, 'invoice.payment_succeeded', after, before);
  const subscription = subscriptionOf(world, after);
  if (subscription) subscriptionPaid(world, subscription, payment);
}

function subscriptionPaid(
  world: World,
  subscription: Readonly<Stripe.Subscription>,
  payment: Readonly<Stripe.PaymentIntent> | null,
): void {
  const { id, status, payment_settings } = subscription;
  const method = payment?.payment_method as string | null | undefined;
  const keep = payment_settings?.save_default_payment_method === 'on_subscription' && method;
  if (['incomplete', 'past_due', 'unpaid'].includes(status) && !owes(world, id))
    moveStatus(world, id, 'active', keep ? { default_payment_method: method } : {});
  else if (keep && subscription.default_payment_method === null)
    world.store.subscriptions.change(id, { default_payment_method: method });
}

/** Whether another invoice of the subscription is still open. */
function owes(world: World, subscription: string): boolean {
  for (const invoice of world.store.invoices.newestFirst())
    if (invoice.status === 'open' && invoice.parent?.subscription_details?.subscription === subscription)
      return true;
  return false;
}

export function invoicePaymentFailed(world: World, id: string): void {
  const before = needInvoice(world, id);
  if (before.status !== 'open') return;
  const subscription = subscriptionOf(world, before);
  const first = before.billing_reason === 'subscription_create';
  const retries = subscription && !first && before.collection_method === 'charge_automatically';
  const now = timeFor(world, before.customer as string);
  const days = world.dunning.retryDays[before.attempt_count - 1];
  const pending = (before.next_payment_attempt ?? 0) > now;
  const nextAttempt = retries && days !== undefined ? now + days * DAY : null;
  const after = pending ? before : world.store.invoices.change(id, { next_payment_attempt: nextAttempt });
  emit(world, 'invoice.payment_failed', after, before);
  if (!retries || !['active', 'past_due', 'trialing'].includes(subscription.status)) return;
  if (pending || nextAttempt !== null) {
    if (subscription.status !== 'past_due') moveStatus(world, subscription.id, 'past_due');
    awaitNextStep(world, after);
  } else giveUp(world, subscription.id, id);
}

/** After the last attempt, as the settings say. */
function giveUp(world: World, subscription: string, invoice: string): void {
  world.store.invoices.change(invoice, { auto_advance: false });
  const { then } = world.dunning;
  if (then === 'cancel') moveStatus(world, subscription, 'canceled', {}, 'payment_failed');
  else moveStatus(world, subscription, then);
}

/** A draft finalizes itself and is charged; an open invoice is tried again. */
export function awaitNextStep(world: World, invoice: Readonly<Stripe.Invoice>): void {
  const at = invoice.status === 'draft' ? invoice.automatically_finalizes_at : invoice.next_payment_attempt;
  if (at === null || !['draft', 'open'].includes(invoice.status ?? '')) return;
  deadlinesFor(world, invoice.customer as string).set(`invoice:${invoice.id}`, at, () => {
    const { status, auto_advance } = needInvoice(world, invoice.id);
    if (!auto_advance) return;
    if (status === 'draft') advance(world, invoice.id);
    else if (status === 'open') attemptPayment(world, invoice.id);
  });
}

/** Finalizes and, where it is to be charged by itself, tries to collect. */
export function advance(world: World, id: string): Refusal | null {
  const invoice = finalizeInvoice(world, id);
  if (invoice.status !== 'open') return null;
  if (invoice.collection_method === 'charge_automatically') return attemptPayment(world, id);
  emit(world, 'invoice.sent', invoice);
  return null;
}

/** After a restart. */
export function resumeInvoices(world: World): void {
  for (const invoice of world.store.invoices.values()) awaitNextStep(world, invoice);
}
