import fc from 'fast-check';
import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { about, openTill, refusalOf, sdkFor, type Till } from './till.ts';

let till: Till;
let stripe: Stripe;
beforeAll(async () => {
  till = await openTill({ retryDelays: [5, 5, 5] });
  stripe = till.stripe;
});
afterAll(() => till.close());
beforeEach(async () => {
  await till.emulator.control.idle();
  till.emulator.control.reset();
  till.shop.received.length = 0;
});

const pay = () =>
  stripe.paymentIntents.create({
    amount: 2000,
    currency: 'eur',
    payment_method: 'pm_card_visa',
    confirm: true,
  });

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${till.emulator.url}/_emulator${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as T;
}

describe('deliveries', () => {
  it('can be doubled', async () => {
    till.emulator.control.addFaults({ duplicate: 2 });
    const { id } = await stripe.customers.create();
    await till.shop.count(3);
    expect(new Set(till.shop.received.map((event) => event.id)).size).toBe(1);
    expect(till.shop.received.every(about(id))).toBe(true);
  });

  it('can be shuffled, and none is lost', async () => {
    till.emulator.control.addFaults({ shuffle: true });
    await Promise.all(Array.from({ length: 10 }, pay));
    await till.shop.count(40);
    const sent = till.emulator.control.events({ limit: 100 }).map(({ id }) => id);
    expect(till.shop.received.map(({ id }) => id).sort()).toEqual(sent.sort());
    expect(till.shop.received.map(({ id }) => id)).not.toEqual(sent.reverse());
  });

  it.each(['forward', 'reverse', 'shuffled'] as const)('can be held back and released %s', async (order) => {
    till.emulator.control.addFaults({ hold: true });
    const paid = await pay();
    await till.emulator.control.idle();
    expect(till.shop.received).toEqual([]);
    expect(till.emulator.control.state().held).toBe(4);
    till.emulator.control.release(order);
    await till.shop.count(4);
    const types = till.shop.received.filter(about(paid.id)).map(({ type }) => type);
    if (order === 'forward') expect(types).toEqual(['payment_intent.created', 'payment_intent.succeeded']);
    expect(types.sort()).toEqual(['payment_intent.created', 'payment_intent.succeeded']);
    // The hold itself goes on until it is ended.
    await stripe.customers.create();
    expect(till.emulator.control.state().held).toBe(1);
    till.emulator.control.addFaults({ hold: false });
    await till.shop.event('customer.created');
  });

  it('can fail to arrive at first', async () => {
    till.emulator.control.addFaults({ drop: { times: 2, type: 'payment_intent.*' } });
    const { id } = await pay();
    await till.shop.event('payment_intent.succeeded', about(id));
    await till.shop.event('payment_intent.created', about(id));
    const failed = till.emulator.control.deliveries().filter(({ status }) => status === 0);
    expect(failed.map(({ attempt }) => attempt)).toEqual([1, 1]);
  });

  it('can be lost for good, so that only the list of events knows', async () => {
    till.emulator.control.addFaults({ drop: { type: 'payment_intent.succeeded', forever: true } });
    const { id } = await pay();
    await till.shop.count(3);
    await till.emulator.control.idle();
    expect(till.shop.received.map(({ type }) => type)).not.toContain('payment_intent.succeeded');
    const listed = await stripe.events.list({ type: 'payment_intent.succeeded' });
    expect(listed.data.some(about(id))).toBe(true);
  });

  it('can be late', async () => {
    till.emulator.control.addFaults({ delay: { webhooks: 40 } });
    const { id } = await stripe.customers.create();
    expect(till.shop.received).toEqual([]);
    await till.shop.event('customer.created', about(id));
  });

  it('end in the same news whatever is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ duplicate: fc.integer({ min: 0, max: 2 }), shuffle: fc.boolean(), hold: fc.boolean() }),
        fc.constantFrom('forward' as const, 'reverse' as const, 'shuffled' as const),
        async (faults, order) => {
          till.emulator.control.reset();
          till.shop.received.length = 0;
          till.emulator.control.addFaults(faults);
          await Promise.all([pay(), pay()]);
          till.emulator.control.addFaults({ hold: false, release: order });
          await till.shop.count(8 * (faults.duplicate + 1));
          const told = new Set(till.shop.received.map(({ id }) => id));
          expect(told).toEqual(new Set(till.emulator.control.events().map(({ id }) => id)));
        },
      ),
      { numRuns: 12 },
    );
  });
});

