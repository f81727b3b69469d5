import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aClass, aMember, aPlan, DAY, HOUR, idOf, whole } from './goods.ts';
import { about, historyOf, openTill, refusalOf, type Till } from './till.ts';
import { goesTo, press, textOf, valueOf, visit, type Sight } from './visitor.ts';

let till: Till;
let stripe: Stripe;
beforeAll(async () => {
  till = await openTill();
  stripe = till.stripe;
});
afterAll(() => till.close());
beforeEach(() => till.emulator.control.reset());

type Params = Stripe.Checkout.SessionCreateParams;

const open = (more: Params = {}) =>
  stripe.checkout.sessions.create({
    success_url: `${till.shop.url}/thanks?checkout={CHECKOUT_SESSION_ID}`,
    cancel_url: `${till.shop.url}/cart`,
    line_items: [aClass()],
    ...more,
  });

const card = (number = '4242 4242 4242 4242') => ({
  email: 'nora@example.com',
  card_number: number,
  card_expiry: '12 / 34',
  card_cvc: '123',
  card_name: 'Nora Weiss',
});

const pay = (page: Sight, values: Record<string, string> = card()) => press(page, { name: 'pay' }, values);

describe('a session', () => {
  it('knows what is sold, to whom, for how much and until when', async () => {
    const session = await open({
      line_items: [{ ...aClass(), quantity: 2 }, aClass(350, 'eur', 'Oat flat white')],
      client_reference_id: 'order-1',
      customer_email: 'nora@example.com',
      metadata: { order: '1' },
      locale: 'es-419',
    });
    expect(session).toMatchObject({
      object: 'checkout.session',
      mode: 'payment',
      status: 'open',
      payment_status: 'unpaid',
      ui_mode: 'hosted_page',
      amount_subtotal: 3150,
      amount_total: 3150,
      currency: 'eur',
      client_reference_id: 'order-1',
      customer_email: 'nora@example.com',
      metadata: { order: '1' },
      payment_intent: null,
      customer: null,
    });
    expect(session.expires_at - session.created).toBe(DAY);
    const lines = await stripe.checkout.sessions.listLineItems(session.id);
    expect(lines.data).toMatchObject([
      { description: 'Vinyasa Flow', quantity: 2, amount_total: 2800 },
      { description: 'Oat flat white', quantity: 1, amount_total: 350 },
    ]);
    expect((await stripe.checkout.sessions.list({ status: 'open' })).data[0]?.id).toBe(session.id);
    const noted = await stripe.checkout.sessions.update(session.id, { metadata: { note: 'x' } });
    expect(noted.metadata).toEqual({ order: '1', note: 'x' });
  });

  it.each<[string, Params, RegExp]>([
    ['nothing to sell', { line_items: [] }, /must provide line_items/],
    ['two currencies', { line_items: [aClass(), aClass(900, 'ars')] }, /same currency/],
    ['too small a sum', { line_items: [aClass(20)] }, /at least/],
    ['an expiry too soon', { expires_at: Math.floor(Date.now() / 1000) + 15 * 60 }, /at least 30 minutes/],
    ['an expiry too late', { expires_at: Math.floor(Date.now() / 1000) + 2 * DAY }, /less than 24 hours/],
    ['no address to return to', { success_url: '' }, /valid URL/],
    ['another way of showing it', { ui_mode: 'elements' }, /hosted_page/],
    ['an unknown price', { line_items: [{ price: 'price_none' }] }, /No such price/],
    ['an unknown customer', { customer: 'cus_none' }, /No such customer/],
    ['a customer and an e-mail', { customer: 'cus_1', customer_email: 'a@b.co' }, /only specify one/],
    ['a quantity of nothing', { line_items: [{ ...aClass(), quantity: 0 }] }, /greater than or equal to 1/],
    [
      'what belongs to another mode',
      { subscription_data: { metadata: {}, description: 'x' } },
      /payment.*mode/,
    ],
    ['an unknown coupon', { discounts: [{ coupon: 'NONE' }] }, /No such coupon/],
  ])('is refused with %s', async (_what, params, message) => {
    const refusal = await refusalOf(open(params));
    expect(refusal.statusCode).toBe(400);
    expect(refusal.message).toMatch(message);
  });

  it('can be ended by the shop, once', async () => {
    const session = await open();
    expect(await stripe.checkout.sessions.expire(session.id)).toMatchObject({ status: 'expired', url: null });
    expect((await refusalOf(stripe.checkout.sessions.expire(session.id))).code).toBe(
      'resource_invalid_state',
    );
    await till.shop.event('checkout.session.expired', about(session.id));
  });

  it('ends by itself when its time is over', async () => {
    const session = await open({ expires_at: till.emulator.control.now() + HOUR });
    till.emulator.control.advance(HOUR);
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('expired');
  });
});

