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
  provider text not null check (provider in ('stripe', 'wallet', 'gift_card', 'cash', 'terminal')),
  attempt int not null,
  provider_ref text,
  intent_ref text,
  subscription_ref text,
  url text,
  state text not null default 'pending' check (payments.rank(state) is not null),
  amount_cents bigint not null check (amount_cents >= 0),
  currency char(3) not null,
  captured_cents bigint not null default 0 check (captured_cents >= 0),
  refund_requested_cents bigint not null default 0 check (refund_requested_cents >= 0),
  refunded_cents bigint not null default 0 check (refunded_cents >= 0),
  failure_code text,
  failure_message text,
  gift_card_id uuid,
  reservation_id bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((provider = 'gift_card') = (gift_card_id is not null)),
  check (reservation_id is null or provider in ('gift_card', 'wallet')),
  constraint never_refund_more_than_captured check (refunded_cents <= refund_requested_cents and refund_requested_cents <= captured_cents),
  unique (business_id, id),
  unique (order_id, attempt),
  unique (provider, provider_ref),
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete restrict,
  foreign key (business_id, reservation_id) references ledger.transfers (business_id, id) on delete restrict
);
comment on column payments.payments.reservation_id is 'Of a part (see 0805_tenders.sql): the pending transfer that keeps its money until the order is settled or over.';
comment on column payments.payments.url is 'Where this attempt is paid; null before there is a page, and when it takes no more money.';
comment on column payments.payments.provider is 'stripe: a hosted page; wallet: what the business owes the member; gift_card: what it owes the holder of a card; cash, terminal: taken at the desk.';
comment on column payments.payments.amount_cents is 'Nothing only where a page is needed all the same: a membership that begins with a trial.';
comment on column payments.payments.provider_ref is 'The provider''s name for this attempt (Stripe: the Checkout Session).';
create index payments_order_id_idx on payments.payments (business_id, order_id);
create index payments_reservation_id_idx on payments.payments (business_id, reservation_id) where reservation_id is not null;
create index payments_reserved_idx on payments.payments (business_id, order_id) where state = 'authorized' and reservation_id is not null;
create index payments_gift_card_id_idx on payments.payments (business_id, gift_card_id) where gift_card_id is not null;
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
  reason text not null check (reason in ('member_cancelled', 'session_cancelled', 'refilled', 'paid_too_late', 'paid_twice', 'amount_mismatch', 'staff', 'provider')),
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
    'serving', o.serving, 'table_label', o.table_label, 'pickup_at', o.pickup_at, 'ready_by', o.ready_by, 'note', o.note, 'ticket', shop.ticket_of(o), 'loyalty', loyalty.of_order(o),
    'lines', coalesce((select jsonb_agg(jsonb_build_object('line_id', l.id, 'kind', l.kind, 'label', l.label, 'quantity', l.quantity, 'unit_price_cents', l.unit_price_cents, 'tax_rate_bp', l.tax_rate_bp, 'tax_cents', l.tax_cents,
        'total_cents', l.total_cents, 'refunded_cents', l.refunded_cents, 'state', l.state, 'discount_cents', l.discount_cents, 'discounts', l.discounts, 'modifiers', l.modifiers, 'note', l.note, 'details', l.details, 'gift_card', case when l.kind = 'gift_card' then sales.gift_card_of(l.id) end, 'product_slug', d.slug, 'picture', coalesce('own/' || d.picture_hash, d.picture), 'credits', l.credits, 'pass_name', n.name, 'person_name', w.name, 'guest_name', l.guest_name, 'session_id', s.id, 'style', t.style, 'class_slug', t.slug, 'starts_at', s.starts_at, 'ends_at', s.ends_at, 'instructor_name', i.name, 'room_name', r.name,
        'booking_id', k.id, 'booking_state', k.state, 'session_state', s.state, 'calendar_sequence', s.calendar_sequence, 'free_cancel_until', k.free_cancel_until, 'late_refund_percent', k.late_refund_percent) order by l.position)
      from sales.order_lines l
      left join booking.sessions s on s.business_id = l.business_id and s.id = l.session_id
      left join booking.class_types t on t.business_id = s.business_id and t.id = s.class_type_id
      left join booking.instructors i on i.business_id = s.business_id and i.id = s.instructor_id
      left join booking.rooms r on r.business_id = s.business_id and r.id = s.room_id
      left join members.members w on w.business_id = l.business_id and w.id = l.person_id
      left join shop.products d on d.business_id = l.business_id and d.id = l.product_id
      left join members.passes q on q.business_id = l.business_id and q.id = l.pass_id
      left join members.plans n on n.business_id = q.business_id and n.id = q.plan_id
      left join lateral (select * from booking.bookings x where x.business_id = l.business_id and x.order_line_id = l.id order by x.created_at desc limit 1) k on true
      where l.business_id = o.business_id and l.order_id = o.id), '[]'),
    'payment', (select jsonb_build_object('payment_id', p.id, 'attempt', p.attempt, 'state', p.state, 'url', p.url, 'provider', p.provider, 'provider_ref', p.provider_ref, 'failure_code', p.failure_code, 'failure_message', p.failure_message)
      from payments.payments p where p.business_id = o.business_id and p.order_id = o.id and (p.reservation_id is null or o.state in ('paid', 'closed'))
        -- The one that paid for the goods; before there is one, the latest try.
        order by exists (select from ledger.transfers t where t.business_id = p.business_id and t.kind = 'sale' and t.source = 'payment:' || p.id) desc, p.attempt desc limit 1),
    'parts_cents', o.parts_cents, 'tenders', case when o.parts_cents > 0 then payments.tenders_of(o) else '[]'::jsonb end,
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
    coalesce((select jsonb_agg(l.label order by l.position) from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id), '[]')
  from sales.orders o
  where o.business_id = my_orders.business_id and o.state <> 'cart'
    and o.member_id = (select m.id from members.members m where m.business_id = my_orders.business_id and m.user_id = (select auth.uid()))
    and (my_orders.before_at is null or o.placed_at < my_orders.before_at)
  order by o.placed_at desc limit least(greatest(my_orders.page_size, 1), 200);