describe('calls', () => {
  it('can fail a number of times, and nothing happens meanwhile', async () => {
    till.emulator.control.addFaults({
      fail: { times: 2, status: 503, code: 'lock_timeout', message: 'busy' },
    });
    for (let at = 0; at < 2; at++)
      expect(await refusalOf(stripe.customers.create())).toMatchObject({
        type: 'StripeAPIError',
        statusCode: 503,
        code: 'lock_timeout',
        message: 'busy',
      });
    expect((await stripe.customers.create()).object).toBe('customer');
    expect((await stripe.customers.list()).data).toHaveLength(1);
  });

  it('can be slowed down, told off or cut short', async () => {
    till.emulator.control.addFaults({ fail: { status: 429 } });
    expect((await refusalOf(stripe.customers.list())).type).toBe('StripeRateLimitError');
    till.emulator.control.addFaults({ fail: { status: 400, code: 'odd' } });
    expect((await refusalOf(stripe.customers.list())).type).toBe('StripeInvalidRequestError');
    till.emulator.control.addFaults({ fail: { status: 0, times: 2 } });
    expect((await refusalOf(stripe.customers.list())).type).toBe('StripeConnectionError');
  });

  it('can fail for one address and method only', async () => {
    till.emulator.control.addFaults({ fail: { path: '/v1/refunds', method: 'POST' } });
    expect((await stripe.refunds.list()).data).toEqual([]);
    const { id } = await pay();
    expect((await refusalOf(stripe.refunds.create({ payment_intent: id }))).statusCode).toBe(500);
    expect((await stripe.refunds.create({ payment_intent: id })).status).toBe('succeeded');
  });

  it('that fail for a moment are carried out by an SDK that tries again', async () => {
    till.emulator.control.addFaults({ fail: { times: 2, status: 500 } });
    const patient = sdkFor(till.emulator.url, till.emulator.secretKey, { maxNetworkRetries: 3 });
    expect((await patient.customers.create()).object).toBe('customer');
  });
});

describe('a fault about one thing', () => {
  it('leaves every other delivery alone', async () => {
    const [first, second] = await Promise.all([stripe.customers.create(), stripe.customers.create()]);
    await till.shop.count(2);
    till.shop.received.length = 0;
    till.emulator.control.addFaults({ drop: { times: 100, forever: true, about: first.id } });
    await stripe.customers.update(first.id, { name: 'a' });
    await stripe.customers.update(second.id, { name: 'b' });
    await till.shop.event('customer.updated', about(second.id));
    await till.emulator.control.idle();
    expect(till.shop.received.some(about(first.id))).toBe(false);
  });

  it('leaves every other call alone, whether it stands in the path or in what is sent', async () => {
    const { id } = await stripe.customers.create();
    till.emulator.control.addFaults({ fail: { times: 2, about: id } });
    till.emulator.control.addFaults({ fail: { about: 'order-7' } });
    expect((await stripe.customers.create()).object).toBe('customer');
    expect((await refusalOf(stripe.customers.retrieve(id))).statusCode).toBe(500);
    expect((await refusalOf(stripe.paymentMethods.list({ customer: id }))).statusCode).toBe(500);
    expect((await refusalOf(stripe.customers.create({ metadata: { order: 'order-7' } }))).statusCode).toBe(
      500,
    );
    expect((await stripe.customers.retrieve(id)).id).toBe(id);
  });
});

