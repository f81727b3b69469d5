-- Settling: what a captured payment does. Each line fulfils itself, the ledger has it in one go, or all of the money goes back.

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

create function sales.fulfil_lines(o sales.orders, p payments.payments, sold boolean default false) returns void
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
  if eats then perform shop.fulfil(o, fulfil_lines.sold); end if;
  perform sales.use_promotion(o);
  perform loyalty.reserve(o);
  -- The bar's lines are marked with what they took from stock.
  if not fulfil_lines.sold or exists (select from sales.order_lines x where x.business_id = o.business_id and x.order_id = o.id and x.state = 'held') then
    update sales.order_lines x set state = 'fulfilled' where x.business_id = o.business_id and x.order_id = o.id and x.state <> 'fulfilled';
  end if;
end $$;
comment on function sales.fulfil_lines is 'Each line fulfils itself by kind, all or none: a refusal undoes the whole. sold: the bar''s part was taken for good when it was held.';

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
      -- What is one account for all lines of a kind is looked up once.
      select 1, sales.income_account(o, l.first), -l.net from (
        select (array_agg(y))[1] as first, sum(y.total_cents - y.tax_cents)::bigint as net from sales.order_lines y where y.business_id = o.business_id and y.order_id = o.id
        group by y.kind, case when y.kind in ('pass', 'membership', 'gift_card') then y.id end) l where l.net > 0
      union all
      select 2, ledger.account(o.business_id, o.currency::text, 'tax', l.rate::text), -l.tax from (
        select y.tax_rate_bp as rate, sum(y.tax_cents)::bigint as tax from sales.order_lines y where y.business_id = o.business_id and y.order_id = o.id group by 1) l where l.tax > 0) x;
  end if;
  if cardinality(reserved) > 0 or exists (select from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id and (l.plan_id is not null or l.pass_id is not null)) then
    passes := array(select q.id from members.passes q join sales.order_lines l on l.business_id = q.business_id and l.id = q.order_line_id where l.business_id = o.business_id and l.order_id = o.id and q.credits is not null);
    pending := array(select t.id from booking.bookings k join sales.order_lines l on l.business_id = k.business_id and l.id = k.order_line_id join ledger.transfers t on t.business_id = k.business_id and t.id = k.credit_transfer_id
      where l.business_id = o.business_id and l.order_id = o.id and t.state = 'pending');
    -- Several transfers at once: all their rows are locked first, in the order of ledger.lock, so that no two orders wait for each other.
    rows := coalesce(ids, '{}') || array(select unnest(t.account_ids) from ledger.transfers t where t.id = any (pending || reserved))
      || array(select unnest(array[ledger.account(q.business_id, 'credits', 'credits_issued', q.plan_id::text), ledger.account(q.business_id, 'credits', 'credits', q.id::text)]) from members.passes q where q.id = any (passes));
    perform 1 from ledger.accounts a where a.id = any (rows) order by a.may_go_negative, a.id for no key update;
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

create function payments.refund_from(p payments.payments, amount_cents bigint, reason text, line_ids uuid[] default null, line_amounts bigint[] default null, till_id uuid default null) returns uuid
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
      -- Cash is in the drawer where it is given back, which need not be the one it came into.
      select case when p.provider = 'cash' and refund_from.till_id is not null then ledger.account(p.business_id, p.currency::text, 'drawer', refund_from.till_id::text) else payments.money_account(p) end as account, -refund_from.amount_cents as amount
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
  if o.channel = 'till' then
    refusal := shop.settle_reader_part(o, p);
    if refusal is not null then return refusal; end if;
  end if;
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
