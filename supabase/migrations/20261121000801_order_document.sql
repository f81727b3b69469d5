-- The order as a document: what pages, letters and receipts say of it.

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
        'total_cents', l.total_cents, 'refunded_cents', l.refunded_cents, 'returned', l.returned, 'state', l.state, 'discount_cents', l.discount_cents, 'discounts', l.discounts, 'modifiers', l.modifiers, 'note', l.note, 'details', l.details, 'gift_card', case when l.kind = 'gift_card' then sales.gift_card_of(l.id) end, 'product_slug', d.slug, 'picture', coalesce('own/' || d.picture_hash, d.picture), 'credits', l.credits, 'pass_name', n.name, 'person_name', w.name, 'guest_name', l.guest_name, 'session_id', s.id, 'style', t.style, 'class_slug', t.slug, 'starts_at', s.starts_at, 'ends_at', s.ends_at, 'instructor_name', i.name, 'room_name', r.name,
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

create function payments.is_at_till(o sales.orders) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  return o.channel = 'till' and o.state not in ('paid', 'closed');
end $$;
comment on function payments.is_at_till is 'Whether an order is a ticket that is being paid at a till, or was given up there: until it is sold it is the till''s alone, and its customer neither sees, pays nor cancels it.';

create function api.order_page(business_id uuid, order_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform 1 from sales.orders o where o.id = order_page.order_id and o.business_id = order_page.business_id and o.state <> 'cart'
    and (o.member_id in (select members.mine()) and not payments.is_at_till(o) or o.business_id in (select business.where_i_am('front_desk')) or (select auth.role()) = 'service_role');
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
  where o.business_id = my_orders.business_id and o.state <> 'cart' and (o.channel <> 'till' or o.state in ('paid', 'closed'))
    and o.member_id = (select m.id from members.members m where m.business_id = my_orders.business_id and m.user_id = (select auth.uid()))
    and (my_orders.before_at is null or o.placed_at < my_orders.before_at)
  order by o.placed_at desc limit least(greatest(my_orders.page_size, 1), 200);
$$;
grant execute on function api.my_orders to authenticated;