describe('the same over HTTP', () => {
  it('asks for faults, shows them and ends them', async () => {
    const asked = await ask('POST', '/faults', { duplicate: true, hold: true, fail: { status: 418 } });
    expect(asked).toMatchObject({ duplicate: 1, hold: true, fail: [{ status: 418, times: 1 }] });
    expect(await ask('GET', '/faults')).toEqual(asked);
    expect((await refusalOf(stripe.customers.create())).statusCode).toBe(418);
    await stripe.customers.create();
    expect(await ask('GET', '/state')).toMatchObject({ held: 2, counts: { customers: 1 } });
    expect(await ask('DELETE', '/faults')).toMatchObject({ duplicate: 0, hold: false, fail: [] });
    expect(await ask('GET', '/deliveries/idle')).toMatchObject({ held: 0 });
    expect(till.shop.received).toHaveLength(2);
  });

  it('reads events and deliveries, sends events again and makes retries now', async () => {
    const { id } = await stripe.customers.create();
    await ask('GET', '/deliveries/idle');
    const events = await ask<{ data: Stripe.Event[] }>('GET', `/events?type=customer.*&object=${id}`);
    expect(events.data).toHaveLength(1);
    const [event] = events.data;
    await ask('POST', `/events/${event?.id}/resend`);
    await till.shop.count(2);
    await ask('GET', '/deliveries/idle');
    const deliveries = await ask<{ data: object[] }>('GET', `/deliveries?event=${event?.id}`);
    expect(deliveries.data).toHaveLength(2);
    await ask('POST', '/faults', { drop: { times: 1 } });
    await stripe.customers.create();
    await ask('POST', '/deliveries/retry');
    await till.shop.count(3);
  });

  it('releases what is held, in the order wanted', async () => {
    await ask('POST', '/faults', { hold: true });
    await pay();
    expect(await ask('POST', '/deliveries/release', { order: 'reverse' })).toMatchObject({ held: 0 });
    await till.shop.count(4);
    expect(till.shop.received[0]?.type).toBe('charge.updated');
  });

  it('moves the clock, which lets a checkout expire', async () => {
    const session = await stripe.checkout.sessions.create({
      success_url: till.shop.url,
      line_items: [{ price_data: { currency: 'eur', unit_amount: 900, product_data: { name: 'Tea' } } }],
    });
    const before = await ask<{ now: number }>('GET', '/clock');
    const after = await ask<{ now: number }>('POST', '/clock', { advance: 86_400 });
    expect(after.now - before.now).toBeGreaterThanOrEqual(86_400);
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('expired');
    await till.shop.event('checkout.session.expired', about(session.id));
  });

  it('lets one thing fall due without moving the clock for the others', async () => {
    const debit = () =>
      stripe.paymentIntents.create({
        amount: 3000,
        currency: 'eur',
        confirm: true,
        payment_method_data: { type: 'sepa_debit', sepa_debit: { iban: 'AT321904300235473204' } },
      });
    const [first, second] = [await debit(), await debit()];
    expect(await ask('POST', '/due', { about: first.id })).toEqual({ due: 1 });
    expect((await stripe.paymentIntents.retrieve(first.id)).status).toBe('succeeded');
    expect((await stripe.paymentIntents.retrieve(second.id)).status).toBe('processing');
    expect(await ask('POST', '/due', { about: first.id })).toEqual({ due: 0 });
  });

  it('forgets everything but the keys and the endpoints', async () => {
    const { id } = await stripe.customers.create();
    await ask('POST', '/state/reset');
    expect((await refusalOf(stripe.customers.retrieve(id))).statusCode).toBe(404);
    expect((await stripe.events.list()).data).toEqual([]);
    await stripe.customers.create();
    await till.shop.event('customer.created', (event) => !about(id)(event));
  });

  it('sends the webhooks elsewhere', async () => {
    await ask('POST', '/webhook', { url: `${till.shop.url}/moved`, secret: 'whsec_moved' });
    till.shop.secret = 'whsec_moved';
    await stripe.customers.create();
    await till.shop.event('customer.created');
    expect(till.shop.forged).toEqual([]);
    till.shop.secret = till.emulator.webhookSecret;
    await ask('POST', '/webhook', { url: `${till.shop.url}/webhooks`, secret: till.emulator.webhookSecret });
  });

  it('says what it can do when asked for something else', async () => {
    const answer = await fetch(`${till.emulator.url}/_emulator/nothing`);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('POST /faults');
    const broken = await fetch(`${till.emulator.url}/_emulator/faults`, { method: 'POST', body: '{' });
    expect(broken.status).toBe(400);
  });
});
