-- For every table: who may read it. Writing is nobody's (00-doors). On the seed's data.
begin;
select plan(3);

create temporary table asked (position int, who text, user_id uuid);
insert into auth.users (id, email, raw_user_meta_data) values ('39999999-0000-4000-8000-000000000001', 'stranger@example.test', '{}');
insert into asked values
  (1, 'nobody', null), (2, 'stranger', '39999999-0000-4000-8000-000000000001'), (3, 'member', '30000000-0000-4000-8000-000000000006'),
  (4, 'staff elsewhere', '30000000-0000-4000-8000-000000000008'), (5, 'instructor', '30000000-0000-4000-8000-000000000005'), (6, 'front desk', '30000000-0000-4000-8000-000000000003'), (7, 'owner', '30000000-0000-4000-8000-000000000001');

-- A paid place of the member's and one of somebody else's.
do $$
declare
  lotus uuid := '10000000-0000-4000-8000-000000000001';
  who text;
  placed uuid;
begin
  foreach who in array array['ada@example.test', (select m.email::text from members.members m where m.business_id = lotus and m.email::text like 'regular%' and not exists (select from members.passes p where p.member_id = m.id) order by m.email limit 1)] loop
    perform set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
    perform api.add_seat_to_cart(lotus, (select x.id from booking.sessions x where x.business_id = lotus and x.state = 'scheduled' and x.price_cents > 0 and x.seats_taken < x.capacity and x.starts_at > now() + interval '2 days' order by x.starts_at limit 1), repeat(who, 3));
    placed := (api.place_order(lotus, 'who-may-read-' || who, repeat(who, 3)) ->> 'order_id')::uuid;
    perform payments.pay_at_once(o, 'terminal') from sales.orders o where o.id = placed;
  end loop;
