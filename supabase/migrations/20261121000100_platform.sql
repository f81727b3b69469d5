-- Platform: the one exposed schema, default privileges, refusals, idempotency, jobs, sign-in throttling.

create schema if not exists extensions;
create extension if not exists btree_gist with schema extensions;
create extension if not exists pgcrypto with schema extensions;
create extension if not exists citext with schema extensions;

create schema api;
comment on schema api is 'The only schema exposed over HTTP: stable functions for reading, functions for commands. supabase/tests/00-doors.test.sql pins who may call what.';
create schema platform;
comment on schema platform is 'What every area leans on: refusals, idempotency keys, jobs, sign-in throttling.';

-- Nothing is callable or readable until it is granted by name.
alter default privileges revoke execute on functions from public;
alter default privileges in schema api revoke all on tables from public;
grant usage on schema api to anon, authenticated, service_role;

create function platform.refuse(status int, name text, detail jsonb default null) returns void
language plpgsql immutable set search_path = '' as $$
begin
  raise exception using errcode = 'PT' || refuse.status, message = refuse.name, detail = coalesce(refuse.detail::text, '');
end $$;
comment on function platform.refuse is 'Raises an expected "no": HTTP status, snake_case name, facts. PostgREST turns PTnnn into that status; src/platform/refusals.ts turns the name into a sentence.';

create function platform.text_in(words jsonb, locale text) returns text
language sql immutable set search_path = '' as $$
  select coalesce(words ->> locale, words ->> split_part(locale, '-', 1), words ->> 'en', (select value from jsonb_each_text(words) limit 1));
$$;
comment on function platform.text_in is 'One language of a localised text {"en": …, "es": …}; falls back to the base language, English, then any.';

create function platform.token_hash(token text) returns bytea
language plpgsql immutable strict set search_path = '' as $$
begin
  return (
    select sha256(convert_to(token, 'UTF8')));
end $$;
comment on function platform.token_hash is 'Secret tokens are stored only as this hash.';

-- Idempotency ---------------------------------------------------------------------------------------------------------
create table platform.idempotency_keys (
  actor text not null,
  key text not null check (length(key) between 8 and 100),
  command text not null,
  body_hash bytea not null,
  answer jsonb,
  created_at timestamptz not null default now(),
  primary key (actor, key)
);
comment on table platform.idempotency_keys is 'First answer of every command that moves money, seats or stock, by who asked and the key they sent. Kept 48 hours.';
create index idempotency_keys_created_at_idx on platform.idempotency_keys (created_at);
alter table platform.idempotency_keys enable row level security;

create function platform.replay(actor text, key text, command text, body jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  hash bytea := sha256(convert_to(replay.command || replay.body::text, 'UTF8'));
  earlier platform.idempotency_keys;
begin
  if replay.key is null or length(replay.key) not between 8 and 100 then
    perform platform.refuse(400, 'idempotency_key_invalid');
  end if;
  -- A second request with the same key waits here for the first one's commit.
  insert into platform.idempotency_keys as k (actor, key, command, body_hash)
  values (replay.actor, replay.key, replay.command, hash) on conflict do nothing;
  if found then return null; end if;
  select * into earlier from platform.idempotency_keys k where k.actor = replay.actor and k.key = replay.key;
  if earlier.body_hash <> hash then
    perform platform.refuse(422, 'idempotency_key_reused');
  end if;
  return earlier.answer;
end $$;
comment on function platform.replay is 'Null when this key is new (the caller goes on and ends with platform.remember), else the first answer. Refuses a key that was used with another body.';

create function platform.remember(actor text, key text, answer jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
begin
  update platform.idempotency_keys k set answer = remember.answer where k.actor = remember.actor and k.key = remember.key;
  return remember.answer;
end $$;

-- Jobs ----------------------------------------------------------------------------------------------------------------
create function platform.add_job(task text, payload jsonb, job_key text default null, run_at timestamptz default null)
returns void language plpgsql volatile security definer set search_path = '' as $$
begin
  perform graphile_worker.add_job(identifier => add_job.task, payload => add_job.payload::json, job_key => add_job.job_key, run_at => add_job.run_at);
end $$;
comment on function platform.add_job is 'Queues a job in this transaction: it runs if and only if the transaction commits. Tasks live in src/platform/jobs.';

-- Sign-in throttling --------------------------------------------------------------------------------------------------
create table platform.sign_in_failures (
  id bigint generated always as identity primary key,
  subject bytea not null,
  at timestamptz not null default now()
);
comment on table platform.sign_in_failures is 'One row per failed sign-in for the account tried and one for the address it came from, both only as hashes.';
create index sign_in_failures_subject_idx on platform.sign_in_failures (subject, at);
create index sign_in_failures_at_idx on platform.sign_in_failures (at);
alter table platform.sign_in_failures enable row level security;

create function platform.seconds_locked(subject bytea, free int) returns int
language sql stable set search_path = '' as $$
  -- After `free` failures within 15 minutes: one minute, doubling with each further failure, at most 15 minutes.
  select case when count(*) < seconds_locked.free then 0
    else greatest(0, ceil(extract(epoch from max(f.at) + least(interval '15 minutes', interval '1 minute' * power(2, least(count(*) - seconds_locked.free, 8))) - clock_timestamp())))::int end
  from platform.sign_in_failures f where f.subject = seconds_locked.subject and f.at > now() - interval '15 minutes';
$$;

create function api.sign_in_wait(email text, address text) returns int
language sql stable security definer set search_path = '' as $$
  select greatest(
    platform.seconds_locked(platform.token_hash('account:' || lower(trim(sign_in_wait.email))), 5),
    platform.seconds_locked(platform.token_hash('address:' || sign_in_wait.address), 20));
$$;
comment on function api.sign_in_wait is 'Seconds before another sign-in to this account or from this address is tried; 0 = now. The same whether or not the account exists.';

create function api.prune_platform() returns void
language sql volatile security definer set search_path = '' as $$
  delete from platform.idempotency_keys where created_at < now() - interval '48 hours';
  delete from platform.sign_in_failures where at < now() - interval '1 day';
$$;
comment on function api.prune_platform is 'Forgets idempotency keys after 48 hours and failed sign-ins after a day. Run by a job.';
