import fc from 'fast-check';
import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseForm } from '../../../local/stripe/wire/form.ts';
import { aClass, whole } from './goods.ts';
import { openTill, refusalOf, sdkFor, type Till } from './till.ts';

let till: Till;
let stripe: Stripe;
beforeAll(async () => {
  till = await openTill();
  stripe = till.stripe;
});
afterAll(() => till.close());
beforeEach(() => till.emulator.control.reset());

const raw = (path: string, init: RequestInit = {}) =>
  fetch(`${till.emulator.url}${path}`, {
    ...init,
    headers: {
      authorization: `Bearer ${till.emulator.secretKey}`,
      ...(init.headers as Record<string, string>),
    },
  });

describe('keys', () => {
  it.each([
    ['sk_live_abcdefghijklmnop', /refuses live keys/],
    ['rk_live_abcdefghijklmnop', /refuses live keys/],
    ['pk_test_abcdefghijklmnop', /publishable API key/],
    ['sk_tst_abc', /Invalid API Key/],
  ])('%s opens nothing', async (key, message) => {
    const refusal = await refusalOf(sdkFor(till.emulator.url, key).customers.list());
    expect(refusal).toMatchObject({ type: 'StripeAuthenticationError', statusCode: 401 });
    expect(refusal.message).toMatch(message);
  });

  it('are asked for', async () => {
    const answer = await fetch(`${till.emulator.url}/v1/customers`);
    expect(answer.status).toBe(401);
    expect(((await answer.json()) as { error: { message: string } }).error.message).toMatch(
      /did not provide/,
    );
  });

  it('may come as a user name, as curl sends them', async () => {
    const basic = Buffer.from(`${till.emulator.secretKey}:`).toString('base64');
    expect((await raw('/v1/customers', { headers: { authorization: `Basic ${basic}` } })).status).toBe(200);
  });
});

describe('what the emulator does not do', () => {
  it('is answered as an error naming the route', async () => {
    const refusal = await refusalOf(stripe.quotes.list());
    expect(refusal).toMatchObject({ statusCode: 404, code: 'url_invalid' });
    expect(refusal.message).toContain('GET: /v1/quotes');
    expect((await refusalOf(stripe.invoices.addLines('in_1', { lines: [] }))).message).toContain(
      'POST: /v1/invoices/in_1/add_lines',
    );
    expect((await raw('/v2/core/accounts')).status).toBe(404);
  });

  it('tells the methods a known address takes', async () => {
    const answer = (await (await raw('/v1/balance', { method: 'DELETE' })).json()) as {
      error: { message: string };
    };
    expect(answer.error.message).toContain('here it takes GET');
  });

  it('is refused for another API version and for connected accounts', async () => {
    const old = await raw('/v1/customers', { headers: { 'stripe-version': '2020-08-27' } });
    expect(old.status).toBe(400);
    const elsewhere = await refusalOf(stripe.customers.list({}, { stripeAccount: 'acct_1' }));
    expect(elsewhere.message).toContain('connected accounts');
  });

  it('is not done for names that only lead here', async () => {
    const { request } = await import('node:http');
    const { port } = new URL(till.emulator.url);
    const status = await new Promise((resolve) =>
      request({ port, host: '127.0.0.1', headers: { host: 'evil.example' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).end(),
    );
    expect(status).toBe(421);
  });
});

describe('parameters', () => {
  it('that do not exist are refused by name, at any depth', async () => {
    const top = await refusalOf(stripe.customers.create({ emial: 'a@b.co' } as never));
    expect(top).toMatchObject({ code: 'parameter_unknown', param: 'emial', statusCode: 400 });
    expect(top.message).toMatch(/^Received unknown parameter: emial/);
    const deep = await refusalOf(
      stripe.checkout.sessions.create({
        success_url: till.shop.url,
        line_items: [
          { price_data: { currency: 'eur', unit_amount: 100, product_data: { nme: 'x' } } },
        ] as never,
      }),
    );
    expect(deep.param).toBe('line_items[0][price_data][product_data][nme]');
  });

  it('that are missing or of the wrong shape are refused by name', async () => {
    expect(await refusalOf(stripe.paymentIntents.create({ currency: 'eur' } as never))).toMatchObject({
      code: 'parameter_missing',
      param: 'amount',
    });
    const shapes: [object, string][] = [
      [{ amount: 'ten', currency: 'eur' }, 'amount'],
      [{ amount: 1000, currency: 'eur', confirm: 'yes' }, 'confirm'],
      [{ amount: 1000, currency: 'eur', capture_method: 'later' }, 'capture_method'],
      [{ amount: 1000, currency: 'eur', shipping: 'home' }, 'shipping'],
      [{ amount: 1000, currency: { code: 'eur' } }, 'currency'],
    ];
    for (const [params, param] of shapes)
      expect((await refusalOf(stripe.paymentIntents.create(params as never))).param).toBe(param);
  });

  it('keep metadata within its limits', async () => {
    const create = (metadata: Record<string, string>) => refusalOf(stripe.customers.create({ metadata }));
    expect((await create({ ['k'.repeat(41)]: 'v' })).param).toBe('metadata');
    expect((await create({ k: 'v'.repeat(501) })).param).toBe('metadata');
    expect(
      (await create(Object.fromEntries(Array.from({ length: 51 }, (_, key) => [`k${key}`, 'v'])))).param,
    ).toBe('metadata');
  });

  it('merge metadata key by key and empty what is sent empty', async () => {
    const { id } = await stripe.customers.create({
      name: 'Nora',
      description: 'x',
      metadata: { a: '1', b: '2' },
    });
    const changed = await stripe.customers.update(id, { description: '', metadata: { b: '', c: '3' } });
    expect(changed).toMatchObject({ name: 'Nora', description: null, metadata: { a: '1', c: '3' } });
    expect((await stripe.customers.update(id, { metadata: '' })).metadata).toEqual({});
  });

  it('survive any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), async (text) => {
        const made = await stripe.customers.create({ metadata: { text: text || '-' } });
        expect(made.metadata.text).toBe(text || '-');
      }),
      { numRuns: 40 },
    );
  });

  it('are read from the encoding every SDK uses', () => {
    expect(parseForm('a=1&b[c][0]=2&b[c][1]=x+y&d[]=3&d[]=%C3%A9&e')).toEqual(
      expect.objectContaining({ a: '1', b: { c: { 0: '2', 1: 'x y' } }, d: { 0: '3', 1: 'é' }, e: '' }),
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    parseForm('__proto__[polluted]=1');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('that cannot be read at all, or are far too large, get a clear no', async () => {
    const broken = await raw('/v1/customers', { method: 'POST', body: 'name=%E0%A4%A' });
    expect(broken.status).toBe(400);
    const large = await raw('/v1/customers', { method: 'POST', body: 'a'.repeat(3_000_000) });
    expect(large.status).toBe(413);
  });
});

describe('lists', () => {
  const make = async (count: number) => {
    const ids: string[] = [];
    for (let at = 0; at < count; at++) ids.push((await stripe.products.create({ name: `Product ${at}` })).id);
    return ids.reverse();
  };

  it('come newest first, ten at a time, and go on from either end', async () => {
    const ids = await make(25);
    const first = await stripe.products.list();
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 10));
    expect(first).toMatchObject({ object: 'list', has_more: true, url: '/v1/products' });
    const last = await stripe.products.list({ limit: 20, starting_after: ids[14] as string });
    expect(last.data.map(({ id }) => id)).toEqual(ids.slice(15));
    expect(last.has_more).toBe(false);
    const before = await stripe.products.list({ limit: 3, ending_before: ids[10] as string });
    expect(before.data.map(({ id }) => id)).toEqual(ids.slice(7, 10));
    expect(before.has_more).toBe(true);
    const all: string[] = [];
    for await (const { id } of stripe.products.list({ limit: 7 })) all.push(id);
    expect(all).toEqual(ids);
  });

  it('refuse a limit that is not from 1 to 100 and a place that is not there', async () => {
    expect((await refusalOf(stripe.products.list({ limit: 101 }))).param).toBe('limit');
    expect((await refusalOf(stripe.products.list({ limit: 0 }))).param).toBe('limit');
    expect((await refusalOf(stripe.products.list({ starting_after: 'prod_none' }))).param).toBe(
      'starting_after',
    );
  });

  it('can be narrowed by when things were made', async () => {
    const [old] = await make(1);
    till.emulator.control.advance(100);
    const [recent] = await make(1);
    const { created } = await stripe.products.retrieve(recent as string);
    const since = await stripe.products.list({ created: { gte: created } });
    expect(since.data.map(({ id }) => id)).toEqual([recent]);
    const before = await stripe.products.list({ created: { lt: created } });
    expect(before.data.map(({ id }) => id)).toEqual([old]);
  });
});

