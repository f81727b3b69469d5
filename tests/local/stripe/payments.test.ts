import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CARDS } from '../../../local/stripe/index.ts';
import { aMember, DAY, idOf, whole } from './goods.ts';
import { historyOf, openTill, refusalOf, type Till } from './till.ts';
import { goesTo, press, textOf, visit } from './visitor.ts';

let till: Till;
let stripe: Stripe;
beforeAll(async () => {
  till = await openTill();
  stripe = till.stripe;
});
afterAll(() => till.close());

const pay = (payment_method: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create({ amount: 2000, currency: 'eur', payment_method, confirm: true, ...more });

describe('a payment', () => {
  it('goes from needing a card to needing a confirmation to paid', async () => {
    const made = await stripe.paymentIntents.create({
      amount: 2000,
      currency: 'EUR',
      metadata: { order: '7' },
    });
    expect(made).toMatchObject({
      status: 'requires_payment_method',
      currency: 'eur',
      capture_method: 'automatic_async',
      livemode: false,
    });
    const chosen = await stripe.paymentIntents.update(made.id, { payment_method: 'pm_card_visa' });
    expect(chosen.status).toBe('requires_confirmation');
    const paid = await stripe.paymentIntents.confirm(made.id, { expand: ['latest_charge'] });
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 2000, metadata: { order: '7' } });
    expect(whole(paid.latest_charge)).toMatchObject({
      paid: true,
      captured: true,
      amount: 2000,
      metadata: { order: '7' },
    });
    expect(historyOf(till, made.id)).toEqual(['payment_intent.created', 'payment_intent.succeeded']);
  });

  it('learns its fee a moment after it succeeded, as automatic_async payments do', async () => {
    const paid = await pay('pm_card_visa');
    const charge = idOf(paid.latest_charge);
    expect(historyOf(till, charge)).toEqual(['charge.succeeded', 'charge.updated']);
    const [, succeeded] = till.emulator.control.events({ object: charge });
    expect((succeeded?.data.object as Stripe.Charge).balance_transaction).toBeNull();
    const known = await stripe.charges.retrieve(charge, { expand: ['balance_transaction'] });
    expect(whole(known.balance_transaction)).toMatchObject({
      amount: 2000,
      fee: 55,
      net: 1945,
      type: 'charge',
    });
  });

  it('cannot be confirmed without a card, nor twice, nor changed once it is paid', async () => {
    const empty = await stripe.paymentIntents.create({ amount: 2000, currency: 'eur' });
    expect((await refusalOf(stripe.paymentIntents.confirm(empty.id))).message).toMatch(
      /missing a payment method/,
    );
    const paid = await pay('pm_card_visa');
    for (const call of [
      stripe.paymentIntents.confirm(paid.id),
      stripe.paymentIntents.cancel(paid.id),
      stripe.paymentIntents.capture(paid.id),
      stripe.paymentIntents.update(paid.id, { amount: 900 }),
    ])
      expect((await refusalOf(call)).code).toBe('payment_intent_unexpected_state');
  });

  it('can be canceled while it waits, with the reason kept', async () => {
    const made = await stripe.paymentIntents.create({ amount: 2000, currency: 'eur' });
    const canceled = await stripe.paymentIntents.cancel(made.id, { cancellation_reason: 'abandoned' });
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' });
    expect(
      (await refusalOf(stripe.paymentIntents.confirm(made.id, { payment_method: 'pm_card_visa' }))).code,
    ).toBe('payment_intent_unexpected_state');
  });

  it('can be noted on: the intent, its charge, where it was sent', async () => {
    const address = { line1: 'Calle Mayor 1', city: 'Madrid', country: 'ES' };
    const made = await stripe.paymentIntents.create({
      amount: 2000,
      currency: 'eur',
      shipping: { name: 'Nora', address },
    });
    expect(made.shipping).toMatchObject({ name: 'Nora', address: { ...address, postal_code: null } });
    const moved = await stripe.paymentIntents.update(made.id, {
      amount: 2500,
      description: 'Tea',
      shipping: { name: 'Ana', address },
      receipt_email: 'nora@example.com',
    });
    expect(moved).toMatchObject({ amount: 2500, description: 'Tea', shipping: { name: 'Ana' } });
    const paid = await stripe.paymentIntents.confirm(made.id, { payment_method: 'pm_card_visa' });
    const charge = await stripe.charges.update(idOf(paid.latest_charge), { metadata: { seen: 'yes' } });
    expect(charge).toMatchObject({
      amount: 2500,
      receipt_email: 'nora@example.com',
      metadata: { seen: 'yes' },
    });
    expect((await stripe.charges.search({ query: "metadata['seen']:'yes'" })).data).toHaveLength(1);
    expect((await refusalOf(stripe.charges.retrieve('ch_none'))).statusCode).toBe(404);
  });

  it('is found by search over its metadata and amount', async () => {
    const made = await stripe.paymentIntents.create({
      amount: 4321,
      currency: 'eur',
      metadata: { order: 'x-9' },
    });
    const found = await stripe.paymentIntents.search({ query: "metadata['order']:'x-9' AND amount>4000" });
    expect(found.data.map(({ id }) => id)).toEqual([made.id]);
    const others = await stripe.paymentIntents.search({ query: "metadata['order']:'x-9' AND -amount:4321" });
    expect(others.data).toEqual([]);
  });
});

