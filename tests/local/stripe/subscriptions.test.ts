import fc from 'fast-check';
import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { periodEnd } from '../../../local/stripe/subscriptions/time/periods.ts';
import { aMember, aMemberOnAClock, aPlan, DAY, HOUR, idOf, START, whole } from './goods.ts';
import { historyOf, openTill, refusalOf, type Till } from './till.ts';
import { goesTo, press, visit } from './visitor.ts';

let till: Till;
let stripe: Stripe;
beforeAll(async () => {
  till = await openTill();
  stripe = till.stripe;
});
afterAll(() => till.close());
beforeEach(() => {
  till.emulator.control.reset();
  till.emulator.control.setDunning({ retryDays: [3, 5, 7], then: 'cancel' });
});

type Subscription = Stripe.Subscription;
const periodOf = ({ items }: Subscription) => items.data[0] as Stripe.SubscriptionItem;
const invoicesOf = async (subscription: string) =>
  (await stripe.invoices.list({ subscription, limit: 100 })).data.reverse();
const again = (subscription: Subscription) =>
  stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice.payments'] });

async function subscribe(customer: Stripe.Customer, more: Partial<Stripe.SubscriptionCreateParams> = {}) {
  return stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: await aPlan(till) }],
    expand: ['latest_invoice'],
    ...more,
  });
}

describe('a subscription', () => {
  it('is paid for when it begins', async () => {
    const { member } = await aMemberOnAClock(till);
    const subscription = await subscribe(member, { metadata: { plan: 'unlimited' } });
    expect(subscription).toMatchObject({
      status: 'active',
      currency: 'eur',
      collection_method: 'charge_automatically',
    });
    expect(periodOf(subscription)).toMatchObject({
      current_period_start: START,
      current_period_end: Date.UTC(2027, 1, 1, 12) / 1000,
      quantity: 1,
    });
    const invoice = whole(subscription.latest_invoice);
    expect(invoice).toMatchObject({
      status: 'paid',
      total: 3000,
      amount_paid: 3000,
      billing_reason: 'subscription_create',
      number: expect.stringMatching(/-0001$/) as string,
    });
    expect(idOf(invoice.parent?.subscription_details?.subscription)).toBe(subscription.id);
    expect(invoice.parent?.subscription_details?.metadata).toEqual({ plan: 'unlimited' });
    expect(historyOf(till, subscription.id)).toEqual([
      'customer.subscription.created',
      'customer.subscription.updated',
    ]);
    expect(historyOf(till, invoice.id)).toEqual([
      'invoice.created',
      'invoice.finalized',
      'invoice.paid',
      'invoice.payment_succeeded',
    ]);
    const payments = await stripe.invoicePayments.list({ invoice: invoice.id });
    expect(payments.data).toMatchObject([{ status: 'paid', amount_paid: 3000, is_default: true }]);
  });

  it('renews month by month, its invoice a draft for an hour', async () => {
    const { member, passTo } = await aMemberOnAClock(till);
    const subscription = await subscribe(member);
    const { current_period_end: end } = periodOf(subscription);
    await passTo(end);
    const [, renewal] = await invoicesOf(subscription.id);
    expect(renewal).toMatchObject({
      status: 'draft',
      billing_reason: 'subscription_cycle',
      auto_advance: true,
    });
    expect(renewal?.automatically_finalizes_at).toBe(end + HOUR);
    await passTo(end + HOUR);
    expect((await stripe.invoices.retrieve(renewal?.id ?? '')).status).toBe('paid');
    const renewed = await again(subscription);
    expect(periodOf(renewed)).toMatchObject({
      current_period_start: end,
      current_period_end: Date.UTC(2027, 2, 1, 12) / 1000,
    });
    await passTo(Date.UTC(2027, 11, 1, 14) / 1000);
    expect(await invoicesOf(subscription.id)).toHaveLength(12);
  });

  it('needs a card, a recurring price, and a customer there is', async () => {
    const nobody = await stripe.customers.create();
    expect((await refusalOf(subscribe(nobody))).code).toBe('resource_missing');
    const once = await stripe.prices.create({
      currency: 'eur',
      unit_amount: 100,
      product_data: { name: 'x' },
    });
    const member = await aMember(till);
    expect((await refusalOf(subscribe(member, { items: [{ price: once.id }] }))).message).toMatch(
      /recurring/,
    );
    expect((await refusalOf(subscribe(member, { items: [] }))).param).toBe('items');
    const yearly = await aPlan(till, 30_000, { interval: 'year' });
    const mixed = [{ price: await aPlan(till) }, { price: yearly }];
    expect((await refusalOf(subscribe(member, { items: mixed }))).message).toMatch(/same interval/);
    expect((await stripe.subscriptions.list({ customer: member.id })).data).toEqual([]);
  });

  it('can be sold in several parts and found by customer, price and state', async () => {
    const member = await aMember(till);
    const price = await aPlan(till, 500);
    const subscription = await subscribe(member, {
      items: [{ price, quantity: 3 }, { price: await aPlan(till) }],
    });
    expect(whole(subscription.latest_invoice).total).toBe(4500);
    expect((await stripe.subscriptions.list({ price })).data.map(({ id }) => id)).toEqual([subscription.id]);
    expect((await stripe.subscriptions.list({ status: 'past_due' })).data).toEqual([]);
    const found = await stripe.subscriptions.search({ query: "status:'active'" });
    expect(found.data.map(({ id }) => id)).toContain(subscription.id);
    const items = await stripe.subscriptionItems.list({ subscription: subscription.id });
    expect(items.data.map(({ quantity }) => quantity)).toEqual([3, 1]);
    const customer = await stripe.customers.retrieve(member.id, { expand: ['subscriptions'] });
    expect((customer as Stripe.Customer).subscriptions?.data).toHaveLength(1);
  });

  it('lives on the emulator’s own clock when it has none of its own', async () => {
    const subscription = await subscribe(await aMember(till));
    till.emulator.control.advance(32 * DAY);
    const renewals = await invoicesOf(subscription.id);
    expect(renewals.map(({ status }) => status)).toEqual(['paid', 'paid']);
  });
});

