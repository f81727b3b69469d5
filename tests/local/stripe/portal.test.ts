import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aMember, aPlan, DAY, HOUR, idOf } from './goods.ts';
import { openTill, refusalOf, type Till } from './till.ts';
import { goesTo, press, textOf, valueOf, visit, type Sight } from './visitor.ts';

let till: Till;
let stripe: Stripe;
beforeAll(async () => {
  till = await openTill();
  stripe = till.stripe;
});
afterAll(() => till.close());
beforeEach(() => till.emulator.control.reset());

async function subscriber(card = 'pm_card_visa') {
  const member = await aMember(till, card);
  const subscription = await stripe.subscriptions.create({
    customer: member.id,
    items: [{ price: await aPlan(till) }],
    default_payment_method: idOf(member.invoice_settings.default_payment_method),
  });
  return { member, subscription };
}

const open = (customer: string, more: Stripe.BillingPortal.SessionCreateParams = {}) =>
  stripe.billingPortal.sessions.create({ customer, return_url: `${till.shop.url}/account`, ...more });

const card = (number: string) => ({
  card_number: number,
  card_expiry: '12/34',
  card_cvc: '123',
  card_name: 'Nora Weiss',
});
const save = (page: Sight, number: string) => press(page, { name: 'save' }, card(number));
const usualCard = async (customer: string) => {
  const found = (await stripe.customers.retrieve(customer, {
    expand: ['invoice_settings.default_payment_method'],
  })) as Stripe.Customer;
  return (found.invoice_settings.default_payment_method as Stripe.PaymentMethod).card?.last4;
};

