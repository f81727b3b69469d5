import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { aClass, crowd, lotus, sql } from '../world.ts';
import { connect } from './connections.ts';

test('a whole class that reaches for the same mat at once: one lies on it, the others are told', async () => {
  const session = await aClass({ seats: 6, price: 0 });
  const spots = Array.from({ length: 6 }, (_, i) => ({ id: String(i), label: String(i), x: i, y: 0 }));
  await sql(
    'update booking.rooms set spot_map = $1 where id = (select room_id from booking.sessions where id = $2)',
    [JSON.stringify({ columns: 6, rows: 1, teacher: null, spots }), session],
  );
  const seats = await Promise.all(
    (await crowd(6, 'mats')).map(async ({ id }) => {
      const client = await connect(id);
      await client.query('select api.book_session($1, $2, $3)', [lotus, session, randomUUID()]);
      const [seat] = (await client.query('select id from booking.bookings where session_id = $1', [session]))
        .rows;
      return { client, booking: seat.id as string };
    }),
  );
  const pick = (spot: string) =>
    Promise.all(
      seats.map(({ client, booking }) =>
        client.query('select api.choose_spot($1, $2, $3)', [lotus, booking, spot]).then(
          () => 'mine',
          (error: Error) => error.message,
        ),
      ),
    );
  expect((await pick('2')).sort()).toEqual(['mine', ...Array.from({ length: 5 }, () => 'spot_taken')]);
  // Whoever changes over frees the old one in the same step.
  expect((await pick('4')).filter((answer) => answer === 'mine')).toHaveLength(1);
  const taken = await sql<{ spot: string }>(
    'select spot from booking.bookings where session_id = $1 and spot is not null',
    [session],
  );
  expect(new Set(taken.map(({ spot }) => spot)).size).toBe(taken.length);
});