describe('a trial', () => {
  it('costs nothing, warns three days ahead, and then is charged', async () => {
    const { member, pass } = await aMemberOnAClock(till);
    const subscription = await subscribe(member, { trial_period_days: 14 });
    expect(subscription).toMatchObject({ status: 'trialing', trial_end: START + 14 * DAY });
    expect(whole(subscription.latest_invoice)).toMatchObject({ status: 'paid', total: 0 });
    await pass(11 * DAY);
    expect(historyOf(till, subscription.id)).toContain('customer.subscription.trial_will_end');
    await pass(3 * DAY);
    expect((await again(subscription)).status).toBe('active');
    await pass(HOUR);
    expect(whole((await again(subscription)).latest_invoice)).toMatchObject({
      status: 'paid',
      amount_paid: 3000,
    });
  });

  it.each([
    ['cancel', 'canceled'],
    ['pause', 'paused'],
    ['create_invoice', 'past_due'],
  ] as const)('without a card ends as told: %s', async (missing_payment_method, status) => {
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: START });
    const member = await stripe.customers.create({ test_clock: clock.id });
    const subscription = await subscribe(member, {
      trial_period_days: 5,
      trial_settings: { end_behavior: { missing_payment_method } },
    });
    await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: START + 5 * DAY + HOUR });
    expect((await again(subscription)).status).toBe(status);
  });

  it('asks for a card to be saved meanwhile', async () => {
    const member = await stripe.customers.create();
    const subscription = await subscribe(member, {
      trial_period_days: 5,
      payment_behavior: 'default_incomplete',
      expand: ['pending_setup_intent'],
    });
    await stripe.setupIntents.confirm(whole(subscription.pending_setup_intent).id, {
      payment_method: 'pm_card_visa',
    });
    expect(await again(subscription)).toMatchObject({
      pending_setup_intent: null,
      default_payment_method: expect.stringMatching(/^pm_/) as string,
    });
  });

  it('can be ended early, which is charged at once', async () => {
    const { member } = await aMemberOnAClock(till);
    const subscription = await subscribe(member, { trial_period_days: 14 });
    const ended = await stripe.subscriptions.update(subscription.id, {
      trial_end: 'now',
      expand: ['latest_invoice'],
    });
    expect(ended.status).toBe('active');
    expect(whole(ended.latest_invoice)).toMatchObject({ status: 'paid', amount_paid: 3000 });
  });
});

