-- Sales: cart, orders, lines, refunds. Everything that is sold is a line of one order.

create schema sales;
grant usage on schema sales to anon, authenticated, service_role;

create table sales.order_numbers (
  business_id uuid not null references business.businesses on delete restrict,
  year int not null,
  last int not null,
  primary key (business_id, year)
);
comment on table sales.order_numbers is 'The last receipt number given, per business and year. Only sales.number_orders moves it.';

create table sales.orders (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  member_id uuid,
  reference text check (reference ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
  number text,
  state text not null default 'cart' check (state in ('cart', 'placed', 'paid', 'closed', 'expired', 'cancelled')),
  channel text not null default 'web' check (channel in ('web', 'desk', 'till', 'api')),
  cart_token_hash bytea,
  currency char(3) not null,
  tax_cents bigint not null default 0,
  total_cents bigint not null default 0 check (total_cents >= 0),
  placed_at timestamptz,
  payment_confirmed_at timestamptz,
  hold_expires_at timestamptz,
  created_at timestamptz not null default now(),
  check (state = 'cart' or (reference is not null and placed_at is not null and member_id is not null)),
  constraint only_receipts_are_numbered check (number is null or state in ('paid', 'closed')),
  unique (business_id, id),
  unique (business_id, reference),
  unique (business_id, number),
  foreign key (business_id, member_id) references members.members (business_id, id) on delete restrict
);
comment on table sales.orders is 'cart → placed → paid → closed, or → expired | cancelled. What is settled stays settled: later changes are refunds.';
comment on column sales.orders.reference is 'What people call the order from the moment it is placed.';
comment on column sales.orders.number is 'The receipt''s number, gapless per business and year; null until sales.number_orders comes by, and for ever where nothing was paid for.';
create unique index orders_cart_token_idx on sales.orders (business_id, cart_token_hash) where state = 'cart' and member_id is null;
create unique index orders_one_cart_each on sales.orders (business_id, member_id) where state = 'cart' and member_id is not null;
create index orders_member_id_idx on sales.orders (business_id, member_id, placed_at desc);
create index orders_hold_idx on sales.orders (hold_expires_at) where state = 'placed';
create index orders_stale_carts_idx on sales.orders (created_at) where state = 'cart';
create index orders_placed_at_idx on sales.orders (business_id, placed_at);
create index orders_to_number_idx on sales.orders (business_id, payment_confirmed_at) where number is null and state in ('paid', 'closed');

create table sales.order_lines (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  order_id uuid not null,
  position int not null,
  kind text not null check (kind in ('seat', 'pass', 'membership', 'product', 'appointment', 'gift_card', 'top_up', 'tip', 'fee')),
  session_id uuid,
  label jsonb not null,
  quantity int not null default 1 check (quantity between 1 and 1000),
  unit_price_cents bigint not null check (unit_price_cents >= 0),
  discount_cents bigint not null default 0 check (discount_cents >= 0),
  tax_rate_bp int not null default 0,
  tax_cents bigint not null default 0,
  total_cents bigint not null default 0 check (total_cents >= 0),
  refunded_cents bigint not null default 0,
  state text not null default 'held' check (state in ('held', 'fulfilled', 'reversed')),
  check ((kind = 'seat') = (session_id is not null)),
  constraint never_refund_more_than_paid check (refunded_cents between 0 and total_cents),
  unique (business_id, id),
  unique (order_id, position),
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete cascade,
  foreign key (business_id, session_id) references booking.sessions (business_id, id) on delete restrict
);
comment on column sales.order_lines.refunded_cents is 'Requested and done refunds of this line.';
create unique index order_lines_session_once on sales.order_lines (order_id, session_id) where session_id is not null;
create index order_lines_order_id_idx on sales.order_lines (business_id, order_id);
create index order_lines_session_id_idx on sales.order_lines (business_id, session_id);
alter table booking.bookings add foreign key (business_id, order_line_id) references sales.order_lines (business_id, id) on delete restrict;
drop index booking.bookings_order_line_id_idx;
create index bookings_order_line_id_idx on booking.bookings (business_id, order_line_id);

alter table sales.order_numbers enable row level security;
alter table sales.orders enable row level security;
alter table sales.order_lines enable row level security;
grant select on sales.orders, sales.order_lines to authenticated;
create policy "Members see their own orders, the front desk those of its business" on sales.orders for select to authenticated
  using (member_id in (select members.mine()) or business_id in (select business.where_i_am('front_desk')));
create policy "Members see the lines of their own orders, the front desk those of its business" on sales.order_lines for select to authenticated
  using (exists (select from sales.orders o where o.id = order_id and o.member_id in (select members.mine())) or business_id in (select business.where_i_am('front_desk')));

create function sales.tax_in(amount_cents bigint, rate_bp int, inclusive boolean) returns bigint
language plpgsql immutable set search_path = '' as $$
begin
  return (
    -- Half up, once per line.
  select case when tax_in.inclusive then floor(tax_in.amount_cents::numeric * tax_in.rate_bp / (10000 + tax_in.rate_bp) + 0.5)
    else floor(tax_in.amount_cents::numeric * tax_in.rate_bp / 10000 + 0.5) end::bigint);
end $$;
comment on function sales.tax_in is 'Tax of a line in minor units, rounded half up: contained in the amount, or added to it.';

-- Names and numbers ----------------------------------------------------------------------------------------------------
create function sales.new_reference(business_id uuid) returns text
language plpgsql volatile set search_path = '' as $$
declare
  bytes bytea;
  made text;
begin
  loop
    bytes := extensions.gen_random_bytes(8);
    select string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + (get_byte(bytes, n) & 31), 1), '') into made from generate_series(0, 7) n;
    exit when not exists (select from sales.orders o where o.business_id = new_reference.business_id and o.reference = made);
  end loop;
  return made;
