-- Card readers at the counter: which one stands where and which till uses it, and what waits at one for a card: a sale, or a part of one (0871_till_parts.sql).

create table shop.reader_places (
  location_id uuid primary key,
  business_id uuid not null,
  provider_ref text not null unique,
  foreign key (business_id, location_id) references shop.counters (business_id, location_id) on delete restrict
);
comment on table shop.reader_places is 'The provider''s name for a counter (Stripe: a Terminal location); made with its first reader.';
create index reader_places_location_id_idx on shop.reader_places (business_id, location_id);

create table shop.readers (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  location_id uuid not null,
  name text not null check (length(name) between 1 and 40),
  provider_ref text,
  device text not null default '',
  serial text not null default '',
  simulated boolean not null default false,
  added_at timestamptz not null default now(),
  added_by uuid references auth.users (id) on delete set null,
  removed_at timestamptz,
  unique (business_id, id),
  foreign key (business_id, location_id) references shop.counters (business_id, location_id) on delete restrict
);
comment on table shop.readers is 'A card reader at a counter. provider_ref: the provider''s name for it, null while it is being registered; simulated: there is no device, and test cards are held to it from the till''s page.';
create unique index readers_provider_ref on shop.readers (provider_ref) where removed_at is null;
create unique index readers_one_name on shop.readers (location_id, name) where removed_at is null;
create index readers_location_id_idx on shop.readers (business_id, location_id);
create index readers_added_by_idx on shop.readers (added_by);

create table shop.till_readers (
  till_id uuid primary key,
  business_id uuid not null,
  reader_id uuid not null,
  foreign key (business_id, till_id) references shop.tills (business_id, id) on delete cascade,
  foreign key (business_id, reader_id) references shop.readers (business_id, id) on delete cascade
);
comment on table shop.till_readers is 'Which reader a till sends its sales to. Several tills may share one: it serves one sale at a time.';
create index till_readers_till_id_idx on shop.till_readers (business_id, till_id);
create index till_readers_reader_id_idx on shop.till_readers (business_id, reader_id);

create table shop.reader_sales (
  id uuid primary key default gen_random_uuid(),
  order_id uuid not null,
  business_id uuid not null,
  reader_id uuid not null,
  payment_id uuid,
  part boolean not null default false,
  asked jsonb not null,
  sent_by uuid references auth.users (id) on delete set null,
  tries int not null default 1,
  sent_at timestamptz not null default now(),
  ended_at timestamptz,
  cancelled_at timestamptz,
  check (cancelled_at is null or part and ended_at is not null),
  check (not part or payment_id is not null),
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete restrict,
  foreign key (business_id, reader_id) references shop.readers (business_id, id) on delete restrict,
  foreign key (business_id, payment_id) references payments.payments (business_id, id) on delete restrict
);
comment on table shop.reader_sales is 'What was sent to a card reader: a sale (id: the order''s), or a part of one (id: its payment''s), which leaves the rest of the sale as it is whatever becomes of it. Until ended_at the reader is taken. payment_id: null when there was nothing to pay; asked: the ticket as it was sent, so that the same is the same and can be rung up once more; tries: how often a card was asked for; sent_at: last; cancelled_at: of a part that was called off, or came to nothing: money that comes for it goes back.';
create unique index reader_sales_one_at_a_time on shop.reader_sales (reader_id) where ended_at is null;
create unique index reader_sales_whole_once on shop.reader_sales (order_id) where not part;
create unique index reader_sales_payment_once on shop.reader_sales (payment_id);
create index reader_sales_sent_by_idx on shop.reader_sales (sent_by);
create index reader_sales_order_id_idx on shop.reader_sales (business_id, order_id);
create index reader_sales_reader_id_idx on shop.reader_sales (business_id, reader_id);
create index reader_sales_payment_id_idx on shop.reader_sales (business_id, payment_id);

alter table shop.reader_places enable row level security;
alter table shop.readers enable row level security;
alter table shop.till_readers enable row level security;
alter table shop.reader_sales enable row level security;
grant select on shop.reader_places, shop.readers, shop.till_readers, shop.reader_sales to authenticated;
create policy "Managers see the provider's names for their counters" on shop.reader_places for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Who sells sees the card readers of their business" on shop.readers for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
create policy "Who sells sees which reader a till of their business uses" on shop.till_readers for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));
create policy "Who sells sees what was sent to the readers of their business" on shop.reader_sales for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));

