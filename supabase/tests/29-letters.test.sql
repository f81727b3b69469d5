-- Letters: who sees what was written, one sent again goes once and only where it may, the choice of a moment ago counts, and the way out of letters.
begin;
select plan(45);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', coalesce(jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, ''), true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.sur() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000002'::uuid $$;
create temporary table bruno as select m.id from members.members m where m.business_id = pg_temp.lotus() and m.email::text = 'bruno@example.test' and m.guardian_id is null;
create function pg_temp.bruno() returns uuid language sql as $$ select id from bruno $$;
delete from messages.emails where member_id = pg_temp.bruno();
delete from messages.choices where member_id = pg_temp.bruno();
delete from messages.settings where business_id = pg_temp.lotus();
delete from messages.reminders where member_id = pg_temp.bruno();
create function pg_temp.email(cause text) returns messages.emails language sql as $$ select e from messages.emails e where e.cause = email.cause $$;
create function pg_temp.id(cause text) returns uuid language sql as $$ select (pg_temp.email(id.cause)).id $$;
create function pg_temp.tell(kind text, cause text, data jsonb default '{}') returns void language sql as $$
  select messages.notify(pg_temp.lotus(), pg_temp.bruno(), kind, cause, data);
  update messages.emails e set next_try_at = '2020-01-01' where e.cause = tell.cause;
$$;
-- As the worker does, with those of this test only.
create function pg_temp.take(cause text) returns bigint language sql as $$ select count(*) from api.take_emails(100) t where t.id = pg_temp.id(take.cause) $$;
create function pg_temp.bring(cause text, error text default null) returns void language sql as $$ select pg_temp.take(cause); select api.email_done(pg_temp.id(bring.cause), bring.error) $$;

select pg_temp.tell('milestone', 'l sent', '{"measure": "classes", "count": 50}');
select pg_temp.bring('l sent');
select pg_temp.tell('session_cancelled', 'l waits');
select pg_temp.tell('substitute_wanted', 'l work');
select messages.queue_email(pg_temp.lotus(), null, 'new@example.test', 'en', 'staff_invitation', 'l token', '{"role": "barista", "token": "secret"}');

