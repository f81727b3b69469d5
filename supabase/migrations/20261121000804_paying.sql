-- Paying: payment pages, and what the provider tells, in our words; once, in whatever order it comes.

create function api.begin_payment(business_id uuid, order_id uuid)
returns table (payment_id uuid, attempt int, provider_ref text, url text, amount_cents bigint, currency text, hold_expires_at timestamptz, email text, locale text, lines jsonb, subscription jsonb)
language plpgsql volatile security definer set search_path = '' as $$
declare
  o sales.orders;
  p payments.payments;
begin
  select * into o from sales.orders x where x.id = begin_payment.order_id and x.business_id = begin_payment.business_id and x.member_id in (select members.mine()) and x.state <> 'cart' and not payments.is_at_till(x) for no key update;
  if o.id is null then perform platform.refuse(404, 'order_not_found'); end if;
  if o.state = 'placed' and o.hold_expires_at <= now() then perform platform.refuse(409, 'order_expired'); end if;
  if o.state <> 'placed' then perform platform.refuse(409, 'order_' || o.state); end if;
  -- A fee may be less than a card can be asked for; the wallet and the desk take it.
  if not exists (select from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id and l.kind = 'membership') then perform payments.refuse_small(o.total_cents - o.parts_cents, o.currency::text); end if;
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
comment on function api.begin_payment is 'The open attempt to pay what gift cards and the wallet leave of this order (made when there is none), with what the provider needs to know. Refuses 404 order_not_found, 409 order_expired, order_paid, order_cancelled, card_below_minimum.';
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
    perform sales.restore_gift_card(l) from payments.refund_lines y join sales.order_lines l on l.id = y.order_line_id where y.refund_id = r.id and l.kind = 'gift_card';
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
  perform sales.return_promotion(p.order_id, ids, amounts);
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
      -- Of a try before the one that is under way.
      if p.state <> 'failed' and p.failure_ref = facts ->> 'failure_ref' then return 'stale'; end if;
      update payments.payments x set state = 'failed', failure_ref = coalesce(facts ->> 'failure_ref', x.failure_ref), failure_code = facts ->> 'failure_code', failure_message = left(facts ->> 'failure_message', 500), intent_ref = coalesce(x.intent_ref, facts ->> 'intent_ref'),
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
comment on function api.receive_payment_event is 'Stores an event by its id, then obeys it, once. facts: {kind: payment|refund|dispute|subscription|other, subscription? (see members.apply_subscription), payment_id?, provider_ref?, intent_ref?, state?, amount_cents?, currency?, failure_code?, failure_message?, failure_ref?, closed?, refund_id?, refund_ref?, refund_state?, dispute_ref?, dispute_state?}. Answers {outcome}: settled, paid_too_late, paid_twice, amount_mismatch, failed, stale, duplicate, unknown_payment, …';
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
language sql volatile security definer set search_path = '' as $$
  with turn as (
    select p.id from payments.payments p
    where p.state in ('pending', 'failed', 'requires_action', 'processing', 'authorized') and p.provider_ref is not null
      and p.created_at < now() - make_interval(secs => open_payments.older_than_seconds) and p.created_at > now() - interval '2 days'
    order by coalesce(p.asked_at, p.created_at) limit open_payments.at_most for no key update skip locked),
  marked as (update payments.payments p set asked_at = now() from turn where p.id = turn.id returning p.*)
  select p.id, p.provider, p.provider_ref, p.intent_ref, o.state, p.created_at from marked p join sales.orders o on o.id = p.order_id order by p.created_at;
$$;
comment on function api.open_payments is 'Payments that may have been paid without our hearing of it, for the reconciling job to ask the provider about; a turn each: those it has not asked about for longest, so that many that were given up do not keep it from the others.';
grant execute on function api.open_payments to service_role;

create function api.payment_to_close(payment_id uuid) returns table (payment_id uuid, provider text, provider_ref text)
language sql stable security definer set search_path = '' as $$
  select p.id, p.provider, p.provider_ref from payments.payments p join sales.orders o on o.id = p.order_id
  where p.id = payment_to_close.payment_id and p.state in ('pending', 'failed', 'requires_action') and o.state in ('expired', 'cancelled', 'paid', 'closed');
$$;
grant execute on function api.payment_to_close to service_role;

-- Who may listen ------------------------------------------------------------------------------------------------------
create policy "Everyone hears the timetable" on realtime.messages for select to anon, authenticated
  using (realtime.topic() like 'business:%:timetable');
create policy "Members hear their own orders and notices" on realtime.messages for select to authenticated
  using (realtime.topic() in (select 'order:' || o.id from sales.orders o where o.member_id in (select members.mine()) union all select 'member:' || m from members.mine() m));
create policy "The front desk hears its business's orders" on realtime.messages for select to authenticated
  using (realtime.topic() in (select 'business:' || b || ':orders' from business.where_i_am('barista') b));
