import type Stripe from 'stripe';
import { discountParams } from '../catalogue/params.ts';
import { chooseDiscount, redeem } from '../catalogue/discounts.ts';
import { needCustomer } from '../customers/customers.ts';
import { emit } from '../events/events.ts';
import { checkCurrency } from '../payments/amounts.ts';
import { HOUR } from '../state/clock.ts';
import { invalidRequest } from '../wire/errors.ts';
import { inRange, listPage, paging, range, wholeList } from '../lists/lists.ts';
import { merge } from '../wire/merge.ts';
import { emptiable, fields, flag, metadata, noEffect, oneOf, text, whole } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import { searchPage, searchParams } from '../lists/search.ts';
import { timeFor, type World } from '../world.ts';
import { advance, awaitNextStep } from './collecting.ts';
import { draftOf, pendingItems } from './lines/invoice-items.ts';
import { finalizeInvoice, makeInvoice, needInvoice } from './invoices.ts';
import { markUncollectible, payInvoice, voidInvoice } from './closing.ts';

const createParams = fields<Stripe.InvoiceCreateParams>({
  auto_advance: flag,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  currency: text,
  customer: text,
  days_until_due: whole,
  default_payment_method: text,
  description: text,
  discounts: emptiable(discountParams),
  due_date: whole,
  footer: text,
  metadata,
  pending_invoice_items_behavior: oneOf('exclude', 'include'),
});

function createInvoice(world: World, params: Stripe.InvoiceCreateParams): Readonly<Stripe.Invoice> {
  const customer = needCustomer(world, params.customer ?? '', 'customer');
  const items =
    params.pending_invoice_items_behavior === 'include' ? pendingItems(world, customer.id, null) : [];
  const now = timeFor(world, customer.id);
  const currency = checkCurrency(items[0]?.currency ?? params.currency ?? customer.currency ?? 'eur');
  const sends = params.collection_method === 'send_invoice';
  if (sends && params.days_until_due === undefined && params.due_date === undefined)
    throw invalidRequest('You must pass days_until_due or due_date with collection_method=send_invoice.', {
      param: 'days_until_due',
      code: 'parameter_missing',
    });
  const discounts = (params.discounts || []).map((given) =>
    redeem(
      world,
      chooseDiscount(world, given as { coupon?: string; promotion_code?: string }, {
        customer: customer.id,
        amount: items.reduce((sum, { amount }) => sum + amount, 0),
        currency,
      }),
      { customer: customer.id },
      now,
    ),
  );
  const autoAdvance = params.auto_advance ?? false;
  const invoice = makeInvoice(world, {
    customer: customer.id,
    currency,
    reason: 'manual',
    drafts: items.map((item) => draftOf(world, item)),
    period: { start: now, end: now },
    collection: params.collection_method ?? 'charge_automatically',
    daysUntilDue: params.days_until_due ?? null,
    dueDate: params.due_date ?? null,
    discounts: discounts.map(({ id }) => id),
    autoAdvance,
    finalizesAt: autoAdvance ? now + HOUR : null,
    description: params.description ?? null,
    metadata: (params.metadata || {}) as Stripe.Metadata,
    defaultPaymentMethod: params.default_payment_method ?? null,
  });
  awaitNextStep(world, invoice);
  return invoice;
}

function updateInvoice(
  world: World,
  id: string,
  params: Stripe.InvoiceUpdateParams,
): Readonly<Stripe.Invoice> {
  const before = needInvoice(world, id);
  if (
    before.status !== 'draft' &&
    Object.keys(params).some((name) => !['metadata', 'auto_advance', 'description'].includes(name))
  )
    throw invalidRequest("Finalized invoices can't be updated in this way", { code: 'invoice_not_editable' });
  const now = timeFor(world, before.customer as string);
  const starts =
    params.auto_advance && before.status === 'draft' && before.automatically_finalizes_at === null;
  const after = world.store.invoices.change(id, {
    ...merge(before, params),
    ...(starts && { automatically_finalizes_at: now + HOUR }),
    ...(params.auto_advance === false && { automatically_finalizes_at: null }),
  });
  emit(world, 'invoice.updated', after, before);
  awaitNextStep(world, after);
  return after;
}

