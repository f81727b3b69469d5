-- Members: who books for whom.
begin;
select plan(18);

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

select * from finish();
rollback;
