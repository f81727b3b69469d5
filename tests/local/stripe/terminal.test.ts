import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idOf, whole } from './goods.ts';
import { about, historyOf, openTill, refusalOf, type Till } from './till.ts';

let till: Till;
let stripe: Stripe;
beforeAll(async () => {
  till = await openTill();
  stripe = till.stripe;
});
afterAll(() => till.close());

const aPlace = () =>
  stripe.terminal.locations.create({
    display_name: 'Bar',
    address: { line1: 'Carrer de la Mar 1', city: 'València', country: 'ES', postal_code: '46003' },
  });
const aReader = async (code = 'simulated-wpe') =>
  stripe.terminal.readers.create({
    registration_code: code,
    label: 'Bar',
    location: (await aPlace()).id,
    metadata: { where: 'bar' },
  });
const aPayment = (more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create({
    amount: 1150,
    currency: 'eur',
    allowed_payment_method_types: ['card_present'],
    capture_method: 'automatic',
    ...more,
  });
const process = (reader: string, payment_intent: string) =>
  stripe.terminal.readers.processPaymentIntent(reader, { payment_intent });
const present = (reader: string, number?: string) =>
  stripe.testHelpers.terminal.readers.presentPaymentMethod(reader, {
    type: 'card_present',
    ...(number !== undefined && { card_present: { number } }),
  });

describe('a reader', () => {
  it('is registered at a place by its code, renamed, listed, and forgotten', async () => {
    const reader = await aReader('simulated-s700');
    expect(reader).toMatchObject({
      object: 'terminal.reader',
      device_type: 'simulated_stripe_s700',
      label: 'Bar',
      status: 'online',
      action: null,
      metadata: { where: 'bar' },
    });
    const place = idOf(reader.location);
    expect((await stripe.terminal.readers.list({ location: place })).data.map(({ id }) => id)).toEqual([
      reader.id,
    ]);
    expect(await stripe.terminal.readers.update(reader.id, { label: 'Terrace' })).toMatchObject({
      label: 'Terrace',
    });
    const whole = await stripe.terminal.readers.retrieve(reader.id, { expand: ['location'] });
    expect((whole as Stripe.Terminal.Reader).location).toMatchObject({ id: place, display_name: 'Bar' });
    expect((await refusalOf(stripe.terminal.locations.del(place))).message).toMatch(/still has readers/);
    expect(await stripe.terminal.readers.del(reader.id)).toMatchObject({ deleted: true });
    expect(await stripe.terminal.readers.retrieve(reader.id)).toMatchObject({ deleted: true });
    expect((await stripe.terminal.readers.list({ location: place })).data).toEqual([]);
    expect((await refusalOf(process(reader.id, (await aPayment()).id))).code).toBe('resource_missing');
    expect(await stripe.terminal.locations.del(place)).toMatchObject({ deleted: true });
  });

  it('is not registered under a code it does not have, nor nowhere', async () => {
    const { id } = await aPlace();
    const wrong = stripe.terminal.readers.create({ registration_code: 'puppies-plug-could', location: id });
    expect(await refusalOf(wrong)).toMatchObject({ param: 'registration_code', statusCode: 400 });
    const nowhere = stripe.terminal.readers.create({ registration_code: 'simulated-wpe' });
    expect((await refusalOf(nowhere)).param).toBe('location');
    const noAddress = stripe.terminal.locations.create({
      display_name: 'Bar',
      address: { country: 'ES' },
    });
    expect((await refusalOf(noAddress)).param).toBe('address[line1]');
  });
});

describe('a payment at a reader', () => {
  it('waits for a card, takes it, and tells of both the money and the reader', async () => {
    const reader = await aReader();
    const { id } = await aPayment({ metadata: { order: '7' } });
    const waiting = await process(reader.id, id);
    expect(waiting.action).toMatchObject({
      type: 'process_payment_intent',
      status: 'in_progress',
      process_payment_intent: { payment_intent: id },
    });
    const done = await present(reader.id);
    expect(done.action).toMatchObject({ status: 'succeeded', failure_code: null });
    const paid = await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] });
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 1150, capture_method: 'automatic' });
    expect(whole(paid.latest_charge)).toMatchObject({
      paid: true,
      payment_method_details: {
        type: 'card_present',
        card_present: { last4: '4242', reader: reader.id, location: idOf(reader.location) },
      },
    });
    const told = await till.shop.event('terminal.reader.action_succeeded', about(reader.id));
    expect((told.data.object as Stripe.Terminal.Reader).action?.process_payment_intent).toEqual({
      payment_intent: id,
    });
    expect(historyOf(till, id)).toEqual(['payment_intent.created', 'payment_intent.succeeded']);
    // What is done is not done twice, and there is nobody who waits for a card.
    expect((await refusalOf(process(reader.id, id))).code).toBe('intent_invalid_state');
    expect((await refusalOf(present(reader.id))).message).toMatch(/not waiting/);
    const back = await stripe.refunds.create({ payment_intent: id });
    expect(back).toMatchObject({ status: 'succeeded', amount: 1150 });
  });

  it('is declined with the reason, and can be tried again with another card', async () => {
    const reader = await aReader();
    const { id } = await aPayment();
    await process(reader.id, id);
    const declined = await present(reader.id, '4000000000009995');
    expect(declined.action).toMatchObject({
      status: 'failed',
      failure_code: 'card_declined',
      failure_message: 'Your card has insufficient funds.',
      api_error: { decline_code: 'insufficient_funds' },
    });
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { decline_code: 'insufficient_funds' },
    });
    await till.shop.event('terminal.reader.action_failed', about(reader.id));
    await process(reader.id, id);
    expect((await present(reader.id)).action?.status).toBe('succeeded');
    expect((await stripe.paymentIntents.retrieve(id)).status).toBe('succeeded');
    expect(historyOf(till, reader.id)).toEqual([
      'terminal.reader.action_failed',
      'terminal.reader.action_succeeded',
    ]);
  });

  it('is called off, and gives way to the next that the reader is asked for', async () => {
    const reader = await aReader();
    const [first, second] = [await aPayment(), await aPayment({ amount: 300 })];
    await process(reader.id, first.id);
    const other = await process(reader.id, second.id);
    expect(other.action?.process_payment_intent?.payment_intent).toBe(second.id);
    expect(await stripe.terminal.readers.cancelAction(reader.id)).toMatchObject({ action: null });
    expect((await refusalOf(present(reader.id))).message).toMatch(/not waiting/);
    await stripe.paymentIntents.cancel(second.id);
    expect((await refusalOf(process(reader.id, second.id))).code).toBe('intent_invalid_state');
    expect((await stripe.paymentIntents.retrieve(first.id)).status).toBe('requires_payment_method');
  });

  it('is for cards that are there: an online payment is not for a reader', async () => {
    const reader = await aReader();
    const online = await stripe.paymentIntents.create({ amount: 1150, currency: 'eur' });
    expect((await refusalOf(process(reader.id, online.id))).code).toBe('payment_intent_invalid_parameter');
  });

  it('can find the reader busy or offline, where a test asks for it, and outlives a restart', async () => {
    const reader = await aReader();
    const { id } = await aPayment();
    for (const code of ['terminal_reader_busy', 'terminal_reader_offline']) {
      till.emulator.control.addFaults({ fail: { status: 400, code, about: reader.id } });
      expect((await refusalOf(process(reader.id, id))).code).toBe(code);
    }
    await process(reader.id, id);
    await till.restart();
    stripe = till.stripe;
    expect((await present(reader.id)).action?.status).toBe('succeeded');
  });
});