end $$;
-- Something of everything: an open invitation and a refund on the member's order.
set local role authenticated;
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000001", "role": "authenticated"}', true);
select api.invite_staff('10000000-0000-4000-8000-000000000001', 'new@example.test', 'barista');
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000006", "role": "authenticated"}', true);
select api.cancel_booking('10000000-0000-4000-8000-000000000001', (select b.booking_id from api.my_bookings('10000000-0000-4000-8000-000000000001') b where b.state = 'confirmed' order by b.starts_at desc limit 1), 'who-may-read');
select api.set_choices('10000000-0000-4000-8000-000000000001', '[{"topic": "progress", "channel": "email", "wanted": false}]', 3);
-- Calendars of a member, an instructor and a room, how substitutes are found, and a closed pay run.
select api.make_calendar('10000000-0000-4000-8000-000000000001', 'member');
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000005", "role": "authenticated"}', true);
select api.make_calendar('10000000-0000-4000-8000-000000000001', 'instructor');
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000001", "role": "authenticated"}', true);
select api.make_calendar('10000000-0000-4000-8000-000000000001', 'room', '50000000-0000-4000-8000-000000000001');
select api.set_substitution_rules('10000000-0000-4000-8000-000000000001', 24, 4, false);
select api.ask_substitute('10000000-0000-4000-8000-000000000001', (select id from booking.sessions where instructor_id = '60000000-0000-4000-8000-000000000001' and state = 'scheduled' and starts_at > now() + interval '5 days' order by starts_at limit 1));
select api.close_pay_run('10000000-0000-4000-8000-000000000001', current_date - 14, current_date - 2);
reset role;
insert into messages.settings (business_id) values ('10000000-0000-4000-8000-000000000001') on conflict do nothing;
select audit.note('10000000-0000-4000-8000-000000000001', 'test_ran', 'test:who-may-read');
select api.receive_payment_event('stripe', 'evt_who_may_read', 'test', now(), '{"kind": "other"}', '{}');
-- A pass of the member's beside those of others; a membership, what a late cancellation cost, and a line for a full class: each of the member's and of somebody else's.
insert into members.memberships (business_id, member_id, plan_id, provider_ref, state, access_until, period_start, period_end)
select m.business_id, m.id, n.id, 'sub_who_may_read_' || m.id, 'active', now() + interval '1 month', now(), now() + interval '1 month' from members.members m join members.plans n on n.business_id = m.business_id and n.slug = 'unlimited-year'
where m.business_id = '10000000-0000-4000-8000-000000000001' and m.email::text in ('ada@example.test', 'bruno@example.test');
insert into members.freezes (business_id, membership_id, rule, from_on, until_on, from_at, until_at, period_start, charge_at, paid_cents, price_cents)
select m.business_id, m.id, 'prorate', current_date + 2, current_date + 9, now() + interval '2 days', now() + interval '9 days', m.period_start, m.period_end, 100, 100 from members.memberships m where m.provider_ref like 'sub\_who\_may\_read\_%';
insert into members.thaws (freeze_id, business_id, at, days) select f.id, f.business_id, f.from_at, 0 from members.freezes f;
insert into members.membership_credits (business_id, membership_id, freeze_id, amount_cents) select f.business_id, f.membership_id, f.id, 100 from members.freezes f;
select members.grant_pass(m.business_id, m.id, n.id, null, 0) from members.members m join members.plans n on n.business_id = m.business_id and n.slug = 'unlimited-year' where m.business_id = '10000000-0000-4000-8000-000000000001' and m.email::text = 'ada@example.test' and m.guardian_id is null;
insert into booking.forfeits (booking_id, business_id, session_id, kind, kept_cents)
select distinct on (m.id) k.id, k.business_id, k.session_id, 'late', 100 from booking.bookings k join members.members m on m.id = k.member_id where m.email::text in ('ada@example.test', 'regular3@example.test') and k.business_id = '10000000-0000-4000-8000-000000000001' order by m.id, k.id;
insert into booking.waitlist_entries (business_id, session_id, member_id, pay_with)
select s.business_id, s.id, m.id, 'card' from members.members m cross join lateral (select x.business_id, x.id from booking.sessions x where x.business_id = m.business_id and x.starts_at > now() + interval '50 days' order by x.starts_at limit 1) s
where m.email::text in ('ada@example.test', 'bruno@example.test') and m.business_id = '10000000-0000-4000-8000-000000000001';
select booking.settings_of('10000000-0000-4000-8000-000000000001');
-- A day on which a series is not on.
insert into booking.series_exceptions (business_id, series_id, on_date, reason) select x.business_id, x.id, current_date + 100, 'skipped' from booking.series x where x.business_id = '10000000-0000-4000-8000-000000000001' limit 1;
insert into members.desk_codes (member_id, business_id, code) select m.id, m.business_id, 'MAY' || lpad(row_number() over (order by m.id)::text, 3, '0') from members.members m where m.business_id = '10000000-0000-4000-8000-000000000001' and m.guardian_id is null on conflict do nothing;
insert into booking.check_ins (id, business_id, booking_id, act, at) select gen_random_uuid(), k.business_id, k.id, 'undo', now() from booking.bookings k where k.business_id = '10000000-0000-4000-8000-000000000001' order by k.id limit 1;
-- A code that an order used.
insert into sales.promotion_uses (order_id, business_id, promotion_id, member_id) select o.id, o.business_id, p.id, o.member_id from sales.orders o join sales.promotions p on p.business_id = o.business_id and p.code = 'WELCOME'
where o.business_id = '10000000-0000-4000-8000-000000000001' and o.state = 'paid' order by o.id limit 1;
-- Points of the member's and of somebody else's, and what each redeemed.
insert into loyalty.redemptions (order_id, business_id, member_id, reward_id, points, state)
select distinct on (m.id) o.id, o.business_id, m.id, r.id, 1, 'spent' from sales.orders o join members.members m on m.id = o.member_id join loyalty.rewards r on r.business_id = o.business_id and r.position = 1
where o.business_id = '10000000-0000-4000-8000-000000000001' and o.state = 'paid' and m.email::text in ('ada@example.test', 'regular3@example.test') order by m.id, o.id;
insert into loyalty.redemption_lots (order_id, business_id, lot_id, points) select d.order_id, d.business_id, (select t.id from loyalty.lots t where t.business_id = d.business_id limit 1), 1 from loyalty.redemptions d;
-- Codes, the member brought by somebody, and somebody by somebody.
insert into loyalty.invitation_codes (member_id, business_id, code) select m.id, m.business_id, 'MAYS' || lpad(row_number() over (order by m.id)::text, 4, '0') from members.members m where m.business_id = '10000000-0000-4000-8000-000000000001' and m.email::text in ('ada@example.test', 'regular3@example.test') on conflict do nothing;
insert into loyalty.referrals (business_id, inviter_id, newcomer_id) select a.business_id, a.id, b.id from members.members a join members.members b on b.business_id = a.business_id
where a.business_id = '10000000-0000-4000-8000-000000000001' and (a.email::text, b.email::text) in (('regular3@example.test', 'ada@example.test'), ('regular3@example.test', 'regular4@example.test')) and a.guardian_id is null and b.guardian_id is null on conflict do nothing;
-- A picture of the house's own.
insert into booking.pictures (business_id, hash, type, width, height, bytes) select '10000000-0000-4000-8000-000000000001', encode(sha256(b), 'hex'), 'image/png', 1, 1, b from decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64') b;
-- A gift card, what is sold of them, and a cart that wants one used.
insert into sales.gift_card_rules (business_id, amounts, min_cents, max_cents) values ('10000000-0000-4000-8000-000000000001', array[2500], 500, 50000) on conflict do nothing;
insert into sales.gift_cards (business_id, order_line_id, amount_cents, currency, to_name, to_email, locale, from_name, send_at)
select l.business_id, l.id, 100, 'EUR', 'B', 'b@example.test', 'en', 'A', now() from sales.order_lines l where l.business_id = '10000000-0000-4000-8000-000000000001' limit 1;
select sales.step_gift_card(g, 'sold') from sales.gift_cards g where g.to_email = 'b@example.test';
insert into sales.returns (business_id, order_line_id, amount_cents, reason) select l.business_id, l.id, 1, 'a test' from sales.order_lines l where l.business_id = '10000000-0000-4000-8000-000000000001' limit 1;
insert into sales.cart_tenders (business_id, order_id, provider) select o.business_id, o.id, 'wallet' from sales.orders o where o.business_id = '10000000-0000-4000-8000-000000000001' limit 1;
-- A class and a teacher that are not published yet.
insert into booking.class_types (business_id, slug, name, style, level, duration_minutes, price_cents, capacity, published) values ('10000000-0000-4000-8000-000000000001', 'not-yet', '{}', 'hatha', 'all', 60, 0, 5, false);
insert into booking.instructors (business_id, slug, name, published) values ('10000000-0000-4000-8000-000000000001', 'not-yet', 'Not Yet', false);
insert into members.plans (business_id, slug, kind, name, price_cents, credits, published) values ('10000000-0000-4000-8000-000000000001', 'not-yet', 'pack', '{}', 100, 1, false);
-- Something from the bar: not offered, gone for today, promised, and on the board.
insert into shop.not_offered (business_id, location_id, product_id) select p.business_id, c.location_id, p.id from shop.products p join shop.counters c on c.business_id = p.business_id where p.slug = 'cup';
insert into shop.sold_out (business_id, location_id, product_id, on_date) select p.business_id, c.location_id, p.id, current_date - 1 from shop.products p join shop.counters c on c.business_id = p.business_id where p.slug = 'mat';
insert into shop.pickup_slots (business_id, location_id, starts_at, capacity_seconds) select c.business_id, c.location_id, '2020-01-01', 300 from shop.counters c on conflict do nothing;
insert into shop.slot_takings (business_id, order_id, location_id, starts_at, seconds) select c.business_id, o.id, c.location_id, '2020-01-01', 1 from shop.counters c join lateral (select x.id from sales.orders x where x.business_id = c.business_id and not exists (select from shop.tickets t where t.order_id = x.id) limit 1) o on true on conflict do nothing;
insert into shop.tickets (business_id, location_id, order_id, on_date, call_number, name, ready_by, make_seconds) select c.business_id, c.location_id, o.id, '2020-01-01', 1, 'Somebody', now(), 60 from (select distinct on (y.business_id) y.* from shop.counters y order by y.business_id, y.location_id) c join lateral (select x.id from sales.orders x where x.business_id = c.business_id and not exists (select from shop.tickets t where t.order_id = x.id) limit 1) o on true;
insert into shop.special_days (business_id, location_id, on_date) select c.business_id, c.location_id, '2020-01-01' from shop.counters c on conflict do nothing;
insert into shop.stock_counts (business_id, location_id) select c.business_id, c.location_id from shop.counters c on conflict do nothing;
insert into shop.stock_count_lines (business_id, count_id, stock_item_id, counted, book) select c.business_id, c.id, (select i.id from shop.stock_items i where i.business_id = c.business_id limit 1), 1, 1 from shop.stock_counts c on conflict do nothing;
-- A till with its drawer, and something sold at it.
insert into shop.tills (business_id, location_id, name) select c.business_id, c.location_id, 'Who may read' from shop.counters c;
insert into shop.drawer_sessions (business_id, till_id, opening_cents) select t.business_id, t.id, 0 from shop.tills t where t.name = 'Who may read';
insert into shop.drawer_moves (business_id, session_id, kind, amount_cents, reason) select d.business_id, d.id, 'pay_in', 1, 'test' from shop.drawer_sessions d join shop.tills t on t.id = d.till_id where t.name = 'Who may read';
insert into shop.till_sales (order_id, business_id, till_id, pay_with) select o.id, t.business_id, t.id, 'terminal' from shop.tills t join lateral (select x.id from sales.orders x where x.business_id = t.business_id limit 1) o on true where t.name = 'Who may read' on conflict do nothing;
-- A till of another maker, and what went back and forth.
insert into shop.pos_connections (business_id, location_id, name) select c.business_id, c.location_id, 'Who may read' from shop.counters c;
insert into shop.pos_secrets (business_id, connection_id, secret) select c.business_id, c.id, 'whsec_' || repeat('A', 43) || '=' from shop.pos_connections c where c.name = 'Who may read';
insert into shop.pos_links (business_id, connection_id, outside_id, product_id) select c.business_id, c.id, 'who', (select p.id from shop.products p where p.business_id = c.business_id limit 1) from shop.pos_connections c where c.name = 'Who may read';
insert into shop.pos_inbox (business_id, connection_id, message_id, type, body_hash, payload) select c.business_id, c.id, 'who', 'test', '\x00', '{}' from shop.pos_connections c where c.name = 'Who may read';
insert into shop.pos_acts (business_id, connection_id, kind, outside_id, inbox_id) select i.business_id, i.connection_id, 'movement', 'who', i.id from shop.pos_inbox i join shop.pos_connections c on c.id = i.connection_id where c.name = 'Who may read';
insert into shop.pos_turned_away (business_id, connection_id, why, on_hour) select c.business_id, c.id, 'webhook_unsigned', now() from shop.pos_connections c where c.name = 'Who may read';
insert into shop.pos_messages (business_id, connection_id, payload) select c.business_id, c.id, '{}' from shop.pos_connections c where c.name = 'Who may read';
insert into shop.pos_attempts (business_id, message_id) select m.business_id, m.id from shop.pos_messages m join shop.pos_connections c on c.id = m.connection_id where c.name = 'Who may read';
select shop.guest_of(b.id) from business.businesses b;
insert into shop.till_parts (payment_id, business_id, order_id) select p.id, p.business_id, p.order_id from (select distinct on (x.business_id) x.* from payments.payments x order by x.business_id, x.id) p on conflict do nothing;
insert into shop.reader_places (location_id, business_id, provider_ref) select c.location_id, c.business_id, 'tml_' || c.location_id from shop.counters c;
insert into shop.readers (business_id, location_id, name, provider_ref) select c.business_id, c.location_id, 'Who may read', 'tmr_' || c.location_id from shop.counters c;
insert into shop.till_readers (till_id, business_id, reader_id) select t.id, t.business_id, r.id from shop.tills t join shop.readers r on r.location_id = t.location_id where t.name = 'Who may read' and r.name = t.name;
insert into shop.reader_sales (order_id, business_id, reader_id, asked, ended_at) select s.order_id, s.business_id, r.reader_id, '{}', now() from shop.till_sales s join shop.till_readers r on r.till_id = s.till_id on conflict do nothing;
insert into shop.ticket_steps (business_id, ticket_id, to_state) select t.business_id, t.id, 'placed' from shop.tickets t where t.on_date = '2020-01-01';
-- And a refund of somebody else's.
create temporary table other as select k.id, m.user_id from booking.bookings k join members.members m on m.id = k.member_id join sales.order_lines l on l.id = k.order_line_id
  where k.business_id = '10000000-0000-4000-8000-000000000001' and k.state = 'confirmed' and k.free_cancel_until > now() + interval '1 hour' and l.total_cents > 0 and m.email::text like 'regular%' limit 1;