end $$;
comment on function sales.new_reference is 'Eight characters of Crockford''s base 32, which has no I, L, O, U to mistake when it is read aloud; not yet used in this business.';

create function sales.number_orders(business_id uuid) returns int
language plpgsql volatile set search_path = '' as $$
declare
  batch record;
  before int;
  done int := 0;
begin
  -- One at a time per business: who waits here finds its order numbered.
  perform pg_advisory_xact_lock(hashtextextended('sales.number_orders ' || number_orders.business_id, 0));
  for batch in
    with due as materialized (
      select o.id, o.payment_confirmed_at, extract(year from o.payment_confirmed_at at time zone b.time_zone)::int as year
      from sales.orders o join business.businesses b on b.id = o.business_id
      where o.business_id = number_orders.business_id and o.number is null and o.state in ('paid', 'closed')
      -- One that is being worked on gets its number next time: nobody waits for somebody else's order here.
      order by o.payment_confirmed_at for no key update of o skip locked)
    select d.year, array_agg(d.id order by d.payment_confirmed_at, d.id) as ids from due d group by d.year order by d.year
  loop
    insert into sales.order_numbers as n (business_id, year, last) values (number_orders.business_id, batch.year, cardinality(batch.ids))
    on conflict on constraint order_numbers_pkey do update set last = n.last + excluded.last returning n.last - cardinality(batch.ids) into before;
    update sales.orders o set number = batch.year || '-' || case when before + u.nth < 1000000 then lpad((before + u.nth)::text, 6, '0') else (before + u.nth)::text end
    from unnest(batch.ids) with ordinality u (id, nth) where o.business_id = number_orders.business_id and o.id = u.id;
    done := done + cardinality(batch.ids);
  end loop;
  return done;
end $$;
comment on function sales.number_orders is 'Gives every paid order without a number the next ones of the year it was paid in, in one batch. Buyers never wait for it: called by whoever writes a letter about an order, and by a chore; never by one who holds an order''s lock.';

