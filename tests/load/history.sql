-- A past of so many orders for Lotus & Bean, each for one seat, paid and attended: rows as the api functions would have
-- left them, written in bulk. Run as superuser, in one transaction, with setting bench.orders. The books stay balanced.

set local session_replication_role = replica; -- no triggers, no checks of foreign keys: all rows are made to fit
set local work_mem = '256MB';
set local maintenance_work_mem = '512MB';

create temp table scale on commit drop as
select current_setting('bench.orders')::int as orders, 20 as seats, 10 as rooms,
  greatest(current_setting('bench.orders')::int / 50, 20) as people,
  b.id as business, b.currency, now() - interval '2 days' as until_at,
  1600::bigint as price, 278::bigint as tax
from business.businesses b where b.slug = 'lotus';

-- Rooms and teachers of their own, one class an hour each, back from the day before yesterday.
create temp table past_rooms on commit drop as
select n, gen_random_uuid() as room, gen_random_uuid() as teacher from scale, generate_series(0, scale.rooms - 1) n;
insert into booking.rooms (id, business_id, location_id, name, capacity)
select r.room, s.business, l.id, 'Past ' || r.n, s.seats
from scale s, past_rooms r, lateral (select id from business.locations x where x.business_id = s.business limit 1) l;
insert into booking.instructors (id, business_id, slug, name, published)
select r.teacher, s.business, 'past-' || r.n, 'Teacher ' || r.n, false from scale s, past_rooms r;

create temp table past_sessions on commit drop as
select g.n, gen_random_uuid() as session, r.room, r.teacher, k.id as class_type, s.until_at - (g.n / s.rooms) * interval '1 hour' as starts_at
from scale s cross join lateral generate_series(0, (s.orders - 1) / s.seats) g (n)
join past_rooms r on r.n = g.n % s.rooms,
lateral (select array_agg(x.id order by x.slug) as ids from booking.class_types x where x.business_id = (select business from scale)) c,
lateral (select c.ids[1 + g.n % cardinality(c.ids)] as id) k;
create unique index on past_sessions (n);

insert into booking.sessions (id, business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, seats_taken, price_cents, version, created_at)
select p.session, s.business, p.class_type, p.room, p.teacher, p.starts_at, p.starts_at + interval '50 minutes', s.seats,
  least(s.seats, s.orders - p.n * s.seats), s.price, s.seats, p.starts_at - interval '30 days'
from scale s, past_sessions p;

-- The members there are have a past too, as long as everybody's.
create temp table past_people on commit drop as
select row_number() over (order by m.created_at, m.id) - 1 as n, m.id as member from members.members m, scale s where m.business_id = s.business;
with made as (
  insert into members.members (id, business_id, name, email, created_at)
  select gen_random_uuid(), s.business, 'Past member ' || n, 'past' || n || '@example.test', s.until_at - interval '2 years'
  from scale s, generate_series((select count(*) from past_people), s.people - 1) n
  returning id, substring(email::text from 'past(\d+)@')::bigint as n)
insert into past_people select n, id from made;
create unique index on past_people (n);

-- Somebody else for each seat of a session: twenty people in a row, and never fewer people than seats.
create temp table past on commit drop as
select o.n, p.member, x.session, x.starts_at, x.starts_at - interval '3 days' - (o.n % 50) * interval '1 minute' as at,
  gen_random_uuid() as order_id, gen_random_uuid() as line, gen_random_uuid() as booking, gen_random_uuid() as payment
from scale s, generate_series(0, s.orders - 1) o (n)
join past_sessions x on x.n = o.n / 20
join past_people p on p.n = (o.n * 7) % (select greatest(people, (select count(*) from past_people)) from scale);
create unique index on past (n);
analyze past;

