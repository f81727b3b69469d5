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
  location_id uuid,
  serving text check (serving in ('takeaway', 'eat_in')),
  table_label text check (length(table_label) between 1 and 20),
  pickup_at timestamptz,
  ready_by timestamptz,
  note text check (length(note) between 1 and 200),
  promotion_id uuid,
  reward_id uuid,
  created_at timestamptz not null default now(),
  check (state = 'cart' or (reference is not null and placed_at is not null and member_id is not null)),
  constraint only_receipts_are_numbered check (number is null or state in ('paid', 'closed')),
  unique (business_id, id),
  unique (business_id, reference),
  unique (business_id, number),
  foreign key (business_id, member_id) references members.members (business_id, id) on delete restrict,
  foreign key (business_id, location_id) references shop.counters (business_id, location_id) on delete restrict
);
comment on table sales.orders is 'cart → placed → paid → closed, or → expired | cancelled. What is settled stays settled: later changes are refunds.';
comment on column sales.orders.reference is 'What people call the order from the moment it is placed.';
comment on column sales.orders.number is 'The receipt''s number, gapless per business and year; null until sales.number_orders comes by, and for ever where nothing was paid for.';
comment on column sales.orders.location_id is 'Where what is ordered from the bar is handed over. serving, table_label: taken away, or eaten in and where.';
comment on column sales.orders.promotion_id is 'Whose code is in the cart, reward_id: which reward for points; what they took off is in the lines'' discounts.';
comment on column sales.orders.pickup_at is 'When the buyer wants to collect; null: as soon as it can be made. ready_by: what they were promised when it was placed.';
create index orders_location_id_idx on sales.orders (business_id, location_id) where location_id is not null;
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
  person_id uuid,
  guest_name text check (length(guest_name) between 1 and 120),
  pass_id uuid,
  credits int not null default 0 check (credits >= 0),
  plan_id uuid,
  about_booking_id uuid,
  product_id uuid,
  modifier_ids uuid[] not null default '{}',
  modifiers jsonb not null default '[]',
  note text check (length(note) between 1 and 140),
  make_seconds int not null default 0,
  stock jsonb,
  discounts jsonb not null default '[]',
  details jsonb not null default '{}',
  label jsonb not null,
  quantity int not null default 1 check (quantity between 1 and 1000),
  unit_price_cents bigint not null check (unit_price_cents >= 0),
  discount_cents bigint not null default 0 check (discount_cents >= 0),
  tax_rate_bp int not null default 0,
  tax_cents bigint not null default 0,
  total_cents bigint not null default 0 check (total_cents >= 0),
  refunded_cents bigint not null default 0,
  returned int not null default 0,
  state text not null default 'held' check (state in ('held', 'fulfilled', 'reversed')),
  check ((kind = 'seat') = (session_id is not null)),
  check ((kind in ('pass', 'membership')) = (plan_id is not null)),
  check ((kind = 'product') = (product_id is not null)),
  check (kind = 'product' or (modifier_ids = '{}' and stock is null)),
  check (kind = 'seat' or (person_id is null and guest_name is null and pass_id is null)),
  constraint never_refund_more_than_paid check (refunded_cents between 0 and total_cents),
  constraint never_return_more_than_bought check (returned between 0 and quantity),
  unique (business_id, id),
  unique (order_id, position),
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete cascade,
  foreign key (business_id, session_id) references booking.sessions (business_id, id) on delete restrict,
  foreign key (business_id, person_id) references members.members (business_id, id) on delete restrict,
  foreign key (business_id, pass_id) references members.passes (business_id, id) on delete restrict,
  foreign key (business_id, plan_id) references members.plans (business_id, id) on delete restrict,
  foreign key (business_id, about_booking_id) references booking.bookings (business_id, id) on delete restrict,
  foreign key (business_id, product_id) references shop.products (business_id, id) on delete restrict
);
comment on column sales.order_lines.person_id is 'Whose seat, when it is not the buyer''s own (a dependant). guest_name: a guest''s of that person.';
comment on column sales.order_lines.pass_id is 'The pass that pays for the seat; credits: how many of it (0: without limit). Such a line costs no money.';
comment on column sales.order_lines.about_booking_id is 'Of a fee: the booking it is for.';
comment on column sales.order_lines.modifier_ids is 'What was chosen, one more than once where it is wanted twice. modifiers: as it was when placed, [{"modifier_id", "group", "name", "price_cents", "times", "usual"}]; their prices are in unit_price_cents.';
comment on column sales.order_lines.stock is 'What the line takes from stock, reserved while it is held: [{"item", "quantity"}]; null: nothing is kept for it.';
comment on column sales.order_lines.discounts is 'Why the line costs less, [{"kind", "label", "cents", …}]; their sum is discount_cents, with what a pass pays.';
comment on column sales.order_lines.details is 'What only this kind of line needs (a gift card: whom it is for and when it is sent; a fee: product_unknown where a till sold something we do not know).';
comment on column sales.order_lines.refunded_cents is 'Requested and done refunds of this line.';
comment on column sales.order_lines.returned is 'Of something from the bar: how many of its pieces were taken back or called off, whatever money went back for them.';
comment on column sales.order_lines.state is 'reversed: something of it went back or was called off. How much: refunded_cents, returned.';
create unique index order_lines_session_once on sales.order_lines (order_id, session_id, coalesce(person_id::text, ''), coalesce(guest_name, '')) where session_id is not null;
create unique index order_lines_plan_once on sales.order_lines (order_id, plan_id) where plan_id is not null;
create index order_lines_person_id_idx on sales.order_lines (business_id, person_id) where person_id is not null;
create index order_lines_pass_id_idx on sales.order_lines (business_id, pass_id) where pass_id is not null;
create index order_lines_plan_id_idx on sales.order_lines (business_id, plan_id) where plan_id is not null;
create index order_lines_about_booking_id_idx on sales.order_lines (business_id, about_booking_id) where about_booking_id is not null;
create index order_lines_product_id_idx on sales.order_lines (business_id, product_id) where product_id is not null;
create index order_lines_order_id_idx on sales.order_lines (business_id, order_id);
create index order_lines_session_id_idx on sales.order_lines (business_id, session_id) where session_id is not null;
alter table booking.bookings add foreign key (business_id, order_line_id) references sales.order_lines (business_id, id) on delete restrict;
drop index booking.bookings_order_line_id_idx;
create index bookings_order_line_id_idx on booking.bookings (business_id, order_line_id);
alter table members.passes add foreign key (business_id, order_line_id) references sales.order_lines (business_id, id) on delete restrict;
alter table members.memberships add foreign key (business_id, order_line_id) references sales.order_lines (business_id, id) on delete restrict;
create index memberships_order_line_id_idx on members.memberships (business_id, order_line_id);

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
  -- Half up, once per line.
  return floor(tax_in.amount_cents::numeric * tax_in.rate_bp / case when tax_in.inclusive then 10000 + tax_in.rate_bp else 10000 end + 0.5)::bigint;
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

