/** Orders that a gift card pays a part of: what two who act at once, and any order of events, may not break. */
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { type GiftCard, type Somebody, aClass, aGiftCard, crowd, barberia, onCard, sql } from '../world.ts';
import { connect, waits } from './connections.ts';

/** A seat in somebody's cart that a card is to pay its part of. */
async function fill(client: pg.Client, who: Somebody, session: string, card: GiftCard): Promise<string> {
  const token = randomUUID() + randomUUID();
  await client.query('select api.add_seat_to_cart($1, $2, $3)', [barberia, session, token]);
  await sql('select api.use_gift_card($1, $2, $3, $4, $5, $6)', [
    barberia,
    card.code,
    card.pin,
    randomUUID(),
    who.id,
    token,
  ]);
  return token;
}
interface Placed {
  order_id: string;
  state: string;
}
const place = async (client: pg.Client, token: string): Promise<Placed> =>
  (await client.query('select api.place_order($1, $2, $3) as o', [barberia, randomUUID(), token])).rows[0].o;

async function begin(
  client: pg.Client,
  order: string,
): Promise<{ payment_id: string; amount_cents: string }> {
  return (
    await client.query('select payment_id, amount_cents from api.begin_payment($1, $2)', [barberia, order])
  ).rows[0];
}
const capture = async (payment: { payment_id: string; amount_cents: string }): Promise<string> =>
  (
    await sql<{ outcome: string }>(
      `select api.receive_payment_event('stripe', $1, 'test', now(), $2, '{}') ->> 'outcome' as outcome`,
      [
        randomUUID(),
        {
          kind: 'payment',
          payment_id: payment.payment_id,
          intent_ref: `pi_${payment.payment_id}`,
          state: 'captured',
          amount_cents: Number(payment.amount_cents),
          currency: 'ARS',
        },
      ],
    )
  )[0]!.outcome;
const runOut = (order: string) =>
  sql(
    `with o as (update sales.orders set hold_expires_at = now() - interval '1 minute' where id = $1 and state = 'placed')
     update booking.bookings b set held_until = now() - interval '1 minute' from sales.order_lines l where l.order_id = $1 and l.id = b.order_line_id and b.state = 'held'`,
    [order],
  );
const tenders = (order: string) =>
  sql<{
    provider: string;
    state: string;
    amount: number;
    captured: number;
    requested: number;
    refunded: number;
  }>(
    `select provider, state, amount_cents::int as amount, captured_cents::int as captured, refund_requested_cents::int as requested, refunded_cents::int as refunded from payments.payments where order_id = $1 order by attempt`,
    [order],
  );

test('one card for two orders at once pays no more than it holds', async () => {
  const session = await aClass({ business: barberia, seats: 5, price: 1600 });
  const card = await aGiftCard(2000, { business: barberia });
  const people = await crowd(2, 'card');
  const clients = await Promise.all(people.map((who) => connect(who)));
  const tokens = await Promise.all(people.map((who, i) => fill(clients[i]!, who, session, card)));
  // Both transactions are open at once: the first keeps its locks until the second waits for them.
  await clients[0]!.query('begin');
  const first = await place(clients[0]!, tokens[0]!);
  const waiting = place(clients[1]!, tokens[1]!);
  await expect.poll(() => waits(clients[1]!)).toBe(true);
  await clients[0]!.query('commit');
  const second = await waiting;
  expect(first.state).toBe('paid');
  expect(second.state).toBe('placed');
  expect(await tenders(second.order_id)).toMatchObject([
    { provider: 'gift_card', state: 'authorized', amount: 400 },
  ]);
  expect(await onCard(card)).toEqual({ free: 0, kept: 400 });
});

test('twenty who use one card at once spend what it holds, to the cent', async () => {
  const session = await aClass({ business: barberia, seats: 20, price: 700 });
  const card = await aGiftCard(5000, { business: barberia });
  const people = await crowd(20, 'cardcrowd');
  const placed = await Promise.all(
    people.map(async (who) => {
      const client = await connect(who);
      return place(client, await fill(client, who, session, card));
    }),
  );
  const [sum] = await sql<{ cents: number }>(
    `select sum(amount_cents)::int as cents from payments.payments where gift_card_id = $1 and state in ('authorized', 'captured')`,
    [card.id],
  );
  expect(sum?.cents).toBe(5000);
  expect(placed.filter(({ state }) => state === 'paid')).toHaveLength(7);
});

