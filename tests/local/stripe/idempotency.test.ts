import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { about, openTill, refusalOf, sdkFor, type Till } from './till.ts';

let till: Till;
let stripe: Stripe;
beforeAll(async () => {
  till = await openTill();
  stripe = till.stripe;
});
afterAll(() => till.close());
beforeEach(() => till.emulator.control.reset());

const charge = { amount: 2000, currency: 'eur', payment_method: 'pm_card_visa', confirm: true } as const;

describe('the same key', () => {
  it('with the same request gets the first answer again, and nothing happens twice', async () => {
    const first = await stripe.paymentIntents.create(charge, { idempotencyKey: 'order:1' });
    const again = await stripe.paymentIntents.create(charge, { idempotencyKey: 'order:1' });
    expect(again.id).toBe(first.id);
    expect(again.client_secret).toBe(first.client_secret);
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(again.lastResponse.headers['original-request']).toBe(first.lastResponse.requestId);
    expect((await stripe.charges.list()).data).toHaveLength(1);
  });

  it('gets a decline again as it was, status and all', async () => {
    const declined = { ...charge, payment_method: 'pm_card_chargeDeclined' };
    const first = await refusalOf(stripe.paymentIntents.create(declined, { idempotencyKey: 'order:2' }));
    const again = await refusalOf(stripe.paymentIntents.create(declined, { idempotencyKey: 'order:2' }));
    expect(again).toMatchObject({ statusCode: 402, decline_code: 'generic_decline', charge: first.charge });
    expect((await stripe.charges.list()).data).toHaveLength(1);
  });

  it('with another request is refused', async () => {
    await stripe.paymentIntents.create(charge, { idempotencyKey: 'order:3' });
    const refusal = await refusalOf(
      stripe.paymentIntents.create({ ...charge, amount: 3000 }, { idempotencyKey: 'order:3' }),
    );
    expect(refusal).toMatchObject({ type: 'StripeIdempotencyError', statusCode: 400 });
    const elsewhere = await refusalOf(stripe.customers.create({}, { idempotencyKey: 'order:3' }));
    expect(elsewhere.type).toBe('StripeIdempotencyError');
  });

  it('is free again when the request never began, so that it can be put right', async () => {
    const wrong = await refusalOf(
      stripe.paymentIntents.create({ ...charge, colour: 'red' } as never, { idempotencyKey: 'order:4' }),
    );
    expect(wrong.code).toBe('parameter_unknown');
    expect((await stripe.paymentIntents.create(charge, { idempotencyKey: 'order:4' })).status).toBe(
      'succeeded',
    );
  });

  it('is 409 while the first request is still being served', async () => {
    till.emulator.control.addFaults({ delay: { api: 150 } });
    const both = await Promise.allSettled([
      stripe.paymentIntents.create(charge, { idempotencyKey: 'order:5' }),
      stripe.paymentIntents.create(charge, { idempotencyKey: 'order:5' }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
  });

  it('means nothing for reading and deleting', async () => {
    const { id } = await stripe.customers.create();
    await stripe.customers.del(id, {}, { idempotencyKey: 'gone' });
    expect((await refusalOf(stripe.customers.del(id, {}, { idempotencyKey: 'gone' }))).statusCode).toBe(404);
  });

  it('cannot be longer than 255 characters', async () => {
    const refusal = await refusalOf(stripe.customers.create({}, { idempotencyKey: 'k'.repeat(256) }));
    expect(refusal.code).toBe('idempotency_key_too_long');
  });

  it('is told to webhooks with the events it caused', async () => {
    const { id } = await stripe.customers.create({}, { idempotencyKey: 'member:8' });
    const event = await till.shop.event('customer.created', about(id));
    expect(event.request).toMatchObject({ idempotency_key: 'member:8' });
  });
});

describe('an answer that got lost', () => {
  it('is given again to the SDK’s own retry, so that nothing is charged twice', async () => {
    till.emulator.control.addFaults({ fail: { status: 0, after: true, path: '/v1/payment_intents' } });
    const patient = sdkFor(till.emulator.url, till.emulator.secretKey, { maxNetworkRetries: 2 });
    const paid = await patient.paymentIntents.create(charge);
    expect(paid.status).toBe('succeeded');
    expect((await stripe.charges.list()).data).toHaveLength(1);
  });

  it('is given again under a key of one’s own after a 500', async () => {
    till.emulator.control.addFaults({ fail: { status: 500, after: true } });
    const lost = await refusalOf(stripe.paymentIntents.create(charge, { idempotencyKey: 'order:6' }));
    expect(lost.statusCode).toBe(500);
    const found = await stripe.paymentIntents.create(charge, { idempotencyKey: 'order:6' });
    expect(found.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect((await stripe.charges.list()).data).toHaveLength(1);
  });
});
