-- The trail: read from where it was last found whole, and whole by a job; what is wrong shows either way.
begin;
select plan(24);

create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
-- A business of its own, whose trail nobody else writes.
insert into business.businesses (id, slug, name, currency, time_zone, locales, country, email) select '49470000-0000-4000-8000-000000000001', 'trail-test', 'Trail test', b.currency, b.time_zone, b.locales, b.country, b.email from business.businesses b where b.slug = 'lotus';
create function pg_temp.here() returns uuid language sql immutable as $$ select '49470000-0000-4000-8000-000000000001'::uuid $$;
insert into business.staff (business_id, user_id, role) select pg_temp.here(), u.id, x.role from (values ('owner@sur.test', 'owner'), ('manager@lotus.test', 'manager')) x (email, role) join auth.users u on u.email = x.email;
create function pg_temp.act(n int) returns void language sql as $$ select audit.note(pg_temp.here(), 'tested', 'test:' || g, jsonb_build_object('n', g)) from generate_series(1, n) g $$;
create function pg_temp.newest() returns audit.events language sql as $$ select e from audit.events e where e.business_id = pg_temp.here() order by e.id desc limit 1 $$;

select is(audit.check_trail(pg_temp.here(), true), '{"lines": 0, "findings": 0}', 'where nothing was done there is nothing to read');
select is(pg_temp.newest(), null, 'and nothing to write down');
select pg_temp.act(5);
select is_empty($$ select * from audit.recent_findings(pg_temp.here()) $$, 'before the first check all of it is read');
select is(audit.check_trail(pg_temp.here(), false), '{"lines": 5, "findings": 0}', 'the first check reads all there is');
select results_eq($$ select (e).act, (e).detail ->> 'lines', (e).detail ->> 'whole' from pg_temp.newest() e $$, $$ values ('trail_checked', '5', 'true') $$, 'and is a line of the trail itself');
select is((select count(*) from audit.findings(pg_temp.here())), 0::bigint, 'which is whole with it');
select is(audit.check_trail(pg_temp.here(), false), '{"lines": 5, "findings": 0}', 'when nothing was done since, nothing is written down');
select pg_temp.act(3);
select is(audit.check_trail(pg_temp.here(), false), '{"lines": 9, "findings": 0}', 'the next goes on from there');
select results_eq($$ select (e).detail ->> 'lines', (e).detail ->> 'whole' from pg_temp.newest() e $$, $$ values ('9', 'false') $$, 'and says that it did');

-- A line that is not what it was, since the last check: seen at every look.
insert into audit.events (business_id, act, about, previous_hash, hash) select pg_temp.here(), 'tested', 'test:forged', (e).hash, '\x00' from pg_temp.newest() e;
create temporary table forged as select (e).id from pg_temp.newest() e;
select pg_temp.act(2);
select results_eq($$ select event_id, problem from audit.recent_findings(pg_temp.here()) $$, $$ select id, 'row_changed' from forged $$, 'a line that was changed since is found at once');
select is(audit.check_trail(pg_temp.here(), false) ->> 'findings', '1', 'a check says so');
select isnt((pg_temp.newest()).act, 'trail_checked', 'and moves nothing on');
-- Somebody claims that all was well up to here.
select audit.note(pg_temp.here(), 'trail_checked', 'trail:x', (select jsonb_build_object('upto', (e).id, 'hash', encode((e).hash, 'hex'), 'lines', 12, 'whole', true) from pg_temp.newest() e));
select is_empty($$ select * from audit.recent_findings(pg_temp.here()) $$, 'what stands before a check is not read at each look');
select pg_temp.become('owner@sur.test');
select is(api.audit_trail(pg_temp.here()) -> 'findings', '[]', 'nor by its page');
select is(api.audit_trail(pg_temp.here()) -> 'acts', '["tested", "trail_checked"]', 'which names each act once');
select is(audit.check_trail(pg_temp.here(), true) ->> 'findings', '1', 'but when all of it is read it is found');
select is((pg_temp.newest()).act, 'trail_broken', 'and that is written down');
select is(api.audit_trail(pg_temp.here()) #>> '{findings,0,event_id}', (select id::text from forged), 'and shown from then on');
select is(api.audit_trail(pg_temp.here()) #>> '{whole,findings}', '1', 'with when all of it was read last');

-- A check that names another end than there is.
select audit.note(pg_temp.here(), 'trail_checked', 'trail:y', (select jsonb_build_object('upto', (e).id, 'hash', 'ab', 'lines', 12, 'whole', false) from pg_temp.newest() e));
select results_eq($$ select problem from audit.recent_findings(pg_temp.here()) $$, $$ values ('row_changed') $$, 'a check that does not fit the trail is found');

-- Who may ------------------------------------------------------------------------------------------------------------------
select is(api.check_trail(pg_temp.here()), '{"queued": true}', 'the owner has it read again');
select is((select count(*) from graphile_worker._private_jobs j where j.key = 'trail:' || pg_temp.here()), 1::bigint, 'by a job');
select pg_temp.become('manager@lotus.test');
select throws_ok($$ select api.check_trail(pg_temp.here()) $$, 'PT403', 'not_your_role', 'a manager does not');
select throws_ok($$ select api.audit_trail(pg_temp.here()) $$, 'PT403', 'not_your_role', 'nor reads it');
select * from finish();
rollback;
