import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aMember, aMemberOnAClock, aPlan, DAY, HOUR, idOf } from './goods.ts';
import { historyOf, openTill, refusalOf, type Till } from './till.ts';
import { goesTo, press, textOf, visit } from './visitor.ts';

let till: Till;
let stripe: Stripe;
beforeAll(async () => {
  till = await openTill();
  stripe = till.stripe;
});
afterAll(() => till.close());
beforeEach(() => till.emulator.control.reset());

const card = (number: string) => ({
  card_number: number,
  card_expiry: '12/34',
  card_cvc: '123',
  card_name: 'Nora Weiss',
});

describe('an invoice of its own', () => {
  it('is drafted, filled, finalized and paid', async () => {
    const member = await aMember(till);
    const draft = await stripe.invoices.create({
      customer: member.id,
      currency: 'eur',
      description: 'Room hire',
    });
    expect(draft).toMatchObject({ status: 'draft', total: 0, number: null, billing_reason: 'manual' });
    const price = await stripe.prices.create({
      currency: 'eur',
      unit_amount: 4000,
      product_data: { name: 'Room' },
    });
    await stripe.invoiceItems.create({
      customer: member.id,
      invoice: draft.id,
      pricing: { price: price.id },
      quantity: 2,
    });
    await stripe.invoiceItems.create({
      customer: member.id,
      invoice: draft.id,
      amount: -500,
      currency: 'eur',
      description: 'Thanks',
    });
    const open = await stripe.invoices.finalizeInvoice(draft.id);
    expect(open).toMatchObject({ status: 'open', total: 7500, amount_due: 7500 });
    const paid = await stripe.invoices.pay(draft.id);
    expect(paid).toMatchObject({ status: 'paid', amount_paid: 7500, amount_remaining: 0 });
    expect((await refusalOf(stripe.invoices.pay(draft.id))).code).toBe('invoice_already_paid');
    expect((await refusalOf(stripe.invoices.finalizeInvoice(draft.id))).code).toBe('invoice_not_editable');
    expect((await stripe.invoices.listLineItems(draft.id)).data.map(({ amount }) => amount)).toEqual([
      8000, -500,
    ]);
    const [payment] = (await stripe.invoicePayments.list({ invoice: draft.id })).data;
    const intent = await stripe.paymentIntents.retrieve(idOf(payment?.payment.payment_intent));
    expect(intent).toMatchObject({ status: 'succeeded', amount: 7500, customer: member.id });
    expect((await stripe.invoicePayments.retrieve(payment?.id ?? '')).status).toBe('paid');
  });

  it('takes up what waits for the customer’s next one', async () => {
    const member = await aMember(till);
    const item = await stripe.invoiceItems.create({ customer: member.id, amount: 1200, currency: 'eur' });
    await stripe.invoiceItems.update(item.id, { description: 'Towel' });
    const gone = await stripe.invoiceItems.create({ customer: member.id, amount: 99, currency: 'eur' });
    await stripe.invoiceItems.del(gone.id);
    const coupon = await stripe.coupons.create({ percent_off: 50 });
    const invoice = await stripe.invoices.create({
      customer: member.id,
      pending_invoice_items_behavior: 'include',
      discounts: [{ coupon: coupon.id }],
    });
    expect(invoice).toMatchObject({
      subtotal: 1200,
      total: 600,
      lines: { data: [{ description: 'Towel' }] },
    });
    expect((await stripe.invoiceItems.retrieve(item.id)).invoice).toBe(invoice.id);
    expect((await refusalOf(stripe.invoiceItems.del(item.id))).code).toBe('invoice_not_editable');
    await stripe.invoices.del(invoice.id);
    expect((await stripe.invoiceItems.retrieve(item.id)).invoice).toBeNull();
  });

  it('sends itself when it is told to go on by itself', async () => {
    const { member, pass } = await aMemberOnAClock(till);
    await stripe.invoiceItems.create({ customer: member.id, amount: 2500, currency: 'eur' });
    const invoice = await stripe.invoices.create({
      customer: member.id,
      auto_advance: true,
      pending_invoice_items_behavior: 'include',
    });
    await pass(HOUR);
    expect((await stripe.invoices.retrieve(invoice.id)).status).toBe('paid');
  });

  it('can be voided or written off, but only while it is open', async () => {
    const member = await aMember(till);
    const open = async () => {
      const invoice = await stripe.invoices.create({ customer: member.id, currency: 'eur' });
      await stripe.invoiceItems.create({
        customer: member.id,
        invoice: invoice.id,
        amount: 900,
        currency: 'eur',
      });
      return stripe.invoices.finalizeInvoice(invoice.id);
    };
    const first = await open();
    expect((await stripe.invoices.voidInvoice(first.id)).status).toBe('void');
    expect((await refusalOf(stripe.invoices.pay(first.id))).code).toBe('invoice_not_editable');
    const second = await open();
    expect((await stripe.invoices.markUncollectible(second.id)).status).toBe('uncollectible');
    expect((await stripe.invoices.pay(second.id)).status).toBe('paid');
    const third = await open();
    expect(await stripe.invoices.pay(third.id, { paid_out_of_band: true })).toMatchObject({ status: 'paid' });
    expect((await stripe.charges.list({ customer: member.id })).data).toHaveLength(1);
    const listed = await stripe.invoices.list({ customer: member.id, status: 'paid' });
    expect(listed.data).toHaveLength(2);
    expect((await stripe.invoices.search({ query: `number:'${first.number}'` })).data[0]?.id).toBe(first.id);
  });

  it('too small to be charged stays on the customer’s balance', async () => {
    const member = await aMember(till);
    const invoice = await stripe.invoices.create({ customer: member.id, currency: 'eur' });
    await stripe.invoiceItems.create({
      customer: member.id,
      invoice: invoice.id,
      amount: 30,
      currency: 'eur',
    });
    expect(await stripe.invoices.finalizeInvoice(invoice.id)).toMatchObject({
      status: 'paid',
      amount_due: 0,
    });
    expect(await stripe.customers.retrieve(member.id)).toMatchObject({ balance: 30 });
  });

  it('can be sent to be paid by hand', async () => {
    const member = await stripe.customers.create({ email: 'company@example.com' });
    expect(
      (await refusalOf(stripe.invoices.create({ customer: member.id, collection_method: 'send_invoice' })))
        .param,
    ).toBe('days_until_due');
    const invoice = await stripe.invoices.create({
      customer: member.id,
      currency: 'eur',
      collection_method: 'send_invoice',
      days_until_due: 14,
    });
    expect((invoice.due_date ?? 0) - invoice.created).toBe(14 * DAY);
    await stripe.invoiceItems.create({
      customer: member.id,
      invoice: invoice.id,
      amount: 8000,
      currency: 'eur',
    });
    await stripe.invoices.update(invoice.id, { description: 'Christmas party', metadata: { room: '2' } });
    const sent = await stripe.invoices.sendInvoice(invoice.id);
    expect(sent.status).toBe('open');
    expect(historyOf(till, invoice.id)).toContain('invoice.sent');
    expect((await refusalOf(stripe.invoices.update(invoice.id, { due_date: 1 }))).code).toBe(
      'invoice_not_editable',
    );
  });

  it('of a subscription that is sent is not charged by itself', async () => {
    const { member, pass } = await aMemberOnAClock(till);
    const subscription = await stripe.subscriptions.create({
      customer: member.id,
      items: [{ price: await aPlan(till) }],
      collection_method: 'send_invoice',
      days_until_due: 7,
    });
    expect(subscription.status).toBe('active');
    await pass(HOUR);
    const invoice = await stripe.invoices.retrieve(idOf(subscription.latest_invoice));
    expect(invoice).toMatchObject({ status: 'open', attempt_count: 0, collection_method: 'send_invoice' });
  });
});

