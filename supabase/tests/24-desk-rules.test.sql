-- The desk's rules and sales: places of people who have not come, what a manager decides, packs at the door, spots and codes.
begin;
select plan(65);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', coalesce((select jsonb_build_object('sub', u.id, 'role', 'authenticated')::text from auth.users u where u.email = who), ''), true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.id(kind text, n int) returns uuid language sql immutable as $$ select (kind || '9240000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
create function pg_temp.member(who text) returns uuid language sql as $$ select m.id from members.members m where m.business_id = pg_temp.lotus() and m.email::text = who and m.guardian_id is null $$;
create function pg_temp.plan(named text) returns uuid language sql as $$ select n.id from members.plans n where n.business_id = pg_temp.lotus() and n.slug = named $$;
insert into booking.rooms (id, business_id, location_id, name, capacity, spot_map) select pg_temp.id('5', 1), business_id, id, 'Desk rules', 2,
  '{"columns": 2, "rows": 1, "teacher": null, "spots": [{"id": "w", "label": "Window", "x": 0, "y": 0}, {"id": "d", "label": "Door", "x": 1, "y": 0}]}' from business.locations where business_id = pg_temp.lotus() limit 1;
insert into booking.instructors (id, business_id, slug, name) values (pg_temp.id('6', 1), pg_temp.lotus(), 'desk-rules', 'Desk Rules');
insert into booking.class_types (id, business_id, slug, name, style, level, duration_minutes, price_cents, tax_rate_bp, capacity, release_minutes_before)
  select pg_temp.id('4', n), pg_temp.lotus(), 'desk-rules-' || n, '{"en": "Desk rules"}', 'hatha', 'all', 10, case n when 2 then 0 else 1600 end, 2100, 2, case n when 1 then 10 end from generate_series(1, 2) n;