describe('expansion', () => {
  it('follows ids as deep as four levels, in objects and in lists', async () => {
    const customer = await stripe.customers.create({ name: 'Nora' });
    const intent = await stripe.paymentIntents.create({
      amount: 500,
      currency: 'eur',
      customer: customer.id,
      payment_method: 'pm_card_visa',
      confirm: true,
      expand: ['latest_charge.balance_transaction.source', 'customer'],
    });
    expect(whole(intent.customer)).toMatchObject({ name: 'Nora' });
    const charge = whole(intent.latest_charge);
    expect(whole(charge.balance_transaction)).toMatchObject({ source: { object: 'charge', id: charge.id } });
    const list = await stripe.paymentIntents.list({ expand: ['data.customer', 'data.latest_charge'] });
    expect(list.data[0]?.customer).toMatchObject({ name: 'Nora' });
    expect(list.data[0]?.latest_charge).toMatchObject({ paid: true });
  });

  it('includes what is only there when asked for', async () => {
    const session = await stripe.checkout.sessions.create({
      success_url: till.shop.url,
      line_items: [aClass()],
      expand: ['line_items.data.price.product'],
    });
    expect(session.line_items?.data[0]?.price?.product).toMatchObject({ name: 'Vinyasa Flow' });
    expect((await stripe.checkout.sessions.retrieve(session.id)).line_items).toBeUndefined();
  });

  it('refuses what cannot be expanded', async () => {
    for (const path of ['object', 'nothing', 'customer.default_source.a.b.c'])
      expect((await refusalOf(stripe.customers.create({ expand: [path] }))).param).toBe('expand');
  });

  it('leaves what is stored as it was', async () => {
    const { id } = await stripe.products.create({
      name: 'Pass',
      default_price_data: { currency: 'eur', unit_amount: 100 },
    });
    await stripe.products.retrieve(id, { expand: ['default_price'] });
    expect(typeof (await stripe.products.retrieve(id)).default_price).toBe('string');
  });
});
