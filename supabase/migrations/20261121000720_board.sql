-- The board: what is to be made, by whom it is asked for, how far it is, and every act of those who stand behind the bar.

create function shop.rank(state text) returns int
language plpgsql immutable set search_path = '' as $$
begin
  return array_position(array['placed', 'accepted', 'making', 'ready', 'collected'], rank.state);
end $$;
comment on function shop.rank is 'How far a ticket is; null: it is over without having been made.';

create table shop.tickets (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  location_id uuid not null,
  order_id uuid not null unique,
  on_date date not null,
  call_number int not null,
  state text not null default 'placed' check (state in ('placed', 'accepted', 'making', 'ready', 'collected', 'cancelled', 'refused')),
  made uuid[] not null default '{}',
  name text not null,
  ready_by timestamptz not null,
  make_seconds int not null,
  opened_at timestamptz not null default now(),
  ready_at timestamptz,
  closed_at timestamptz,
  version int not null default 1,
  constraint closed_when_over check ((closed_at is not null) = (state in ('collected', 'cancelled', 'refused'))),
  unique (business_id, id),
  unique (location_id, on_date, call_number),
  foreign key (business_id, location_id) references shop.counters (business_id, location_id) on delete restrict,
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete restrict
);
comment on table shop.tickets is 'One order''s work at the bar: placed → accepted → making → ready → collected; → cancelled by the buyer, → refused by the bar. call_number: what is called out, from 1 each local day. name: whom it is for.';
comment on column shop.tickets.made is 'The order lines that are done while others are not: drinks are made in batches, across tickets.';
comment on column shop.tickets.version is 'One more with each change: of two messages about a ticket a screen believes the higher.';
create index tickets_location_id_idx on shop.tickets (business_id, location_id);
create index tickets_order_id_idx on shop.tickets (business_id, order_id);
create index tickets_open_idx on shop.tickets (location_id, ready_by) where closed_at is null;
create index tickets_closed_idx on shop.tickets (location_id, closed_at) where closed_at is not null;
create index tickets_left_idx on shop.tickets (ready_at) where state = 'ready';

create table shop.ticket_steps (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  ticket_id uuid not null,
  act_id uuid,
  from_state text,
  to_state text not null,
  line_ids uuid[] not null default '{}',
  made boolean,
  at timestamptz not null default clock_timestamp(),
  by_user uuid references auth.users (id) on delete set null,
  why text not null default '',
  foreign key (business_id, ticket_id) references shop.tickets (business_id, id) on delete cascade
);
comment on table shop.ticket_steps is 'Every step of a ticket, the way back too. act_id: the tap, named by the screen, so that a tap that is sent twice counts once. line_ids: the lines a tap marked (made) or unmarked.';
create unique index ticket_steps_act_once on shop.ticket_steps (ticket_id, act_id) where act_id is not null;
create index ticket_steps_ticket_id_idx on shop.ticket_steps (business_id, ticket_id);
create index ticket_steps_by_user_idx on shop.ticket_steps (by_user);

alter table shop.tickets enable row level security;
alter table shop.ticket_steps enable row level security;
grant select on shop.tickets, shop.ticket_steps to authenticated;
create policy "Baristas see the tickets of their business" on shop.tickets for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
create policy "Baristas see how the tickets of their business went" on shop.ticket_steps for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
create policy "Baristas hear the boards of their business" on realtime.messages for select to authenticated
  using (realtime.topic() in (select 'board:' || c.location_id from shop.counters c where c.business_id in (select business.where_i_am('barista')) or c.business_id in (select business.where_i_am('front_desk'))));

insert into messages.kinds (kind, topic, essential) values ('order_ready', 'orders', false), ('order_refused', 'orders', true);

-- A ticket as a screen shows it -----------------------------------------------------------------------------------------
create function shop.line_gone(l sales.order_lines) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  return l.returned >= l.quantity or l.refunded_cents > 0 and l.refunded_cents >= l.total_cents;
end $$;
comment on function shop.line_gone is 'Whether nothing of a line is made any more: all its pieces were taken back, or all its money was.';