create function sales.open_cart(business_id uuid, cart_token text, me uuid) returns uuid
language plpgsql volatile set search_path = '' as $$
declare the_cart uuid;
begin
  if coalesce(length(open_cart.cart_token), 0) not between 32 and 128 then perform platform.refuse(400, 'cart_token_invalid'); end if;
  the_cart := sales.find_cart(open_cart.business_id, open_cart.cart_token);
  if the_cart is null then
    -- Two first clicks at once make one cart.
    insert into sales.orders (business_id, member_id, cart_token_hash, currency)
    select b.id, open_cart.me, platform.token_hash(open_cart.cart_token), b.currency from business.businesses b where b.id = open_cart.business_id on conflict do nothing;
    the_cart := sales.find_cart(open_cart.business_id, open_cart.cart_token);
  end if;
  perform 1 from sales.orders o where o.id = the_cart and o.state = 'cart' for no key update;
  if not found then perform platform.refuse(409, 'cart_changed'); end if;
  return the_cart;
end $$;
comment on function sales.open_cart is 'The asker''s cart, made when there is none, locked. Refuses 400 cart_token_invalid, 409 cart_changed.';

create function sales.next_position(order_id uuid) returns int
language plpgsql stable set search_path = '' as $$
begin
  -- A tip is no line that somebody chose.
  if (select count(*) from sales.order_lines l where l.order_id = next_position.order_id and l.kind <> 'tip') >= 20 then perform platform.refuse(409, 'cart_full'); end if;
  return coalesce((select max(l.position) from sales.order_lines l where l.order_id = next_position.order_id), 0) + 1;
end $$;

create function sales.read_people(me uuid, participants jsonb) returns table (person_id uuid, guest_name text)
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare
  x jsonb;
  who uuid;
  guest text;
begin
  if participants is null or jsonb_typeof(participants) <> 'array' or jsonb_array_length(participants) = 0 then
    return query select read_people.me, null::text;
    return;
  end if;
  if jsonb_array_length(participants) > 20 then perform platform.refuse(422, 'participants_invalid'); end if;
  for x in select * from jsonb_array_elements(participants) loop
    guest := nullif(trim(x ->> 'guest_name'), '');
    who := coalesce((x ->> 'person_id')::uuid, read_people.me);
    if length(guest) > 120 then perform platform.refuse(422, 'participants_invalid'); end if;
    -- A visitor who is not signed in yet buys for themselves and named guests; the rest is known after signing in.
    if who is not null and read_people.me is not null and not members.may_book_for(read_people.me, who) then perform platform.refuse(404, 'person_not_found'); end if;
    if who is not null and read_people.me is null then perform platform.refuse(401, 'sign_in_first'); end if;
    return query select who, guest;
  end loop;
