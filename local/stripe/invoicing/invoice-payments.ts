import type Stripe from 'stripe';
import { createPaymentIntent } from '../payments/payment-intents.ts';
import { newId } from '../state/ids.ts';
import { noSuch } from '../wire/errors.ts';
import { inRange, listPage, paging, range } from '../lists/lists.ts';
import { fields, oneOf, required, text } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import { timeFor, type World } from '../world.ts';
import { needInvoice } from './invoices.ts';

/** Opens the payment of an invoice: a PaymentIntent that waits for a card. */
export function openPayment(world: World, invoiceId: string): void {
  const invoice = needInvoice(world, invoiceId);
  const customer = invoice.customer as string;
  const subscription = world.store.subscriptions.get(
    invoice.parent?.subscription_details?.subscription as string | undefined,
  );
  const intent = createPaymentIntent(
    world,
    {
      amount: invoice.amount_due,
      currency: invoice.currency,
      customer,
      description: describe(invoice),
      ...(subscription && { setup_future_usage: 'off_session' as const }),
      ...(subscription?.transfer_data && {
        transfer_data: { destination: subscription.transfer_data.destination as string },
      }),
      ...(subscription?.application_fee_percent && {
        application_fee_amount: Math.round((invoice.amount_due * subscription.application_fee_percent) / 100),
      }),
    },
    { invoice: invoiceId },
  );
  world.store.invoicePayments.put({
    id: newId('inpay'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: timeFor(world, customer),
    currency: invoice.currency,
    invoice: invoiceId,
    is_default: true,
    livemode: false,
    payment: { type: 'payment_intent', payment_intent: intent.id },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  } satisfies Stripe.InvoicePayment);
}

function describe(invoice: Readonly<Stripe.Invoice>): string {
  if (invoice.billing_reason === 'subscription_create') return 'Subscription creation';
  if (invoice.billing_reason === 'manual') return `Payment for Invoice ${invoice.number ?? ''}`.trim();
  return 'Subscription update';
}

export function paymentsOf(world: World, invoice: string): Readonly<Stripe.InvoicePayment>[] {
  const found: Readonly<Stripe.InvoicePayment>[] = [];
  // An invoice's payment is made right after it, so the newest come first.
  for (const payment of world.store.invoicePayments.newestFirst())
    if (payment.invoice === invoice) found.push(payment);
  return found;
}

/** The PaymentIntent an invoice is to be paid with. */
export function intentOf(world: World, invoice: string): string | null {
  const payment = paymentsOf(world, invoice).find(({ is_default }) => is_default);
  return (payment?.payment.payment_intent as string | undefined) ?? null;
}

export function confirmationSecret(world: World, invoice: string): Stripe.Invoice.ConfirmationSecret | null {
  const secret = world.store.paymentIntents.get(intentOf(world, invoice))?.client_secret;
  return secret ? { client_secret: secret, type: 'payment_intent' } : null;
}

const listParams = fields<Stripe.InvoicePaymentListParams>({
  ...paging,
  created: range,
  invoice: text,
  payment: fields<Stripe.InvoicePaymentListParams.Payment>({
    type: required(oneOf('payment_intent')),
    payment_intent: text,
  }),
  status: oneOf('canceled', 'open', 'paid'),
});

export const invoicePaymentRoutes: Route[] = [
  route('GET', '/invoice_payments', listParams, ({ world, params, path }) =>
    listPage(
      world.store.invoicePayments,
      path,
      params,
      (payment) =>
        payment.invoice === (params.invoice ?? payment.invoice) &&
        payment.status === (params.status ?? payment.status) &&
        payment.payment.payment_intent ===
          (params.payment?.payment_intent ?? payment.payment.payment_intent) &&
        inRange(payment.created, params.created),
    ),
  ),
  route('GET', '/invoice_payments/:id', noParams, ({ world }, id) => {
    const payment = world.store.invoicePayments.get(id);
    if (!payment) throw noSuch('invoice_payment', id);
    return payment;
  }),
];
