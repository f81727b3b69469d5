-- Payments: attempts to pay an order, the webhook inbox, refunds; and the commands that turn a cart into something owned.

create schema payments;
grant usage on schema payments to anon, authenticated, service_role;

create function payments.rank(state text) returns int
language plpgsql immutable set search_path = '' as $$
begin
  return case rank.state when 'failed' then 0 when 'pending' then 0 when 'requires_action' then 1 when 'processing' then 2 when 'authorized' then 3 when 'canceled' then 3
    when 'captured' then 4 when 'partially_refunded' then 5 when 'refunded' then 6 when 'disputed' then 7 when 'dispute_won' then 8 when 'dispute_lost' then 8 end;
end $$;
comment on function payments.rank is 'An event never lowers a payment''s rank, so late and shuffled events do no harm.';

create table payments.payments (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  order_id uuid not null,
  provider text not null check (provider in ('stripe')),
  attempt int not null,
  provider_ref text,
  intent_ref text,
  url text,
  state text not null default 'pending' check (payments.rank(state) is not null),
  amount_cents bigint not null check (amount_cents > 0),
  currency char(3) not null,
  captured_cents bigint not null default 0 check (captured_cents >= 0),
  refund_requested_cents bigint not null default 0 check (refund_requested_cents >= 0),
  refunded_cents bigint not null default 0 check (refunded_cents >= 0),
  failure_code text,
  failure_message text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint never_refund_more_than_captured check (refunded_cents <= refund_requested_cents and refund_requested_cents <= captured_cents),
  unique (business_id, id),
  unique (order_id, attempt),
  unique (provider, provider_ref),
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete restrict
);
comment on column payments.payments.url is 'Where this attempt is paid; null before there is a page, and when it takes no more money.';
comment on column payments.payments.provider_ref is 'The provider''s name for this attempt (Stripe: the Checkout Session).';
create index payments_order_id_idx on payments.payments (business_id, order_id);
create index payments_intent_ref_idx on payments.payments (provider, intent_ref);
create index payments_open_idx on payments.payments (created_at) where state in ('pending', 'failed', 'requires_action', 'processing', 'authorized');

create table payments.payment_steps (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  payment_id uuid not null,
  from_state text,
  to_state text not null,
  at timestamptz not null default clock_timestamp(),
  by_user uuid,
  why text not null default '',
  foreign key (business_id, payment_id) references payments.payments (business_id, id) on delete cascade
);
create index payment_steps_payment_id_idx on payments.payment_steps (business_id, payment_id);

create table payments.webhook_inbox (
  id bigint generated always as identity primary key,
  provider text not null,
  event_id text not null,
  event_type text not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null default now(),
  facts jsonb not null,
  payload jsonb not null,
  state text not null default 'received' check (state in ('received', 'applied', 'ignored', 'failed')),
  outcome text,
  attempts int not null default 0,
  next_attempt_at timestamptz,
  unique (provider, event_id)
);
comment on table payments.webhook_inbox is 'Every event from outside, stored by its id before it is obeyed. facts: the event in our words; payload: as it came.';
create index webhook_inbox_next_idx on payments.webhook_inbox (next_attempt_at) where state = 'failed';
create index webhook_inbox_early_idx on payments.webhook_inbox ((facts ->> 'intent_ref')) where state = 'ignored' and facts ->> 'kind' in ('refund', 'dispute');

create table payments.refunds (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  order_id uuid not null,
  payment_id uuid not null,
  amount_cents bigint not null check (amount_cents > 0),
  currency char(3) not null,
  reason text not null check (reason in ('member_cancelled', 'session_cancelled', 'paid_too_late', 'paid_twice', 'amount_mismatch', 'staff', 'provider')),
  state text not null default 'requested' check (state in ('requested', 'succeeded', 'failed')),
  provider_ref text unique,
  transfer_id bigint,
  requested_by uuid,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  failure text,
  unique (business_id, id),
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete restrict,
  foreign key (business_id, payment_id) references payments.payments (business_id, id) on delete restrict,
  foreign key (business_id, transfer_id) references ledger.transfers (business_id, id) on delete restrict
);
create index refunds_order_id_idx on payments.refunds (business_id, order_id);
create index refunds_payment_id_idx on payments.refunds (business_id, payment_id);
create index refunds_transfer_id_idx on payments.refunds (business_id, transfer_id);

create table payments.refund_lines (
  business_id uuid not null,
  refund_id uuid not null,
  order_line_id uuid not null,
  amount_cents bigint not null check (amount_cents > 0),
  tax_cents bigint not null check (tax_cents >= 0),
  primary key (refund_id, order_line_id),
  foreign key (business_id, refund_id) references payments.refunds (business_id, id) on delete cascade,
  foreign key (business_id, order_line_id) references sales.order_lines (business_id, id) on delete restrict
);
create index refund_lines_refund_id_idx on payments.refund_lines (business_id, refund_id);
create index refund_lines_order_line_id_idx on payments.refund_lines (business_id, order_line_id);

create function payments.tg_payments__step() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' or new.state is distinct from old.state then
    insert into payments.payment_steps (business_id, payment_id, from_state, to_state, by_user, why)
    values (new.business_id, new.id, case when tg_op = 'UPDATE' then old.state end, new.state, auth.uid(), coalesce(current_setting('atrium.event', true), ''));
  end if;
  return null;
end $$;
create trigger tg_payments__step after insert or update of state on payments.payments for each row execute function payments.tg_payments__step();