create function api.number_orders() returns int
language sql volatile security definer set search_path = '' as $$
  select coalesce(sum(sales.number_orders(b.id)), 0)::int from business.businesses b
  where exists (select from sales.orders o where o.business_id = b.id and o.number is null and o.state in ('paid', 'closed'));
$$;
comment on function api.number_orders is 'Numbers what was paid and has no number yet, in every business. Run by a job.';
grant execute on function api.number_orders to service_role;

-- Cart ----------------------------------------------------------------------------------------------------------------
create function sales.find_cart(business_id uuid, cart_token text) returns uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select coalesce(
    (select o.id from sales.orders o join members.members m on m.id = o.member_id
      where o.business_id = find_cart.business_id and o.state = 'cart' and m.business_id = find_cart.business_id and m.user_id = (select auth.uid())),
    (select o.id from sales.orders o where o.business_id = find_cart.business_id and o.state = 'cart' and o.member_id is null and o.cart_token_hash = platform.token_hash(find_cart.cart_token))));
end $$;
comment on function sales.find_cart is 'The asker''s own cart, else the one the token opens.';

create function api.add_seat_to_cart(business_id uuid, session_id uuid, cart_token text) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  the_cart uuid;
  s record;
  line uuid;
  me uuid;
begin
  if coalesce(length(add_seat_to_cart.cart_token), 0) not between 32 and 128 then perform platform.refuse(400, 'cart_token_invalid'); end if;
  select x.*, t.name as class_name, t.published, t.tax_rate_bp, t.opens_days_before, t.closes_minutes_before, b.currency,
      x.capacity - x.seats_taken + booking.holds_run_out(x.id) as seats_left
    into s from booking.sessions x join booking.class_types t on t.id = x.class_type_id join business.businesses b on b.id = x.business_id
    where x.id = add_seat_to_cart.session_id and x.business_id = add_seat_to_cart.business_id;
  if s.id is null or not s.published then perform platform.refuse(404, 'session_not_found'); end if;
  if s.state = 'cancelled' then perform platform.refuse(409, 'session_cancelled'); end if;
  if s.starts_at <= now() then perform platform.refuse(409, 'session_past'); end if;
  if s.starts_at - make_interval(mins => s.closes_minutes_before) <= now() then perform platform.refuse(409, 'booking_closed'); end if;
  if s.starts_at - make_interval(days => s.opens_days_before) > now() then perform platform.refuse(409, 'booking_not_open'); end if;
  if auth.uid() is not null then me := members.require_me(s.business_id); end if;
  if me is not null and exists (select from booking.bookings b where b.session_id = s.id and b.member_id = me and b.state in ('held', 'confirmed', 'checked_in', 'no_show') and (b.state <> 'held' or b.held_until > now())) then
    perform platform.refuse(409, 'already_booked');
  end if;
  if s.seats_left <= 0 then perform platform.refuse(409, 'session_full', jsonb_build_object('session_id', s.id)); end if;

  the_cart := sales.find_cart(s.business_id, add_seat_to_cart.cart_token);
  if the_cart is null then
    -- Two first clicks at once make one cart.
    insert into sales.orders (business_id, member_id, cart_token_hash, currency)
    values (s.business_id, me, platform.token_hash(add_seat_to_cart.cart_token), s.currency) on conflict do nothing;
    the_cart := sales.find_cart(s.business_id, add_seat_to_cart.cart_token);
  end if;
  perform 1 from sales.orders o where o.id = the_cart and o.state = 'cart' for no key update;
  if not found then perform platform.refuse(409, 'cart_changed'); end if;
  select l.id into line from sales.order_lines l where l.order_id = the_cart and l.session_id = s.id;
  if line is not null then return line; end if;
  if (select count(*) from sales.order_lines l where l.order_id = the_cart) >= 20 then perform platform.refuse(409, 'cart_full'); end if;
  insert into sales.order_lines as l (business_id, order_id, position, kind, session_id, label, unit_price_cents, tax_rate_bp)
  values (s.business_id, the_cart, coalesce((select max(x.position) from sales.order_lines x where x.order_id = the_cart), 0) + 1, 'seat', s.id, s.class_name, s.price_cents, s.tax_rate_bp)
  returning l.id into line;
  return line;