describe('amounts', () => {
  it.each([
    ['eur', 49, 'amount_too_small'],
    ['gbp', 29, 'amount_too_small'],
    ['eur', 0, 'parameter_invalid_integer'],
    ['eur', -5, 'parameter_invalid_integer'],
    ['eur', 100_000_000, 'amount_too_large'],
  ])('in %s of %i are refused as %s', async (currency, amount, code) => {
    const refusal = await refusalOf(stripe.paymentIntents.create({ amount, currency }));
    expect(refusal).toMatchObject({
      type: 'StripeInvalidRequestError',
      code,
      param: 'amount',
      statusCode: 400,
    });
  });

  it.each([
    ['jpy', 50],
    ['clp', 990],
    ['ars', 1_850_000],
    ['ars', 150_000_000],
    ['usd', 50],
  ])('in %s of %i are taken', async (currency, amount) => {
    expect(await pay('pm_card_visa', { currency, amount })).toMatchObject({
      status: 'succeeded',
      amount,
      currency,
    });
  });

  it('that are not whole, or in no currency there is, are refused', async () => {
    expect((await refusalOf(stripe.paymentIntents.create({ amount: 12.5, currency: 'eur' }))).message).toBe(
      'Invalid integer: 12.5',
    );
    expect((await refusalOf(stripe.paymentIntents.create({ amount: 1200, currency: 'xyz' }))).param).toBe(
      'currency',
    );
  });
});

describe('a card that is declined', () => {
  it.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'processing_error'],
    ['pm_card_radarBlock', 'card_declined', 'fraudulent'],
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
  ])('%s answers 402 with %s and %s', async (card, code, decline_code) => {
    const refusal = await refusalOf(pay(card));
    expect(refusal).toMatchObject({ type: 'StripeCardError', statusCode: 402, code, decline_code });
    const intent = refusal.payment_intent as Stripe.PaymentIntent;
    expect(intent).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      last_payment_error: { type: 'card_error', code, decline_code },
    });
    const charge = await stripe.charges.retrieve(idOf(intent.latest_charge));
    expect(charge).toMatchObject({
      status: 'failed',
      paid: false,
      failure_code: code,
      balance_transaction: null,
    });
    expect(historyOf(till, intent.id)).toContain('payment_intent.payment_failed');
  });

  it('leaves the payment open for another card', async () => {
    const refusal = await refusalOf(pay('pm_card_chargeDeclined'));
    const { id } = refusal.payment_intent as Stripe.PaymentIntent;
    const paid = await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    expect(paid).toMatchObject({ status: 'succeeded', last_payment_error: null });
    const charges = await stripe.charges.list({ payment_intent: id });
    expect(charges.data.map(({ status }) => status)).toEqual(['succeeded', 'failed']);
  });
});