insert into sales.orders (id, business_id, member_id, number, state, currency, tax_cents, total_cents, placed_at, payment_confirmed_at, created_at)
select p.order_id, s.business, p.member, 'past-' || p.n, 'paid', s.currency, s.tax, s.price, p.at, p.at + interval '40 seconds', p.at from scale s, past p order by p.n desc;
insert into sales.order_lines (id, business_id, order_id, position, kind, session_id, label, unit_price_cents, tax_rate_bp, tax_cents, total_cents, state)
select p.line, s.business, p.order_id, 1, 'seat', p.session, '{"en": "A class of the past", "es": "Una clase pasada"}', s.price, 2100, s.tax, s.price, 'fulfilled' from scale s, past p order by p.n desc;
insert into booking.bookings (id, business_id, session_id, member_id, order_line_id, state, starts_at, free_cancel_until, late_refund_percent, created_at)
select p.booking, s.business, p.session, p.member, p.line, 'checked_in', p.starts_at, p.starts_at - interval '12 hours', 0, p.at from scale s, past p order by p.n desc;
insert into booking.booking_steps (business_id, booking_id, from_state, to_state, at)
select s.business, p.booking, steps.from_state, steps.to_state, p.at + steps.after from scale s, past p,
  (values (null, 'held', interval '0'), ('held', 'confirmed', interval '40 seconds'), ('confirmed', 'checked_in', interval '3 days')) as steps (from_state, to_state, after);
insert into payments.payments (id, business_id, order_id, provider, attempt, provider_ref, intent_ref, state, amount_cents, currency, captured_cents, created_at, updated_at)
select p.payment, s.business, p.order_id, 'stripe', 1, 'cs_past_' || p.n, 'pi_past_' || p.n, 'captured', s.price, s.currency, s.price, p.at, p.at + interval '40 seconds' from scale s, past p;
insert into payments.payment_steps (business_id, payment_id, from_state, to_state, at)
select s.business, p.payment, steps.from_state, steps.to_state, p.at from scale s, past p, (values (null, 'pending'), ('pending', 'captured')) as steps (from_state, to_state);
insert into payments.webhook_inbox (provider, event_id, event_type, occurred_at, received_at, facts, payload, state, outcome, attempts)
select 'stripe', 'evt_past_' || p.n, 'checkout.session.completed', p.at, p.at, '{}', '{"object": "event"}', 'applied', 'settled', 1 from past p;

-- The ledger: each order is one transfer of three entries after what is there already.
create temp table past_accounts on commit drop as
select a.id, a.balance, a.version, parts.amount, parts.place from scale s
cross join lateral (values ('clearing', 'stripe', s.price, 1), ('revenue', 'classes', s.tax - s.price, 2), ('tax', '2100', -s.tax, 3)) as parts (kind, owner, amount, place)
join ledger.accounts a on a.business_id = s.business and a.unit = s.currency::text and a.kind = parts.kind and a.owner = parts.owner;
create temp table past_first on commit drop as select coalesce(max(id), 0) + 1 as id from ledger.transfers;
insert into ledger.transfers (id, business_id, kind, source, occurred_at, created_at, settled_at, account_ids, amounts) overriding system value
select f.id + p.n, s.business, 'sale', 'payment:' || p.payment, p.at, p.at, p.at, x.ids, x.amounts from scale s, past_first f, past p,
  (select array_agg(a.id order by a.place) as ids, array_agg(a.amount order by a.place) as amounts from past_accounts a) x;
insert into ledger.entries (business_id, transfer_id, account_id, amount, balance_before, balance_after, version)
select s.business, f.id + p.n, a.id, a.amount, a.balance + p.n * a.amount, a.balance + (p.n + 1) * a.amount, a.version + p.n + 1
from scale s, past_first f, past p, past_accounts a;
update ledger.accounts x set balance = a.balance + s.orders * a.amount, version = a.version + s.orders from past_accounts a, scale s where x.id = a.id;
select setval(pg_get_serial_sequence('ledger.transfers', 'id'), (select max(id) from ledger.transfers));