create function shop.cards(ticket_ids uuid[]) returns table (ticket_id uuid, card jsonb)
language plpgsql stable set search_path = '' rows 20 as $$
#variable_conflict use_column
begin
  return query
  select t.id, jsonb_build_object('ticket_id', t.id, 'version', t.version, 'state', t.state, 'call_number', t.call_number, 'name', t.name, 'ready_by', t.ready_by, 'make_seconds', t.make_seconds, 'opened_at', t.opened_at, 'ready_at', t.ready_at, 'closed_at', t.closed_at,
    'order_id', o.id, 'reference', o.reference, 'channel', o.channel, 'serving', o.serving, 'table_label', o.table_label, 'pickup_at', o.pickup_at, 'note', o.note,
    'why', b.why, 'back_to', case when t.state not in ('cancelled', 'refused') then b.from_state end, 'moved_at', b.at, 'lines', coalesce((
      select jsonb_agg(jsonb_build_object('line_id', l.id, 'product_id', l.product_id, 'name', l.label, 'quantity', case when g.gone then l.quantity else l.quantity - l.returned end, 'note', l.note, 
          -- What it usually holds, less what went with a usual option that gave its place to another one, and what the chosen options bring in.
          'allergens', coalesce((select jsonb_agg(distinct h.mark order by h.mark) from (
            select u.mark from unnest(p.allergens) u (mark) where u.mark <> all (p.replaceable_allergens) or not exists (
              select from shop.product_modifier_groups x join shop.modifiers d on d.group_id = x.group_id and d.is_default and d.retired_at is null
              where x.product_id = l.product_id and u.mark = any (d.allergens) and d.id <> all (l.modifier_ids) and exists (select from shop.modifiers k where k.id = any (l.modifier_ids) and k.group_id = x.group_id))
            union all
            select u.mark from shop.modifiers d cross join lateral unnest(d.allergens) u (mark) where d.id = any (l.modifier_ids)) h), '[]'), 'made', l.id = any (t.made), 'gone', g.gone,
          'modifiers', l.modifiers,
          -- What usually is in it and was left out, where nothing was taken instead.
          'without', coalesce((select jsonb_agg(d.name order by x.position, d.position) from shop.product_modifier_groups x join shop.modifiers d on d.group_id = x.group_id and d.is_default and d.retired_at is null
            where x.product_id = l.product_id and d.id <> all (l.modifier_ids) and not exists (select from shop.modifiers k where k.id = any (l.modifier_ids) and k.group_id = x.group_id)), '[]'),
          'items', case when p.kind = 'bundle' then (select jsonb_agg(jsonb_build_object('name', q.name, 'quantity', i.quantity) order by q.position, q.slug) from shop.bundle_items i join shop.products q on q.id = i.product_id where i.bundle_id = p.id) end) order by l.position)
      from sales.order_lines l join shop.products p on p.id = l.product_id cross join lateral (select shop.line_gone(l) as gone) g
      where l.business_id = t.business_id and l.order_id = t.order_id and l.kind = 'product'), '[]'))
  from shop.tickets t join sales.orders o on o.business_id = t.business_id and o.id = t.order_id
  left join lateral (select s.from_state, s.at, s.why from shop.ticket_steps s where s.business_id = t.business_id and s.ticket_id = t.id and s.from_state is distinct from s.to_state order by s.id desc limit 1) b on true
  where t.id = any (cards.ticket_ids);
end $$;
comment on function shop.cards is 'Tickets as the board shows them, all of them in one go. back_to, moved_at: the step that could be taken back, and when it was taken. modifiers: as the line keeps them, usual where it is what people get unasked; without: what they usually get and did not want; allergens: with the options that were chosen (shop.products.replaceable_allergens); quantity: what is left to make, without pieces that were taken back; gone: paid back or taken back whole, no longer made.';

create function shop.ticket_card(t shop.tickets) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (select c.card from shop.cards(array[t.id]) c);
end $$;
comment on function shop.ticket_card is 'One ticket as shop.cards shows it: whole, and small enough to travel in a message.';

create function shop.tell_board(t shop.tickets) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform realtime.send(shop.ticket_card(t), 'ticket_changed', 'board:' || t.location_id, true);
end $$;

create function shop.tell_returned(o sales.orders) returns void
language plpgsql volatile set search_path = '' as $$
declare k shop.tickets;
begin
  update shop.tickets x set version = x.version + 1 where x.business_id = o.business_id and x.order_id = o.id and x.closed_at is null returning * into k;
  if k.id is not null then perform shop.tell_board(k); end if;
end $$;
comment on function shop.tell_returned is 'Pieces of an order were taken back: the boards hear what of it is left to make. The caller holds the order.';

create function shop.open_ticket(o sales.orders) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  today date := (now() at time zone shop.zone(o.location_id))::date;
  number int;
  made shop.tickets;
begin
  update shop.counters c set last_call = case when c.call_on = today then c.last_call + 1 else 1 end, call_on = today where c.location_id = o.location_id returning c.last_call into number;
  insert into shop.tickets as t (business_id, location_id, order_id, on_date, call_number, name, ready_by, make_seconds)
  select o.business_id, o.location_id, o.id, today, number, (select m.name from members.members m where m.id = o.member_id), coalesce(o.ready_by, now()), coalesce(sum(l.make_seconds), 0)
  from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id
  returning t.* into made;
  insert into shop.ticket_steps (business_id, ticket_id, to_state, by_user) values (o.business_id, made.id, 'placed', auth.uid());
  perform shop.tell_board(made);
  return made.id;