create function pg_temp.klass(n int, starts interval, kind int default 1) returns void language sql as $$
  insert into booking.sessions (id, business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  select pg_temp.id('8', n), pg_temp.lotus(), t.id, pg_temp.id('5', 1), pg_temp.id('6', 1), now() + starts, now() + starts + interval '1 minute', 2, t.price_cents from booking.class_types t where t.id = pg_temp.id('4', kind);
$$;
create function pg_temp.seat(n int, session int, who text, spot text default null) returns void language plpgsql as $$
begin
  insert into booking.bookings (id, business_id, session_id, member_id, state, starts_at, free_cancel_until, late_refund_percent, no_show_fee_cents, spot)
  select pg_temp.id('9', n), s.business_id, s.id, pg_temp.member(who), 'confirmed', s.starts_at, s.starts_at - interval '12 hours', 0, 0, seat.spot from booking.sessions s where s.id = pg_temp.id('8', session);
  update booking.sessions set seats_taken = seats_taken + 1 where id = pg_temp.id('8', session);
end $$;
create function pg_temp.state(n int) returns text language sql as $$ select state from booking.bookings where id = pg_temp.id('9', n) $$;
create function pg_temp.jobs(n int) returns bigint language sql as $$ select count(*) from graphile_worker.jobs where task_identifier = 'release_unchecked' and key = 'release:' || pg_temp.id('9', n) $$;
create function pg_temp.heard(n int) returns bigint language sql as $$ select count(*) from realtime.messages r where r.topic = 'session:' || pg_temp.id('8', n) || ':roster' $$;
select pg_temp.klass(1, '9 minutes'), pg_temp.klass(2, '7 minutes'), pg_temp.klass(3, '20 minutes'), pg_temp.klass(4, '30 minutes', 2), pg_temp.klass(5, '2 days');
select pg_temp.seat(1, 1, 'ada@example.test', 'w'), pg_temp.seat(2, 1, 'bruno@example.test'), pg_temp.seat(3, 2, 'regular1@example.test'), pg_temp.seat(4, 3, 'regular2@example.test'), pg_temp.seat(5, 3, 'regular3@example.test');

-- Where people are, and by what they are found
select pg_temp.become('ada@example.test');
create temporary table code as select api.my_desk_code(pg_temp.lotus()) as ada;
select matches((select ada from code), '^[0-9A-HJKMNP-TV-Z]{6}$', 'a member has a code of six characters');
select is(api.my_desk_code(pg_temp.lotus()), (select ada from code), 'the same whenever they look');
select pg_temp.become('frontdesk@lotus.test');
create function pg_temp.on_roster(n int, session int) returns jsonb language sql as $$ select x from jsonb_array_elements(api.roster(pg_temp.lotus(), pg_temp.id('8', session)) -> 'people') x where x ->> 'booking_id' = pg_temp.id('9', n)::text $$;
select is(pg_temp.on_roster(1, 1) ->> 'spot', 'Window', 'the roster says by its label which spot somebody picked');
select is(pg_temp.on_roster(2, 1) -> 'spot', 'null', 'and nothing of who picked none');
select is(pg_temp.on_roster(1, 1) ->> 'code', (select ada from code), 'the desk has the codes of who is coming, for its scanner');
update booking.instructors set user_id = null where business_id = pg_temp.lotus() and slug = 'noor';
update booking.instructors set user_id = (select id from auth.users where email = 'teacher@lotus.test') where id = pg_temp.id('6', 1);
select pg_temp.become('teacher@lotus.test');
select is(pg_temp.on_roster(1, 1) -> 'code', 'null', 'who teaches reads no codes');
select pg_temp.become('owner@sur.test');
select is_empty(format($$ select from api.desk_find('10000000-0000-4000-8000-000000000002', (select id from booking.sessions where business_id = '10000000-0000-4000-8000-000000000002' limit 1), %L) $$, (select ada from code)), 'a code finds nobody at another business');

-- Places of people who have not come
select pg_temp.become('frontdesk@lotus.test');
select is(api.sync_check_ins(pg_temp.lotus(), jsonb_build_array(jsonb_build_object('id', gen_random_uuid(), 'booking_id', pg_temp.id('9', 1), 'action', 'check_in'))) -> 0 ->> 'state', 'checked_in', 'one of two has come');
select pg_temp.become('');
select is(api.release_due(), 1, 'so many minutes before a full class begins, who has not come is to give their place up');
select is(array[pg_temp.jobs(1), pg_temp.jobs(2)], array[0, 1]::bigint[], 'and nobody else');
select is(array[pg_temp.jobs(3), pg_temp.jobs(4)], array[0, 0]::bigint[], 'not where there is room, nor before it is time');
select is((select array_agg(released_at is not null order by id) from booking.sessions where id in (pg_temp.id('8', 1), pg_temp.id('8', 2), pg_temp.id('8', 3))), array[true, true, false], 'it is decided once a class');
select is(api.release_due(), 0, 'asked again it finds nothing');
select is(api.release_unchecked(pg_temp.id('9', 2)), 'released', 'the place is given up');
select is(pg_temp.state(2), 'late_cancelled', 'by the policy of the booking');
select is((select s.why from booking.booking_steps s where s.booking_id = pg_temp.id('9', 2) order by s.id desc limit 1), 'not checked in in time', 'with the reason');
select is((select n.data ->> 'released' from messages.notifications n where n.kind = 'booking_cancelled' and n.cause = pg_temp.id('9', 2)::text), 'true', 'they are told why');
select is((select seats_taken from booking.sessions where id = pg_temp.id('8', 1)), 1, 'there is a place for somebody at the door');
select is(api.release_unchecked(pg_temp.id('9', 2)), 'nothing', 'once');
select is(api.release_unchecked(pg_temp.id('9', 1)), 'nothing', 'who has come in the meantime keeps theirs');
select is(pg_temp.state(1), 'checked_in', 'as they were');
update booking.sessions set starts_at = now() - interval '1 second', ends_at = now() + interval '1 minute' where id = pg_temp.id('8', 3);
update booking.bookings set starts_at = now() - interval '1 second' where session_id = pg_temp.id('8', 3);
select is(api.release_unchecked(pg_temp.id('9', 4)), 'nothing', 'once a class has begun nobody loses a place to it');
select is(pg_temp.state(4), 'confirmed', 'a latecomer is a latecomer');

-- Absent by themselves
select booking.settings_of(pg_temp.lotus());
update booking.settings set auto_no_show = false where business_id = pg_temp.lotus();
update booking.sessions set starts_at = now() - interval '45 minutes', ends_at = now() - interval '31 minutes' where id = pg_temp.id('8', 3);
update booking.bookings set starts_at = now() - interval '45 minutes' where session_id = pg_temp.id('8', 3);
select is(api.mark_absent_by_itself(), 0, 'nobody is marked absent where the business does not want it');
update booking.settings set auto_no_show = true where business_id = pg_temp.lotus();
update booking.sessions set ends_at = now() - interval '29 minutes' where id = pg_temp.id('8', 3);
select api.mark_absent_by_itself();
select is(pg_temp.state(4), 'confirmed', 'nor while people may still be checked in after a class');
update booking.sessions set ends_at = now() - interval '31 minutes' where id = pg_temp.id('8', 3);
select isnt(api.mark_absent_by_itself(), 0, 'half an hour after it');
select is(array[pg_temp.state(4), pg_temp.state(5)], array['no_show', 'no_show'], 'who was not seen is absent');

-- What a manager decides
select pg_temp.become('frontdesk@lotus.test');
select throws_ok($$ select * from api.booking_settings(pg_temp.lotus()) $$, 'PT403', 'not_your_role', 'the front desk does not read the rules');
select throws_ok($$ select api.save_booking_settings(pg_temp.lotus(), '{"auto_no_show": true}') $$, 'PT403', 'not_your_role', 'nor changes them');
select pg_temp.become('owner@sur.test');
select throws_ok($$ select api.save_booking_settings(pg_temp.lotus(), '{"auto_no_show": true}') $$, 'PT403', 'not_your_role', 'the owner of another business neither');
select pg_temp.become('manager@lotus.test');
update booking.settings set auto_no_show = false, late_entry_minutes = 0, waitlist_per_day = 3, quiet_from = '22:00', quiet_until = '07:00', grace_days = 7 where business_id = pg_temp.lotus();
create function pg_temp.noted() returns bigint language sql as $$ select count(*) from audit.events where business_id = pg_temp.lotus() and act = 'booking_settings_changed' $$;
create temporary table noted as select pg_temp.noted() as before;
select lives_ok($$ select api.save_booking_settings(pg_temp.lotus(), '{"auto_no_show": true, "late_entry_minutes": 15, "quiet_from": "23:30"}') $$, 'a manager does');
select results_eq($$ select auto_no_show, late_entry_minutes, waitlist_per_day, quiet_from, quiet_until, grace_days from api.booking_settings(pg_temp.lotus()) $$, $$ values (true, 15, 3, '23:30', '07:00', 7) $$, 'what was left out stays');
select is((select e.detail -> 'late_entry_minutes' from audit.events e where e.act = 'booking_settings_changed' order by e.id desc limit 1), '{"from": 0, "to": 15}', 'the trail says from what to what');
select lives_ok($$ select api.save_booking_settings(pg_temp.lotus(), '{"late_entry_minutes": 15}') $$, 'the same again');
select is(pg_temp.noted(), (select before + 1 from noted), 'is no change to write down');
select throws_ok($$ select api.save_booking_settings(pg_temp.lotus(), '{"late_entry_minutes": 121}') $$, 'PT422', 'booking_settings_invalid', 'a number out of bounds is refused');
select throws_ok($$ select api.save_booking_settings(pg_temp.lotus(), '{"quiet_from": "25:00"}') $$, 'PT422', 'booking_settings_invalid', 'and a time that is none');
select throws_ok($$ select api.save_booking_settings(pg_temp.lotus(), '{"business_id": "10000000-0000-4000-8000-000000000002"}') $$, 'PT422', 'invalid_input', 'and what is no rule');
select throws_ok($$ select api.save_booking_settings(pg_temp.lotus(), '{"grace_days": null}') $$, 'PT422', 'invalid_input', 'and nothing');
select is((select x.value ->> 'minutes' from api.booking_settings(pg_temp.lotus()) b, jsonb_array_elements(b.releasing) x where x.value ->> 'slug' = 'desk-rules-1'), '10', 'the classes that give up places are named');

-- Packs at the door
select pg_temp.become('frontdesk@lotus.test');
create function pg_temp.sell(key text, session int, who text, pay text, pack text) returns jsonb language sql as $$
  select api.sell_at_desk(pg_temp.lotus(), pg_temp.id('8', session), 'desk-rules-' || key, pay, pg_temp.member(who), pack_id => pg_temp.plan(pack)) $$;
insert into members.members (business_id, name, email) values (pg_temp.lotus(), 'Pack Buyer', 'packs@example.test');
select is((select array[p.credits, p.total_cents] from api.desk_packs(pg_temp.lotus(), pg_temp.id('8', 1)) p where p.pack_id = pg_temp.plan('ten-classes')), (select array[n.credits, n.price_cents] from members.plans n where n.id = pg_temp.plan('ten-classes')), 'the desk sees the packs that open a class, with what they cost');
select is_empty($$ select from api.desk_packs(pg_temp.lotus(), pg_temp.id('8', 1)) p where p.pack_id in (pg_temp.plan('five-evenings'), pg_temp.plan('unlimited')) $$, 'not those of other classes, nor memberships');
select is_empty($$ select from api.desk_packs(pg_temp.lotus(), pg_temp.id('8', 4)) $$, 'none for a class that costs nothing');
create function pg_temp.not_for(who text) returns uuid[] language sql as $$ select f.packs_not from api.desk_find(pg_temp.lotus(), pg_temp.id('8', 2), who) f $$;
select is(pg_temp.not_for('packs@example.test') @> array[pg_temp.plan('first-three')], false, 'who comes for the first time may have a first pack');
create temporary table sold as select pg_temp.sell('pack', 1, 'packs@example.test', 'cash', 'ten-classes') as answer;
select is((select answer ->> 'state' from sold), 'checked_in', 'who buys a pack at the door is in with it');
select is((select members.credits_left(p) from members.passes p where p.id = (select (answer ->> 'pass_id')::uuid from sold)), 9, 'its first credit has paid');
select is((select array[b.pass_id::text, b.credits::text] from booking.bookings b where b.id = (select (answer ->> 'booking_id')::uuid from sold)), (select array[answer ->> 'pass_id', '1'] from sold), 'for their place');
select is((select array[o.state, o.channel, p.provider, p.captured_cents::text] from sales.orders o join payments.payments p on p.order_id = o.id where o.id = (select (answer ->> 'pack_order_id')::uuid from sold)),
  (select array['paid', 'desk', 'cash', n.price_cents::text] from members.plans n where n.id = pg_temp.plan('ten-classes')), 'the pack is an order of its own, paid in cash');
select is((select array[o.state, o.total_cents::text] from sales.orders o where o.id = (select (answer ->> 'order_id')::uuid from sold)), array['paid', '0'], 'the place is another, which costs nothing');
select is((select count(*) from messages.emails e where e.to_address = 'packs@example.test' and e.template = 'order_confirmed'), 2::bigint, 'each with its receipt');
select is(pg_temp.sell('pack', 1, 'packs@example.test', 'cash', 'ten-classes'), (select answer from sold), 'sent again it is the same sale');
select is((select count(*) from members.passes p where p.member_id = pg_temp.member('packs@example.test')), 1::bigint, 'and one pack');
select is((select e.detail -> 'total_cents' from audit.events e where e.act = 'sold_at_desk' order by e.id desc limit 1), (select to_jsonb(n.price_cents) from members.plans n where n.id = pg_temp.plan('ten-classes')), 'the trail has what was taken');
select throws_ok($$ select pg_temp.sell('full', 1, 'regular4@example.test', 'terminal', 'ten-classes') $$, 'PT409', 'session_full', 'where there is no place');
select is_empty($$ select from sales.orders o where o.member_id = pg_temp.member('regular4@example.test') and o.channel = 'desk' $$, 'no pack is sold either');
select throws_ok($$ select pg_temp.sell('other', 2, 'regular4@example.test', 'cash', 'five-evenings') $$, 'PT409', 'pass_for_other_classes', 'a pack must open the class');
select throws_ok($$ select pg_temp.sell('first', 2, 'packs@example.test', 'cash', 'first-three') $$, 'PT409', 'plan_first_timers_only', 'and be for them');
select is(pg_temp.not_for('packs@example.test') @> array[pg_temp.plan('first-three')], true, 'the desk does not offer what they could not buy');
select throws_ok($$ select pg_temp.sell('free', 4, 'packs@example.test', 'cash', 'ten-classes') $$, 'PT409', 'class_costs_nothing', 'a free class needs none');
select throws_ok($$ select pg_temp.sell('how', 2, 'packs@example.test', 'pass', 'ten-classes') $$, 'PT422', 'pay_with_invalid', 'a pass buys no pack');
select throws_ok($$ select api.sell_at_desk(pg_temp.lotus(), pg_temp.id('8', 2), 'desk-rules-elsewhere', 'cash', pg_temp.member('packs@example.test'), pack_id => (select id from members.plans where slug = 'tres-talleres')) $$, 'PT404', 'plan_not_found', 'nor is another business''s sold');
select throws_ok($$ select pg_temp.sell('poor', 2, 'packs@example.test', 'wallet', 'ten-classes') $$, 'PT409', 'wallet_too_low', 'an empty wallet pays none');

-- Who hears of it
create temporary table heard as select pg_temp.heard(2) as n;
insert into booking.waitlist_entries (business_id, session_id, member_id, pay_with) values (pg_temp.lotus(), pg_temp.id('8', 2), pg_temp.member('regular5@example.test'), 'card'), (pg_temp.lotus(), pg_temp.id('8', 5), pg_temp.member('regular5@example.test'), 'card');
select is(array[pg_temp.heard(2) - (select n from heard), pg_temp.heard(5)], array[1, 0]::bigint[], 'open rosters hear who joins the line, those of other days have nobody to tell');
update booking.bookings set spot = 'd' where id = pg_temp.id('9', 3);
select is(pg_temp.heard(2) - (select n from heard), 2::bigint, 'and who moves to another spot');
select is_empty($$ select * from ledger.findings() where finding <> 'seats' $$, 'the books agree');

select * from finish();
rollback;
