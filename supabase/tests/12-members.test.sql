-- Members: who books for whom, what they told, what they signed, what the front desk wrote down.
begin;
select plan(76);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.barberia() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000002'::uuid $$;
create function pg_temp.me(who text) returns uuid language sql as $$ select m.id from members.members m join auth.users u on u.id = m.user_id where u.email = who and m.business_id = pg_temp.lotus() $$;

-- Family -------------------------------------------------------------------------------------------------------------
select pg_temp.become('bruno@example.test');
create temporary table child as select api.add_dependant(pg_temp.lotus(), '  Nina Costa ', '2018-03-04') as id;
select is((select name from members.members where id = (select id from child)), 'Nina Costa', 'a parent adds a child to the account');
select results_eq($$ select name, is_me from api.my_people(pg_temp.lotus()) $$, $$ values ('Bruno Costa', true), ('Nina Costa', false) $$, 'and books for both of them from then on');
select ok(members.may_book_for(pg_temp.me('bruno@example.test'), (select id from child)), 'who may book for a child says so');
select ok(members.may_book_for(pg_temp.me('bruno@example.test'), pg_temp.me('bruno@example.test')), 'everybody books for themselves');
select ok(not members.may_book_for(pg_temp.me('ada@example.test'), (select id from child)), 'nobody books for somebody else''s child');
select is(members.reader_of((select id from child)), pg_temp.me('bruno@example.test'), 'what concerns the child is told to the parent');
select throws_ok($$ select api.add_dependant(pg_temp.lotus(), 'nina costa') $$, 'PT409', 'person_named_twice', 'a form sent twice adds one child');
select throws_ok($$ select api.add_dependant(pg_temp.lotus(), 'Tomorrow', current_date + 1) $$, 'PT422', 'birthday_invalid', 'nobody is born tomorrow');
select throws_ok($$ insert into members.members (business_id, guardian_id, name, email) values (pg_temp.lotus(), (select id from child), 'Doll', 'x@example.test') $$, 'PT409', 'guardian_is_dependant', 'a child looks after nobody');
select throws_ok($$ update members.members set guardian_id = (select id from child), user_id = null where id = pg_temp.me('bruno@example.test') $$, 'PT409', 'guardian_is_for_good', 'nor do a parent and a child look after each other');
select throws_ok($$ insert into members.members (business_id, guardian_id, name, email) values (pg_temp.barberia(), pg_temp.me('bruno@example.test'), 'Elsewhere', 'x@example.test') $$, '23503', null, 'a family is of one business');
select pg_temp.become('ada@example.test');
select throws_ok($$ select api.update_dependant(pg_temp.lotus(), (select id from child), 'Mine now') $$, 'PT404', 'person_not_found', 'somebody else''s child is not there to be changed');
select throws_ok($$ select api.remove_dependant(pg_temp.lotus(), (select id from child)) $$, 'PT404', 'person_not_found', 'nor to be removed');
select pg_temp.become('bruno@example.test');
select throws_ok($$ select api.update_dependant(pg_temp.barberia(), (select id from child), 'Elsewhere') $$, 'PT404', 'person_not_found', 'a child of another business is not there');
update members.members set email = 'new@example.test' where id = pg_temp.me('bruno@example.test');
select is((select email::text from members.members where id = (select id from child)), 'new@example.test', 'letters about the child follow the parent to a new address');
insert into booking.bookings (business_id, session_id, member_id, state, starts_at, free_cancel_until, late_refund_percent)
  select s.business_id, s.id, (select id from child), 'confirmed', s.starts_at, s.starts_at, 0 from booking.sessions s where s.business_id = pg_temp.lotus() and s.starts_at > now() order by s.starts_at limit 1;
select throws_ok($$ select api.remove_dependant(pg_temp.lotus(), (select id from child)) $$, 'PT409', 'person_has_bookings', 'who has a class coming up stays');
update booking.bookings set state = 'cancelled' where member_id = (select id from child);
select is(api.remove_dependant(pg_temp.lotus(), (select id from child)), 'archived', 'who leaves a past behind is put away');
select ok(not members.may_book_for(pg_temp.me('bruno@example.test'), (select id from child)), 'and is booked for no more');