describe('3-D Secure', () => {
  const begin = () => pay('pm_card_authenticationRequired', { return_url: `${till.shop.url}/back` });

  it('sends the payer to a page, and back to the return_url when it is completed', async () => {
    const waiting = await begin();
    expect(waiting.status).toBe('requires_action');
    const page = await visit(waiting.next_action?.redirect_to_url?.url ?? '');
    expect(textOf(page)).toContain('€20.00');
    const back = new URL(goesTo(await press(page, { name: 'result', value: 'complete' })));
    expect(back.searchParams.get('payment_intent')).toBe(waiting.id);
    expect(back.searchParams.get('redirect_status')).toBe('succeeded');
    expect((await stripe.paymentIntents.retrieve(waiting.id)).status).toBe('succeeded');
    expect(historyOf(till, waiting.id)).toEqual([
      'payment_intent.created',
      'payment_intent.requires_action',
      'payment_intent.succeeded',
    ]);
  });

  it('fails the payment, without a charge, when it is not', async () => {
    const waiting = await begin();
    const page = await visit(waiting.next_action?.redirect_to_url?.url ?? '');
    const back = new URL(goesTo(await press(page, { name: 'result', value: 'fail' })));
    expect(back.searchParams.get('redirect_status')).toBe('failed');
    expect(await stripe.paymentIntents.retrieve(waiting.id)).toMatchObject({
      status: 'requires_payment_method',
      latest_charge: null,
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
    const again = await visit(page.url);
    expect(textOf(again)).toContain('not waiting for a confirmation');
  });

  it('can be passed and still be declined', async () => {
    const waiting = await pay('pm_card_threeDSecureRequiredChargeDeclined');
    const page = await visit(waiting.next_action?.redirect_to_url?.url ?? '');
    const end = await press(page, { name: 'result', value: 'complete' });
    expect(textOf(end)).toContain('Not confirmed');
    expect((await stripe.paymentIntents.retrieve(waiting.id)).last_payment_error?.decline_code).toBe(
      'generic_decline',
    );
  });

  it('cannot be done when nobody is there', async () => {
    const refusal = await refusalOf(pay('pm_card_authenticationRequired', { off_session: true }));
    expect(refusal).toMatchObject({
      code: 'authentication_required',
      decline_code: 'authentication_required',
    });
    const other = await refusalOf(pay('pm_card_authenticationRequired', { error_on_requires_action: true }));
    expect(other.code).toBe('authentication_required');
  });

  it('is not asked for again with a card that was set up for later', async () => {
    const member = await stripe.customers.create();
    const setup = await stripe.setupIntents.create({
      customer: member.id,
      payment_method: 'pm_card_authenticationRequiredOnSetup',
      confirm: true,
      return_url: `${till.shop.url}/saved`,
    });
    expect(setup.status).toBe('requires_action');
    const page = await visit(setup.next_action?.redirect_to_url?.url ?? '');
    expect(goesTo(await press(page, { name: 'result', value: 'complete' }))).toContain(
      'redirect_status=succeeded',
    );
    const [saved] = (await stripe.paymentMethods.list({ customer: member.id })).data;
    const paid = await pay(saved?.id ?? '', { customer: member.id, off_session: true });
    expect(paid.status).toBe('succeeded');
  });
});

describe('money set aside', () => {
  const setAside = () => pay('pm_card_visa', { capture_method: 'manual' });

  it('is taken in full', async () => {
    const held = await setAside();
    expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 2000, amount_received: 0 });
    const taken = await stripe.paymentIntents.capture(held.id);
    expect(taken).toMatchObject({ status: 'succeeded', amount_received: 2000, amount_capturable: 0 });
    expect(historyOf(till, held.id)).toEqual([
      'payment_intent.created',
      'payment_intent.amount_capturable_updated',
      'payment_intent.succeeded',
    ]);
  });

  it('is taken in part, and then cannot be refunded beyond that', async () => {
    const held = await setAside();
    const taken = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 1500 });
    expect(taken.amount_received).toBe(1500);
    const charge = await stripe.charges.retrieve(idOf(taken.latest_charge), {
      expand: ['balance_transaction'],
    });
    expect(charge).toMatchObject({ amount: 2000, amount_captured: 1500 });
    expect(whole(charge.balance_transaction).amount).toBe(1500);
    expect((await refusalOf(stripe.refunds.create({ payment_intent: held.id, amount: 1501 }))).param).toBe(
      'amount',
    );
  });

  it('is also taken by its charge', async () => {
    const held = await setAside();
    const charge = await stripe.charges.capture(idOf(held.latest_charge), { amount: 700 });
    expect(charge).toMatchObject({ captured: true, amount_captured: 700 });
  });

  it('cannot be taken beyond what was set aside', async () => {
    const held = await setAside();
    const refusal = await refusalOf(stripe.paymentIntents.capture(held.id, { amount_to_capture: 2001 }));
    expect(refusal.code).toBe('amount_too_large');
  });

  it('goes back when the payment is canceled', async () => {
    const held = await setAside();
    expect((await stripe.paymentIntents.cancel(held.id)).status).toBe('canceled');
    const charge = await stripe.charges.retrieve(idOf(held.latest_charge));
    expect(charge).toMatchObject({ captured: false, refunded: true, amount_refunded: 2000 });
  });

  it('goes back by itself after seven days', async () => {
    const held = await setAside();
    till.emulator.control.advance(7 * DAY + 1);
    expect(await stripe.paymentIntents.retrieve(held.id)).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'automatic',
    });
    expect(historyOf(till, idOf(held.latest_charge))).toContain('charge.expired');
  });
});