$$;
grant execute on function api.my_orders to authenticated;

-- Settling ------------------------------------------------------------------------------------------------------------
create function members.begin_membership(o sales.orders, l sales.order_lines, p payments.payments) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  n members.plans;
  made uuid;
  ends timestamptz;
begin
  select * into strict n from members.plans x where x.id = l.plan_id;
  ends := now() + case when n.trial_days > 0 then make_interval(days => n.trial_days) when n.every = 'year' then interval '1 year' else interval '1 month' end;
  insert into members.memberships as m (business_id, member_id, plan_id, order_line_id, provider_ref, state, access_until, period_start, period_end)
  -- A day's grace, in which the provider tells of the renewal.
  values (o.business_id, o.member_id, n.id, l.id, p.subscription_ref, case when n.trial_days > 0 then 'trialing' else 'active' end, ends + interval '1 day', now(), ends)
  returning m.id into made;
  perform members.grant_pass(o.business_id, o.member_id, n.id, l.id, l.total_cents - l.tax_cents, made, now(), ends);
  perform messages.notify(o.business_id, o.member_id, 'membership_started', made::text,
    jsonb_build_object('membership_id', made, 'plan_name', n.name, 'amount_cents', l.total_cents, 'currency', o.currency, 'period_ends_at', ends));
  return made;
end $$;
comment on function members.begin_membership is 'A membership whose first charge (or trial) went through, with the pass of its first period. Its dates are ours until the provider''s are known.';

create function sales.fulfil_lines(o sales.orders, p payments.payments) returns void
language plpgsql volatile set search_path = '' as $$
declare
  l sales.order_lines;
  seat uuid;
  eats boolean := false;
begin
  perform booking.hold_people(array(select coalesce(x.person_id, o.member_id) from sales.order_lines x where x.business_id = o.business_id and x.order_id = o.id and x.session_id is not null));
  for l in select * from sales.order_lines x where x.business_id = o.business_id and x.order_id = o.id order by x.session_id nulls last, x.id loop
    case l.kind
    when 'seat' then
      -- Each session before its bookings, sessions in id order, as everywhere.
      perform 1 from booking.sessions s where s.id = l.session_id and s.state = 'scheduled' for no key update;
      if not found then
        perform platform.refuse(409, 'session_cancelled', jsonb_build_object('session_id', l.session_id));
      end if;
      update booking.bookings b set state = 'confirmed', held_until = null where b.business_id = l.business_id and b.order_line_id = l.id and b.state = 'held';
      if not found and not exists (select from booking.bookings b where b.business_id = l.business_id and b.order_line_id = l.id and b.state = 'confirmed') then
        -- The hold was given to someone else or swept: take another seat, if there is one.
        seat := booking.take_seat(l.business_id, l.session_id, coalesce(l.person_id, o.member_id), l.id, null, true, 'payment', l.guest_name, o.member_id);
        if l.pass_id is not null then perform members.spend(array[seat], array[l.pass_id], false); end if;
      end if;
    when 'pass', 'membership' then
      perform members.check_plan((select n from members.plans n where n.id = l.plan_id), x.id) from members.members x where x.id = o.member_id for no key update;
      if l.kind = 'pass' then
        perform members.grant_pass(o.business_id, o.member_id, l.plan_id, l.id, l.total_cents - l.tax_cents);
      else
        perform members.begin_membership(o, l, p);
      end if;
    when 'product' then
      eats := true;
    when 'gift_card' then
      perform sales.issue_gift_card(o, l);
    when 'top_up', 'fee', 'tip' then
      -- Money alone: the ledger has it (sales.income_account).
      null;
    else
      perform platform.refuse(501, 'line_kind_unknown', jsonb_build_object('kind', l.kind));
    end case;
  end loop;
  if eats then perform shop.fulfil(o); end if;
  perform sales.use_promotion(o);
  perform loyalty.reserve(o);
  update sales.order_lines x set state = 'fulfilled' where x.business_id = o.business_id and x.order_id = o.id;
end $$;
comment on function sales.fulfil_lines is 'Each line fulfils itself by kind, all or none: a refusal undoes the whole.';

create function sales.release_seats(o sales.orders, to_state text, why text) returns void
language plpgsql volatile set search_path = '' as $$
declare
  held record;
  k booking.bookings;
begin
  for held in select x.id from booking.bookings x join sales.order_lines l on l.business_id = x.business_id and l.id = x.order_line_id
      where l.business_id = o.business_id and l.order_id = o.id and x.state = 'held' order by x.session_id loop
    k := booking.release_seat(held.id, release_seats.to_state, release_seats.why);
    if k.credit_transfer_id is not null then perform members.give_back_credits(k); end if;
  end loop;
end $$;

create function sales.release_lines(o sales.orders, to_state text, why text) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform sales.release_seats(o, release_lines.to_state, release_lines.why);
  if o.location_id is not null then perform shop.release(o); end if;
  perform sales.give_back_promotion(o);
  perform loyalty.release(o);
end $$;
comment on function sales.release_lines is 'Everything an order held and does not keep is free again: seats, the bar''s stock and time, the use of a promotion, points; in the order in which sales.place takes them.';

create function sales.announce_confirmed(o sales.orders) returns void
language plpgsql volatile set search_path = '' as $$
begin
  -- The order's document is made when the e-mail is sent (api.take_emails): buying does not wait for it.
  perform messages.notify(o.business_id, o.member_id, 'order_confirmed', o.id::text, jsonb_build_object('order_id', o.id));
  perform payments.tell_order(o.id);
  perform booking.refill(o);
  perform loyalty.settle(o);