end $$;
comment on function shop.open_ticket is 'A paid order''s work goes to the board of its counter, with the next number to call. The caller holds the counter''s row.';

create function shop.ticket_of(o sales.orders) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
  select jsonb_build_object('ticket_id', t.id, 'state', t.state, 'call_number', t.call_number, 'ready_by', t.ready_by, 'opened_at', t.opened_at, 'ready_at', t.ready_at, 'closed_at', t.closed_at,
    'why', case when t.state = 'refused' then (select s.why from shop.ticket_steps s where s.business_id = t.business_id and s.ticket_id = t.id order by s.id desc limit 1) end)
  from shop.tickets t where t.business_id = o.business_id and t.order_id = o.id);
end $$;

-- Steps -----------------------------------------------------------------------------------------------------------------
create function shop.require_bar(business_id uuid) returns text
language plpgsql stable set search_path = '' as $$
begin
  if auth.uid() is not null and require_bar.business_id in (select business.where_i_am('barista')) then return 'barista'; end if;
  perform business.require_role(require_bar.business_id, 'front_desk');
  return 'front_desk';
end $$;
comment on function shop.require_bar is 'Who may look at a board: baristas, and the front desk, who only hand over. Refuses 401 sign_in_first, 403 not_your_role.';

create function shop.only_bar(order_id uuid) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return not exists (select from sales.order_lines l where l.order_id = only_bar.order_id and l.kind not in ('product', 'tip') and not l.details ? 'product_unknown');
end $$;
comment on function shop.only_bar is 'Whether there is nothing in an order but what the bar makes, or a till sold without our knowing it: then it is closed when its ticket is.';

create function shop.step_ticket(t shop.tickets, to_state text, act_id uuid, why text default '', line_ids uuid[] default '{}', made boolean default null) returns shop.tickets
language plpgsql volatile set search_path = '' as $$
declare
  before text := t.state;
  over boolean := step_ticket.to_state in ('collected', 'cancelled', 'refused');
begin
  update shop.tickets x set state = step_ticket.to_state, version = x.version + 1, closed_at = case when over then now() end,
    ready_at = case when shop.rank(step_ticket.to_state) >= 4 then coalesce(x.ready_at, now()) when shop.rank(step_ticket.to_state) < 4 then null else x.ready_at end,
    made = case when step_ticket.made then array(select distinct u from unnest(x.made || step_ticket.line_ids) u order by u) when not step_ticket.made then array(select u from unnest(x.made) u where u <> all (step_ticket.line_ids)) else x.made end
  where x.id = t.id returning * into t;
  insert into shop.ticket_steps (business_id, ticket_id, act_id, from_state, to_state, line_ids, made, by_user, why)
  values (t.business_id, t.id, step_ticket.act_id, before, step_ticket.to_state, step_ticket.line_ids, step_ticket.made, auth.uid(), coalesce(step_ticket.why, ''));
  if over <> (before in ('collected', 'cancelled', 'refused')) then
    update sales.orders o set state = case when over then 'closed' else 'paid' end where o.id = t.order_id and o.state = case when over then 'paid' else 'closed' end and shop.only_bar(o.id);
  end if;
  perform shop.tell_board(t);
  if before <> t.state then
    perform payments.tell_order(t.order_id);
    -- Once, whatever is undone and done again (messages.notify).
    if t.state = 'ready' and shop.rank(before) < 4 then
      perform messages.notify(o.business_id, o.member_id, 'order_ready', t.id::text, jsonb_build_object('order_id', o.id, 'call_number', t.call_number, 'serving', o.serving, 'table_label', o.table_label, 'location_name', l.name))
      from sales.orders o join business.locations l on l.id = o.location_id where o.id = t.order_id;
    end if;
  end if;
  return t;
end $$;
comment on function shop.step_ticket is 'Writes one step, tells the boards and the buyer. The caller holds the order''s and the ticket''s row and knows that the step is allowed.';

create function shop.undo_minutes() returns int
language plpgsql immutable set search_path = '' as $$
begin
  return 10;
end $$;
comment on function shop.undo_minutes is 'For how long a step can be taken back.';

create function shop.step_problem(t shop.tickets, from_state text, to_state text, may text) returns text
language plpgsql stable set search_path = '' as $$
declare
  last shop.ticket_steps;