-- What members tell ---------------------------------------------------------------------------------------------------
create temporary table house as select m.id from members.members m where m.business_id = pg_temp.lotus() and m.name = 'Leo Martín';
create function pg_temp.audited(act text, who uuid) returns bigint language sql as $$ select count(*) from audit.events e where e.business_id = pg_temp.lotus() and e.act = audited.act and e.about = 'member:' || who $$;
select pg_temp.become('bruno@example.test');
select throws_ok($$ select api.set_health_note(pg_temp.lotus(), 'Asthma') $$, 'PT422', 'health_consent_needed', 'nothing about health is kept without a yes');
select is(api.set_health_note(pg_temp.lotus(), 'Asthma', true), true, 'with it, it is');
select is((select health_note from api.my_profile(pg_temp.lotus())), 'Asthma', 'and shown to who told it');
select is(pg_temp.audited('health_note_changed', pg_temp.me('bruno@example.test')), 1::bigint, 'who changed it is written down');
select is((select count(*) from audit.events e where e.detail::text like '%Asthma%'), 0::bigint, 'what it said is not');
select is(api.set_health_note(pg_temp.lotus()), false, 'taking the yes back');
select is((select count(*) from members.health_notes h where h.member_id = pg_temp.me('bruno@example.test')), 0::bigint, 'takes the note away with it');
select throws_ok($$ select api.set_health_note(pg_temp.lotus(), 'Mine', true, (select id from house)) $$, 'PT404', 'person_not_found', 'nobody tells about somebody else''s child');
select throws_ok($$ select * from api.health_note(pg_temp.lotus(), (select id from house)) $$, 'PT404', 'person_not_found', 'nor reads what was told');
select throws_ok($$ select api.set_emergency_contact(pg_temp.lotus(), 'Somebody') $$, 'PT422', 'contact_incomplete', 'a contact without a number helps nobody');
select lives_ok($$ select api.set_emergency_contact(pg_temp.lotus(), 'Rosa Costa', '+34 600 1', 'sister') $$, 'with one it does');
select is(pg_temp.audited('emergency_contact_changed', pg_temp.me('bruno@example.test')), 1::bigint, 'and the change is written down');
select throws_ok($$ select api.update_profile(pg_temp.lotus(), 'Bruno Costa', '', 'es', (current_date + 1)::text) $$, 'PT422', 'birthday_invalid', 'a birthday lies in the past');

-- A teacher reads the health notes of those who come to their classes, these days.
select pg_temp.become('ada@example.test');
select api.set_health_note(pg_temp.lotus(), 'Grows fast', true, (select id from house));
select pg_temp.become('teacher@lotus.test');
select throws_ok($$ select * from api.health_note(pg_temp.lotus(), (select id from house)) $$, 'PT404', 'person_not_found', 'a teacher does not read about who never comes to them');
insert into booking.bookings (business_id, session_id, member_id, state, starts_at, free_cancel_until, late_refund_percent)
  select s.business_id, s.id, (select id from house), 'confirmed', s.starts_at, s.starts_at, 0 from booking.sessions s join booking.instructors i on i.id = s.instructor_id and i.slug = 'noor'
  where s.business_id = pg_temp.lotus() and s.starts_at > now() and s.starts_at < now() + interval '13 days' order by s.starts_at limit 1;
select is((select note from api.health_note(pg_temp.lotus(), (select id from house))), 'Grows fast', 'but about who does');
select pg_temp.become('barista@lotus.test');
select throws_ok($$ select * from api.health_note(pg_temp.lotus(), (select id from house)) $$, 'PT404', 'person_not_found', 'a barista does not');
select pg_temp.become('owner@sur.test');
select throws_ok($$ select * from api.health_note(pg_temp.lotus(), (select id from house)) $$, 'PT404', 'person_not_found', 'nor the owner of another house');
select pg_temp.become('frontdesk@lotus.test');
select is((select note from api.health_note(pg_temp.lotus(), (select id from house))), 'Grows fast', 'the front desk does');

-- How they may be reached ----------------------------------------------------------------------------------------------
select pg_temp.become('bruno@example.test');
select ok(members.consent(pg_temp.me('bruno@example.test'), 'email', 'service') and not members.consent(pg_temp.me('bruno@example.test'), 'email', 'marketing'), 'at first only what a booking comes with may be written');
select is(api.set_consents(pg_temp.lotus(), '{email:marketing,sms:service}'), 3, 'two are agreed to and one is refused');
select ok(members.consent(pg_temp.me('bruno@example.test'), 'email', 'marketing') and not members.consent(pg_temp.me('bruno@example.test'), 'email', 'service'), 'the latest word counts');
select ok(members.consent((select id from child), 'email', 'marketing'), 'for a child it is the parent''s');
select is(api.set_consents(pg_temp.lotus(), '{email:marketing,sms:service}'), 0, 'saying the same again changes nothing');
select api.set_consents(pg_temp.lotus(), '{}');
select is((select count(*) from members.consents c where c.member_id = pg_temp.me('bruno@example.test')), 5::bigint, 'every word is kept');
select throws_ok($$ select api.set_consents(pg_temp.lotus(), '{fax:service}') $$, 'PT422', 'consent_unknown', 'there is no fax');