describe('the hosted page, without any script', () => {
  it('shows what is bought and leads back to the shop', async () => {
    const session = await open({
      branding_settings: { display_name: 'Lotus & Bean' },
      line_items: [{ ...aClass(), quantity: 2 }],
      submit_type: 'book',
      custom_text: { submit: { message: 'See you on the mat.' } },
    });
    const page = await visit(session.url ?? '');
    expect(page.status).toBe(200);
    const text = textOf(page);
    for (const words of [
      'TEST MODE – no real money',
      'Back to Lotus & Bean',
      'Vinyasa Flow',
      '2 × €14.00',
      '€28.00',
      'Book for €28.00',
      'See you on the mat.',
      '4242 4242 4242 4242',
    ])
      expect(text).toContain(words);
    expect(page.html).toContain(`href="${till.shop.url}/cart"`);
    expect(page.html).toContain('lang="en"');
  });

  it('allows itself no foreign script, style or frame, and forms to itself and the shop only', async () => {
    const page = await visit((await open()).url ?? '');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain(`form-action 'self' ${till.shop.url}`);
    expect(policy).not.toContain('unsafe');
    expect(page.html).not.toMatch(/ style=| on\w+=|<script(?![^>]*src=)/);
    expect(page.headers.get('cache-control')).toBe('no-store');
  });

  it('takes the money and sends the customer to the shop, telling it by webhook', async () => {
    const session = await open({
      metadata: { order: '5' },
      payment_intent_data: { metadata: { order: '5' } },
    });
    const done = await pay(await visit(session.url ?? ''));
    expect(done.status).toBe(303);
    expect(goesTo(done)).toBe(`${till.shop.url}/thanks?checkout=${session.id}`);
    const paid = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent.latest_charge'],
    });
    expect(paid).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      url: null,
      customer_details: { email: 'nora@example.com', name: 'Nora Weiss' },
    });
    const intent = whole(paid.payment_intent);
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 1400, metadata: { order: '5' } });
    expect(whole(intent.latest_charge).billing_details).toMatchObject({ name: 'Nora Weiss' });
    const told = await till.shop.event('checkout.session.completed', about(session.id));
    expect(told.data.object).toMatchObject({ payment_status: 'paid', metadata: { order: '5' } });
    const bySession = await stripe.checkout.sessions.list({ payment_intent: intent.id });
    expect(bySession.data.map(({ id }) => id)).toEqual([session.id]);
  });

  it('fills a test card in when its button is pressed, and keeps what was typed', async () => {
    const page = await visit((await open()).url ?? '');
    const filled = await press(
      page,
      { name: 'fill', value: '4242424242424242' },
      { email: 'nora@example.com' },
    );
    expect(filled.status).toBe(200);
    expect(valueOf(filled, 'email')).toBe('nora@example.com');
    expect(valueOf(filled, 'card_number')).toBe('4242 4242 4242 4242');
    expect(valueOf(filled, 'card_expiry')).toBe('12 / 34');
    expect(goesTo(await press(filled, { name: 'pay' }))).toContain('/thanks');
  });

  it('says why a card was declined, keeps everything typed, and takes another card', async () => {
    const session = await open();
    const page = await visit(session.url ?? '');
    const declined = await pay(page, card('4000 0000 0000 9995'));
    expect(declined.status).toBe(402);
    expect(textOf(declined)).toContain('The card has too little money');
    expect(declined.html).toMatch(
      /id="card_number"[^>]*aria-describedby="card_number-error"[^>]*aria-invalid="true"/,
    );
    for (const [name, value] of Object.entries(card('4000 0000 0000 9995')))
      expect(valueOf(declined, name)).toBe(value);
    const begun = await stripe.checkout.sessions.retrieve(session.id);
    const failed = await till.shop.event('payment_intent.payment_failed', about(idOf(begun.payment_intent)));
    expect((failed.data.object as Stripe.PaymentIntent).last_payment_error?.decline_code).toBe(
      'insufficient_funds',
    );
    expect(begun.status).toBe('open');
    // Who comes back later still reads why, and finds the address typed before.
    const later = await visit(session.url ?? '');
    expect(textOf(later)).toContain('The card has too little money');
    expect(valueOf(later, 'email')).toBe('nora@example.com');
    expect(goesTo(await pay(declined))).toContain('/thanks');
    const { payment_intent } = await stripe.checkout.sessions.retrieve(session.id);
    const charges = await stripe.charges.list({ payment_intent: idOf(payment_intent) });
    expect(charges.data.map(({ status }) => status)).toEqual(['succeeded', 'failed']);
  });

  it.each<[string, Record<string, string>, string]>([
    ['email', { email: '' }, 'Enter an e-mail address'],
    ['email', { email: 'nora' }, 'does not look like an e-mail'],
    ['card_number', { card_number: '' }, 'Enter a card number'],
    ['card_number', { card_number: '4242 4242 4242 4241' }, 'not right'],
    ['card_number', { card_number: '4539 5787 6362 1486' }, 'Never enter a real card'],
    ['card_expiry', { card_expiry: 'soon' }, 'MM / YY'],
    ['card_expiry', { card_expiry: '01/20' }, 'too far away'],
    ['card_cvc', { card_cvc: '1' }, 'three digits'],
    ['card_name', { card_name: '' }, 'Enter a name'],
  ])('ties what is wrong to the field: %s %j', async (name, wrong, message) => {
    const session = await open();
    const again = await pay(await visit(session.url ?? ''), { ...card(), ...wrong });
    expect(again.status).toBe(422);
    expect(textOf(again)).toContain(message);
    expect(again.html).toMatch(new RegExp(`id="${name}-error"`));
    expect(again.html).toMatch(new RegExp(`id="${name}"[^>]*aria-invalid="true"`));
    expect(again.html).toContain('role="alert"');
    // Nothing was tried.
    expect((await stripe.checkout.sessions.retrieve(session.id)).payment_intent).toBeNull();
  });

  it('asks for 3-D Secure, on to the shop when it is completed', async () => {
    const session = await open({ branding_settings: { display_name: 'Lotus & Bean' } });
    const challenge = await pay(await visit(session.url ?? ''), card('4000 0025 0000 3155'));
    const page = await visit(goesTo(challenge));
    expect(textOf(page)).toContain('€14.00 to Lotus & Bean');
    expect(textOf(page)).toContain('Card ending in 3155');
    expect(goesTo(await press(page, { name: 'result', value: 'complete' }))).toContain(
      `/thanks?checkout=${session.id}`,
    );
    expect((await stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe('paid');
  });

  it('goes back to the page with the reason when 3-D Secure fails', async () => {
    const session = await open();
    const challenge = await visit(
      goesTo(await pay(await visit(session.url ?? ''), card('4000 0025 0000 3155'))),
    );
    const back = await visit(goesTo(await press(challenge, { name: 'result', value: 'fail' })));
    expect(back.url).toBe(session.url);
    expect(textOf(back)).toContain('not confirmed with the bank');
    expect(valueOf(back, 'card_number')).toBe('4000 0025 0000 3155');
    expect(goesTo(await pay(back))).toContain('/thanks');
  });

  it('says so when it is paid, expired or unknown', async () => {
    const paid = await open();
    const page = await visit(paid.url ?? '');
    await pay(page);
    const again = await visit(page.url);
    expect(textOf(again)).toContain('This is paid');
    expect(again.html).toContain(`/thanks?checkout=${paid.id}`);
    expect(goesTo(await pay(page))).toContain('/thanks');
    expect((await stripe.charges.list()).data).toHaveLength(1);
    const ended = await open();
    await stripe.checkout.sessions.expire(ended.id);
    const gone = await visit(ended.url ?? '');
    expect(gone.status).toBe(410);
    expect(textOf(gone)).toContain('has expired');
    expect(gone.html).toContain(`href="${till.shop.url}/cart"`);
    expect((await pay({ ...gone, html: '' })).status).toBe(410);
    const unknown = await visit(`${till.emulator.url}/c/pay/cs_test_none`);
    expect(unknown.status).toBe(404);
    expect((await visit(`${till.emulator.url}/nowhere`)).status).toBe(404);
  });

  it('speaks Spanish where asked to, by the shop or by the browser, and writes pesos as in Buenos Aires', async () => {
    const session = await open({
      locale: 'es',
      line_items: [aClass(1_850_000, 'ars', 'Taller de afeitado')],
    });
    const page = await visit(session.url ?? '', { 'accept-language': 'en' });
    expect(page.html).toContain('lang="es"');
    expect(textOf(page)).toContain('MODO DE PRUEBA – sin dinero real');
    expect(textOf(page)).toContain('$ 18.500,00');
    const declined = await pay(page, card('4000000000000002'));
    expect(textOf(declined)).toContain('La tarjeta fue rechazada');
    const auto = await open({ locale: 'auto' });
    const spanish = await visit(auto.url ?? '', { 'accept-language': 'fr;q=0.9, es-AR;q=0.8, en;q=0.3' });
    expect(spanish.html).toContain('lang="es"');
    expect((await visit(auto.url ?? '')).html).toContain('lang="en"');
  });

  it('shows words as words, whatever is in them', async () => {
    const session = await open({
      line_items: [aClass(1400, 'eur', '<b>"Tea" & \'cake\'</b><script>alert(1)</script>')],
    });
    const page = await visit(session.url ?? '');
    expect(page.html).not.toContain('<script>alert');
    expect(page.html).toContain('&lt;b&gt;&quot;Tea&quot; &amp; &#39;cake&#39;&lt;/b&gt;');
  });

  it('charges nothing for nothing', async () => {
    const coupon = await stripe.coupons.create({ percent_off: 100 });
    const session = await open({ discounts: [{ coupon: coupon.id }] });
    expect(session).toMatchObject({ amount_total: 0, payment_status: 'no_payment_required' });
    const page = await visit(session.url ?? '');
    expect(page.html).not.toContain('card_number');
    expect(goesTo(await pay(page, { email: 'nora@example.com' }))).toContain('/thanks');
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: 'complete',
      payment_status: 'no_payment_required',
      payment_intent: null,
    });
  });

  it('takes a promotion code and gives it back', async () => {
    const coupon = await stripe.coupons.create({ percent_off: 25, name: 'Spring' });
    await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'SPRING' });
    const session = await open({ allow_promotion_codes: true });
    const page = await visit(session.url ?? '');
    const wrong = await press(
      page,
      { name: 'apply' },
      { promotion_code: 'WINTER', email: 'nora@example.com' },
    );
    expect(wrong.status).toBe(422);
    expect(textOf(wrong)).toContain('This code cannot be used');
    const applied = await press(wrong, { name: 'apply' }, { promotion_code: 'spring' });
    expect(textOf(applied)).toContain('Discount: Spring');
    expect(textOf(applied)).toContain('€10.50');
    expect(valueOf(applied, 'email')).toBe('nora@example.com');
    const removed = await press(applied, { name: 'remove' });
    expect(textOf(removed)).not.toContain('Discount');
    await press(removed, { name: 'apply' }, { promotion_code: 'SPRING' });
    await pay(removed);
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      amount_total: 1050,
      total_details: { amount_discount: 350 },
      discounts: [{ coupon: coupon.id }],
    });
    expect((await stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(1);
  });

  it('takes a bank debit that arrives later, or never', async () => {
    const debit = (iban: string) => ({
      email: 'nora@example.com',
      method: 'sepa_debit',
      iban,
      account_name: 'Nora Weiss',
    });
    const good = await open();
    const page = await visit(good.url ?? '');
    const filled = await press(
      page,
      { name: 'fill', value: 'AT321904300235473204' },
      { email: 'nora@example.com' },
    );
    expect(goesTo(await press(filled, { name: 'pay' }))).toContain('/thanks');
    expect(await stripe.checkout.sessions.retrieve(good.id)).toMatchObject({
      status: 'complete',
      payment_status: 'unpaid',
    });
    till.emulator.control.advance(180);
    await till.shop.event('checkout.session.async_payment_succeeded', about(good.id));
    expect((await stripe.checkout.sessions.retrieve(good.id)).payment_status).toBe('paid');
    const bad = await open();
    await pay(await visit(bad.url ?? ''), debit('AT05 1904 3002 3547 3205'));
    till.emulator.control.advance(180);
    await till.shop.event('checkout.session.async_payment_failed', about(bad.id));
    const wrong = await pay(await visit((await open()).url ?? ''), debit('DE00'));
    expect(textOf(wrong)).toContain('Only the test accounts');
  });

  it('sets money aside when the shop wants to take it later', async () => {
    const session = await open({ payment_intent_data: { capture_method: 'manual' } });
    await pay(await visit(session.url ?? ''));
    const held = await stripe.checkout.sessions.retrieve(session.id);
    expect(held).toMatchObject({ status: 'complete', payment_status: 'unpaid' });
    await stripe.paymentIntents.capture(idOf(held.payment_intent));
    expect((await stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe('paid');
  });
});