create function payments.tell_order(order_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform realtime.send(jsonb_build_object('order_id', tell_order.order_id), 'order_changed', 'order:' || tell_order.order_id, true);
end $$;
comment on function payments.tell_order is 'Tells open order pages to read again; the message carries no personal data.';

alter table payments.payments enable row level security;
alter table payments.payment_steps enable row level security;
alter table payments.webhook_inbox enable row level security;
alter table payments.refunds enable row level security;
alter table payments.refund_lines enable row level security;
grant select on payments.payments, payments.payment_steps, payments.refunds, payments.refund_lines to authenticated;
create policy "Members see payments of their own orders, the front desk those of its business" on payments.payments for select to authenticated
  using (exists (select from sales.orders o where o.id = order_id and o.member_id in (select members.mine())) or business_id in (select business.where_i_am('front_desk')));
create policy "The front desk sees the steps of its business's payments" on payments.payment_steps for select to authenticated
  using (business_id in (select business.where_i_am('front_desk')));
create policy "Members see refunds of their own orders, the front desk those of its business" on payments.refunds for select to authenticated
  using (exists (select from sales.orders o where o.id = order_id and o.member_id in (select members.mine())) or business_id in (select business.where_i_am('front_desk')));
create policy "Members see the lines of their own refunds, the front desk those of its business" on payments.refund_lines for select to authenticated
  using (exists (select from payments.refunds r join sales.orders o on o.id = r.order_id where r.id = refund_id and o.member_id in (select members.mine())) or business_id in (select business.where_i_am('front_desk')));

-- The order as a document ---------------------------------------------------------------------------------------------
create function sales.order_document(order_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object(
    'order_id', o.id, 'business_id', o.business_id, 'reference', o.reference, 'number', o.number, 'channel', o.channel, 'currency', o.currency, 'tax_cents', o.tax_cents, 'total_cents', o.total_cents,
    'state', case when o.state = 'placed' and o.hold_expires_at <= now() then 'expired' else o.state end,
    'placed_at', o.placed_at, 'payment_confirmed_at', o.payment_confirmed_at, 'hold_expires_at', o.hold_expires_at, 'name', m.name, 'email', m.email,
    'lines', coalesce((select jsonb_agg(jsonb_build_object('line_id', l.id, 'kind', l.kind, 'label', l.label, 'quantity', l.quantity, 'unit_price_cents', l.unit_price_cents, 'tax_rate_bp', l.tax_rate_bp, 'tax_cents', l.tax_cents,
        'total_cents', l.total_cents, 'refunded_cents', l.refunded_cents, 'state', l.state, 'session_id', s.id, 'style', t.style, 'class_slug', t.slug, 'starts_at', s.starts_at, 'ends_at', s.ends_at, 'instructor_name', i.name, 'room_name', r.name,
        'booking_id', k.id, 'booking_state', k.state, 'free_cancel_until', k.free_cancel_until, 'late_refund_percent', k.late_refund_percent) order by l.position)
      from sales.order_lines l
      left join booking.sessions s on s.business_id = l.business_id and s.id = l.session_id
      left join booking.class_types t on t.business_id = s.business_id and t.id = s.class_type_id
      left join booking.instructors i on i.business_id = s.business_id and i.id = s.instructor_id
      left join booking.rooms r on r.business_id = s.business_id and r.id = s.room_id
      left join lateral (select * from booking.bookings x where x.business_id = l.business_id and x.order_line_id = l.id order by x.created_at desc limit 1) k on true
      where l.business_id = o.business_id and l.order_id = o.id), '[]'),
    'payment', (select jsonb_build_object('payment_id', p.id, 'attempt', p.attempt, 'state', p.state, 'url', p.url, 'provider', p.provider, 'provider_ref', p.provider_ref, 'failure_code', p.failure_code, 'failure_message', p.failure_message)
      from payments.payments p where p.business_id = o.business_id and p.order_id = o.id
        -- The one that paid for the goods; before there is one, the latest try.
        order by exists (select from ledger.transfers t where t.business_id = p.business_id and t.kind = 'sale' and t.source = 'payment:' || p.id) desc, p.attempt desc limit 1),
    'refunds', coalesce((select jsonb_agg(jsonb_build_object('refund_id', f.id, 'amount_cents', f.amount_cents, 'currency', f.currency, 'reason', f.reason, 'state', f.state, 'created_at', f.created_at, 'settled_at', f.settled_at) order by f.created_at)
      from payments.refunds f where f.business_id = o.business_id and f.order_id = o.id), '[]'))
  from sales.orders o join members.members m on m.business_id = o.business_id and m.id = o.member_id
  where o.id = order_document.order_id);
end $$;

create function sales.summary(o sales.orders) returns jsonb
language plpgsql immutable set search_path = '' as $$
begin
  return (
    select jsonb_build_object('order_id', o.id, 'reference', o.reference, 'number', o.number, 'state', o.state, 'total_cents', o.total_cents, 'currency', o.currency, 'hold_expires_at', o.hold_expires_at));
end $$;

create function api.order_page(business_id uuid, order_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform 1 from sales.orders o where o.id = order_page.order_id and o.business_id = order_page.business_id and o.state <> 'cart'
    and (o.member_id in (select members.mine()) or o.business_id in (select business.where_i_am('front_desk')) or (select auth.role()) = 'service_role');
  if not found then perform platform.refuse(404, 'order_not_found'); end if;
  return sales.order_document(order_page.order_id);
end $$;
comment on function api.order_page is 'An order with its lines, latest payment and refunds, for its member or the front desk. Not there and not yours are the same 404 order_not_found.';
grant execute on function api.order_page to authenticated, service_role;

create function api.my_orders(business_id uuid, before_at timestamptz default null, page_size int default 50)
returns table (order_id uuid, reference text, number text, state text, total_cents bigint, refunded_cents bigint, currency text, placed_at timestamptz, hold_expires_at timestamptz, labels jsonb)
language sql stable set search_path = '' rows 20 as $$
  select o.id, o.reference, o.number, case when o.state = 'placed' and o.hold_expires_at <= now() then 'expired' else o.state end, o.total_cents,
    coalesce((select sum(l.refunded_cents) from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id), 0)::bigint, o.currency::text, o.placed_at, o.hold_expires_at,
    (select jsonb_agg(l.label order by l.position) from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id)
  from sales.orders o
  where o.business_id = my_orders.business_id and o.state <> 'cart'
    and o.member_id = (select m.id from members.members m where m.business_id = my_orders.business_id and m.user_id = (select auth.uid()))
    and (my_orders.before_at is null or o.placed_at < my_orders.before_at)
  order by o.placed_at desc limit least(greatest(my_orders.page_size, 1), 200);
$$;
grant execute on function api.my_orders to authenticated;

-- Settling ------------------------------------------------------------------------------------------------------------
create function sales.fulfil_lines(o sales.orders) returns void
language plpgsql volatile set search_path = '' as $$
declare l sales.order_lines;
begin
  for l in select * from sales.order_lines x where x.business_id = o.business_id and x.order_id = o.id order by x.session_id nulls last loop
    if l.kind = 'seat' then
      -- Each session before its bookings, sessions in id order, as everywhere.
      perform 1 from booking.sessions s where s.id = l.session_id and s.state = 'scheduled' for no key update;
      if not found then
        perform platform.refuse(409, 'session_cancelled', jsonb_build_object('session_id', l.session_id));
      end if;
      update booking.bookings b set state = 'confirmed', held_until = null where b.business_id = l.business_id and b.order_line_id = l.id and b.state = 'held';
      if not found then
        -- The hold was given to someone else or swept: take another seat, if there is one.
        perform booking.take_seat(l.business_id, l.session_id, o.member_id, l.id, null, true, true);
      end if;
    else
      perform platform.refuse(501, 'line_kind_unknown', jsonb_build_object('kind', l.kind));
    end if;
  end loop;
  update sales.order_lines x set state = 'fulfilled' where x.business_id = o.business_id and x.order_id = o.id;
end $$;
comment on function sales.fulfil_lines is 'Each line fulfils itself by kind, all or none: a refusal undoes the whole.';

create function sales.release_lines(o sales.orders, to_state text, why text) returns void
language plpgsql volatile set search_path = '' as $$
declare b record;
begin
  for b in select k.id from booking.bookings k join sales.order_lines l on l.business_id = k.business_id and l.id = k.order_line_id
      where l.business_id = o.business_id and l.order_id = o.id and k.state = 'held' order by k.session_id loop
    perform booking.release_seat(b.id, release_lines.to_state, release_lines.why);
  end loop;
end $$;

create function sales.announce_confirmed(o sales.orders) returns void
language plpgsql volatile set search_path = '' as $$
begin
  -- The order's document is made when the e-mail is sent (api.take_emails): buying does not wait for it.
  perform messages.notify(o.business_id, o.member_id, 'order_confirmed', o.id::text, jsonb_build_object('order_id', o.id));
  perform payments.tell_order(o.id);
end $$;

create function sales.confirm(o sales.orders, payment_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
  ids bigint[];
  amounts bigint[];
begin
  update sales.orders x set state = 'paid', payment_confirmed_at = now() where x.id = o.id;
  perform sales.announce_confirmed(o);
  -- The ledger's rows are the busiest: they are locked last and for the shortest time.
  select array_agg(x.account order by x.n), array_agg(x.amount order by x.n) into ids, amounts from (
    select 0 as n, ledger.account(o.business_id, o.currency::text, 'clearing', 'stripe') as account, o.total_cents as amount
    union all
    select 1, ledger.account(o.business_id, o.currency::text, 'revenue', case l.kind when 'seat' then 'classes' else l.kind end), -(l.total_cents - l.tax_cents) from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id
    union all
    select 2, ledger.account(o.business_id, o.currency::text, 'tax', l.tax_rate_bp::text), -l.tax_cents from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id and l.tax_cents > 0) x;
  perform ledger.transfer(o.business_id, 'sale', 'payment:' || confirm.payment_id, ids, amounts);
end $$;
comment on function sales.confirm is 'A captured payment has paid for goods that were just fulfilled: the order is paid, the buyer is told, the ledger has it.';

create function payments.request_refund(p payments.payments, amount_cents bigint, reason text, line_ids uuid[] default null, line_amounts bigint[] default null) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  made uuid;
  ids bigint[];
  amounts bigint[];
  transfer bigint;
begin
  insert into payments.refunds as r (business_id, order_id, payment_id, amount_cents, currency, reason, requested_by)
  values (p.business_id, p.order_id, p.id, request_refund.amount_cents, p.currency, request_refund.reason, auth.uid()) returning r.id into made;
  begin
    update payments.payments x set refund_requested_cents = x.refund_requested_cents + request_refund.amount_cents, updated_at = now() where x.id = p.id;
    if request_refund.line_ids is not null then
      -- A line's tax goes back in proportion; the last refund of a line takes what is left, so the cents add up.
      insert into payments.refund_lines (business_id, refund_id, order_line_id, amount_cents, tax_cents)
      select l.business_id, made, l.id, u.amount,
        case when l.refunded_cents + u.amount = l.total_cents
          then l.tax_cents - coalesce((select sum(y.tax_cents) from payments.refund_lines y join payments.refunds z on z.id = y.refund_id where y.order_line_id = l.id and z.state <> 'failed'), 0)
          else floor(l.tax_cents::numeric * u.amount / l.total_cents + 0.5)::bigint end
      from unnest(request_refund.line_ids, request_refund.line_amounts) as u (id, amount) join sales.order_lines l on l.id = u.id and l.order_id = p.order_id;
      update sales.order_lines l set refunded_cents = l.refunded_cents + y.amount_cents, state = 'reversed' from payments.refund_lines y where y.refund_id = made and l.id = y.order_line_id;
    end if;
  exception when check_violation then
    perform platform.refuse(409, 'refund_above_paid');
  end;
  if request_refund.line_ids is null then
    ids := array[ledger.account(p.business_id, p.currency::text, 'unapplied', p.id::text), ledger.account(p.business_id, p.currency::text, 'clearing', p.provider)];
    amounts := array[request_refund.amount_cents, -request_refund.amount_cents];
  else
    select array_agg(x.account), array_agg(x.amount) into ids, amounts from (
      select ledger.account(p.business_id, p.currency::text, 'clearing', p.provider) as account, -request_refund.amount_cents as amount
      union all
      select ledger.account(p.business_id, p.currency::text, 'revenue', case l.kind when 'seat' then 'classes' else l.kind end), y.amount_cents - y.tax_cents
        from payments.refund_lines y join sales.order_lines l on l.id = y.order_line_id where y.refund_id = made
      union all
      select ledger.account(p.business_id, p.currency::text, 'tax', l.tax_rate_bp::text), y.tax_cents
        from payments.refund_lines y join sales.order_lines l on l.id = y.order_line_id where y.refund_id = made and y.tax_cents > 0) x;
  end if;
  transfer := ledger.transfer(p.business_id, 'refund', 'refund:' || made, ids, amounts, 'pending');
  update payments.refunds r set transfer_id = transfer where r.id = made;
  perform platform.add_job('refund_payment', jsonb_build_object('refund_id', made), 'refund:' || made);
  return made;
end $$;
comment on function payments.request_refund is 'Records a refund, reserves it in the ledger (pending) and queues the call to the provider. With lines it takes back revenue and tax; without, it returns money that bought nothing. Refuses 409 refund_above_paid.';

create function payments.give_back(p payments.payments, reason text) returns void
language plpgsql volatile set search_path = '' as $$
declare o sales.orders;
begin
  perform ledger.transfer(p.business_id, 'receipt_without_goods', 'payment:' || p.id,
    array[ledger.account(p.business_id, p.currency::text, 'clearing', p.provider), ledger.account(p.business_id, p.currency::text, 'unapplied', p.id::text)], array[p.captured_cents, -p.captured_cents]);
  perform payments.request_refund(p, p.captured_cents, give_back.reason);
  select * into o from sales.orders x where x.id = p.order_id;
  perform messages.notify(o.business_id, o.member_id, give_back.reason, p.id::text, sales.order_document(o.id) || jsonb_build_object('refund_cents', p.captured_cents, 'refund_currency', p.currency));
  perform payments.tell_order(o.id);
end $$;
comment on function payments.give_back is 'Money arrived for goods that cannot be had: booked as owed back, refunded in full, and the payer is told why (kind = reason).';

create function payments.settle_order(o sales.orders, p payments.payments) returns text
language plpgsql volatile set search_path = '' as $$
declare refusal text;
begin
  if p.captured_cents <> o.total_cents or p.currency <> o.currency then
    perform payments.give_back(p, 'amount_mismatch');
    return 'amount_mismatch';
  elsif o.state in ('paid', 'closed') then
    perform payments.give_back(p, 'paid_twice');
    return 'paid_twice';
  elsif o.state = 'cancelled' then
    perform payments.give_back(p, 'paid_too_late');
    return 'paid_too_late';
  end if;
  begin
    perform sales.fulfil_lines(o);
  exception when sqlstate 'PT409' or sqlstate 'PT404' then
    get stacked diagnostics refusal = message_text;
  end;
  if refusal is not null then
    perform sales.release_lines(o, 'expired', 'the order could not be kept');
    update sales.orders x set state = 'expired' where x.id = o.id;
    perform payments.give_back(p, 'paid_too_late');
    return 'paid_too_late';
  end if;
  perform sales.confirm(o, p.id);
  return 'settled';
end $$;
comment on function payments.settle_order is 'What a captured payment does, once, in the caller''s transaction (which holds the order''s lock): the goods, or all of the money back.';

-- Placing -------------------------------------------------------------------------------------------------------------
create function sales.place(order_id uuid, me uuid, expected_total_cents bigint default null) returns sales.orders
language plpgsql volatile set search_path = '' as $$
declare
  o sales.orders;
  b business.businesses;
  line_ids uuid[];
  session_ids uuid[];
  held timestamptz;
begin
  select * into strict o from sales.orders x where x.id = place.order_id;
  select * into strict b from business.businesses x where x.id = o.business_id;
  held := now() + make_interval(mins => b.hold_minutes);
  with priced as (
    update sales.order_lines x set unit_price_cents = s.price_cents, tax_rate_bp = t.tax_rate_bp, label = t.name,
      tax_cents = sales.tax_in(s.price_cents * x.quantity, t.tax_rate_bp, b.prices_include_tax),
      total_cents = s.price_cents * x.quantity + case when b.prices_include_tax then 0 else sales.tax_in(s.price_cents * x.quantity, t.tax_rate_bp, false) end
    from booking.sessions s join booking.class_types t on t.id = s.class_type_id where x.business_id = o.business_id and x.order_id = o.id and s.id = x.session_id
    returning x.id, x.session_id, x.total_cents, x.tax_cents)
  select sum(p.total_cents), sum(p.tax_cents), array_agg(p.id order by p.session_id), array_agg(p.session_id order by p.session_id) into o.total_cents, o.tax_cents, line_ids, session_ids from priced p;
  if o.total_cents is null then perform platform.refuse(409, 'cart_empty'); end if;
  for i in 1 .. cardinality(line_ids) loop
    -- Nothing to pay, nothing to wait for: the seat is theirs at once.
    perform booking.take_seat(o.business_id, session_ids[i], me, line_ids[i], case when o.total_cents > 0 then held end, o.total_cents = 0);
  end loop;
  if place.expected_total_cents is not null and place.expected_total_cents <> o.total_cents then
    perform platform.refuse(409, 'price_changed', jsonb_build_object('total_cents', o.total_cents, 'expected_total_cents', place.expected_total_cents, 'currency', o.currency));
  end if;
  if o.total_cents = 0 then
    update sales.order_lines x set state = 'fulfilled' where x.business_id = o.business_id and x.order_id = o.id;
    o.member_id := me;
    perform sales.announce_confirmed(o);
  end if;
  update sales.orders x set state = case when o.total_cents = 0 then 'paid' else 'placed' end, member_id = me, reference = coalesce(x.reference, sales.new_reference(x.business_id)), placed_at = now(),
    payment_confirmed_at = case when o.total_cents = 0 then now() end, hold_expires_at = case when o.total_cents > 0 then held end,
    total_cents = o.total_cents, tax_cents = o.tax_cents, cart_token_hash = null
  where x.id = o.id returning * into o;
  return o;
end $$;
comment on function sales.place is 'Takes every seat (in id order, so that two carts never wait for each other), prices the lines, gives the order its reference. Nothing to pay: settled at once.';

create function api.place_order(business_id uuid, idempotency_key text, cart_token text default null, expected_total_cents bigint default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := members.require_me(place_order.business_id);
  answer jsonb;
  the_cart uuid;
begin
  answer := platform.replay(me::text, place_order.idempotency_key, 'place_order', jsonb_build_object('expected_total_cents', place_order.expected_total_cents));
  if answer is not null then return answer; end if;
  select o.id into the_cart from sales.orders o where o.id = sales.find_cart(place_order.business_id, place_order.cart_token) and o.state = 'cart' for no key update;
  if the_cart is null then perform platform.refuse(409, 'cart_empty'); end if;
  return platform.remember(me::text, place_order.idempotency_key, sales.summary(sales.place(the_cart, me, place_order.expected_total_cents)));
end $$;
comment on function api.place_order is 'Turns the asker''s cart into a placed order whose seats are held. expected_total_cents: what the buyer saw; another total is refused 409 price_changed. Refuses also 409 cart_empty and whatever booking.take_seat refuses, naming the session.';
grant execute on function api.place_order to authenticated;

create function api.book_session(business_id uuid, session_id uuid, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := members.require_me(book_session.business_id);
  answer jsonb;
  made uuid;
begin
  answer := platform.replay(me::text, book_session.idempotency_key, 'book_session', jsonb_build_object('session_id', book_session.session_id));
  if answer is not null then return answer; end if;
  -- A placed order from its first breath: it never passes through the member's cart.
  insert into sales.orders as o (business_id, member_id, state, channel, currency, reference, placed_at)
  select b.id, me, 'placed', 'api', b.currency, sales.new_reference(b.id), now() from business.businesses b where b.id = book_session.business_id returning o.id into made;
  insert into sales.order_lines (business_id, order_id, position, kind, session_id, label, unit_price_cents)
  select s.business_id, made, 1, 'seat', s.id, '{}', s.price_cents from booking.sessions s where s.id = book_session.session_id and s.business_id = book_session.business_id;
  if not found then perform platform.refuse(404, 'session_not_found'); end if;
  return platform.remember(me::text, book_session.idempotency_key, sales.summary(sales.place(made, me)));
end $$;
comment on function api.book_session is 'One seat, one order, without a cart. Refusals as booking.take_seat; answers the order''s summary (paid when there was nothing to pay).';
grant execute on function api.book_session to authenticated;

create function api.cancel_order(business_id uuid, order_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare o sales.orders;
begin
  select * into o from sales.orders x where x.id = cancel_order.order_id and x.business_id = cancel_order.business_id and x.member_id in (select members.mine()) and x.state <> 'cart' for no key update;
  if o.id is null then perform platform.refuse(404, 'order_not_found'); end if;
  if o.state = 'cancelled' then return sales.summary(o); end if;
  if o.state <> 'placed' then perform platform.refuse(409, 'order_' || o.state); end if;
  perform sales.release_lines(o, 'cancelled', 'the order was cancelled before it was paid');
  update sales.orders x set state = 'cancelled' where x.id = o.id returning * into o;
  perform payments.close_checkouts(o.id);
  perform payments.tell_order(o.id);
  return sales.summary(o);
end $$;
comment on function api.cancel_order is 'The member gives up an unpaid order; its seats are free at once. Refuses 404 order_not_found, 409 order_paid, order_expired.';

create function payments.close_checkouts(order_id uuid) returns void
language sql volatile set search_path = '' as $$
  select platform.add_job('close_checkout', jsonb_build_object('payment_id', p.id), 'close:' || p.id)
  from payments.payments p where p.order_id = close_checkouts.order_id and p.provider_ref is not null and p.state in ('pending', 'failed', 'requires_action');
$$;
comment on function payments.close_checkouts is 'Asks the provider to stop taking money for an order that is over.';
grant execute on function api.cancel_order to authenticated;

create function api.expire_holds(at_most int default 500) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare o sales.orders; done int := 0;
begin
  for o in select * from sales.orders x where x.state = 'placed' and x.hold_expires_at <= now() order by x.hold_expires_at limit expire_holds.at_most for no key update skip locked loop
    perform sales.release_lines(o, 'expired', 'the hold ran out');
    update sales.orders x set state = 'expired' where x.id = o.id;
    perform payments.close_checkouts(o.id);
    perform payments.tell_order(o.id);
    done := done + 1;
  end loop;
  update booking.sessions s set hold_ends_at = (select min(b.held_until) from booking.bookings b where b.session_id = s.id and b.state = 'held')
  where s.starts_at > now() and s.hold_ends_at <= now();
  return done;
end $$;
comment on function api.expire_holds is 'Tidies up orders whose hold ran out. Correctness never waits for it: a run-out hold is ignored by readers and reclaimed by the next one who needs the seat. Run by a job.';
grant execute on function api.expire_holds to service_role;

-- Paying --------------------------------------------------------------------------------------------------------------
create function api.begin_payment(business_id uuid, order_id uuid)
returns table (payment_id uuid, attempt int, provider_ref text, url text, amount_cents bigint, currency text, hold_expires_at timestamptz, email text, locale text, lines jsonb)
language plpgsql volatile security definer set search_path = '' as $$
declare
  o sales.orders;
  p payments.payments;
begin
  select * into o from sales.orders x where x.id = begin_payment.order_id and x.business_id = begin_payment.business_id and x.member_id in (select members.mine()) and x.state <> 'cart' for no key update;
  if o.id is null then perform platform.refuse(404, 'order_not_found'); end if;
  if o.state = 'placed' and o.hold_expires_at <= now() then perform platform.refuse(409, 'order_expired'); end if;
  if o.state <> 'placed' then perform platform.refuse(409, 'order_' || o.state); end if;
  select * into p from payments.payments x where x.order_id = o.id order by x.attempt desc limit 1;
  -- A page that is closed (canceled, or its debit came back) takes no more money. Captured, but not what this order costs: that goes back, and the order can still be paid.
  if p.id is null or p.state = 'canceled' or p.captured_cents > 0 or p.provider_ref is not null and p.url is null then
    insert into payments.payments as x (business_id, order_id, provider, attempt, amount_cents, currency)
    values (o.business_id, o.id, 'stripe', coalesce(p.attempt, 0) + 1, o.total_cents, o.currency) returning * into p;
  end if;
  return query select p.id, p.attempt, p.provider_ref, p.url, p.amount_cents, p.currency::text, o.hold_expires_at, m.email::text, m.locale,
    (select jsonb_agg(jsonb_build_object('label', l.label, 'quantity', l.quantity, 'total_cents', l.total_cents, 'starts_at', s.starts_at) order by l.position)
      from sales.order_lines l left join booking.sessions s on s.id = l.session_id where l.order_id = o.id)
  from members.members m where m.id = o.member_id;
end $$;
comment on function api.begin_payment is 'The open attempt to pay this order (made when there is none), with what the provider needs to know. Refuses 404 order_not_found, 409 order_expired, order_paid, order_cancelled.';
grant execute on function api.begin_payment to authenticated;

create function api.attach_payment(payment_id uuid, provider_ref text, intent_ref text, url text) returns void
language sql volatile security definer set search_path = '' as $$
  update payments.payments p set provider_ref = attach_payment.provider_ref, intent_ref = coalesce(attach_payment.intent_ref, p.intent_ref), url = attach_payment.url, updated_at = now()
  where p.id = attach_payment.payment_id and (p.provider_ref is null or p.provider_ref = attach_payment.provider_ref);
$$;
grant execute on function api.attach_payment to service_role;

create function payments.finish_refund(refund_id uuid, provider_ref text, state text, failure text default null) returns text
language plpgsql volatile set search_path = '' as $$
declare
  r payments.refunds;
begin
  select * into r from payments.refunds x where x.id = finish_refund.refund_id for no key update;
  if r.id is null then return 'unknown_refund'; end if;
  if r.provider_ref is null and finish_refund.provider_ref is not null then
    update payments.refunds x set provider_ref = finish_refund.provider_ref where x.id = r.id;
  end if;
  if finish_refund.state not in ('succeeded', 'failed', 'canceled') or r.state = 'failed' or r.state = finish_refund.state then return 'nothing_new'; end if;
  if finish_refund.state = 'succeeded' then
    update payments.refunds x set state = 'succeeded', settled_at = now() where x.id = r.id;
    update payments.payments p set refunded_cents = p.refunded_cents + r.amount_cents, updated_at = now(),
      state = case when payments.rank(p.state) > 6 then p.state when p.refunded_cents + r.amount_cents >= p.captured_cents then 'refunded' else 'partially_refunded' end
    where p.id = r.payment_id;
    perform ledger.settle(r.transfer_id, true);
  else
    update payments.refunds x set state = 'failed', settled_at = now(), failure = finish_refund.failure where x.id = r.id;
    update sales.order_lines l set refunded_cents = l.refunded_cents - y.amount_cents from payments.refund_lines y where y.refund_id = r.id and l.id = y.order_line_id;
    if r.state = 'requested' then
      update payments.payments p set refund_requested_cents = p.refund_requested_cents - r.amount_cents, updated_at = now() where p.id = r.payment_id;
      perform ledger.settle(r.transfer_id, false);
    else
      -- The bank could not give it to the payer and sent it back to us, days after it had gone: the one way in which a payment's rank falls.
      update payments.payments p set refund_requested_cents = p.refund_requested_cents - r.amount_cents, refunded_cents = p.refunded_cents - r.amount_cents, updated_at = now(),
        state = case when payments.rank(p.state) > 6 then p.state when p.refunded_cents > r.amount_cents then 'partially_refunded' else 'captured' end
      where p.id = r.payment_id;
      perform ledger.reverse(r.transfer_id, 'refund_failed', 'refund:' || r.id);
    end if;
    perform messages.notify(r.business_id, (select o.member_id from sales.orders o where o.id = r.order_id), 'refund_failed', r.id::text, jsonb_build_object('order_id', r.order_id, 'amount_cents', r.amount_cents, 'currency', r.currency));
  end if;
  perform payments.tell_order(r.order_id);
  return 'refund_' || finish_refund.state;
end $$;

create function payments.refund_from_elsewhere(p payments.payments, facts jsonb) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  known uuid;
  left_over bigint := (facts ->> 'amount_cents')::bigint;
  l record;
  ids uuid[] := '{}';
  amounts bigint[] := '{}';
begin
  select r.id into known from payments.refunds r where r.provider_ref = facts ->> 'refund_ref';
  if known is not null or facts ->> 'refund_state' <> 'succeeded' then return known; end if;
  for l in select x.id, x.total_cents - x.refunded_cents as remains from sales.order_lines x where x.order_id = p.order_id and x.total_cents > x.refunded_cents order by x.position loop
    exit when left_over = 0;
    ids := ids || l.id;
    amounts := amounts || least(l.remains, left_over);
    left_over := left_over - least(l.remains, left_over);
  end loop;
  if left_over > 0 then perform platform.refuse(409, 'refund_above_paid'); end if;
  return payments.request_refund(p, (facts ->> 'amount_cents')::bigint, 'provider', ids, amounts);
end $$;
comment on function payments.refund_from_elsewhere is 'A refund somebody made in the provider''s own dashboard: booked against the order''s lines in their order. Seats stay; staff decide about those.';

create function payments.apply_facts(provider text, facts jsonb) returns text
language plpgsql volatile set search_path = '' as $$
declare
  p payments.payments;
  o sales.orders;
  to_state text := facts ->> 'state';
  result text;
begin
  if facts ->> 'kind' = 'other' then return 'nothing_to_do'; end if;
  -- What concerns one movement of money is obeyed one after the other, so that what comes before its payment is found by it.
  if facts ? 'intent_ref' then perform pg_advisory_xact_lock(hashtextextended(apply_facts.provider || ' ' || (facts ->> 'intent_ref'), 0)); end if;
  select * into p from payments.payments x
  where x.id = (facts ->> 'payment_id')::uuid or x.provider = apply_facts.provider and x.provider_ref = facts ->> 'provider_ref' or x.provider = apply_facts.provider and x.intent_ref = facts ->> 'intent_ref'
  order by x.provider_ref = facts ->> 'provider_ref' desc nulls last limit 1;
  if p.id is null then return 'unknown_payment'; end if;
  -- Order before payment, as everywhere; then read the payment as it is now.
  select * into o from sales.orders x where x.id = p.order_id for no key update;
  select * into p from payments.payments x where x.id = p.id for no key update;
  if facts ->> 'kind' in ('refund', 'dispute') and p.captured_cents = 0 then return 'too_early'; end if;

  case facts ->> 'kind'
  when 'refund' then
    return payments.finish_refund(coalesce((facts ->> 'refund_id')::uuid, payments.refund_from_elsewhere(p, facts)), facts ->> 'refund_ref', facts ->> 'refund_state', facts ->> 'failure_message');
  when 'dispute' then
    return payments.apply_dispute(p, facts);
  when 'payment' then
    if to_state = 'failed' then
      if payments.rank(p.state) >= 3 then return 'stale'; end if;
      update payments.payments x set state = 'failed', failure_code = facts ->> 'failure_code', failure_message = left(facts ->> 'failure_message', 500), intent_ref = coalesce(x.intent_ref, facts ->> 'intent_ref'),
        url = case when facts ? 'closed' then null else x.url end, updated_at = now() where x.id = p.id;
      perform payments.tell_order(o.id);
      return 'failed';
    end if;
    if to_state = 'captured' and p.captured_cents > 0 and p.intent_ref <> facts ->> 'intent_ref' then
      -- Money came twice for one attempt (two pages were open): the second is its own payment and goes back.
      insert into payments.payments as x (business_id, order_id, provider, attempt, intent_ref, state, amount_cents, currency, captured_cents)
      select o.business_id, o.id, apply_facts.provider, (select max(y.attempt) + 1 from payments.payments y where y.order_id = o.id), facts ->> 'intent_ref', 'captured',
        (facts ->> 'amount_cents')::bigint, upper(facts ->> 'currency'), (facts ->> 'amount_cents')::bigint
      where not exists (select from payments.payments y where y.provider = apply_facts.provider and y.intent_ref = facts ->> 'intent_ref')
      returning * into p;
      if p.id is null then return 'stale'; end if;
      result := payments.settle_order(o, p);
      perform payments.obey_early_events(p);
      return result;
    end if;
    if payments.rank(to_state) is null or to_state not in ('pending', 'requires_action', 'processing', 'authorized', 'captured', 'canceled') then return 'unknown_state'; end if;
    if payments.rank(to_state) <= payments.rank(p.state) and not (p.state = 'failed' and to_state <> 'pending') then return 'stale'; end if;
    update payments.payments x set state = to_state, intent_ref = coalesce(facts ->> 'intent_ref', x.intent_ref), updated_at = now(),
      captured_cents = case when to_state = 'captured' then (facts ->> 'amount_cents')::bigint else x.captured_cents end,
      currency = case when to_state = 'captured' then upper(facts ->> 'currency') else x.currency end,
      failure_code = null, failure_message = null
    where x.id = p.id returning * into p;
    if to_state = 'captured' then
      result := payments.settle_order(o, p);
      perform payments.obey_early_events(p);
      return result;
    end if;
    perform payments.tell_order(o.id);
    return to_state;
  else
    return 'nothing_to_do';
  end case;
end $$;

create function payments.apply_dispute(p payments.payments, facts jsonb) returns text
language plpgsql volatile set search_path = '' as $$
declare
  to_state text := case facts ->> 'dispute_state' when 'won' then 'dispute_won' when 'lost' then 'dispute_lost' else 'disputed' end;
  amount bigint := (facts ->> 'amount_cents')::bigint;
  ref text := facts ->> 'dispute_ref';
  clearing bigint := ledger.account(p.business_id, p.currency::text, 'clearing', p.provider);
  frozen bigint;
begin
  if payments.rank(to_state) <= payments.rank(p.state) or payments.rank(p.state) < 4 then return 'stale'; end if;
  frozen := ledger.account(p.business_id, p.currency::text, 'frozen', 'dispute:' || ref);
  if payments.rank(p.state) < 7 then
    perform ledger.transfer(p.business_id, 'dispute_opened', 'dispute:' || ref, array[frozen, clearing], array[amount, -amount]);
  end if;
  if to_state = 'dispute_won' then
    perform ledger.transfer(p.business_id, 'dispute_won', 'dispute:' || ref, array[clearing, frozen], array[amount, -amount]);
  elsif to_state = 'dispute_lost' then
    perform ledger.transfer(p.business_id, 'dispute_lost', 'dispute:' || ref, array[ledger.account(p.business_id, p.currency::text, 'loss', 'disputes'), frozen], array[amount, -amount]);
  end if;
  update payments.payments x set state = to_state, updated_at = now() where x.id = p.id;
  return to_state;
end $$;

create function payments.apply_event(inbox_id bigint) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  e payments.webhook_inbox;
  result text;
  problem text;
begin
  select * into strict e from payments.webhook_inbox x where x.id = apply_event.inbox_id for no key update;
  if e.state in ('applied', 'ignored') then return jsonb_build_object('outcome', 'duplicate', 'first', e.outcome); end if;
  begin
    perform set_config('atrium.event', e.event_id, true);
    result := payments.apply_facts(e.provider, e.facts);
  exception when others then
    -- What we could not do is kept with the event and tried again; nothing of it is half-written.
    problem := sqlstate || ' ' || sqlerrm;
  end;
  update payments.webhook_inbox x set attempts = x.attempts + 1,
    state = case when problem is not null then 'failed' when result in ('unknown_payment', 'unknown_refund', 'unknown_state', 'nothing_to_do', 'nothing_new', 'stale', 'too_early') then 'ignored' else 'applied' end,
    outcome = coalesce(problem, result), next_attempt_at = case when problem is not null then now() + least(interval '1 hour', interval '5 seconds' * power(2, x.attempts)) end
  where x.id = e.id;
  return jsonb_build_object('outcome', case when problem is null then result else 'failed' end);
end $$;

create function payments.obey_early_events(p payments.payments) returns void
language plpgsql volatile set search_path = '' as $$
declare e record;
begin
  -- One that is on its way just now waits for us and finds the payment by itself.
  for e in select x.id from payments.webhook_inbox x
      where x.state = 'ignored' and x.facts ->> 'kind' in ('refund', 'dispute') and x.facts ->> 'intent_ref' = p.intent_ref and x.provider = p.provider and x.outcome in ('unknown_payment', 'too_early')
      order by x.occurred_at, x.id for no key update skip locked loop
    update payments.webhook_inbox x set state = 'received' where x.id = e.id;
    perform payments.apply_event(e.id);
  end loop;
end $$;
comment on function payments.obey_early_events is 'Refunds and disputes that came before we knew of the payment they are about, now that it is booked.';

create function api.receive_payment_event(provider text, event_id text, event_type text, occurred_at timestamptz, facts jsonb, payload jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare stored bigint;
begin
  insert into payments.webhook_inbox as x (provider, event_id, event_type, occurred_at, facts, payload)
  values (receive_payment_event.provider, receive_payment_event.event_id, receive_payment_event.event_type, receive_payment_event.occurred_at, receive_payment_event.facts, receive_payment_event.payload)
  on conflict (provider, event_id) do update set event_id = excluded.event_id returning x.id into stored;
  return payments.apply_event(stored);
end $$;
comment on function api.receive_payment_event is 'Stores an event by its id, then obeys it, once. facts: {kind: payment|refund|dispute|other, payment_id?, provider_ref?, intent_ref?, state?, amount_cents?, currency?, failure_code?, failure_message?, closed?, refund_id?, refund_ref?, refund_state?, dispute_ref?, dispute_state?}. Answers {outcome}: settled, paid_too_late, paid_twice, amount_mismatch, failed, stale, duplicate, unknown_payment, …';
grant execute on function api.receive_payment_event to service_role;

create function api.retry_payment_events(at_most int default 100) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare e record; done int := 0;
begin
  for e in select x.id from payments.webhook_inbox x where x.state = 'failed' and x.next_attempt_at <= now() order by x.next_attempt_at limit retry_payment_events.at_most for no key update skip locked loop
    perform payments.apply_event(e.id);
    done := done + 1;
  end loop;
  return done;
end $$;
grant execute on function api.retry_payment_events to service_role;

create function api.refund_to_make(refund_id uuid) returns table (refund_id uuid, payment_id uuid, provider text, intent_ref text, provider_ref text, amount_cents bigint, currency text, reason text)
language sql stable security definer set search_path = '' as $$
  select r.id, p.id, p.provider, p.intent_ref, p.provider_ref, r.amount_cents, r.currency::text, r.reason from payments.refunds r join payments.payments p on p.id = r.payment_id
  where r.id = refund_to_make.refund_id and r.state = 'requested';
$$;
grant execute on function api.refund_to_make to service_role;

create function api.open_payments(older_than_seconds int default 30, at_most int default 100) returns table (payment_id uuid, provider text, provider_ref text, intent_ref text, order_state text, created_at timestamptz)
language sql stable security definer set search_path = '' as $$
  select p.id, p.provider, p.provider_ref, p.intent_ref, o.state, p.created_at from payments.payments p join sales.orders o on o.id = p.order_id
  where p.state in ('pending', 'failed', 'requires_action', 'processing', 'authorized') and p.provider_ref is not null
    and p.created_at < now() - make_interval(secs => open_payments.older_than_seconds) and p.created_at > now() - interval '2 days'
  order by p.created_at limit open_payments.at_most;
$$;
comment on function api.open_payments is 'Payments that may have been paid without our hearing of it; the reconciling job asks the provider.';
grant execute on function api.open_payments to service_role;

create function api.payment_to_close(payment_id uuid) returns table (payment_id uuid, provider text, provider_ref text)
language sql stable security definer set search_path = '' as $$
  select p.id, p.provider, p.provider_ref from payments.payments p join sales.orders o on o.id = p.order_id
  where p.id = payment_to_close.payment_id and p.state in ('pending', 'failed', 'requires_action') and o.state in ('expired', 'cancelled');
$$;
grant execute on function api.payment_to_close to service_role;

-- Cancelling ----------------------------------------------------------------------------------------------------------
create function booking.refund_due(k booking.bookings) returns bigint
language plpgsql stable set search_path = '' as $$
begin
  return (
    -- Half up. Nothing is due where nothing was paid.
  select coalesce((select case when now() <= k.free_cancel_until then l.total_cents else floor(l.total_cents::numeric * k.late_refund_percent / 100 + 0.5)::bigint end - l.refunded_cents
    from sales.order_lines l join sales.orders o on o.id = l.order_id where l.id = k.order_line_id and o.state in ('paid', 'closed')), 0));
end $$;

create function api.cancellation_preview(business_id uuid, booking_id uuid)
returns table (session_id uuid, class_name jsonb, starts_at timestamptz, state text, late boolean, free_cancel_until timestamptz, late_refund_percent int, refund_cents bigint, paid_cents bigint, currency text, may_cancel boolean)
language plpgsql stable security definer set search_path = '' as $$
declare k booking.bookings;
begin
  select * into k from booking.bookings x where x.id = cancellation_preview.booking_id and x.business_id = cancellation_preview.business_id and x.member_id in (select members.mine());
  if k.id is null then perform platform.refuse(404, 'booking_not_found'); end if;
  return query select s.id, t.name, s.starts_at, k.state, now() > k.free_cancel_until, k.free_cancel_until, k.late_refund_percent, booking.refund_due(k),
      coalesce((select l.total_cents from sales.order_lines l where l.id = k.order_line_id), 0), b.currency::text, k.state = 'confirmed' and s.starts_at > now()
    from booking.sessions s join booking.class_types t on t.id = s.class_type_id join business.businesses b on b.id = s.business_id where s.id = k.session_id;
end $$;
comment on function api.cancellation_preview is 'What cancelling now would mean: the refund the booking''s own policy gives.';
grant execute on function api.cancellation_preview to authenticated;

create function api.cancel_booking(business_id uuid, booking_id uuid, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := members.require_me(cancel_booking.business_id);
  answer jsonb;
  k booking.bookings;
  l sales.order_lines;
  p payments.payments;
  s record;
  due bigint;
  late boolean;
begin
  answer := platform.replay(me::text, cancel_booking.idempotency_key, 'cancel_booking', jsonb_build_object('booking_id', cancel_booking.booking_id));
  if answer is not null then return answer; end if;
  select * into k from booking.bookings x where x.id = cancel_booking.booking_id and x.business_id = cancel_booking.business_id and x.member_id = me;
  if k.id is null then perform platform.refuse(404, 'booking_not_found'); end if;
  -- Order, payment, session, booking: the same order as settling.
  select x.* into l from sales.order_lines x where x.id = k.order_line_id;
  perform 1 from sales.orders o where o.id = l.order_id for no key update;
  select * into p from payments.payments x where x.order_id = l.order_id and x.captured_cents > 0 and exists (select from ledger.transfers t where t.business_id = x.business_id and t.kind = 'sale' and t.source = 'payment:' || x.id) for no key update;
  perform 1 from booking.sessions x where x.id = k.session_id for no key update;
  select * into k from booking.bookings x where x.id = k.id for no key update;
  if k.state in ('cancelled', 'late_cancelled') then perform platform.refuse(409, 'booking_cancelled_before'); end if;
  if k.state <> 'confirmed' then perform platform.refuse(409, 'booking_not_confirmed', jsonb_build_object('state', k.state)); end if;
  if k.starts_at <= now() then perform platform.refuse(409, 'session_past'); end if;
  late := now() > k.free_cancel_until;
  due := booking.refund_due(k);
  perform booking.release_seat(k.id, case when late then 'late_cancelled' else 'cancelled' end, 'cancelled by the member');
  if due > 0 and p.id is not null then
    perform payments.request_refund(p, due, 'member_cancelled', array[l.id], array[due]);
  else
    due := 0;
    update sales.order_lines x set state = 'reversed' where x.id = l.id;
  end if;
  select x.starts_at, x.ends_at, t.name as class_name, i.name as instructor_name, r.name as room_name, b.currency into s
    from booking.sessions x join booking.class_types t on t.id = x.class_type_id join booking.instructors i on i.id = x.instructor_id join booking.rooms r on r.id = x.room_id join business.businesses b on b.id = x.business_id where x.id = k.session_id;
  perform messages.notify(k.business_id, k.member_id, 'booking_cancelled', k.id::text,
    jsonb_build_object('booking_id', k.id, 'session_id', k.session_id, 'class_name', s.class_name, 'starts_at', s.starts_at, 'ends_at', s.ends_at, 'instructor_name', s.instructor_name, 'room_name', s.room_name,
      'late', late, 'refund_cents', due, 'paid_cents', coalesce(l.total_cents, 0), 'currency', s.currency, 'order_id', l.order_id));
  if l.order_id is not null then perform payments.tell_order(l.order_id); end if;
  return platform.remember(me::text, cancel_booking.idempotency_key,
    jsonb_build_object('booking_id', k.id, 'state', case when late then 'late_cancelled' else 'cancelled' end, 'refund_cents', due, 'currency', s.currency));
end $$;
comment on function api.cancel_booking is 'Cancels the asker''s confirmed booking with the refund its policy gives (requested at once, made by a job). Refuses 404 booking_not_found, 409 booking_cancelled_before, booking_not_confirmed, session_past.';
grant execute on function api.cancel_booking to authenticated;

-- Who may listen ------------------------------------------------------------------------------------------------------
create policy "Everyone hears the timetable" on realtime.messages for select to anon, authenticated
  using (realtime.topic() like 'business:%:timetable');
create policy "Members hear their own orders and notices" on realtime.messages for select to authenticated
  using (realtime.topic() in (select 'order:' || o.id from sales.orders o where o.member_id in (select members.mine()) union all select 'member:' || m from members.mine() m));
create policy "The front desk hears its business's orders" on realtime.messages for select to authenticated
  using (realtime.topic() in (select 'business:' || b || ':orders' from business.where_i_am('barista') b));

-- The books prove themselves ------------------------------------------------------------------------------------------
create function ledger.findings(for_business uuid default null) returns table (finding text, detail jsonb)
language sql stable set search_path = '' as $$
  with a as (select * from ledger.accounts x where for_business is null or x.business_id = for_business)
  select 'transfer_not_zero', jsonb_build_object('transfer_id', e.transfer_id, 'unit', a.unit, 'sum', sum(e.amount)) from ledger.entries e join a on a.id = e.account_id group by e.transfer_id, a.unit having sum(e.amount) <> 0
  union all
  select 'posted_transfer_without_its_entries', jsonb_build_object('transfer_id', t.id) from ledger.transfers t where (for_business is null or t.business_id = for_business)
    and (select count(*) from ledger.entries e where e.transfer_id = t.id and e.business_id = t.business_id) <> case when t.state = 'posted' then cardinality(t.amounts) else 0 end
  union all
  select 'balance_not_sum_of_entries', jsonb_build_object('account_id', a.id, 'balance', a.balance, 'sum', coalesce(s.total, 0), 'version', a.version, 'entries', coalesce(s.n, 0))
    from a left join (select e.account_id, sum(e.amount) as total, count(*) as n from ledger.entries e group by 1) s on s.account_id = a.id where a.balance <> coalesce(s.total, 0) or a.version <> coalesce(s.n, 0)
  union all
  select 'account_overdrawn', jsonb_build_object('account_id', a.id, 'kind', a.kind, 'balance', a.balance) from a where not a.may_go_negative and a.balance * a.side - a.reserved < 0
  union all
  select 'reserved_not_sum_of_pending', jsonb_build_object('account_id', a.id, 'reserved', a.reserved) from a
    where a.reserved <> coalesce((select sum(abs(u.amount)) from ledger.transfers t cross join lateral unnest(t.account_ids, t.amounts) as u (id, amount) where t.state = 'pending' and t.business_id = a.business_id and u.id = a.id and not a.may_go_negative and u.amount * a.side < 0), 0)
  union all
  select 'reversal_not_opposite', jsonb_build_object('transfer_id', t.id, 'reverses', r.id) from ledger.transfers t join ledger.transfers r on r.id = t.reverses
    where (for_business is null or t.business_id = for_business) and (t.account_ids <> r.account_ids or array(select -u from unnest(t.amounts) u) <> r.amounts)
  union all
  select 'clearing_not_captured_minus_refunded', jsonb_build_object('business_id', c.business_id, 'currency', c.unit, 'clearing', c.balance, 'payments', coalesce(p.net, 0)) from (
      select x.business_id, x.unit, sum(x.balance) as balance from a x where x.kind = 'clearing' or x.kind = 'frozen' or x.kind = 'loss' and x.owner = 'disputes' group by 1, 2) c
    left join (select x.business_id, x.currency::text as unit, sum(x.captured_cents - x.refunded_cents) as net from payments.payments x group by 1, 2) p on p.business_id = c.business_id and p.unit = c.unit where c.balance <> coalesce(p.net, 0)
  union all
  select 'captured_payment_not_booked', jsonb_build_object('payment_id', p.id) from payments.payments p where (for_business is null or p.business_id = for_business) and p.captured_cents > 0
    and (select count(*) from ledger.transfers t where t.business_id = p.business_id and t.kind in ('sale', 'receipt_without_goods') and t.source = 'payment:' || p.id and t.state = 'posted') <> 1
  union all
  select 'seats_taken_not_bookings', jsonb_build_object('session_id', s.id, 'seats_taken', s.seats_taken, 'bookings', coalesce(k.n, 0)) from booking.sessions s
    left join (select b.session_id, count(*) as n from booking.bookings b where b.state in ('held', 'confirmed', 'checked_in', 'no_show') group by 1) k on k.session_id = s.id
    where (for_business is null or s.business_id = for_business) and s.seats_taken <> coalesce(k.n, 0)
  union all
  select 'order_total_not_its_lines', jsonb_build_object('order_id', o.id) from sales.orders o join (select l.order_id, sum(l.total_cents) as total, sum(l.tax_cents) as tax from sales.order_lines l group by 1) l on l.order_id = o.id
    where (for_business is null or o.business_id = for_business) and o.state <> 'cart' and (o.total_cents <> l.total or o.tax_cents <> l.tax)
  union all
  select 'paid_line_without_seat', jsonb_build_object('order_line_id', l.id) from sales.order_lines l join sales.orders o on o.id = l.order_id
    where (for_business is null or o.business_id = for_business) and o.state = 'paid' and l.kind = 'seat' and l.state = 'fulfilled' and not exists (select from booking.bookings b where b.business_id = l.business_id and b.order_line_id = l.id and b.state in ('confirmed', 'checked_in', 'no_show'))
  union all
  select 'refunds_not_as_requested', jsonb_build_object('payment_id', p.id) from payments.payments p left join (select r.payment_id, sum(r.amount_cents) filter (where r.state <> 'failed') as requested, sum(r.amount_cents) filter (where r.state = 'succeeded') as done from payments.refunds r group by 1) r on r.payment_id = p.id
    where (for_business is null or p.business_id = for_business) and (p.refund_requested_cents <> coalesce(r.requested, 0) or p.refunded_cents <> coalesce(r.done, 0))
  union all
  select 'order_numbers_with_gaps', jsonb_build_object('business_id', n.business_id, 'year', n.year, 'last', n.last, 'orders', count(o.id)) from sales.order_numbers n left join sales.orders o on o.business_id = n.business_id and o.number like n.year || '-%'
    where for_business is null or n.business_id = for_business group by n.business_id, n.year, n.last having n.last <> count(o.id);
$$;

create function api.audit_ledger(business_id uuid default null) returns table (finding text, detail jsonb)
language plpgsql stable security definer set search_path = '' as $$
begin
  -- Without a business: the whole deployment, for the service only.
  if (select auth.role()) is distinct from 'service_role' then
    if audit_ledger.business_id is null then perform platform.refuse(403, 'not_your_role'); end if;
    perform business.require_role(audit_ledger.business_id, 'manager');
  end if;
  return query select * from ledger.findings(audit_ledger.business_id);
end $$;
comment on function api.audit_ledger is 'Every law of the books that does not hold, with the rows concerned; empty when all is well.';
grant execute on function api.audit_ledger to authenticated, service_role;
