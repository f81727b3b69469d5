/**
 * The shared world: the seed's two businesses and people, and the means to make a class or a crowd of one's own beside
 * them. Tests take what they need with names nobody else uses, so they may run in any order and together.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export const lotus = '10000000-0000-4000-8000-000000000001';
export const barberia = '10000000-0000-4000-8000-000000000002';
/** The seed's people by what they are called in tests. Everybody's password is `atrium-demo-1`. */
export const people = {
  owner: { id: '30000000-0000-4000-8000-000000000001', email: 'owner@lotus.test' },
  manager: { id: '30000000-0000-4000-8000-000000000002', email: 'manager@lotus.test' },
  frontDesk: { id: '30000000-0000-4000-8000-000000000003', email: 'frontdesk@lotus.test' },
  ada: { id: '30000000-0000-4000-8000-000000000006', email: 'ada@example.test' },
  bruno: { id: '30000000-0000-4000-8000-000000000007', email: 'bruno@example.test' },
  ownerElsewhere: { id: '30000000-0000-4000-8000-000000000008', email: 'owner@sur.test' },
} as const;

let pool: pg.Pool | undefined;
let ownDatabase: string | undefined;
const databaseUrl = (): string => ownDatabase ?? inject('stack').databaseUrl;

/** For the few tests that break a stack of their own; `null` closes the connections to it. */
export async function useDatabase(url: string | null): Promise<void> {
  ownDatabase = url ?? undefined;
  await pool?.end();
  pool = undefined;
}

const openPool = (): pg.Pool => {
  if (!pool) {
    pool = new pg.Pool({ connectionString: databaseUrl(), max: 4 });
    pool.on('error', () => undefined);
  }
  return pool;
};

/** SQL as the schema's owner, past row-level security: for arranging and for looking, never for the act under test. */
export async function sql<Row extends pg.QueryResultRow = pg.QueryResultRow>(
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return (await openPool().query<Row>(text, values)).rows;
}

/** As `sql`, in one transaction: other tests look at the books at any moment, and must never see half of something. */
export async function allAtOnce<Result>(act: (run: typeof sql) => Promise<Result>): Promise<Result> {
  const client = await openPool().connect();
  try {
    await client.query('begin');
    const result = await act(async (text, values = []) => (await client.query(text, values)).rows);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/** A pack of so many credits, as a gift; `shareable`: guests and family may use it too. */
export const givePass = (member: string, credits: number, shareable: boolean): Promise<string> =>
  allAtOnce(async (run) => {
    const [made] = await run<{ id: string }>(
      `select members.grant_pass(m.business_id, m.id, (select id from members.plans p where p.business_id = m.business_id and p.slug = 'ten-classes'), null, 0) as id from members.members m where m.id = $1`,
      [member],
    );
    const values = [made?.id, credits, shareable];
    await run('update members.passes set credits = $2, shareable = $3 where id = $1', values);
    await run('select members.book_credits($1)', [made?.id]);
    return made?.id ?? '';
  });

/** A pack with five credits left that ends in six and a half days: it is time to say so. */
export const passAboutToEnd = (member: string): Promise<void> =>
  allAtOnce(async (run) => {
    const [made] = await run<{ id: string }>(
      `insert into members.passes (business_id, member_id, plan_id, credits, shareable, net_cents, currency, expires_at, created_at)
       select m.business_id, m.id, p.id, 5, false, 0, 'EUR', now() + interval '6 days 12 hours', now() - interval '20 days'
       from members.members m join members.plans p on p.business_id = m.business_id and p.slug = 'ten-classes' where m.id = $1 returning id`,
      [member],
    );
    await run('select members.book_credits($1)', [made?.id]);
  });

/** SQL as one person, on a connection of their own until `end`: for races. */
export async function connectionOf(userId: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl() });
  await client.connect();
  await client.query(`select set_config('request.jwt.claims', $1, false)`, [
    JSON.stringify({ sub: userId, role: 'authenticated' }),
  ]);
  await client.query('set role authenticated');
  return client;
}

export interface Somebody {
  id: string;
  email: string;
}

/** As many people with accounts (password `atrium-demo-1`, hashed cheaply so that a thousand can sign in). */
export async function crowd(size: number, name = 'crowd'): Promise<Somebody[]> {
  const tag = randomUUID().slice(0, 8);
  return sql<Somebody & pg.QueryResultRow>(
    `with made as (
       insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
       select gen_random_uuid(), 'authenticated', 'authenticated', $2 || n || '-' || $3 || '@example.test', extensions.crypt('atrium-demo-1', extensions.gen_salt('bf', 4)), now(),
         '{"provider": "email", "providers": ["email"]}', jsonb_build_object('full_name', initcap($2) || ' ' || n, 'locale', 'en')
       from generate_series(1, $1::int) n returning id, email),
     identities as (
       insert into auth.identities (id, provider, provider_id, user_id, identity_data)
       select gen_random_uuid(), 'email', id::text, id, jsonb_build_object('sub', id, 'email', email, 'email_verified', true) from made)
     select id, email from made`,
    [size, name, tag],
  );
}

/**
 * A class of one's own at Lotus & Bean, in a room and with a teacher nobody else uses, so that it clashes with nothing. The
 * room is in the studio, which has an address, and not in a place another test makes and may take away.
 * `startsIn` is an interval from now; prices are minor units.
 */