describe('a first payment that fails', () => {
  it('leaves the subscription incomplete until it is paid', async () => {
    const member = await aMember(till, 'pm_card_chargeCustomerFail');
    const subscription = await subscribe(member, { expand: ['latest_invoice.payments'] });
    expect(subscription.status).toBe('incomplete');
    const invoice = whole(subscription.latest_invoice);
    expect(invoice).toMatchObject({ status: 'open', attempt_count: 1 });
    const good = await stripe.paymentMethods.attach('pm_card_visa', { customer: member.id });
    await stripe.invoices.pay(invoice.id, { payment_method: good.id });
    expect((await again(subscription)).status).toBe('active');
  });

  it('gives up after 23 hours', async () => {
    const { member, pass } = await aMemberOnAClock(till, 'pm_card_chargeCustomerFail');
    const subscription = await subscribe(member);
    await pass(23 * HOUR);
    const expired = await again(subscription);
    expect(expired.status).toBe('incomplete_expired');
    expect(whole(expired.latest_invoice).status).toBe('void');
  });

  it('can be refused altogether instead', async () => {
    const member = await aMember(till, 'pm_card_chargeCustomerFail');
    const refusal = await refusalOf(subscribe(member, { payment_behavior: 'error_if_incomplete' }));
    expect(refusal).toMatchObject({ statusCode: 402, code: 'card_declined' });
    expect((await stripe.subscriptions.list({ customer: member.id, status: 'all' })).data).toEqual([]);
  });

  it('waits for the customer to pay on the page when that is wanted', async () => {
    const member = await stripe.customers.create();
    const subscription = await subscribe(member, {
      payment_behavior: 'default_incomplete',
      payment_settings: { save_default_payment_method: 'on_subscription' },
      expand: ['latest_invoice.confirmation_secret', 'latest_invoice.payments'],
    });
    const invoice = whole(subscription.latest_invoice);
    const secret = invoice.confirmation_secret?.client_secret ?? '';
    await stripe.paymentIntents.confirm(secret.split('_secret_')[0] ?? '', {
      payment_method: 'pm_card_visa',
    });
    expect(await again(subscription)).toMatchObject({
      status: 'active',
      default_payment_method: expect.stringMatching(/^pm_/) as string,
    });
  });

  it('that only needs 3-D Secure is completed on the bank’s page', async () => {
    const member = await aMember(till, 'pm_card_authenticationRequired');
    const subscription = await subscribe(member);
    expect(subscription.status).toBe('incomplete');
    expect(historyOf(till, whole(subscription.latest_invoice).id)).toContain(
      'invoice.payment_action_required',
    );
    const { latest_invoice } = await again(subscription);
    const payment = whole(latest_invoice).payments?.data[0]?.payment.payment_intent;
    const intent = await stripe.paymentIntents.retrieve(idOf(payment));
    const page = await visit(intent.next_action?.redirect_to_url?.url ?? '');
    expect(goesTo(await press(page, { name: 'result', value: 'complete' }))).toContain('/i/in_');
    expect((await again(subscription)).status).toBe('active');
  });
});

