/** A past to measure in front of: paid and kept bookings with their orders, payments, events and ledger entries. */
import pg from 'pg';

const lotus = '10000000-0000-4000-8000-000000000001';

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
      `insert into sales.orders (id, business_id, member_id, reference, state, currency, tax_cents, total_cents, placed_at, payment_confirmed_at, hold_expires_at, created_at)
         select order_id, $1::uuid, member_id, lpad(i::text, 8, '0'), 'paid', 'EUR', 278, 1600, at, at, at, at from h`,
      lotus,
    );
    await run(`select sales.number_orders($1::uuid)`, lotus);
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
    await run(
      `create temporary table h_legs on commit drop as
         select a.id, a.balance, a.version, l.amount, l.position from (values (1, 'clearing', 'stripe', 1600::bigint), (2, 'revenue', 'classes', -1322), (3, 'tax', '2100', -278)) l (position, kind, owner, amount)
         cross join lateral (select ledger.account($1::uuid, 'EUR', l.kind, l.owner) as id) x join ledger.accounts a on a.id = x.id`,
      lotus,
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
    await run('commit');
    await run('vacuum analyze');
  } finally {
    await client.end();
  }
}