export async function aClass({
  seats = 10,
  price = 1600,
  startsIn = '20 days',
  business = lotus,
  freeCancelHours = 12,
  lateRefundPercent = 0,
}: {
  seats?: number;
  price?: number;
  startsIn?: string;
  business?: string;
  freeCancelHours?: number;
  lateRefundPercent?: number;
} = {}): Promise<string> {
  const tag = randomUUID().slice(0, 12);
  const [made] = await sql<{ id: string }>(
    `with room as (insert into booking.rooms (business_id, location_id, name, capacity) select $1, id, 'Room ' || $2, $3 from business.locations where business_id = $1 order by address = '{}', id limit 1 returning id),
       teacher as (insert into booking.instructors (business_id, slug, name, published) values ($1, 't-' || $2, 'Teacher ' || $2, false) returning id),
       kind as (insert into booking.class_types (business_id, slug, name, style, level, duration_minutes, price_cents, tax_rate_bp, capacity, free_cancel_hours, late_refund_percent)
         select $1, 'c-' || $2, jsonb_build_object('en', 'Class ' || $2, 'es', 'Clase ' || $2), (select slug from booking.styles where business_id = $1 order by position, slug limit 1), 'all', 60, $4, 2100, $3, $6, $7 returning id)
     insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
     select $1, kind.id, room.id, teacher.id, now() + $5::interval, now() + $5::interval + interval '1 hour', $3, $4 from room, teacher, kind returning id`,
    [business, tag, seats, price, startsIn, freeCancelHours, lateRefundPercent],
  );
  if (!made) throw new Error('No class was made');
  return made.id;
}

/** What a member of Lotus & Bean owes (8 €, or one credit of a pass that opens the class) for one they missed: the fee's order. */
export async function aFee(member: string): Promise<string> {
  const session = await aClass({ startsIn: '-3 hours' });
  return allAtOnce(async (run) => {
    const [booking] = await run<{ id: string }>(
      `with s as (update booking.sessions set seats_taken = 1 where id = $1 returning *)
       insert into booking.bookings (business_id, session_id, member_id, state, starts_at, free_cancel_until, late_refund_percent, no_show_fee_cents, fee_credits)
       select s.business_id, s.id, $2, 'no_show', s.starts_at, s.starts_at - interval '12 hours', 0, 800, 1 from s returning id`,
      [session, member],
    );
    await run('select api.settle_absence($1)', [booking?.id]);
    const [owed] = await run<{ id: string }>(
      'select fee_order_id as id from booking.forfeits where booking_id = $1',
      [booking?.id],
    );
    if (!owed) throw new Error('No fee was charged');
    return owed.id;
  });
}

/** Every law of the books that does not hold. Empty after every test. */
export const findings = () => sql<{ finding: string; detail: unknown }>('select * from ledger.findings()');

/** How the seats of a session stand: bookings by state, and the counter. */
export async function seatsOf(
  sessionId: string,
): Promise<{ taken: number; capacity: number; states: Record<string, number> }> {
  const [session] = await sql<{ taken: number; capacity: number; states: Record<string, number> }>(
    `select s.seats_taken as taken, s.capacity, coalesce((select jsonb_object_agg(b.state, b.n) from (select state, count(*) as n from booking.bookings where session_id = s.id group by 1) b), '{}') as states
     from booking.sessions s where s.id = $1`,
    [sessionId],
  );
  if (!session) throw new Error('No such session');
  return session;
}

export interface GiftCard {
  id: string;
  code: string;
  pin: string;
}

/**
 * A gift card of so many minor units, sold at the counter, with the code and PIN its letter would have. Who bought it is
 * nobody else: what they ordered and were written is no other test's.
 */
export const aGiftCard = (cents: number, { business = lotus } = {}): Promise<GiftCard> =>
  allAtOnce(async (run) => {
    const [giver] = await run<{ id: string }>(
      `insert into members.members (business_id, name, email) values ($1, 'Giver', 'giver-' || gen_random_uuid() || '@example.test') returning id`,
      [business],
    );
    const [sold] = await run<{ id: string }>(
      `with o as (insert into sales.orders (business_id, member_id, state, channel, currency, reference, placed_at, total_cents)
         select b.id, $3, 'placed', 'desk', b.currency, sales.new_reference(b.id), now(), $2 from business.businesses b where b.id = $1 returning *)
       insert into sales.order_lines (business_id, order_id, position, kind, label, unit_price_cents, total_cents, details)
       select o.business_id, o.id, 1, 'gift_card', '{"en": "Gift card"}', $2, $2, '{"to_name": "Somebody", "to_email": "somebody@example.test", "from_name": "A test", "locale": "en"}' from o returning order_id as id`,
      [business, cents, giver?.id],
    );
    await run(`select payments.pay_at_once(o, 'terminal') from sales.orders o where o.id = $1`, [sold?.id]);
    const [card] = await run<GiftCard>(
      `select g.id, s ->> 'code' as code, s ->> 'pin' as pin from sales.gift_cards g join sales.order_lines l on l.id = g.order_line_id cross join lateral (select sales.new_gift_card_secret(g.id) as s) k where l.order_id = $1`,
      [sold?.id],
    );
    // Its letter stays here: no worker makes another code meanwhile.
    await run(
      `update messages.emails set state = 'withheld', next_try_at = null where id = (select letter_id from sales.gift_cards where id = $1)`,
      [card?.id],
    );
    if (!card) throw new Error('No gift card was made');
    return card;
  });

/** What can be paid with a card now, and what is kept of it for orders that wait. */
export const onCard = async (card: GiftCard): Promise<{ free: number; kept: number }> => {
  const [row] = await sql<{ free: number; kept: number }>(
    `select (-balance - reserved)::int as free, reserved::int as kept from ledger.accounts where kind = 'gift_card' and owner = $1`,
    [card.id],
  );
  return row ?? { free: 0, kept: 0 };
};