test('paid at the moment the time runs out: settled with its card, or all of it goes back', async () => {
  for (const sweepFirst of [false, true]) {
    const session = await aClass({ business: barberia, seats: 1, price: 1600 });
    const card = await aGiftCard(1000, { business: barberia });
    const [who] = await crowd(1, 'brink');
    const client = await connect(who!);
    const order = await place(client, await fill(client, who!, session, card));
    const payment = await begin(client, order.order_id);
    await runOut(order.order_id);
    const sweep = () => sql('select api.expire_holds()');
    const both = sweepFirst ? [sweep(), capture(payment)] : [capture(payment), sweep()];
    await Promise.all(both);
    // Nobody else came: whichever was first, the seat and the card were still to be had.
    expect(await tenders(order.order_id)).toMatchObject([
      { provider: 'gift_card', state: 'captured', captured: 1000 },
      { provider: 'stripe', state: 'captured', captured: 600 },
    ]);
    expect(await onCard(card)).toEqual({ free: 0, kept: 0 });
  }
});

const acts = [
  'capture',
  'sweep',
  'cancel',
  'refund',
  'refund',
  'settle refunds',
  'fail refunds',
  'wrong amount',
] as const;

test('any order of part payments, captures and refunds keeps each tender within what it paid', async () => {
  const [who] = await crowd(1, 'tenders');
  const client = await connect(who!);
  let hour = 72;
  await fc.assert(
    fc.asyncProperty(
      // What is left is nothing, or enough for a card (pgTAP 48 has what is not).
      fc.oneof(fc.integer({ min: 1, max: 1550 }), fc.integer({ min: 1600, max: 1999 })),
      fc.array(fc.tuple(fc.constantFrom(...acts), fc.integer({ min: 1, max: 1600 })), {
        minLength: 1,
        maxLength: 9,
      }),
      async (onIt, steps) => {
        const session = await aClass({
          business: barberia,
          seats: 1,
          price: 1600,
          startsIn: `${(hour += 2)} hours`,
        });
        const card = await aGiftCard(onIt, { business: barberia });
        const order = await place(client, await fill(client, who!, session, card));
        const payment = order.state === 'placed' ? await begin(client, order.order_id) : null;
        for (const [act, cents] of steps) {
          if (act === 'capture' && payment) await capture(payment);
          if (act === 'wrong amount' && payment) await capture({ ...payment, amount_cents: String(cents) });
          if (act === 'sweep') {
            await runOut(order.order_id);
            await sql('select api.expire_holds()');
          }
          if (act === 'cancel')
            await client
              .query('select api.cancel_order($1, $2)', [barberia, order.order_id])
              .catch(() => null);
          if (act === 'refund')
            await sql(
              `select payments.request_refund(p, $2, 'staff', array[l.id], array[$2::bigint]) from payments.payments p join sales.order_lines l on l.order_id = p.order_id
               where p.order_id = $1 and exists (select from ledger.transfers t where t.kind = 'sale' and t.source = 'payment:' || p.id)`,
              [order.order_id, cents],
            ).catch((error: Error) => expect(error.message).toBe('refund_above_paid'));
          if (act.endsWith('refunds'))
            // As the provider tells it: one event a refund, each of its own.
            for (const refund of await sql<{ id: string; payment: string }>(
              `select r.id, p.id as payment from payments.refunds r join payments.payments p on p.id = r.payment_id where r.order_id = $1 and r.state = 'requested' and p.provider = 'stripe'`,
              [order.order_id],
            ))
              await sql(`select api.receive_payment_event('stripe', $1, 'test', now(), $2, '{}')`, [
                randomUUID(),
                {
                  kind: 'refund',
                  payment_id: refund.payment,
                  refund_id: refund.id,
                  refund_ref: `re_${refund.id}`,
                  refund_state: act === 'settle refunds' ? 'succeeded' : 'failed',
                },
              ]);
        }
        const [line] = await sql<{
          refunded: number;
          tax: number;
          total: number;
          gone: number;
          taxGone: number;
        }>(
          `select l.refunded_cents::int as refunded, l.total_cents::int as total, l.tax_cents::int as tax, coalesce(sum(y.amount_cents), 0)::int as gone, coalesce(sum(y.tax_cents), 0)::int as "taxGone"
           from sales.order_lines l left join (payments.refund_lines y join payments.refunds z on z.id = y.refund_id and z.state <> 'failed') on y.order_line_id = l.id where l.order_id = $1 group by l.id`,
          [order.order_id],
        );
        expect(line!.gone).toBe(line!.refunded);
        expect(line!.taxGone).toBeLessThanOrEqual(line!.tax);
        if (line!.gone === line!.total) expect(line!.taxGone).toBe(line!.tax);
        const paid = await tenders(order.order_id);
        for (const tender of paid) {
          expect(tender.refunded).toBeGreaterThanOrEqual(0);
          expect(tender.refunded).toBeLessThanOrEqual(tender.requested);
          expect(tender.requested).toBeLessThanOrEqual(tender.captured);
        }
        // What left the card is what it paid and has not come back.
        const part = paid.find(({ provider }) => provider === 'gift_card');
        const { free, kept } = await onCard(card);
        expect(free + kept).toBe(onIt - (part ? part.captured - part.refunded : 0));
        expect(kept).toBe(part?.state === 'authorized' ? part.amount : 0);
      },
    ),
    { numRuns: 30 },
  );
});
