-- Realtime: what a database needs for broadcast from SQL and for private channels. Same names, signatures, owners and
-- grants as on the hosted service (github.com/supabase/realtime, priv/repo/tenant_schema/realtime), except that
-- realtime.messages is one table, pruned by rows, not partitioned by day, and that each row names its transaction, so that the
-- server can ask what was committed since it last looked, where the hosted service reads the write-ahead log. (A trigger that
-- notifies would be quicker to write, but NOTIFY holds one lock of the whole server through the commit's flush to disk: people
-- who buy at the same time would commit one after the other.) Applied as supabase_admin at every start: repeating it changes nothing.

do $$ begin
  if not exists (select from pg_catalog.pg_roles where rolname = 'supabase_realtime_admin') then
    create role supabase_realtime_admin with noinherit nologin noreplication;
  end if;
end $$;

create schema if not exists realtime;
grant usage on schema realtime to anon, authenticated, service_role;
grant create, usage on schema realtime to supabase_realtime_admin with grant option;
-- Migrations run as postgres and must be able to make policies on realtime.messages.
grant supabase_realtime_admin to postgres;
grant usage on schema realtime to postgres with grant option;

create table if not exists realtime.messages (
  topic text not null,
  extension text not null,
  payload jsonb,
  event text,
  private boolean default false,
  updated_at timestamp without time zone not null default (now() at time zone 'utc'),
  inserted_at timestamp without time zone not null default (now() at time zone 'utc'),
  id uuid not null default gen_random_uuid(),
  binary_payload bytea,
  constraint messages_pkey primary key (id, inserted_at),
  constraint messages_payload_exclusive check (payload is null or binary_payload is null)
);
comment on table realtime.messages is 'Messages sent by SQL, kept for an hour. Its policies say who may listen (select) and send (insert) on private channels.';
create index if not exists messages_inserted_at_topic_index on realtime.messages (inserted_at desc, topic);
alter table realtime.messages enable row level security;
alter table realtime.messages owner to supabase_realtime_admin;
grant insert, select, update on realtime.messages to anon, authenticated, service_role;

-- Not on the hosted service: the transaction that wrote the row.
alter table realtime.messages add column if not exists written_by xid8 not null default pg_current_xact_id();
create index if not exists messages_written_by_index on realtime.messages (written_by) where extension = 'broadcast';
drop trigger if exists tg_messages__announce on realtime.messages;
drop function if exists realtime.announce_message();

create or replace function realtime.topic() returns text
language sql stable as $$
  select nullif(current_setting('realtime.topic', true), '')::text;
$$;
comment on function realtime.topic() is 'The channel being authorised, for use in the policies of realtime.messages.';
alter function realtime.topic() owner to supabase_realtime_admin;

-- As on the hosted service a message that cannot be stored is a warning: it never undoes the work it tells of.
create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true) returns void
language plpgsql as $$
declare
  generated_id uuid;
  final_payload jsonb;
begin
  begin
    generated_id := gen_random_uuid();
    if payload ? 'id' then
      final_payload := payload;
    else
      final_payload := jsonb_set(payload, '{id}', to_jsonb(generated_id));
    end if;
    execute format('set local realtime.topic to %L', topic);
    insert into realtime.messages (id, payload, event, topic, private, extension)
    values (generated_id, final_payload, event, topic, private, 'broadcast');
  exception when others then
    raise warning 'WarnSendingBroadcastMessage: %', sqlerrm;
  end;
end $$;
comment on function realtime.send(jsonb, text, text, boolean) is 'Broadcasts payload to the listeners of topic when this transaction commits. Runs as the caller: the policies of realtime.messages apply.';
alter function realtime.send(jsonb, text, text, boolean) owner to supabase_realtime_admin;

create or replace function realtime.send_binary(payload bytea, event text, topic text, private boolean default true) returns void
language plpgsql as $$
begin
  begin
    execute format('set local realtime.topic to %L', topic);
    insert into realtime.messages (binary_payload, event, topic, private, extension)
    values (payload, event, topic, private, 'broadcast');
  exception when others then
    raise warning 'WarnSendingBroadcastMessage: %', sqlerrm;
  end;
end $$;
alter function realtime.send_binary(bytea, text, text, boolean) owner to supabase_realtime_admin;

create or replace function realtime.broadcast_changes(
  topic_name text, event_name text, operation text, table_name text, table_schema text,
  new record, old record, level text default 'ROW'
) returns void
language plpgsql as $$
declare
  row_data jsonb := '{}'::jsonb;
begin
  if level = 'STATEMENT' then
    raise exception 'function can only be triggered for each row, not for each statement';
  end if;
  if operation = 'INSERT' or operation = 'UPDATE' or operation = 'DELETE' then
    row_data := jsonb_build_object('old_record', old, 'record', new, 'operation', operation, 'table', table_name, 'schema', table_schema);
    perform realtime.send(row_data, event_name, topic_name);
  else
    raise exception 'Unexpected operation type: %', operation;
  end if;
exception when others then
  raise exception 'Failed to process the row: %', sqlerrm;
end $$;
comment on function realtime.broadcast_changes(text, text, text, text, text, record, record, text) is 'For row triggers: broadcasts the old and the new row on a private channel.';
alter function realtime.broadcast_changes(text, text, text, text, text, record, record, text) owner to supabase_realtime_admin;
