import type Stripe from 'stripe';
import { spreadDiscounts } from '../../catalogue/discounts.ts';
import { needCustomer } from '../../customers/customers.ts';
import { DAY } from '../../state/clock.ts';
import { newId } from '../../state/ids.ts';
import { wholeList } from '../../lists/lists.ts';
import { testClockOf, timeFor, type World } from '../../world.ts';
import { makeLine, type LineDraft } from './invoice-lines.ts';

export interface NewInvoice {
  customer: string;
  currency: string;
  reason: Stripe.Invoice.BillingReason;
  drafts: LineDraft[];
  period: { start: number; end: number };
  subscription?: Readonly<Stripe.Subscription>;
  discounts?: readonly string[];
  collection?: Stripe.Invoice.CollectionMethod;
  daysUntilDue?: number | null;
  autoAdvance?: boolean;
  /** When a draft is to be finalized by itself. */
  finalizesAt?: number | null;
  description?: string | null;
  metadata?: Stripe.Metadata;
  defaultPaymentMethod?: string | null;
  dueDate?: number | null;
}

/** An invoice as it would be; nothing is stored. */
export function composeInvoice(world: World, given: NewInvoice, id = newId('in')): Stripe.Invoice {
  const customer = needCustomer(world, given.customer, 'customer');
  const now = timeFor(world, customer.id);
  const { subscription } = given;
  const due = given.dueDate ?? (given.daysUntilDue ? now + given.daysUntilDue * DAY : null);
  return {
    id,
    object: 'invoice',
    account_country: 'ES',
    account_name: 'Atrium',
    account_tax_ids: null,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: given.autoAdvance ?? true,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: given.finalizesAt ?? null,
    billing_reason: given.reason,
    collection_method: given.collection ?? 'charge_automatically',
    created: now,
    currency: given.currency,
    custom_fields: null,
    customer: customer.id,
    customer_account: null,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    customer_tax_ids: [],
    default_payment_method: given.defaultPaymentMethod ?? null,
    default_source: null,
    default_tax_rates: [],
    description: given.description ?? null,
    discounts: [...(given.discounts ?? [])],
    due_date: due,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    livemode: false,
    metadata: given.metadata ?? {},
    next_payment_attempt: given.finalizesAt ?? null,
    number: null,
    on_behalf_of: null,
    parent: subscription
      ? {
          type: 'subscription_details',
          quote_details: null,
          subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
        }
      : null,
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: given.period.end,
    period_start: given.period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: customer.balance,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    test_clock: testClockOf(world, customer.id),
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: now,
    ...sums(world, given.drafts, {
      id,
      discounts: given.discounts ?? [],
      at: now,
      balance: customer.balance,
    }),
  } satisfies Stripe.Invoice;
}

interface Summing {
  id: string;
  discounts: readonly string[];
  at: number;
  /** What the customer owes (positive) or is owed (negative). */
  balance: number;
}

function sums(world: World, drafts: LineDraft[], { id, discounts, at, balance }: Summing) {
  const taken = spreadDiscounts(
    world,
    discounts,
    drafts.map(({ amount, discountable }) => (discountable ? amount : 0)),
    at,
  );
  const lines = drafts.map((draft, line) => makeLine(draft, id, taken[line] ?? []));
  const subtotal = lines.reduce((sum, { amount }) => sum + amount, 0);
  const byDiscount = new Map<string, number>();
  for (const { discount_amounts } of lines)
    for (const { discount, amount } of discount_amounts ?? [])
      byDiscount.set(discount as string, (byDiscount.get(discount as string) ?? 0) + amount);
  const total = subtotal - [...byDiscount.values()].reduce((sum, amount) => sum + amount, 0);
  const due = Math.max(0, total + balance);
  return {
    amount_due: due,
    amount_remaining: due,
    lines: wholeList(lines, `/v1/invoices/${id}/lines`),
    subtotal,
    subtotal_excluding_tax: subtotal,
    total,
    total_discount_amounts: [...byDiscount].map(([discount, amount]) => ({ discount, amount })),
    total_excluding_tax: total,
  };
}
