import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { aClass, connectionOf, crowd, findings, lotus, sql } from '../world.ts';

const states = ['pending', 'requires_action', 'processing', 'captured', 'failed'] as const;

test('any order of duplicated and shuffled events about a payment ends in the same state', async () => {
  const [buyer] = await crowd(1, 'shuffled');
  const client = await connectionOf(buyer!.id);
  try {
    let day = 20;
    await fc.assert(
      fc.asyncProperty(
        // Whatever came before and after, the capture is among them.
        fc.array(fc.constantFrom(...states), { maxLength: 6 }),
        fc.array(fc.constantFrom(...states), { maxLength: 6 }),
        async (before, after) => {
          const session = await aClass({ seats: 1, startsIn: `${day++} days` });
          const { rows } = await client.query('select api.book_session($1, $2, $3) as o', [
            lotus,
            session,
            randomUUID(),
          ]);
          const { rows: begun } = await client.query('select payment_id from api.begin_payment($1, $2)', [
            lotus,
            rows[0].o.order_id,
          ]);
          const id = begun[0].payment_id as string;
          const events = [...before, 'captured', ...after].map((state, i) => ({
            id: `${id}:${state}:${i % 3}`,
            state,
          }));
          for (const event of events) {
            await sql(`select api.receive_payment_event('stripe', $1, 'test', now(), $2, '{}')`, [
              event.id,
              {
                kind: 'payment',
                payment_id: id,
                intent_ref: `pi_${id}`,
                state: event.state,
                amount_cents: 1600,
                currency: 'EUR',
                failure_code: 'card_declined',
              },
            ]);
          }
          const [end] = await sql(
            `select o.state as order, p.state as payment, p.captured_cents::int as captured, b.state as booking,
               (select count(*)::int from messages.emails e where e.cause = o.id::text) as emails, (select count(*)::int from ledger.transfers t where t.source = 'payment:' || p.id) as transfers
             from sales.orders o join payments.payments p on p.order_id = o.id join sales.order_lines l on l.order_id = o.id join booking.bookings b on b.order_line_id = l.id where o.id = $1`,
            [rows[0].o.order_id],
          );
          expect(end).toEqual({
            order: 'paid',
            payment: 'captured',
            captured: 1600,
            booking: 'confirmed',
            emails: 1,
            transfers: 1,
          });
        },
      ),
      { numRuns: 25 },
    );
    expect(await findings()).toEqual([]);
  } finally {
    await client.end();
  }
});

test('what tax a price contains is rounded once, and net and tax are the price again', async () => {
  const rows = await sql<{ ok: boolean }>(
    `select bool_and(abs(sales.tax_in(a, r, true) - a::numeric * r / (10000 + r)) <= 0.5 and sales.tax_in(a, r, true) between 0 and a) as ok
     from generate_series(0, 5000, 7) a, unnest(array[0, 400, 1000, 1050, 2100]) r`,
  );
  expect(rows).toEqual([{ ok: true }]);
});