describe('the payment behind a session', () => {
  it('can be neither confirmed nor canceled while the session is open, and goes when it expires', async () => {
    const session = await open();
    await pay(await visit(session.url ?? ''), card('4000000000000002'));
    const intent = idOf((await stripe.checkout.sessions.retrieve(session.id)).payment_intent);
    expect((await refusalOf(stripe.paymentIntents.cancel(intent))).message).toMatch(
      /expire the Checkout Session/,
    );
    expect(
      (await refusalOf(stripe.paymentIntents.confirm(intent, { payment_method: 'pm_card_visa' }))).message,
    ).toMatch(/hosted page/);
    await stripe.checkout.sessions.expire(session.id);
    expect((await stripe.paymentIntents.retrieve(intent)).status).toBe('canceled');
  });

  it('leads to one payment only, however often and wherever the button is pressed', async () => {
    const session = await open();
    const page = await visit(session.url ?? '');
    const all = await Promise.all(Array.from({ length: 8 }, () => pay(page)));
    expect(new Set(all.map(goesTo)).size).toBe(1);
    expect((await stripe.charges.list()).data).toHaveLength(1);
    expect(historyOf(till, session.id)).toEqual(['checkout.session.completed']);
  });

  it('belongs to the customer the shop named, or to a new one when it wants one', async () => {
    const member = await aMember(till);
    const named = await open({ customer: member.id });
    const page = await visit(named.url ?? '');
    expect(valueOf(page, 'email')).toBe('nora@example.com');
    await pay(page);
    const { payment_intent } = await stripe.checkout.sessions.retrieve(named.id, {
      expand: ['payment_intent'],
    });
    expect(whole(payment_intent).customer).toBe(member.id);
    const fresh = await open({ customer_creation: 'always' });
    await pay(await visit(fresh.url ?? ''), { ...card(), email: 'new@example.com' });
    const { customer } = await stripe.checkout.sessions.retrieve(fresh.id, { expand: ['customer'] });
    expect(customer).toMatchObject({ email: 'new@example.com', name: 'Nora Weiss' });
  });
});