describe('a renewal that fails', () => {
  const failing = async () => {
    const clocked = await aMemberOnAClock(till);
    const subscription = await subscribe(clocked.member);
    const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
      customer: clocked.member.id,
    });
    await stripe.subscriptions.update(subscription.id, { default_payment_method: bad.id });
    await clocked.passTo(periodOf(subscription).current_period_end + HOUR);
    return { ...clocked, subscription };
  };

  it('makes it past due, tries again after 3, 5 and 7 days, and then cancels', async () => {
    const { subscription, pass } = await failing();
    const due = await again(subscription);
    expect(due.status).toBe('past_due');
    const first = whole(due.latest_invoice);
    expect(first).toMatchObject({ status: 'open', attempt_count: 1 });
    for (const [days, attempts] of [
      [3, 2],
      [5, 3],
    ] as const) {
      expect((await stripe.invoices.retrieve(first.id)).next_payment_attempt).not.toBeNull();
      await pass(days * DAY);
      expect((await stripe.invoices.retrieve(first.id)).attempt_count).toBe(attempts);
    }
    expect((await again(subscription)).status).toBe('past_due');
    await pass(7 * DAY);
    expect(await again(subscription)).toMatchObject({
      status: 'canceled',
      cancellation_details: { reason: 'payment_failed' },
    });
    expect(await stripe.invoices.retrieve(first.id)).toMatchObject({
      status: 'open',
      next_payment_attempt: null,
    });
    expect(historyOf(till, subscription.id)).toContain('customer.subscription.deleted');
  });

  it('or leaves it unpaid, with later invoices as drafts, until it is paid', async () => {
    till.emulator.control.setDunning({ retryDays: [1], then: 'unpaid' });
    const { subscription, pass, member } = await failing();
    await pass(DAY);
    expect((await again(subscription)).status).toBe('unpaid');
    await pass(31 * DAY);
    const all = await invoicesOf(subscription.id);
    expect(all.map(({ status }) => status)).toEqual(['paid', 'open', 'draft']);
    const good = await stripe.paymentMethods.attach('pm_card_visa', { customer: member.id });
    await stripe.invoices.pay(all[1]?.id ?? '', { payment_method: good.id });
    expect((await again(subscription)).status).toBe('active');
  });

  it('is forgotten as soon as it is paid', async () => {
    const { subscription, member, pass } = await failing();
    const good = await stripe.paymentMethods.attach('pm_card_visa', { customer: member.id });
    await stripe.subscriptions.update(subscription.id, { default_payment_method: good.id });
    await pass(3 * DAY);
    const paid = await again(subscription);
    expect(paid.status).toBe('active');
    expect(whole(paid.latest_invoice)).toMatchObject({ status: 'paid', attempt_count: 2 });
  });

  it('can need the customer: 3-D Secure', async () => {
    const { member, passTo } = await aMemberOnAClock(till);
    const subscription = await subscribe(member);
    const asks = await stripe.paymentMethods.attach('pm_card_authenticationRequired', {
      customer: member.id,
    });
    await stripe.subscriptions.update(subscription.id, { default_payment_method: asks.id });
    await passTo(periodOf(subscription).current_period_end + HOUR);
    const due = await again(subscription);
    expect(due.status).toBe('past_due');
    const invoice = whole(due.latest_invoice);
    expect(historyOf(till, invoice.id).slice(-2)).toEqual([
      'invoice.payment_action_required',
      'invoice.payment_failed',
    ]);
    const intent = await stripe.paymentIntents.retrieve(
      idOf(invoice.payments?.data[0]?.payment.payment_intent),
    );
    await press(await visit(intent.next_action?.redirect_to_url?.url ?? ''), {
      name: 'result',
      value: 'complete',
    });
    expect((await again(subscription)).status).toBe('active');
  });
});

