/** The front desk at its tablet: classes with somebody in them, taps, sales. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aClass, lotus, sql } from '../world.ts';
import { type Buyer, aBuyer, book } from './buyer.ts';
import { type Reply, someEmail } from './visitor.ts';

/** A free class that begins soon, with somebody in it. */
export async function occupied(options: Parameters<typeof aClass>[0] = {}) {
  const session = await aClass({ price: 0, startsIn: '20 minutes', ...options });
  const person = await aBuyer('guest');
  expect((await book(person, session)).status).toBe(201);
  const [row] = await sql<{ id: string }>('select id from booking.bookings where session_id = $1', [session]);
  return { session, booking: row?.id ?? '' };
}

/** As if it had begun so long ago; it takes a quarter of an hour. */
export const begunAgo = (session: string, ago: string) =>
  sql(
    `with s as (update booking.sessions set starts_at = now() - $2::interval, ends_at = now() - $2::interval + interval '15 minutes' where id = $1 returning id, starts_at)
     update booking.bookings b set starts_at = s.starts_at from s where b.session_id = s.id`,
    [session, ago],
  );

export const tap = (who: Buyer, booking: string, action: string, id: string = randomUUID()): Promise<Reply> =>
  who.visitor.call('/api/desk/check-ins', { actions: [{ id, booking_id: booking, action }] });

const act =
  (path: string) =>
  (who: Buyer, fields: object, key: string = randomUUID()): Promise<Reply> =>
    who.visitor.call(path, fields, { 'idempotency-key': key });
export const sell = act('/api/desk/sales');
export const cancel = act('/api/desk/cancellations');
export const waive = act('/api/desk/waivers');
export const takeFee = act('/api/desk/fees');

/** A place paid in cash by somebody who is not checked in. */
export async function paidFor(desk: Buyer, startsIn: string): Promise<{ session: string; booking: string }> {
  const session = await aClass({ startsIn, freeCancelHours: 12 });
  const fields = { session_id: session, name: 'Paid Cash', email: someEmail('paid'), pay: 'cash' };
  const sold = await sell(desk, fields);
  expect(sold.status).toBe(201);
  const booking = sold.json.data.booking_id as string;
  if (sold.json.data.state === 'checked_in') await tap(desk, booking, 'undo');
  return { session, booking };
}

export async function packId(slug = 'ten-classes'): Promise<string> {
  const found = 'select id from members.plans where business_id = $1 and slug = $2';
  return (await sql<{ id: string }>(found, [lotus, slug]))[0]?.id ?? '';
}