end $$;

create function payments.money_account(p payments.payments) returns bigint
language plpgsql volatile set search_path = '' as $$
begin
  return case p.provider
    when 'wallet' then ledger.account(p.business_id, p.currency::text, 'wallet', (select o.member_id::text from sales.orders o where o.id = p.order_id))
    when 'gift_card' then ledger.account(p.business_id, p.currency::text, 'gift_card', p.gift_card_id::text)
    when 'cash' then ledger.account(p.business_id, p.currency::text, 'drawer', coalesce((select s.till_id::text from shop.till_sales s where s.order_id = p.order_id), 'desk'))
    else ledger.account(p.business_id, p.currency::text, 'clearing', p.provider) end;
end $$;
comment on function payments.money_account is 'Where a payment''s money is: with the provider, in the drawer, or no longer owed to the member or the holder of a card.';

create function sales.income_account(o sales.orders, l sales.order_lines) returns bigint
language plpgsql volatile set search_path = '' as $$
begin
  return case
    when l.kind in ('pass', 'membership') then coalesce((select ledger.account(o.business_id, o.currency::text, 'unearned', x.id::text) from members.passes x where x.business_id = l.business_id and x.order_line_id = l.id order by x.created_at limit 1),
      -- The rest of a period at a higher price: there is no new pass.
      ledger.account(o.business_id, o.currency::text, 'revenue', 'memberships'))
    when l.kind = 'top_up' then ledger.account(o.business_id, o.currency::text, 'wallet', o.member_id::text)
    -- Taxed when it is redeemed, since only then is known what for: until then it is owed.
    when l.kind = 'gift_card' then ledger.account(o.business_id, o.currency::text, 'gift_card', (select g.id::text from sales.gift_cards g where g.business_id = l.business_id and g.order_line_id = l.id))
    when l.kind = 'tip' then ledger.account(o.business_id, o.currency::text, 'tips', 'pool')
    else ledger.account(o.business_id, o.currency::text, 'revenue', case l.kind when 'seat' then 'classes' when 'fee' then 'fees' when 'product' then 'shop' else l.kind end) end;
end $$;
comment on function sales.income_account is 'What a line''s price, without its tax, becomes: earned at once, unearned until a pass is used, or owed to the holder of a wallet or card.';

create function sales.book_sale(o sales.orders, p payments.payments) returns void
language plpgsql volatile set search_path = '' as $$
declare
  ids bigint[];
  amounts bigint[];
  passes uuid[];
  pending bigint[];
  rows bigint[];
  parts uuid[] := '{}';
  reserved bigint[] := '{}';
begin
  if o.parts_cents > 0 then
    select array_agg(x.id order by x.attempt), array_agg(x.reservation_id order by x.attempt) into parts, reserved
    from payments.payments x where x.business_id = o.business_id and x.order_id = o.id and x.state = 'authorized' and x.reservation_id is not null;
  end if;
  if p.id is not null or cardinality(parts) > 0 then
    select array_agg(x.account order by x.n), array_agg(x.amount order by x.n) into ids, amounts from (
      select 0 as n, payments.money_account(p) as account, o.total_cents - o.parts_cents as amount where p.id is not null
      union all
      select 0, payments.money_account(x), x.amount_cents from payments.payments x where x.id = any (parts)
      union all
      select 1, sales.income_account(o, l), -(l.total_cents - l.tax_cents) from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id and l.total_cents > l.tax_cents
      union all
      select 2, ledger.account(o.business_id, o.currency::text, 'tax', l.tax_rate_bp::text), -l.tax_cents from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id and l.tax_cents > 0) x;
  end if;
  if cardinality(reserved) > 0 or exists (select from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id and (l.plan_id is not null or l.pass_id is not null)) then
    passes := array(select q.id from members.passes q join sales.order_lines l on l.business_id = q.business_id and l.id = q.order_line_id where l.business_id = o.business_id and l.order_id = o.id and q.credits is not null);
    pending := array(select t.id from booking.bookings k join sales.order_lines l on l.business_id = k.business_id and l.id = k.order_line_id join ledger.transfers t on t.business_id = k.business_id and t.id = k.credit_transfer_id
      where l.business_id = o.business_id and l.order_id = o.id and t.state = 'pending');
    -- Several transfers at once: all their rows are locked first, in id order, so that no two orders wait for each other.
    rows := coalesce(ids, '{}') || array(select unnest(t.account_ids) from ledger.transfers t where t.id = any (pending || reserved))
      || array(select unnest(array[ledger.account(q.business_id, 'credits', 'credits_issued', q.plan_id::text), ledger.account(q.business_id, 'credits', 'credits', q.id::text)]) from members.passes q where q.id = any (passes));
    perform 1 from ledger.accounts a where a.id = any (rows) order by a.id for no key update;
    perform ledger.settle(u, true) from unnest(pending) u;
    -- What was kept for this order is let go and taken for good by the sale itself, with the rows locked: nobody comes between.
    perform ledger.settle(u, false) from unnest(reserved) u;
    update payments.payments x set state = 'captured', captured_cents = x.amount_cents, updated_at = now() where x.id = any (parts);
    perform members.book_credits(u) from unnest(passes) u;
    if cardinality(pending) > 0 then
      perform members.tell_used_up(array(select k.pass_id from booking.bookings k where k.business_id = o.business_id and k.credit_transfer_id = any (pending)));
    end if;
  end if;
  if ids is not null then perform ledger.transfer(o.business_id, 'sale', 'payment:' || coalesce(p.id, parts[1]), ids, amounts); end if;
end $$;
comment on function sales.book_sale is 'Everything an order moves in the ledger, locked in one go: the money (p null: there is none, or its parts are all of it), the credits it grants and those it uses. The sale''s source names p, else the first part.';

