/** A past to measure in front of: paid and kept bookings with their orders, payments, events and ledger entries. */
import pg from 'pg';

const lotus = '10000000-0000-4000-8000-000000000001';

/** Where most of it goes. */
const tables = [
  'sales.orders',
  'sales.order_lines',
  'booking.bookings',
  'booking.booking_steps',
  'payments.payments',
  'payments.webhook_inbox',
  'ledger.transfers',
  'ledger.entries',
];

/** Takes away the indexes that no constraint needs; the result makes them again, in a fraction of what keeping them costs. */
async function withoutIndexes(client: pg.Client): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
     where i.indrelid = any ($1::regclass[]) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [tables],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return async () => {
    for (const { definition } of rows) await client.query(definition);
  };
}

/**
 * Loads `size` past bookings of Lotus & Bean in one transaction. Written straight into the tables as the superuser with
 * triggers off (through the functions it would take hours), but so that `api.audit_ledger()` still finds nothing.
 */
export async function loadHistory(adminUrl: string, size: number): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const run = (text: string, ...values: unknown[]) => client.query(text, values);
  try {
    await run('begin');
    await run(`set local session_replication_role = replica`);
    await run(`set local synchronous_commit = off`);
    await run(`set local work_mem = '256MB'`);
    await run(`set local maintenance_work_mem = '512MB'`);
    // What the seed sold has its numbers before.
    await run(`select sales.number_orders($1::uuid)`, lotus);
    const index = await withoutIndexes(client);
    await run(
      `create temporary table h_members on commit drop as select gen_random_uuid() as id, n from generate_series(0, 4999) n`,
    );
    await run(
      `insert into members.members (id, business_id, name, email) select id, $1::uuid, 'Past ' || n, 'past' || n || '@example.test' from h_members`,
      lotus,
    );
    await run(
      `create temporary table h_rooms on commit drop as select gen_random_uuid() as room_id, gen_random_uuid() as instructor_id, n from generate_series(0, 19) n`,
    );
    await run(
      `insert into booking.rooms (id, business_id, location_id, name, capacity) select room_id, $1::uuid, (select id from business.locations where business_id = $1::uuid limit 1), 'Past room ' || n, 20 from h_rooms`,
      lotus,
    );
    await run(
      `insert into booking.instructors (id, business_id, slug, name, published) select instructor_id, $1::uuid, 'past-' || n, 'Past teacher ' || n, false from h_rooms`,
      lotus,
    );
    await run(
      `create temporary table h_sessions on commit drop as
         select gen_random_uuid() as id, k, date_trunc('hour', now()) - interval '30 days' - (k / 20) * interval '2 hours' as starts_at from generate_series(0, ($1::int + 9) / 10 - 1) k`,
      size,
    );
    await run(
      `insert into booking.sessions (id, business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, seats_taken, price_cents)
         select s.id, $1::uuid, (select id from booking.class_types where business_id = $1::uuid and slug = 'morning-vinyasa'), r.room_id, r.instructor_id, s.starts_at, s.starts_at + interval '1 hour', 20, least(10, $2 - s.k * 10), 1600
         from h_sessions s join h_rooms r on r.n = s.k % 20`,
      lotus,
      size,
    );
    await run(
      `create temporary table h on commit drop as
         select i, gen_random_uuid() as order_id, gen_random_uuid() as line_id, gen_random_uuid() as booking_id, gen_random_uuid() as payment_id, s.id as session_id, m.id as member_id, s.starts_at, s.starts_at - interval '1 day' as at
         from generate_series(0, $1::int - 1) i join h_sessions s on s.k = i / 10 join h_members m on m.n = (i * 7) % 5000`,
      size,
    );
    await run(
      `create temporary table h_numbers on commit drop as
         select order_id, year, coalesce(before, 0) + row_number() over (partition by year order by at, order_id) as nth
         from (select h.order_id, h.at, extract(year from h.at at time zone b.time_zone)::int as year from h join business.businesses b on b.id = $1::uuid) x
         left join lateral (select n.last as before from sales.order_numbers n where n.business_id = $1::uuid and n.year = x.year) n on true`,
      lotus,
    );
    await run(
      `insert into sales.orders (id, business_id, member_id, reference, number, state, currency, tax_cents, total_cents, placed_at, payment_confirmed_at, hold_expires_at, created_at)
         select order_id, $1::uuid, member_id, lpad(i::text, 8, '0'), n.year || '-' || lpad(n.nth::text, greatest(6, length(n.nth::text)), '0'), 'paid', 'EUR', 278, 1600, at, at, at, at from h join h_numbers n using (order_id)`,
      lotus,
    );
    await run(
      `insert into sales.order_numbers (business_id, year, last) select $1::uuid, year, max(nth) from h_numbers group by year
         on conflict on constraint order_numbers_pkey do update set last = excluded.last`,
      lotus,
    );
    await run(
      `insert into sales.order_lines (id, business_id, order_id, position, kind, session_id, label, unit_price_cents, tax_rate_bp, tax_cents, total_cents, state)
         select line_id, $1::uuid, order_id, 1, 'seat', session_id, '{"en": "Morning Vinyasa", "es": "Vinyasa de mañana"}', 1600, 2100, 278, 1600, 'fulfilled' from h`,
      lotus,
    );
    await run(
      `insert into booking.bookings (id, business_id, session_id, member_id, order_line_id, state, starts_at, free_cancel_until, late_refund_percent, created_at)
         select booking_id, $1::uuid, session_id, member_id, line_id, 'confirmed', starts_at, starts_at, 0, at from h`,
      lotus,
    );
    await run(
      `insert into booking.booking_steps (business_id, booking_id, from_state, to_state, at) select $1::uuid, booking_id, null, 'held', at from h union all select $1::uuid, booking_id, 'held', 'confirmed', at from h`,
      lotus,
    );
    await run(
      `insert into payments.payments (id, business_id, order_id, provider, attempt, provider_ref, intent_ref, state, amount_cents, currency, captured_cents, created_at)
         select payment_id, $1::uuid, order_id, 'stripe', 1, 'past_cs_' || i, 'past_pi_' || i, 'captured', 1600, 'EUR', 1600, at from h`,
      lotus,
    );
    await run(
      `insert into payments.webhook_inbox (provider, event_id, event_type, occurred_at, received_at, facts, payload, state, outcome, attempts)
         select 'stripe', 'past_evt_' || i, 'checkout.session.completed', at, at, '{}', '{}', 'applied', 'settled', 1 from h`,
    );
    // Made before they are read: a statement does not see what it makes itself.
    await run(
      `create temporary table h_accounts on commit drop as
         select ledger.account($1::uuid, 'EUR', l.kind, l.owner) as id, l.amount from (values ('clearing', 'stripe', 1600::bigint), ('revenue', 'classes', -1322), ('tax', '2100', -278)) l (kind, owner, amount)`,
      lotus,
    );
    await run(
      `create temporary table h_legs on commit drop as
         select a.id, a.balance, a.version, x.amount from h_accounts x join ledger.accounts a on a.id = x.id`,
    );
    await run(
      `create temporary table h_transfers on commit drop as
         with made as (
           insert into ledger.transfers (business_id, kind, source, state, occurred_at, created_at, settled_at, account_ids, amounts)
           select $1::uuid, 'sale', 'payment:' || payment_id, 'posted', at, at, at, (select array_agg(id order by id) from h_legs), (select array_agg(amount order by id) from h_legs) from h order by i
           returning id)
         select id, row_number() over (order by id) as n from made`,
      lotus,
    );
    await run(
      `insert into ledger.entries (business_id, transfer_id, account_id, amount, balance_before, balance_after, version)
         select $1::uuid, t.id, g.id, g.amount, g.balance + (t.n - 1) * g.amount, g.balance + t.n * g.amount, g.version + t.n from h_transfers t cross join h_legs g`,
      lotus,
    );
    await run(
      `update ledger.accounts a set balance = g.balance + $1::bigint * g.amount, version = g.version + $1::bigint from h_legs g where a.id = g.id`,
      size,
    );
    await index();
    await run('commit');
    await run('vacuum analyze');
  } finally {
    await client.end();
  }
}