describe('other kinds of session', () => {
  it('sell a subscription', async () => {
    const session = await open({
      mode: 'subscription',
      line_items: [{ price: await aPlan(till), quantity: 1 }],
      subscription_data: { metadata: { plan: 'unlimited' } },
    });
    const page = await visit(session.url ?? '');
    expect(textOf(page)).toContain('Subscribe for €30.00');
    expect(textOf(page)).toContain('€30.00 a month');
    expect((await pay(page, card('4000000000000002'))).status).toBe(402);
    expect((await stripe.checkout.sessions.retrieve(session.id)).subscription).toBeNull();
    expect(goesTo(await pay(page))).toContain('/thanks');
    const done = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['subscription.latest_invoice', 'customer'],
    });
    expect(done).toMatchObject({ status: 'complete', payment_status: 'paid' });
    const subscription = whole(done.subscription);
    expect(subscription).toMatchObject({ status: 'active', metadata: { plan: 'unlimited' } });
    expect(subscription.default_payment_method).toMatch(/^pm_/);
    expect(whole(subscription.latest_invoice)).toMatchObject({ status: 'paid', amount_paid: 3000 });
    expect(
      (await stripe.subscriptions.list({ customer: idOf(done.customer), status: 'all' })).data,
    ).toHaveLength(1);
  });

  it('sell a subscription through 3-D Secure', async () => {
    const session = await open({ mode: 'subscription', line_items: [{ price: await aPlan(till) }] });
    const challenge = await visit(
      goesTo(await pay(await visit(session.url ?? ''), card('4000002760003184'))),
    );
    expect(goesTo(await press(challenge, { name: 'result', value: 'complete' }))).toContain('/thanks');
    const { subscription } = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['subscription'],
    });
    expect(whole(subscription).status).toBe('active');
  });

  it('begin a trial, keeping the card for later', async () => {
    const session = await open({
      mode: 'subscription',
      line_items: [{ price: await aPlan(till) }],
      subscription_data: { trial_period_days: 7 },
    });
    const page = await visit(session.url ?? '');
    expect(textOf(page)).toContain('Then €30.00 a month');
    expect(textOf(page)).toContain('Start trial');
    expect(goesTo(await pay(page))).toContain('/thanks');
    const { subscription, payment_status } = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['subscription'],
    });
    expect(payment_status).toBe('no_payment_required');
    expect(whole(subscription)).toMatchObject({ status: 'trialing', pending_setup_intent: null });
    expect(whole(subscription).default_payment_method).toMatch(/^pm_/);
  });

  it('give an unfinished subscription up with the session', async () => {
    const session = await open({ mode: 'subscription', line_items: [{ price: await aPlan(till) }] });
    await pay(await visit(session.url ?? ''), card('4000000000000002'));
    await stripe.checkout.sessions.expire(session.id);
    const { data } = await stripe.subscriptions.list({ status: 'all' });
    expect(data.map(({ status }) => status)).toEqual(['incomplete_expired']);
  });

  it('save a card', async () => {
    const member = await stripe.customers.create();
    const session = await open({ mode: 'setup', line_items: [], customer: member.id, currency: 'eur' });
    const page = await visit(session.url ?? '');
    expect(textOf(page)).toContain('Save card');
    expect((await pay(page, card('4000000000000002'))).status).toBe(402);
    expect(goesTo(await pay(page))).toContain('/thanks');
    const { setup_intent } = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['setup_intent'],
    });
    expect(whole(setup_intent).status).toBe('succeeded');
    expect((await stripe.paymentMethods.list({ customer: member.id })).data).toHaveLength(1);
  });

  it('need a plan to subscribe to, and sell none as a single payment', async () => {
    expect((await refusalOf(open({ mode: 'subscription' }))).message).toMatch(/recurring/);
    const price = await aPlan(till);
    expect((await refusalOf(open({ line_items: [{ price }] }))).message).toMatch(/recurring/);
    expect((await refusalOf(open({ mode: 'setup' }))).message).toMatch(/setup/);
  });
});

describe('receipts', () => {
  it('can be read', async () => {
    const paid = await stripe.paymentIntents.create({
      amount: 2500,
      currency: 'eur',
      description: 'Yin, Sunday',
      payment_method: 'pm_card_visa',
      confirm: true,
      expand: ['latest_charge'],
    });
    await stripe.refunds.create({ payment_intent: paid.id, amount: 500 });
    const page = await visit(whole(paid.latest_charge).receipt_url ?? '');
    for (const words of ['€25.00 paid', '€5.00 refunded', 'Yin, Sunday'])
      expect(textOf(page)).toContain(words);
    expect((await visit(`${till.emulator.url}/receipts/ch_none`)).status).toBe(404);
  });
});