-- Who sees what was written
select pg_temp.become('bruno@example.test');
select throws_ok($$ select from api.letters(pg_temp.lotus()) $$, 'PT403', 'not_your_role', 'a member has no business with the post');
select throws_ok($$ select from api.letters(pg_temp.lotus(), of_member => pg_temp.bruno()) $$, 'PT403', 'not_your_role', 'not even with what was written to them');
select throws_ok($$ select from api.letter(pg_temp.lotus(), pg_temp.id('l sent')) $$, 'PT403', 'not_your_role', 'nor with one letter');
select throws_ok($$ select api.send_again(pg_temp.lotus(), pg_temp.id('l sent')) $$, 'PT403', 'not_your_role', 'nor does one send letters again');
select throws_ok($$ select api.set_message_settings(pg_temp.lotus(), 3) $$, 'PT403', 'not_your_role', 'or say when everybody is reminded');
select throws_ok($$ select from api.message_settings(pg_temp.lotus()) $$, 'PT403', 'not_your_role', 'or ask');
select pg_temp.become('frontdesk@lotus.test');
select throws_ok($$ select from api.letters(pg_temp.lotus()) $$, 'PT403', 'not_your_role', 'the front desk does not read everybody''s');
select results_eq($$ select kind, state from api.letters(pg_temp.lotus(), of_member => pg_temp.bruno()) l order by kind $$, $$ values ('milestone', 'sent'), ('session_cancelled', 'queued') $$, 'it looks up what one member was told, without what is about work here');
select throws_ok($$ select from api.letter(pg_temp.lotus(), pg_temp.id('l work')) $$, 'PT404', 'letter_not_found', 'nor one letter about work');
select throws_ok($$ select from api.letter(pg_temp.lotus(), pg_temp.id('l token')) $$, 'PT404', 'letter_not_found', 'nor one to no member');
select throws_ok($$ select api.send_again(pg_temp.lotus(), pg_temp.id('l sent')) $$, 'PT403', 'not_your_role', 'and sends none again');
select pg_temp.become('owner@sur.test');
select throws_ok($$ select from api.letters(pg_temp.lotus()) $$, 'PT403', 'not_your_role', 'who owns another business reads nothing here');
select throws_ok($$ select from api.letter(pg_temp.sur(), pg_temp.id('l sent')) $$, 'PT404', 'letter_not_found', 'nor by way of their own');
select pg_temp.become('manager@lotus.test');
select is((select count(*) from api.letters(pg_temp.lotus(), of_member => pg_temp.bruno())), 3::bigint, 'managers see all of it');
select is((select count(*) from api.letters(pg_temp.lotus(), 'milestone', 'sent', pg_temp.bruno())), 1::bigint, 'by kind and state');
select is((select count(*) from api.letters(pg_temp.lotus(), 'milestone', 'failed', pg_temp.bruno())), 0::bigint, 'and only those');
select is_empty($$ select from api.letters(pg_temp.lotus(), only_state => 'x'' or true or ''') $$, 'a state there is not has no letters');
create temporary table newest as select x.email_id, x.created_at from api.letters(pg_temp.lotus(), of_member => pg_temp.bruno(), page_size => 1) x;
select is((select count(*) from newest n, api.letters(pg_temp.lotus(), of_member => pg_temp.bruno(), before_at => n.created_at, before_id => n.email_id) l), 2::bigint, 'page by page, none twice, though they were written in the same moment');
select is((select array[l.data ->> 'role', l.data ->> 'token'] from api.letter(pg_temp.lotus(), pg_temp.id('l token')) l) || (select array[l.data ->> 'role', l.data ->> 'token'] from api.letters(pg_temp.lotus(), 'staff_invitation') l where l.email_id = pg_temp.id('l token')), array['barista', null, 'barista', null], 'an invitation''s token is for its reader alone');
select is((select l.business ->> 'name' from api.letter(pg_temp.lotus(), pg_temp.id('l sent')) l), 'Lotus & Bean', 'a letter comes with who writes it');

-- Once more
select throws_ok($$ select api.send_again(pg_temp.lotus(), pg_temp.id('l waits')) $$, 'PT409', 'letter_on_its_way', 'one that is on its way is not doubled');
select pg_temp.take('l waits');
select throws_ok($$ select api.send_again(pg_temp.lotus(), pg_temp.id('l waits')) $$, 'PT409', 'letter_on_its_way', 'nor one that is being sent right now');
update members.members set email = 'moved@example.test' where id = pg_temp.bruno();
create temporary table again as select api.send_again(pg_temp.lotus(), pg_temp.id('l sent')) as id;
select is((select array[e.state, e.template, e.to_address, e.data ->> 'count'] from messages.emails e where e.id = (select id from again)), array['queued', 'milestone', 'moved@example.test', '50'], 'one that got lost goes once more, with the same facts, to where its reader is reached today');
select is(api.send_again(pg_temp.lotus(), pg_temp.id('l sent')), (select id from again), 'asked for twice it goes once');
select is((select count(*) from messages.emails e where e.cause like 'l sent again%'), 1::bigint, 'really once');
select throws_ok($$ select api.send_again(pg_temp.lotus(), (select id from again)) $$, 'PT409', 'letter_on_its_way', 'and not once more while it is on its way');
select is((select l.again_of from api.letter(pg_temp.lotus(), (select id from again)) l), pg_temp.id('l sent'), 'the two know each other');
select is((select count(*) from audit.events a where a.act = 'letter_sent_again' and a.about = 'email:' || pg_temp.id('l sent')), 1::bigint, 'the trail says so, once');
update messages.emails set attempts = 25 where cause = 'l waits';
select api.email_done(pg_temp.id('l waits'), 'no such mailbox');
select isnt_empty($$ select from api.failing_work(pg_temp.lotus()) f where f.last_error = 'no such mailbox' $$, 'one that was given up is work that failed');
select isnt(api.send_again(pg_temp.lotus(), pg_temp.id('l waits')), null, 'it is sent again');
select is_empty($$ select from api.failing_work(pg_temp.lotus()) f where f.last_error = 'no such mailbox' $$, 'and then it is none any more');
select pg_temp.bring('l token');
select throws_ok($$ select api.send_again(pg_temp.lotus(), pg_temp.id('l token')) $$, 'PT409', 'letter_for_once', 'an invitation is not sent again: its token is gone');
select pg_temp.tell('session_reminder', 'l late', jsonb_build_object('starts_at', now() - interval '1 hour'));
select pg_temp.bring('l late');
select throws_ok($$ select api.send_again(pg_temp.lotus(), pg_temp.id('l late')) $$, 'PT409', 'letter_too_late', 'nobody is reminded of what has begun');
select throws_ok($$ select api.send_again(pg_temp.lotus(), gen_random_uuid()) $$, 'PT404', 'letter_not_found', 'nor of nothing');