describe('the hosted page of an invoice', () => {
  const open = async () => {
    const member = await stripe.customers.create();
    const invoice = await stripe.invoices.create({ customer: member.id, currency: 'eur' });
    await stripe.invoiceItems.create({
      customer: member.id,
      invoice: invoice.id,
      amount: 4500,
      currency: 'eur',
      description: 'Room hire',
    });
    return stripe.invoices.finalizeInvoice(invoice.id);
  };

  it('shows what is due and takes the money', async () => {
    const invoice = await open();
    const page = await visit(invoice.hosted_invoice_url ?? '');
    for (const words of ['Room hire', '€45.00 due', invoice.number ?? '-'])
      expect(textOf(page)).toContain(words);
    const filled = await press(page, { name: 'fill', value: '4000000000000002' });
    expect((await press(filled, {}, {})).status).toBe(402);
    const wrong = await press(page, {}, { ...card('4242424242424242'), card_cvc: '' });
    expect(wrong.status).toBe(422);
    const done = await press(page, {}, card('4242424242424242'));
    expect(textOf(await visit(goesTo(done)))).toContain('€45.00 paid');
    expect((await stripe.invoices.retrieve(invoice.id)).status).toBe('paid');
  });

  it('goes by way of 3-D Secure where the card wants it', async () => {
    const invoice = await open();
    const page = await visit(invoice.hosted_invoice_url ?? '');
    const challenge = await visit(goesTo(await press(page, {}, card('4000002760003184'))));
    const back = goesTo(await press(challenge, { name: 'result', value: 'complete' }));
    expect(textOf(await visit(back))).toContain('€45.00 paid');
  });

  it('is not there for an invoice that is not', async () => {
    expect((await visit(`${till.emulator.url}/i/in_none`)).status).toBe(404);
  });
});