-- Waiver --------------------------------------------------------------------------------------------------------------
select is(members.waiver_state(pg_temp.me('bruno@example.test')), 'missing', 'who has not signed is known');
select throws_ok($$ select api.sign_waiver(pg_temp.lotus(), 7, 'Bruno Costa') $$, 'PT409', 'waiver_outdated', 'a version that is not the current one cannot be signed');
select throws_ok($$ select api.sign_waiver(pg_temp.lotus(), 1, 'B') $$, 'PT422', 'signature_invalid', 'a letter is no name');
select throws_ok($$ select api.sign_waiver(pg_temp.lotus(), 1, 'Bruno Costa', array[(select id from house)]) $$, 'PT404', 'person_not_found', 'nobody signs for somebody else''s child');
select throws_ok($$ select api.sign_waiver(pg_temp.lotus(), 1, 'Bruno Costa', '{}') $$, 'PT422', 'nobody_to_sign_for', 'nor for nobody');
select throws_ok($$ select api.sign_waiver(pg_temp.barberia(), 1, 'Bruno Costa') $$, 'PT404', 'waiver_not_found', 'where there is none there is nothing to sign');
select is(api.sign_waiver(pg_temp.lotus(), 1, ' Bruno Costa ', null, 'es', 'hash'), 1, 'the current one is signed');
select is(api.sign_waiver(pg_temp.lotus(), 1, 'Somebody Else'), 0, 'once');
select results_eq($$ select state, typed_name from api.my_signatures(pg_temp.lotus()) where is_me $$, $$ values ('signed', 'Bruno Costa') $$, 'as it was typed');
select throws_ok($$ select api.save_waiver(pg_temp.lotus(), '{}') $$, 'PT403', 'not_your_role', 'members do not write it');
select pg_temp.become('manager@lotus.test');
select throws_ok($$ select api.save_waiver(pg_temp.lotus(), '{"en": "Only in English, which is long enough."}') $$, 'PT422', 'waiver_text_missing', 'it is written in every language of the house');
select is(api.save_waiver(pg_temp.lotus(), '{"en": "A second version of our waiver.", "es": "Una segunda versión de nuestro documento."}'), 2, 'a manager drafts a new version');
select is((select version from api.waiver(pg_temp.lotus())), 1, 'which nobody signs while it is a draft');
select is(api.save_waiver(pg_temp.lotus(), '{"en": "A better second version of our waiver.", "es": "Una segunda versión mejor de nuestro documento."}'), 2, 'and may be rewritten until it is published');
select is(api.publish_waiver(pg_temp.lotus(), 2), 2, 'then it is');
select throws_ok($$ select api.publish_waiver(pg_temp.lotus(), 2) $$, 'PT409', 'no_such_draft', 'once');
select throws_ok($$ update members.waivers set body = '{}' where business_id = pg_temp.lotus() and version = 1 $$, '55000', null, 'what was signed is never rewritten');
select is(members.waiver_state(pg_temp.me('bruno@example.test')), 'outdated', 'older signatures show as outdated');
select pg_temp.become('bruno@example.test');
select throws_ok($$ select api.sign_waiver(pg_temp.lotus(), 1, 'Bruno Costa') $$, 'PT409', 'waiver_outdated', 'the old version is not signed any more');

