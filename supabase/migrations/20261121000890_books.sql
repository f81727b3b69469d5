-- The books prove themselves: every law that money, seats and credits keep, and whoever breaks it.

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
  select 'clearing_not_captured_minus_refunded', jsonb_build_object('business_id', c.business_id, 'currency', c.unit, 'provider', c.provider, 'clearing', c.balance, 'payments', coalesce(p.net, 0)) from (
      select x.business_id, x.unit, case x.kind when 'clearing' then x.owner else 'stripe' end as provider, sum(x.balance) as balance from a x where x.kind = 'clearing' or x.kind = 'frozen' or x.kind = 'loss' and x.owner = 'disputes' group by 1, 2, 3) c
    left join (select x.business_id, x.currency::text as unit, x.provider, sum(x.captured_cents - x.refunded_cents) as net from payments.payments x group by 1, 2, 3) p on p.business_id = c.business_id and p.unit = c.unit and p.provider = c.provider where c.balance <> coalesce(p.net, 0)
  union all
  select 'captured_payment_not_booked', jsonb_build_object('payment_id', p.id) from payments.payments p where (for_business is null or p.business_id = for_business) and p.captured_cents > 0
    and (select count(*) from ledger.transfers t where t.business_id = p.business_id and t.kind in ('sale', 'receipt_without_goods') and t.state = 'posted'
      -- The parts of an order are in the sale that its last payment, or the first of them, names.
      and t.source = any (case when p.reservation_id is null then array['payment:' || p.id] else array(select 'payment:' || y.id from payments.payments y where y.order_id = p.order_id) end) and (p.reservation_id is null or t.kind = 'sale')) <> 1
  union all
  select 'part_not_as_reserved', jsonb_build_object('payment_id', p.id, 'state', p.state, 'reservation', t.state) from payments.payments p join ledger.transfers t on t.id = p.reservation_id
    where (for_business is null or p.business_id = for_business) and (t.state <> case when p.state = 'authorized' then 'pending' else 'voided' end or p.captured_cents not in (0, p.amount_cents) or (p.captured_cents > 0) <> (p.state in ('captured', 'partially_refunded', 'refunded')))
  union all
  select 'paid_not_by_its_tenders', jsonb_build_object('order_id', o.id) from sales.orders o where (for_business is null or o.business_id = for_business) and o.parts_cents > 0
    and case when o.state in ('paid', 'closed') then o.parts_cents <> (select coalesce(sum(p.captured_cents), 0) from payments.payments p where p.order_id = o.id and p.reservation_id is not null)
        or o.total_cents <> (select coalesce(sum(p.captured_cents), 0) from payments.payments p where p.order_id = o.id and (p.reservation_id is not null or exists (select from ledger.transfers t where t.business_id = p.business_id and t.kind = 'sale' and t.source = 'payment:' || p.id)))
      when o.state in ('expired', 'cancelled') then exists (select from payments.payments p where p.order_id = o.id and p.reservation_id is not null and p.state <> 'canceled') else false end
  union all
  select 'gift_card_not_its_payments', jsonb_build_object('card_id', g.id, 'owed', w.owed, 'expected', w.expected) from sales.gift_cards g
    cross join lateral (select coalesce((select -a.balance from ledger.accounts a where a.business_id = g.business_id and a.unit = g.currency::text and a.kind = 'gift_card' and a.owner = g.id::text), 0) as owed,
      (select l.total_cents - coalesce((select sum(y.amount_cents) from payments.refund_lines y join payments.refunds z on z.id = y.refund_id where y.order_line_id = l.id and z.state = 'succeeded'), 0) from sales.order_lines l where l.id = g.order_line_id)
        - coalesce((select sum(p.captured_cents - p.refunded_cents) from payments.payments p where p.business_id = g.business_id and p.gift_card_id = g.id), 0) - g.broken_cents as expected) w
    where (for_business is null or g.business_id = for_business) and w.owed <> w.expected
  union all
  select 'seats_taken_not_bookings', jsonb_build_object('session_id', s.id, 'seats_taken', s.seats_taken, 'bookings', coalesce(k.n, 0)) from booking.sessions s
    left join (select b.session_id, count(*) as n from booking.bookings b where b.state in ('held', 'confirmed', 'checked_in', 'no_show') group by 1) k on k.session_id = s.id
    where (for_business is null or s.business_id = for_business) and s.seats_taken <> coalesce(k.n, 0)
  union all
  select 'order_total_not_its_lines', jsonb_build_object('order_id', o.id) from sales.orders o join (select l.order_id, sum(l.total_cents) as total, sum(l.tax_cents) as tax from sales.order_lines l group by 1) l on l.order_id = o.id
    where (for_business is null or o.business_id = for_business) and o.state <> 'cart' and (o.total_cents <> l.total or o.tax_cents <> l.tax)
  union all
  select 'returned_not_its_returns', jsonb_build_object('order_line_id', l.id, 'returned', l.returned, 'returns', r.pieces) from (select x.business_id, x.order_line_id, sum(x.quantity) as pieces from sales.returns x where for_business is null or x.business_id = for_business group by 1, 2) r
    join sales.order_lines l on l.business_id = r.business_id and l.id = r.order_line_id where l.returned < r.pieces
  union all
  select 'paid_line_without_seat', jsonb_build_object('order_line_id', l.id) from sales.order_lines l join sales.orders o on o.id = l.order_id
    where (for_business is null or o.business_id = for_business) and o.state = 'paid' and l.kind = 'seat' and l.state = 'fulfilled' and not exists (select from booking.bookings b where b.business_id = l.business_id and b.order_line_id = l.id and b.state in ('confirmed', 'checked_in', 'no_show'))
  union all
  select 'refunds_not_as_requested', jsonb_build_object('payment_id', p.id) from payments.payments p left join (select r.payment_id, sum(r.amount_cents) filter (where r.state <> 'failed') as requested, sum(r.amount_cents) filter (where r.state = 'succeeded') as done from payments.refunds r group by 1) r on r.payment_id = p.id
    where (for_business is null or p.business_id = for_business) and (p.refund_requested_cents <> coalesce(r.requested, 0) or p.refunded_cents <> coalesce(r.done, 0))
  union all
  select 'credits_not_as_booked', jsonb_build_object('booking_id', k.id, 'state', k.state) from booking.bookings k left join ledger.transfers t on t.business_id = k.business_id and t.id = k.credit_transfer_id
      left join ledger.transfers r on r.business_id = t.business_id and r.reverses = t.id
    where (for_business is null or k.business_id = for_business) and k.credits > 0
      and case when k.state in ('confirmed', 'checked_in') then t.state is distinct from 'posted' or r.id is not null when k.state in ('cancelled', 'expired') then t.state = 'pending' or t.state = 'posted' and r.id is null else t.state = 'pending' and k.state <> 'held' end
  union all
  select 'pass_not_in_the_ledger', jsonb_build_object('pass_id', p.id) from members.passes p
    where (for_business is null or p.business_id = for_business) and p.credits is not null and not exists (select from ledger.transfers t where t.business_id = p.business_id and t.kind = 'credits_granted' and t.source = 'pass:' || p.id)
  union all
  select 'waiting_not_entries', jsonb_build_object('session_id', s.id, 'waiting', s.waiting) from booking.sessions s left join (select e.session_id, count(*) as n from booking.waitlist_entries e where e.state = 'waiting' group by 1) w on w.session_id = s.id
    where (for_business is null or s.business_id = for_business) and s.waiting <> coalesce(w.n, 0)
  union all
  -- Replayed: at the moment somebody was promoted or offered a seat, nobody who waited stood before them.
  select 'waitlist_out_of_turn', jsonb_build_object('session_id', e.session_id, 'winner', e.id, 'before', x.id) from booking.waitlist_steps w join booking.waitlist_entries e on e.id = w.entry_id
    join booking.waitlist_entries x on x.session_id = e.session_id and (x.joined_at, x.id) < (e.joined_at, e.id)
    where (for_business is null or e.business_id = for_business) and w.from_state = 'waiting' and w.to_state in ('offered', 'promoted')
      and (select y.to_state from booking.waitlist_steps y where y.business_id = x.business_id and y.entry_id = x.id and y.id < w.id order by y.id desc limit 1) = 'waiting'
  union all
  select 'two_places_at_once', jsonb_build_object('member_id', k.member_id, 'booking_id', k.id, 'with', q.id) from booking.bookings k join booking.sessions s on s.id = k.session_id
    join booking.bookings q on q.business_id = k.business_id and q.member_id = k.member_id and q.id > k.id and q.state in ('confirmed', 'checked_in') and q.guest_name is null join booking.sessions z on z.id = q.session_id
    where (for_business is null or k.business_id = for_business) and k.state in ('confirmed', 'checked_in') and k.guest_name is null and s.starts_at < z.ends_at and z.starts_at < s.ends_at
  union all
  select 'promotion_uses_not_counted', jsonb_build_object('promotion_id', p.id, 'uses', p.uses, 'orders', coalesce(u.n, 0)) from sales.promotions p left join (select x.promotion_id, count(*) as n from sales.promotion_uses x where x.given_back_at is null group by 1) u on u.promotion_id = p.id
    where (for_business is null or p.business_id = for_business) and p.uses <> coalesce(u.n, 0)
  union all
  select 'promotion_use_without_its_order', jsonb_build_object('order_id', o.id, 'state', o.state) from sales.orders o left join sales.promotion_uses u on u.order_id = o.id and u.given_back_at is null and u.promotion_id = o.promotion_id
    where (for_business is null or o.business_id = for_business) and o.promotion_id is not null
      and case when o.state in ('paid', 'closed') then u.order_id is null and not exists (select from sales.promotion_uses y where y.order_id = o.id and y.promotion_id = o.promotion_id and y.stays_back is not null)
          -- Nothing of it is paid any more: it has used nothing.
          and exists (select from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id and l.refunded_cents < l.total_cents) when o.state = 'placed' and o.hold_expires_at > now() then u.order_id is null when o.state = 'placed' then false else u.order_id is not null end
  union all
  select 'points_not_their_lot', jsonb_build_object('lot_id', t.id, 'left', t.left_points, 'account', -a.balance - a.reserved) from loyalty.lots t left join ledger.accounts a on a.business_id = t.business_id and a.unit = 'points' and a.kind = 'points' and a.owner = t.id::text
    where (for_business is null or t.business_id = for_business) and t.left_points <> coalesce(-a.balance - a.reserved, 0)
  union all
  select 'points_owed_not_the_debt', jsonb_build_object('member_id', s.member_id, 'debt', s.debt, 'account', coalesce(a.balance, 0)) from loyalty.standings s left join ledger.accounts a on a.business_id = s.business_id and a.unit = 'points' and a.kind = 'points_debt' and a.owner = s.member_id::text
    where (for_business is null or s.business_id = for_business) and s.debt <> coalesce(a.balance, 0)
  union all
  select 'points_not_the_statement', jsonb_build_object('member_id', s.member_id, 'statement', coalesce(m.total, 0), 'lots', coalesce(t.total, 0), 'debt', s.debt) from loyalty.standings s
    left join (select x.member_id, sum(x.points) as total from loyalty.movements x group by 1) m on m.member_id = s.member_id left join (select x.member_id, sum(x.left_points) as total from loyalty.lots x group by 1) t on t.member_id = s.member_id
    where (for_business is null or s.business_id = for_business) and coalesce(m.total, 0) <> coalesce(t.total, 0) - s.debt
  union all
  select 'points_of_a_year_not_their_lots', jsonb_build_object('member_id', s.member_id, 'earned', s.earned, 'from', s.earned_from, 'lots', coalesce(t.total, 0)) from loyalty.standings s
    left join (select x.member_id, sum(x.points - x.taken_back) as total from loyalty.standings y join loyalty.lots x on x.business_id = y.business_id and x.member_id = y.member_id and x.earned_at > y.earned_from where x.source like 'order:%' group by 1) t on t.member_id = s.member_id
    where (for_business is null or s.business_id = for_business) and s.earned <> coalesce(t.total, 0)
  union all
  select 'order_numbers_with_gaps', jsonb_build_object('business_id', n.business_id, 'year', n.year, 'last', n.last, 'orders', count(o.id)) from sales.order_numbers n left join sales.orders o on o.business_id = n.business_id and o.number like n.year || '-%'
    where for_business is null or n.business_id = for_business group by n.business_id, n.year, n.last having n.last <> count(o.id)
  union all
  select * from shop.findings(for_business);
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