create function sales.confirm(o sales.orders, p payments.payments) returns void
language plpgsql volatile set search_path = '' as $$
begin
  update sales.orders x set state = 'paid', payment_confirmed_at = now() where x.id = o.id;
  perform sales.announce_confirmed(o);
  -- The ledger's rows are the busiest: they are locked last and for the shortest time.
  perform sales.book_sale(o, p);
end $$;
comment on function sales.confirm is 'A captured payment has paid for goods that were just fulfilled: the order is paid, the buyer is told, the ledger has it.';

create function payments.refund_from(p payments.payments, amount_cents bigint, reason text, line_ids uuid[] default null, line_amounts bigint[] default null) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  made uuid;
  ids bigint[];
  amounts bigint[];
  transfer bigint;
begin
  insert into payments.refunds as r (business_id, order_id, payment_id, amount_cents, currency, reason, requested_by)
  values (p.business_id, p.order_id, p.id, refund_from.amount_cents, p.currency, refund_from.reason, auth.uid()) returning r.id into made;
  begin
    update payments.payments x set refund_requested_cents = x.refund_requested_cents + refund_from.amount_cents, updated_at = now() where x.id = p.id;
    if refund_from.line_ids is not null then
      -- A line's tax goes back in proportion to all that went back so far, so that any number of refunds adds up to the cent.
      insert into payments.refund_lines (business_id, refund_id, order_line_id, amount_cents, tax_cents)
      select l.business_id, made, l.id, u.amount,
        least(u.amount, greatest(0, floor(l.tax_cents::numeric * (l.refunded_cents + u.amount) / l.total_cents + 0.5)::bigint
          - coalesce((select sum(y.tax_cents) from payments.refund_lines y join payments.refunds z on z.id = y.refund_id where y.order_line_id = l.id and z.state <> 'failed'), 0)::bigint))
      from unnest(refund_from.line_ids, refund_from.line_amounts) as u (id, amount) join sales.order_lines l on l.id = u.id and l.order_id = p.order_id;
      update sales.order_lines l set refunded_cents = l.refunded_cents + y.amount_cents, state = 'reversed' from payments.refund_lines y where y.refund_id = made and l.id = y.order_line_id;
    end if;
  exception when check_violation then
    perform platform.refuse(409, 'refund_above_paid');
  end;
  if refund_from.line_ids is null then
    ids := array[ledger.account(p.business_id, p.currency::text, 'unapplied', p.id::text), payments.money_account(p)];
    amounts := array[refund_from.amount_cents, -refund_from.amount_cents];
  else
    select array_agg(x.account), array_agg(x.amount) into ids, amounts from (
      select payments.money_account(p) as account, -refund_from.amount_cents as amount
      union all
      select sales.income_account(o, l), y.amount_cents - y.tax_cents
        from payments.refund_lines y join sales.order_lines l on l.id = y.order_line_id join sales.orders o on o.id = l.order_id where y.refund_id = made and y.amount_cents > y.tax_cents
      union all
      select ledger.account(p.business_id, p.currency::text, 'tax', l.tax_rate_bp::text), y.tax_cents
        from payments.refund_lines y join sales.order_lines l on l.id = y.order_line_id where y.refund_id = made and y.tax_cents > 0) x;
  end if;
  transfer := ledger.transfer(p.business_id, 'refund', 'refund:' || made, ids, amounts, 'pending');
  update payments.refunds r set transfer_id = transfer where r.id = made;
  if p.provider = 'stripe' then
    perform platform.add_job('refund_payment', jsonb_build_object('refund_id', made), 'refund:' || made);
  else
    -- Ours to give: it is done as soon as it is written.
    perform payments.finish_refund(made, null, 'succeeded');
  end if;
  return made;
end $$;
comment on function payments.refund_from is 'Records a refund of one payment, reserves it in the ledger (pending) and queues the call to the provider. With lines it takes back revenue and tax; without, it returns money that bought nothing. Refuses 409 refund_above_paid.';

create function payments.give_back(p payments.payments, reason text) returns void
language plpgsql volatile set search_path = '' as $$
declare o sales.orders;
begin
  -- A trial that cannot begin has cost nothing.
  if p.captured_cents = 0 then
    perform payments.tell_order(p.order_id);
    return;
  end if;
  perform ledger.transfer(p.business_id, 'receipt_without_goods', 'payment:' || p.id,
    array[payments.money_account(p), ledger.account(p.business_id, p.currency::text, 'unapplied', p.id::text)], array[p.captured_cents, -p.captured_cents]);
  perform payments.refund_from(p, p.captured_cents, give_back.reason);
  select * into o from sales.orders x where x.id = p.order_id;
  perform messages.notify(o.business_id, o.member_id, give_back.reason, p.id::text, sales.order_document(o.id) || jsonb_build_object('refund_cents', p.captured_cents, 'refund_currency', p.currency));
  perform payments.tell_order(o.id);
end $$;
comment on function payments.give_back is 'Money arrived for goods that cannot be had: booked as owed back, refunded in full, and the payer is told why (kind = reason).';

create function payments.settle_order(o sales.orders, p payments.payments) returns text
language plpgsql volatile set search_path = '' as $$
declare refusal text;
begin
  if p.captured_cents <> o.total_cents - o.parts_cents or p.currency <> o.currency then
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
    perform sales.fulfil_lines(o, p);
    if o.parts_cents > 0 then perform payments.renew_parts(o); end if;
  exception when sqlstate 'PT409' or sqlstate 'PT404' then
    get stacked diagnostics refusal = message_text;
  end;
  if refusal is not null then
    perform sales.release_lines(o, 'expired', 'the order could not be kept');
    update sales.orders x set state = 'expired' where x.id = o.id;
    perform payments.give_back(p, 'paid_too_late');
    if o.parts_cents > 0 then perform payments.void_parts(array[o.id]); end if;
    return 'paid_too_late';
  end if;
  perform sales.confirm(o, p);
  return 'settled';