end $$;
comment on function api.add_seat_to_cart is 'Puts one seat in the cart (once) and answers the line. Nothing is held yet. Refuses 404 session_not_found, 409 session_cancelled, session_past, session_full, booking_closed, booking_not_open, already_booked, cart_full.';
grant execute on function api.add_seat_to_cart to anon, authenticated;

create function api.remove_cart_line(business_id uuid, line_id uuid, cart_token text default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  delete from sales.order_lines l using sales.orders o
  where l.id = remove_cart_line.line_id and o.id = l.order_id and o.state = 'cart' and o.id = sales.find_cart(remove_cart_line.business_id, remove_cart_line.cart_token);
  if not found then perform platform.refuse(404, 'cart_line_not_found'); end if;
end $$;
grant execute on function api.remove_cart_line to anon, authenticated;

create function api.cart(business_id uuid, cart_token text default null)
returns table (line_id uuid, kind text, session_id uuid, class_slug text, style text, label jsonb, starts_at timestamptz, ends_at timestamptz, instructor_name text, room_name text, quantity int, total_cents bigint, tax_cents bigint, currency text, seats_left int, problem text)
language plpgsql stable security definer set search_path = '' rows 5 as $$
#variable_conflict use_column
begin
  return query
  select l.id, l.kind, s.id, t.slug, t.style, t.name, s.starts_at, s.ends_at, i.name, r.name, l.quantity,
    s.price_cents * l.quantity + case when b.prices_include_tax then 0 else sales.tax_in(s.price_cents * l.quantity, t.tax_rate_bp, false) end,
    sales.tax_in(s.price_cents * l.quantity, t.tax_rate_bp, b.prices_include_tax), o.currency::text, n.seats_left,
    case when s.state = 'cancelled' then 'session_cancelled' when s.starts_at <= now() then 'session_past'
      when s.starts_at - make_interval(mins => t.closes_minutes_before) <= now() then 'booking_closed'
      when exists (select from booking.bookings k join members.members m on m.id = k.member_id where k.session_id = s.id and m.user_id = (select auth.uid()) and (k.state in ('confirmed', 'checked_in') or k.state = 'held' and k.held_until > now())) then 'already_booked'
      when n.seats_left <= 0 then 'session_full' end
  from sales.orders o
  join sales.order_lines l on l.order_id = o.id
  join booking.sessions s on s.id = l.session_id
  join booking.class_types t on t.id = s.class_type_id
  join booking.instructors i on i.id = s.instructor_id
  join booking.rooms r on r.id = s.room_id
  join business.businesses b on b.id = o.business_id
  cross join lateral (select s.capacity - s.seats_taken + booking.holds_run_out(s.id) as seats_left) n
  where o.id = sales.find_cart(cart.business_id, cart.cart_token)
  order by l.position;
end $$;
comment on function api.cart is 'The cart''s lines at today''s prices, each with the reason it cannot be bought now, if any.';
grant execute on function api.cart to anon, authenticated;

create function api.claim_cart(business_id uuid, cart_token text) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := members.require_me(claim_cart.business_id);
  brought uuid;
  own uuid;
begin
  select o.id into brought from sales.orders o
  where o.business_id = claim_cart.business_id and o.state = 'cart' and o.member_id is null and o.cart_token_hash = platform.token_hash(claim_cart.cart_token) for no key update;
  if brought is null then return 0; end if;
  select o.id into own from sales.orders o where o.business_id = claim_cart.business_id and o.state = 'cart' and o.member_id = me for no key update;
  if own is null then
    update sales.orders o set member_id = me where o.id = brought;
  else
    update sales.order_lines l set order_id = own, position = l.position + (select coalesce(max(x.position), 0) from sales.order_lines x where x.order_id = own)
    where l.order_id = brought and not exists (select from sales.order_lines x where x.order_id = own and x.session_id = l.session_id);
    delete from sales.orders o where o.id = brought;
  end if;
  return (select count(*)::int from sales.order_lines l where l.order_id = coalesce(own, brought));
end $$;
comment on function api.claim_cart is 'After signing in: the visitor''s cart becomes (or joins) the member''s. Answers its number of lines.';
grant execute on function api.claim_cart to authenticated;

create function api.viewer(business_id uuid, cart_token text default null)
returns table (user_id uuid, member_id uuid, name text, email text, locale text, roles text[], cart_count int, unread int)
language plpgsql stable security definer set search_path = '' rows 1 as $$
#variable_conflict use_column
begin
  return query
  select (select auth.uid()), m.id, m.name, m.email::text, m.locale,
    array(select s.role from business.staff s where s.business_id = viewer.business_id and s.user_id = (select auth.uid()) and s.until is null order by business.rank(s.role) desc),
    (select count(*)::int from sales.order_lines l where l.order_id = sales.find_cart(viewer.business_id, viewer.cart_token)),
    case when m.id is null then 0 else messages.unread(m.id) end
  from (select 1) one left join members.members m on m.business_id = viewer.business_id and m.user_id = (select auth.uid());
end $$;
comment on function api.viewer is 'Who is asking, for the header of every page: one row.';
grant execute on function api.viewer to anon, authenticated;

create function api.prune_carts() returns int
language sql volatile security definer set search_path = '' as $$
  with gone as (delete from sales.orders o where o.state = 'cart' and o.created_at < now() - interval '30 days' returning 1) select count(*)::int from gone;
$$;
grant execute on function api.prune_carts to service_role;

-- Read as the owner: a booking stays in its member's list when its teacher or class is no longer published.
create function api.my_bookings(business_id uuid, past boolean default false, before_at timestamptz default null, page_size int default 50)
returns table (booking_id uuid, session_id uuid, state text, held_until timestamptz, starts_at timestamptz, ends_at timestamptz, class_slug text, class_name jsonb, style text, instructor_name text, room_name text, location_name text,
  order_id uuid, free_cancel_until timestamptz, late_refund_percent int, session_state text)
language sql stable security definer set search_path = '' rows 20 as $$
  -- As the owner: what was booked stays the member's to see when its class or teacher is no longer shown to visitors.
  select k.id, s.id, k.state, k.held_until, s.starts_at, s.ends_at, t.slug, t.name, t.style, i.name, r.name, l.name, n.order_id, k.free_cancel_until, k.late_refund_percent, s.state
  from booking.bookings k
  join booking.sessions s on s.business_id = k.business_id and s.id = k.session_id
  join booking.class_types t on t.business_id = s.business_id and t.id = s.class_type_id
  join booking.instructors i on i.business_id = s.business_id and i.id = s.instructor_id
  join booking.rooms r on r.business_id = s.business_id and r.id = s.room_id
  join business.locations l on l.business_id = r.business_id and l.id = r.location_id
  left join sales.order_lines n on n.id = k.order_line_id
  where k.business_id = my_bookings.business_id and k.member_id = (select m.id from members.members m where m.business_id = my_bookings.business_id and m.user_id = (select auth.uid()))
    and k.state <> 'expired' and not (k.state = 'held' and k.held_until <= now())
    and case when my_bookings.past then k.starts_at < coalesce(my_bookings.before_at, now()) and s.ends_at <= now() else k.starts_at >= now() - interval '6 hours' and s.ends_at > now() end
  order by case when my_bookings.past then - extract(epoch from k.starts_at) else extract(epoch from k.starts_at) end
  limit least(greatest(my_bookings.page_size, 1), 200);
$$;
comment on function api.my_bookings is 'The asker''s bookings: upcoming first to come, or past latest first (keyset by before_at). Expired holds are left out.';
grant execute on function api.my_bookings to authenticated;