exception when invalid_text_representation then
  perform platform.refuse(422, 'participants_invalid');
end $$;
comment on function sales.read_people is 'Who the seats are for: [{"person_id": …} | {"guest_name": …}], nothing = the asker. Refuses 401 sign_in_first, 404 person_not_found, 422 participants_invalid.';

create function sales.planned_credits(order_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((select jsonb_object_agg(x.pass_id, x.n) from (select l.pass_id, sum(t.credits) as n from sales.order_lines l join booking.sessions s on s.id = l.session_id join booking.class_types t on t.id = s.class_type_id
    where l.order_id = planned_credits.order_id and l.pass_id is not null group by 1) x), '{}');
end $$;
comment on function sales.planned_credits is 'What the seats in a cart take of each pass: {pass_id: credits}.';

create function api.add_seat_to_cart(business_id uuid, session_id uuid, cart_token text, participants jsonb default null) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  the_cart uuid;
  s record;
  w record;
  line uuid;
  first_line uuid;
  me uuid;
begin
  select x.*, t.name as class_name, t.published, t.tax_rate_bp, booking.opens_at(x.starts_at, t.opens_days_before, z.time_zone) as opens_at, t.closes_minutes_before, t.credits as cost,
      booking.seats_free(x) + booking.holds_run_out(x.id) as seats_left
    into s from booking.sessions x join booking.class_types t on t.id = x.class_type_id join business.businesses z on z.id = x.business_id
    where x.id = add_seat_to_cart.session_id and x.business_id = add_seat_to_cart.business_id;
  if s.id is null or not s.published or s.hidden_at is not null then perform platform.refuse(404, 'session_not_found'); end if;
  if s.state = 'cancelled' then perform platform.refuse(409, 'session_cancelled'); end if;
  if s.starts_at <= now() then perform platform.refuse(409, 'session_past'); end if;
  if s.starts_at - make_interval(mins => s.closes_minutes_before) <= now() then perform platform.refuse(409, 'booking_closed'); end if;
  if s.opens_at > now() then perform platform.refuse(409, 'booking_not_open', jsonb_build_object('session_id', s.id, 'opens_at', s.opens_at)); end if;
  if auth.uid() is not null then me := members.require_me(s.business_id); end if;
  the_cart := sales.open_cart(s.business_id, add_seat_to_cart.cart_token, me);
  for w in select * from sales.read_people(me, add_seat_to_cart.participants) loop
    if me is not null and exists (select from booking.bookings b where b.session_id = s.id and b.member_id = w.person_id and coalesce(b.guest_name, '') = coalesce(w.guest_name, '')
        and b.state in ('held', 'confirmed', 'checked_in', 'no_show') and (b.state <> 'held' or b.held_until > now())) then
      perform platform.refuse(409, 'already_booked', jsonb_build_object('session_id', s.id));
    end if;
    line := null;
    select l.id into line from sales.order_lines l where l.order_id = the_cart and l.session_id = s.id and coalesce(l.person_id, me) is not distinct from w.person_id and coalesce(l.guest_name, '') = coalesce(w.guest_name, '');
    if line is null then
      if s.seats_left <= 0 then perform platform.refuse(409, 'session_full', jsonb_build_object('session_id', s.id)); end if;
      insert into sales.order_lines as l (business_id, order_id, position, kind, session_id, person_id, guest_name, pass_id, label, unit_price_cents, tax_rate_bp)
      values (s.business_id, the_cart, sales.next_position(the_cart), 'seat', s.id, nullif(w.person_id, me), w.guest_name,
        -- A pass that pays is taken first; the cart says so and lets them choose money instead.
        case when me is not null and s.price_cents > 0 then members.pass_for(me, w.person_id, w.guest_name is not null, (select x from booking.sessions x where x.id = s.id), s.cost, sales.planned_credits(the_cart)) end,
        s.class_name, s.price_cents, s.tax_rate_bp)
      returning l.id into line;
    end if;
    first_line := coalesce(first_line, line);
  end loop;
  return first_line;
end $$;
comment on function api.add_seat_to_cart is 'Puts seats in the cart (each once) and answers the first line. participants: see sales.read_people. Nothing is held yet. Refuses 404 session_not_found, person_not_found, 409 session_cancelled, session_past, session_full, booking_closed, booking_not_open, already_booked, cart_full.';
grant execute on function api.add_seat_to_cart to anon, authenticated;

create function members.check_plan(n members.plans, me uuid) returns void
language plpgsql stable set search_path = '' as $$
declare problem text := members.plan_problem(n, check_plan.me);
begin
  if problem is not null then perform platform.refuse(409, problem, jsonb_build_object('plan', n.slug)); end if;
end $$;
comment on function members.check_plan is 'Refuses 409 plan_once_each, plan_first_timers_only, membership_already.';

create function api.add_plan_to_cart(business_id uuid, plan_slug text, cart_token text) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  n members.plans;
  me uuid;
  the_cart uuid;
  line uuid;
begin
  select * into n from members.plans x where x.business_id = add_plan_to_cart.business_id and x.slug = add_plan_to_cart.plan_slug and x.published;
  if n.id is null then perform platform.refuse(404, 'plan_not_found'); end if;
  if auth.uid() is not null then
    me := members.require_me(n.business_id);
    perform members.check_plan(n, me);
  end if;
  the_cart := sales.open_cart(n.business_id, add_plan_to_cart.cart_token, me);
  select l.id into line from sales.order_lines l where l.order_id = the_cart and l.plan_id = n.id;
  if line is not null then return line; end if;
  -- One provider page starts one subscription.
  if n.kind = 'membership' and exists (select from sales.order_lines l where l.order_id = the_cart and l.kind = 'membership') then perform platform.refuse(409, 'one_membership_at_a_time'); end if;
  insert into sales.order_lines as l (business_id, order_id, position, kind, plan_id, label, unit_price_cents, tax_rate_bp)
  values (n.business_id, the_cart, sales.next_position(the_cart), case n.kind when 'pack' then 'pass' else 'membership' end, n.id, n.name, n.price_cents, n.tax_rate_bp)
  returning l.id into line;
  return line;
end $$;
comment on function api.add_plan_to_cart is 'Puts a pack or a membership in the cart, once. Refuses 404 plan_not_found, 409 plan_once_each, plan_first_timers_only, membership_already, one_membership_at_a_time, cart_full.';
grant execute on function api.add_plan_to_cart to anon, authenticated;

create function api.add_top_up_to_cart(business_id uuid, amount_cents bigint, cart_token text) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid;
  the_cart uuid;
  line uuid;
begin
  if add_top_up_to_cart.amount_cents is null or add_top_up_to_cart.amount_cents not between 100 and 100000000 then perform platform.refuse(422, 'amount_invalid', '{"field": "amount_cents"}'); end if;
  if auth.uid() is not null then me := members.require_me(add_top_up_to_cart.business_id); end if;
  the_cart := sales.open_cart(add_top_up_to_cart.business_id, add_top_up_to_cart.cart_token, me);
  -- Another amount replaces the first.
  delete from sales.order_lines l where l.order_id = the_cart and l.kind = 'top_up';
  insert into sales.order_lines as l (business_id, order_id, position, kind, label, unit_price_cents)
  values (add_top_up_to_cart.business_id, the_cart, sales.next_position(the_cart), 'top_up', '{"en": "Wallet top-up", "es": "Recarga del monedero"}', add_top_up_to_cart.amount_cents)
  returning l.id into line;
  return line;
end $$;
comment on function api.add_top_up_to_cart is 'Money for the member''s wallet, in minor units; one amount a cart. Refuses 422 amount_invalid, 409 cart_full.';
grant execute on function api.add_top_up_to_cart to anon, authenticated;

create function api.choose_payment(business_id uuid, line_id uuid, pass_id uuid default null, cart_token text default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid := members.require_me(choose_payment.business_id);
  l sales.order_lines;
  p members.passes;
  s booking.sessions;
  problem text;
begin
  select x.* into l from sales.order_lines x join sales.orders o on o.id = x.order_id
  where x.id = choose_payment.line_id and x.kind = 'seat' and o.state = 'cart' and o.id = sales.find_cart(choose_payment.business_id, choose_payment.cart_token) for no key update of x;
  if l.id is null then perform platform.refuse(404, 'cart_line_not_found'); end if;
  if choose_payment.pass_id is not null then
    select * into p from members.passes x where x.id = choose_payment.pass_id and x.business_id = l.business_id and x.member_id in (me, l.person_id);
    if p.id is null then perform platform.refuse(404, 'pass_not_found'); end if;
    select * into s from booking.sessions x where x.id = l.session_id;
    problem := members.pass_problem(p, coalesce(l.person_id, me), l.guest_name is not null, s, (select t.credits from booking.class_types t where t.id = s.class_type_id)
      + coalesce(((sales.planned_credits(l.order_id) ->> p.id::text)::int), 0) - case when l.pass_id = p.id then (select t.credits from booking.class_types t where t.id = s.class_type_id) else 0 end);
    if problem is not null then perform platform.refuse(409, problem, jsonb_build_object('session_id', s.id, 'pass_id', p.id)); end if;
  end if;
  update sales.order_lines x set pass_id = choose_payment.pass_id where x.id = l.id;
end $$;
comment on function api.choose_payment is 'Which pass pays for a seat in the cart; null: money. Refuses 404 cart_line_not_found, pass_not_found and what members.spend refuses.';
grant execute on function api.choose_payment to authenticated;

create function api.remove_cart_line(business_id uuid, line_id uuid, cart_token text default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  delete from sales.order_lines l using sales.orders o
  where l.id = remove_cart_line.line_id and o.id = l.order_id and o.state = 'cart' and o.id = sales.find_cart(remove_cart_line.business_id, remove_cart_line.cart_token);
  if not found then perform platform.refuse(404, 'cart_line_not_found'); end if;
end $$;
grant execute on function api.remove_cart_line to anon, authenticated;

create function sales.gross(amount_cents bigint, rate_bp int, business_id uuid) returns bigint
language plpgsql stable set search_path = '' as $$
begin
  return gross.amount_cents + (select case when b.prices_include_tax then 0 else sales.tax_in(gross.amount_cents, gross.rate_bp, false) end from business.businesses b where b.id = gross.business_id);
end $$;
comment on function sales.gross is 'What a price comes to with its tax, as the business writes its prices.';

create function sales.first_charge(n members.plans) returns bigint
language plpgsql immutable set search_path = '' as $$
begin
  return case when n.trial_days > 0 then 0 when n.intro_periods > 0 then n.intro_price_cents else n.price_cents end;
end $$;
comment on function sales.first_charge is 'What a membership costs today, in minor units: nothing during a trial, the introductory price while there is one.';

-- Prices --------------------------------------------------------------------------------------------------------------
create type sales.priced as (line_id uuid, kind text, label jsonb, quantity int, unit_cents bigint, gross_cents bigint, discount_cents bigint, discounts jsonb, rate_bp int, tax_cents bigint, total_cents bigint,
  credits int, modifiers jsonb, make_seconds int);
comment on type sales.priced is 'A line of an order at today''s prices, minor units: gross (unit with its modifiers × quantity) − discount = what is taxed; total is what is paid for it.';

create function sales.bare_lines(o sales.orders, drafts sales.order_lines[] default null) returns setof sales.priced
language plpgsql stable set search_path = '' rows 5 as $$
begin
  return query
  select x.id, x.kind, coalesce(t.name, n.name, p.name, x.label), x.quantity, u.cents, u.cents * x.quantity,
    case when x.pass_id is not null then u.cents * x.quantity else 0 end, '[]'::jsonb,
    case when x.kind <> 'product' then coalesce(t.tax_rate_bp, n.tax_rate_bp, x.tax_rate_bp) when (select shop.serving_of(o)) = 'takeaway' then coalesce(p.takeaway_tax_rate_bp, p.tax_rate_bp) else p.tax_rate_bp end,
    0::bigint, 0::bigint, case when x.pass_id is not null then t.credits else 0 end, coalesce(m.chosen, '[]'),
    case when x.kind = 'product' then greatest(0, p.make_seconds + coalesce(m.seconds, 0) + coalesce(c.seconds, 0)) * x.quantity else 0 end::int
  from (select y.* from sales.order_lines y where y.business_id = o.business_id and y.order_id = o.id union all select d.* from unnest(bare_lines.drafts) d) x
  left join booking.sessions s on s.business_id = x.business_id and s.id = x.session_id
  left join booking.class_types t on t.business_id = s.business_id and t.id = s.class_type_id
  left join members.plans n on n.business_id = x.business_id and n.id = x.plan_id
  left join shop.products p on p.business_id = x.business_id and p.id = x.product_id
  left join lateral (
    select sum(d.price_cents * k.times)::bigint as cents, sum(d.make_seconds * k.times) as seconds,
      jsonb_agg(jsonb_build_object('modifier_id', d.id, 'group', g.name, 'name', d.name, 'price_cents', d.price_cents, 'times', k.times, 'usual', d.is_default) order by g.position, d.position, d.id) as chosen
    from (select z.id, count(*)::int as times from unnest(x.modifier_ids) z (id) group by z.id) k
    join shop.modifiers d on d.id = k.id and d.business_id = x.business_id join shop.modifier_groups g on g.id = d.group_id
    where x.modifier_ids <> '{}') m on true
  left join lateral (select sum(q.make_seconds * i.quantity) as seconds from shop.bundle_items i join shop.products q on q.id = i.product_id where i.business_id = p.business_id and i.bundle_id = p.id and p.kind = 'bundle') c on true
  cross join lateral (select case x.kind when 'seat' then s.price_cents when 'pass' then n.price_cents when 'membership' then sales.first_charge(n)
    -- What is left out may cost less, but never less than nothing.
    -- charged_cents: what a till asked for it while it had no connection (api.sync_till_sales); nobody else writes it.
    when 'product' then coalesce((x.details ->> 'charged_cents')::bigint, greatest(0, p.price_cents + coalesce(m.cents, 0))) else x.unit_price_cents end as cents) u
  order by x.position;
end $$;
comment on function sales.bare_lines is 'The lines of an order or cart, and drafts of lines that are not written yet (sales.place), at today''s prices, before discounts of the whole, without tax and totals. make_seconds: a barista''s, of the whole line.';

create function sales.price(o sales.orders, drafts sales.order_lines[] default null) returns setof sales.priced
language plpgsql stable set search_path = '' rows 5 as $$
declare
  inclusive boolean := (select b.prices_include_tax from business.businesses b where b.id = o.business_id);
  lines sales.priced[] := array(select y from sales.bare_lines(o, price.drafts) y order by y.kind = 'tip');
  l sales.priced;
  ordered bigint := 0;
begin
  if o.promotion_id is not null or o.reward_id is not null then lines := sales.discounted(o, lines); end if;
  foreach l in array lines loop
    if l.kind = 'tip' then
      -- A percentage is of what comes from the bar, as it is paid; tips are outside tax, discounts and points.
      l.unit_cents := coalesce((select floor(ordered::numeric * (x.details ->> 'percent')::int / 100 + 0.5)::bigint from sales.order_lines x where x.id = l.line_id and x.details ? 'percent'), l.unit_cents);
      l.gross_cents := l.unit_cents;
    end if;
    l.tax_cents := sales.tax_in(l.gross_cents - l.discount_cents, l.rate_bp, inclusive);
    l.total_cents := l.gross_cents - l.discount_cents + case when inclusive then 0 else l.tax_cents end;
    if l.kind = 'product' then ordered := ordered + l.total_cents; end if;
    return next l;
  end loop;
end $$;
comment on function sales.price is 'What an order or cart costs today, line by line: modifiers into the line, discounts, tax (half up, once a line), the tip last. Both the cart and sales.place read it, so that what is shown is what is paid.';

create function api.cart(business_id uuid, cart_token text default null)
returns table (line_id uuid, kind text, session_id uuid, class_slug text, style text, label jsonb, starts_at timestamptz, ends_at timestamptz, instructor_name text, room_name text, quantity int, total_cents bigint, tax_cents bigint, currency text, seats_left int, problem text,
  person_name text, guest_name text, pass_id uuid, credits int, price_cents bigint, passes jsonb, plan_slug text, plan jsonb, wallet_cents bigint, discount_cents bigint, discounts jsonb, product jsonb, details jsonb, handover jsonb, promotion jsonb, loyalty jsonb)
language plpgsql stable security definer set search_path = '' rows 5 as $$
#variable_conflict use_column
declare
  me uuid := case when auth.uid() is not null then (select m.id from members.members m where m.business_id = cart.business_id and m.user_id = auth.uid()) end;
  wallet bigint := 0;
  o sales.orders;
  handed jsonb;
  promoted jsonb;
  pointed jsonb;
begin
  select * into o from sales.orders x where x.id = sales.find_cart(cart.business_id, cart.cart_token);
  if o.id is null then return; end if;
  -- As placing it will: a visitor's cart is whoever's who has signed in.
  o.member_id := coalesce(o.member_id, me);
  promoted := sales.promotion_in(o);
  pointed := loyalty.in_cart(o);
  if me is not null then
    wallet := coalesce((select -a.balance - a.reserved from ledger.accounts a join business.businesses b on b.id = a.business_id where a.business_id = cart.business_id and a.unit = b.currency::text and a.kind = 'wallet' and a.owner = me::text), 0);
  end if;
  if exists (select from sales.order_lines x where x.business_id = o.business_id and x.order_id = o.id and x.kind = 'product') then handed := shop.handover(o); end if;
  return query
  select l.id, l.kind, s.id, t.slug, t.style, c.label, s.starts_at, s.ends_at, i.name, r.name, l.quantity, c.total_cents, c.tax_cents, o.currency::text, n.seats_left,
    case when l.kind = 'product' then shop.line_problem(l, o)
      when l.kind <> 'seat' then null
      when not t.published or s.hidden_at is not null then 'session_not_found'
      when s.state = 'cancelled' then 'session_cancelled' when s.starts_at <= now() then 'session_past'
      when s.starts_at - make_interval(mins => t.closes_minutes_before) <= now() then 'booking_closed'
      when me is not null and exists (select from booking.bookings k where k.session_id = s.id and k.member_id = coalesce(l.person_id, me) and coalesce(k.guest_name, '') = coalesce(l.guest_name, '') and (k.state in ('confirmed', 'checked_in') or k.state = 'held' and k.held_until > now())) then 'already_booked'
      when n.seats_left <= 0 then 'session_full'
      when l.pass_id is not null then (select members.pass_problem(q, coalesce(l.person_id, me), l.guest_name is not null, s, t.credits) from members.passes q where q.id = l.pass_id) end,
    w.name, l.guest_name, l.pass_id, case when l.pass_id is not null then t.credits end, c.gross_cents,
    -- What could pay for this seat, for the choice in the cart.
    case when l.kind = 'seat' and me is not null and s.price_cents > 0 then (select jsonb_agg(jsonb_build_object('pass_id', q.id, 'name', x.name, 'credits_left', members.credits_left(q), 'expires_at', q.expires_at) order by q.credits is not null, q.expires_at nulls last)
      from members.passes q join members.plans x on x.id = q.plan_id where q.business_id = o.business_id and q.member_id in (me, l.person_id) and q.state = 'active'
        and (q.id = l.pass_id or members.pass_problem(q, coalesce(l.person_id, me), l.guest_name is not null, s, t.credits) is null)) end,
    p.slug, case when p.id is not null then jsonb_build_object('kind', p.kind, 'every', p.every, 'credits', p.credits, 'price_cents', p.price_cents, 'trial_days', p.trial_days, 'intro_price_cents', p.intro_price_cents, 'intro_periods', p.intro_periods, 'valid_days', p.valid_days, 'starts', p.starts) end, wallet,
    c.discount_cents, c.discounts, case when d.id is not null then jsonb_build_object('slug', d.slug, 'picture', coalesce('own/' || d.picture_hash, d.picture), 'unit_cents', c.unit_cents, 'modifiers', c.modifiers, 'note', l.note, 'make_seconds', c.make_seconds) end, l.details, handed, promoted, pointed
  from sales.price(o) c
  join sales.order_lines l on l.id = c.line_id
  left join booking.sessions s on s.business_id = l.business_id and s.id = l.session_id
  left join booking.class_types t on t.business_id = s.business_id and t.id = s.class_type_id
  left join booking.instructors i on i.business_id = s.business_id and i.id = s.instructor_id
  left join booking.rooms r on r.business_id = s.business_id and r.id = s.room_id
  left join members.plans p on p.business_id = l.business_id and p.id = l.plan_id
  left join members.members w on w.business_id = l.business_id and w.id = l.person_id
  left join shop.products d on d.business_id = l.business_id and d.id = l.product_id
  left join lateral (select booking.seats_free(s) + booking.holds_run_out(s.id) as seats_left where s.id is not null) n on true
  order by l.position;
end $$;
comment on function api.cart is 'The cart''s lines at today''s prices, each with the reason it cannot be bought now, if any. passes: what could pay for a seat instead of money; price_cents: what it costs without pass and discounts. product: slug, picture, modifiers, note of what comes from the bar; handover (same in every row): see shop.handover; promotion, loyalty (the same in every row): see sales.promotion_in, loyalty.in_cart. wallet_cents: what the asker has in their wallet, in every row.';
grant execute on function api.cart to anon, authenticated;

create function api.claim_cart(business_id uuid, cart_token text) returns int
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid := members.require_me(claim_cart.business_id);
  brought uuid;
  own uuid;
  l record;
begin
  select o.id into brought from sales.orders o
  where o.business_id = claim_cart.business_id and o.state = 'cart' and o.member_id is null and o.cart_token_hash = platform.token_hash(claim_cart.cart_token) for no key update;
  if brought is null then return 0; end if;
  select o.id into own from sales.orders o where o.business_id = claim_cart.business_id and o.state = 'cart' and o.member_id = me for no key update;
  if own is null then
    update sales.orders o set member_id = me where o.id = brought;
  else
    update sales.cart_tenders t set order_id = own where t.order_id = brought and not exists (select from sales.cart_tenders x where x.order_id = own and x.provider = t.provider and x.gift_card_id is not distinct from t.gift_card_id);
    update sales.order_lines l set order_id = own, position = l.position + (select coalesce(max(x.position), 0) from sales.order_lines x where x.order_id = own)
    where l.order_id = brought and not exists (select from sales.order_lines x where x.order_id = own and (x.session_id = l.session_id and coalesce(x.guest_name, '') = coalesce(l.guest_name, '') or x.plan_id = l.plan_id or x.kind = 'top_up' and l.kind = 'top_up'
      or x.kind = 'membership' and l.kind = 'membership' or x.kind = 'tip' and l.kind = 'tip'));
    -- What was said last about collecting is what was meant.
    update sales.orders o set (location_id, serving, table_label, pickup_at, note, promotion_id, reward_id) = (select coalesce(x.location_id, o.location_id), coalesce(x.serving, o.serving), coalesce(x.table_label, o.table_label), coalesce(x.pickup_at, o.pickup_at), coalesce(x.note, o.note), coalesce(x.promotion_id, o.promotion_id), coalesce(x.reward_id, o.reward_id) from sales.orders x where x.id = brought)
    where o.id = own;
    delete from sales.orders o where o.id = brought;
  end if;
  -- Now that we know who it is, what they have already pays first.
  for l in select x.id, x.guest_name, s as session, t.credits from sales.order_lines x join booking.sessions s on s.id = x.session_id join booking.class_types t on t.id = s.class_type_id
      where x.order_id = coalesce(own, brought) and x.pass_id is null and x.person_id is null and s.price_cents > 0 order by x.position loop
    update sales.order_lines x set pass_id = members.pass_for(me, me, l.guest_name is not null, l.session, l.credits, sales.planned_credits(coalesce(own, brought))) where x.id = l.id;
  end loop;
  return (select count(*)::int from sales.order_lines x where x.order_id = coalesce(own, brought));
end $$;
comment on function api.claim_cart is 'After signing in: the visitor''s cart becomes (or joins) the member''s, and their passes pay where they can. Answers its number of lines.';
grant execute on function api.claim_cart to authenticated;

create function booking.marks_of(business_id uuid, member_id uuid, from_at timestamptz, until_at timestamptz) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object('session_id', coalesce(k.session_id, e.session_id), 'my_booking_id', k.id, 'my_booking_state', k.state, 'my_entry_state', e.state)), '[]')
    from (select b.session_id, b.id, b.state from booking.bookings b
      where b.business_id = marks_of.business_id and b.member_id = marks_of.member_id and b.starts_at >= marks_of.from_at and b.starts_at < marks_of.until_at and b.guest_name is null
        and b.state in ('held', 'confirmed', 'checked_in', 'no_show') and (b.state <> 'held' or b.held_until > now())) k
    full join (select w.session_id, w.state from booking.waitlist_entries w join booking.sessions s on s.id = w.session_id
      where w.business_id = marks_of.business_id and w.member_id = marks_of.member_id and w.state in ('waiting', 'offered') and s.starts_at >= marks_of.from_at and s.starts_at < marks_of.until_at) e
    on e.session_id = k.session_id);