describe('a change of plan', () => {
  const halfway = async (amount = 3000) => {
    const clocked = await aMemberOnAClock(till);
    const subscription = await subscribe(clocked.member, { items: [{ price: await aPlan(till, amount) }] });
    const { current_period_end: end } = periodOf(subscription);
    const middle = START + (end - START) / 2;
    await clocked.passTo(middle);
    return { ...clocked, subscription, end, middle, item: periodOf(subscription).id };
  };

  it('credits what is unused and charges what is used instead, with the next invoice', async () => {
    const { subscription, item, passTo, end, member } = await halfway();
    const price = await aPlan(till, 5000);
    const changed = await stripe.subscriptions.update(subscription.id, { items: [{ id: item, price }] });
    expect(periodOf(changed)).toMatchObject({ price: { id: price }, current_period_end: end });
    const waiting = await stripe.invoiceItems.list({ customer: member.id, pending: true });
    expect(waiting.data.map(({ amount, proration }) => [amount, proration])).toEqual([
      [2500, true],
      [-1500, true],
    ]);
    await passTo(end + HOUR);
    const renewal = whole((await again(subscription)).latest_invoice);
    expect(renewal).toMatchObject({ status: 'paid', total: 6000 });
    expect(renewal.lines.data.map(({ amount }) => amount)).toEqual([-1500, 2500, 5000]);
    expect((await stripe.invoiceItems.list({ customer: member.id, pending: true })).data).toEqual([]);
  });

  it('is charged at once when that is wanted, exactly as the preview said', async () => {
    const { subscription, item, member } = await halfway();
    const items = [{ id: item, price: await aPlan(till, 5000), quantity: 2 }];
    const preview = await stripe.invoices.createPreview({
      customer: member.id,
      subscription: subscription.id,
      subscription_details: { items, proration_behavior: 'always_invoice' },
    });
    expect(preview).toMatchObject({ status: 'draft', total: 3500 });
    expect((await invoicesOf(subscription.id)).length).toBe(1);
    const changed = await stripe.subscriptions.update(subscription.id, {
      items,
      proration_behavior: 'always_invoice',
      expand: ['latest_invoice'],
    });
    const invoice = whole(changed.latest_invoice);
    expect(invoice).toMatchObject({
      status: 'paid',
      total: preview.total,
      billing_reason: 'subscription_update',
    });
    expect(invoice.lines.data.map(({ amount }) => amount)).toEqual(
      preview.lines.data.map(({ amount }) => amount),
    );
  });

  it('credits what was paid for the period, not its price, and charges the new plan without a discount that ends', async () => {
    const { member, passTo } = await aMemberOnAClock(till);
    const { id: coupon } = await stripe.coupons.create({
      amount_off: 2000,
      currency: 'eur',
      duration: 'repeating',
      duration_in_months: 2,
    });
    const subscription = await subscribe(member, {
      items: [{ price: await aPlan(till, 4000) }],
      discounts: [{ coupon }],
    });
    const { current_period_end: end, id: item } = periodOf(subscription);
    await passTo(START + (end - START) / 2);
    const price = await aPlan(till, 6000);
    const preview = async (discounts?: '') =>
      (
        await stripe.invoices.createPreview({
          subscription: subscription.id,
          ...(discounts === '' && { discounts }),
          subscription_details: { items: [{ id: item, price }], proration_behavior: 'always_invoice' },
        })
      ).lines.data.map(({ amount }) => amount);
    // Half of the 2,000 that were paid; half of 6,000, or of what a discount that stays leaves of it.
    expect(await preview('')).toEqual([-1000, 3000]);
    expect(await preview()).toEqual([-1000, 2000]);
    const changed = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price }],
      discounts: '',
      proration_behavior: 'always_invoice',
      expand: ['latest_invoice'],
    });
    expect(whole(changed.latest_invoice)).toMatchObject({ status: 'paid', total: 2000 });
  });

  it('previews the next invoice of a plan as it is and as it would be', async () => {
    const { subscription, item, end } = await halfway();
    const asItIs = await stripe.invoices.createPreview({ subscription: subscription.id });
    expect(asItIs).toMatchObject({ total: 3000, period_end: end });
    const changed = await stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: { items: [{ id: item, quantity: 2 }] },
    });
    expect(changed.total).toBe(1500 + 6000);
    const fresh = await stripe.invoices.createPreview({
      customer: idOf(subscription.customer),
      subscription_details: { items: [{ price: await aPlan(till, 700), quantity: 2 }] },
    });
    expect(fresh.total).toBe(1400);
  });

  it('down leaves a credit that the next invoice uses up', async () => {
    const { subscription, item, passTo, end, member } = await halfway(5000);
    const changed = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: await aPlan(till, 1000) }],
      proration_behavior: 'always_invoice',
      expand: ['latest_invoice'],
    });
    expect(whole(changed.latest_invoice)).toMatchObject({ status: 'paid', total: -2000, amount_due: 0 });
    expect(await stripe.customers.retrieve(member.id)).toMatchObject({ balance: -2000 });
    await passTo(end + HOUR);
    const renewal = whole((await again(subscription)).latest_invoice);
    expect(renewal).toMatchObject({
      total: 1000,
      starting_balance: -2000,
      amount_due: 0,
      ending_balance: -1000,
    });
  });

  it('to another interval begins a new period, paid at once', async () => {
    const { subscription, item, now } = await halfway();
    const yearly = await aPlan(till, 30_000, { interval: 'year' });
    const changed = await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: yearly }],
      expand: ['latest_invoice'],
    });
    expect(periodOf(changed).current_period_start).toBe(now());
    expect(whole(changed.latest_invoice)).toMatchObject({ status: 'paid', total: 30_000 - 1500 });
  });

  it('costs nothing extra when nobody wants it to', async () => {
    const { subscription, item, member } = await halfway();
    await stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: await aPlan(till, 5000) }],
      proration_behavior: 'none',
    });
    expect((await stripe.invoiceItems.list({ customer: member.id })).data).toEqual([]);
  });

  it('does not happen when it could not be paid and that is wanted', async () => {
    const { subscription, item, member } = await halfway();
    const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: member.id });
    await stripe.subscriptions.update(subscription.id, { default_payment_method: bad.id });
    const refusal = await refusalOf(
      stripe.subscriptions.update(subscription.id, {
        items: [{ id: item, price: await aPlan(till, 5000) }],
        proration_behavior: 'always_invoice',
        payment_behavior: 'error_if_incomplete',
      }),
    );
    expect(refusal.statusCode).toBe(402);
    expect(periodOf(await again(subscription)).price.unit_amount).toBe(3000);
  });

  it('can add, change and take away single parts', async () => {
    const { subscription } = await halfway();
    const added = await stripe.subscriptionItems.create({
      subscription: subscription.id,
      price: await aPlan(till, 800),
      quantity: 2,
      proration_behavior: 'none',
    });
    expect((await stripe.subscriptionItems.update(added.id, { quantity: 5 })).quantity).toBe(5);
    expect((await stripe.subscriptionItems.retrieve(added.id)).quantity).toBe(5);
    await stripe.subscriptionItems.del(added.id, { proration_behavior: 'none' });
    expect((await again(subscription)).items.data).toHaveLength(1);
    expect((await refusalOf(stripe.subscriptionItems.retrieve(added.id))).statusCode).toBe(404);
  });
});

