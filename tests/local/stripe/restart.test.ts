import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type Stripe from 'stripe';
import { afterEach, describe, expect, it } from 'vitest';
import { Collection } from '../../../local/stripe/state/collection.ts';
import { Journal, type Line } from '../../../local/stripe/state/journal.ts';
import { aClass, aMemberOnAClock, aPlan, DAY, HOUR, idOf } from './goods.ts';
import { about, openTill, refusalOf, sdkFor, type Till } from './till.ts';
import { goesTo, press, visit } from './visitor.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function till(options = {}): Promise<Till> {
  const opened = await openTill(options);
  closing.push(opened.close);
  return opened;
}

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'atrium-stripe-'));
  closing.push(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

const session = (stripe: Stripe, url: string) =>
  stripe.checkout.sessions.create({ success_url: `${url}/thanks`, line_items: [aClass()] });

describe('after a restart', () => {
  it('everything is there: objects, events, keys, secrets and the address', async () => {
    const desk = await till();
    const before = { ...desk.emulator };
    const paid = await desk.stripe.paymentIntents.create(
      { amount: 2000, currency: 'eur', payment_method: 'pm_card_visa', confirm: true },
      { idempotencyKey: 'order:1' },
    );
    await desk.stripe.refunds.create({ payment_intent: paid.id, amount: 500 });
    const events = (await desk.stripe.events.list({ limit: 100 })).data.map(({ id }) => id);
    await desk.restart();
    expect(desk.emulator.url).toBe(before.url);
    expect(desk.emulator.secretKey).toBe(before.secretKey);
    expect(desk.emulator.webhookSecret).toBe(before.webhookSecret);
    const charge = await desk.stripe.charges.retrieve(idOf(paid.latest_charge));
    expect(charge).toMatchObject({ amount: 2000, amount_refunded: 500 });
    expect((await desk.stripe.events.list({ limit: 100 })).data.map(({ id }) => id)).toEqual(events);
    const again = await desk.stripe.paymentIntents.create(
      { amount: 2000, currency: 'eur', payment_method: 'pm_card_visa', confirm: true },
      { idempotencyKey: 'order:1' },
    );
    expect(again.id).toBe(paid.id);
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
  });

  it('a checkout that was open can be paid, and one in the middle of 3-D Secure completed', async () => {
    const desk = await till();
    const open = await session(desk.stripe, desk.shop.url);
    const waiting = await session(desk.stripe, desk.shop.url);
    const card = { email: 'nora@example.com', card_expiry: '12/34', card_cvc: '123', card_name: 'Nora' };
    const challenge = await press(
      await visit(waiting.url ?? ''),
      { name: 'pay' },
      { ...card, card_number: '4000002500003155' },
    );
    await desk.restart();
    const done = await press(
      await visit(open.url ?? ''),
      { name: 'pay' },
      { ...card, card_number: '4242424242424242' },
    );
    expect(goesTo(done)).toContain('/thanks');
    await press(await visit(goesTo(challenge)), { name: 'result', value: 'complete' });
    expect((await desk.stripe.checkout.sessions.retrieve(waiting.id)).payment_status).toBe('paid');
  });

  it('links handed out before lead to the new port when the old one is taken', async () => {
    const desk = await till();
    const open = await session(desk.stripe, desk.shop.url);
    const before = desk.emulator.url;
    await desk.emulator.stop();
    const squatter = createServer().listen(Number(new URL(before).port), '127.0.0.1');
    await once(squatter, 'listening');
    await desk.restart();
    squatter.close();
    expect(desk.emulator.url).not.toBe(before);
    const moved = await desk.stripe.checkout.sessions.retrieve(open.id);
    expect(moved.url).toBe(`${desk.emulator.url}/c/pay/${open.id}`);
    expect((await visit(moved.url ?? '')).status).toBe(200);
  });

  it('what was held back or not yet delivered is delivered', async () => {
    const desk = await till({ retryDelays: [60_000] });
    desk.emulator.control.addFaults({ hold: true });
    const held = await desk.stripe.customers.create();
    desk.emulator.control.addFaults({ hold: false, release: 'forward' });
    await desk.shop.event('customer.created', about(held.id));
    desk.shop.answer = () => 500;
    const refused = await desk.stripe.customers.create();
    await desk.shop.event('customer.created', about(refused.id));
    await desk.emulator.control.idle();
    desk.shop.answer = () => 200;
    desk.emulator.control.addFaults({ hold: true });
    const kept = await desk.stripe.customers.create();
    await desk.restart();
    await desk.shop.event('customer.created', about(kept.id));
    desk.shop.received.length = 0;
    desk.emulator.control.retryNow();
    await desk.shop.event('customer.created', about(refused.id));
  });

  it('time goes on where it was, and so does everything that waits for it', async () => {
    const desk = await till();
    desk.emulator.control.advance(10 * DAY);
    const now = desk.emulator.control.now();
    const open = await session(desk.stripe, desk.shop.url);
    const debit = await desk.stripe.paymentIntents.create({
      amount: 3000,
      currency: 'eur',
      confirm: true,
      payment_method_data: { type: 'sepa_debit', sepa_debit: { iban: 'AT321904300235473204' } },
    });
    const held = await desk.stripe.paymentIntents.create({
      amount: 900,
      currency: 'eur',
      capture_method: 'manual',
      payment_method: 'pm_card_visa',
      confirm: true,
    });
    const pending = await desk.stripe.paymentIntents.create({
      amount: 900,
      currency: 'eur',
      payment_method: 'pm_card_pendingRefund',
      confirm: true,
    });
    const refund = await desk.stripe.refunds.create({ payment_intent: pending.id });
    const disputed = await desk.stripe.paymentIntents.create({
      amount: 900,
      currency: 'eur',
      payment_method: 'pm_card_createDispute',
      confirm: true,
    });
    const { member, clock, now: clockNow } = await aMemberOnAClock(desk);
    const subscription = await desk.stripe.subscriptions.create({
      customer: member.id,
      items: [{ price: await aPlan(desk) }],
    });
    await desk.restart();
    expect(desk.emulator.control.now()).toBeGreaterThanOrEqual(now);
    desk.emulator.control.advance(8 * DAY);
    expect((await desk.stripe.checkout.sessions.retrieve(open.id)).status).toBe('expired');
    expect((await desk.stripe.paymentIntents.retrieve(debit.id)).status).toBe('succeeded');
    expect((await desk.stripe.paymentIntents.retrieve(held.id)).status).toBe('canceled');
    expect((await desk.stripe.refunds.retrieve(refund.id)).status).toBe('succeeded');
    expect((await desk.stripe.disputes.list({ payment_intent: disputed.id })).data[0]?.status).toBe('lost');
    expect((await desk.stripe.payouts.list()).data.length).toBeGreaterThan(0);
    await desk.stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: clockNow() + 32 * DAY });
    expect((await desk.stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(2);
  });

  it('a subscription’s draft invoice is still finalized on its hour', async () => {
    const desk = await till();
    const { member, clock } = await aMemberOnAClock(desk);
    const { items } = await desk.stripe.subscriptions.create({
      customer: member.id,
      items: [{ price: await aPlan(desk) }],
    });
    const end = items.data[0]?.current_period_end ?? 0;
    await desk.stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: end });
    await desk.restart();
    await desk.stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: end + HOUR });
    const invoices = await desk.stripe.invoices.list({ customer: member.id });
    expect(invoices.data.map(({ status }) => status)).toEqual(['paid', 'paid']);
  });
});

