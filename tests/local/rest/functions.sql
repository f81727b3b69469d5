-- Functions of every shape that can be called.
create function studio.seats_left(session_id int) returns int language sql stable as $$
  select s.seats - (select count(*)::int from studio.bookings b where b.session_id = s.id and b.state = 'confirmed')
  from studio.sessions s where s.id = seats_left.session_id $$;
create function studio.add(a int, b int default 10) returns int language sql immutable as $$ select a + b $$;
create function studio.now_utc() returns timestamptz language sql stable as $$ select '2026-11-23 09:00+00'::timestamptz $$;
create function studio.ping() returns void language plpgsql volatile as $$ begin end $$;
create function studio.nothing() returns int language sql stable as $$ select null::int $$;
create function studio.numbers(up_to int) returns setof int language sql stable as $$ select generate_series(1, up_to) $$;
create function studio.timetable(only_level studio.level default null) returns setof studio.sessions language sql stable as $$
  select * from studio.sessions where only_level is null or level = only_level order by id $$;
create function studio.session_by_id(id int) returns studio.sessions language sql stable as $$
  select * from studio.sessions s where s.id = session_by_id.id $$;
create function studio.teachers() returns setof studio.instructors language sql stable as $$ select * from studio.instructors order by id $$;
create function studio.pair_up(first int, second int) returns setof studio.pairs language sql volatile as $$
  insert into studio.pairs values (first, second) returning * $$;
create function studio.summary(min_seats int) returns table (session_id int, title text, seats int) language sql stable as $$
  select id, name, seats::int from studio.sessions s where s.seats >= min_seats order by id $$;
create function studio.split_name(full_name text, out first text, out last text) language sql immutable as $$
  select split_part(full_name, ' ', 1), split_part(full_name, ' ', 2) $$;
create function studio.total(variadic amounts int[]) returns int language sql immutable as $$ select sum(a)::int from unnest(amounts) a $$;
create function studio.echo(value jsonb) returns jsonb language sql immutable as $$ select value $$;
create function studio.echo_text(value text) returns text language sql immutable as $$ select value $$;
create function studio.echo_list(list text[], pair studio.rooms default null) returns jsonb language sql immutable as $$
  select jsonb_build_object('list', list, 'pair', to_jsonb(pair)) $$;
create function studio.whole(jsonb) returns jsonb language sql immutable as $$ select jsonb_build_object('got', $1) $$;
create function studio.shout(text) returns text language sql immutable as $$ select upper($1) $$;
-- Overloaded: by names they can be told apart, then not.
create function studio.greet(name text) returns text language sql immutable as $$ select 'Hello ' || name $$;
create function studio.greet(name text, title text) returns text language sql immutable as $$ select 'Hello ' || title || ' ' || name $$;
create function studio.mixed(value int) returns text language sql immutable as $$ select 'int' $$;
create function studio.mixed(value text) returns text language sql immutable as $$ select 'text' $$;
create function studio.add_tag(id int, label text) returns studio.tags language sql volatile as $$
  insert into studio.tags values (add_tag.id, add_tag.label) returning * $$;
create function studio.raise_price(by_cents int) returns setof studio.prices language sql volatile security definer as $$
  update studio.prices set cents = cents + by_cents, changed = changed + 1 returning * $$;

-- Who asks, and how.
create function studio.who() returns jsonb language sql stable as $$
  select jsonb_build_object(
    'role', current_user, 'claims', current_setting('request.jwt.claims')::jsonb, 'method', current_setting('request.method'),
    'path', current_setting('request.path'), 'client', current_setting('request.headers')::jsonb ->> 'x-client',
    'cookies', current_setting('request.cookies')::jsonb, 'read_only', current_setting('transaction_read_only'),
    'search_path', current_setting('search_path'), 'isolation', current_setting('transaction_isolation'),
    'timeout', current_setting('statement_timeout'), 'zone', current_setting('timezone')) $$;
create function studio.who_writes() returns jsonb language sql volatile as $$ select studio.who() $$;
create function studio.who_serializable() returns jsonb language sql volatile set default_transaction_isolation = 'serializable' as $$ select studio.who() $$;
create function studio.nap(seconds float8) returns text language sql volatile as $$ select pg_sleep(seconds)::text || 'rested' $$;
create function studio.short_nap(seconds float8) returns text language sql volatile set statement_timeout = '100ms' as $$ select pg_sleep(seconds)::text || 'rested' $$;

-- Answers that the function writes itself.
create function studio.teapot() returns text language plpgsql volatile as $$
begin
  perform set_config('response.status', '418', true);
  perform set_config('response.headers', '[{"X-Tea": "oolong"}, {"Cache-Control": "max-age=60"}]', true);
  return 'short and stout';
end $$;
create function studio.bad_headers() returns text language plpgsql volatile as $$
begin perform set_config('response.headers', '{"X-Tea": 1}', true); return ''; end $$;
create function studio.bad_status() returns text language plpgsql volatile as $$
begin perform set_config('response.status', 'fine', true); return ''; end $$;
create function studio.refuse(status int, name text, detail text default null, hint text default null) returns void language plpgsql volatile as $$
begin raise exception using errcode = 'PT' || status, message = name, detail = coalesce(refuse.detail, ''), hint = coalesce(refuse.hint, ''); end $$;
create function studio.refuse_in_full() returns void language plpgsql volatile as $$
begin raise sqlstate 'PGRST' using
  message = '{"code": "TOO_LATE", "message": "The class has begun", "details": "since 9:00", "hint": "Come tomorrow"}',
  detail = '{"status": 451, "headers": {"X-Next": "tomorrow"}}'; end $$;
create function studio.refuse_badly() returns void language plpgsql volatile as $$
begin raise sqlstate 'PGRST' using message = 'not json', detail = '{}'; end $$;
create function studio.fail(state text) returns void language plpgsql volatile as $$
begin raise exception using errcode = state, message = 'as you wish'; end $$;
