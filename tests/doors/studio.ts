/** Passes, waitlists and the hours in which nobody is woken, for tests of the doors. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { aClass, givePass, lotus, sql } from '../world.ts';
import type { Buyer } from './buyer.ts';
import type { Reply } from './visitor.ts';

export type Mode = 'automatic' | 'offer' | 'claim' | 'off';

/** A class of one's own with a waitlist of this kind. */
export async function aBusyClass(
  mode: Mode = 'automatic',
  options: Parameters<typeof aClass>[0] & { guests?: number; lateFee?: number; cutoff?: number } = {},
): Promise<string> {
  const { guests = 3, lateFee = 0, cutoff = 120, ...others } = options;
  const session = await aClass({ seats: 1, ...others });
  await sql(
    `update booking.class_types set waitlist_mode = $2, max_guests = $3, late_fee_cents = $4, waitlist_cutoff_minutes = $5 where id = (select class_type_id from booking.sessions where id = $1)`,
    [session, mode, guests, lateFee, cutoff],
  );
  return session;
}

/** Lotus & Bean wakes its members at any hour, so that tests pass at night as well. */
export const neverQuiet = () =>
  sql(
    `insert into booking.settings as s (business_id, quiet_from, quiet_until) values ($1, '00:00', '00:00') on conflict (business_id) do update set quiet_from = '00:00', quiet_until = '00:00'`,
    [lotus],
  );

export const memberOf = async ({ id }: Pick<Buyer, 'id'>): Promise<string> => {
  await sql(
    `insert into members.members (business_id, user_id, name, email) select $1, u.id, initcap(split_part(u.email, '-', 1)), u.email from auth.users u where u.id = $2 on conflict do nothing`,
    [lotus, id],
  );
  const [member] = await sql<{ id: string }>(
    'select id from members.members where business_id = $1 and user_id = $2',
    [lotus, id],
  );
  return member?.id ?? '';
};

/** A pack of so many credits, as a gift; `shareable`: guests and family may use it too. */
export async function aPass(buyer: Pick<Buyer, 'id'>, credits: number, shareable = false): Promise<string> {
  return givePass(await memberOf(buyer), credits, shareable);
}

export const creditsLeft = async (pass: string): Promise<number> =>
  (
    await sql<{ n: number }>('select members.credits_left(p) as n from members.passes p where id = $1', [
      pass,
    ])
  )[0]?.n ?? -1;

/** Money in the wallet, as if it had been paid in at the desk. */
export async function topUp(buyer: Pick<Buyer, 'id'>, cents: number): Promise<void> {
  await sql(
    `select ledger.transfer($1, 'wallet_gift', $2, array[ledger.account($1, 'EUR', 'loss', 'gifts'), ledger.account($1, 'EUR', 'wallet', $3)], array[$4::bigint, -$4::bigint])`,
    [lotus, randomUUID(), await memberOf(buyer), cents],
  );
}

const withKey = (key: string = randomUUID()) => ({ 'idempotency-key': key });
export const bookWith = (buyer: Buyer, session: string, how: object = {}, key?: string): Promise<Reply> =>
  buyer.visitor.call('/api/yoga/bookings', { session_id: session, ...how }, withKey(key));
export const join = (buyer: Buyer, session: string, how: object = {}, key?: string): Promise<Reply> =>
  buyer.visitor.call('/api/yoga/waitlist', { session_id: session, ...how }, withKey(key));
export const reply = (buyer: Buyer, entry: string, accept: boolean, how: object = {}): Promise<Reply> =>
  buyer.visitor.call(`/api/yoga/waitlist/${entry}/answer`, { accept, ...how }, withKey());
export const leave = (buyer: Buyer, entry: string): Promise<Reply> =>
  buyer.visitor.call(`/api/yoga/waitlist/${entry}/leave`, {});

/** Joins and answers the place in line. */
export async function joined(buyer: Buyer, session: string, how: object = {}): Promise<string> {
  const { status, json } = await join(buyer, session, how);
  expect([status, json?.data?.state]).toEqual([201, 'waiting']);
  return json.data.entry_id as string;
}

export const entryNow = async (entry: string) =>
  (
    await sql<{ state: string; why: string; order_id: string | null }>(
      'select state, why, order_id from booking.waitlist_entries where id = $1',
      [entry],
    )
  )[0];
/** Waits for the worker. */
export const untilEntry = (entry: string, state: string): Promise<void> =>
  expect.poll(async () => (await entryNow(entry))?.state, { interval: 50 }).toBe(state);

/** The only booking of somebody in a class. */
export const bookingIn = async (session: string, buyer: Buyer): Promise<string> =>
  (
    await sql<{ id: string }>(
      `select b.id from booking.bookings b where b.session_id = $1 and b.member_id = $2 and b.state = 'confirmed'`,
      [session, await memberOf(buyer)],
    )
  )[0]?.id ?? '';

export const cancelIn = async (session: string, buyer: Buyer): Promise<Reply> =>
  buyer.visitor.call(`/api/yoga/bookings/${await bookingIn(session, buyer)}/cancel`, {}, withKey());

/** How often a member was told of something. */
export const timesTold = async (buyer: Buyer, kind: string): Promise<number> =>
  (
    await sql<{ n: number }>(
      'select count(*)::int as n from messages.notifications where member_id = $1 and kind = $2',
      [await memberOf(buyer), kind],
    )
  )[0]?.n ?? 0;