describe('a debit from a bank account', () => {
  const debit = (iban: string) =>
    stripe.paymentIntents.create({
      amount: 3000,
      currency: 'eur',
      confirm: true,
      payment_method_data: { type: 'sepa_debit', sepa_debit: { iban }, billing_details: { name: 'Nora' } },
    });

  it('is on its way for a while and then arrives', async () => {
    const started = await debit('AT32 1904 3002 3547 3204');
    expect(started.status).toBe('processing');
    till.emulator.control.advance(180);
    expect((await stripe.paymentIntents.retrieve(started.id)).status).toBe('succeeded');
    expect(historyOf(till, started.id)).toEqual([
      'payment_intent.created',
      'payment_intent.processing',
      'payment_intent.succeeded',
    ]);
  });

  it('or comes back unpaid', async () => {
    const started = await debit('AT051904300235473205');
    till.emulator.control.advance(180);
    expect(await stripe.paymentIntents.retrieve(started.id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_method_customer_decline' },
    });
  });

  it('is decided at once by some accounts, and never taken from an unknown one', async () => {
    expect((await debit('AT611904300234573201')).status).toBe('succeeded');
    expect((await debit('AT861904300235473202')).status).toBe('requires_payment_method');
    expect((await refusalOf(debit('DE89370400440532013000'))).code).toBe('invalid_bank_account_iban');
  });
});

