-- Fees for late cancellations and absences, paid by what the member has here already or at the desk; and periods of a membership that are paid back.

-- Fees ------------------------------------------------------------------------------------------------------------------
create function sales.fee_of(business_id uuid, order_id uuid, at_desk boolean default false) returns sales.orders
language plpgsql stable set search_path = '' as $$
declare o sales.orders;
begin
  -- Whose member it is, owes it; whoever looks after them may pay it, and the front desk takes it from anybody.
  select * into o from sales.orders x where x.id = fee_of.order_id and x.business_id = fee_of.business_id and (fee_of.at_desk or x.member_id in (select members.mine())) and x.hold_expires_at is null and x.state <> 'cart'
    and exists (select from sales.order_lines l where l.business_id = x.business_id and l.order_id = x.id and l.about_booking_id is not null);
  if o.id is null then perform platform.refuse(404, 'order_not_found'); end if;
  return o;
end $$;
comment on function sales.fee_of is 'A fee of the asker''s, in whatever state; at_desk (the caller has asked for the role): of anybody''s. Refuses 404 order_not_found.';

create function members.fee_pass(o sales.orders, named uuid default null) returns table (pass_id uuid, booking_id uuid, credits int, problem text)
language plpgsql stable set search_path = '' rows 1 as $$
#variable_conflict use_column
declare
  k booking.bookings;
  s booking.sessions;
  p members.passes;
begin
  select b.* into strict k from sales.order_lines l join booking.bookings b on b.business_id = l.business_id and b.id = l.about_booking_id where l.business_id = o.business_id and l.order_id = o.id limit 1;
  if k.fee_credits = 0 then return query select null::uuid, k.id, 0, 'fee_needs_money'; return; end if;
  select * into strict s from booking.sessions x where x.id = k.session_id;
  -- What the pass can do today, not on the day of the class.
  s.starts_at := now();
  select x.* into p from members.passes x
    where x.business_id = o.business_id and x.member_id = o.member_id and x.credits is not null and (fee_pass.named is null and x.state = 'active' or x.id = fee_pass.named)
      and (fee_pass.named is not null or members.pass_problem(x, x.member_id, false, s, k.fee_credits) is null)
    order by x.expires_at nulls last, x.created_at, x.id limit 1;
  return query select p.id, k.id, k.fee_credits,
    case when p.id is null then case when fee_pass.named is null then 'no_pass_pays' else 'pass_not_found' end else members.pass_problem(p, p.member_id, false, s, k.fee_credits) end;
end $$;
comment on function members.fee_pass is 'The pass that can settle a fee with credits now (or the one that is named), how many, or why none: fee_needs_money (the policy as it was when booked asks for money), no_pass_pays, pass_not_found and as members.pass_problem. A pass without limit has no credits to give.';

create function sales.ways_to_pay_fee(o sales.orders)
returns table (total_cents bigint, currency text, wallet_cents bigint, credits int, pass_id uuid, pass_name jsonb, credits_left int, expires_at timestamptz)
language plpgsql stable set search_path = '' rows 1 as $$
#variable_conflict use_column
begin
  return query
  select o.total_cents, o.currency::text,
    coalesce((select -a.balance - a.reserved from ledger.accounts a where a.business_id = o.business_id and a.unit = o.currency::text and a.kind = 'wallet' and a.owner = o.member_id::text), 0),
    w.credits, p.id, n.name, members.credits_left(p), p.expires_at
  from members.fee_pass(o) w left join members.passes p on p.business_id = o.business_id and p.id = w.pass_id left join members.plans n on n.business_id = p.business_id and n.id = p.plan_id;
end $$;

create function api.fee_ways(business_id uuid, order_id uuid)
returns table (total_cents bigint, currency text, wallet_cents bigint, credits int, pass_id uuid, pass_name jsonb, credits_left int, expires_at timestamptz)
language plpgsql stable security definer set search_path = '' rows 1 as $$
#variable_conflict use_column
begin
  return query select * from sales.ways_to_pay_fee(sales.fee_of(fee_ways.business_id, fee_ways.order_id));
end $$;
comment on function api.fee_ways is 'What a fee of the asker''s can be paid with besides a card: what is in the wallet, and the pass (null: none) that could settle it with credits (0: its policy asks for money). Refuses 404 order_not_found.';
grant execute on function api.fee_ways to authenticated;

