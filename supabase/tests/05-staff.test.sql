-- Staff: roles come by invitation only, never above the inviter's own, and a business keeps an owner.
begin;
select plan(15);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
-- A business of this test's own, with one owner and one manager.
insert into business.businesses (id, slug, name, currency, time_zone, country, locales, email) values ('19999999-0000-4000-8000-000000000001', 'test-staff', 'Test', 'EUR', 'Europe/Madrid', 'ES', '{en}', 'x@example.test');
create function pg_temp.here() returns uuid language sql immutable as $$ select '19999999-0000-4000-8000-000000000001'::uuid $$;
insert into business.staff (business_id, user_id, role) select pg_temp.here(), id, 'owner' from auth.users where email = 'ada@example.test';
insert into business.staff (business_id, user_id, role) select pg_temp.here(), id, 'manager' from auth.users where email = 'bruno@example.test';
create function pg_temp.role_of(who text) returns uuid language sql as $$ select s.id from business.staff s join auth.users u on u.id = s.user_id where s.business_id = pg_temp.here() and u.email = who and s.until is null $$;
-- The invitation's token is only in the e-mail that waits to be sent.
create function pg_temp.token(who text) returns text language sql as $$ select e.data ->> 'token' from messages.emails e where e.business_id = pg_temp.here() and e.to_address = who order by e.created_at desc, e.id limit 1 $$;

select pg_temp.become('bruno@example.test');
select throws_ok($$ select api.invite_staff(pg_temp.here(), 'cliente@sur.test', 'owner') $$, 'PT403', 'not_your_role', 'a manager does not make owners');
select throws_ok($$ select api.invite_staff(pg_temp.here(), 'nonsense', 'barista') $$, 'PT422', 'email_invalid', 'an invitation needs an address');
select throws_ok($$ select api.invite_staff(pg_temp.here(), 'cliente@sur.test', 'king') $$, 'PT422', 'role_unknown', 'and a role there is');
select lives_ok($$ select api.invite_staff(pg_temp.here(), 'cliente@sur.test', 'barista') $$, 'a manager invites a barista');
select throws_ok($$ select api.end_staff(pg_temp.here(), pg_temp.role_of('ada@example.test')) $$, 'PT403', 'not_your_role', 'a manager does not end an owner');
select throws_ok($$ select api.accept_invitation(pg_temp.here(), pg_temp.token('cliente@sur.test')) $$, 'PT403', 'invitation_for_someone_else', 'whoever holds the link is not whom it was written to');

select pg_temp.become('cliente@sur.test');
select throws_ok($$ select api.accept_invitation(pg_temp.here(), 'guessed') $$, 'PT404', 'invitation_not_found', 'a guessed token opens nothing');
select is(api.accept_invitation(pg_temp.here(), pg_temp.token('cliente@sur.test')), 'barista', 'the right person takes the role');
select throws_ok($$ select api.accept_invitation(pg_temp.here(), pg_temp.token('cliente@sur.test')) $$, 'PT409', 'invitation_used', 'once');
select throws_ok($$ select * from api.staff_list(pg_temp.here()) $$, 'PT403', 'not_your_role', 'a barista does not see who else works there');
select throws_ok($$ select api.invite_staff(pg_temp.here(), 'x@example.test', 'barista') $$, 'PT403', 'not_your_role', 'nor invites anybody');

select pg_temp.become('ada@example.test');
select throws_ok($$ select api.end_staff(pg_temp.here(), pg_temp.role_of('ada@example.test')) $$, 'PT409', 'last_owner', 'the last owner stays');
insert into business.staff (business_id, user_id, role) select pg_temp.here(), id, 'owner' from auth.users where email = 'owner@sur.test';
select lives_ok($$ select api.end_staff(pg_temp.here(), pg_temp.role_of('ada@example.test')) $$, 'when there is another one, an owner may go');
select throws_ok($$ select * from api.staff_list(pg_temp.here()) $$, 'PT403', 'not_your_role', 'and has no say from then on');

select pg_temp.become('owner@lotus.test');
select throws_ok($$ select api.invite_staff(pg_temp.here(), 'x@example.test', 'barista') $$, 'PT403', 'not_your_role', 'owning one business is nothing in another');

select * from finish();
rollback;
