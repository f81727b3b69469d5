-- The board: what is to be made, by whom it is asked for, and how far it is.

create table shop.tickets (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  location_id uuid not null,
  order_id uuid not null unique,
  on_date date not null,
  call_number int not null,
  state text not null default 'placed' check (state in ('placed', 'accepted', 'making', 'ready', 'collected', 'cancelled')),
  name text not null,
  ready_by timestamptz not null,
  make_seconds int not null,
  opened_at timestamptz not null default now(),
  ready_at timestamptz,
  closed_at timestamptz,
  version int not null default 1,
  unique (business_id, id),
  unique (location_id, on_date, call_number),
  foreign key (business_id, location_id) references shop.counters (business_id, location_id) on delete restrict,
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete restrict
);
comment on table shop.tickets is 'One order''s work at the bar: placed → accepted → making → ready → collected, or → cancelled. call_number: what is called out, from 1 each local day. name: whom it is for.';
create index tickets_location_id_idx on shop.tickets (business_id, location_id);
create index tickets_order_id_idx on shop.tickets (business_id, order_id);
create index tickets_open_idx on shop.tickets (location_id, ready_by) where closed_at is null;

create table shop.ticket_steps (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  ticket_id uuid not null,
  from_state text,
  to_state text not null,
  at timestamptz not null default clock_timestamp(),
  by_user uuid references auth.users (id) on delete set null,
  why text not null default '',
  foreign key (business_id, ticket_id) references shop.tickets (business_id, id) on delete cascade
);
create index ticket_steps_ticket_id_idx on shop.ticket_steps (business_id, ticket_id);
create index ticket_steps_by_user_idx on shop.ticket_steps (by_user);

alter table shop.tickets enable row level security;
alter table shop.ticket_steps enable row level security;
grant select on shop.tickets, shop.ticket_steps to authenticated;
create policy "Baristas see the tickets of their business" on shop.tickets for select to authenticated using (business_id in (select business.where_i_am('barista')));
create policy "Baristas see how the tickets of their business went" on shop.ticket_steps for select to authenticated using (business_id in (select business.where_i_am('barista')));

create function shop.open_ticket(o sales.orders) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  today date := (now() at time zone shop.zone(o.location_id))::date;
  number int;
  made uuid;
begin
  update shop.counters c set last_call = case when c.call_on = today then c.last_call + 1 else 1 end, call_on = today where c.location_id = o.location_id returning c.last_call into number;
  insert into shop.tickets as t (business_id, location_id, order_id, on_date, call_number, name, ready_by, make_seconds)
  select o.business_id, o.location_id, o.id, today, number, (select m.name from members.members m where m.id = o.member_id), coalesce(o.ready_by, now()), coalesce(sum(l.make_seconds), 0)
  from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id
  returning t.id into made;
  insert into shop.ticket_steps (business_id, ticket_id, to_state, by_user) values (o.business_id, made, 'placed', auth.uid());
  perform realtime.send(jsonb_build_object('ticket_id', made), 'ticket_changed', 'board:' || o.location_id, true);
  return made;
end $$;
comment on function shop.open_ticket is 'A paid order''s work goes to the board of its counter, with the next number to call. The caller holds the counter''s row.';

create function shop.ticket_of(o sales.orders) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (select jsonb_build_object('ticket_id', t.id, 'state', t.state, 'call_number', t.call_number, 'ready_by', t.ready_by, 'opened_at', t.opened_at, 'ready_at', t.ready_at, 'closed_at', t.closed_at)
  from shop.tickets t where t.business_id = o.business_id and t.order_id = o.id);
end $$;
