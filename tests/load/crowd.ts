/** People and classes for measurements: accounts with open sessions, and classes enough that everybody can book many. */
import { type Bench, call, lotus } from './measure.ts';

export interface Person {
  id: string;
  /** The cookie header of their session. */
  cookie: string;
  /** An address of their own, sent as X-Forwarded-For. */
  address: string;
}

/** Makes `size` people and signs them in, as they would themselves. */
export async function signedInCrowd(bench: Bench, size: number): Promise<Person[]> {
  const tag = Math.random().toString(36).slice(2, 8);
  const { rows } = await bench.pool.query<{ id: string; email: string }>(
    `with made as (
       insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
       select gen_random_uuid(), 'authenticated', 'authenticated', 'load' || n || '-' || $2 || '@example.test', extensions.crypt('atrium-demo-1', extensions.gen_salt('bf', 4)), now(),
         '{"provider": "email", "providers": ["email"]}', jsonb_build_object('full_name', 'Load ' || n, 'locale', 'en') from generate_series(1, $1::int) n returning id, email),
     identities as (
       insert into auth.identities (id, provider, provider_id, user_id, identity_data)
       select gen_random_uuid(), 'email', id::text, id, jsonb_build_object('sub', id, 'email', email, 'email_verified', true) from made)
     select id, email from made`,
    [size, tag],
  );
  const signIn = async ({ id, email }: { id: string; email: string }, i: number): Promise<Person> => {
    const address = `10.9.${i >> 8}.${i & 255}`;
    const answer = await call(`${bench.siteUrl}/api/auth/signin`, {
      method: 'POST',
      headers: { 'x-forwarded-for': address },
      body: { email, password: 'atrium-demo-1' },
    });
    const cookie = [answer.headers['set-cookie'] ?? []]
      .flat()
      .map((line) => line.split(';')[0])
      .join('; ');
    if (answer.status !== 200 || !cookie)
      throw new Error(`Sign-in answered ${answer.status}: ${answer.body.slice(0, 200)}`);
    return { id, cookie, address };
  };
  const people: Person[] = [];
  let next = 0;
  const signInAll = async () => {
    for (let i = next++; i < rows.length; i = next++) {
      const row = rows[i];
      if (row) people[i] = await signIn(row, i);
    }
  };
  await Promise.all(Array.from({ length: 8 }, signInAll));
  return people;
}

// Classes of one call never overlap with those of another, or nobody could book both.
let hoursTaken = 0;

/** `count` classes one hour after another, so that one person may book them all; more seats than anybody needs. */
export async function classes(
  bench: Bench,
  count: number,
  priceCents: number,
  seats = 10_000,
): Promise<string[]> {
  const tag = Math.random().toString(36).slice(2, 10);
  const first = hoursTaken;
  hoursTaken += count;
  const { rows } = await bench.pool.query<{ id: string }>(
    `with room as (insert into booking.rooms (business_id, location_id, name, capacity) select $1, id, 'Load ' || $2, $4 from business.locations where business_id = $1 limit 1 returning id),
       teacher as (insert into booking.instructors (business_id, slug, name, published) values ($1, 'load-' || $2, 'Load ' || $2, false) returning id),
       kind as (insert into booking.class_types (business_id, slug, name, style, level, duration_minutes, price_cents, tax_rate_bp, capacity, opens_days_before)
         select $1, 'load-' || $2, '{"en": "Load", "es": "Carga"}', slug, 'all', 30, $5, 2100, $4, 730 from booking.styles where business_id = $1 limit 1 returning id)
     insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
     select $1, kind.id, room.id, teacher.id, now() + interval '100 days' + (n + $6::int) * interval '1 hour', now() + interval '100 days 30 minutes' + (n + $6::int) * interval '1 hour', $4, $5
     from room, teacher, kind, generate_series(1, $3::int) n returning id`,
    [lotus, tag, count, seats, priceCents, first],
  );
  return rows.map(({ id }) => id);
}
