import type Stripe from 'stripe';
import { decimalOnWire, taxBehavior } from '../../catalogue/params.ts';
import { needPrice, productOf } from '../../catalogue/prices.ts';
import { needCustomer } from '../../customers/customers.ts';
import { emit } from '../../events/events.ts';
import { checkCurrency } from '../../payments/amounts.ts';
import { newId } from '../../state/ids.ts';
import { invalidRequest, noSuch } from '../../wire/errors.ts';
import { inRange, listPage, paging, range } from '../../lists/lists.ts';
import { merge } from '../../wire/merge.ts';
import { fields, flag, metadata, required, text, whole } from '../../wire/params.ts';
import { noParams, route, type Route } from '../../wire/routes.ts';
import { testClockOf, timeFor, type World } from '../../world.ts';
import { addItemLines, needInvoice } from '../invoices.ts';
import type { LineDraft } from './invoice-lines.ts';

const period = fields<Stripe.InvoiceItemCreateParams.Period>({
  start: required(whole),
  end: required(whole),
});

const createParams = fields<Stripe.InvoiceItemCreateParams>({
  amount: whole,
  currency: text,
  customer: required(text),
  description: text,
  discountable: flag,
  invoice: text,
  metadata,
  period,
  pricing: fields<Stripe.InvoiceItemCreateParams.Pricing>({ price: required(text) }),
  quantity: whole,
  subscription: text,
  tax_behavior: taxBehavior,
});

function createInvoiceItem(
  world: World,
  params: Stripe.InvoiceItemCreateParams,
): Readonly<Stripe.InvoiceItem> {
  const customer = needCustomer(world, params.customer ?? '', 'customer').id;
  const price =
    params.pricing?.price === undefined ? null : needPrice(world, params.pricing.price, 'pricing[price]');
  const quantity = params.quantity ?? 1;
  const amount = params.amount ?? (price ? (price.unit_amount ?? 0) * quantity : undefined);
  if (amount === undefined)
    throw invalidRequest('You must pass either amount and currency, or pricing[price].', {
      param: 'amount',
      code: 'parameter_missing',
    });
  const now = timeFor(world, customer);
  const item = storeItem(world, customer, {
    amount,
    currency: price?.currency ?? checkCurrency(params.currency ?? ''),
    description: params.description ?? (price ? productOf(world, price).name : ''),
    quantity,
    period: params.period ?? { start: now, end: now },
    price,
    subscription: params.subscription ?? null,
    subscriptionItem: null,
    proration: false,
    discountable: params.discountable ?? true,
    metadata: (params.metadata || {}) as Stripe.Metadata,
    invoiceItem: null,
  });
  if (params.invoice === undefined) return item;
  const invoice = needInvoice(world, params.invoice, 'invoice');
  if (invoice.status !== 'draft')
    throw invalidRequest(`Invoice ${invoice.id} is ${String(invoice.status)}: only drafts can be added to.`, {
      param: 'invoice',
      code: 'invoice_not_editable',
    });
  addItemLines(world, invoice.id, [item]);
  return world.store.invoiceItems.need(item.id);
}

/** Waits for the customer's next invoice. */
export function storeItem(world: World, customer: string, draft: LineDraft): Stripe.InvoiceItem {
  const { price, subscription } = draft;
  const item = world.store.invoiceItems.put({
    id: newId('ii'),
    object: 'invoiceitem',
    amount: draft.amount,
    currency: draft.currency,
    customer,
    customer_account: null,
    date: timeFor(world, customer),
    description: draft.description,
    discountable: draft.discountable,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: draft.metadata,
    parent:
      subscription === null
        ? null
        : {
            type: 'subscription_details',
            subscription_details: {
              subscription,
              ...(draft.subscriptionItem !== null && { subscription_item: draft.subscriptionItem }),
            },
          },
    period: draft.period,
    pricing: price
      ? {
          type: 'price_details',
          price_details: { price: price.id, product: price.product as string },
          unit_amount_decimal: decimalOnWire(draft.amount),
        }
      : null,
    proration: draft.proration,
    quantity: draft.quantity,
    quantity_decimal: decimalOnWire(draft.quantity),
    tax_rates: [],
    test_clock: testClockOf(world, customer),
  } satisfies Stripe.InvoiceItem);
  emit(world, 'invoiceitem.created', item);
  return item;
}

/** What still waits for an invoice: of one subscription, and what belongs to the customer alone. */
export function pendingItems(
  world: World,
  customer: string,
  subscription: string | null,
): Readonly<Stripe.InvoiceItem>[] {
  const pending: Readonly<Stripe.InvoiceItem>[] = [];
  for (const item of world.store.invoiceItems.values()) {
    const its = item.parent?.subscription_details?.subscription ?? null;
    if (item.customer === customer && item.invoice === null && (its === null || its === subscription))
      pending.push(item);
  }
  return pending;
}

export function draftOf(world: World, item: Readonly<Stripe.InvoiceItem>): LineDraft {
  const price = item.pricing?.price_details?.price as string | undefined;
  return {
    amount: item.amount,
    currency: item.currency,
    description: item.description ?? '',
    quantity: item.quantity,
    period: item.period,
    price: world.store.prices.get(price) ?? null,
    subscription: item.parent?.subscription_details?.subscription ?? null,
    subscriptionItem: item.parent?.subscription_details?.subscription_item ?? null,
    proration: item.proration,
    discountable: item.discountable,
    metadata: item.metadata ?? {},
    invoiceItem: item.id,
  };
}

function needItem(world: World, id: string): Readonly<Stripe.InvoiceItem> {
  const item = world.store.invoiceItems.get(id);
  if (!item) throw noSuch('invoiceitem', id);
  return item;
}

const listParams = fields<Stripe.InvoiceItemListParams>({
  ...paging,
  created: range,
  customer: text,
  invoice: text,
  pending: flag,
});

export const invoiceItemRoutes: Route[] = [
  route('POST', '/invoiceitems', createParams, ({ world, params }) => createInvoiceItem(world, params)),
  route('GET', '/invoiceitems', listParams, ({ world, params, path }) =>
    listPage(
      world.store.invoiceItems,
      path,
      params,
      (item) =>
        item.customer === (params.customer ?? item.customer) &&
        item.invoice === (params.invoice ?? item.invoice) &&
        (params.pending === undefined || params.pending === (item.invoice === null)) &&
        inRange(item.date, params.created),
    ),
  ),
  route('GET', '/invoiceitems/:id', noParams, ({ world }, id) => needItem(world, id)),
  route(
    'POST',
    '/invoiceitems/:id',
    fields<Stripe.InvoiceItemUpdateParams>({
      amount: whole,
      description: text,
      discountable: flag,
      metadata,
    }),
    ({ world, params }, id) => {
      const item = needItem(world, id);
      if (item.invoice !== null)
        throw invalidRequest('This invoice item is on an invoice already.', { code: 'invoice_not_editable' });
      return world.store.invoiceItems.change(id, merge(item, params));
    },
  ),
  route('DELETE', '/invoiceitems/:id', noParams, ({ world }, id) => {
    const item = needItem(world, id);
    if (item.invoice !== null)
      throw invalidRequest('This invoice item is on an invoice already.', { code: 'invoice_not_editable' });
    world.store.invoiceItems.delete(id);
    emit(world, 'invoiceitem.deleted', item);
    return { id, object: 'invoiceitem', deleted: true } satisfies Stripe.DeletedInvoiceItem;
  }),
];
