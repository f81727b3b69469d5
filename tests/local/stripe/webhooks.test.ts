import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { about, openTill, refusalOf, type Till } from './till.ts';

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
  till.shop.answer = () => 200;
});

const pay = () =>
  stripe.paymentIntents.create({
    amount: 2000,
    currency: 'eur',
    payment_method: 'pm_card_visa',
    confirm: true,
  });

describe('a webhook', () => {
  it('is signed with the endpoint’s secret, at the real time even when the emulator’s is another', async () => {
    till.emulator.control.advance(90 * 24 * 3600);
    const { id } = await stripe.customers.create();
    const event = await till.shop.event('customer.created', about(id));
    expect(event).toMatchObject({
      object: 'event',
      api_version: '2026-10-28.endive',
      livemode: false,
      data: { object: { id, object: 'customer' } },
    });
    expect(till.shop.forged).toEqual([]);
  });

  it('carries the object as it was when the event happened', async () => {
    till.emulator.control.addFaults({ hold: true });
    const { id } = await stripe.customers.create({ name: 'before' });
    await stripe.customers.update(id, { name: 'after' });
    till.emulator.control.clearFaults();
    const created = await till.shop.event('customer.created', about(id));
    expect((created.data.object as Stripe.Customer).name).toBe('before');
    const updated = await till.shop.event('customer.updated', about(id));
    expect(updated.data.previous_attributes).toEqual({ name: 'before' });
  });

  it('is the very event that can be read back', async () => {
    const { id } = await stripe.customers.create();
    const received = await till.shop.event('customer.created', about(id));
    await till.emulator.control.idle();
    expect(await stripe.events.retrieve(received.id)).toMatchObject({
      id: received.id,
      type: 'customer.created',
      data: received.data,
      pending_webhooks: 0,
    });
  });

  it('comes in the order in which things happened to one object', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, async () => (await pay()).id));
    await till.emulator.control.idle();
    for (const id of ids)
      expect(till.shop.received.filter(about(id)).map(({ type }) => type)).toEqual([
        'payment_intent.created',
        'payment_intent.succeeded',
      ]);
  });

  it('is tried again until it is taken', async () => {
    let refusals = 2;
    till.shop.answer = () => (refusals-- > 0 ? 500 : 200);
    const { id } = await stripe.customers.create();
    await till.shop.count(3);
    await till.emulator.control.idle();
    const [event] = till.emulator.control.events({ object: id });
    expect(
      till.emulator.control.deliveries(event?.id).map(({ attempt, status }) => [attempt, status]),
    ).toEqual([
      [1, 500],
      [2, 500],
      [3, 200],
    ]);
    expect(event?.pending_webhooks).toBe(0);
  });

  it('is not taken when it is answered with a redirect', async () => {
    till.shop.answer = () => (till.shop.received.length ? 200 : 302);
    await stripe.customers.create();
    await till.shop.count(2);
    expect(till.emulator.control.deliveries().map(({ status }) => status)).toContain(302);
  });

  it('counts as pending until then, and is given up in the end', async () => {
    till.shop.answer = () => 503;
    const { id } = await stripe.customers.create();
    await till.shop.count(1);
    const [first] = till.emulator.control.events({ object: id });
    expect(first?.pending_webhooks).toBe(1);
    const undelivered = await stripe.events.list({ delivery_success: false });
    expect(undelivered.data.map((event) => event.id)).toContain(first?.id);
    await till.shop.count(4);
    await till.emulator.control.idle();
    expect((await stripe.events.retrieve(first?.id ?? '')).pending_webhooks).toBe(0);
    expect(till.shop.received).toHaveLength(4);
  });

  it('can be sent once more', async () => {
    const { id } = await stripe.customers.create();
    const event = await till.shop.event('customer.created', about(id));
    till.emulator.control.resend(event.id);
    await till.shop.count(2);
    expect(till.shop.received.map((each) => each.id)).toEqual([event.id, event.id]);
  });
});

describe('webhook endpoints', () => {
  it('hear only of what they asked for, under a secret of their own', async () => {
    const own = await stripe.webhookEndpoints.create({
      url: `${till.shop.url}/second`,
      enabled_events: ['payment_intent.succeeded', 'refund.created'],
    });
    expect(own.secret).toMatch(/^whsec_/);
    expect((await stripe.webhookEndpoints.retrieve(own.id)).secret).toBeUndefined();
    const paid = await pay();
    await till.emulator.control.idle();
    const deliveries = till.emulator.control.deliveries().filter(({ endpoint }) => endpoint === own.id);
    expect(deliveries.map(({ type }) => type)).toContain('payment_intent.succeeded');
    expect(new Set(deliveries.map(({ type }) => type)).size).toBe(1);
    // The shop knows only the first endpoint's secret, so what came to the second did not convince it.
    expect(till.shop.forged.length).toBeGreaterThan(0);
    till.shop.forged.length = 0;
    expect(paid.status).toBe('succeeded');
    await stripe.webhookEndpoints.del(own.id);
  });

  it('can be changed, silenced, listed and removed', async () => {
    const made = await stripe.webhookEndpoints.create({
      url: `${till.shop.url}/third`,
      enabled_events: ['*'],
      metadata: { for: 'test' },
    });
    const silent = await stripe.webhookEndpoints.update(made.id, {
      disabled: true,
      enabled_events: ['charge.refunded'],
    });
    expect(silent).toMatchObject({ status: 'disabled', enabled_events: ['charge.refunded'] });
    await pay();
    await till.emulator.control.idle();
    expect(till.emulator.control.deliveries().filter(({ endpoint }) => endpoint === made.id)).toEqual([]);
    expect((await stripe.webhookEndpoints.list()).data.map(({ id }) => id)).toContain(made.id);
    expect(await stripe.webhookEndpoints.del(made.id)).toMatchObject({ deleted: true });
    expect((await refusalOf(stripe.webhookEndpoints.retrieve(made.id))).statusCode).toBe(404);
  });

  it.each(['nonsense', 'ftp://localhost/x', 'https://example.com/hook', 'http://10.0.0.7/hook'])(
    'at %s are refused: nothing made up leaves this machine',
    async (url) => {
      const refusal = await refusalOf(stripe.webhookEndpoints.create({ url, enabled_events: ['*'] }));
      expect(refusal).toMatchObject({ code: 'url_invalid', param: 'url' });
    },
  );
});

describe('the list of events', () => {
  it('can be narrowed by type and by time, and is read page by page', async () => {
    for (let at = 0; at < 3; at++) await pay();
    const succeeded = await stripe.events.list({ type: 'payment_intent.succeeded', limit: 2 });
    expect(succeeded.data).toHaveLength(2);
    expect(succeeded.has_more).toBe(true);
    const both = await stripe.events.list({
      types: ['payment_intent.succeeded', 'charge.succeeded'],
      limit: 100,
    });
    expect(both.data).toHaveLength(6);
    const charges = await stripe.events.list({ type: 'charge.*', limit: 100 });
    expect(new Set(charges.data.map(({ type }) => type))).toEqual(
      new Set(['charge.succeeded', 'charge.updated']),
    );
    const future = await stripe.events.list({ created: { gt: till.emulator.control.now() + 60 } });
    expect(future.data).toEqual([]);
    const all: string[] = [];
    for await (const { id } of stripe.events.list({ limit: 4 })) all.push(id);
    expect(new Set(all).size).toBe(all.length);
    expect((await refusalOf(stripe.events.retrieve('evt_none'))).statusCode).toBe(404);
  });
});