begin
  if t.state is distinct from step_problem.from_state then return 'ticket_moved'; end if;
  if shop.rank(t.state) is null or shop.rank(step_problem.to_state) is null or t.state = step_problem.to_state then return 'step_not_allowed'; end if;
  if step_problem.may <> 'barista' and (t.state, step_problem.to_state) not in (('ready', 'collected'), ('collected', 'ready')) then return 'not_your_role'; end if;
  if shop.rank(step_problem.to_state) > shop.rank(t.state) then return null; end if;
  select * into last from shop.ticket_steps s where s.business_id = t.business_id and s.ticket_id = t.id and s.to_state = t.state and s.from_state <> t.state order by s.id desc limit 1;
  if last.from_state is distinct from step_problem.to_state then return 'step_not_allowed'; end if;
  if last.at < now() - make_interval(mins => shop.undo_minutes()) then return 'undo_too_late'; end if;
  return null;
end $$;
comment on function shop.step_problem is 'Why a ticket cannot take this step: ticket_moved (it is not where the screen saw it), step_not_allowed, not_your_role, undo_too_late; null: it can. Forward any number of steps, back the one that was taken last.';

create function shop.mark_lines(t shop.tickets, act_id uuid, line_ids uuid[], made boolean, may text) returns text
language plpgsql volatile set search_path = '' as $$
declare
  wanted uuid[];
  marked uuid[] := t.made;
  to_state text := t.state;
begin
  if may <> 'barista' then return 'not_your_role'; end if;
  if t.closed_at is not null then return 'ticket_moved'; end if;
  -- Only what changes something is a step: two who mark the same drink have both seen it done.
  select array_agg(l.id order by l.id) into wanted from sales.order_lines l where l.business_id = t.business_id and l.order_id = t.order_id and l.kind = 'product' and l.id = any (mark_lines.line_ids) and (l.id = any (t.made)) <> mark_lines.made;
  if wanted is null then return 'known'; end if;
  marked := case when mark_lines.made then t.made || wanted else array(select u from unnest(t.made) u where u <> all (wanted)) end;
  if mark_lines.made and not exists (select from sales.order_lines l where l.business_id = t.business_id and l.order_id = t.order_id and l.kind = 'product' and l.id <> all (marked) and not shop.line_gone(l)) then
    to_state := 'ready';
  elsif mark_lines.made and shop.rank(t.state) < 3 or not mark_lines.made and t.state = 'ready' then
    to_state := 'making';
  end if;
  perform shop.step_ticket(t, to_state, mark_lines.act_id, '', wanted, mark_lines.made);
  return 'applied';
end $$;
comment on function shop.mark_lines is 'Lines of a ticket are done (or not after all): with the first it is being made, with the last it is ready. Answers applied, known, ticket_moved, not_your_role.';