create function sales.owed(m members.members) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  -- Most people owe nothing: one look at an index says so.
  if not exists (select from sales.orders o where o.business_id = m.business_id and o.member_id = coalesce(m.guardian_id, m.id) and o.state = 'placed' and o.hold_expires_at is null) then return '[]'; end if;
  -- Who is looked after pays nothing themselves: what is owed for them, and not all that whoever looks after them owes.
  return coalesce((select jsonb_agg(to_jsonb(f) || to_jsonb(w) order by f.placed_at, f.order_id)
    from sales.fees_of(m.business_id, coalesce(m.guardian_id, m.id)) f join sales.orders o on o.id = f.order_id cross join lateral sales.ways_to_pay_fee(o) w
    where m.guardian_id is null or f.person_id = m.id), '[]');
end $$;
comment on function sales.owed is 'For the front desk: the fees that wait to be paid by somebody, or for somebody who is looked after, the oldest first: [sales.fees_of with sales.ways_to_pay_fee].';

create function sales.settle_fee(o sales.orders, pay_with text, named_pass uuid default null) returns jsonb
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare
  p members.passes;
  w record;
  spent int := 0;
  left_now int;
  unearned bigint;
  worth bigint;
  ids bigint[];
  amounts bigint[];
begin
  select * into o from sales.orders x where x.id = o.id for no key update;
  if o.state <> 'placed' then perform platform.refuse(409, case when o.state = 'cancelled' then 'order_cancelled' else 'order_paid' end); end if;
  if settle_fee.pay_with <> 'credits' then
    o := payments.pay_at_once(o, settle_fee.pay_with);
  else
    select * into w from members.fee_pass(o, settle_fee.named_pass);
    perform 1 from members.passes x where x.id = w.pass_id for no key update;
    -- Spent or frozen meanwhile? Looked at again with the pass in hand.
    if w.problem is null then select * into w from members.fee_pass(o, w.pass_id); end if;
    if w.problem is not null then perform platform.refuse(case when w.problem = 'pass_not_found' then 404 else 409 end, w.problem, jsonb_build_object('pass_id', w.pass_id)); end if;
    spent := w.credits;
    select * into strict p from members.passes x where x.id = w.pass_id;
    -- It costs no money now.
    update sales.order_lines x set credits = w.credits, discount_cents = x.unit_price_cents * x.quantity, tax_cents = 0, total_cents = 0 where x.business_id = o.business_id and x.order_id = o.id;
    update sales.orders x set total_cents = 0, tax_cents = 0 where x.id = o.id returning * into o;
    o := payments.pay_at_once(o, null);
    left_now := members.credits_left(p);
    unearned := coalesce((select -a.balance - a.reserved from ledger.accounts a where a.business_id = p.business_id and a.unit = p.currency::text and a.kind = 'unearned' and a.owner = p.id::text), 0);
    -- The last credit takes what is left, so the cents add up.
    worth := case when left_now = w.credits then unearned else floor(unearned::numeric * w.credits / left_now)::bigint end;
    ids := array[ledger.account(p.business_id, 'credits', 'credits', p.id::text), ledger.account(p.business_id, 'credits', 'credits_issued', p.plan_id::text)];
    amounts := array[w.credits::bigint, -w.credits];
    if worth > 0 then
      ids := ids || ledger.account(p.business_id, p.currency::text, 'unearned', p.id::text) || ledger.account(p.business_id, p.currency::text, 'revenue', 'fees');
      amounts := amounts || worth || -worth;
    end if;
    begin
      perform ledger.transfer(p.business_id, 'credit_use', 'booking:' || w.booking_id || ':fee:' || o.id, ids, amounts);
    exception when sqlstate 'PT409' then
      -- A place is being paid with it at this moment.
      perform platform.refuse(409, 'pass_used_up', jsonb_build_object('pass_id', p.id));
    end;
    perform members.tell_used_up(array[p.id]);
  end if;
  -- A card page that was opened before takes no more money.
  perform payments.close_pages(o.id);
  return sales.summary(o) || jsonb_build_object('credits', spent);
end $$;
comment on function sales.settle_fee is 'A fee that waits is paid with money that is here (pay_with wallet, cash, terminal), or settled with credits of a pass (credits; the one that is named, or the one that ends first), where the policy of the booking, as it was when booked, allows it. Locks the order, the pass, points, money. Refuses 404 pass_not_found, 409 order_paid, order_cancelled, wallet_too_low, fee_needs_money, no_pass_pays and as members.pass_problem.';