describe('as a process of its own', () => {
  const start = async (dir: string, ...more: string[]) => {
    const child: ChildProcess = spawn(
      process.execPath,
      [join(import.meta.dirname, '../../../local/stripe/main.ts'), '--dir', dir, ...more],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const exited = once(child, 'exit');
    closing.push(async () => {
      child.kill('SIGKILL');
      await exited;
    });
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const [line] = (await once(lines, 'line')) as [string];
    const ready = JSON.parse(line) as { url: string; secretKey: string; webhookSecret: string };
    return { child, exited, ready, stripe: sdkFor(ready.url, ready.secretKey) };
  };

  it('keeps every answer it gave, also when it is killed', async () => {
    const dir = await folder();
    const first = await start(dir);
    const made = await Promise.all(
      Array.from({ length: 30 }, (_, at) => first.stripe.customers.create({ name: `Member ${at}` })),
    );
    first.child.kill('SIGKILL');
    await first.exited;
    const second = await start(dir);
    expect(second.ready).toEqual(first.ready);
    const found = await second.stripe.customers.list({ limit: 100 });
    expect(found.data.map(({ id }) => id).sort()).toEqual(made.map(({ id }) => id).sort());
  });

  it('stops when it is asked to', async () => {
    const { child, exited, stripe } = await start(
      await folder(),
      '--port',
      '0',
      '--webhook-secret',
      'whsec_own',
    );
    expect((await stripe.customers.list()).data).toEqual([]);
    child.kill('SIGTERM');
    expect((await exited)[0]).toBe(0);
    expect((await refusalOf(stripe.customers.list())).type).toBe('StripeConnectionError');
  });
});

describe('the journal', () => {
  const open = async (dir: string) => {
    const things = new Collection<{ id: string; size: number }>('things', (name, id) =>
      journal.note(name, id),
    );
    const said: string[] = [];
    const journal = new Journal(
      dir,
      {
        read: (_name, id) => things.get(id),
        *everything(): Generator<Line> {
          for (const thing of things.values()) yield ['things', thing.id, thing];
        },
      },
      (line) => said.push(line),
    );
    await journal.load(([, id, value]) =>
      value === null ? things.forget(id) : things.restore(value as { id: string; size: number }),
    );
    return { things, journal, said };
  };

  it('is rewritten to what is live while it goes on being written', async () => {
    const dir = await folder();
    const { things, journal } = await open(dir);
    for (let at = 0; at < 1000; at++) things.put({ id: `t${at}`, size: at });
    await journal.written();
    const compacting = journal.compact();
    for (let at = 0; at < 1000; at += 2) things.change(`t${at}`, { size: -at });
    things.delete('t1');
    things.put({ id: 'late', size: 1 });
    await compacting;
    things.delete('t3');
    await journal.close();
    expect((await readdir(dir)).sort()).toEqual(['journal-2.jsonl', 'snapshot-2.jsonl']);
    const again = await open(dir);
    const kept = [...again.things.values()].map(({ id }) => id);
    expect(kept).toEqual([...things.values()].map(({ id }) => id));
    expect(again.things.get('t4')).toEqual({ id: 't4', size: -4 });
    expect(again.things.get('t1')).toBeUndefined();
    await again.journal.close();
  });

  it('leaves out half a line at its end, which nobody was told of', async () => {
    const dir = await folder();
    const { things, journal } = await open(dir);
    things.put({ id: 'whole', size: 1 });
    await journal.close();
    await appendFile(join(dir, 'journal-1.jsonl'), '["things","half",{"id":"ha');
    const again = await open(dir);
    expect([...again.things.values()]).toEqual([{ id: 'whole', size: 1 }]);
    expect(again.said).toEqual(['left out an incomplete line of journal-1.jsonl']);
    await again.journal.close();
  });
});
