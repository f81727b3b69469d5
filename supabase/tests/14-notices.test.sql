-- Notices: each thing is told once, in the ways its reader chose; what concerns money or a seat always by e-mail too.
begin;
select plan(48);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', coalesce(jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, ''), true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.member(who text) returns uuid language sql as $$ select m.id from members.members m where m.business_id = pg_temp.lotus() and m.email::text = who and m.guardian_id is null $$;
create function pg_temp.tell(who uuid, kind text, cause text, data jsonb default '{}') returns void language sql as $$ select messages.notify(pg_temp.lotus(), who, kind, cause, data) $$;
create function pg_temp.told(who uuid, cause text) returns bigint language sql as $$ select count(*) from messages.notifications n where n.member_id = who and n.cause = told.cause $$;
create function pg_temp.mailed(cause text) returns bigint language sql as $$ select count(*) from messages.emails e where e.cause = mailed.cause $$;
create function pg_temp.heard(topic text) returns bigint language sql as $$ select count(*) from realtime.messages r where r.topic = heard.topic and r.inserted_at >= now() at time zone 'utc' $$;
create temporary table bruno as select pg_temp.member('bruno@example.test') as id;
create function pg_temp.bruno() returns uuid language sql as $$ select id from bruno $$;
update messages.notifications set read_at = now() where member_id = pg_temp.bruno();
delete from messages.choices where member_id = pg_temp.bruno();
delete from messages.reminders where member_id = pg_temp.bruno();

-- Telling
select pg_temp.tell(pg_temp.bruno(), 'milestone', 'first', '{"measure": "classes", "count": 50}');
select is(pg_temp.told(pg_temp.bruno(), 'first'), 1::bigint, 'a member is told in the app');
select is(pg_temp.mailed('first'), 1::bigint, 'and by e-mail');
select is((select data ->> 'name' from messages.emails where cause = 'first'), 'Bruno Costa', 'the letter greets its reader');
select is(pg_temp.heard('member:' || pg_temp.bruno()), 1::bigint, 'and their open pages hear of it');
select pg_temp.tell(pg_temp.bruno(), 'milestone', 'first');
select is(pg_temp.told(pg_temp.bruno(), 'first') + pg_temp.mailed('first') + pg_temp.heard('member:' || pg_temp.bruno()), 3::bigint, 'the same cause again is nothing new');
select pg_temp.tell(pg_temp.member('ada@example.test'), 'milestone', 'first');
select is(pg_temp.mailed('first'), 2::bigint, 'the same cause can concern two people');
select throws_like($$ select pg_temp.tell(pg_temp.bruno(), 'no_such_kind', 'x') $$, '%no_such_kind%', 'a kind nobody defined is a mistake');
select pg_temp.tell(pg_temp.bruno(), 'order_confirmed', 'quiet', '{"order_id": "00000000-0000-4000-8000-000000000000"}');
select is(pg_temp.told(pg_temp.bruno(), 'quiet') + pg_temp.heard('member:' || pg_temp.bruno()), 2::bigint, 'what they are doing themselves rings no bell');

-- Choosing
select pg_temp.become('bruno@example.test');
select api.set_choices(pg_temp.lotus(), '[{"topic": "progress", "channel": "email", "wanted": false}, {"topic": "bookings", "channel": "email", "wanted": false}, {"topic": "waitlist", "channel": "in_app", "wanted": false}]', 3);
select pg_temp.tell(pg_temp.bruno(), 'goal_nudge', 'chosen');
select is(pg_temp.told(pg_temp.bruno(), 'chosen'), 1::bigint, 'without e-mails of a topic it is still in the app');
select is(pg_temp.mailed('chosen'), 0::bigint, 'and not in the mail');
select pg_temp.tell(pg_temp.bruno(), 'session_cancelled', 'essential');
select is(pg_temp.mailed('essential'), 1::bigint, 'what concerns a seat is e-mailed all the same');
select pg_temp.tell(pg_temp.bruno(), 'substitute_teacher', 'not essential');
select is(pg_temp.mailed('not essential'), 0::bigint, 'what does not is not');
select pg_temp.tell(pg_temp.bruno(), 'waitlist_open', 'hidden');
select is((select array_agg(shown) from messages.notifications where cause = 'hidden'), array[false], 'a topic switched off in the app is remembered and not shown');
select is(pg_temp.mailed('hidden'), 1::bigint, 'but e-mailed');
select is((select count(*) from api.my_notifications(pg_temp.lotus()) n where n.kind = 'waitlist_open'), 0::bigint, 'it is not in the list');
select is((select c.reminder_hours from api.my_choices(pg_temp.lotus()) c where c.topic = 'reminders'), 3, 'when to be reminded is kept');
select is((select array[c.email, c.in_app] from api.my_choices(pg_temp.lotus()) c where c.topic = 'waitlist'), array[true, false], 'and each topic by its ways');
select is_empty($$ select from api.my_choices(pg_temp.lotus()) c where c.topic = 'work' $$, 'who does not work here is not asked about work');
select throws_ok($$ select api.set_choices(pg_temp.lotus(), '[{"topic": "weather", "channel": "email", "wanted": false}]') $$, 'PT422', 'choice_invalid', 'there are topics');
select throws_ok($$ select api.set_choices(pg_temp.lotus(), '[{"topic": "plans", "channel": "pigeon", "wanted": false}]') $$, 'PT422', 'choice_invalid', 'and ways');
select throws_ok($$ select api.set_choices(pg_temp.lotus(), '[]', 5) $$, 'PT422', 'choice_invalid', 'and hours to choose from');
select pg_temp.become('teacher@lotus.test');
select isnt_empty($$ select from api.my_choices(pg_temp.lotus()) c where c.topic = 'work' $$, 'who teaches here is');