select set_config('request.jwt.claims', jsonb_build_object('sub', user_id, 'role', 'authenticated')::text, true) from other;
select api.cancel_booking('10000000-0000-4000-8000-000000000001', (select id from other), 'who-may-read');
select api.set_choices('10000000-0000-4000-8000-000000000001', '[{"topic": "progress", "channel": "email", "wanted": false}]', 3);

create function pg_temp.reads(who uuid, name text) returns text language plpgsql as $$
declare
  seen bigint;
  there bigint;
  condition text := case
    when exists (select from information_schema.columns c where format('%I.%I', c.table_schema, c.table_name) = name and c.column_name = 'business_id') then 'business_id = ''10000000-0000-4000-8000-000000000001'''
    when name = 'business.businesses' then 'id = ''10000000-0000-4000-8000-000000000001''' else 'true' end;
begin
  execute format('select count(*) from %s where %s', name, condition) into there;
  perform set_config('request.jwt.claims', case when who is null then '' else jsonb_build_object('sub', who, 'role', 'authenticated')::text end, true);
  execute case when who is null then 'set local role anon' else 'set local role authenticated' end;
  begin
    execute format('select count(%s) from %s where %s', case when name in ('business.invitations', 'booking.calendar_feeds') then 'id' else '*' end, name, condition) into seen;
  exception when insufficient_privilege then
    seen := -1;
  end;
  reset role;
  return case when there = 0 then 'EMPTY' when seen = -1 then '-' when seen = 0 then 'none' when seen = there then 'all' else 'own' end;