function deleteDraft(world: World, id: string): Stripe.DeletedInvoice {
  const invoice = needInvoice(world, id);
  if (invoice.status !== 'draft' || invoice.parent)
    throw invalidRequest("You can only delete draft invoices that don't belong to a subscription.", {
      code: 'invoice_not_editable',
    });
  world.store.invoices.delete(id);
  for (const item of world.store.invoiceItems.values())
    if (item.invoice === id) world.store.invoiceItems.change(item.id, { invoice: null });
  emit(world, 'invoice.deleted', invoice);
  return { id, object: 'invoice', deleted: true };
}

const listParams = fields<Stripe.InvoiceListParams>({
  ...paging,
  collection_method: text,
  created: range,
  customer: text,
  due_date: range,
  status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void'),
  subscription: text,
});

function listInvoices(world: World, params: Stripe.InvoiceListParams, path: string) {
  return listPage(
    world.store.invoices,
    path,
    params,
    (invoice) =>
      invoice.customer === (params.customer ?? invoice.customer) &&
      invoice.status === (params.status ?? invoice.status) &&
      invoice.collection_method === (params.collection_method ?? invoice.collection_method) &&
      (params.subscription === undefined ||
        invoice.parent?.subscription_details?.subscription === params.subscription) &&
      (params.due_date === undefined || inRange(invoice.due_date ?? 0, params.due_date)) &&
      inRange(invoice.created, params.created),
  );
}

const updateParams = fields<Stripe.InvoiceUpdateParams>({
  auto_advance: flag,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  days_until_due: whole,
  default_payment_method: text,
  description: text,
  due_date: whole,
  footer: text,
  metadata,
});

export const invoiceRoutes: Route[] = [
  route('POST', '/invoices', createParams, ({ world, params }) => createInvoice(world, params)),
  route('GET', '/invoices', listParams, ({ world, params, path }) => listInvoices(world, params, path)),
  route('GET', '/invoices/search', searchParams, ({ world, params, path }) =>
    searchPage(world.store.invoices, path, params),
  ),
  route('GET', '/invoices/:id', noParams, ({ world }, id) => needInvoice(world, id)),
  route('POST', '/invoices/:id', updateParams, ({ world, params }, id) => updateInvoice(world, id, params)),
  route('DELETE', '/invoices/:id', noParams, ({ world }, id) => deleteDraft(world, id)),
  route(
    'GET',
    '/invoices/:id/lines',
    fields<Stripe.InvoiceListLineItemsParams>(paging),
    ({ world, path }, id) => wholeList(needInvoice(world, id).lines.data, path),
  ),
  route(
    'POST',
    '/invoices/:id/finalize',
    fields<Stripe.InvoiceFinalizeInvoiceParams>({ auto_advance: flag }),
    ({ world, params }, id) => {
      needInvoice(world, id);
      if (params.auto_advance) advance(world, id);
      else finalizeInvoice(world, id);
      return needInvoice(world, id);
    },
  ),
  route(
    'POST',
    '/invoices/:id/pay',
    fields<Stripe.InvoicePayParams>({
      off_session: noEffect,
      paid_out_of_band: flag,
      payment_method: text,
    }),
    ({ world, params }, id) => payInvoice(world, id, params),
  ),
  route('POST', '/invoices/:id/send', noParams, ({ world }, id) => {
    if (needInvoice(world, id).status === 'draft') finalizeInvoice(world, id);
    const invoice = needInvoice(world, id);
    emit(world, 'invoice.sent', invoice);
    return invoice;
  }),
  route('POST', '/invoices/:id/void', noParams, ({ world }, id) => voidInvoice(world, id)),
  route('POST', '/invoices/:id/mark_uncollectible', noParams, ({ world }, id) =>
    markUncollectible(world, id),
  ),
];