describe('an end', () => {
  it('at the end of the period can be taken back, and otherwise comes', async () => {
    const { member, passTo } = await aMemberOnAClock(till);
    const subscription = await subscribe(member);
    const { current_period_end: end } = periodOf(subscription);
    const ending = await stripe.subscriptions.update(subscription.id, {
      cancel_at_period_end: true,
      cancellation_details: { feedback: 'too_expensive', comment: 'sorry' },
    });
    expect(ending).toMatchObject({
      status: 'active',
      cancel_at: end,
      cancellation_details: { reason: 'cancellation_requested', feedback: 'too_expensive', comment: 'sorry' },
    });
    const kept = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false });
    expect(kept).toMatchObject({ cancel_at: null, canceled_at: null });
    await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
    await passTo(end);
    expect(await again(subscription)).toMatchObject({ status: 'canceled', ended_at: end });
    expect(await invoicesOf(subscription.id)).toHaveLength(1);
  });

  it('at once can give back what is unused', async () => {
    const { member, pass } = await aMemberOnAClock(till);
    const subscription = await subscribe(member);
    await pass((31 * DAY) / 2);
    const ended = await stripe.subscriptions.cancel(subscription.id, {
      prorate: true,
      invoice_now: true,
      expand: ['latest_invoice'],
    });
    expect(ended.status).toBe('canceled');
    expect(whole(ended.latest_invoice).total).toBe(-1500);
    expect(await stripe.customers.retrieve(member.id)).toMatchObject({ balance: -1500 });
    expect((await refusalOf(stripe.subscriptions.cancel(subscription.id))).code).toBe('resource_missing');
    const note = await stripe.subscriptions.update(subscription.id, { metadata: { why: 'moved' } });
    expect(note.metadata).toEqual({ why: 'moved' });
    expect(
      (await refusalOf(stripe.subscriptions.update(subscription.id, { trial_end: 'now' }))).statusCode,
    ).toBe(400);
  });

  it('comes with the customer’s', async () => {
    const member = await aMember(till);
    const subscription = await subscribe(member);
    await stripe.customers.del(member.id);
    expect((await again(subscription)).status).toBe('canceled');
  });
});

