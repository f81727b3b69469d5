/** A past to measure in front of: paid and kept bookings with their orders, payments, events and ledger entries. */
import { lotus } from '../measure.ts';
import { loadMembers, loadPast, loadSales } from './loading.ts';

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

/** Loads `size` past bookings of Lotus & Bean, so that `api.audit_ledger()` still finds nothing. */
export const loadHistory = (adminUrl: string, size: number): Promise<void> =>
  loadPast(adminUrl, tables, async (run) => {
    await loadMembers(run, 'Past', 5000);
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
    await loadSales(run, [
      { kind: 'clearing', owner: 'stripe', cents: 1600 },
      { kind: 'revenue', owner: 'classes', cents: -1322 },
      { kind: 'tax', owner: '2100', cents: -278 },
    ]);
  });