create function api.advance_tickets(business_id uuid, acts jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  may text := shop.require_bar(advance_tickets.business_id);
  a record;
  t shop.tickets;
  known shop.ticket_steps;
  outcome text;
  outcomes jsonb := '[]';
begin
  if jsonb_typeof(advance_tickets.acts) is distinct from 'array' or jsonb_array_length(advance_tickets.acts) not between 1 and 100 then perform platform.refuse(422, 'acts_invalid'); end if;
  if exists (select from jsonb_to_recordset(advance_tickets.acts) x (id uuid, ticket_id uuid, "from" text, "to" text, line_ids uuid[], made boolean) where x.id is null or x.ticket_id is null or (x.line_ids is null) <> (x.made is null) or (x.line_ids is null) <> (x."to" is not null and x."from" is not null)) then
    perform platform.refuse(422, 'acts_invalid');
  end if;
  -- Orders before their tickets, each in the order of their ids, so that no two screens (or a buyer who cancels) wait for each other.
  perform 1 from sales.orders o where o.id in (select x.order_id from shop.tickets x join jsonb_to_recordset(advance_tickets.acts) y (ticket_id uuid) on y.ticket_id = x.id where x.business_id = advance_tickets.business_id) order by o.id for no key update;
  perform 1 from shop.tickets x where x.business_id = advance_tickets.business_id and x.id in (select y.ticket_id from jsonb_to_recordset(advance_tickets.acts) y (ticket_id uuid)) order by x.id for no key update;
  for a in select z.* from jsonb_array_elements(advance_tickets.acts) with ordinality e (act, n) cross join lateral jsonb_to_record(e.act) z (id uuid, ticket_id uuid, "from" text, "to" text, line_ids uuid[], made boolean) order by e.n loop
    select * into t from shop.tickets x where x.id = a.ticket_id and x.business_id = advance_tickets.business_id;
    select * into known from shop.ticket_steps s where s.ticket_id = t.id and s.act_id = a.id;
    if t.id is null then
      outcome := 'ticket_not_found';
    elsif known.id is not null then
      outcome := case when a.made is not distinct from known.made and (a.made is not null or known.to_state = a."to") then 'known' else 'act_reused' end;
    elsif a.line_ids is not null then
      outcome := shop.mark_lines(t, a.id, a.line_ids, a.made, may);
    else
      outcome := shop.step_problem(t, a."from", a."to", may);
      if outcome is null then
        perform shop.step_ticket(t, a."to", a.id);
        outcome := 'applied';
      end if;
    end if;
    if t.id is not null then select * into t from shop.tickets x where x.id = t.id; end if;
    outcomes := outcomes || jsonb_build_object('id', a.id, 'ticket_id', a.ticket_id, 'outcome', outcome, 'ticket', case when t.id is not null then shop.ticket_card(t) end);
  end loop;
  return outcomes;
exception when invalid_text_representation then
  perform platform.refuse(422, 'acts_invalid');
end $$;
comment on function api.advance_tickets is 'Up to 100 taps of a screen, each by itself: a step [{id, ticket_id, from (as the screen saw it), to}], or lines that are done [{id, ticket_id, line_ids, made}]. Each is answered {id, ticket_id, outcome, ticket}: applied, known (this id was there, or it was so already), ticket_not_found, act_reused, or what shop.step_problem says, always with the ticket as it is now. For baristas; the front desk hands over. May be sent again. Refuses 403 not_your_role, 422 acts_invalid.';
grant execute on function api.advance_tickets to authenticated;

-- Called off --------------------------------------------------------------------------------------------------------------
create function shop.refund_bar(o sales.orders, reason text) returns bigint
language plpgsql volatile set search_path = '' as $$
declare
  ids uuid[];
  amounts bigint[];
  total bigint;
  paid uuid := (select p.id from payments.payments p where p.business_id = o.business_id and p.order_id = o.id and p.captured_cents > 0 and exists (select from ledger.transfers t where t.business_id = p.business_id and t.kind = 'sale' and t.source = 'payment:' || p.id) limit 1);
begin
  select array_agg(l.id order by l.position), array_agg(l.total_cents - l.refunded_cents order by l.position), sum(l.total_cents - l.refunded_cents) into ids, amounts, total
  from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id and l.kind in ('product', 'tip') and l.total_cents > l.refunded_cents;
  if total > 0 and paid is not null then perform payments.request_refund(p, total, refund_bar.reason, ids, amounts) from payments.payments p where p.id = paid; else total := 0; end if;
  update sales.order_lines l set state = 'reversed', returned = case when l.kind = 'product' then l.quantity else 0 end
  where l.business_id = o.business_id and l.order_id = o.id and l.kind in ('product', 'tip') and (l.state <> 'reversed' or l.kind = 'product' and l.returned < l.quantity);
  return total;
end $$;
comment on function shop.refund_bar is 'All that was paid for what the bar makes goes back the way it came, with the tip; answers how much. The caller holds the order.';

create function shop.return_stock(t shop.tickets, to_waste boolean, why text) returns void
language plpgsql volatile set search_path = '' as $$
declare l record;
begin
  perform 1 from shop.stock_levels v where v.location_id = t.location_id and v.stock_item_id in (select (s ->> 'item')::uuid from sales.order_lines x cross join lateral jsonb_array_elements(x.stock) s where x.business_id = t.business_id and x.order_id = t.order_id and x.stock is not null)
    order by v.stock_item_id for no key update;
  -- Pieces that staff took back one by one have come back, or gone to waste, already.
  for l in select x.id, array_agg((s ->> 'item')::uuid order by s ->> 'item') as items, array_agg((s ->> 'quantity')::bigint / x.quantity * r.rest order by s ->> 'item') as quantities, array_agg(-(s ->> 'quantity')::bigint / x.quantity * r.rest order by s ->> 'item') as lost
      from sales.order_lines x cross join lateral (select x.quantity - coalesce(sum(y.quantity), 0) as rest from sales.returns y where y.business_id = x.business_id and y.order_line_id = x.id and y.stock is not null) r
      cross join lateral jsonb_array_elements(x.stock) s where x.business_id = t.business_id and x.order_id = t.order_id and x.stock is not null and r.rest > 0 group by x.id loop
    perform shop.move_stock(t.business_id, t.location_id, 'return', 'return:' || t.id || ':' || l.id, l.items, l.quantities, return_stock.why, l.id);
    -- Not sold after all, and not there either: what was poured away is waste, in the books too.
    if return_stock.to_waste then perform shop.move_stock(t.business_id, t.location_id, 'waste', 'waste:' || t.id || ':' || l.id, l.items, l.lost, return_stock.why, l.id); end if;
  end loop;
end $$;
comment on function shop.return_stock is 'What a called-off ticket had taken from stock comes back, or was used up and is waste.';

create function shop.call_off(t shop.tickets, o sales.orders, to_state text, act_id uuid, why text, to_waste boolean, reason text) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare back bigint;
begin
  perform 1 from shop.counters c where c.location_id = t.location_id for no key update;
  perform shop.give_back_time(o.id);
  perform shop.return_stock(t, call_off.to_waste, call_off.why);
  -- The money after the stock, as everywhere; then the ticket, which tells what was paid back.
  back := shop.refund_bar(o, call_off.reason);
  t := shop.step_ticket(t, call_off.to_state, call_off.act_id, call_off.why);
  return jsonb_build_object('outcome', 'applied', 'refund_cents', back, 'ticket', shop.ticket_card(t));
end $$;
comment on function shop.call_off is 'A ticket is over without having been handed over: the baristas'' time, the stock and the money go back. The caller holds order, payment and ticket.';

create function api.refuse_ticket(business_id uuid, ticket_id uuid, act_id uuid, reason text, stock text default 'back') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  o sales.orders;
  t shop.tickets;
  words text := trim(coalesce(refuse_ticket.reason, ''));
  answer jsonb;
begin
  perform business.require_role(refuse_ticket.business_id, 'barista');
  if length(words) not between 3 and 200 then perform platform.refuse(422, 'reason_invalid', '{"field": "reason"}'); end if;
  if refuse_ticket.act_id is null or coalesce(refuse_ticket.stock, '') not in ('back', 'waste') then perform platform.refuse(422, 'acts_invalid'); end if;
  select x.* into o from sales.orders x where x.id = (select y.order_id from shop.tickets y where y.id = refuse_ticket.ticket_id and y.business_id = refuse_ticket.business_id) for no key update;
  if o.id is null then perform platform.refuse(404, 'ticket_not_found'); end if;
  perform 1 from payments.payments p where p.business_id = o.business_id and p.order_id = o.id order by p.id for no key update;
  select * into t from shop.tickets x where x.id = refuse_ticket.ticket_id for no key update;
  if exists (select from shop.ticket_steps s where s.ticket_id = t.id and s.act_id = refuse_ticket.act_id) then
    return jsonb_build_object('outcome', 'known', 'ticket', shop.ticket_card(t));
  end if;
  -- What is made is theirs; money for it is the office's to give back.
  if t.state not in ('placed', 'accepted', 'making') then perform platform.refuse(409, 'ticket_moved', jsonb_build_object('state', t.state, 'ticket', shop.ticket_card(t))); end if;
  answer := shop.call_off(t, o, 'refused', refuse_ticket.act_id, words, refuse_ticket.stock = 'waste', 'staff');
  perform messages.notify(o.business_id, o.member_id, 'order_refused', t.id::text, jsonb_build_object('order_id', o.id, 'reference', o.reference, 'reason', words, 'amount_cents', answer -> 'refund_cents', 'currency', o.currency));
  perform audit.note(o.business_id, 'order_refused', 'order:' || o.id, jsonb_build_object('reason', words, 'stock', refuse_ticket.stock, 'refund_cents', answer -> 'refund_cents'));
  return answer;
end $$;
comment on function api.refuse_ticket is 'The bar cannot make an order, and says why: everything paid for it goes back, its stock too (stock: back, or waste when it was used up), and the buyer is told. Not after it is ready. Answers {outcome: applied | known, refund_cents, ticket}. Refuses 403 not_your_role, 404 ticket_not_found, 409 ticket_moved, 422 reason_invalid, acts_invalid.';
grant execute on function api.refuse_ticket to authenticated;

create function api.cancel_ticket(business_id uuid, ticket_id uuid, act_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  o sales.orders;
  t shop.tickets;
begin
  if auth.uid() is null then perform platform.refuse(401, 'sign_in_first'); end if;
  if cancel_ticket.act_id is null then perform platform.refuse(422, 'acts_invalid'); end if;
  select x.* into o from sales.orders x where x.id = (select y.order_id from shop.tickets y where y.id = cancel_ticket.ticket_id and y.business_id = cancel_ticket.business_id) and x.member_id in (select members.mine()) for no key update;
  if o.id is null then perform platform.refuse(404, 'order_not_found'); end if;
  perform 1 from payments.payments p where p.business_id = o.business_id and p.order_id = o.id order by p.id for no key update;
  select * into t from shop.tickets x where x.id = cancel_ticket.ticket_id for no key update;
  if t.state = 'cancelled' then return jsonb_build_object('outcome', 'known', 'state', t.state); end if;
  if t.state not in ('placed', 'accepted') then perform platform.refuse(409, 'order_being_made', jsonb_build_object('state', t.state)); end if;
  return shop.call_off(t, o, 'cancelled', cancel_ticket.act_id, '', false, 'member_cancelled') - 'ticket' || jsonb_build_object('state', 'cancelled');
end $$;
comment on function api.cancel_ticket is 'The buyer no longer wants what the bar has not begun to make: all they paid for it goes back. Answers {outcome: applied | known, refund_cents, state}. Refuses 404 order_not_found (nor theirs), 409 order_being_made.';
grant execute on function api.cancel_ticket to authenticated;

create function api.close_old_tickets() returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  x record;
  t shop.tickets;
  done int := 0;
begin
  for x in select y.id, y.order_id from shop.tickets y where y.state = 'ready' and y.ready_at < now() - interval '6 hours' order by y.order_id limit 200 loop
    perform 1 from sales.orders o where o.id = x.order_id for no key update;
    select * into t from shop.tickets y where y.id = x.id and y.state = 'ready' for no key update;
    continue when t.id is null;
    perform shop.step_ticket(t, 'collected', null, 'six hours after it was ready');
    done := done + 1;
  end loop;
  return done;
end $$;
comment on function api.close_old_tickets is 'What was ready six hours ago was handed over and not tapped: nothing lies on a board for ever. Run by a job.';
grant execute on function api.close_old_tickets to service_role;

-- The whole board -----------------------------------------------------------------------------------------------------------
create function api.board(business_id uuid, location_id uuid default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  c shop.counters;
  today date;
begin
  if coalesce((select auth.role()), '') <> 'service_role' then perform shop.require_bar(board.business_id); end if;
  select * into c from shop.counters x where x.business_id = board.business_id and x.location_id = coalesce(board.location_id, shop.first_counter(board.business_id));
  if c.location_id is null then perform platform.refuse(404, 'location_not_found'); end if;
  today := (now() at time zone shop.zone(c.location_id))::date;
  return jsonb_build_object('now', now(), 'location_id', c.location_id, 'undo_minutes', shop.undo_minutes(),
    'counters', (select jsonb_agg(jsonb_build_object('location_id', x.location_id, 'name', l.name) order by x.position, x.location_id) from shop.counters x join business.locations l on l.id = x.location_id where x.business_id = c.business_id),
    'counter', jsonb_build_object('takes_orders', c.takes_orders, 'delay_minutes', c.delay_minutes, 'closes_at', shop.open_until(c.location_id, now())),
    'tickets', coalesce((select jsonb_agg(k.card order by k.card ->> 'ready_by', k.ticket_id) from shop.cards(array(
      (select x.id from shop.tickets x where x.location_id = c.location_id and x.closed_at is null order by x.ready_by limit 200)
      union all
      (select x.id from shop.tickets x where x.location_id = c.location_id and x.closed_at > now() - interval '15 minutes' order by x.closed_at desc limit 40))) k), '[]'),
    'products', coalesce((select jsonb_agg(jsonb_build_object('product_id', p.id, 'name', p.name, 'sold_out', s.product_id is not null) order by k.position, p.position, p.slug) from shop.products p join shop.categories k on k.id = p.category_id
      left join shop.sold_out s on s.location_id = c.location_id and s.product_id = p.id and s.on_date = today and s.back_at is null
      where p.business_id = c.business_id and p.published and p.retired_at is null and not exists (select from shop.not_offered n where n.location_id = c.location_id and n.product_id = p.id)), '[]'),
    'modifiers', coalesce((select jsonb_agg(jsonb_build_object('modifier_id', m.id, 'name', m.name, 'group', g.name, 'sold_out', s.modifier_id is not null) order by g.position, g.id, m.position, m.id) from shop.modifiers m join shop.modifier_groups g on g.id = m.group_id
      left join shop.sold_out s on s.location_id = c.location_id and s.modifier_id = m.id and s.on_date = today and s.back_at is null
      where m.business_id = c.business_id and m.retired_at is null and exists (select from shop.product_modifier_groups x join shop.products p on p.id = x.product_id and p.published and p.retired_at is null where x.group_id = g.id
        and not exists (select from shop.not_offered n where n.location_id = c.location_id and n.product_id = p.id))), '[]'));
end $$;
comment on function api.board is 'All that stands on a counter''s board (the first one''s when none is named), in one answer: open tickets (at most 200, the first promised first) and those closed in the last 15 minutes (see shop.ticket_card), whether it takes orders and with which delay, and what of its menu is sold out today. Its cost does not grow with what was. For baristas and the front desk. Refuses 403 not_your_role, 404 location_not_found.';
grant execute on function api.board to authenticated, service_role;

create function api.ticket(business_id uuid, ticket_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare t shop.tickets;
begin
  perform shop.require_bar(ticket.business_id);
  select * into t from shop.tickets x where x.id = ticket.ticket_id and x.business_id = ticket.business_id;
  if t.id is null then perform platform.refuse(404, 'ticket_not_found'); end if;
  return shop.ticket_card(t) || jsonb_build_object('location_name', (select l.name from business.locations l where l.id = t.location_id),
    'steps', (select jsonb_agg(jsonb_build_object('from', s.from_state, 'to', s.to_state, 'at', s.at, 'lines', cardinality(s.line_ids), 'made', s.made, 'why', s.why, 'by', (select m.name from members.members m where m.business_id = s.business_id and m.user_id = s.by_user)) order by s.id)
      from shop.ticket_steps s where s.business_id = t.business_id and s.ticket_id = t.id));
end $$;
comment on function api.ticket is 'One ticket (see shop.ticket_card) with where it is and how it went: steps [{from, to, at, lines, made, why, by}]. For baristas and the front desk. Refuses 403 not_your_role, 404 ticket_not_found.';
grant execute on function api.ticket to authenticated;

-- How much is taken in ------------------------------------------------------------------------------------------------------
create function api.set_sold_out(business_id uuid, location_id uuid, sold_out boolean, product_id uuid default null, modifier_id uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  today date;
  changed int;
begin
  perform business.require_role(set_sold_out.business_id, 'barista');
  if num_nonnulls(set_sold_out.product_id, set_sold_out.modifier_id) <> 1 or set_sold_out.sold_out is null then perform platform.refuse(422, 'sold_out_invalid'); end if;
  perform 1 from shop.counters c where c.business_id = set_sold_out.business_id and c.location_id = set_sold_out.location_id;
  if not found then perform platform.refuse(404, 'location_not_found'); end if;
  if set_sold_out.product_id is not null and not exists (select from shop.products p where p.business_id = set_sold_out.business_id and p.id = set_sold_out.product_id) then perform platform.refuse(404, 'product_not_found'); end if;
  if set_sold_out.modifier_id is not null and not exists (select from shop.modifiers m where m.business_id = set_sold_out.business_id and m.id = set_sold_out.modifier_id) then perform platform.refuse(404, 'modifier_not_found'); end if;
  today := (now() at time zone shop.zone(set_sold_out.location_id))::date;
  if set_sold_out.sold_out then
    insert into shop.sold_out (business_id, location_id, product_id, modifier_id, on_date, by_user)
    values (set_sold_out.business_id, set_sold_out.location_id, set_sold_out.product_id, set_sold_out.modifier_id, today, auth.uid()) on conflict do nothing;
  else
    update shop.sold_out s set back_at = now(), back_by = auth.uid() where s.location_id = set_sold_out.location_id and s.on_date = today and s.back_at is null and (s.product_id = set_sold_out.product_id or s.modifier_id = set_sold_out.modifier_id);
  end if;
  get diagnostics changed = row_count;
  if changed > 0 then perform realtime.send(jsonb_build_object('product_id', set_sold_out.product_id, 'modifier_id', set_sold_out.modifier_id, 'sold_out', set_sold_out.sold_out), 'sold_out_changed', 'board:' || set_sold_out.location_id, true); end if;
end $$;
comment on function api.set_sold_out is 'A product or an option is gone for today at a counter, or is there again. Orders that are placed stay. Refuses 403 not_your_role, 404 location_not_found, product_not_found, modifier_not_found, 422 sold_out_invalid.';
grant execute on function api.set_sold_out to authenticated;

create function api.set_counter(business_id uuid, location_id uuid, delay_minutes int default null, takes_orders boolean default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  c shop.counters;
  answer jsonb;
begin
  perform business.require_role(set_counter.business_id, 'barista');
  if num_nonnulls(set_counter.delay_minutes, set_counter.takes_orders) = 0 or set_counter.delay_minutes not between 0 and 120 then perform platform.refuse(422, 'delay_invalid', '{"field": "delay_minutes"}'); end if;
  update shop.counters x set delay_minutes = coalesce(set_counter.delay_minutes, x.delay_minutes), takes_orders = coalesce(set_counter.takes_orders, x.takes_orders)
  where x.business_id = set_counter.business_id and x.location_id = set_counter.location_id returning * into c;
  if c.location_id is null then perform platform.refuse(404, 'location_not_found'); end if;
  answer := jsonb_build_object('location_id', c.location_id, 'takes_orders', c.takes_orders, 'delay_minutes', c.delay_minutes, 'closes_at', shop.open_until(c.location_id, now()));
  perform realtime.send(answer, 'counter_changed', 'board:' || c.location_id, true);
  perform audit.note(c.business_id, 'counter_changed', 'location:' || c.location_id, answer - 'location_id' - 'closes_at');
  return answer;
end $$;
comment on function api.set_counter is 'How much is taken in while it is busy: minutes added to every promise from now on, and whether orders are taken at all. What is not named stays. Answers the counter. Refuses 403 not_your_role, 404 location_not_found, 422 delay_invalid.';
grant execute on function api.set_counter to authenticated;