end $$;
comment on function payments.settle_order is 'What a captured payment does, once, in the caller''s transaction (which holds the order''s lock): the goods (with the parts that others pay, see payments.reserve_parts), or all of the money back.';

-- Placing -------------------------------------------------------------------------------------------------------------
create function payments.pay_at_once(o sales.orders, provider text) returns sales.orders
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare p payments.payments;
begin
  select * into strict o from sales.orders x where x.id = o.id for no key update;
  if pay_at_once.provider is null then
    perform sales.fulfil_lines(o, null);
    perform sales.confirm(o, null);
    select * into o from sales.orders x where x.id = o.id;
    return o;
  end if;
  insert into payments.payments as x (business_id, order_id, provider, attempt, state, amount_cents, currency, captured_cents)
  values (o.business_id, o.id, pay_at_once.provider, 1 + coalesce((select max(y.attempt) from payments.payments y where y.order_id = o.id), 0), 'captured', o.total_cents - o.parts_cents, o.currency, o.total_cents - o.parts_cents)
  returning * into p;
  perform payments.settle_order(o, p);
  select * into o from sales.orders x where x.id = o.id;
  return o;
exception when sqlstate 'PT409' then
  if sqlerrm <> 'not_enough_balance' or pay_at_once.provider is distinct from 'wallet' then raise; end if;
  perform platform.refuse(409, 'wallet_too_low', jsonb_build_object('total_cents', o.total_cents - o.parts_cents, 'currency', o.currency,
    'balance_cents', coalesce((select -a.balance - a.reserved from ledger.accounts a where a.business_id = o.business_id and a.kind = 'wallet' and a.unit = o.currency::text and a.owner = o.member_id::text), 0)));
end $$;
comment on function payments.pay_at_once is 'Money that is here already (wallet, cash, terminal; provider null: parts that are all of it): the order is settled in this transaction. Refuses 409 wallet_too_low.';

create function sales.place(order_id uuid, me uuid, expected_total_cents bigint default null, pay_with text default 'card', entry text default 'public') returns sales.orders
language plpgsql volatile set search_path = '' as $$
declare
  o sales.orders;
  b business.businesses;
  l record;
  seats uuid[] := '{}';
  passes uuid[] := '{}';
  held timestamptz;
  at_once boolean;
  others boolean;
  subscribes boolean;
  eats boolean;
  made uuid;
begin
  select * into strict o from sales.orders x where x.id = place.order_id;
  select * into strict b from business.businesses x where x.id = o.business_id;
  o.member_id := place.me;
  held := now() + make_interval(mins => b.hold_minutes);
  with priced as (
    update sales.order_lines x set unit_price_cents = y.unit_cents, tax_rate_bp = y.rate_bp, label = y.label, credits = y.credits, discount_cents = y.discount_cents, discounts = y.discounts,
      tax_cents = y.tax_cents, total_cents = y.total_cents, modifiers = y.modifiers, make_seconds = y.make_seconds
    from sales.price(o) y where x.id = y.line_id
    returning x.kind, x.total_cents, x.tax_cents)
  select sum(p.total_cents), sum(p.tax_cents), bool_or(p.kind <> 'seat'), bool_or(p.kind = 'membership'), bool_or(p.kind = 'product') into o.total_cents, o.tax_cents, others, subscribes, eats from priced p;
  if o.total_cents is null then perform platform.refuse(409, 'cart_empty'); end if;
  if subscribes and place.pay_with <> 'card' then perform platform.refuse(409, 'membership_needs_card'); end if;
  -- Nothing to pay, nothing to wait for: the seat is theirs at once.
  at_once := o.total_cents = 0 and not subscribes;
  perform booking.hold_people(array(select coalesce(x.person_id, place.me) from sales.order_lines x where x.business_id = o.business_id and x.order_id = o.id and x.session_id is not null)
    || case when o.promotion_id is not null then array[place.me] else '{}' end);
  -- Said before anything is held, and looked at again under the promotion's own lock.
  if o.reward_id is not null then perform loyalty.refuse_reward(o, loyalty.reward_problem(o)); end if;
  if o.promotion_id is not null then perform sales.refuse_promotion(sales.promotion_in(o)); end if;
  for l in select x.id, x.session_id, x.person_id, x.guest_name, x.pass_id from sales.order_lines x where x.business_id = o.business_id and x.order_id = o.id and x.session_id is not null order by x.session_id, x.id loop
    made := booking.take_seat(o.business_id, l.session_id, coalesce(l.person_id, place.me), l.id, case when not at_once then held end, at_once, place.entry, l.guest_name, place.me);
    if l.pass_id is not null then
      seats := seats || made;
      passes := passes || l.pass_id;
    end if;
  end loop;
  if place.expected_total_cents is not null and place.expected_total_cents <> o.total_cents then
    perform platform.refuse(409, 'price_changed', jsonb_build_object('total_cents', o.total_cents, 'expected_total_cents', place.expected_total_cents, 'currency', o.currency));
  end if;
  if others then
    perform members.check_plan(n, place.me) from sales.order_lines x join members.plans n on n.id = x.plan_id where x.business_id = o.business_id and x.order_id = o.id;
  end if;
  -- The bar is the busiest place of all: its rows are locked after everything that can be refused without them.
  if eats then o := shop.hold(o, place.entry); end if;
  if o.promotion_id is not null then perform sales.use_promotion(o); end if;
  if o.reward_id is not null then perform loyalty.reserve(o); end if;
  update sales.orders x set state = case when at_once then 'paid' else 'placed' end, member_id = place.me, location_id = o.location_id, serving = o.serving, ready_by = o.ready_by, reference = coalesce(x.reference, sales.new_reference(x.business_id)), placed_at = now(),
    payment_confirmed_at = case when at_once then now() end, hold_expires_at = case when not at_once then held end,
    total_cents = o.total_cents, tax_cents = o.tax_cents, cart_token_hash = null
  where x.id = o.id returning * into o;
  if at_once then
    if others then
      perform sales.fulfil_lines(o, null);
    else
      update sales.order_lines x set state = 'fulfilled' where x.business_id = o.business_id and x.order_id = o.id;
    end if;
    perform sales.announce_confirmed(o);
  end if;
  -- Gift cards and the wallet, as far as they go, are the buyer's own wish in the cart.
  o := payments.reserve_parts(o, passes);
  if cardinality(seats) > 0 then perform members.spend(seats, passes, at_once and not others); end if;
  if at_once and others then perform sales.book_sale(o, null); end if;
  if not at_once and o.parts_cents = o.total_cents and o.parts_cents > 0 then o := payments.pay_at_once(o, null);
  elsif not at_once and place.pay_with <> 'card' then o := payments.pay_at_once(o, place.pay_with); end if;
  return o;