end $$;

create temporary table matrix as
  select format('%I.%I', n.nspname, c.relname) as name, (select string_agg(pg_temp.reads(a.user_id, format('%I.%I', n.nspname, c.relname)), ' ' order by a.position) from asked a) as reads
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and n.nspname in ('platform', 'audit', 'business', 'members', 'messages', 'ledger', 'booking', 'shop', 'sales', 'loyalty', 'payments');

-- nobody, stranger, member, staff elsewhere, instructor, front desk, owner. '-': may not even name the table.
select is((select string_agg(name || ': ' || reads, E'\n' order by name collate "C") from matrix where name <> 'platform.sign_in_failures'), array_to_string(array[
  'audit.events: - none none none none none all',
  'booking.availability: - none none none own none all',
  'booking.booking_steps: - none own none none all all',
  'booking.bookings: none none own none none all all',
  'booking.calendar_feeds: - none own none own none own',
  'booking.check_ins: - none none none none all all',
  'booking.class_types: own own own own own all all',
  'booking.forfeits: - none own none none all all',
  'booking.instructors: own own own own own all all',
  'booking.pay_lines: - none none none own none all',
  'booking.pay_rules: - none none none none none all',
  'booking.pay_runs: - none none none none none all',
  'booking.pictures: - none none none none none all',
  'booking.preferred_substitutes: - none none none own none all',
  'booking.qualifications: - none none none all all all',
  'booking.rooms: all all all all all all all',
  'booking.series: - none none none all all all',
  'booking.series_exceptions: - none none none all all all',
  'booking.sessions: all all all all all all all',
  'booking.settings: - none none none all all all',
  'booking.styles: all all all all all all all',
  'booking.substitution_offers: - none none none none none all',
  'booking.substitution_rules: - none none none all all all',
  'booking.substitution_steps: - none none none none none all',
  'booking.substitutions: - none none none own none all',
  'booking.time_off: - none none none own none all',
  'booking.time_off_steps: - none none none own none all',
  'booking.waitlist_entries: - none own none none all all',
  'booking.waitlist_steps: - none own none none all all',
  'business.businesses: all all all all all all all',
  'business.domains: all all all all all all all',
  'business.invitations: - none none none none none all',
  'business.locations: all all all all all all all',
  'business.staff: - none none none own own all',
  'ledger.account_kinds: - all all all all all all',
  'ledger.accounts: - none none none none none all',
  'ledger.entries: - none none none none none all',
  'ledger.transfers: - none none none none none all',
  'loyalty.boosts: - none none none none none all',
  'loyalty.invitation_codes: - none own none none none none',
  'loyalty.lot_lines: - none none none none none all',
  'loyalty.lots: - none own none none none all',
  'loyalty.movements: - none own none none none all',
  'loyalty.programmes: - none none none none none all',
  'loyalty.redemption_lots: - none none none none none all',
  'loyalty.redemptions: - none own none none none all',
  'loyalty.referrals: - none own none none none all',
  'loyalty.rewards: - none none none none none all',
  'loyalty.standings: - none own none none none all',
  'loyalty.tiers: - none none none none none all',
  'members.consents: - none own none none all all',
  'members.desk_codes: - none own none own all all',
  'members.freezes: - none own none none all all',
  'members.goals: - none own none none all all',
  'members.health_notes: - none own none none all all',
  'members.members: - none own none own all all',
  'members.membership_credits: - none own none none all all',
  'members.membership_steps: - none none none none all all',
  'members.memberships: - none own none none all all',
  'members.milestones: - none own none none all all',
  'members.notes: - none none none none all all',
  'members.passes: - none own none none all all',
  'members.plan_classes: all all all all all all all',
  'members.plans: own own own own own all all',
  'members.settings: - none none none all all all',
  'members.thaws: - none own none none all all',
  'members.visit_summary: - none own none none all all',
  'members.visits: - none own none none all all',
  'members.waiver_signatures: - none own none none all all',
  'members.waivers: all all all all all all all',
  'messages.choices: - none own none none none none',
  'messages.emails: - - - - - - -',
  'messages.kinds: all all all all all all all',
  'messages.notifications: - none own none none none own',
  'messages.reminders: - none own none none none none',
  'messages.settings: - none none none none none all',
  'payments.payment_steps: - none none none none all all',
  'payments.payments: - none own none none all all',
  'payments.refund_lines: - none own none none all all',
  'payments.refunds: - none own none none all all',
  'payments.webhook_inbox: - - - - - - -',
  'platform.idempotency_keys: - - - - - - -',
  'sales.cart_tenders: - - - - - - -',
  'sales.gift_card_rules: - - - - - - -',
  'sales.gift_card_steps: - - - - - - -',
  'sales.gift_cards: - - - - - - -',
  'sales.order_lines: - none own none none all all',
  'sales.order_numbers: - - - - - - -',
  'sales.orders: - none own none none all all',
  'sales.promotion_products: - none none none none none all',
  'sales.promotion_uses: - none none none none none all',
  'sales.promotions: - none none none none none all',
  'sales.returns: - none none none none all all',
  'shop.bundle_items: - none none none none all all',
  'shop.categories: - none none none none all all',
  'shop.counter_guests: - none none none none none all',
  'shop.counters: - none none none none all all',
  'shop.day_parts: - none none none none all all',
  'shop.drawer_moves: - none none none none all all',
  'shop.drawer_sessions: - none none none none all all',
  'shop.modifier_groups: - none none none none all all',
  'shop.modifiers: - none none none none all all',
  'shop.not_offered: - none none none none all all',
  'shop.pickup_slots: - none none none none all all',
  'shop.pos_acts: - none none none none none all',
  'shop.pos_attempts: - none none none none none all',
  'shop.pos_connections: - none none none none none all',
  'shop.pos_inbox: - none none none none none all',
  'shop.pos_links: - none none none none none all',
  'shop.pos_messages: - none none none none none all',
  'shop.pos_secrets: - - - - - - -',
  'shop.pos_turned_away: - none none none none none all',
  'shop.product_modifier_groups: - none none none none all all',
  'shop.products: - none none none none all all',
  'shop.reader_places: - none none none none none all',
  'shop.reader_sales: - none none none none all all',
  'shop.readers: - none none none none all all',
  'shop.recipe_lines: - none none none none none all',
  'shop.slot_takings: - none none none none none all',
  'shop.sold_out: - none none none none all all',
  'shop.special_days: - none none none none all all',
  'shop.stock_count_lines: - none none none none none all',
  'shop.stock_counts: - none none none none none all',
  'shop.stock_items: - none none none none none all',
  'shop.stock_levels: - none none none none none all',
  'shop.stock_movements: - none none none none none all',
  'shop.ticket_steps: - none none none none all all',
  'shop.tickets: - none none none none all all',
  'shop.till_parts: - none none none none all all',
  'shop.till_readers: - none none none none all all',
  'shop.till_sales: - none none none none all all',
  'shop.tills: - none none none none all all'], E'\n'),
  'each table shows each kind of person exactly what is theirs to see');

select is(pg_temp.reads('30000000-0000-4000-8000-000000000006', 'members.members'), 'own', 'a member sees themselves and their dependants, nobody else');

set local role authenticated;
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000001", "role": "authenticated"}', true);
select throws_ok($$ select token_hash from business.invitations $$, '42501', null, 'even the owner cannot read the hash of an invitation');
reset role;

select * from finish();
rollback;