end $$;
comment on function booking.marks_of is 'What a member has on what is on between two instants, in the words of api.timetable: laid over the timetable that everybody sees, it is theirs.';

create function api.viewer(business_id uuid, cart_token text default null, from_at timestamptz default null, until_at timestamptz default null)
returns table (user_id uuid, member_id uuid, name text, email text, locale text, roles text[], cart_count int, unread int, marks jsonb)
language plpgsql stable security definer set search_path = '' rows 1 as $$
#variable_conflict use_column
begin
  return query
  select (select auth.uid()), m.id, m.name, m.email::text, m.locale,
    array(select s.role from business.staff s where s.business_id = viewer.business_id and s.user_id = (select auth.uid()) and s.until is null order by business.rank(s.role) desc),
    (select count(*)::int from sales.order_lines l where l.order_id = sales.find_cart(viewer.business_id, viewer.cart_token)),
    case when m.id is null then 0 else messages.unread(m.id) end,
    case when m.id is not null and viewer.from_at is not null then booking.marks_of(viewer.business_id, m.id, viewer.from_at, viewer.until_at) end
  from (select 1) one left join members.members m on m.business_id = viewer.business_id and m.user_id = (select auth.uid());
end $$;
comment on function api.viewer is 'Who is asking, for the header of every page: one row. Between two instants also their own marks on the timetable (booking.marks_of).';
grant execute on function api.viewer to anon, authenticated;

create function api.prune_carts() returns int
language sql volatile security definer set search_path = '' as $$
  with gone as (delete from sales.orders o where o.state = 'cart' and o.created_at < now() - interval '30 days' returning 1) select count(*)::int from gone;
$$;
grant execute on function api.prune_carts to service_role;