describe('a pause', () => {
  it.each([
    ['keep_as_draft', 'draft'],
    ['mark_uncollectible', 'uncollectible'],
    ['void', 'void'],
  ] as const)('of collection goes on invoicing without taking money: %s', async (behavior, status) => {
    const { member, passTo } = await aMemberOnAClock(till);
    const subscription = await subscribe(member);
    const { current_period_end: end } = periodOf(subscription);
    const resumes_at = end + 10 * DAY;
    const paused = await stripe.subscriptions.update(subscription.id, {
      pause_collection: { behavior, resumes_at },
    });
    expect(paused).toMatchObject({ status: 'active', pause_collection: { behavior, resumes_at } });
    await passTo(end + 2 * HOUR);
    expect((await invoicesOf(subscription.id)).map((invoice) => invoice.status)).toEqual(['paid', status]);
    await passTo(resumes_at);
    expect((await again(subscription)).pause_collection).toBeNull();
  });

  it('of the whole subscription stops its periods until it is resumed', async () => {
    const { member, passTo, now } = await aMemberOnAClock(till);
    const subscription = await subscribe(member);
    const paused = await stripe.subscriptions.pause(subscription.id);
    expect(paused.status).toBe('paused');
    await passTo(START + 60 * DAY);
    expect(await invoicesOf(subscription.id)).toHaveLength(1);
    const resumed = await stripe.subscriptions.resume(subscription.id, { expand: ['latest_invoice'] });
    expect(resumed.status).toBe('active');
    expect(periodOf(resumed).current_period_start).toBe(now());
    expect(whole(resumed.latest_invoice).status).toBe('paid');
    expect(historyOf(till, subscription.id)).toEqual(
      expect.arrayContaining(['customer.subscription.paused', 'customer.subscription.resumed']),
    );
  });
});