select pg_temp.become('bruno@example.test');
select api.set_consents(pg_temp.lotus(), '{}');
select pg_temp.tell(pg_temp.bruno(), 'pass_used_up', 'no consent');
select is(pg_temp.mailed('no consent'), 0::bigint, 'who does not agree to e-mails gets none');
select pg_temp.tell(pg_temp.bruno(), 'payment_failed', 'no consent but money');
select is(pg_temp.mailed('no consent but money'), 1::bigint, 'but for what concerns their money');
select api.set_consents(pg_temp.lotus(), '{email:service}');
update messages.notifications set read_at = now() where cause like 'no consent%';

-- Reading
select pg_temp.become('bruno@example.test');
select is((select v.unread from api.viewer(pg_temp.lotus()) v), 5, 'the header knows how much is unread');
select is(api.mark_read(pg_temp.lotus(), array(select n.id from messages.notifications n where n.cause = 'essential' or n.member_id = pg_temp.member('ada@example.test'))), 4, 'what was read is no longer counted; what is another''s stays theirs');
select is((select count(*) from messages.notifications n where n.member_id = pg_temp.member('ada@example.test') and n.cause = 'first' and n.read_at is null), 1::bigint, 'another member''s stays unread');
select is(api.mark_read(pg_temp.lotus()), 0, 'everything can be read at once');
select is((select v.unread from api.viewer(pg_temp.lotus()) v), 0, 'and then nothing is unread');
select pg_temp.become(null);
select is_empty($$ select from api.my_notifications(pg_temp.lotus()) $$, 'nobody was told nothing');

-- Looking after somebody
insert into members.members (id, business_id, guardian_id, name, email, locale) select '29999999-0000-4000-8000-000000000001', m.business_id, m.id, 'Leo', m.email, m.locale from members.members m where m.id = pg_temp.bruno();
select pg_temp.tell('29999999-0000-4000-8000-000000000001', 'session_cancelled', 'leo');
select pg_temp.tell(pg_temp.bruno(), 'session_cancelled', 'leo');
select is(pg_temp.told(pg_temp.bruno(), 'leo'), 2::bigint, 'a guardian is told what concerns them and what concerns whom they look after');
select is((select array_agg(e.data ->> 'about_name' order by e.data ->> 'about_name') from messages.emails e where e.cause = 'leo' and e.to_address = 'bruno@example.test'), array['Leo', null], 'each in a letter that says whom it is about');

-- Reminding
insert into booking.rooms (id, business_id, location_id, name, capacity) select '59999999-0000-4000-8000-000000000001', business_id, id, 'Test', 9 from business.locations where business_id = pg_temp.lotus() limit 1;
insert into booking.instructors (id, business_id, slug, name) values ('69999999-0000-4000-8000-000000000001', pg_temp.lotus(), 'test-notices', 'Test');
insert into booking.sessions (id, business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents, seats_taken)
values ('89999999-0000-4000-8000-000000000001', pg_temp.lotus(), '40000000-0000-4000-8000-000000000002', '59999999-0000-4000-8000-000000000001', '69999999-0000-4000-8000-000000000001', now() + interval '2 hours 58 minutes', now() + interval '4 hours', 9, 0, 2);
create function pg_temp.book(id uuid, who uuid) returns void language sql as $$
  insert into booking.bookings (id, business_id, session_id, member_id, state, starts_at, free_cancel_until, late_refund_percent, created_at)
  select book.id, s.business_id, s.id, book.who, 'confirmed', s.starts_at, s.starts_at - interval '12 hours', 0, now() - interval '9 days' from booking.sessions s where s.id = '89999999-0000-4000-8000-000000000001';
