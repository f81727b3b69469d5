import type Stripe from 'stripe';
import { moveStatus } from '../billing/status.ts';
import { usePaymentMethod } from '../customers/payment-methods.ts';
import { emit } from '../events/events.ts';
import { confirm } from '../payments/confirmation.ts';
import { cancel } from '../payments/capturing.ts';
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

export function voidInvoice(world: World, id: string): Readonly<Stripe.Invoice> {
  return close(world, id, 'void', 'voided_at', 'invoice.voided');
}

export function markUncollectible(world: World, id: string): Readonly<Stripe.Invoice> {
  return close(world, id, 'uncollectible', 'marked_uncollectible_at', 'invoice.marked_uncollectible');
}

function close(
  world: World,
  id: string,
  status: 'void' | 'uncollectible',
  when: 'voided_at' | 'marked_uncollectible_at',
  event: 'invoice.voided' | 'invoice.marked_uncollectible',
): Readonly<Stripe.Invoice> {
  const before = needInvoice(world, id);
  if (before.status !== 'open' && !(status === 'void' && before.status === 'uncollectible'))
    throw invalidRequest(`You can only do this to an open invoice; this one is ${String(before.status)}.`, {
      code: 'invoice_not_editable',
    });
  const after = world.store.invoices.change(id, {
    status,
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...before.status_transitions, [when]: timeFor(world, before.customer as string) },
  });
  deadlinesFor(world, before.customer as string).clear(`invoice:${id}`);
  const intent = world.store.paymentIntents.get(intentOf(world, id));
  if (status === 'void' && intent && !['succeeded', 'canceled', 'processing'].includes(intent.status))
    cancel(world, intent.id, 'void_invoice');
  emit(world, event, after, before);
  return after;
}

/** The card given with `invoices.pay`, which must belong to the customer or be free. */
export function payInvoice(
  world: World,
  id: string,
  params: Stripe.InvoicePayParams,
): Readonly<Stripe.Invoice> {
  if (needInvoice(world, id).status === 'draft') finalizeInvoice(world, id);
  const invoice = needInvoice(world, id);
  if (invoice.status === 'paid')
    throw invalidRequest('Invoice is already paid', { code: 'invoice_already_paid' });
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible')
    throw invalidRequest(`This invoice is ${String(invoice.status)} and cannot be paid.`, {
      code: 'invoice_not_editable',
    });
  if (params.paid_out_of_band) {
    invoicePaid(world, id, null);
    return needInvoice(world, id);
  }
  const customer = invoice.customer as string;
  const chosen =
    params.payment_method === undefined
      ? undefined
      : usePaymentMethod(world, params.payment_method, customer).id;
  const refusal = attemptPayment(world, id, chosen);
  if (refusal) throw refusal;
  return needInvoice(world, id);
}
