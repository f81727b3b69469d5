import { createHmac, randomUUID } from 'node:crypto';
import { beforeAll, expect, inject, test } from 'vitest';
import { type Somebody, aClass, crowd, findings, seatsOf, sql } from '../world.ts';
import { type Reply, Visitor } from './visitor.ts';

/** Works through `items`, so many at a time. */
async function each<T, R>(
  items: T[],
  atOnce: number,
  act: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(atOnce, items.length) }, async () => {
      for (let i = next++; i < items.length; i = next++) results[i] = await act(items[i] as T, i);
    }),
  );
  return results;
}

async function signedIn(person: Somebody): Promise<Visitor> {
  const visitor = new Visitor();
  const reply = await visitor.signIn(person.email);
  if (reply.status !== 200) throw new Error(`${person.email}: ${reply.status} ${reply.text.slice(0, 200)}`);
  return visitor;
}

const book = (visitor: Visitor, session: string, key: string = randomUUID()): Promise<Reply> =>
  visitor.call('/api/yoga/bookings', { session_id: session }, { 'idempotency-key': key });

const tally = (replies: Reply[]) => {
  const counts: Record<string, number> = {};
  for (const { status, json } of replies) {
    const name = `${status} ${json?.error === undefined ? 'booked' : json.code}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
};

/** Events about a payment page, as Stripe signs them. */
async function deliver(event: { id: string; type: string; object: object }): Promise<number> {
  const at = Math.floor(Date.now() / 1000);
  const body = JSON.stringify({
    id: event.id,
    object: 'event',
    api_version: '2026-10-28.endive',
    created: at,
    livemode: false,
    type: event.type,
    data: { object: event.object },
  });
  const signature = createHmac('sha256', inject('stack').stripeWebhookSecret)
    .update(`${at}.${body}`)
    .digest('hex');
  return (
    await new Visitor().send('POST', '/api/payments/webhooks', body, {
      'stripe-signature': `t=${at},v1=${signature}`,
    })
  ).status;
}

let members: Visitor[];
beforeAll(async () => {
  members = await each(await crowd(1000, 'racer'), 16, signedIn);
});

test('a thousand members race for thirty seats: thirty sit, the others are told, and the books agree', async () => {
  const session = await aClass({ seats: 30, price: 0, startsIn: '23 days' });
  const replies = await Promise.all(members.map((member) => book(member, session)));
  expect(tally(replies)).toEqual({ '201 booked': 30, '409 session_full': 970 });
  expect(await seatsOf(session)).toEqual({ taken: 30, capacity: 30, states: { confirmed: 30 } });
  expect(await findings()).toEqual([]);
});

test('the same with payments that arrive many times and in any order', async () => {
  const session = await aClass({ seats: 30, price: 1600, startsIn: '24 days' });
  const replies = await Promise.all(members.map((member) => book(member, session)));
  expect(tally(replies)).toEqual({ '201 booked': 30, '409 session_full': 970 });
  const payments = await sql<{ id: string; ref: string }>(
    `select p.id, p.provider_ref as ref from payments.payments p join sales.order_lines l on l.order_id = p.order_id where l.session_id = $1`,
    [session],
  );
  expect(payments).toHaveLength(30);
  const events = payments.flatMap(({ id, ref }) => {
    const intent = {
      id: `pi_${id}`,
      object: 'payment_intent',
      currency: 'eur',
      metadata: { payment_id: id },
    };
    const page = {
      id: ref,
      object: 'checkout.session',
      payment_intent: intent.id,
      amount_total: 1600,
      currency: 'eur',
      metadata: { payment_id: id },
      status: 'complete',
      payment_status: 'paid',
    };
    const declined = {
      ...intent,
      status: 'requires_payment_method',
      amount_received: 0,
      last_payment_error: { code: 'card_declined', decline_code: 'insufficient_funds', message: 'Declined.' },
    };
    return [
      { id: `evt_a_${id}`, type: 'payment_intent.payment_failed', object: declined },
      {
        id: `evt_b_${id}`,
        type: 'payment_intent.processing',
        object: { ...intent, status: 'processing', amount_received: 0 },
      },
      {
        id: `evt_c_${id}`,
        type: 'payment_intent.succeeded',
        object: { ...intent, status: 'succeeded', amount_received: 1600 },
      },
      { id: `evt_d_${id}`, type: 'checkout.session.completed', object: page },
    ];
  });
  const shuffled = [...events, ...events, ...events]
    .map((event) => ({ event, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ event }) => event);
  const statuses = await each(shuffled, 32, deliver);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(await seatsOf(session)).toEqual({ taken: 30, capacity: 30, states: { confirmed: 30 } });
  const [money] = await sql(
    `select count(*)::int as orders, sum(p.captured_cents)::int as captured, sum(p.refund_requested_cents)::int as back from payments.payments p join sales.orders o on o.id = p.order_id join sales.order_lines l on l.order_id = o.id where l.session_id = $1 and o.state = 'paid'`,
    [session],
  );
  expect(money).toEqual({ orders: 30, captured: 48_000, back: 0 });
  expect(await findings()).toEqual([]);
});
