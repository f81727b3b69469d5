import type Stripe from 'stripe';
import { useUp } from '../catalogue/discounts.ts';
import { needCustomer } from '../customers/customers.ts';
import { emit } from '../events/events.ts';
import { minimumFor } from '../payments/amounts.ts';
import { noSuch, unexpectedState } from '../wire/errors.ts';
import { timeFor, type World } from '../world.ts';
import { invoicePaid } from './collecting.ts';
import { openPayment } from './invoice-payments.ts';
import { draftOf } from './lines/invoice-items.ts';
import { makeLine } from './lines/invoice-lines.ts';
import { type NewInvoice, composeInvoice } from './lines/composing.ts';

export function makeInvoice(world: World, given: NewInvoice): Readonly<Stripe.Invoice> {
  const invoice = world.store.invoices.put(composeInvoice(world, given));
  for (const { invoiceItem } of given.drafts)
    if (invoiceItem !== null) world.store.invoiceItems.change(invoiceItem, { invoice: invoice.id });
  if (given.subscription) {
    const { id, discounts } = given.subscription;
    const used = (invoice.total_discount_amounts ?? []).length > 0;
    world.store.subscriptions.change(id, {
      latest_invoice: invoice.id,
      ...(used && { discounts: useUp(world, discounts as string[], invoice.created) }),
    });
  }
  emit(world, 'invoice.created', invoice);
  return invoice;
}

export function addItemLines(world: World, id: string, items: Readonly<Stripe.InvoiceItem>[]): void {
  const invoice = needInvoice(world, id);
  const added = items.map((item) => makeLine(draftOf(world, item), id, []));
  const lines = [...invoice.lines.data, ...added];
  const sum = added.reduce((total, { amount }) => total + amount, 0);
  const total = invoice.total + sum;
  const due = Math.max(0, total + invoice.starting_balance);
  const after = world.store.invoices.change(id, {
    lines: { ...invoice.lines, data: lines },
    subtotal: invoice.subtotal + sum,
    subtotal_excluding_tax: invoice.subtotal + sum,
    total,
    total_excluding_tax: total,
    amount_due: due,
    amount_remaining: due,
  });
  for (const item of items) world.store.invoiceItems.change(item.id, { invoice: id });
  emit(world, 'invoice.updated', after, invoice);
}

/**
 * From draft to open: it gets its number, the customer's balance is used, and its payment can begin. An invoice
 * without anything due (or too little to charge, which stays on the balance) is paid at once.
 */
export function finalizeInvoice(world: World, id: string): Readonly<Stripe.Invoice> {
  const before = needInvoice(world, id);
  if (before.status !== 'draft')
    throw unexpectedState(
      `This invoice is already finalized, you can't re-finalize a non-draft invoice.`,
      'invoice_not_editable',
    );
  const customer = needCustomer(world, before.customer as string);
  const raw = before.total + customer.balance;
  const due = raw >= minimumFor(before.currency) ? raw : 0;
  const balance = due > 0 ? 0 : raw;
  const sequence = customer.next_invoice_sequence ?? 1;
  world.store.customers.change(customer.id, {
    balance,
    currency: customer.currency ?? before.currency,
    next_invoice_sequence: sequence + 1,
  });
  const now = timeFor(world, customer.id);
  const after = world.store.invoices.change(id, {
    status: 'open',
    number: `${customer.invoice_prefix ?? 'INV'}-${String(sequence).padStart(4, '0')}`,
    starting_balance: customer.balance,
    ending_balance: balance,
    amount_due: due,
    amount_remaining: due,
    automatically_finalizes_at: null,
    next_payment_attempt: null,
    effective_at: now,
    hosted_invoice_url: `${world.url}/i/${id}`,
    status_transitions: { ...before.status_transitions, finalized_at: now },
  });
  if (due > 0) openPayment(world, id);
  emit(world, 'invoice.finalized', after, before);
  if (due === 0) invoicePaid(world, id, null);
  return needInvoice(world, id);
}

export function needInvoice(world: World, id: string, param?: string): Readonly<Stripe.Invoice> {
  const invoice = world.store.invoices.get(id);
  if (!invoice) throw noSuch('invoice', id, param);
  return invoice;
}
