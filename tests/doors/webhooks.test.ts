import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { aClass, findings, seatsOf, sql } from '../world.ts';
import { type Placed, aBuyer, logged, orderNow, placedOrder, untilOrder } from './buyer.ts';
import {
  anEvent,
  cards,
  dashboard,
  deliver,
  eventsOf,
  intentOf,
  knock,
  loseEvents,
  makeDue,
  payAt,
  signature,
  webhook,
} from './provider.ts';
import { Visitor } from './visitor.ts';

afterEach(async () => expect(await findings()).toEqual([]));

/** Events of one kind that were stored, with what became of them. */
const inbox = (eventId: string) =>
  sql<{ state: string; outcome: string }>(
    'select state, outcome from payments.webhook_inbox where event_id = $1',
    [eventId],
  );

/** An order on its way to be paid, whose events arrive only when a test says so. */
async function quietOrder(price = 1600): Promise<Placed & { session: string; member: string }> {
  const session = await aClass({ price, seats: 3 });
  const buyer = await aBuyer();
  const order = await placedOrder(buyer, session);
  await loseEvents(order.payment_id);
  return { ...order, session, member: buyer.email };
}

const paid = {
  state: 'paid',
  payments: ['captured'],
  captured: 1600,
  refunds: [],
  seats: ['confirmed'],
  sales: 1,
};

