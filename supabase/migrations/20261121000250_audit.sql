-- Audit: every act by somebody with power over others' money, seats or data, chained by hash so that no row can vanish or change unseen.

create schema audit;
grant usage on schema audit to authenticated, service_role;

create table audit.events (
  id bigint generated always as identity primary key,
  business_id uuid not null references business.businesses on delete restrict,
  at timestamptz not null default clock_timestamp(),
  by_user uuid,
  act text not null check (act ~ '^[a-z_]{3,60}$'),
  about text not null,
  detail jsonb not null default '{}',
  previous_hash bytea,
  hash bytea not null
);
comment on table audit.events is 'Who did what to what, in order. hash covers the row and the hash before it, per business: audit.findings() names the first row that does not fit.';
comment on column audit.events.about is 'The thing, as <noun>:<id>.';
create index events_business_id_idx on audit.events (business_id, id);
create index events_about_idx on audit.events (business_id, about);
create index events_act_idx on audit.events (business_id, act, id);
alter table audit.events enable row level security;
grant select on audit.events to authenticated;
create policy "Owners read what was done at their business" on audit.events for select to authenticated using (business_id in (select business.where_i_am('owner')));

create function audit.tg_events__append_only() returns trigger
language plpgsql set search_path = '' as $$
begin
  raise exception 'audit.events is append-only' using errcode = '55000';
end $$;
create trigger tg_events__append_only before update or delete or truncate on audit.events for each statement execute function audit.tg_events__append_only();

create function audit.hash_of(e audit.events) returns bytea
language plpgsql immutable set search_path = '' as $$
begin
  return sha256(coalesce(e.previous_hash, '') || convert_to(concat_ws(E'\x1f', e.business_id, extract(epoch from e.at), e.by_user, e.act, e.about, e.detail::text), 'UTF8'));
end $$;

create function audit.note(business_id uuid, act text, about text, detail jsonb default '{}') returns void
language plpgsql volatile security definer set search_path = '' as $$
declare e audit.events;
begin
  -- One chain a business: the next link waits for the one before it.
  perform pg_advisory_xact_lock(hashtextextended('audit ' || note.business_id, 0));
  e.business_id := note.business_id;
  e.at := clock_timestamp();
  e.by_user := auth.uid();
  e.act := note.act;
  e.about := note.about;
  e.detail := coalesce(note.detail, '{}');
  e.previous_hash := (select x.hash from audit.events x where x.business_id = note.business_id order by x.id desc limit 1);
  e.hash := audit.hash_of(e);
  insert into audit.events (business_id, at, by_user, act, about, detail, previous_hash, hash)
  values (e.business_id, e.at, e.by_user, e.act, e.about, e.detail, e.previous_hash, e.hash);
end $$;
comment on function audit.note is 'Writes down an act by somebody with power, in its transaction. act: snake_case verb (session_cancelled, fee_waived); about: <noun>:<id>.';

create function audit.findings(for_business uuid default null) returns table (event_id bigint, problem text)
language sql stable set search_path = '' as $$
  select e.id, case when e.hash <> audit.hash_of(e) then 'row_changed' else 'chain_broken' end
  from (select x as e, x.id, x.hash, x.previous_hash, lag(x.hash) over (partition by x.business_id order by x.id) as before from audit.events x
    where findings.for_business is null or x.business_id = findings.for_business) l
  cross join lateral (select (l.e).*) e
  where e.hash <> audit.hash_of(l.e) or e.previous_hash is distinct from l.before;
$$;
comment on function audit.findings is 'Rows whose content or place in the chain is not what it was when they were written; empty when all is well.';

-- Checking ------------------------------------------------------------------------------------------------------------
-- Whoever looks at the trail waits for what was written since it was last checked, not for all of it. That point is itself a line of
-- the chain, so that it cannot be moved unseen; what stands before it is read again by a job (audit.check_trail).
create function audit.last_check(business_id uuid) returns audit.events
language plpgsql stable set search_path = '' as $$
begin
  return (select e from audit.events e where e.business_id = last_check.business_id and e.act = 'trail_checked' order by e.id desc limit 1);
end $$;

create function audit.recent_findings(for_business uuid) returns table (event_id bigint, problem text)
language plpgsql stable set search_path = '' as $$
declare
  c audit.events := audit.last_check(recent_findings.for_business);
  upto bigint := (c.detail ->> 'upto')::bigint;
begin
  if c.id is null then return query select * from audit.findings(recent_findings.for_business); return; end if;
  return query
  with tail as (select x as e, lag(x.hash) over (order by x.id) as before from audit.events x where x.business_id = recent_findings.for_business and x.id >= upto)
  select (t.e).id, case when (t.e).hash <> audit.hash_of(t.e) or (t.e).id = upto then 'row_changed' else 'chain_broken' end
  from tail t
  where (t.e).hash <> audit.hash_of(t.e) or case when (t.e).id = upto then encode((t.e).hash, 'hex') <> c.detail ->> 'hash' else (t.e).previous_hash is distinct from t.before end;
end $$;
comment on function audit.recent_findings is 'As audit.findings, of what was written since the last check that found nothing wrong, and of the line where that check ended.';

create function audit.check_trail(business_id uuid, whole boolean) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  c audit.events := audit.last_check(check_trail.business_id);
  newest audit.events;
  lines bigint;
  wrong jsonb;
  told jsonb;
begin
  select * into newest from audit.events x where x.business_id = check_trail.business_id order by x.id desc limit 1;
  if newest.id is null or not check_trail.whole and newest.id = c.id then return jsonb_build_object('lines', coalesce((c.detail ->> 'lines')::bigint, 0), 'findings', 0); end if;
  if check_trail.whole or c.id is null then
    select count(*) into lines from audit.events x where x.business_id = check_trail.business_id and x.id <= newest.id;
    select coalesce(jsonb_agg(jsonb_build_object('event_id', f.event_id, 'problem', f.problem) order by f.event_id), '[]') into wrong from audit.findings(check_trail.business_id) f where f.event_id <= newest.id;
  else
    select (c.detail ->> 'lines')::bigint + count(*) into lines from audit.events x where x.business_id = check_trail.business_id and x.id > (c.detail ->> 'upto')::bigint and x.id <= newest.id;
    select coalesce(jsonb_agg(jsonb_build_object('event_id', f.event_id, 'problem', f.problem) order by f.event_id), '[]') into wrong from audit.recent_findings(check_trail.business_id) f where f.event_id <= newest.id;
  end if;
  told := jsonb_build_object('upto', newest.id, 'lines', lines, 'whole', check_trail.whole or c.id is null);
  if wrong = '[]' then
    perform audit.note(check_trail.business_id, 'trail_checked', 'trail:' || newest.id, told || jsonb_build_object('hash', encode(newest.hash, 'hex')));
  elsif check_trail.whole then
    -- What is wrong near the end shows at every look; what is wrong before it would not.
    perform audit.note(check_trail.business_id, 'trail_broken', 'trail:' || newest.id, told || jsonb_build_object('findings', jsonb_array_length(wrong), 'first', jsonb_path_query_array(wrong, '$[0 to 49]')));
  end if;
  return jsonb_build_object('lines', lines, 'findings', jsonb_array_length(wrong));
end $$;
comment on function audit.check_trail is 'Reads the chain, whole or from where the last check ended, and writes down in it how far it is as it was: {lines, findings}. A check that finds something wrong moves nothing on.';