-- What the front desk writes down --------------------------------------------------------------------------------------
select throws_ok($$ select api.add_member_note(pg_temp.lotus(), pg_temp.me('bruno@example.test'), 'I am nice') $$, 'PT403', 'not_your_role', 'members write no notes about themselves');
select pg_temp.become('frontdesk@lotus.test');
create temporary table note as select api.add_member_note(pg_temp.lotus(), pg_temp.me('bruno@example.test'), 'Prefers the back row', true) as id;
select throws_ok($$ select api.add_member_note(pg_temp.lotus(), (select m.id from members.members m where m.business_id = pg_temp.barberia() limit 1), 'Not ours') $$, 'PT404', 'member_not_found', 'nor does the desk about another house''s members');
select throws_ok($$ select api.add_member_note(pg_temp.lotus(), pg_temp.me('bruno@example.test'), ' ') $$, 'PT422', 'note_invalid', 'an empty note is none');
update members.members set birthday = '2000-02-29' where id = pg_temp.me('bruno@example.test');
select is(members.flags(pg_temp.me('bruno@example.test'), '2026-02-28'), '{"first_timer": true, "birthday": true, "waiver": "outdated", "has_health_note": false, "pinned_notes": ["Prefers the back row"]}'::jsonb, 'the roster hears of a first time, a birthday, the waiver and what is pinned');
select ok(not (members.flags(pg_temp.me('bruno@example.test'), '2028-02-28') ->> 'birthday')::boolean and (members.flags(pg_temp.me('bruno@example.test'), '2028-02-29') ->> 'birthday')::boolean, 'a leap day is kept on its day where there is one');
insert into booking.bookings (business_id, session_id, member_id, state, starts_at, free_cancel_until, late_refund_percent)
  select s.business_id, s.id, pg_temp.me('bruno@example.test'), 'checked_in', s.starts_at, s.starts_at, 0 from booking.sessions s where s.business_id = pg_temp.lotus() and s.starts_at < now() - interval '1 day' order by s.starts_at limit 1;
select is(members.flags(pg_temp.me('bruno@example.test'), current_date) ->> 'first_timer', 'false', 'who has been here is no first-timer');
select lives_ok($$ select api.change_member_note(pg_temp.lotus(), (select id from note), null, true) $$, 'a note can be taken away');
select is(members.flags(pg_temp.me('bruno@example.test'), current_date) -> 'pinned_notes', '[]', 'and shows no more');
select throws_ok($$ select api.change_member_note(pg_temp.lotus(), (select id from note), true) $$, 'PT404', 'note_not_found', 'nor is it there to pin');


-- Statement -----------------------------------------------------------------------------------------------------------
select pg_temp.become('bruno@example.test');
create temporary table pass as select members.grant_pass(pg_temp.lotus(), pg_temp.me('bruno@example.test'), (select p.id from members.plans p where p.business_id = pg_temp.lotus() and p.slug = 'ten-classes'), null, 0) as id;
select members.book_credits((select id from pass));
insert into booking.sessions (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
  select t.business_id, t.id, r.id, i.id, date_trunc('day', now()) + interval '47 days 3 minutes', date_trunc('day', now()) + interval '47 days 63 minutes', 5, 1600
  from booking.class_types t join booking.rooms r on r.business_id = t.business_id and r.name = 'Sala Azotea' join booking.instructors i on i.business_id = t.business_id and i.slug = 'tomas' where t.business_id = pg_temp.lotus() and t.slug = 'hatha-basics';
select api.book_session(pg_temp.lotus(), (select s.id from booking.sessions s where s.business_id = pg_temp.lotus() and s.starts_at = date_trunc('day', now()) + interval '47 days 3 minutes'), 'statement-book', 'pass', (select id from pass));
select api.cancel_booking(pg_temp.lotus(), (select b.id from booking.bookings b where b.pass_id = (select id from pass)), 'statement-cancel');
select results_eq($$ select movement, amount, balance_after, plan_name ->> 'en', class_name ->> 'en' from api.my_statement(pg_temp.lotus()) $$,
  $$ values ('credit_return', 1::bigint, 10::bigint, 'Ten classes', 'Hatha Basics'), ('credit_use', -1::bigint, 9::bigint, 'Ten classes', 'Hatha Basics'), ('credits_granted', 10::bigint, 10::bigint, 'Ten classes', null) $$,
  'every credit is written down as it came, went and came back, with the class it was for');
select is((select count(*) from api.my_statement(pg_temp.lotus(), (select max(x.entry_id) from api.my_statement(pg_temp.lotus()) x), 1)), 1::bigint, 'page by page');
select is((select movement from api.my_statement(pg_temp.lotus(), (select max(x.entry_id) from api.my_statement(pg_temp.lotus()) x), 1)), 'credit_use', 'going on where the last page stopped');
select pg_temp.become('frontdesk@lotus.test');
select is((select count(*) from api.my_statement(pg_temp.lotus())), 0::bigint, 'nobody else reads it as theirs');
select is((select x -> 'passes' -> 0 ->> 'credits_left' from api.member_page(pg_temp.lotus(), pg_temp.me('bruno@example.test')) x), '10', 'the team sees the pass on the member''s page');

select * from finish();
rollback;