describe('saved cards', () => {
  it('are attached, listed, changed and let go', async () => {
    const member = await aMember(till);
    const [saved] = (await stripe.customers.listPaymentMethods(member.id)).data;
    expect(saved?.card).toMatchObject({ brand: 'visa', last4: '4242', funding: 'credit' });
    const changed = await stripe.paymentMethods.update(saved?.id ?? '', {
      billing_details: { name: 'N. Weiss' },
      card: { exp_month: 1, exp_year: 2035 },
    });
    expect(changed).toMatchObject({
      billing_details: { name: 'N. Weiss' },
      card: { exp_month: 1, exp_year: 2035 },
    });
    expect((await stripe.paymentMethods.detach(changed.id)).customer).toBeNull();
    expect((await stripe.paymentMethods.list({ customer: member.id })).data).toEqual([]);
  });

  it('belong to one customer', async () => {
    const member = await aMember(till);
    const stranger = await stripe.customers.create();
    const card = idOf(member.invoice_settings.default_payment_method);
    const refusal = await refusalOf(pay(card, { customer: stranger.id }));
    expect(refusal.code).toBe('payment_method_unexpected_state');
    expect((await refusalOf(stripe.customers.retrievePaymentMethod(stranger.id, card))).statusCode).toBe(404);
  });

  it('are kept by a payment that says so', async () => {
    const member = await stripe.customers.create();
    await pay('pm_card_mastercard', { customer: member.id, setup_future_usage: 'off_session' });
    expect((await stripe.paymentMethods.list({ customer: member.id })).data[0]?.card?.brand).toBe(
      'mastercard',
    );
  });

  it('can be good for saving and bad for charging', async () => {
    const member = await aMember(till, 'pm_card_chargeCustomerFail');
    const card = idOf(member.invoice_settings.default_payment_method);
    const refusal = await refusalOf(pay(card, { customer: member.id, off_session: true }));
    expect(refusal.decline_code).toBe('generic_decline');
  });

  it('are set up, listed and noted on', async () => {
    const member = await stripe.customers.create();
    const setup = await stripe.setupIntents.create({ customer: member.id, payment_method: 'pm_card_visa' });
    expect(setup.status).toBe('requires_confirmation');
    await stripe.setupIntents.update(setup.id, { metadata: { a: '1' }, description: 'for later' });
    expect((await stripe.setupIntents.confirm(setup.id)).status).toBe('succeeded');
    const listed = await stripe.setupIntents.list({ customer: member.id });
    expect(listed.data).toMatchObject([{ id: setup.id, metadata: { a: '1' }, description: 'for later' }]);
    for (const call of [stripe.setupIntents.confirm(setup.id), stripe.setupIntents.cancel(setup.id)])
      expect((await refusalOf(call)).code).toBe('setup_intent_unexpected_state');
    const empty = await stripe.setupIntents.create();
    expect((await refusalOf(stripe.setupIntents.confirm(empty.id))).param).toBe('payment_method');
    expect((await refusalOf(stripe.setupIntents.retrieve('seti_none'))).statusCode).toBe(404);
  });

  it('that need 3-D Secure are not kept when it fails', async () => {
    const member = await stripe.customers.create();
    const setup = await stripe.setupIntents.create({
      customer: member.id,
      payment_method: 'pm_card_authenticationRequiredOnSetup',
      confirm: true,
      return_url: `${till.shop.url}/saved`,
    });
    const page = await visit(setup.next_action?.redirect_to_url?.url ?? '');
    expect(goesTo(await press(page, { name: 'result', value: 'fail' }))).toContain('redirect_status=failed');
    expect((await stripe.setupIntents.retrieve(setup.id)).last_setup_error?.code).toBe(
      'setup_intent_authentication_failure',
    );
    expect((await stripe.paymentMethods.list({ customer: member.id })).data).toEqual([]);
  });

  it('that are declined cannot be set up', async () => {
    const setup = await stripe.setupIntents.create({ payment_method: 'pm_card_chargeDeclined' });
    const refusal = await refusalOf(stripe.setupIntents.confirm(setup.id));
    expect(refusal).toMatchObject({
      code: 'card_declined',
      setup_intent: { status: 'requires_payment_method' },
    });
    expect((await stripe.setupIntents.cancel(setup.id)).status).toBe('canceled');
  });
});

describe('typed card numbers', () => {
  const typed = (card: Partial<Stripe.PaymentMethodCreateParams.Card>) =>
    stripe.paymentMethods.create({
      type: 'card',
      card: { number: '4242424242424242', exp_month: 12, exp_year: 2034, cvc: '123', ...card },
    });

  it.each([
    [{ number: '4242424242424241' }, 'incorrect_number'],
    [{ number: '42' }, 'invalid_number'],
    [{ exp_month: 13 }, 'invalid_expiry_month'],
    [{ exp_year: 2020 }, 'invalid_expiry_year'],
    [{ cvc: '12' }, 'invalid_cvc'],
  ])('%j are refused as %s', async (card, code) => {
    expect(await refusalOf(typed(card))).toMatchObject({ type: 'StripeCardError', code });
  });

  it('of a real card are refused, whatever else is right', async () => {
    const refusal = await refusalOf(typed({ number: '4539578763621486' }));
    expect(refusal).toMatchObject({ code: 'card_declined', decline_code: 'test_mode_live_card' });
  });

  it.each(CARDS.map(({ number, does, brand }) => [number, does, brand]))(
    '%s, which %s, can be typed',
    async (number, _does, brand) => {
      const cvc = number.length === 15 ? '1234' : '123';
      expect((await typed({ number, cvc })).card).toMatchObject({ brand, last4: number.slice(-4) });
    },
  );
});
