-- Admin: what owners and managers look at. Readers over the areas; no rule of its own.

create function api.admin_overview(business_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  zone text;
  today date;
begin
  perform business.require_role(admin_overview.business_id, 'manager');
  select b.time_zone into zone from business.businesses b where b.id = admin_overview.business_id;
  today := (now() at time zone zone)::date;
  return jsonb_build_object(
    'today', today,
    'sessions', coalesce((select jsonb_agg(jsonb_build_object('session_id', s.id, 'starts_at', s.starts_at, 'ends_at', s.ends_at, 'class_name', t.name, 'style', t.style, 'instructor_name', i.name, 'room_name', r.name,
        'seats_taken', s.seats_taken, 'capacity', s.capacity, 'state', s.state) order by s.starts_at)
      from booking.sessions s join booking.class_types t on t.id = s.class_type_id join booking.instructors i on i.id = s.instructor_id join booking.rooms r on r.id = s.room_id
      where s.business_id = admin_overview.business_id and s.starts_at >= today::timestamp at time zone zone and s.starts_at < (today + 1)::timestamp at time zone zone), '[]'),
    'days', (select jsonb_agg(jsonb_build_object('day', d.day, 'revenue_cents', coalesce(v.cents, 0), 'orders', coalesce(v.orders, 0)) order by d.day)
      from (select today - n as day from generate_series(0, 13) n) d
      left join lateral (select sum(o.total_cents) as cents, count(*) as orders from sales.orders o
        where o.business_id = admin_overview.business_id and o.state in ('paid', 'closed') and o.placed_at >= d.day::timestamp at time zone zone and o.placed_at < (d.day + 1)::timestamp at time zone zone) v on true),
    'waiting_orders', (select count(*) from sales.orders o where o.business_id = admin_overview.business_id and o.state = 'placed' and o.hold_expires_at > now()),
    'refunds_requested', (select count(*) from payments.refunds f where f.business_id = admin_overview.business_id and f.state = 'requested'),
    'refunds_failed', (select count(*) from payments.refunds f where f.business_id = admin_overview.business_id and f.state = 'failed'),
    'coming_week', (select jsonb_build_object('seats', coalesce(sum(s.capacity), 0), 'taken', coalesce(sum(s.seats_taken), 0)) from booking.sessions s
      where s.business_id = admin_overview.business_id and s.state = 'scheduled' and s.starts_at > now() and s.starts_at < now() + interval '7 days'));
end $$;
comment on function api.admin_overview is 'Today''s classes, two weeks of paid orders by day (the business''s own days, gross, by when they were placed), what waits, and how full the coming seven days are.';
grant execute on function api.admin_overview to authenticated;
create index refunds_open_idx on payments.refunds (business_id, state) where state <> 'succeeded';

create function api.ledger_accounts(business_id uuid) returns table (kind text, owner text, unit text, balance bigint, reserved bigint, entries bigint, meaning text)
language plpgsql stable security definer set search_path = '' as $$
begin
  perform business.require_role(ledger_accounts.business_id, 'manager');
  return query select a.kind, case when count(*) = 1 then min(a.owner) else '' end, a.unit, sum(a.balance)::bigint, sum(a.reserved)::bigint, sum(a.version)::bigint, k.meaning
    from ledger.accounts a join ledger.account_kinds k on k.kind = a.kind
    -- Accounts of single payments, people, passes, cards and lots are many, and grow with the business: each kind is shown as one.
    where a.business_id = ledger_accounts.business_id
    group by a.kind, a.unit, k.meaning, k.side, case when a.kind in ('unapplied', 'frozen', 'wallet', 'gift_card', 'unearned', 'commission', 'credits', 'credits_issued', 'points', 'points_issued', 'points_debt') then '' else a.owner end
    order by k.side desc, a.kind, 2;
end $$;
comment on function api.ledger_accounts is 'The business''s accounts with their balances in minor units: what it has is positive, what it owes or earned negative; together they are zero per unit.';
grant execute on function api.ledger_accounts to authenticated;

create function api.failing_work(business_id uuid) returns table (what text, about text, attempts int, max_attempts int, last_error text, next_try_at timestamptz)
language plpgsql stable security definer set search_path = '' as $$
begin
  perform business.require_role(failing_work.business_id, 'manager');
  return query
    select t.identifier::text,
        coalesce((select o.reference from payments.refunds f join sales.orders o on o.id = f.order_id where f.id::text = j.payload ->> 'refund_id'),
          (select o.reference from payments.payments p join sales.orders o on o.id = p.order_id where p.id::text = j.payload ->> 'payment_id'), ''),
        j.attempts::int, j.max_attempts::int, left(j.last_error, 500), j.run_at
      from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
      where j.last_error is not null and coalesce(
        (select f.business_id from payments.refunds f where f.id::text = j.payload ->> 'refund_id'),
        (select p.business_id from payments.payments p where p.id::text = j.payload ->> 'payment_id'), failing_work.business_id) = failing_work.business_id
    union all
    select 'send_email', e.template, e.attempts, messages.tries(), left(e.last_error, 500), e.next_try_at
      from messages.emails e where e.business_id = failing_work.business_id and e.last_error is not null and e.state in ('queued', 'failed') and e.sent_again_as is null
    union all
    select x.event_type, coalesce(o.reference, x.event_id), x.attempts, null::int, left(x.outcome, 500), x.next_attempt_at
      from payments.webhook_inbox x left join payments.payments p on p.id::text = x.facts ->> 'payment_id' left join sales.orders o on o.id = p.order_id
      where x.state = 'failed' and coalesce(p.business_id, failing_work.business_id) = failing_work.business_id
    union all
    select 'refund', o.reference, 1, 1, left(f.failure, 500), null::timestamptz from payments.refunds f join sales.orders o on o.id = f.order_id
      where f.business_id = failing_work.business_id and f.state = 'failed'
    limit 200;
end $$;
comment on function api.failing_work is 'Jobs, letters, provider events and refunds of this business that did not work out at their last try, and chores nobody owns. Empty is good.';
grant execute on function api.failing_work to authenticated;
