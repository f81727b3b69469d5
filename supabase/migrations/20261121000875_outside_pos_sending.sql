-- Outside tills, what goes out: queued by what caused it, delivered and tried until heard.

create function shop.pos_hears(business_id uuid, location_id uuid, type text) returns setof shop.pos_connections
language plpgsql stable set search_path = '' rows 1 as $$
#variable_conflict use_column
begin
  return query select c.* from shop.pos_connections c
  where c.business_id = pos_hears.business_id and (pos_hears.location_id is null or c.location_id = pos_hears.location_id) and c.state in ('on', 'paused') and c.url is not null and pos_hears.type = any (c.events)
    and c.id::text is distinct from case when pos_hears.type like 'order.%' then current_setting('shop.told_by', true) end;
end $$;
comment on function shop.pos_hears is 'Which outside tills are told of something: not those that just told us of it.';

create function shop.tell_pos(c shop.pos_connections, type text, data jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  insert into shop.pos_messages (business_id, connection_id, payload)
  values (c.business_id, c.id, jsonb_build_object('type', tell_pos.type, 'timestamp', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', tell_pos.data));
end $$;
comment on function shop.tell_pos is 'Queues a message in the transaction that causes it.';

create function shop.pos_outside_id(c shop.pos_connections, product_id uuid, modifier_ids uuid[]) returns text
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
begin
  return (select l.outside_id from shop.pos_links l where l.connection_id = c.id and l.product_id = pos_outside_id.product_id and (pos_outside_id.modifier_ids is null or l.modifier_ids <@ pos_outside_id.modifier_ids)
    order by case when pos_outside_id.modifier_ids is null then cardinality(l.modifier_ids) else -cardinality(l.modifier_ids) end, l.outside_id limit 1);
end $$;
comment on function shop.pos_outside_id is 'What an outside till calls a product of ours: with these options the closest variant; null: the plainest.';

create function shop.pos_order(c shop.pos_connections, o sales.orders, with_lines boolean) returns jsonb
language plpgsql stable set search_path = '' as $$
declare tongue text := (select b.locales[1] from business.businesses b where b.id = o.business_id);
begin
  return jsonb_build_object('order_id', o.id, 'reference', o.reference, 'channel', o.channel, 'location_id', o.location_id)
    || case when not with_lines then '{}' else jsonb_build_object('serving', o.serving, 'table', o.table_label, 'pickup_at', o.pickup_at, 'ready_by', o.ready_by, 'note', o.note, 'currency', o.currency, 'total_cents', o.total_cents, 'tax_cents', o.tax_cents,
      'lines', coalesce((select jsonb_agg(jsonb_build_object('line_id', l.id, 'kind', l.kind, 'product_id', l.product_id, 'outside_id', case when l.product_id is not null then shop.pos_outside_id(c, l.product_id, l.modifier_ids) end,
          'name', platform.text_in(l.label, tongue), 'options', (select coalesce(jsonb_agg(jsonb_build_object('modifier_id', m -> 'modifier_id', 'name', platform.text_in(m -> 'name', tongue), 'times', m -> 'times')), '[]') from jsonb_array_elements(l.modifiers) m),
          'quantity', l.quantity, 'unit_cents', l.unit_price_cents, 'total_cents', l.total_cents, 'note', l.note) order by l.position)
        from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id), '[]')) end;
end $$;
comment on function shop.pos_order is 'An order as an outside till is told of it: nothing about who buys.';

create function shop.tg_orders__tell_pos() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  what text := case new.state when 'placed' then 'order.placed' when 'paid' then 'order.paid' else 'order.cancelled' end;
begin
  if not exists (select from shop.pos_connections c where c.business_id = new.business_id and c.location_id = new.location_id and c.state in ('on', 'paused') and c.url is not null) then return null; end if;
  -- Paid as it is placed, it is both, one after the other.
  if new.state = 'paid' and old.hold_expires_at is null then
    perform shop.tell_pos(c, 'order.placed', shop.pos_order(c, new, true)) from shop.pos_hears(new.business_id, new.location_id, 'order.placed') c;
  end if;
  perform shop.tell_pos(c, what, shop.pos_order(c, new, what <> 'order.cancelled')) from shop.pos_hears(new.business_id, new.location_id, what) c;
  return null;
end $$;
create trigger tg_orders__tell_pos after update of state on sales.orders for each row
  -- Where an order is placed from its first breath, it is its hold that begins.
  when (new.location_id is not null and old.state <> 'closed' and new.state in ('placed', 'paid', 'expired', 'cancelled') and (old.state <> new.state or new.state = 'placed' and old.hold_expires_at is null and new.hold_expires_at is not null)) execute function shop.tg_orders__tell_pos();

create function shop.tg_tickets__tell_pos() returns trigger
language plpgsql security definer set search_path = '' as $$
declare what text := case new.state when 'ready' then 'order.ready' when 'collected' then 'order.collected' else 'order.cancelled' end;
begin
  if not exists (select from shop.pos_connections c where c.business_id = new.business_id and c.location_id = new.location_id and c.state in ('on', 'paused') and c.url is not null) then return null; end if;
  perform shop.tell_pos(c, what, shop.pos_order(c, o, false) || jsonb_build_object('call_number', new.call_number))
  from shop.pos_hears(new.business_id, new.location_id, what) c join sales.orders o on o.id = new.order_id;
  return null;
end $$;
create trigger tg_tickets__tell_pos after update of state on shop.tickets for each row
  when (old.state is distinct from new.state and new.state in ('ready', 'collected', 'cancelled', 'refused')) execute function shop.tg_tickets__tell_pos();

create function shop.tg_refunds__tell_pos() returns trigger
language plpgsql security definer set search_path = '' as $$
declare o sales.orders;
begin
  select * into o from sales.orders x where x.id = new.order_id;
  if o.location_id is null then return null; end if;
  perform shop.tell_pos(c, 'order.refunded', shop.pos_order(c, o, false) || jsonb_build_object('refund_id', new.id, 'amount_cents', new.amount_cents, 'currency', new.currency,
    'lines', coalesce((select jsonb_agg(jsonb_build_object('line_id', y.order_line_id, 'amount_cents', y.amount_cents)) from payments.refund_lines y where y.refund_id = new.id), '[]')))
  from shop.pos_hears(o.business_id, o.location_id, 'order.refunded') c;
  return null;
end $$;
create trigger tg_refunds__tell_pos after update of state on payments.refunds for each row
  when (old.state is distinct from new.state and new.state = 'succeeded') execute function shop.tg_refunds__tell_pos();

create function shop.tell_pos_product(product_id uuid, location_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
begin
  perform shop.tell_pos(c, 'product.changed', jsonb_build_object('product_id', p.id, 'outside_id', shop.pos_outside_id(c, p.id, null), 'slug', p.slug, 'name', platform.text_in(p.name, b.locales[1]), 'kind', p.kind, 'price_cents', p.price_cents, 'currency', b.currency,
    'published', p.published and p.retired_at is null and not exists (select from shop.not_offered x where x.location_id = c.location_id and x.product_id = p.id), 'location_id', c.location_id,
    'sold_out', exists (select from shop.sold_out s where s.location_id = c.location_id and s.product_id = p.id and s.on_date = (now() at time zone shop.zone(c.location_id))::date and s.back_at is null)))
  from shop.products p join business.businesses b on b.id = p.business_id cross join lateral shop.pos_hears(p.business_id, tell_pos_product.location_id, 'product.changed') c where p.id = tell_pos_product.product_id;
end $$;

create function shop.tg_products__tell_pos() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform shop.tell_pos_product(new.id, null);
  return null;
end $$;
create trigger tg_products__tell_pos after update of name, slug, price_cents, published, retired_at on shop.products for each row
  when (row(old.name, old.slug, old.price_cents, old.published, old.retired_at) is distinct from row(new.name, new.slug, new.price_cents, new.published, new.retired_at)) execute function shop.tg_products__tell_pos();
create trigger tg_products__tell_pos_new after insert on shop.products for each row when (new.published) execute function shop.tg_products__tell_pos();

create function shop.tg_sold_out__tell_pos() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform shop.tell_pos_product(new.product_id, new.location_id);
  return null;
end $$;
create function shop.tg_not_offered__tell_pos() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform shop.tell_pos_product(coalesce(new.product_id, old.product_id), coalesce(new.location_id, old.location_id));
  return null;
end $$;
create trigger tg_not_offered__tell_pos after insert or delete on shop.not_offered for each row execute function shop.tg_not_offered__tell_pos();
create trigger tg_sold_out__tell_pos after insert or update of back_at on shop.sold_out for each row when (new.product_id is not null) execute function shop.tg_sold_out__tell_pos();

create function shop.tg_stock_movements__tell_pos() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from shop.pos_connections c join moved m on m.business_id = c.business_id and m.location_id = c.location_id where c.state in ('on', 'paused') and c.url is not null) then return null; end if;
  perform shop.tell_pos(c, 'stock.changed', jsonb_build_object('location_id', c.location_id, 'items', (
    select jsonb_agg(jsonb_build_object('stock_item_id', i.id, 'outside_id', l.outside_id, 'outside_units', l.units, 'name', platform.text_in(i.name, b.locales[1]), 'unit', i.unit, 'on_hand', z.balance_after, 'moved', z.moved, 'kind', z.kind) order by i.id)
    from (select distinct on (m.stock_item_id) m.stock_item_id, m.balance_after, m.kind, sum(m.quantity) over (partition by m.stock_item_id) as moved from moved m where m.location_id = c.location_id order by m.stock_item_id, m.id desc) z join shop.stock_items i on i.id = z.stock_item_id
    left join lateral (select x.outside_id, x.units from shop.pos_links x where x.connection_id = c.id and x.stock_item_id = i.id order by x.units, x.outside_id limit 1) l on true)))
  from (select distinct m.business_id, m.location_id from moved m) w join business.businesses b on b.id = w.business_id cross join lateral shop.pos_hears(w.business_id, w.location_id, 'stock.changed') c;
  return null;
end $$;
create trigger tg_stock_movements__tell_pos after insert on shop.stock_movements referencing new table as moved for each statement execute function shop.tg_stock_movements__tell_pos();

-- Delivering ----------------------------------------------------------------------------------------------------------
create function shop.pos_pause(tried int) returns interval
language plpgsql immutable set search_path = '' as $$
begin
  return (array['5 seconds', '5 minutes', '30 minutes', '2 hours', '5 hours', '10 hours', '10 hours']::interval[])[tried];
end $$;
comment on function shop.pos_pause is 'How long after so many tries the next one is made; null: no more. Eight tries within 28 hours.';

create function api.take_pos_messages(at_most int default 4)
returns table (sending_id bigint, message_id text, url text, payload jsonb, secrets text[])
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
begin
  return query
  -- Two at a time to each: one that hangs holds up nobody else.
  with due as (
    select m.id from shop.pos_connections c
    cross join lateral (select y.id from shop.pos_messages y where y.connection_id = c.id and y.state = 'queued' and y.next_try_at <= now() and (y.claimed_until is null or y.claimed_until <= now())
        -- What came before it about the same order has been tried first.
        and not exists (select from shop.pos_messages z where z.connection_id = c.id and z.state = 'queued' and z.id < y.id and z.payload #>> '{data,order_id}' = y.payload #>> '{data,order_id}' and (z.attempts = 0 or z.claimed_until > now()))
      order by y.next_try_at, y.id
      limit greatest(0, 2 - (select count(*) from shop.pos_messages z where z.connection_id = c.id and z.claimed_until > now())) for no key update skip locked) m
    where c.state = 'on' and c.url is not null limit least(greatest(take_pos_messages.at_most, 0), 100)),
  taken as (update shop.pos_messages m set claimed_until = now() + interval '1 minute', attempts = m.attempts + 1 from due where m.id = due.id returning m.*)
  select t.id, t.message_id, c.url, t.payload, array(select s.secret from shop.pos_secrets s where s.connection_id = c.id and (s.good_until is null or s.good_until > now()) order by s.id desc)
  from taken t join shop.pos_connections c on c.id = t.connection_id order by t.id;
end $$;
comment on function api.take_pos_messages is 'Hands out messages that are due, with where to and what to sign them with (each secret that is good now); nobody else gets them for a minute. Those about one order are each tried first in the order in which they happened. Each answers with api.pos_message_done.';
grant execute on function api.take_pos_messages to service_role;

create function api.pos_message_done(sending_id bigint, status int default null, error text default null, took_ms int default 0) returns text
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  m shop.pos_messages;
  heard boolean := coalesce(pos_message_done.status between 200 and 299, false);
  pause interval;
begin
  select * into m from shop.pos_messages x where x.id = pos_message_done.sending_id and x.claimed_until is not null for no key update;
  if m.id is null then return 'known'; end if;
  insert into shop.pos_attempts (business_id, message_id, status, error, took_ms) values (m.business_id, m.id, pos_message_done.status, left(pos_message_done.error, 200), pos_message_done.took_ms);
  -- Gone is gone: the other side asks us to stop.
  if pos_message_done.status = 410 then update shop.pos_connections c set state = 'gone' where c.id = m.connection_id and c.state in ('on', 'paused'); end if;
  pause := case when heard or pos_message_done.status = 410 then null else shop.pos_pause(m.attempts) end;
  update shop.pos_messages x set claimed_until = null, state = case when heard then 'sent' when pause is null then 'given_up' else 'queued' end,
    -- A little more or less, so that what failed together is not tried together.
    next_try_at = now() + pause * (0.9 + 0.2 * random()), sent_at = case when heard then now() end
  where x.id = m.id returning x.* into m;
  return m.state;
end $$;
comment on function api.pos_message_done is 'What became of a message that was taken: the other side''s answer (2xx: heard; 410: it wants no more, the connection stops), or why there was none. It is tried again after shop.pos_pause. Answers sent, queued, given_up, known.';
grant execute on function api.pos_message_done to service_role;

create function api.resend_pos_message(business_id uuid, sending_id bigint) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  m shop.pos_messages;
  c shop.pos_connections;
begin
  perform business.require_role(resend_pos_message.business_id, 'manager');
  select * into m from shop.pos_messages x where x.id = resend_pos_message.sending_id and x.business_id = resend_pos_message.business_id for no key update;
  if m.id is null then perform platform.refuse(404, 'pos_message_not_found'); end if;
  select * into strict c from shop.pos_connections x where x.id = m.connection_id;
  if c.state not in ('on', 'paused') or c.url is null then perform platform.refuse(409, 'pos_not_connected'); end if;
  update shop.pos_messages x set state = 'queued', attempts = case when m.state = 'queued' then x.attempts else 0 end, next_try_at = now(), sent_at = null where x.id = m.id;
  return jsonb_build_object('connection_id', c.id, 'message_id', m.message_id);
end $$;
comment on function api.resend_pos_message is 'Sends a message once more, now, under the id it had. For managers. Refuses 404 pos_message_not_found, 409 pos_not_connected.';
grant execute on function api.resend_pos_message to authenticated;

create function api.test_pos(business_id uuid, connection_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid := business.require_role(test_pos.business_id, 'manager');
  c shop.pos_connections := shop.open_pos(test_pos.business_id, test_pos.connection_id);
begin
  if c.url is null or c.state <> 'on' then perform platform.refuse(409, 'pos_not_connected'); end if;
  perform shop.tell_pos(c, 'connection.tested', jsonb_build_object('connection_id', c.id, 'name', c.name));
  return jsonb_build_object('connection_id', c.id);
end $$;
comment on function api.test_pos is 'Sends an outside till a message that means nothing (connection.tested), whatever it listens to. For managers. Refuses 404 pos_not_found, 409 pos_ended, pos_not_connected.';
grant execute on function api.test_pos to authenticated;

create function api.prune_pos() returns int
language plpgsql volatile security definer set search_path = '' as $$
declare gone int;
begin
  delete from shop.pos_messages m where m.state <> 'queued' and m.created_at < now() - interval '30 days';
  get diagnostics gone = row_count;
  delete from shop.pos_turned_away t where t.on_hour < now() - interval '30 days';
  return gone;
end $$;
comment on function api.prune_pos is 'Forgets what was sent more than 30 days ago. What came in stays: it is known by its id for ever. Run by a job.';
grant execute on function api.prune_pos to service_role;