-- The choice of a moment ago
select pg_temp.tell('goal_nudge', 'l chosen');
select pg_temp.tell('payment_failed', 'l money');
select pg_temp.become('bruno@example.test');
select api.set_choices(pg_temp.lotus(), '[{"topic": "progress", "channel": "email", "wanted": false}]');
select is(pg_temp.take('l chosen'), 0::bigint, 'what was switched off before it left is not sent');
select is((pg_temp.email('l chosen')).state, 'withheld', 'it stays, as what it is');
select is((pg_temp.email('l money')).attempts, 1, 'what concerns money leaves');
select pg_temp.become('manager@lotus.test');
select throws_ok($$ select api.send_again(pg_temp.lotus(), pg_temp.id('l chosen')) $$, 'PT409', 'letter_unwanted', 'and nobody sends it against its reader''s choice');

-- The way out, by a signed link
select set_config('request.jwt.claims', '', true);
select api.want_letters(pg_temp.lotus(), pg_temp.bruno(), 'reminders', false);
select is((select array[w.wanted, w.agreed] from api.letters_wanted(pg_temp.lotus(), pg_temp.bruno(), 'reminders') w), array[false, true], 'no more of a topic');
select api.want_letters(pg_temp.lotus(), pg_temp.bruno(), 'reminders', false, true);
select is((select array[c.given::text, c.via] from members.consents c where c.member_id = pg_temp.bruno() order by c.id desc limit 1), array['false', 'link'], 'or none at all, which is kept as a no, given by a link');
select api.want_letters(pg_temp.lotus(), pg_temp.bruno(), 'reminders', true);
select is((select array[w.wanted, w.agreed] from api.letters_wanted(pg_temp.lotus(), pg_temp.bruno(), 'reminders') w), array[true, true], 'or again after all');
select throws_ok($$ select api.want_letters(pg_temp.sur(), pg_temp.bruno(), 'reminders', false) $$, 'PT404', 'link_not_known', 'at one business only');

-- When the business reminds
select is(messages.reminder_hours(pg_temp.lotus(), pg_temp.bruno()), 24, 'members are reminded the day before');
select pg_temp.become('manager@lotus.test');
select api.set_message_settings(pg_temp.lotus(), 3), api.set_message_settings(pg_temp.lotus(), 3);
select is(array[messages.reminder_hours(pg_temp.lotus(), pg_temp.bruno()), (select s.reminder_hours from api.message_settings(pg_temp.lotus()) s), (select count(*)::int from audit.events a where a.business_id = pg_temp.lotus() and a.act = 'reminders_set' and a.at >= now())], array[3, 3, 1], 'or when the business says, which is written down once');
select throws_ok($$ select api.set_message_settings(pg_temp.lotus(), 5) $$, 'PT422', 'reminder_hours_invalid', 'of the hours there are');

select * from finish();
rollback;