$$;
select pg_temp.book('99999999-0000-4000-8000-000000000001', pg_temp.bruno()), pg_temp.book('99999999-0000-4000-8000-000000000002', pg_temp.member('ada@example.test'));
create function pg_temp.reminded(who uuid) returns bigint language sql as $$ select count(*) from messages.notifications n where n.kind = 'session_reminder' and n.about_id = who and n.data ->> 'session_id' = '89999999-0000-4000-8000-000000000001' $$;
delete from messages.reminders where member_id = pg_temp.member('ada@example.test');
select api.send_reminders();
select is(pg_temp.reminded(pg_temp.bruno()), 1::bigint, 'who wants to be reminded three hours before is');
select is(pg_temp.reminded(pg_temp.member('ada@example.test')), 0::bigint, 'who is reminded the day before is not');
select api.send_reminders();
select is(pg_temp.reminded(pg_temp.bruno()), 1::bigint, 'once');
update booking.sessions set starts_at = starts_at + interval '1 hour', ends_at = ends_at + interval '1 hour' where id = '89999999-0000-4000-8000-000000000001';
select api.send_reminders();
select is(pg_temp.reminded(pg_temp.bruno()), 1::bigint, 'a class that was moved is not due yet');
update booking.sessions set starts_at = now() + interval '2 hours 50 minutes' where id = '89999999-0000-4000-8000-000000000001';
select api.send_reminders();
select is(pg_temp.reminded(pg_temp.bruno()), 2::bigint, 'and when it is, it reminds again');
select is(messages.remind_at('2026-10-25 09:00 Europe/Madrid', 24, 'Europe/Madrid'), '2026-10-24 09:00 Europe/Madrid'::timestamptz, 'the day before is at the same time on the clock when clocks go back');
select is(messages.remind_at('2027-03-28 09:00 Europe/Madrid', 24, 'Europe/Madrid'), '2027-03-27 09:00 Europe/Madrid'::timestamptz, 'and when they go forward');
select is(messages.remind_at('2027-03-28 04:00 Europe/Madrid', 3, 'Europe/Madrid'), '2027-03-28 00:00 Europe/Madrid'::timestamptz, 'three hours are three hours');

-- A guest
select pg_temp.tell(pg_temp.bruno(), 'session_cancelled', 'guest', '{"person_name": "Bruno Costa", "guest_name": "Pepe"}');
select is((select n.data ->> 'about_name' from messages.notifications n where n.cause = 'guest'), 'Pepe', 'what concerns the place of a guest says whose it is');
select pg_temp.tell(pg_temp.bruno(), 'session_cancelled', 'own seat', '{"person_name": "Bruno Costa", "guest_name": null}');
select is((select n.data ->> 'about_name' from messages.notifications n where n.cause = 'own seat'), null, 'and their own needs no saying');

-- Passes
insert into members.plans (id, business_id, slug, kind, name, price_cents, credits, valid_days) values ('79999999-0000-4000-8000-000000000001', pg_temp.lotus(), 'test-notices', 'pack', '{"en": "Five"}', 100, 5, 30);
insert into members.passes (id, business_id, member_id, plan_id, credits, shareable, net_cents, currency, expires_at, created_at)
values ('79999999-0000-4000-8000-000000000002', pg_temp.lotus(), pg_temp.bruno(), '79999999-0000-4000-8000-000000000001', 5, false, 0, 'EUR', now() + interval '6 days 12 hours', now() - interval '20 days');
select members.book_credits('79999999-0000-4000-8000-000000000002');
create function pg_temp.warned() returns bigint language sql as $$ select count(*) from messages.notifications n where n.kind = 'pass_expiring' and n.data ->> 'pass_id' = '79999999-0000-4000-8000-000000000002' $$;
select api.tell_expiring_passes();
select api.tell_expiring_passes();
select is(pg_temp.warned(), 1::bigint, 'a pass that ends within the week is told of, once');
select is((select n.data ->> 'credits_left' from messages.notifications n where n.kind = 'pass_expiring' and n.data ->> 'pass_id' = '79999999-0000-4000-8000-000000000002'), '5', 'with what is left on it');
update members.passes set expires_at = now() + interval '20 hours' where id = '79999999-0000-4000-8000-000000000002';
select api.tell_expiring_passes();
select is(pg_temp.warned(), 2::bigint, 'and once more the day before');

-- The outbox
select messages.queue_email(pg_temp.lotus(), null, 'out@example.test', 'en', 'staff_invitation', 'outbox', '{"token": "secret"}');
update messages.emails set next_try_at = '2020-01-01' where cause = 'outbox';
create temporary table taken as select * from api.take_emails(1);
select is((select count(*) from api.take_emails(100) t where t.id = (select id from taken)), 0::bigint, 'a letter that was taken is nobody else''s for a while');
select api.email_done((select id from taken), 'the server was away');
select is((select array[e.state, e.last_error, (e.next_try_at > now())::text] from messages.emails e where e.cause = 'outbox'), array['queued', 'the server was away', 'true'], 'one that could not be sent is tried again later');
update messages.emails set attempts = 25 where cause = 'outbox';
select api.email_done((select id from taken), 'still away');
select is((select array[e.state, e.next_try_at::text] from messages.emails e where e.cause = 'outbox'), array['failed', null], 'after 25 tries it is given up');

select * from finish();
rollback;
