-- Outside tills: another maker's point of sale tells what it sold and moved, and is told of orders, products and stock. Both ways as
-- Standard Webhooks (https://www.standardwebhooks.com): signed, each message with an id of its own, stored by it before it is obeyed.

create table shop.pos_connections (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  location_id uuid not null,
  name text not null check (length(name) between 1 and 60),
  url text check (url ~ '^https?://' and length(url) <= 500),
  events text[] not null default '{}' check (events <@ '{order.placed,order.paid,order.ready,order.collected,order.cancelled,order.refunded,product.changed,stock.changed}'),
  to_board boolean not null default false,
  state text not null default 'on' check (state in ('on', 'paused', 'gone', 'ended')),
  made_at timestamptz not null default now(),
  made_by uuid references auth.users (id) on delete set null,
  ended_at timestamptz,
  check ((ended_at is not null) = (state = 'ended')),
  unique (business_id, id),
  foreign key (business_id, location_id) references shop.counters (business_id, location_id) on delete restrict
);
comment on table shop.pos_connections is 'An outside point of sale at one of our counters. url, events: where it is told of what; null: it only tells us. paused: nothing comes in, what goes out waits; gone: it answered 410, we stopped; ended: for good.';
comment on column shop.pos_connections.to_board is 'What it sells is made at our bar: its sales stay on the board until they are handed over.';
create unique index pos_connections_name_once on shop.pos_connections (location_id, lower(name)) where state <> 'ended';
create index pos_connections_location_id_idx on shop.pos_connections (business_id, location_id);
create index pos_connections_made_by_idx on shop.pos_connections (made_by);
-- What every order and movement asks: whether anybody listens at all.
create index pos_connections_hearing_idx on shop.pos_connections (business_id, location_id) where state in ('on', 'paused') and url is not null;

create table shop.pos_secrets (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  connection_id uuid not null,
  secret text not null check (secret ~ '^whsec_[A-Za-z0-9+/]{32,88}={0,2}$'),
  made_at timestamptz not null default now(),
  good_until timestamptz,
  foreign key (business_id, connection_id) references shop.pos_connections (business_id, id) on delete cascade
);
comment on table shop.pos_secrets is 'What messages are signed with, both ways. Signing needs the secret itself, so it is kept, and nobody is granted anything here: it is told once when it is made, and to the service (api.pos_door, api.take_pos_messages). good_until: of one that was replaced.';
create unique index pos_secrets_one_current on shop.pos_secrets (connection_id) where good_until is null;
create index pos_secrets_connection_id_idx on shop.pos_secrets (business_id, connection_id);

create table shop.pos_links (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  connection_id uuid not null,
  outside_id text not null check (length(outside_id) between 1 and 100),
  product_id uuid,
  modifier_ids uuid[] not null default '{}',
  stock_item_id uuid,
  units bigint not null default 1 check (units between 1 and 1000000),
  check (num_nonnulls(product_id, stock_item_id) = 1),
  check (product_id is not null or modifier_ids = '{}'),
  check (stock_item_id is not null or units = 1),
  unique (connection_id, outside_id),
  foreign key (business_id, connection_id) references shop.pos_connections (business_id, id) on delete cascade,
  foreign key (business_id, product_id) references shop.products (business_id, id) on delete cascade,
  foreign key (business_id, stock_item_id) references shop.stock_items (business_id, id) on delete cascade
);
comment on table shop.pos_links is 'What an outside id (SKU) is here: a product, with the options that make it this variant, or something in stock, of which one of theirs is units of ours (a litre of milk: 1000).';
create index pos_links_connection_id_idx on shop.pos_links (business_id, connection_id);
create index pos_links_product_id_idx on shop.pos_links (business_id, product_id) where product_id is not null;
create index pos_links_stock_item_id_idx on shop.pos_links (business_id, stock_item_id) where stock_item_id is not null;

create table shop.pos_inbox (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  connection_id uuid not null,
  message_id text not null check (length(message_id) between 1 and 200),
  type text not null,
  body_hash bytea not null,
  payload jsonb not null,
  received_at timestamptz not null default now(),
  state text not null default 'received' check (state in ('received', 'applied', 'ignored', 'refused', 'waiting', 'failed')),
  answer jsonb,
  attempts int not null default 0,
  next_attempt_at timestamptz,
  repeats int not null default 0,
  unique (connection_id, message_id),
  unique (business_id, id),
  foreign key (business_id, connection_id) references shop.pos_connections (business_id, id) on delete restrict
);
comment on table shop.pos_inbox is 'Every signed message of an outside till, stored by its id before it is obeyed. answer: what it was told, and is told again when it repeats itself. waiting: a refund that came before its sale; failed: our fault, tried again.';
create index pos_inbox_connection_id_idx on shop.pos_inbox (business_id, connection_id, id desc);
create index pos_inbox_next_idx on shop.pos_inbox (next_attempt_at) where state in ('waiting', 'failed');
create index pos_inbox_waiting_idx on shop.pos_inbox (connection_id, (payload -> 'data' ->> 'sale_id')) where state = 'waiting';

create table shop.pos_acts (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  connection_id uuid not null,
  kind text not null check (kind in ('sale', 'refund', 'movement')),
  outside_id text not null check (length(outside_id) between 1 and 100),
  inbox_id bigint not null,
  order_id uuid,
  tender text check (tender in ('cash', 'card', 'other')),
  happened_at timestamptz not null default now(),
  flags text[] not null default '{}',
  unique (connection_id, kind, outside_id),
  foreign key (business_id, connection_id) references shop.pos_connections (business_id, id) on delete restrict,
  foreign key (business_id, inbox_id) references shop.pos_inbox (business_id, id) on delete restrict,
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete restrict
);
comment on table shop.pos_acts is 'What happened at an outside till and is in our books, once per its own id, in whichever message it came. Its money is with the other till (clearing, outside); tender: how it was paid there. flags: see shop.keep_pos_sale.';
create index pos_acts_connection_id_idx on shop.pos_acts (business_id, connection_id);
create index pos_acts_inbox_id_idx on shop.pos_acts (business_id, inbox_id);
create index pos_acts_order_id_idx on shop.pos_acts (business_id, order_id) where order_id is not null;

create table shop.pos_turned_away (
  business_id uuid not null,
  connection_id uuid not null,
  why text not null check (why in ('webhook_unsigned', 'webhook_signature_wrong', 'webhook_too_old', 'webhook_too_new', 'webhook_unreadable', 'pos_paused')),
  on_hour timestamptz not null,
  times int not null default 1,
  last_at timestamptz not null default now(),
  primary key (connection_id, why, on_hour),
  foreign key (business_id, connection_id) references shop.pos_connections (business_id, id) on delete cascade
);
comment on table shop.pos_turned_away is 'How often somebody came with a signature that does not hold, by hour: counted and not kept, since anybody can send nonsense.';
create index pos_turned_away_connection_id_idx on shop.pos_turned_away (business_id, connection_id, on_hour desc);

create table shop.pos_messages (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  connection_id uuid not null,
  message_id text not null unique default 'msg_' || encode(extensions.gen_random_bytes(15), 'hex'),
  payload jsonb not null,
  state text not null default 'queued' check (state in ('queued', 'sent', 'given_up')),
  attempts int not null default 0,
  next_try_at timestamptz default now(),
  claimed_until timestamptz,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  check ((state = 'queued') = (next_try_at is not null)),
  unique (business_id, id),
  foreign key (business_id, connection_id) references shop.pos_connections (business_id, id) on delete cascade
);
comment on table shop.pos_messages is 'Outbox to outside tills, {type, timestamp, data} each, and its own queue (api.take_pos_messages). message_id: the same at every try, so that who hears it twice knows. claimed_until: somebody is sending it.';
create index pos_messages_due_idx on shop.pos_messages (connection_id, next_try_at) where state = 'queued';
-- What else waits to be told about an order, in its order.
create index pos_messages_order_idx on shop.pos_messages (connection_id, (payload #>> '{data,order_id}'), id) where state = 'queued';
create index pos_messages_claimed_idx on shop.pos_messages (connection_id, claimed_until) where claimed_until is not null;
create index pos_messages_connection_id_idx on shop.pos_messages (business_id, connection_id, id desc);
create index pos_messages_done_idx on shop.pos_messages (created_at) where state <> 'queued';

create table shop.pos_attempts (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  message_id bigint not null,
  at timestamptz not null default clock_timestamp(),
  status int,
  error text check (length(error) <= 200),
  took_ms int not null default 0,
  foreign key (business_id, message_id) references shop.pos_messages (business_id, id) on delete cascade
);
comment on table shop.pos_attempts is 'Each try to deliver a message. status: what the other side answered (HTTP); error: why there was no answer.';
create index pos_attempts_message_id_idx on shop.pos_attempts (business_id, message_id, id);

alter table shop.pos_connections enable row level security;
alter table shop.pos_secrets enable row level security;
alter table shop.pos_links enable row level security;
alter table shop.pos_inbox enable row level security;
alter table shop.pos_acts enable row level security;
alter table shop.pos_turned_away enable row level security;
alter table shop.pos_messages enable row level security;
alter table shop.pos_attempts enable row level security;
grant select on shop.pos_connections, shop.pos_links, shop.pos_inbox, shop.pos_acts, shop.pos_turned_away, shop.pos_messages, shop.pos_attempts to authenticated;
create policy "Managers see the outside tills of their business" on shop.pos_connections for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Managers see what outside ids are here" on shop.pos_links for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Managers see what outside tills told their business" on shop.pos_inbox for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Managers see what happened at outside tills" on shop.pos_acts for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Managers see who was turned away" on shop.pos_turned_away for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Managers see what outside tills were told" on shop.pos_messages for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Managers see how the telling went" on shop.pos_attempts for select to authenticated using (business_id in (select business.where_i_am('manager')));

-- Connecting ----------------------------------------------------------------------------------------------------------
create function shop.find_pos(business_id uuid, connection_id uuid) returns shop.pos_connections
language plpgsql stable set search_path = '' as $$
declare c shop.pos_connections;
begin
  select * into c from shop.pos_connections x where x.id = find_pos.connection_id and x.business_id = find_pos.business_id;
  if c.id is null then perform platform.refuse(404, 'pos_not_found'); end if;
  return c;
end $$;

create function shop.open_pos(business_id uuid, connection_id uuid) returns shop.pos_connections
language plpgsql volatile set search_path = '' as $$
declare c shop.pos_connections;
begin
  perform 1 from shop.pos_connections x where x.id = open_pos.connection_id and x.business_id = open_pos.business_id for no key update;
  c := shop.find_pos(open_pos.business_id, open_pos.connection_id);
  if c.state = 'ended' then perform platform.refuse(409, 'pos_ended'); end if;
  return c;
end $$;
comment on function shop.open_pos is 'A connection that a manager (who has been asked) is about to change, held. Refuses 404 pos_not_found, 409 pos_ended.';

create function shop.new_pos_secret(c shop.pos_connections) returns text
language plpgsql volatile set search_path = '' as $$
declare made text := 'whsec_' || encode(extensions.gen_random_bytes(32), 'base64');
begin
  insert into shop.pos_secrets (business_id, connection_id, secret) values (c.business_id, c.id, made);
  return made;
end $$;

create function shop.read_pos_facts(c shop.pos_connections, facts jsonb) returns shop.pos_connections
language plpgsql stable set search_path = '' as $$
begin
  c.name := trim(coalesce(facts ->> 'name', c.name, ''));
  if length(c.name) not between 1 and 60 then perform platform.refuse(422, 'pos_name_invalid', '{"field": "name"}'); end if;
  if facts ? 'url' then c.url := nullif(trim(facts ->> 'url'), ''); end if;
  if c.url is not null and (c.url !~ '^https?://[^\s/]' or length(c.url) > 500) then perform platform.refuse(422, 'pos_url_invalid', '{"field": "url"}'); end if;
  if facts ? 'events' then
    begin
      c.events := array(select distinct e from jsonb_array_elements_text(facts -> 'events') e order by e);
    exception when invalid_parameter_value then
      perform platform.refuse(422, 'pos_events_invalid', '{"field": "events"}');
    end;
  end if;
  if not c.events <@ '{order.placed,order.paid,order.ready,order.collected,order.cancelled,order.refunded,product.changed,stock.changed}' then perform platform.refuse(422, 'pos_events_invalid', '{"field": "events"}'); end if;
  c.to_board := coalesce((facts ->> 'to_board')::boolean, c.to_board, false);
  return c;
end $$;
comment on function shop.read_pos_facts is '{name, url, events, to_board} laid over a connection; what is not named stays. Refuses 422 pos_name_invalid, pos_url_invalid, pos_events_invalid.';

create function api.connect_pos(business_id uuid, location_id uuid, facts jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := business.require_role(connect_pos.business_id, 'manager');
  c shop.pos_connections;
begin
  if not exists (select from shop.counters k where k.location_id = connect_pos.location_id and k.business_id = connect_pos.business_id) then perform platform.refuse(404, 'location_not_found', '{"field": "location_id"}'); end if;
  c.events := '{}';
  c := shop.read_pos_facts(c, connect_pos.facts);
  insert into shop.pos_connections as x (business_id, location_id, name, url, events, to_board, made_by)
  values (connect_pos.business_id, connect_pos.location_id, c.name, c.url, c.events, c.to_board, actor) on conflict do nothing returning * into c;
  if c.id is null then perform platform.refuse(409, 'pos_exists', '{"field": "name"}'); end if;
  perform audit.note(c.business_id, 'pos_connected', 'pos:' || c.id, jsonb_build_object('name', c.name, 'url', c.url, 'events', c.events));
  return jsonb_build_object('connection_id', c.id, 'secret', shop.new_pos_secret(c));
end $$;
comment on function api.connect_pos is 'An outside till at a counter: facts {name, url, events, to_board}. Answers its secret (whsec_…), which is told only now. For managers. Refuses 404 location_not_found, 409 pos_exists and what shop.read_pos_facts refuses.';
grant execute on function api.connect_pos to authenticated;

create function api.save_pos(business_id uuid, connection_id uuid, facts jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid := business.require_role(save_pos.business_id, 'manager');
  c shop.pos_connections := shop.open_pos(save_pos.business_id, save_pos.connection_id);
begin
  c := shop.read_pos_facts(c, save_pos.facts);
  begin
    update shop.pos_connections x set name = c.name, url = c.url, events = c.events, to_board = c.to_board where x.id = c.id;
  exception when unique_violation then
    perform platform.refuse(409, 'pos_exists', '{"field": "name"}');
  end;
  perform audit.note(c.business_id, 'pos_saved', 'pos:' || c.id, jsonb_build_object('name', c.name, 'url', c.url, 'events', c.events, 'to_board', c.to_board));
  return jsonb_build_object('connection_id', c.id);
end $$;
comment on function api.save_pos is 'Changes an outside till''s facts. For managers. Refuses 404 pos_not_found, 409 pos_ended, pos_exists and what shop.read_pos_facts refuses.';
grant execute on function api.save_pos to authenticated;

create function api.rotate_pos_secret(business_id uuid, connection_id uuid, overlap_hours int default 24) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid := business.require_role(rotate_pos_secret.business_id, 'manager');
  c shop.pos_connections := shop.open_pos(rotate_pos_secret.business_id, rotate_pos_secret.connection_id);
  until_at timestamptz := now() + make_interval(hours => rotate_pos_secret.overlap_hours);
begin
  if rotate_pos_secret.overlap_hours is null or rotate_pos_secret.overlap_hours not between 0 and 72 then perform platform.refuse(422, 'pos_overlap_invalid', '{"field": "overlap_hours"}'); end if;
  update shop.pos_secrets s set good_until = least(s.good_until, until_at) where s.connection_id = c.id and (s.good_until is null or s.good_until > until_at);
  perform audit.note(c.business_id, 'pos_secret_rotated', 'pos:' || c.id, jsonb_build_object('old_good_until', until_at));
  return jsonb_build_object('connection_id', c.id, 'secret', shop.new_pos_secret(c), 'old_good_until', until_at);
end $$;
comment on function api.rotate_pos_secret is 'A new secret, told only now. The old one stays good for overlap_hours (0: it is known to somebody it should not be; at most 72), and what goes out is signed with both meanwhile. For managers. Refuses 404 pos_not_found, 409 pos_ended, 422 pos_overlap_invalid.';
grant execute on function api.rotate_pos_secret to authenticated;

create function api.set_pos_state(business_id uuid, connection_id uuid, state text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid := business.require_role(set_pos_state.business_id, 'manager');
  c shop.pos_connections := shop.open_pos(set_pos_state.business_id, set_pos_state.connection_id);
begin
  if set_pos_state.state is null or set_pos_state.state not in ('on', 'paused', 'ended') then perform platform.refuse(422, 'pos_state_invalid'); end if;
  if c.state = set_pos_state.state then return jsonb_build_object('connection_id', c.id, 'state', c.state); end if;
  update shop.pos_connections x set state = set_pos_state.state, ended_at = case when set_pos_state.state = 'ended' then now() end where x.id = c.id;
  if set_pos_state.state = 'ended' then
    delete from shop.pos_secrets s where s.connection_id = c.id;
    update shop.pos_messages m set state = 'given_up', next_try_at = null, claimed_until = null where m.connection_id = c.id and m.state = 'queued';
  end if;
  perform audit.note(c.business_id, 'pos_' || case set_pos_state.state when 'on' then 'resumed' when 'paused' then 'paused' else 'disconnected' end, 'pos:' || c.id, jsonb_build_object('name', c.name));
  return jsonb_build_object('connection_id', c.id, 'state', set_pos_state.state);
end $$;
comment on function api.set_pos_state is 'on (again), paused, or ended: for good, its secrets are forgotten and what waited is not sent. For managers. Refuses 404 pos_not_found, 409 pos_ended, 422 pos_state_invalid.';
grant execute on function api.set_pos_state to authenticated;

create function api.link_pos(business_id uuid, connection_id uuid, outside_id text, product_id uuid default null, modifier_ids uuid[] default '{}', stock_item_id uuid default null, units bigint default 1) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid := business.require_role(link_pos.business_id, 'manager');
  c shop.pos_connections := shop.open_pos(link_pos.business_id, link_pos.connection_id);
  made bigint;
  chosen uuid[] := array(select distinct u from unnest(coalesce(link_pos.modifier_ids, '{}')) u order by u);
begin
  if coalesce(length(trim(link_pos.outside_id)), 0) not between 1 and 100 then perform platform.refuse(422, 'pos_outside_id_invalid', '{"field": "outside_id"}'); end if;
  if num_nonnulls(link_pos.product_id, link_pos.stock_item_id) <> 1 then perform platform.refuse(422, 'pos_link_invalid', '{"field": "what"}'); end if;
  if link_pos.units is null or link_pos.units not between 1 and 1000000 then perform platform.refuse(422, 'pos_units_invalid', '{"field": "units"}'); end if;
  if link_pos.product_id is not null and not exists (select from shop.products p where p.business_id = c.business_id and p.id = link_pos.product_id) then perform platform.refuse(404, 'product_not_found', '{"field": "what"}'); end if;
  if link_pos.stock_item_id is not null and not exists (select from shop.stock_items i where i.business_id = c.business_id and i.id = link_pos.stock_item_id) then perform platform.refuse(404, 'stock_item_not_found', '{"field": "what"}'); end if;
  if (select count(*) from shop.modifiers m join shop.product_modifier_groups g on g.group_id = m.group_id and g.product_id = link_pos.product_id where m.business_id = c.business_id and m.id = any (chosen)) <> cardinality(chosen) then perform platform.refuse(404, 'modifier_not_found', '{"field": "what"}'); end if;
  insert into shop.pos_links as l (business_id, connection_id, outside_id, product_id, modifier_ids, stock_item_id, units)
  values (c.business_id, c.id, trim(link_pos.outside_id), link_pos.product_id, chosen, link_pos.stock_item_id, case when link_pos.stock_item_id is null then 1 else link_pos.units end)
  on conflict (connection_id, outside_id) do update set product_id = excluded.product_id, modifier_ids = excluded.modifier_ids, stock_item_id = excluded.stock_item_id, units = excluded.units returning l.id into made;
  return jsonb_build_object('connection_id', c.id, 'link_id', made);
end $$;
comment on function api.link_pos is 'Says what an outside id is here: a product (with the options of this variant), or something in stock, units of it. Said again it is the new thing. For managers. Refuses 404 pos_not_found, product_not_found, modifier_not_found, stock_item_not_found, 409 pos_ended, 422 pos_outside_id_invalid, pos_link_invalid, pos_units_invalid.';
grant execute on function api.link_pos to authenticated;

create function api.unlink_pos(business_id uuid, connection_id uuid, link_id bigint) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid := business.require_role(unlink_pos.business_id, 'manager');
  c shop.pos_connections := shop.open_pos(unlink_pos.business_id, unlink_pos.connection_id);
begin
  delete from shop.pos_links l where l.id = unlink_pos.link_id and l.connection_id = c.id;
  return jsonb_build_object('connection_id', c.id);
end $$;
comment on function api.unlink_pos is 'Forgets what an outside id was. For managers. Refuses 404 pos_not_found, 409 pos_ended.';
grant execute on function api.unlink_pos to authenticated;

-- What a manager sees -------------------------------------------------------------------------------------------------
create function api.pos_connections(business_id uuid) returns table (connection_id uuid, name text, location_id uuid, location_name text, url text, state text, made_at timestamptz, heard_at timestamptz, told_at timestamptz, amiss int)
language plpgsql stable security definer set search_path = '' rows 4 as $$
#variable_conflict use_column
begin
  perform business.require_role(pos_connections.business_id, 'manager');
  return query
  select c.id, c.name, c.location_id, l.name, c.url, c.state, c.made_at,
    (select i.received_at from shop.pos_inbox i where i.business_id = c.business_id and i.connection_id = c.id order by i.id desc limit 1),
    (select max(m.sent_at) from (select y.sent_at from shop.pos_messages y where y.business_id = c.business_id and y.connection_id = c.id order by y.id desc limit 50) m),
    (select count(*)::int from (select y.state from shop.pos_messages y where y.business_id = c.business_id and y.connection_id = c.id order by y.id desc limit 50) m where m.state = 'given_up')
      + (select count(*)::int from (select y.state from shop.pos_inbox y where y.business_id = c.business_id and y.connection_id = c.id order by y.id desc limit 50) i where i.state in ('refused', 'failed'))
  from shop.pos_connections c join business.locations l on l.id = c.location_id where c.business_id = pos_connections.business_id and c.state <> 'ended' order by l.name, c.name;
end $$;
comment on function api.pos_connections is 'The outside tills of a business; heard_at, told_at: when a message last came in and got through; amiss: how many of the last fifty each way did not. For managers.';
grant execute on function api.pos_connections to authenticated;

create function api.pos_connection(business_id uuid, connection_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare c shop.pos_connections;
begin
  perform business.require_role(pos_connection.business_id, 'manager');
  c := shop.find_pos(pos_connection.business_id, pos_connection.connection_id);
  return jsonb_build_object('connection_id', c.id, 'name', c.name, 'location_id', c.location_id, 'location_name', (select l.name from business.locations l where l.id = c.location_id), 'url', c.url, 'events', to_jsonb(c.events), 'to_board', c.to_board, 'state', c.state, 'made_at', c.made_at,
    'secret_made_at', (select s.made_at from shop.pos_secrets s where s.connection_id = c.id and s.good_until is null),
    'old_good_until', (select max(s.good_until) from shop.pos_secrets s where s.connection_id = c.id and s.good_until > now()),
    'links', coalesce((select jsonb_agg(jsonb_build_object('link_id', l.id, 'outside_id', l.outside_id, 'product_id', l.product_id, 'product', p.name, 'slug', p.slug, 'options', (select jsonb_agg(m.name order by m.id) from shop.modifiers m where m.id = any (l.modifier_ids)), 'stock_item_id', l.stock_item_id, 'item', i.name, 'unit', i.unit, 'units', l.units) order by l.outside_id)
      from shop.pos_links l left join shop.products p on p.id = l.product_id left join shop.stock_items i on i.id = l.stock_item_id where l.connection_id = c.id), '[]'),
    'turned_away', coalesce((select jsonb_agg(jsonb_build_object('why', t.why, 'times', t.times, 'last_at', t.last_at) order by t.last_at desc) from (select x.why, sum(x.times) as times, max(x.last_at) as last_at from shop.pos_turned_away x where x.business_id = c.business_id and x.connection_id = c.id and x.on_hour > now() - interval '7 days' group by x.why) t), '[]'));
end $$;
comment on function api.pos_connection is 'One outside till: its facts, since when its secret is good and until when the one before, what outside ids are (links), how often somebody was turned away in the last seven days and why. Never a secret. For managers. Refuses 404 pos_not_found.';
grant execute on function api.pos_connection to authenticated;

create function api.pos_choices(business_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  perform business.require_role(pos_choices.business_id, 'manager');
  return jsonb_build_object(
    'products', coalesce((select jsonb_agg(jsonb_build_object('product_id', p.id, 'name', p.name, 'variants', (select jsonb_agg(jsonb_build_object('modifier_id', m.id, 'name', m.name) order by g.position, m.position)
        from shop.product_modifier_groups g join shop.modifier_groups k on k.id = g.group_id and k.kind = 'variant' join shop.modifiers m on m.group_id = g.group_id and m.retired_at is null where g.product_id = p.id)) order by p.name ->> 'en', p.slug)
      from shop.products p where p.business_id = pos_choices.business_id and p.retired_at is null), '[]'),
    'items', coalesce((select jsonb_agg(jsonb_build_object('stock_item_id', i.id, 'name', i.name, 'unit', i.unit) order by i.name ->> 'en') from shop.stock_items i where i.business_id = pos_choices.business_id and i.retired_at is null), '[]'));
end $$;
comment on function api.pos_choices is 'What an outside id can be here: {products: [{product_id, name, variants}], items: [{stock_item_id, name, unit}]}. For managers.';
grant execute on function api.pos_choices to authenticated;

create function api.pos_received(business_id uuid, connection_id uuid, before_id bigint default null, page_size int default 50)
returns table (inbox_id bigint, message_id text, type text, received_at timestamptz, state text, answer jsonb, outside_id text, order_id uuid, reference text, tender text, flags text[], repeats int)
language plpgsql stable security definer set search_path = '' rows 50 as $$
#variable_conflict use_column
begin
  perform business.require_role(pos_received.business_id, 'manager');
  perform shop.find_pos(pos_received.business_id, pos_received.connection_id);
  return query
  select i.id, i.message_id, i.type, i.received_at, i.state, i.answer, i.payload -> 'data' ->> 'id', a.order_id, o.reference, a.tender, coalesce(a.flags, '{}'), i.repeats
  from shop.pos_inbox i left join shop.pos_acts a on a.business_id = i.business_id and a.inbox_id = i.id left join sales.orders o on o.id = a.order_id
  where i.business_id = pos_received.business_id and i.connection_id = pos_received.connection_id and (pos_received.before_id is null or i.id < pos_received.before_id)
  order by i.id desc limit least(greatest(pos_received.page_size, 1), 200);
end $$;
comment on function api.pos_received is 'What an outside till told, newest first (keyset by inbox_id): what became of it (state, answer), its order, how often it was sent once more. For managers. Refuses 404 pos_not_found.';
grant execute on function api.pos_received to authenticated;

create function api.pos_sent(business_id uuid, connection_id uuid, before_id bigint default null, page_size int default 50)
returns table (sending_id bigint, message_id text, type text, payload jsonb, state text, created_at timestamptz, next_try_at timestamptz, attempts jsonb)
language plpgsql stable security definer set search_path = '' rows 50 as $$
#variable_conflict use_column
begin
  perform business.require_role(pos_sent.business_id, 'manager');
  perform shop.find_pos(pos_sent.business_id, pos_sent.connection_id);
  return query
  select m.id, m.message_id, m.payload ->> 'type', m.payload, m.state, m.created_at, m.next_try_at,
    coalesce((select jsonb_agg(jsonb_build_object('at', a.at, 'status', a.status, 'error', a.error, 'took_ms', a.took_ms) order by a.id) from shop.pos_attempts a where a.business_id = m.business_id and a.message_id = m.id), '[]')
  from shop.pos_messages m where m.business_id = pos_sent.business_id and m.connection_id = pos_sent.connection_id and (pos_sent.before_id is null or m.id < pos_sent.before_id)
  order by m.id desc limit least(greatest(pos_sent.page_size, 1), 200);
end $$;
comment on function api.pos_sent is 'What an outside till was told, newest first (keyset by sending_id), with every try: when, what was answered, why not, how long it took. For managers. Refuses 404 pos_not_found.';
grant execute on function api.pos_sent to authenticated;