describe('a webhook that cannot be trusted', () => {
  const event = () =>
    anEvent('payment_intent.succeeded', { id: 'pi_x', object: 'payment_intent', metadata: {} });

  test.each<[string, string, (body: string) => Record<string, string>]>([
    ['no signature', 'webhook_unsigned', () => ({})],
    ['a signature that is none', 'webhook_signature_wrong', () => ({ 'stripe-signature': 'hello' })],
    [
      'a signature made with another secret',
      'webhook_signature_wrong',
      (body) => ({ 'stripe-signature': signature(body, undefined, 'whsec_wrong') }),
    ],
    [
      'the signature of another body',
      'webhook_signature_wrong',
      (body) => ({ 'stripe-signature': signature(`${body} `) }),
    ],
    [
      'a signature six minutes old',
      'webhook_too_old',
      (body) => ({ 'stripe-signature': signature(body, Date.now() / 1000 - 360) }),
    ],
  ])('%s is refused with its own code, and nothing is stored', async (_what, code, headers) => {
    const sent = event();
    const body = JSON.stringify(sent);
    const requestId = randomUUID();
    const refused = await knock(body, { ...headers(body), 'x-request-id': requestId });
    expect([refused.status, refused.json]).toEqual([
      400,
      { error: expect.any(String), code, request_id: requestId },
    ]);
    expect(await inbox(sent.id)).toEqual([]);
    expect(await logged(requestId)).toMatchObject({ status: 400, refusal: code });
  });

  test.each([
    ['broken JSON', '{"id":'],
    ['null', 'null'],
    ['a list', '[]'],
    ['an event without its object', JSON.stringify({ ...event(), data: {} })],
    ['an event without a time', JSON.stringify({ ...event(), created: 'yesterday' })],
    ['an event without an id', JSON.stringify({ ...event(), id: 7 })],
  ])('%s with a good signature is unreadable', async (_what, body) => {
    const refused = await knock(body, { 'stripe-signature': signature(body) });
    expect([refused.status, refused.json.code]).toEqual([400, 'webhook_unreadable']);
  });

  test('five megabytes are too much, and other methods do not exist', async () => {
    const body = JSON.stringify({ ...event(), padding: 'x'.repeat(5 * 1024 * 1024) });
    const refused = await knock(body, { 'stripe-signature': signature(body) });
    expect([refused.status, refused.json.code]).toEqual([413, 'too_big']);
    const read = await new Visitor().get(webhook, { accept: 'application/json' });
    expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('an event', () => {
  test('of a type we know nothing of is kept and does nothing', async () => {
    const event = anEvent('radar.early_fraud_warning.created', {
      id: 'issfr_1',
      object: 'radar.early_fraud_warning',
    });
    const { status, json } = await deliver(event);
    expect([status, json.data.outcome]).toEqual([200, 'nothing_to_do']);
    expect(await inbox(event.id)).toEqual([{ state: 'ignored', outcome: 'nothing_to_do' }]);
  });

  test('about somebody else’s payment is kept and does nothing', async () => {
    const metadata = { payment_id: randomUUID() };
    for (const event of [
      anEvent('payment_intent.succeeded', {
        id: `pi_${randomUUID()}`,
        object: 'payment_intent',
        metadata,
        status: 'succeeded',
        currency: 'eur',
        amount_received: 900,
      }),
      anEvent('checkout.session.completed', {
        id: `cs_${randomUUID()}`,
        object: 'checkout.session',
        metadata: { payment_id: "' or 1=1" },
        status: 'complete',
        payment_status: 'paid',
        currency: 'eur',
        amount_total: 900,
      }),
      anEvent('charge.dispute.created', {
        id: `du_${randomUUID()}`,
        object: 'dispute',
        payment_intent: `pi_${randomUUID()}`,
        status: 'needs_response',
        amount: 900,
        currency: 'eur',
      }),
    ]) {
      const { status, json } = await deliver(event);
      expect([event.type, status, json.data.outcome]).toEqual([event.type, 200, 'unknown_payment']);
      expect(await inbox(event.id)).toMatchObject([{ state: 'ignored' }]);
    }
  });

  test('that arrives twenty times at once is obeyed once', async () => {
    const order = await quietOrder();
    await payAt(order.payment_url);
    const [completed] = (await eventsOf(order)).filter(({ type }) => type === 'checkout.session.completed');
    const replies = await Promise.all(Array.from({ length: 20 }, () => deliver(completed as object)));
    const outcomes = replies.map(({ status, json }) => `${status} ${json.data.outcome}`).sort();
    expect(outcomes).toEqual([...Array.from({ length: 19 }, () => '200 duplicate'), '200 settled']);
    expect(await orderNow(order.order_id)).toMatchObject({ ...paid, emails: { order_confirmed: 1 } });
    expect(await seatsOf(order.session)).toEqual({ taken: 1, capacity: 3, states: { confirmed: 1 } });
  });

  test('that tells old news after newer ones changes nothing', async () => {
    const order = await quietOrder();
    await payAt(order.payment_url, cards.declined);
    await payAt(order.payment_url);
    const events = await eventsOf(order);
    const succeeded = events.find(({ type }) => type === 'payment_intent.succeeded');
    const failed = events.find(({ type }) => type === 'payment_intent.payment_failed');
    expect((await deliver(succeeded as object)).json.data.outcome).toBe('settled');
    expect((await deliver(failed as object)).json.data.outcome).toBe('stale');
    const intent = await intentOf(order);
    const older = anEvent(
      'payment_intent.processing',
      {
        id: intent,
        object: 'payment_intent',
        metadata: {},
        status: 'processing',
        currency: 'eur',
        amount_received: 0,
      },
      1,
    );
    expect((await deliver(older)).json.data.outcome).toBe('stale');
    const expired = anEvent(
      'checkout.session.expired',
      {
        id: order.checkout,
        object: 'checkout.session',
        metadata: {},
        status: 'expired',
        payment_status: 'unpaid',
      },
      1,
    );
    expect((await deliver(expired)).json.data.outcome).toBe('stale');
    expect(await orderNow(order.order_id)).toMatchObject(paid);
  });
});

describe('all events of a purchase, with a declined card before the good one', () => {
  test.each<[string, (events: object[]) => object[]]>([
    ['backwards', (events) => events.toReversed()],
    ['backwards and twice', (events) => events.flatMap((event) => [event, event]).toReversed()],
    ['rotated', (events) => [...events.slice(3), ...events.slice(0, 3)]],
  ])('one after the other, %s, end in the same sale', async (_how, ordered) => {
    const order = await quietOrder();
    await payAt(order.payment_url, cards.noMoney);
    await payAt(order.payment_url);
    const events = await eventsOf(order);
    expect(events.length).toBeGreaterThan(5);
    for (const event of ordered(events)) expect((await deliver(event)).status).toBe(200);
    expect(await orderNow(order.order_id)).toMatchObject({ ...paid, emails: { order_confirmed: 1 } });
  });

  test('all at once and five times each end in the same sale', async () => {
    const order = await quietOrder();
    await payAt(order.payment_url, cards.noMoney);
    await payAt(order.payment_url);
    const events = await eventsOf(order);
    const replies = await Promise.all(Array.from({ length: 5 }, () => events.map(deliver)).flat());
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await orderNow(order.order_id)).toMatchObject({ ...paid, emails: { order_confirmed: 1 } });
    expect(await seatsOf(order.session)).toMatchObject({ taken: 1 });
  });
});

describe('money', () => {
  /** A paid order whose further events arrive by themselves. */
  async function sold(card: string = cards.good) {
    const session = await aClass({ price: 2000, seats: 3 });
    const order = await placedOrder(await aBuyer(), session);
    await payAt(order.payment_url, card);
    await untilOrder(order.order_id, { state: 'paid' });
    return { ...order, session, intent: await intentOf(order) };
  }
  const balanceOf = async (kind: string, owner: string) => {
    const rows = await sql<{ balance: number }>(
      'select balance::int from ledger.accounts where kind = $1 and owner = $2',
      [kind, owner],
    );
    return rows[0]?.balance ?? 0;
  };

  test('given back in the provider’s own dashboard is booked, part by part, and the seat stays', async () => {
    const order = await sold();
    await dashboard().refunds.create({ payment_intent: order.intent, amount: 500 });
    await untilOrder(order.order_id, { payments: ['partially_refunded'], refunded: 500 });
    await dashboard().refunds.create({ payment_intent: order.intent });
    await untilOrder(order.order_id, { payments: ['refunded'], refunded: 2000 });
    expect(await orderNow(order.order_id)).toMatchObject({
      state: 'paid',
      seats: ['confirmed'],
      refunds: [
        { cents: 500, reason: 'provider', state: 'succeeded' },
        { cents: 1500, reason: 'provider', state: 'succeeded' },
      ],
    });
    const [line] = await sql(
      'select refunded_cents::int, total_cents::int from sales.order_lines where order_id = $1',
      [order.order_id],
    );
    expect(line).toEqual({ refunded_cents: 2000, total_cents: 2000 });
  });

  test('given back in the dashboard before we heard of the payment itself is booked all the same', async () => {
    const order = await quietOrder();
    await payAt(order.payment_url);
    const intent = await intentOf(order);
    await loseEvents(intent);
    await dashboard().refunds.create({ payment_intent: intent });
    for (const event of (await eventsOf(order)).toReversed()) expect((await deliver(event)).status).toBe(200);
    await untilOrder(order.order_id, { state: 'paid', payments: ['refunded'], refunded: 1600 });
  });

  test('that the bank sends back after a refund is ours again', async () => {
    const order = await sold(cards.refundFailsLater);
    const { id } = await dashboard().refunds.create({ payment_intent: order.intent });
    await untilOrder(order.order_id, { payments: ['refunded'], refunded: 2000 });
    await makeDue(id);
    await untilOrder(order.order_id, {
      refunded: 0,
      refunds: [{ cents: 2000, reason: 'provider', state: 'failed' }],
    });
    expect((await orderNow(order.order_id)).payments).toEqual(['captured']);
    const [line] = await sql('select refunded_cents::int from sales.order_lines where order_id = $1', [
      order.order_id,
    ]);
    expect(line).toEqual({ refunded_cents: 0 });
  });

  test.each([
    ['won', 'winning_evidence', 'dispute_won', 0],
    ['lost', 'losing_evidence', 'dispute_lost', 2000],
  ])(
    'of a dispute that is %s is frozen first, then where it belongs',
    async (_end, evidence, state, lost) => {
      const order = await sold(cards.disputed);
      await untilOrder(order.order_id, { payments: ['disputed'] });
      const { data } = await dashboard().disputes.list({ payment_intent: order.intent });
      const dispute = data[0]?.id ?? '';
      expect(await balanceOf('frozen', `dispute:${dispute}`)).toBe(2000);
      expect(await findings()).toEqual([]);
      await dashboard().disputes.update(dispute, { evidence: { uncategorized_text: evidence } });
      await untilOrder(order.order_id, { state: 'paid', payments: [state], captured: 2000, refunded: 0 });
      expect(await balanceOf('frozen', `dispute:${dispute}`)).toBe(0);
      const [loss] = await sql<{ cents: number }>(
        `select coalesce(sum(e.amount), 0)::int as cents from ledger.transfers t join ledger.entries e on e.transfer_id = t.id join ledger.accounts a on a.id = e.account_id
       where t.source = $1 and a.kind = 'loss'`,
        [`dispute:${dispute}`],
      );
      expect(loss).toEqual({ cents: lost });
    },
  );

  test('of a dispute we hear of backwards, before the payment, ends in the same place', async () => {
    const order = await quietOrder();
    await payAt(order.payment_url, cards.disputed);
    const intent = await intentOf(order);
    await loseEvents(intent);
    const { data } = await dashboard().disputes.list({ payment_intent: intent });
    await dashboard().disputes.update(data[0]?.id ?? '', {
      evidence: { uncategorized_text: 'losing_evidence' },
    });
    for (const event of (await eventsOf(order)).toReversed()) expect((await deliver(event)).status).toBe(200);
    await untilOrder(order.order_id, { state: 'paid', payments: ['dispute_lost'], sales: 1 });
  });

  test('that a bank only asks about stays where it is', async () => {
    const order = await sold(cards.questioned);
    await expect
      .poll(() =>
        sql(
          `select 1 from payments.webhook_inbox where event_type = 'charge.dispute.created' and payload::text like '%' || $1 || '%'`,
          [order.intent],
        ),
      )
      .toHaveLength(1);
    expect((await orderNow(order.order_id)).payments).toEqual(['captured']);
  });
});