end $$;
comment on function sales.place is 'Prices the lines, takes every seat (in id order, so that two carts never wait for each other), pays with passes, counts the use of a promotion, gives the order its reference. What the cart wants paid by gift cards or the wallet is reserved first. Nothing to pay, nothing left to pay, or pay_with wallet, cash or terminal: settled at once. entry: see booking.take_seat.';

create function api.place_order(business_id uuid, idempotency_key text, cart_token text default null, expected_total_cents bigint default null, pay_with text default 'card') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := members.require_me(place_order.business_id);
  answer jsonb;
  the_cart uuid;
begin
  answer := platform.replay(me::text, place_order.idempotency_key, 'place_order', jsonb_build_object('expected_total_cents', place_order.expected_total_cents, 'pay_with', place_order.pay_with));
  if answer is not null then return answer; end if;
  if place_order.pay_with not in ('card', 'wallet') then perform platform.refuse(422, 'pay_with_invalid'); end if;
  select o.id into the_cart from sales.orders o where o.id = sales.find_cart(place_order.business_id, place_order.cart_token) and o.state = 'cart' for no key update;
  if the_cart is null then perform platform.refuse(409, 'cart_empty'); end if;
  return platform.remember(me::text, place_order.idempotency_key, sales.summary(sales.place(the_cart, me, place_order.expected_total_cents, place_order.pay_with)));
end $$;
comment on function api.place_order is 'Turns the asker''s cart into a placed order whose seats are held. expected_total_cents: what the buyer saw; another total is refused 409 price_changed. pay_with: card, or wallet (settled at once, or 409 wallet_too_low). Refuses also 409 cart_empty, membership_needs_card and whatever booking.take_seat and members.spend refuse, naming the session.';
grant execute on function api.place_order to authenticated;