describe('a discount', () => {
  it('lasts one payment, some months, or forever', async () => {
    const { member, passTo } = await aMemberOnAClock(till);
    const totals = async (coupon: Stripe.CouponCreateParams) => {
      const { id } = await stripe.coupons.create(coupon);
      const subscription = await subscribe(member, { discounts: [{ coupon: id }] });
      return async () => (await invoicesOf(subscription.id)).map(({ total }) => total);
    };
    const once = await totals({ percent_off: 50, duration: 'once' });
    const twice = await totals({
      amount_off: 1000,
      currency: 'eur',
      duration: 'repeating',
      duration_in_months: 2,
    });
    const forever = await totals({ percent_off: 10, duration: 'forever' });
    await passTo(Date.UTC(2027, 3, 2) / 1000);
    expect(await once()).toEqual([1500, 3000, 3000, 3000]);
    expect(await twice()).toEqual([2000, 2000, 3000, 3000]);
    expect(await forever()).toEqual([2700, 2700, 2700, 2700]);
  });

  it('can be given later, by code, and taken away', async () => {
    const { member } = await aMemberOnAClock(till);
    const subscription = await subscribe(member);
    const coupon = await stripe.coupons.create({ percent_off: 20, duration: 'forever' });
    const code = await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id } });
    const given = await stripe.subscriptions.update(subscription.id, {
      discounts: [{ promotion_code: code.id }],
      expand: ['discounts'],
    });
    expect(given.discounts[0]).toMatchObject({ promotion_code: code.id, source: { coupon: coupon.id } });
    expect((await stripe.promotionCodes.retrieve(code.id)).times_redeemed).toBe(1);
    const preview = await stripe.invoices.createPreview({ subscription: subscription.id });
    expect(preview).toMatchObject({ subtotal: 3000, total: 2400 });
    await stripe.subscriptions.deleteDiscount(subscription.id);
    expect((await again(subscription)).discounts).toEqual([]);
  });

  it('that is over, or only for others, is refused', async () => {
    const member = await aMember(till);
    const spent = await stripe.coupons.create({ percent_off: 5, max_redemptions: 1 });
    await subscribe(member, { discounts: [{ coupon: spent.id }] });
    expect((await refusalOf(subscribe(member, { discounts: [{ coupon: spent.id }] }))).code).toBe(
      'coupon_expired',
    );
    const pesos = await stripe.coupons.create({ amount_off: 100, currency: 'ars' });
    expect((await refusalOf(subscribe(member, { discounts: [{ coupon: pesos.id }] }))).message).toMatch(
      /ars/,
    );
    const first = await stripe.coupons.create({ percent_off: 5 });
    const code = await stripe.promotionCodes.create({
      promotion: { type: 'coupon', coupon: first.id },
      restrictions: { first_time_transaction: true },
    });
    expect(
      (await refusalOf(subscribe(member, { discounts: [{ promotion_code: code.id }] }))).message,
    ).toMatch(/first purchase/);
  });
});

describe('time', () => {
  it('goes one way only, and not too far at once', async () => {
    const { clock } = await aMemberOnAClock(till);
    const advance = (frozen_time: number) => stripe.testHelpers.testClocks.advance(clock.id, { frozen_time });
    expect((await refusalOf(advance(START))).param).toBe('frozen_time');
    expect((await refusalOf(advance(START + 900 * DAY))).param).toBe('frozen_time');
    expect(await advance(START + DAY)).toMatchObject({ status: 'ready', frozen_time: START + DAY });
    expect((await stripe.testHelpers.testClocks.list()).data).toHaveLength(1);
    expect((await stripe.testHelpers.testClocks.retrieve(clock.id)).frozen_time).toBe(START + DAY);
  });

  it('ends for everyone on a clock when it is taken away', async () => {
    const { clock, member } = await aMemberOnAClock(till);
    const subscription = await subscribe(member);
    await stripe.testHelpers.testClocks.del(clock.id);
    expect(await stripe.customers.retrieve(member.id)).toMatchObject({ deleted: true });
    expect((await again(subscription)).status).toBe('canceled');
  });

  it('does not let months drift: a period begins on the same day, or the last one there is', () => {
    const anchor = Date.UTC(2027, 0, 31, 12) / 1000;
    const ends: string[] = [];
    let at = anchor;
    for (let month = 0; month < 4; month++) {
      at = periodEnd(anchor, { interval: 'month', interval_count: 1 }, at);
      ends.push(new Date(at * 1000).toISOString().slice(0, 10));
    }
    expect(ends).toEqual(['2027-02-28', '2027-03-31', '2027-04-30', '2027-05-31']);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.constantFrom('day', 'week', 'month', 'year'),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 40_000_000 }),
        (from, interval, interval_count, since) => {
          const end = periodEnd(from, { interval, interval_count }, from + since);
          expect(end).toBeGreaterThan(from + since);
          expect(periodEnd(from, { interval, interval_count }, end - 1)).toBe(end);
        },
      ),
    );
  });
});
