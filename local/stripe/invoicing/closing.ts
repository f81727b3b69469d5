import type Stripe from 'stripe';
import { usePaymentMethod } from '../customers/payment-methods.ts';
import { emit } from '../events/events.ts';
import { cancel } from '../payments/capturing.ts';
import { invalidRequest } from '../wire/errors.ts';
import { deadlinesFor, timeFor, type World } from '../world.ts';
import { intentOf } from './invoice-payments.ts';
import { finalizeInvoice, needInvoice } from './invoices.ts';
import { attemptPayment, invoicePaid } from './collecting.ts';

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