create function api.pay_fee(business_id uuid, order_id uuid, pay_with text, idempotency_key text, pass_id uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := members.require_me(pay_fee.business_id);
  answer jsonb;
begin
  answer := platform.replay(me::text, pay_fee.idempotency_key, 'pay_fee', jsonb_build_object('order_id', pay_fee.order_id, 'pay_with', pay_fee.pay_with, 'pass_id', pay_fee.pass_id));
  if answer is not null then return answer; end if;
  if pay_fee.pay_with is null or pay_fee.pay_with not in ('wallet', 'credits') or pay_fee.pay_with <> 'credits' and pay_fee.pass_id is not null then perform platform.refuse(422, 'pay_with_invalid'); end if;
  return platform.remember(me::text, pay_fee.idempotency_key, sales.settle_fee(sales.fee_of(pay_fee.business_id, pay_fee.order_id), pay_fee.pay_with, pay_fee.pass_id));
end $$;
comment on function api.pay_fee is 'Pays a fee of the asker''s from the wallet (pay_with wallet), or settles it with credits of a pass (credits; pass_id, or the one that ends first). Refuses 404 order_not_found, 422 pay_with_invalid, and as sales.settle_fee.';
grant execute on function api.pay_fee to authenticated;

create function api.take_fee(business_id uuid, order_id uuid, pay_with text, idempotency_key text, pass_id uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  actor uuid := business.require_role(take_fee.business_id, 'front_desk');
  answer jsonb;
  o sales.orders;
begin
  answer := platform.replay(actor::text, take_fee.idempotency_key, 'take_fee', jsonb_build_object('order_id', take_fee.order_id, 'pay_with', take_fee.pay_with, 'pass_id', take_fee.pass_id));
  if answer is not null then return answer; end if;
  if take_fee.pay_with is null or take_fee.pay_with not in ('cash', 'terminal', 'wallet', 'credits') or take_fee.pay_with <> 'credits' and take_fee.pass_id is not null then perform platform.refuse(422, 'pay_with_invalid'); end if;
  o := sales.fee_of(take_fee.business_id, take_fee.order_id, true);
  answer := sales.settle_fee(o, take_fee.pay_with, take_fee.pass_id) || (select jsonb_build_object('member_id', m.id, 'name', m.name) from members.members m where m.id = o.member_id);
  perform audit.note(o.business_id, 'fee_taken', 'order:' || o.id, jsonb_build_object('member_id', o.member_id, 'pay_with', take_fee.pay_with, 'fee_cents', o.total_cents, 'credits', answer -> 'credits'));
  return platform.remember(actor::text, take_fee.idempotency_key, answer);
end $$;
comment on function api.take_fee is 'The front desk takes what somebody owes for a late cancellation or an absence: in cash (into the desk''s drawer), at its card machine (terminal), from their wallet, or with credits of a pass of theirs (pass_id, or the one that ends first). They get their receipt by e-mail. Refuses 403 not_your_role, 404 order_not_found, 422 pay_with_invalid, and as sales.settle_fee.';
grant execute on function api.take_fee to authenticated;

create function members.return_fee_credits(o sales.orders) returns int
language plpgsql volatile set search_path = '' as $$
declare
  l sales.order_lines;
  t ledger.transfers;
  owner uuid;
begin
  select * into l from sales.order_lines x where x.business_id = o.business_id and x.order_id = o.id and x.about_booking_id is not null and x.credits > 0 limit 1;
  if l.id is null then return 0; end if;
  select * into t from ledger.transfers x where x.business_id = o.business_id and x.kind = 'credit_use' and x.source = 'booking:' || l.about_booking_id || ':fee:' || o.id;
  if t.id is null or exists (select from ledger.transfers r where r.business_id = t.business_id and r.reverses = t.id) then return 0; end if;
  select a.owner::uuid into strict owner from ledger.accounts a where a.id = any (t.account_ids) and a.kind = 'credits';
  perform 1 from members.passes x where x.id = owner for no key update;
  perform ledger.reverse(t.id, 'credit_return', t.source);
  -- A credit that comes back too late to be used is no credit.
  update members.passes x set state = case when x.state = 'over' then 'active' else x.state end,
    expires_at = case when x.membership_id is null and x.expires_at is not null then greatest(x.expires_at, now() + interval '14 days') else x.expires_at end where x.id = owner and x.state <> 'voided';
  update sales.order_lines x set state = 'reversed' where x.id = l.id;
  return l.credits;
end $$;
comment on function members.return_fee_credits is 'A fee that credits settled is taken back (the caller has its order''s lock): the credits return to their pass, once; how many.';

-- Periods -----------------------------------------------------------------------------------------------------------------
create function members.open_days(m members.memberships, from_on date, until_on date) returns int
language plpgsql stable set search_path = '' as $$
begin
  -- Days that rested were given back already: as days at the end, or as money off the next bill.
  return greatest(0, open_days.until_on - open_days.from_on - coalesce((select sum(greatest(0, least(f.from_on + coalesce(t.days, f.until_on - f.from_on), open_days.until_on) - greatest(f.from_on, open_days.from_on)))
    from members.freezes f left join members.thaws t on t.freeze_id = f.id where f.membership_id = m.id and f.rule <> 'continue'), 0)::int);
end $$;
comment on function members.open_days is 'How many days between two dates (the first counts, the last does not) a membership was or will be open, as far as they are paid for.';

create function members.period_refund(l sales.order_lines) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  o sales.orders;
  p members.passes;
  m members.memberships;
  paid payments.payments;
  zone text := (select b.time_zone from business.businesses b where b.id = l.business_id);
  begins timestamptz;
  ends timestamptz;
  days int;
  days_left int;
  by_credits boolean;
  unused bigint;
  booked int;
begin
  select * into strict o from sales.orders x where x.id = l.order_id;
  select * into p from members.passes x where x.business_id = l.business_id and x.order_line_id = l.id and x.membership_id is not null;
  select x.* into paid from payments.payments x where x.order_id = o.id and x.captured_cents > 0 and exists (select from ledger.transfers t where t.business_id = x.business_id and t.kind = 'sale' and t.source = 'payment:' || x.id);
  select * into m from members.memberships x where x.business_id = l.business_id and x.id = coalesce(p.membership_id, (select y.id from members.memberships y where y.business_id = l.business_id and (y.order_line_id = l.id or y.provider_ref = paid.subscription_ref) limit 1));
  if m.id is null then return jsonb_build_object('problem', 'nothing_to_refund'); end if;
  -- The rest of a period at a higher price has no pass of its own: it was paid from then on.
  begins := coalesce(p.starts_at, o.payment_confirmed_at);
  ends := coalesce(p.expires_at, (select x.expires_at from members.passes x where x.membership_id = m.id and x.starts_at <= o.payment_confirmed_at + interval '1 minute' order by x.starts_at desc limit 1), m.period_end);
  days := members.open_days(m, (begins at time zone zone)::date, (ends at time zone zone)::date);
  -- Today is used.
  days_left := case when m.state = 'ended' or ends <= now() then 0 else least(days, members.open_days(m, greatest((now() at time zone zone)::date + 1, (begins at time zone zone)::date), (ends at time zone zone)::date)) end;
  by_credits := p.credits is not null and p.state = 'active' and p.expires_at > now();
  unused := case when by_credits then members.unused_cents(p, l) else least(l.total_cents - l.refunded_cents, floor(l.total_cents::numeric * days_left / greatest(1, days) + 0.5)::bigint) end;
  select count(*)::int into booked from booking.bookings k join members.passes q on q.business_id = k.business_id and q.id = k.pass_id
    where q.business_id = m.business_id and q.membership_id = m.id and k.starts_at > now() and (k.state = 'confirmed' or k.state = 'held' and k.held_until > now());
  return jsonb_build_object('membership_id', m.id, 'order_id', o.id, 'member_id', m.member_id, 'state', m.state, 'paid_cents', l.total_cents, 'left_cents', l.total_cents - l.refunded_cents, 'unused_cents', unused,
    'days', days, 'days_left', days_left, 'credits', case when by_credits then p.credits end, 'credits_left', case when by_credits then members.credits_left(p) end,
    'period_start', begins, 'period_end', ends, 'access_until', m.access_until, 'next_charge_at', case when m.state not in ('ended', 'suspended') and not m.cancel_at_period_end then m.period_end end, 'booked', booked,
    'provider', paid.provider, 'currency', o.currency, 'pass_id', p.id, 'problem', case when paid.id is null or l.total_cents <= l.refunded_cents then 'nothing_to_refund' end);
end $$;
comment on function members.period_refund is 'What of a line of a membership (a period, or the rest of one at a higher price) can be paid back: all that has not gone back yet (left_cents), and what is unused of it: by its credits, or without limit by whole days in the business''s zone, today counting as used (unused_cents). With how the membership stands; problem: nothing_to_refund.';

create function api.membership_to_refund(business_id uuid, line_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare l sales.order_lines;
begin
  perform business.require_role(membership_to_refund.business_id, 'manager');
  select * into l from sales.order_lines x where x.id = membership_to_refund.line_id and x.business_id = membership_to_refund.business_id and x.kind = 'membership' and x.state <> 'held';
  if l.id is null then perform platform.refuse(404, 'order_line_not_found'); end if;
  return members.period_refund(l) || (select jsonb_build_object('plan_name', l.label, 'reference', o.reference, 'member_name', m.name) from sales.orders o join members.members m on m.id = o.member_id where o.id = l.order_id);
end $$;
comment on function api.membership_to_refund is 'What paying a period of a membership back would give, and how its membership stands (members.period_refund). For managers. Refuses 403 not_your_role, 404 order_line_not_found.';
grant execute on function api.membership_to_refund to authenticated;

create function api.refund_membership(business_id uuid, line_id uuid, amount_cents bigint, ends boolean, reason text, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := business.require_role(refund_membership.business_id, 'manager');
  why text := trim(coalesce(refund_membership.reason, ''));
  answer jsonb;
  l sales.order_lines;
  o sales.orders;
  p members.passes;
  q members.passes;
  m members.memberships;
  n members.plans;
  paid payments.payments;
  terms jsonb;
  net bigint;
  missing bigint;
  refund uuid;
  credits int;
  unearned bigint;
  earned text;
  ids bigint[];
  amounts bigint[];
begin
  answer := platform.replay(actor::text, refund_membership.idempotency_key, 'refund_membership', jsonb_build_object('line_id', refund_membership.line_id, 'amount_cents', refund_membership.amount_cents, 'ends', refund_membership.ends));
  if answer is not null then return answer; end if;
  if length(why) not between 3 and 300 then perform platform.refuse(422, 'reason_invalid', '{"field": "reason"}'); end if;
  select * into l from sales.order_lines x where x.id = refund_membership.line_id and x.business_id = refund_membership.business_id and x.kind = 'membership' and x.state <> 'held';
  if l.id is null then perform platform.refuse(404, 'order_line_not_found'); end if;
  -- Order, payment, membership, its passes, ledger: the same order as everywhere.
  select * into o from sales.orders x where x.id = l.order_id for no key update;
  perform 1 from payments.payments x where x.order_id = o.id order by x.id for no key update;
  terms := members.period_refund(l);
  select * into m from members.memberships x where x.id = (terms ->> 'membership_id')::uuid for no key update;
  perform 1 from members.passes x where x.membership_id = m.id order by x.id for no key update;
  select * into l from sales.order_lines x where x.id = l.id;
  terms := members.period_refund(l);
  if terms ->> 'problem' is not null then perform platform.refuse(409, terms ->> 'problem'); end if;
  if refund_membership.amount_cents is null or refund_membership.amount_cents < 1 or refund_membership.amount_cents > (terms ->> 'left_cents')::bigint then
    perform platform.refuse(409, 'refund_above_paid', jsonb_build_object('field', 'amount', 'left_cents', terms -> 'left_cents', 'currency', o.currency));
  end if;
  if refund_membership.ends then
    if m.state = 'ended' then perform platform.refuse(409, 'membership_ended'); end if;
    -- Nobody loses a place without a word: they are given up one by one, and told.
    if (terms ->> 'booked')::int > 0 then perform platform.refuse(409, 'membership_has_bookings', jsonb_build_object('count', terms -> 'booked')); end if;
  end if;
  select * into strict n from members.plans x where x.id = m.plan_id;
  select x.* into strict paid from payments.payments x where x.order_id = o.id and x.captured_cents > 0 and exists (select from ledger.transfers t where t.business_id = x.business_id and t.kind = 'sale' and t.source = 'payment:' || x.id);
  select * into p from members.passes x where x.id = (terms ->> 'pass_id')::uuid;
  earned := case when p.credits is not null then 'classes' else 'memberships' end;
  perform loyalty.hold(o);
  -- Several transfers: all their rows are locked at once, in the order of ledger.lock.
  perform 1 from ledger.accounts a where a.id = any (array[payments.money_account(paid), ledger.account(o.business_id, o.currency::text, 'revenue', earned), ledger.account(o.business_id, o.currency::text, 'revenue', 'memberships'), ledger.account(o.business_id, o.currency::text, 'tax', l.tax_rate_bp::text), sales.income_account(o, l)]
      || array(select unnest(array[ledger.account(x.business_id, x.currency::text, 'unearned', x.id::text), ledger.account(x.business_id, 'credits', 'credits', x.id::text), ledger.account(x.business_id, 'credits', 'credits_issued', x.plan_id::text)])
        from members.passes x where x.membership_id = m.id and x.state = 'active'))
    order by a.may_go_negative, a.id for no key update;
  if p.id is not null then
    -- Without its tax, as payments.refund_from divides it. What was earned of it by now is no longer earned.
    net := refund_membership.amount_cents - least(refund_membership.amount_cents, greatest(0, floor(l.tax_cents::numeric * (l.refunded_cents + refund_membership.amount_cents) / l.total_cents + 0.5)::bigint
      - coalesce((select sum(y.tax_cents) from payments.refund_lines y join payments.refunds z on z.id = y.refund_id where y.order_line_id = l.id and z.state <> 'failed'), 0)::bigint));
    missing := net - coalesce((select -a.balance - a.reserved from ledger.accounts a where a.id = sales.income_account(o, l)), 0);
    if missing > 0 then
      perform ledger.transfer(o.business_id, 'period_unearned', 'line:' || l.id || ':' || gen_random_uuid(), array[ledger.account(o.business_id, o.currency::text, 'revenue', earned), sales.income_account(o, l)], array[missing, -missing]);
    end if;
  end if;
  refund := payments.request_refund(paid, refund_membership.amount_cents, 'staff', array[l.id], array[refund_membership.amount_cents]);
  if refund_membership.ends then
    for q in select * from members.passes x where x.membership_id = m.id and x.state = 'active' order by x.id loop
      ids := '{}';
      amounts := '{}';
      credits := coalesce(members.credits_left(q), 0);
      unearned := coalesce((select -a.balance - a.reserved from ledger.accounts a where a.business_id = q.business_id and a.unit = q.currency::text and a.kind = 'unearned' and a.owner = q.id::text), 0);
      if credits > 0 then
        ids := array[ledger.account(q.business_id, 'credits', 'credits', q.id::text), ledger.account(q.business_id, 'credits', 'credits_issued', q.plan_id::text)];
        amounts := array[credits, -credits];
      end if;
      if unearned > 0 then
        ids := ids || ledger.account(q.business_id, q.currency::text, 'unearned', q.id::text) || ledger.account(q.business_id, q.currency::text, 'revenue', 'memberships');
        amounts := amounts || unearned || -unearned;
      end if;
      if cardinality(ids) > 0 then perform ledger.transfer(q.business_id, 'pass_voided', 'pass:' || q.id || ':' || refund, ids, amounts); end if;
      update members.passes x set state = 'voided' where x.id = q.id;
    end loop;
    update members.memberships x set state = 'ended', ended_at = now(), access_until = least(x.access_until, now()), grace_until = null, next_plan_id = null where x.id = m.id;
    if m.provider_ref is not null then perform platform.add_job('end_subscription', jsonb_build_object('subscription_ref', m.provider_ref), 'end:' || m.provider_ref); end if;
    perform messages.notify(m.business_id, m.member_id, 'membership_ended', m.id::text, jsonb_build_object('membership_id', m.id, 'plan_name', n.name, 'ended_at', now()));
  end if;
  perform messages.notify(o.business_id, o.member_id, 'order_refunded', refund::text, jsonb_build_object('order_id', o.id, 'reference', o.reference, 'amount_cents', refund_membership.amount_cents, 'currency', o.currency, 'reason', why));
  perform payments.tell_order(o.id);
  perform audit.note(o.business_id, 'membership_refunded', 'member:' || m.member_id, jsonb_build_object('membership_id', m.id, 'order_id', o.id, 'refund_id', refund, 'amount_cents', refund_membership.amount_cents, 'ended', refund_membership.ends, 'reason', why));
  return platform.remember(actor::text, refund_membership.idempotency_key, jsonb_build_object('membership_id', m.id, 'order_id', o.id, 'member_id', m.member_id, 'refund_id', refund, 'amount_cents', refund_membership.amount_cents, 'currency', o.currency, 'ended', refund_membership.ends));
end $$;
comment on function api.refund_membership is 'Pays back a period of a membership (a line of an order), whole or in part, the way it was paid; what was earned of it is no longer earned. ends: the membership ends now: no more access, no more charges, unused credits end; else access stays as it is and it is charged again. For managers, with a reason for the trail. Refuses 403 not_your_role, 404 order_line_not_found, 409 nothing_to_refund, refund_above_paid, membership_ended, membership_has_bookings, 422 reason_invalid.';
grant execute on function api.refund_membership to authenticated;