-- Readers -------------------------------------------------------------------------------------------------------------
create function shop.find_reader(business_id uuid, reader_id uuid) returns shop.readers
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare found shop.readers;
begin
  -- Sales are sent to a reader one after the other, and none while it is removed.
  select * into found from shop.readers x where x.id = find_reader.reader_id and x.business_id = find_reader.business_id and x.removed_at is null and x.provider_ref is not null for no key update;
  if found.id is null then perform platform.refuse(404, 'reader_not_found'); end if;
  return found;
end $$;

create function shop.waiting_at(reader_id uuid) returns shop.reader_sales
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
declare w shop.reader_sales;
begin
  -- A hold that ran out waits for nobody, and after a declined card the next customer may be served first.
  select x.* into w from shop.reader_sales x join sales.orders o on o.id = x.order_id left join payments.payments p on p.id = x.payment_id
  where x.reader_id = waiting_at.reader_id and x.ended_at is null and o.state = 'placed' and o.hold_expires_at > now() and p.state not in ('failed', 'canceled');
  return w;
end $$;
comment on function shop.waiting_at is 'The sale a reader is taken by, or null.';

create function api.begin_reader(business_id uuid, location_id uuid, name text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := auth.uid();
  made uuid;
begin
  perform business.require_role(begin_reader.business_id, 'manager');
  if coalesce(length(trim(begin_reader.name)), 0) not between 1 and 40 then perform platform.refuse(422, 'reader_name_invalid', '{"field": "name"}'); end if;
  if not exists (select from shop.counters c where c.location_id = begin_reader.location_id and c.business_id = begin_reader.business_id) then perform platform.refuse(404, 'location_not_found'); end if;
  -- One whose registration came to nothing.
  delete from shop.readers x where x.business_id = begin_reader.business_id and x.location_id = begin_reader.location_id and x.name = trim(begin_reader.name) and x.provider_ref is null;
  insert into shop.readers as x (business_id, location_id, name, added_by) values (begin_reader.business_id, begin_reader.location_id, trim(begin_reader.name), actor) on conflict do nothing returning x.id into made;
  if made is null then perform platform.refuse(409, 'reader_exists', '{"field": "name"}'); end if;
  return (select jsonb_build_object('reader_id', made, 'place_ref', p.provider_ref, 'location_name', l.name, 'country', b.country,
      'address', case when nullif(l.address ->> 'line1', '') is not null then l.address else b.address end)
    from business.locations l join business.businesses b on b.id = l.business_id left join shop.reader_places p on p.location_id = l.id where l.id = begin_reader.location_id);
end $$;
comment on function api.begin_reader is 'A reader that is about to be registered with the provider: {reader_id, place_ref: the provider''s name for its counter or null, location_name, address, country}. It is there once api.attach_reader was called. For managers. Refuses 404 location_not_found, 409 reader_exists, 422 reader_name_invalid.';
grant execute on function api.begin_reader to authenticated;

create function api.attach_reader(reader_id uuid, place_ref text, provider_ref text, device text, serial text, simulated boolean) returns void
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
begin
  insert into shop.reader_places (location_id, business_id, provider_ref) select x.location_id, x.business_id, attach_reader.place_ref from shop.readers x where x.id = attach_reader.reader_id on conflict do nothing;
  update shop.readers x set provider_ref = attach_reader.provider_ref, device = attach_reader.device, serial = attach_reader.serial, simulated = attach_reader.simulated where x.id = attach_reader.reader_id and x.provider_ref is null;
exception when unique_violation then
  perform platform.refuse(409, 'reader_known', '{"field": "code"}');
end $$;
comment on function api.attach_reader is 'What the provider calls a reader and its counter. Only the server says so: nobody takes another business''s reader by its name. Refuses 409 reader_known.';
grant execute on function api.attach_reader to service_role;

create function api.change_reader(business_id uuid, reader_id uuid, name text, till_ids uuid[]) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare r shop.readers;
begin
  perform business.require_role(change_reader.business_id, 'manager');
  if coalesce(length(trim(change_reader.name)), 0) not between 1 and 40 then perform platform.refuse(422, 'reader_name_invalid', '{"field": "name"}'); end if;
  r := shop.find_reader(change_reader.business_id, change_reader.reader_id);
  if exists (select from unnest(change_reader.till_ids) u where not exists (select from shop.tills t where t.id = u and t.business_id = r.business_id and t.location_id = r.location_id)) then perform platform.refuse(404, 'till_not_found'); end if;
  begin
    update shop.readers x set name = trim(change_reader.name) where x.id = r.id;
  exception when unique_violation then
    perform platform.refuse(409, 'reader_exists', '{"field": "name"}');
  end;
  delete from shop.till_readers x where x.reader_id = r.id and x.till_id <> all (coalesce(change_reader.till_ids, '{}'));
  insert into shop.till_readers as x (till_id, business_id, reader_id) select distinct u, r.business_id, r.id from unnest(change_reader.till_ids) u on conflict (till_id) do update set reader_id = excluded.reader_id;
  perform audit.note(r.business_id, 'reader_saved', 'reader:' || r.id, jsonb_build_object('name', trim(change_reader.name), 'till_ids', to_jsonb(coalesce(change_reader.till_ids, '{}'))));
  return r.id;
end $$;
comment on function api.change_reader is 'What a reader is called and which tills of its counter use it; a till that used another uses this one from then on. For managers. Refuses 404 reader_not_found, till_not_found, 409 reader_exists, 422 reader_name_invalid.';
grant execute on function api.change_reader to authenticated;

create function api.remove_reader(business_id uuid, reader_id uuid) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  r shop.readers;
  w shop.reader_sales;
begin
  perform business.require_role(remove_reader.business_id, 'manager');
  r := shop.find_reader(remove_reader.business_id, remove_reader.reader_id);
  w := shop.waiting_at(r.id);
  if w.order_id is not null then perform platform.refuse(409, 'reader_busy', jsonb_build_object('sale_id', w.id)); end if;
  update shop.readers x set removed_at = now() where x.id = r.id;
  delete from shop.till_readers x where x.reader_id = r.id;
  perform platform.add_job('forget_reader', jsonb_build_object('reader_ref', r.provider_ref), 'forget:' || r.provider_ref);
  perform audit.note(r.business_id, 'reader_removed', 'reader:' || r.id, jsonb_build_object('name', r.name));
  return r.id;
end $$;
comment on function api.remove_reader is 'No till sends anything to this reader any more, and the provider forgets it. For managers. Refuses 404 reader_not_found, 409 reader_busy.';
grant execute on function api.remove_reader to authenticated;

create function api.readers(business_id uuid) returns table (reader_id uuid, name text, location_id uuid, location_name text, provider_ref text, device text, serial text, simulated boolean, busy boolean, tills jsonb)
language plpgsql stable security definer set search_path = '' rows 4 as $$
#variable_conflict use_column
begin
  perform business.require_role(readers.business_id, 'manager');
  return query
  select r.id, r.name, r.location_id, l.name, r.provider_ref, r.device, r.serial, r.simulated, (shop.waiting_at(r.id)).order_id is not null,
    coalesce((select jsonb_agg(jsonb_build_object('till_id', t.id, 'name', t.name, 'uses', coalesce(y.reader_id = r.id, false)) order by t.name) from shop.tills t left join shop.till_readers y on y.till_id = t.id where t.location_id = r.location_id and t.business_id = r.business_id), '[]')
  from shop.readers r join business.locations l on l.id = r.location_id
  where r.business_id = readers.business_id and r.removed_at is null and r.provider_ref is not null order by l.name, r.name;
end $$;
comment on function api.readers is 'The card readers of a business; tills: those of its counter, and which of them use it. For managers.';
grant execute on function api.readers to authenticated;

create function api.till_reader(business_id uuid, till_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  r shop.readers;
  w shop.reader_sales;
begin
  perform shop.require_seller(till_reader.business_id);
  select x.* into r from shop.till_readers y join shop.readers x on x.id = y.reader_id where y.till_id = till_reader.till_id and y.business_id = till_reader.business_id and x.removed_at is null and x.provider_ref is not null;
  if r.id is null then return null; end if;
  w := shop.waiting_at(r.id);
  return jsonb_build_object('reader_id', r.id, 'name', r.name, 'simulated', r.simulated, 'busy_with',
    (select jsonb_build_object('sale_id', w.id, 'till_id', t.id, 'till_name', t.name) from shop.till_sales s join shop.tills t on t.id = s.till_id where s.order_id = w.order_id));
end $$;
comment on function api.till_reader is 'The reader a till sends its sales to: {reader_id, name, simulated, busy_with: {sale_id, till_id, till_name} or null}, or null. For who sells.';
grant execute on function api.till_reader to authenticated;

-- Sales at a reader ---------------------------------------------------------------------------------------------------
create function shop.reader_answer(w shop.reader_sales) returns jsonb
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
begin
  return (
    select jsonb_build_object('sale_id', w.id, 'split_id', case when w.part then o.id end, 'till_id', s.till_id, 'total_cents', case when w.part then p.amount_cents else o.total_cents end, 'currency', o.currency, 'hold_expires_at', o.hold_expires_at, 'tries', w.tries, 'sent_at', w.sent_at, 'asked', w.asked,
      'phase', case when w.part and exists (select from shop.till_parts y where y.business_id = w.business_id and y.payment_id = w.payment_id) then 'taken' when w.cancelled_at is not null then 'cancelled'
        when not w.part and o.state in ('paid', 'closed') then 'sold' when not w.part and o.state = 'cancelled' then 'cancelled' when o.state <> 'placed' or o.hold_expires_at <= now() then 'expired' when p.state in ('failed', 'canceled') then 'declined' else 'waiting' end,
      'failure_code', p.failure_code, 'reader', jsonb_build_object('reader_id', r.id, 'name', r.name, 'simulated', r.simulated))
    from sales.orders o join shop.till_sales s on s.order_id = o.id join shop.readers r on r.id = w.reader_id left join payments.payments p on p.id = w.payment_id
    where o.id = w.order_id);
end $$;

create function api.send_to_reader(business_id uuid, till_id uuid, sale_id uuid, lines jsonb, facts jsonb default '{}', member_id uuid default null, expected_total_cents bigint default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := shop.require_seller(send_to_reader.business_id);
  ticket jsonb := jsonb_build_object('till_id', send_to_reader.till_id, 'lines', send_to_reader.lines, 'facts', coalesce(send_to_reader.facts, '{}'), 'member_id', send_to_reader.member_id);
  t shop.tills;
  r shop.readers;
  w shop.reader_sales;
  buyer uuid;
  o sales.orders;
  paying uuid;
begin
  if send_to_reader.sale_id is null then perform platform.refuse(400, 'idempotency_key_invalid'); end if;
  -- Sent twice at once, the second waits and is told of the first.
  perform pg_advisory_xact_lock(hashtextextended('shop.send_to_reader ' || send_to_reader.sale_id, 0));
  select * into w from shop.reader_sales x where x.id = send_to_reader.sale_id and x.business_id = send_to_reader.business_id;
  if w.order_id is not null then
    if w.asked <> ticket then perform platform.refuse(422, 'idempotency_key_reused'); end if;
    return shop.reader_answer(w);
  end if;
  t := shop.find_till(send_to_reader.business_id, send_to_reader.till_id);
  r := shop.find_reader(t.business_id, (select y.reader_id from shop.till_readers y where y.till_id = t.id));
  w := shop.waiting_at(r.id);
  if w.order_id is not null then
    perform platform.refuse(409, 'reader_busy', (select jsonb_build_object('sale_id', w.id, 'till', x.name) from shop.till_sales s join shop.tills x on x.id = s.till_id where s.order_id = w.order_id));
  end if;
  buyer := shop.buyer_at_till(t.business_id, send_to_reader.member_id);
  perform shop.put_order(t, send_to_reader.sale_id, buyer, send_to_reader.lines, send_to_reader.facts);
  perform sales.refuse_promotion(shop.put_wishes(send_to_reader.sale_id, buyer, send_to_reader.facts));
  insert into shop.till_sales (order_id, business_id, till_id, sold_by, pay_with, call_name)
  values (send_to_reader.sale_id, t.business_id, t.id, actor, 'reader', left(nullif(trim(send_to_reader.facts ->> 'name'), ''), 120));
  o := sales.place(send_to_reader.sale_id, buyer, send_to_reader.expected_total_cents, 'card', 'till');
  if o.state = 'placed' then
    perform payments.refuse_small(o.total_cents - o.parts_cents, o.currency::text);
    insert into payments.payments as x (business_id, order_id, provider, attempt, amount_cents, currency)
    values (o.business_id, o.id, 'stripe', 1 + coalesce((select max(y.attempt) from payments.payments y where y.order_id = o.id), 0), o.total_cents - o.parts_cents, o.currency) returning x.id into paying;
  end if;
  -- Last, as where an order is settled: one that is over and paid late after all holds the counter before it comes here.
  update shop.reader_sales x set ended_at = now() where x.reader_id = r.id and x.ended_at is null;
  insert into shop.reader_sales as x (id, order_id, business_id, reader_id, payment_id, asked, sent_by, ended_at) values (o.id, o.id, t.business_id, r.id, paying, ticket, actor, case when paying is null then now() end) returning * into w;
  if o.state = 'paid' then perform shop.call_by_name(o, send_to_reader.facts ->> 'name'); end if;
  return shop.reader_answer(w);
end $$;
comment on function api.send_to_reader is 'A sale whose card the till''s reader is to ask for: placed, its goods held, not paid yet. sale_id: the device''s own, the order''s id; sent again it is the same sale, as it stands by then. lines, facts, member_id as api.sell_at_till. Answers {sale_id, till_id, phase: waiting | declined | sold | cancelled | expired, total_cents, currency, tries, failure_code, reader: {reader_id, name, simulated}, asked}. For who sells. Refuses 404 till_not_found, reader_not_found, 409 reader_busy, price_changed, card_below_minimum, 422 idempotency_key_reused, lines_invalid and what shop.hold refuses.';
grant execute on function api.send_to_reader to authenticated;

create function api.reader_sale(business_id uuid, sale_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare w shop.reader_sales;
begin
  perform shop.require_seller(reader_sale.business_id);
  select * into w from shop.reader_sales x where x.id = reader_sale.sale_id and x.business_id = reader_sale.business_id;
  if w.order_id is null then perform platform.refuse(404, 'order_not_found'); end if;
  return shop.reader_answer(w);
end $$;
comment on function api.reader_sale is 'A sale at a reader, or a part of one, as it stands: see api.send_to_reader, api.send_part_to_reader. For who sells. Refuses 404 order_not_found.';
grant execute on function api.reader_sale to authenticated;

create function shop.lock_reader_sale(business_id uuid, sale_id uuid) returns sales.orders
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare o sales.orders;
begin
  select x.* into o from sales.orders x where x.id = (select w.order_id from shop.reader_sales w where w.id = lock_reader_sale.sale_id) and x.business_id = lock_reader_sale.business_id for no key update of x;
  if o.id is null then perform platform.refuse(404, 'order_not_found'); end if;
  return o;
end $$;

create function api.ask_reader_again(business_id uuid, sale_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  o sales.orders;
  w shop.reader_sales;
begin
  perform shop.require_seller(ask_reader_again.business_id);
  o := shop.lock_reader_sale(ask_reader_again.business_id, ask_reader_again.sale_id);
  if o.state = 'placed' and o.hold_expires_at <= now() then perform platform.refuse(409, 'order_expired'); end if;
  if o.state <> 'placed' then perform platform.refuse(409, 'order_' || o.state); end if;
  select * into strict w from shop.reader_sales x where x.id = ask_reader_again.sale_id;
  if w.part then
    if w.cancelled_at is not null then perform platform.refuse(409, 'order_cancelled'); end if;
    -- Other parts may have been taken since the card was declined.
    if exists (select from payments.payments p where p.id = w.payment_id and p.state = 'failed') then perform shop.refuse_part(o, (select p.amount_cents from payments.payments p where p.id = w.payment_id)); end if;
  end if;
  perform 1 from shop.readers x where x.id = w.reader_id for no key update;
  update payments.payments p set state = 'pending', failure_code = null, failure_message = null, updated_at = now() where p.id = w.payment_id and p.state = 'failed';
  if found then
    begin
      update shop.reader_sales x set tries = x.tries + 1, sent_at = now(), ended_at = null where x.id = w.id returning * into w;
    exception when unique_violation then
      perform platform.refuse(409, 'reader_busy');
    end;
  end if;
  return shop.reader_answer(w);
end $$;
comment on function api.ask_reader_again is 'After a declined card: the reader is to ask for one once more. Waiting already, nothing changes. For who sells. Refuses 404 order_not_found, 409 order_paid, order_expired, order_cancelled, reader_busy, of a part part_above_due, split_at_reader.';
grant execute on function api.ask_reader_again to authenticated;

create function api.cancel_reader_sale(business_id uuid, sale_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  o sales.orders;
  w shop.reader_sales;
begin
  perform shop.require_seller(cancel_reader_sale.business_id);
  o := shop.lock_reader_sale(cancel_reader_sale.business_id, cancel_reader_sale.sale_id);
  select * into strict w from shop.reader_sales x where x.id = cancel_reader_sale.sale_id;
  if w.part then
    -- The sale stays as it was: only this part of it is not asked for any more.
    if w.cancelled_at is null and not exists (select from shop.till_parts y where y.business_id = w.business_id and y.payment_id = w.payment_id) then
      update shop.reader_sales x set cancelled_at = now(), ended_at = coalesce(x.ended_at, now()) where x.id = w.id returning * into w;
      perform platform.add_job('end_at_reader', jsonb_build_object('payment_id', w.payment_id), 'end_at_reader:' || w.payment_id);
      perform shop.tell_reader_sale(w.id);
    end if;
    return shop.reader_answer(w);
  end if;
  if o.state = 'placed' then
    perform sales.release_lines(o, 'cancelled', 'called off at the till');
    update sales.orders x set state = 'cancelled' where x.id = o.id;
    perform payments.close_checkouts(o.id);
    perform payments.tell_order(o.id);
  elsif o.state not in ('cancelled', 'expired') then
    perform platform.refuse(409, 'order_' || o.state);
  end if;
  select * into strict w from shop.reader_sales x where x.id = w.id;
  return shop.reader_answer(w);
end $$;
comment on function api.cancel_reader_sale is 'Of a part: it is not asked for any more, the rest of its sale stays; one that was taken is answered as taken. Of a sale: nobody waits for a card any more; what was held is free at once, and the provider is asked to take no money. Money that comes all the same goes back by itself. For who sells. Refuses 404 order_not_found, 409 order_paid, order_closed.';
grant execute on function api.cancel_reader_sale to authenticated;

-- A part of a sale at a reader ------------------------------------------------------------------------------------------
create function shop.asked_of_split(o sales.orders) returns shop.reader_sales
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
declare w shop.reader_sales;
begin
  select x.* into w from shop.reader_sales x join payments.payments p on p.id = x.payment_id
  where x.business_id = o.business_id and x.order_id = o.id and x.part and x.ended_at is null and p.state not in ('failed', 'canceled');
  return w;
end $$;
comment on function shop.asked_of_split is 'The part of an open sale that a reader asks a card for just now, or null. One at a time.';

create function shop.refuse_at_reader(o sales.orders) returns void
language plpgsql stable set search_path = '' as $$
declare w shop.reader_sales := shop.asked_of_split(o);
begin
  if w.id is not null then perform platform.refuse(409, 'split_at_reader', jsonb_build_object('part_id', w.id)); end if;
end $$;
comment on function shop.refuse_at_reader is 'While a card is asked for a part of a sale (the caller has the sale''s lock), nobody pays another one or gives it up: together they could come to more than is due. Refuses 409 split_at_reader.';

create function shop.refuse_part(o sales.orders, cents bigint) returns void
language plpgsql stable set search_path = '' as $$
declare due bigint := o.total_cents - o.parts_cents;
begin
  perform shop.refuse_at_reader(o);
  if refuse_part.cents is null or refuse_part.cents not between 1 and due then perform platform.refuse(409, 'part_above_due', jsonb_build_object('field', 'amount', 'due_cents', due, 'currency', o.currency)); end if;
end $$;
comment on function shop.refuse_part is 'Refuses 409 split_at_reader, part_above_due: what cannot be a part of an open sale, whose lock the caller has.';

create function api.send_part_to_reader(business_id uuid, sale_id uuid, part_id uuid, amount_cents bigint default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := shop.require_seller(send_part_to_reader.business_id);
  asked jsonb := jsonb_build_object('amount_cents', send_part_to_reader.amount_cents);
  s shop.till_sales;
  r shop.readers;
  w shop.reader_sales;
  o sales.orders;
  cents bigint;
begin
  if send_part_to_reader.part_id is null then perform platform.refuse(400, 'idempotency_key_invalid'); end if;
  if send_part_to_reader.amount_cents not between 1 and 1000000000 then perform platform.refuse(422, 'amount_invalid', '{"field": "amount"}'); end if;
  s := shop.find_split(send_part_to_reader.business_id, send_part_to_reader.sale_id);
  -- Sent twice at once, the second waits and is told of the first.
  perform 1 from sales.orders x where x.id = s.order_id for no key update;
  select * into w from shop.reader_sales x where x.id = send_part_to_reader.part_id and x.business_id = s.business_id;
  if w.id is not null then
    if not w.part or w.order_id <> s.order_id or w.asked <> asked then perform platform.refuse(422, 'idempotency_key_reused'); end if;
    return shop.reader_answer(w);
  end if;
  o := shop.lock_split(s.business_id, s.order_id);
  cents := coalesce(send_part_to_reader.amount_cents, o.total_cents - o.parts_cents);
  perform shop.refuse_part(o, cents);
  perform payments.refuse_small(cents, o.currency::text);
  r := shop.find_reader(s.business_id, (select y.reader_id from shop.till_readers y where y.till_id = s.till_id));
  w := shop.waiting_at(r.id);
  if w.id is not null then
    perform platform.refuse(409, 'reader_busy', (select jsonb_build_object('sale_id', w.id, 'till', x.name) from shop.till_sales y join shop.tills x on x.id = y.till_id where y.order_id = w.order_id));
  end if;
  perform shop.keep_split(o);
  begin
    insert into payments.payments (id, business_id, order_id, provider, attempt, amount_cents, currency)
    values (send_part_to_reader.part_id, o.business_id, o.id, 'stripe', 1 + coalesce((select max(y.attempt) from payments.payments y where y.order_id = o.id), 0), cents, o.currency);
  exception when unique_violation then
    perform platform.refuse(422, 'idempotency_key_reused');
  end;
  update shop.reader_sales x set ended_at = now() where x.reader_id = r.id and x.ended_at is null;
  insert into shop.reader_sales as x (id, order_id, business_id, reader_id, payment_id, part, asked, sent_by)
  values (send_part_to_reader.part_id, o.id, o.business_id, r.id, send_part_to_reader.part_id, true, asked, actor) returning * into w;
  return shop.reader_answer(w);
end $$;
comment on function api.send_part_to_reader is 'A part of an open sale whose card the till''s reader is to ask for: amount_cents, or all that is due. part_id: the device''s own; sent again it is the same part, as it stands by then. It is a part once the card has paid (phase taken; the one that covers the rest sells the sale); declined or called off, the sale is as it was. Answers as api.send_to_reader, with split_id: the sale. For who sells. Refuses 404 order_not_found, reader_not_found, 409 reader_busy, split_at_reader, part_above_due, card_below_minimum, split_over, order_paid, 422 amount_invalid, idempotency_key_reused.';
grant execute on function api.send_part_to_reader to authenticated;

create function shop.settle_reader_part(o sales.orders, p payments.payments) returns text
language plpgsql volatile set search_path = '' as $$
declare
  w shop.reader_sales;
  due bigint := o.total_cents - o.parts_cents;
begin
  select * into w from shop.reader_sales x where x.business_id = p.business_id and x.payment_id = p.id and x.part;
  if w.id is null then return null; end if;
  if p.reservation_id is not null then
    -- Told of once more while the rest is still open.
    update payments.payments x set state = 'authorized', captured_cents = 0, updated_at = now() where x.id = p.id;
    return 'stale';
  end if;
  -- Called off, or what it was to pay was paid otherwise meanwhile: nobody waits for this money.
  if w.cancelled_at is not null or o.state <> 'placed' or p.captured_cents > due or p.captured_cents <> p.amount_cents or p.currency <> o.currency then
    update shop.reader_sales x set cancelled_at = coalesce(x.cancelled_at, now()), ended_at = coalesce(x.ended_at, now()) where x.id = w.id;
    perform payments.give_back(p, 'paid_too_late');
    perform shop.tell_reader_sale(w.id);
    return 'paid_too_late';
  end if;
  insert into shop.till_parts (payment_id, business_id, order_id, taken_by) values (p.id, p.business_id, o.id, w.sent_by);
  -- The rest of the sale: it pays for the goods as any payment does, with the parts that were kept.
  if p.captured_cents = due then return null; end if;
  update payments.payments x set state = 'authorized', captured_cents = 0, updated_at = now(), reservation_id = payments.reserve(o, p.id, payments.money_account(p), p.amount_cents, '') where x.id = p.id;
  update sales.orders x set parts_cents = x.parts_cents + p.amount_cents where x.id = o.id returning * into o;
  update shop.reader_sales x set ended_at = coalesce(x.ended_at, now()) where x.id = w.id;
  perform shop.keep_split(o);
  perform shop.tell_reader_sale(w.id);
  return 'part_taken';
end $$;
comment on function shop.settle_reader_part is 'A card has paid for a part (payments.settle_order asks, with the order''s lock): kept like any other part until the sale is sold (answers part_taken), or given back (paid_too_late). Null: it is no part, or covers the rest: the order is settled as always.';

create function shop.tg_payments__reader_part_back() returns trigger
language plpgsql security definer set search_path = '' as $$
declare p payments.payments;
begin
  -- What a reader charged is not in anybody's hand: given up, it goes back by itself.
  update payments.payments x set state = 'captured', captured_cents = x.amount_cents, reservation_id = null, updated_at = now() where x.id = new.id returning * into p;
  update shop.till_parts y set given_back_at = coalesce(y.given_back_at, clock_timestamp()) where y.payment_id = p.id;
  perform ledger.transfer(p.business_id, 'receipt_without_goods', 'payment:' || p.id, array[payments.money_account(p), ledger.account(p.business_id, p.currency::text, 'unapplied', p.id::text)], array[p.captured_cents, -p.captured_cents]);
  perform payments.refund_from(p, p.captured_cents, 'staff');
  return null;
end $$;
create trigger tg_payments__reader_part_back after update of state on payments.payments for each row
  when (old.state = 'authorized' and new.state = 'canceled' and new.provider = 'stripe' and new.reservation_id is not null) execute function shop.tg_payments__reader_part_back();
comment on function shop.tg_payments__reader_part_back is 'A part that a card paid at a reader was given back, or its sale could not be kept: booked as owed back and refunded through the provider.';

create function api.reader_work(sale_id uuid default null, attempt_id uuid default null)
returns table (order_id uuid, business_id uuid, payment_id uuid, provider_ref text, reader_ref text, simulated boolean, amount_cents bigint, currency text, open boolean, at_reader boolean, tries int, sent_at timestamptz)
language plpgsql stable security definer set search_path = '' rows 1 as $$
#variable_conflict use_column
begin
  return query
  select w.order_id, w.business_id, p.id, p.provider_ref, r.provider_ref, r.simulated, p.amount_cents, p.currency::text, o.state = 'placed' and p.state in ('pending', 'failed', 'requires_action', 'processing') and w.cancelled_at is null, w.ended_at is null, w.tries, w.sent_at
  from shop.reader_sales w join sales.orders o on o.id = w.order_id join payments.payments p on p.id = w.payment_id join shop.readers r on r.id = w.reader_id
  where w.id = reader_work.sale_id or w.payment_id = reader_work.attempt_id;
end $$;
comment on function api.reader_work is 'What the server needs to talk to the provider about a sale or a part at a reader (sale_id: as api.reader_sale). open: it may still be paid; at_reader: no later sale has taken the reader.';
grant execute on function api.reader_work to service_role;

create function shop.tell_reader_sale(sale_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform realtime.send(jsonb_build_object('sale_id', tell_reader_sale.sale_id), 'sale_changed', 'sale:' || tell_reader_sale.sale_id, true);
end $$;
comment on function shop.tell_reader_sale is 'Tells the till that waits at a reader to read again. Only the server listens to this topic, for who sells.';

create function shop.tg_payments__reader() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform shop.tell_reader_sale(x.id) from shop.reader_sales x where x.business_id = new.business_id and x.payment_id = new.id;
  return null;
end $$;
create trigger tg_payments__reader after update of state on payments.payments for each row when (new.state = 'failed' or old.state = 'failed') execute function shop.tg_payments__reader();

create function shop.tg_orders__reader() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update shop.reader_sales x set ended_at = coalesce(x.ended_at, now()) where x.business_id = new.business_id and x.order_id = new.id;
  if not found then return null; end if;
  perform shop.tell_reader_sale(x.id) from shop.reader_sales x where x.business_id = new.business_id and x.order_id = new.id;
  -- The ticket opens when the card has paid.
  if new.state = 'paid' then perform shop.call_by_name(new, (select x.call_name from shop.till_sales x where x.order_id = new.id)); end if;
  return null;
end $$;
comment on function shop.tg_orders__reader is 'A sale that is paid or over leaves its reader to the next.';
create trigger tg_orders__reader after update of state on sales.orders for each row when (old.channel = 'till' and old.state = 'placed' and new.state <> 'placed') execute function shop.tg_orders__reader();