create function api.book_session(business_id uuid, session_id uuid, idempotency_key text, pay_with text default 'auto', pass_id uuid default null, participants jsonb default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := members.require_me(book_session.business_id);
  answer jsonb;
  made uuid;
  s booking.sessions;
  cost int;
begin
  answer := platform.replay(me::text, book_session.idempotency_key, 'book_session', jsonb_build_object('session_id', book_session.session_id)
    || case when book_session.pay_with = 'auto' and book_session.participants is null then '{}' else jsonb_build_object('pay_with', book_session.pay_with, 'pass_id', book_session.pass_id, 'participants', book_session.participants) end);
  if answer is not null then return answer; end if;
  if book_session.pay_with not in ('auto', 'card', 'pass', 'wallet') or (book_session.pay_with = 'pass') < (book_session.pass_id is not null) then perform platform.refuse(422, 'pay_with_invalid'); end if;
  -- A class that two thousand want at once has thirty orders, not two thousand that are undone. Passes named and people brought along are looked at first.
  if book_session.pay_with <> 'pass' and book_session.participants is null and booking.is_full(book_session.business_id, book_session.session_id) then
    perform platform.refuse(409, 'session_full', jsonb_build_object('session_id', book_session.session_id));
  end if;
  -- A placed order from its first breath: it never passes through the member's cart.
  insert into sales.orders as o (business_id, member_id, state, channel, currency, reference, placed_at)
  select b.id, me, 'placed', 'api', b.currency, sales.new_reference(b.id), now() from business.businesses b where b.id = book_session.business_id returning o.id into made;
  select * into s from booking.sessions x where x.id = book_session.session_id and x.business_id = book_session.business_id;
  if s.id is null then perform platform.refuse(404, 'session_not_found'); end if;
  if book_session.participants is null and (s.price_cents = 0 or book_session.pay_with in ('card', 'wallet')) then
    insert into sales.order_lines (business_id, order_id, position, kind, session_id, label, unit_price_cents) values (s.business_id, made, 1, 'seat', s.id, '{}', s.price_cents);
  else
    select t.credits into cost from booking.class_types t where t.id = s.class_type_id;
    perform sales.add_seats(made, me, s, cost, book_session.pay_with, book_session.pass_id, book_session.participants);
  end if;
  return platform.remember(me::text, book_session.idempotency_key, sales.summary(sales.place(made, me, null, case book_session.pay_with when 'wallet' then 'wallet' else 'card' end)));
end $$;
comment on function api.book_session is 'Seats of one session in one order, without a cart. pay_with: auto (a pass that pays, else money), pass (pass_id, or the one that pays), card, wallet. participants: see sales.read_people. Refusals as booking.take_seat and members.spend; answers the order''s summary (paid when there was nothing to pay).';
grant execute on function api.book_session to authenticated;

create function api.too_late(business_id uuid, session_id uuid, users uuid[], keys text[]) returns int[]
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  -- One statement, hence one instant, for the seats and the keys alike. Who is no member yet is left to book_session.
  return (
    select coalesce(array_agg(x.n::int order by x.n), '{}') from unnest(too_late.users, too_late.keys) with ordinality x (user_id, key, n)
    join members.members m on m.business_id = too_late.business_id and m.user_id = x.user_id
    where booking.is_full(too_late.business_id, too_late.session_id) and length(x.key) between 8 and 100
      and not exists (select from platform.idempotency_keys k where k.actor = m.id::text and k.key = x.key));
end $$;
comment on function api.too_late is 'Which of those who press at once (their numbers, from 1) book_session would refuse session_full at this instant for a seat of their own: everybody, when the class is full, whose key was not answered before.';
grant execute on function api.too_late to service_role;

create function sales.add_seats(order_id uuid, me uuid, s booking.sessions, cost int, pay_with text, pass_id uuid, participants jsonb) returns void
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare
  w record;
  paying uuid;
  n int := 0;
begin
  for w in select * from sales.read_people(add_seats.me, add_seats.participants) loop
    n := n + 1;
    paying := case when s.price_cents = 0 or add_seats.pay_with in ('card', 'wallet') then null
      else coalesce(add_seats.pass_id, members.pass_for(add_seats.me, w.person_id, w.guest_name is not null, s, add_seats.cost, sales.planned_credits(add_seats.order_id))) end;
    if paying is null and add_seats.pay_with = 'pass' and s.price_cents > 0 then perform platform.refuse(409, 'no_pass_pays', jsonb_build_object('session_id', s.id)); end if;
    insert into sales.order_lines (business_id, order_id, position, kind, session_id, person_id, guest_name, pass_id, label, unit_price_cents)
    values (s.business_id, add_seats.order_id, n, 'seat', s.id, nullif(w.person_id, add_seats.me), w.guest_name, paying, '{}', s.price_cents);
  end loop;
exception when unique_violation then
  perform platform.refuse(422, 'participants_invalid');
end $$;

create function api.cancel_order(business_id uuid, order_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare o sales.orders;
begin
  select * into o from sales.orders x where x.id = cancel_order.order_id and x.business_id = cancel_order.business_id and x.member_id in (select members.mine()) and x.state <> 'cart' for no key update;
  if o.id is null then perform platform.refuse(404, 'order_not_found'); end if;
  if o.state = 'cancelled' then return sales.summary(o); end if;
  if o.state <> 'placed' then perform platform.refuse(409, 'order_' || o.state); end if;
  -- What is owed is waived by the front desk (api.waive), not by whoever owes it.
  if exists (select from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id and l.kind = 'fee') then perform platform.refuse(409, 'fee_owed'); end if;
  perform sales.release_lines(o, 'cancelled', 'the order was cancelled before it was paid');
  update sales.orders x set state = 'cancelled' where x.id = o.id returning * into o;
  perform payments.close_checkouts(o.id);
  perform payments.tell_order(o.id);
  return sales.summary(o);
end $$;
comment on function api.cancel_order is 'The member gives up an unpaid order; its seats are free at once. Refuses 404 order_not_found, 409 order_paid, order_expired, fee_owed.';

create function payments.close_pages(order_id uuid) returns void
language sql volatile set search_path = '' as $$
  select platform.add_job('close_checkout', jsonb_build_object('payment_id', p.id), 'close:' || p.id)
  from payments.payments p where p.order_id = close_pages.order_id and p.provider_ref is not null and p.state in ('pending', 'failed', 'requires_action');
$$;
comment on function payments.close_pages is 'Asks the provider to stop taking money for an order that is over.';

create function payments.close_checkouts(order_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform payments.close_pages(close_checkouts.order_id);
  perform payments.void_parts(array[close_checkouts.order_id]);
end $$;
comment on function payments.close_checkouts is 'An order is over (the caller has its lock): its pages take no more money, and what was kept of gift cards and the wallet is free again.';
grant execute on function api.cancel_order to authenticated;

create function api.expire_holds(at_most int default 500) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  o sales.orders;
  done int := 0;
  with_parts uuid[] := '{}';
  gone sales.orders[] := '{}';
begin
  for o in select * from sales.orders x where x.state = 'placed' and x.hold_expires_at <= now() order by x.hold_expires_at limit expire_holds.at_most for no key update skip locked loop
    perform sales.release_seats(o, 'expired', 'the hold ran out');
    gone := gone || o;
    update sales.orders x set state = 'expired' where x.id = o.id;
    perform payments.close_pages(o.id);
    if o.parts_cents > 0 then with_parts := with_parts || o.id; end if;
    perform payments.tell_order(o.id);
    done := done + 1;
  end loop;
  -- Kind by kind, as somebody who buys takes them: nobody who has a seat and wants the bar waits for us while we have the bar and want their seat.
  for o in select x.* from unnest(gone) x where x.location_id is not null order by x.location_id, x.id loop
    perform shop.release(o);
  end loop;
  for o in select x.* from unnest(gone) x where x.promotion_id is not null order by x.promotion_id, x.id loop
    perform sales.give_back_promotion(o);
  end loop;
  for o in select x.* from unnest(gone) x where x.reward_id is not null order by x.member_id, x.id loop
    perform loyalty.release(o);
  end loop;
  -- All at once and last, so that their rows are locked in one order.
  perform payments.void_parts(with_parts);
  update booking.sessions s set hold_ends_at = (select min(b.held_until) from booking.bookings b where b.session_id = s.id and b.state = 'held')
  where s.starts_at > now() and s.hold_ends_at <= now();
  return done;
end $$;
comment on function api.expire_holds is 'Tidies up orders whose hold ran out. Correctness never waits for it: a run-out hold is ignored by readers and reclaimed by the next one who needs the seat. Run by a job.';
grant execute on function api.expire_holds to service_role;

-- Paying --------------------------------------------------------------------------------------------------------------
create function api.begin_payment(business_id uuid, order_id uuid)
returns table (payment_id uuid, attempt int, provider_ref text, url text, amount_cents bigint, currency text, hold_expires_at timestamptz, email text, locale text, lines jsonb, subscription jsonb)
language plpgsql volatile security definer set search_path = '' as $$
declare
  o sales.orders;
  p payments.payments;
begin
  select * into o from sales.orders x where x.id = begin_payment.order_id and x.business_id = begin_payment.business_id and x.member_id in (select members.mine()) and x.state <> 'cart' for no key update;
  if o.id is null then perform platform.refuse(404, 'order_not_found'); end if;
  if o.state = 'placed' and o.hold_expires_at <= now() then perform platform.refuse(409, 'order_expired'); end if;
  if o.state <> 'placed' then perform platform.refuse(409, 'order_' || o.state); end if;
  select * into p from payments.payments x where x.order_id = o.id and x.reservation_id is null order by x.attempt desc limit 1;
  -- A page that is closed (canceled, or its debit came back) takes no more money. Captured, but not what this order costs: that goes back, and the order can still be paid.
  if p.id is null or p.state = 'canceled' or p.captured_cents > 0 or p.provider_ref is not null and p.url is null then
    insert into payments.payments as x (business_id, order_id, provider, attempt, amount_cents, currency)
    values (o.business_id, o.id, 'stripe', 1 + coalesce((select max(y.attempt) from payments.payments y where y.order_id = o.id), 0), o.total_cents - o.parts_cents, o.currency) returning * into p;
  end if;
  return query select p.id, p.attempt, p.provider_ref, p.url, p.amount_cents, p.currency::text, o.hold_expires_at, m.email::text, m.locale,
    (select jsonb_agg(jsonb_build_object('line_id', l.id, 'kind', l.kind, 'label', l.label, 'quantity', l.quantity, 'total_cents', l.total_cents, 'starts_at', s.starts_at) order by l.position)
      from sales.order_lines l left join booking.sessions s on s.id = l.session_id where l.order_id = o.id),
    -- What it costs each time, with its tax.
    (select jsonb_build_object('line_id', l.id, 'plan_id', n.id, 'label', l.label, 'every', n.every, 'price_cents', sales.gross(n.price_cents, n.tax_rate_bp, o.business_id),
        'trial_days', n.trial_days, 'intro_price_cents', sales.gross(n.intro_price_cents, n.tax_rate_bp, o.business_id), 'intro_periods', n.intro_periods,
        'customer_ref', (select x.customer_ref from members.memberships x where x.business_id = o.business_id and x.member_id = o.member_id and x.customer_ref is not null order by x.started_at desc limit 1))
      from sales.order_lines l join members.plans n on n.id = l.plan_id where l.business_id = o.business_id and l.order_id = o.id and l.kind = 'membership')
  from members.members m where m.id = o.member_id;
end $$;
comment on function api.begin_payment is 'The open attempt to pay what gift cards and the wallet leave of this order (made when there is none), with what the provider needs to know. Refuses 404 order_not_found, 409 order_expired, order_paid, order_cancelled.';
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
  return payments.refund_from(p, (facts ->> 'amount_cents')::bigint, 'provider', ids, amounts);
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
  if facts ->> 'kind' = 'subscription' then return members.apply_subscription(facts -> 'subscription'); end if;
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
      captured_cents = case when to_state = 'captured' then (facts ->> 'amount_cents')::bigint else x.captured_cents end, subscription_ref = coalesce(facts ->> 'subscription_ref', x.subscription_ref),
      currency = case when to_state = 'captured' then upper(facts ->> 'currency') else x.currency end,
      failure_code = null, failure_message = null
    where x.id = p.id returning * into p;
    if to_state = 'captured' then
      result := payments.settle_order(o, p);
      perform payments.obey_early_events(p);
      if p.subscription_ref is not null then
        if result = 'settled' then
          perform members.apply_subscription(facts -> 'subscription');
        else
          -- Nobody pays each month for what they could not have.
          perform platform.add_job('end_subscription', jsonb_build_object('subscription_ref', p.subscription_ref), 'end:' || p.subscription_ref);
        end if;
      end if;
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
    state = case when problem is not null then 'failed' when result in ('unknown_payment', 'unknown_refund', 'unknown_membership', 'unknown_state', 'nothing_to_do', 'nothing_new', 'stale', 'too_early') then 'ignored' else 'applied' end,
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
comment on function api.receive_payment_event is 'Stores an event by its id, then obeys it, once. facts: {kind: payment|refund|dispute|subscription|other, subscription? (see members.apply_subscription), payment_id?, provider_ref?, intent_ref?, state?, amount_cents?, currency?, failure_code?, failure_message?, closed?, refund_id?, refund_ref?, refund_state?, dispute_ref?, dispute_state?}. Answers {outcome}: settled, paid_too_late, paid_twice, amount_mismatch, failed, stale, duplicate, unknown_payment, …';
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

-- Who may listen ------------------------------------------------------------------------------------------------------
create policy "Everyone hears the timetable" on realtime.messages for select to anon, authenticated
  using (realtime.topic() like 'business:%:timetable');
create policy "Members hear their own orders and notices" on realtime.messages for select to authenticated
  using (realtime.topic() in (select 'order:' || o.id from sales.orders o where o.member_id in (select members.mine()) union all select 'member:' || m from members.mine() m));
create policy "The front desk hears its business's orders" on realtime.messages for select to authenticated
  using (realtime.topic() in (select 'business:' || b || ':orders' from business.where_i_am('barista') b));
