-- Payments: attempts to pay an order, the webhook inbox, refunds, and who may read them.

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
  provider text not null check (provider in ('stripe', 'wallet', 'gift_card', 'cash', 'terminal', 'outside')),
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
  failure_ref text,
  gift_card_id uuid,
  reservation_id bigint,
  asked_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((provider = 'gift_card') = (gift_card_id is not null)),
  constraint never_refund_more_than_captured check (refunded_cents <= refund_requested_cents and refund_requested_cents <= captured_cents),
  unique (business_id, id),
  unique (order_id, attempt),
  unique (provider, provider_ref),
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete restrict,
  foreign key (business_id, reservation_id) references ledger.transfers (business_id, id) on delete restrict
);
comment on column payments.payments.reservation_id is 'Of a part (see 0805_tenders.sql, 0871_till_parts.sql): the pending transfer that keeps its money until the order is settled or over.';
comment on column payments.payments.failure_ref is 'The provider''s name for what was refused last (Stripe: the charge). It stays when another try begins, so that the same news, once more, is known to be old.';
comment on column payments.payments.asked_at is 'When the reconciling job last asked the provider about it.';
comment on column payments.payments.url is 'Where this attempt is paid; null before there is a page, and when it takes no more money.';
comment on column payments.payments.provider is 'stripe: a hosted page; wallet: what the business owes the member; gift_card: what it owes the holder of a card; cash, terminal: taken at the desk.';
comment on column payments.payments.amount_cents is 'Nothing only where a page is needed all the same: a membership that begins with a trial.';
comment on column payments.payments.provider_ref is 'The provider''s name for this attempt (Stripe: the Checkout Session).';
create index payments_order_id_idx on payments.payments (business_id, order_id);
create index payments_reservation_id_idx on payments.payments (business_id, reservation_id) where reservation_id is not null;
create index payments_reserved_idx on payments.payments (business_id, order_id) where state = 'authorized' and reservation_id is not null;
create index payments_gift_card_id_idx on payments.payments (business_id, gift_card_id) where gift_card_id is not null;
create index payments_intent_ref_idx on payments.payments (provider, intent_ref) where intent_ref is not null;
create index payments_open_idx on payments.payments (coalesce(asked_at, created_at)) where state in ('pending', 'failed', 'requires_action', 'processing', 'authorized');

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