describe('the portal', () => {
  it('shows plans, card and invoices, and the way back', async () => {
    const { member } = await subscriber();
    const page = await visit((await open(member.id)).url);
    for (const words of ['Unlimited yoga', '€30.00 a month', 'Renews on', 'Visa ending in 4242', 'Paid'])
      expect(textOf(page)).toContain(words);
    expect(page.html).toContain(`href="${till.shop.url}/account"`);
  });

  it('lets a customer end their plan at the end of its period, and think again', async () => {
    const { member, subscription } = await subscriber();
    const page = await visit((await open(member.id)).url);
    const ended = await press(page, { name: 'cancel' });
    expect(goesTo(ended)).toBe(page.url);
    expect((await stripe.subscriptions.retrieve(subscription.id)).cancel_at_period_end).toBe(true);
    await till.shop.event('customer.subscription.updated', ({ data }) =>
      Boolean((data.object as Stripe.Subscription).cancel_at_period_end),
    );
    const ending = await visit(page.url);
    expect(textOf(ending)).toContain('Ends on');
    await press(ending, { name: 'keep' });
    expect((await stripe.subscriptions.retrieve(subscription.id)).cancel_at_period_end).toBe(false);
  });

  it('ends it at once where it is set so, and not at all where it is not allowed', async () => {
    const at_once = await stripe.billingPortal.configurations.create({
      features: { subscription_cancel: { enabled: true, mode: 'immediately' } },
    });
    const { member, subscription } = await subscriber();
    const page = await visit((await open(member.id, { configuration: at_once.id })).url);
    expect(textOf(page)).toContain('It ends at once');
    expect(page.html).not.toContain('card_number');
    const never = await stripe.billingPortal.configurations.create({
      features: { invoice_history: { enabled: true } },
    });
    const closed = await visit((await open(member.id, { configuration: never.id })).url);
    await press(closed, { name: 'cancel' }, { subscription: subscription.id });
    await save(closed, '5555555555554444');
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
    expect(await usualCard(member.id)).toBe('4242');
    await press(page, { name: 'cancel' });
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('canceled');
  });

  it('never touches another customer’s plan', async () => {
    const { subscription } = await subscriber();
    const stranger = await subscriber();
    const page = await visit((await open(stranger.member.id)).url);
    await press(page, { name: 'cancel' }, { subscription: subscription.id });
    expect((await stripe.subscriptions.retrieve(subscription.id)).cancel_at_period_end).toBe(false);
  });

  it('takes a new card for everything from then on', async () => {
    const { member, subscription } = await subscriber();
    const page = await visit((await open(member.id)).url);
    const filled = await press(page, { name: 'fill', value: '4242424242424242' });
    expect(valueOf(filled, 'card_number')).toBe('4242 4242 4242 4242');
    const saved = await save(page, '5555 5555 5555 4444');
    expect(textOf(await visit(goesTo(saved)))).toContain('The new card is saved');
    expect(await usualCard(member.id)).toBe('4444');
    const { default_payment_method } = await stripe.subscriptions.retrieve(subscription.id, {
      expand: ['default_payment_method'],
    });
    expect(default_payment_method).toMatchObject({ card: { last4: '4444' } });
  });

  it('says what is wrong with a card, and asks for 3-D Secure where the card does', async () => {
    const { member } = await subscriber();
    const page = await visit((await open(member.id)).url);
    const declined = await save(page, '4000000000000002');
    expect(declined.status).toBe(402);
    expect(textOf(declined)).toContain('The card was declined');
    expect((await save(page, '42')).status).toBe(422);
    const challenge = await visit(goesTo(await save(page, '4000002500003155')));
    expect(textOf(challenge)).toContain('may keep this card');
    const back = goesTo(await press(challenge, { name: 'result', value: 'complete' }));
    expect(textOf(await visit(back))).toContain('The new card is saved');
    expect(await usualCard(member.id)).toBe('3155');
  });

  it('collects what is overdue as soon as a good card is there', async () => {
    const { member, subscription } = await subscriber();
    const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: member.id });
    await stripe.subscriptions.update(subscription.id, { default_payment_method: bad.id });
    till.emulator.control.advance(31 * DAY + HOUR);
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('past_due');
    const page = await visit((await open(member.id)).url);
    expect(textOf(page)).toContain('did not go through');
    await save(page, '4242424242424242');
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe('active');
  });

  it('can be opened for one thing only, and go back when it is done', async () => {
    const { member, subscription } = await subscriber();
    const ending = await open(member.id, {
      flow_data: {
        type: 'subscription_cancel',
        subscription_cancel: { subscription: subscription.id },
        after_completion: { type: 'redirect', redirect: { return_url: `${till.shop.url}/sorry` } },
      },
    });
    const page = await visit(ending.url);
    expect(page.html).not.toContain('card_number');
    expect(goesTo(await press(page, { name: 'cancel' }))).toBe(`${till.shop.url}/sorry`);
    const paying = await open(member.id, {
      flow_data: {
        type: 'payment_method_update',
        after_completion: {
          type: 'hosted_confirmation',
          hosted_confirmation: { custom_message: 'Thank you, Nora.' },
        },
      },
    });
    const only = await visit(paying.url);
    expect(textOf(only)).not.toContain('Unlimited yoga');
    expect(textOf(await save(only, '4242424242424242'))).toContain('Thank you, Nora.');
    const stranger = await subscriber();
    const refusal = await refusalOf(
      open(stranger.member.id, {
        flow_data: { type: 'subscription_cancel', subscription_cancel: { subscription: subscription.id } },
      }),
    );
    expect(refusal.message).toMatch(/another customer/);
  });

  it('speaks Spanish', async () => {
    const { member } = await subscriber();
    const page = await visit((await open(member.id, { locale: 'es' })).url);
    for (const words of ['Planes y pagos', 'Se renueva el', '30,00 € al mes'])
      expect(textOf(page)).toContain(words);
  });

  it('closes after an hour', async () => {
    const { member } = await subscriber();
    const session = await open(member.id);
    till.emulator.control.advance(HOUR);
    const page = await visit(session.url);
    expect(page.status).toBe(410);
    expect(page.html).toContain(`href="${till.shop.url}/account"`);
    expect((await visit(`${till.emulator.url}/p/session/bps_none`)).status).toBe(410);
  });

  it('keeps its settings', async () => {
    const made = await stripe.billingPortal.configurations.create({
      features: { invoice_history: { enabled: false } },
      business_profile: { headline: 'Lotus & Bean' },
      default_return_url: `${till.shop.url}/home`,
    });
    expect(made).toMatchObject({ is_default: false, features: { invoice_history: { enabled: false } } });
    const changed = await stripe.billingPortal.configurations.update(made.id, {
      features: { payment_method_update: { enabled: true } },
      metadata: { a: '1' },
    });
    expect(changed.features.payment_method_update.enabled).toBe(true);
    expect((await stripe.billingPortal.configurations.list()).data[0]?.id).toBe(made.id);
    const member = await aMember(till);
    const session = await stripe.billingPortal.sessions.create({
      customer: member.id,
      configuration: made.id,
    });
    expect(session.return_url).toBe(`${till.shop.url}/home`);
  });
});
