-- Cancelling: what a place that is given up gives back, what it keeps, and how that comes back after all.

create table booking.forfeits (
  booking_id uuid primary key,
  business_id uuid not null,
  session_id uuid not null,
  kind text not null check (kind in ('late', 'no_show')),
  kept_cents bigint not null default 0 check (kept_cents >= 0),
  kept_credits int not null default 0 check (kept_credits >= 0),
  fee_order_id uuid,
  created_at timestamptz not null default now(),
  refilled_by uuid,
  returned_at timestamptz,
  returned_why text check (returned_why in ('refilled', 'waived')),
  returned_by uuid,
  reason text not null default '',
  check ((returned_at is null) = (returned_why is null)),
  foreign key (business_id, booking_id) references booking.bookings (business_id, id) on delete restrict,
  foreign key (business_id, session_id) references booking.sessions (business_id, id) on delete restrict,
  foreign key (business_id, fee_order_id) references sales.orders (business_id, id) on delete restrict,
  foreign key (business_id, refilled_by) references booking.bookings (business_id, id) on delete restrict
);
comment on table booking.forfeits is 'What a late cancellation or an absence cost: money and credits kept, a fee owed. It comes back once: when the waitlist fills the place, or when staff waive it with a reason.';
create index forfeits_booking_id_idx on booking.forfeits (business_id, booking_id);
create index forfeits_session_id_idx on booking.forfeits (business_id, session_id);
create index forfeits_fee_order_id_idx on booking.forfeits (business_id, fee_order_id) where fee_order_id is not null;
create unique index forfeits_refilled_by_idx on booking.forfeits (business_id, refilled_by) where refilled_by is not null;
alter table booking.forfeits enable row level security;
grant select on booking.forfeits to authenticated;
create policy "Members see what they lost, the front desk all of its business" on booking.forfeits for select to authenticated
  using (booking_id in (select b.id from booking.bookings b where b.member_id in (select members.mine())) or business_id in (select business.where_i_am('front_desk')));

create function booking.facts_of(k booking.bookings) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object('booking_id', k.id, 'session_id', s.id, 'class_name', t.name, 'starts_at', s.starts_at, 'ends_at', s.ends_at, 'instructor_name', i.name, 'room_name', r.name,
      'person_name', w.name, 'guest_name', k.guest_name, 'currency', b.currency, 'calendar_sequence', s.calendar_sequence)
    from booking.sessions s join booking.class_types t on t.id = s.class_type_id join booking.instructors i on i.id = s.instructor_id join booking.rooms r on r.id = s.room_id
    join business.businesses b on b.id = s.business_id join members.members w on w.id = k.member_id where s.id = k.session_id);
end $$;
comment on function booking.facts_of is 'What letters and notices say of a booking.';

create function booking.buyer_of(k booking.bookings) returns uuid
language plpgsql immutable set search_path = '' as $$
begin
  return coalesce(k.booked_by, k.member_id);
end $$;
comment on function booking.buyer_of is 'The member who booked and paid, and is told.';

create function booking.refund_due(k booking.bookings) returns bigint
language plpgsql stable set search_path = '' as $$
begin
  return (
    -- Half up. Nothing is due where nothing was paid.
  select coalesce((select case when now() <= k.free_cancel_until then l.total_cents else floor(l.total_cents::numeric * k.late_refund_percent / 100 + 0.5)::bigint end - l.refunded_cents
    from sales.order_lines l join sales.orders o on o.id = l.order_id where l.id = k.order_line_id and o.state in ('paid', 'closed')), 0));
end $$;

create function booking.credit_due(k booking.bookings) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  -- A credit cannot be halved: a late one comes back where late money would come back whole.
  return k.credit_transfer_id is not null and (now() <= k.free_cancel_until or k.late_refund_percent = 100);
end $$;

create function booking.late_fee_due(k booking.bookings) returns bigint
language plpgsql stable set search_path = '' as $$
begin
  -- Who loses money or a credit has paid already; a place without limit costs the fee. What is free for everybody costs nothing, late neither.
  return case when now() > k.free_cancel_until and k.pass_id is not null and k.credits = 0 and coalesce((select l.total_cents from sales.order_lines l where l.id = k.order_line_id), 0) = 0 then k.late_fee_cents else 0 end;
end $$;

create function api.cancellation_preview(business_id uuid, booking_id uuid)
returns table (session_id uuid, class_name jsonb, starts_at timestamptz, state text, late boolean, free_cancel_until timestamptz, late_refund_percent int, refund_cents bigint, paid_cents bigint, currency text, may_cancel boolean,
  credits int, credits_back int, late_fee_cents bigint, refund_if_refilled boolean, person_name text, guest_name text)
language plpgsql stable security definer set search_path = '' as $$
declare k booking.bookings;
begin
  select * into k from booking.bookings x where x.id = cancellation_preview.booking_id and x.business_id = cancellation_preview.business_id and x.member_id in (select members.mine());
  if k.id is null then perform platform.refuse(404, 'booking_not_found'); end if;
  return query select s.id, t.name, s.starts_at, k.state, now() > k.free_cancel_until, k.free_cancel_until, k.late_refund_percent, booking.refund_due(k),
      coalesce((select l.total_cents from sales.order_lines l where l.id = k.order_line_id), 0), b.currency::text, k.state = 'confirmed' and s.starts_at > now(),
      k.credits, case when booking.credit_due(k) then k.credits else 0 end, booking.late_fee_due(k), k.refund_if_refilled and s.waiting > 0, case when w.user_id is distinct from auth.uid() then w.name end, k.guest_name
    from booking.sessions s join booking.class_types t on t.id = s.class_type_id join business.businesses b on b.id = s.business_id join members.members w on w.id = k.member_id where s.id = k.session_id;
end $$;
comment on function api.cancellation_preview is 'What cancelling now would mean: the money, credits and fee the booking''s own policy gives and takes. refund_if_refilled: somebody waits who could fill the place.';
grant execute on function api.cancellation_preview to authenticated;

create function booking.lock_for_refund(k booking.bookings) returns payments.payments
language plpgsql volatile set search_path = '' as $$
declare
  the_order uuid := (select l.order_id from sales.order_lines l where l.id = k.order_line_id);
  p payments.payments;
begin
  -- Order, payment, session, booking: the same order as settling.
  perform 1 from sales.orders o where o.id = the_order for no key update;
  select * into p from payments.payments x where x.order_id = the_order and x.captured_cents > 0 and exists (select from ledger.transfers t where t.business_id = x.business_id and t.kind = 'sale' and t.source = 'payment:' || x.id) for no key update;
  perform 1 from booking.sessions x where x.id = k.session_id for no key update;
  perform 1 from booking.bookings x where x.id = k.id for no key update;
  return p;
end $$;
comment on function booking.lock_for_refund is 'Locks all that giving a seat back touches; answers the payment that paid for it (all null: nothing did).';

create function sales.charge_fee(k booking.bookings, cents bigint, why text) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  made uuid;
  t booking.class_types;
  taxed boolean;
begin
  select c.* into strict t from booking.sessions s join booking.class_types c on c.id = s.class_type_id where s.id = k.session_id;
  taxed := (select b.prices_include_tax from business.businesses b where b.id = k.business_id);
  insert into sales.orders as o (business_id, member_id, state, channel, currency, reference, placed_at, tax_cents, total_cents)
  select b.id, booking.buyer_of(k), 'placed', 'desk', b.currency, sales.new_reference(b.id), now(), sales.tax_in(charge_fee.cents, t.tax_rate_bp, taxed), charge_fee.cents + case when taxed then 0 else sales.tax_in(charge_fee.cents, t.tax_rate_bp, false) end
  from business.businesses b where b.id = k.business_id returning o.id into made;
  insert into sales.order_lines (business_id, order_id, position, kind, about_booking_id, label, unit_price_cents, tax_rate_bp, tax_cents, total_cents)
  select o.business_id, o.id, 1, 'fee', k.id, case charge_fee.why when 'late' then '{"en": "Late cancellation", "es": "Cancelación tardía"}'::jsonb else '{"en": "Missed class", "es": "Clase no asistida"}'::jsonb end, charge_fee.cents, t.tax_rate_bp, o.tax_cents, o.total_cents
  from sales.orders o where o.id = made;
  perform messages.notify(k.business_id, booking.buyer_of(k), 'fee_charged', k.id::text, booking.facts_of(k) || jsonb_build_object('amount_cents', (select o.total_cents from sales.orders o where o.id = made), 'order_id', made, 'reason', case charge_fee.why when 'late' then 'late_cancel' else charge_fee.why end));
  return made;
end $$;
comment on function sales.charge_fee is 'A fee for a late cancellation or an absence: an order of its own that waits to be paid, without a hold to run out. The member is told; nothing is taken from a card or wallet unasked.';

create function booking.forfeit(k booking.bookings, kind text, kept_cents bigint, kept_credits int, fee_cents bigint) returns void
language plpgsql volatile set search_path = '' as $$
declare fee uuid := case when forfeit.fee_cents > 0 then sales.charge_fee(k, forfeit.fee_cents, forfeit.kind) end;
begin
  if forfeit.kept_cents > 0 or forfeit.kept_credits > 0 or fee is not null then
    insert into booking.forfeits (booking_id, business_id, session_id, kind, kept_cents, kept_credits, fee_order_id)
    values (k.id, k.business_id, k.session_id, forfeit.kind, forfeit.kept_cents, forfeit.kept_credits, fee);
  end if;
end $$;

create function booking.cancel(k booking.bookings, by_staff boolean, why text default '') returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  l sales.order_lines;
  p payments.payments := booking.lock_for_refund(k);
  due bigint;
  credits_back int := 0;
  fee bigint;
  late boolean;
begin
  select * into k from booking.bookings x where x.id = k.id;
  if k.state in ('cancelled', 'late_cancelled') then perform platform.refuse(409, 'booking_cancelled_before'); end if;
  if k.state <> 'confirmed' then perform platform.refuse(409, 'booking_not_confirmed', jsonb_build_object('state', k.state)); end if;
  if k.starts_at <= now() then perform platform.refuse(409, 'session_past'); end if;
  select x.* into l from sales.order_lines x where x.id = k.order_line_id;
  late := now() > k.free_cancel_until;
  due := booking.refund_due(k);
  fee := booking.late_fee_due(k);
  if booking.credit_due(k) then credits_back := k.credits; end if;
  perform booking.release_seat(k.id, case when late then 'late_cancelled' else 'cancelled' end, coalesce(nullif(cancel.why, ''), case when cancel.by_staff then 'cancelled by the front desk' else 'cancelled by the member' end));
  if due > 0 and p.id is not null then
    perform payments.request_refund(p, due, case when cancel.by_staff then 'staff' else 'member_cancelled' end, array[l.id], array[due]);
  else
    due := 0;
    update sales.order_lines x set state = 'reversed' where x.id = l.id;
  end if;
  if late then perform booking.forfeit(k, 'late', coalesce(l.total_cents, 0) - coalesce(l.refunded_cents, 0) - due, k.credits - credits_back, fee); end if;
  perform messages.notify(k.business_id, booking.buyer_of(k), 'booking_cancelled', k.id::text,
    booking.facts_of(k) || jsonb_build_object('late', late, 'refund_cents', due, 'paid_cents', coalesce(l.total_cents, 0), 'credits', k.credits, 'credits_back', credits_back, 'fee_cents', fee, 'order_id', l.order_id, 'released', cancel.why <> ''));
  -- The ledger's rows last.
  if credits_back > 0 then perform members.give_back_credits(k); end if;
  if l.order_id is not null then perform payments.tell_order(l.order_id); end if;
  return jsonb_build_object('booking_id', k.id, 'state', case when late then 'late_cancelled' else 'cancelled' end, 'refund_cents', due, 'credits_back', credits_back, 'fee_cents', fee,
    'currency', (select b.currency from business.businesses b where b.id = k.business_id));
end $$;
comment on function booking.cancel is 'Gives a confirmed booking up by its own policy. why: when it is nobody''s wish (a place that is released); the letter says so. Refuses 409 booking_cancelled_before, booking_not_confirmed, session_past.';

create function api.cancel_booking(business_id uuid, booking_id uuid, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := members.require_me(cancel_booking.business_id);
  answer jsonb;
  k booking.bookings;
begin
  answer := platform.replay(me::text, cancel_booking.idempotency_key, 'cancel_booking', jsonb_build_object('booking_id', cancel_booking.booking_id));
  if answer is not null then return answer; end if;
  select * into k from booking.bookings x where x.id = cancel_booking.booking_id and x.business_id = cancel_booking.business_id
    and (x.member_id = me or x.booked_by = me or members.may_book_for(me, x.member_id));
  if k.id is null then perform platform.refuse(404, 'booking_not_found'); end if;
  return platform.remember(me::text, cancel_booking.idempotency_key, booking.cancel(k, false));
end $$;
comment on function api.cancel_booking is 'Cancels a confirmed booking of the asker''s, of somebody they look after, or of their guest, with the refund, credit and fee its policy gives. Refuses 404 booking_not_found, 409 booking_cancelled_before, booking_not_confirmed, session_past.';
grant execute on function api.cancel_booking to authenticated;

-- By the business -----------------------------------------------------------------------------------------------------
create function booking.give_back(booking_id uuid, why text) returns void
language plpgsql volatile set search_path = '' as $$
declare
  k booking.bookings;
  p payments.payments;
  l sales.order_lines;
  due bigint;
begin
  select * into strict k from booking.bookings x where x.id = give_back.booking_id;
  p := booking.lock_for_refund(k);
  -- Who stood at the door and was checked in, or marked absent, of a class that did not take place has paid for nothing either.
  k := booking.release_seat(k.id, 'cancelled', give_back.why, true);
  if k.id is null then return; end if;
  select x.* into l from sales.order_lines x where x.id = k.order_line_id;
  due := coalesce(l.total_cents - l.refunded_cents, 0);
  if due > 0 and p.id is not null then
    perform payments.request_refund(p, due, 'session_cancelled', array[l.id], array[due]);
  else
    update sales.order_lines x set state = 'reversed' where x.id = l.id;
  end if;
  if members.give_back_credits(k) then
    -- A credit that comes back too late to be used is no credit.
    update members.passes x set expires_at = greatest(x.expires_at, now() + interval '14 days') where x.id = k.pass_id and x.membership_id is null and x.expires_at is not null;
  end if;
  if l.order_id is not null then perform payments.tell_order(l.order_id); end if;
end $$;
comment on function booking.give_back is 'Cancels a booking as the business, also one that was checked in or marked absent: everything that was paid comes back, whatever the hour. Does nothing when it was over already. Tells nobody.';

create function booking.called_off() returns text
language sql immutable set search_path = '' as $$ select 'the class was called off' $$;
comment on function booking.called_off is 'Why the steps of a booking say that it ended when its class was called off.';

create function booking.tell_called_off(s booking.sessions, reason text, only_reader uuid default null) returns void
language plpgsql volatile set search_path = '' as $$
declare told record;
begin
  for told in
    select members.reader_of(booking.buyer_of(k)) as reader, (array_agg(k order by k.created_at, k.id))[1] as first,
      jsonb_agg(jsonb_build_object('booking_id', k.id, 'name', coalesce(k.guest_name, w.name)) order by k.created_at, k.id) as places,
      sum((select coalesce(sum(x.amount_cents), 0) from payments.refund_lines x join payments.refunds r on r.id = x.refund_id
        where x.business_id = k.business_id and x.order_line_id = k.order_line_id and r.reason = 'session_cancelled'))::bigint as refund_cents, sum(k.credits)::int as credits_back
    from booking.bookings k join members.members w on w.id = k.member_id
    where k.business_id = s.business_id and k.session_id = s.id and k.state = 'cancelled'
      and (tell_called_off.only_reader is null or members.reader_of(booking.buyer_of(k)) = tell_called_off.only_reader)
      -- What was held and not paid yet is not told of: it was nobody's place.
      and exists (select from booking.booking_steps t where t.business_id = k.business_id and t.booking_id = k.id and t.to_state = 'cancelled' and t.from_state <> 'held' and t.why = booking.called_off())
    group by 1 order by 1
  loop
    continue when exists (select from booking.bookings b where b.business_id = s.business_id and b.session_id = s.id and b.state in ('confirmed', 'checked_in', 'no_show') and members.reader_of(booking.buyer_of(b)) = told.reader);
    perform messages.notify(s.business_id, told.reader, 'session_cancelled', s.id::text, booking.facts_of(told.first)
      || jsonb_build_object('refund_cents', told.refund_cents, 'credits_back', told.credits_back, 'reason', tell_called_off.reason)
      -- One place is somebody's, as in every letter; several are a list.
      || case when jsonb_array_length(told.places) > 1 then jsonb_build_object('person_name', null, 'guest_name', null, 'places', told.places) else '{}' end);
  end loop;
end $$;
comment on function booking.tell_called_off is 'Tells whoever booked in a class that was called off, once, of all their places together; who looks after somebody hears of theirs as well. Nobody before the last of their places came back. only_reader: of this one alone. Whoever gives a place back keeps the session locked, so that of two at once the second sees the first.';

create function api.cancel_session(business_id uuid, session_id uuid, reason text, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := business.require_role(cancel_session.business_id, 'manager');
  answer jsonb;
  s booking.sessions;
begin
  answer := platform.replay(actor::text, cancel_session.idempotency_key, 'cancel_session', jsonb_build_object('session_id', cancel_session.session_id));
  if answer is not null then return answer; end if;
  if length(coalesce(cancel_session.reason, '')) > 300 then perform platform.refuse(422, 'reason_invalid', '{"field": "reason"}'); end if;
  -- Closed first, so that nobody comes in while the orders of those inside are locked.
  update booking.sessions x set state = 'cancelled', version = x.version + 1 where x.id = cancel_session.session_id and x.business_id = cancel_session.business_id and x.state = 'scheduled' and x.ends_at > now() returning * into s;
  if s.id is null then
    select * into s from booking.sessions x where x.id = cancel_session.session_id and x.business_id = cancel_session.business_id;
    if s.id is null then perform platform.refuse(404, 'session_not_found'); end if;
    perform platform.refuse(409, case when s.state = 'cancelled' then 'session_cancelled' else 'session_past' end);
  end if;
  perform audit.note(s.business_id, 'session_cancelled', 'session:' || s.id, jsonb_build_object('reason', cancel_session.reason, 'seats_taken', s.seats_taken));
  perform booking.close_waitlist(s.id, 'session_cancelled');
  -- A job gives the places back, one a transaction: so no buyer elsewhere waits for a whole class to be undone.
  perform platform.add_job('empty_session', jsonb_build_object('session_id', s.id, 'reason', coalesce(cancel_session.reason, '')), 'empty:' || s.id);
  return platform.remember(actor::text, cancel_session.idempotency_key, jsonb_build_object('session_id', s.id, 'state', 'cancelled', 'bookings', s.seats_taken));
end $$;
comment on function api.cancel_session is 'Calls a class off: nobody comes in from now on, everybody who had a place gets back all they paid, and is told, once (by a job, at once). Refuses 404 session_not_found, 409 session_cancelled, session_past.';
grant execute on function api.cancel_session to authenticated;

create function api.empty_session(session_id uuid, reason text, at_most int default 1) returns int
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  s booking.sessions;
  k booking.bookings;
  o sales.orders;
  waiting uuid;
  done int := 0;
begin
  select * into s from booking.sessions x where x.id = empty_session.session_id;
  if s.state is distinct from 'cancelled' then return 0; end if;
  -- Orders that wait for payment end with their whole cart: what is left of it can be bought again. One a turn, since an order is
  -- locked before its classes, never after.
  select r.id into waiting from booking.bookings b join sales.order_lines l on l.business_id = b.business_id and l.id = b.order_line_id join sales.orders r on r.id = l.order_id
    where b.business_id = s.business_id and b.session_id = s.id and b.state = 'held' and r.state = 'placed' limit 1;
  if waiting is not null then
    select * into o from sales.orders x where x.id = waiting and x.state = 'placed' for no key update;
    if found then
      perform sales.release_lines(o, 'cancelled', booking.called_off());
      update sales.orders x set state = 'cancelled' where x.id = o.id;
      perform payments.close_checkouts(o.id);
      perform payments.tell_order(o.id);
    end if;
    return 1;
  end if;
  for k in select * from booking.bookings b where b.business_id = s.business_id and b.session_id = s.id and b.state in ('confirmed', 'checked_in', 'no_show') order by b.created_at, b.id limit empty_session.at_most loop
    -- Null where its member gave it up meanwhile: others may still have theirs, so it counts as a turn.
    perform booking.give_back(k.id, booking.called_off());
    perform booking.tell_called_off(s, empty_session.reason, members.reader_of(booking.buyer_of(k)));
    done := done + 1;
  end loop;
  -- Whoever gave their last place up themselves while the others came back has not been told yet.
  if done = 0 then perform booking.tell_called_off(s, empty_session.reason); end if;
  return done;
end $$;
comment on function api.empty_session is 'For the job: gives back a place (or ends an unpaid order) of a class that was called off, one a turn; whoever gets their last one back is told. Answers how many it looked at, 0 when there are no more. May run twice.';
grant execute on function api.empty_session to service_role;

create function api.session_effect(business_id uuid, session_id uuid)
returns table (booking_id uuid, person_name text, guest_name text, state text, refund_cents bigint, credits_back int, currency text)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  perform business.require_role(session_effect.business_id, 'front_desk');
  return query
  select k.id, m.name, k.guest_name, k.state, coalesce(l.total_cents - l.refunded_cents, 0), k.credits, b.currency::text
  from booking.bookings k join members.members m on m.id = k.member_id join business.businesses b on b.id = k.business_id left join sales.order_lines l on l.id = k.order_line_id and k.state <> 'held'
  where k.business_id = session_effect.business_id and k.session_id = session_effect.session_id and (k.state in ('confirmed', 'checked_in', 'no_show') or k.state = 'held' and k.held_until > now())
  order by m.name, k.guest_name nulls first;
end $$;
comment on function api.session_effect is 'What calling a class off would give back, and to whom.';
grant execute on function api.session_effect to authenticated;

-- What was kept comes back --------------------------------------------------------------------------------------------
create function booking.return_forfeit(booking_id uuid, why text, reason text default '') returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  f booking.forfeits;
  k booking.bookings;
  p payments.payments;
  l sales.order_lines;
  o sales.orders;
  due bigint := 0;
  fee bigint := 0;
  paid payments.payments;
  credits_back int := 0;
  fee_credits int := 0;
begin
  select * into k from booking.bookings x where x.id = return_forfeit.booking_id;
  p := booking.lock_for_refund(k);
  select * into f from booking.forfeits x where x.booking_id = return_forfeit.booking_id for no key update;
  if f.booking_id is null then perform platform.refuse(404, 'nothing_kept'); end if;
  if f.returned_at is not null then perform platform.refuse(409, 'returned_before'); end if;
  select x.* into l from sales.order_lines x where x.id = k.order_line_id;
  update booking.forfeits x set returned_at = now(), returned_why = return_forfeit.why, returned_by = auth.uid(), reason = coalesce(return_forfeit.reason, '') where x.booking_id = k.id;
  due := least(f.kept_cents, coalesce(l.total_cents - l.refunded_cents, 0));
  if due > 0 and p.id is not null then perform payments.request_refund(p, due, case return_forfeit.why when 'refilled' then 'refilled' else 'staff' end, array[l.id], array[due]); else due := 0; end if;
  if f.fee_order_id is not null then
    select * into o from sales.orders x where x.id = f.fee_order_id for no key update;
    fee := o.total_cents;
    if o.state = 'placed' then
      update sales.orders x set state = 'cancelled' where x.id = o.id;
      perform payments.close_checkouts(o.id);
    elsif o.state = 'paid' then
      select * into paid from payments.payments x where x.order_id = o.id and x.captured_cents > 0 and x.refund_requested_cents = 0 order by x.attempt limit 1 for no key update;
      if paid.id is not null then
        perform payments.request_refund(paid, o.total_cents, case return_forfeit.why when 'refilled' then 'refilled' else 'staff' end, array(select x.id from sales.order_lines x where x.order_id = o.id), array[o.total_cents]);
      end if;
      fee_credits := members.return_fee_credits(o);
    end if;
    perform payments.tell_order(o.id);
  end if;
  perform messages.notify(k.business_id, booking.buyer_of(k), case return_forfeit.why when 'refilled' then 'refilled' else 'fee_waived' end, k.id::text,
    booking.facts_of(k) || jsonb_build_object('amount_cents', nullif(due + case when paid.id is not null then fee else 0 end, 0), 'credits_back', nullif(f.kept_credits + fee_credits, 0), 'fee_cents', fee, 'reason', coalesce(return_forfeit.reason, ''), 'order_id', l.order_id));
  if f.kept_credits > 0 and members.give_back_credits(k) then credits_back := f.kept_credits; end if;
  if l.order_id is not null then perform payments.tell_order(l.order_id); end if;
  return jsonb_build_object('booking_id', k.id, 'refund_cents', due, 'credits_back', credits_back + fee_credits, 'fee_cents', fee);
end $$;
comment on function booking.return_forfeit is 'Gives back, once, what a late cancellation or an absence cost. Refuses 404 nothing_kept, 409 returned_before.';

create function api.waive(business_id uuid, booking_id uuid, reason text, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  actor uuid := business.require_role(waive.business_id, 'front_desk');
  answer jsonb;
begin
  answer := platform.replay(actor::text, waive.idempotency_key, 'waive', jsonb_build_object('booking_id', waive.booking_id));
  if answer is not null then return answer; end if;
  if length(trim(coalesce(waive.reason, ''))) not between 3 and 300 then perform platform.refuse(422, 'reason_invalid', '{"field": "reason"}'); end if;
  perform 1 from booking.bookings k where k.id = waive.booking_id and k.business_id = waive.business_id;
  if not found then perform platform.refuse(404, 'booking_not_found'); end if;
  answer := booking.return_forfeit(waive.booking_id, 'waived', trim(waive.reason));
  perform audit.note(waive.business_id, 'forfeit_waived', 'booking:' || waive.booking_id, answer || jsonb_build_object('reason', trim(waive.reason)));
  return platform.remember(actor::text, waive.idempotency_key, answer);
end $$;
comment on function api.waive is 'The front desk gives back what a late cancellation or an absence cost, with a reason. Refuses 404 booking_not_found, nothing_kept, 409 returned_before, 422 reason_invalid.';
grant execute on function api.waive to authenticated;

create function api.cancel_for_member(business_id uuid, booking_id uuid, free_of_charge boolean, reason text, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  actor uuid := business.require_role(cancel_for_member.business_id, 'front_desk');
  answer jsonb;
  k booking.bookings;
begin
  answer := platform.replay(actor::text, cancel_for_member.idempotency_key, 'cancel_for_member', jsonb_build_object('booking_id', cancel_for_member.booking_id, 'free', cancel_for_member.free_of_charge));
  if answer is not null then return answer; end if;
  if length(coalesce(cancel_for_member.reason, '')) > 300 or cancel_for_member.free_of_charge and length(trim(coalesce(cancel_for_member.reason, ''))) < 3 then perform platform.refuse(422, 'reason_invalid', '{"field": "reason"}'); end if;
  select * into k from booking.bookings x where x.id = cancel_for_member.booking_id and x.business_id = cancel_for_member.business_id;
  if k.id is null then perform platform.refuse(404, 'booking_not_found'); end if;
  answer := booking.cancel(k, true);
  if cancel_for_member.free_of_charge and exists (select from booking.forfeits f where f.booking_id = k.id) then
    answer := answer || jsonb_build_object('waived', booking.return_forfeit(k.id, 'waived', trim(cancel_for_member.reason)));
  end if;
  -- After the ledger's rows, as everywhere: who waits for the trail holds up no money.
  perform audit.note(k.business_id, 'booking_cancelled', 'booking:' || k.id, answer || jsonb_build_object('reason', coalesce(cancel_for_member.reason, '')));
  return platform.remember(actor::text, cancel_for_member.idempotency_key, answer);
end $$;
comment on function api.cancel_for_member is 'The front desk cancels for a member, by the booking''s policy or free of charge with a reason. Refusals as api.cancel_booking.';
grant execute on function api.cancel_for_member to authenticated;

-- Reading -------------------------------------------------------------------------------------------------------------
-- Read as the owner: a booking stays in its member's list when its teacher or class is no longer published.
create function api.my_bookings(business_id uuid, past boolean default false, before_at timestamptz default null, page_size int default 50)
returns table (booking_id uuid, session_id uuid, state text, held_until timestamptz, starts_at timestamptz, ends_at timestamptz, class_slug text, class_name jsonb, style text, instructor_name text, room_name text, location_name text,
  order_id uuid, free_cancel_until timestamptz, late_refund_percent int, session_state text, person_name text, guest_name text, pass_id uuid, credits int, pass_name jsonb,
  kept_cents bigint, kept_credits int, fee_cents bigint, fee_order_id uuid, returned_why text)
language sql stable security definer set search_path = '' rows 20 as $$
  -- As the owner: what was booked stays the member's to see when its class or teacher is no longer shown to visitors.
  select k.id, s.id, k.state, k.held_until, s.starts_at, s.ends_at, t.slug, t.name, t.style, i.name, r.name, l.name, n.order_id, k.free_cancel_until, k.late_refund_percent, s.state, case when w.user_id is distinct from (select auth.uid()) then w.name end, k.guest_name, k.pass_id, k.credits, g.name,
    f.kept_cents, f.kept_credits, d.total_cents, case when d.state = 'placed' then d.id end, f.returned_why
  from booking.bookings k
  join booking.sessions s on s.business_id = k.business_id and s.id = k.session_id
  join booking.class_types t on t.business_id = s.business_id and t.id = s.class_type_id
  join booking.instructors i on i.business_id = s.business_id and i.id = s.instructor_id
  join booking.rooms r on r.business_id = s.business_id and r.id = s.room_id
  join business.locations l on l.business_id = r.business_id and l.id = r.location_id
  join members.members w on w.business_id = k.business_id and w.id = k.member_id
  left join sales.order_lines n on n.id = k.order_line_id
  left join members.passes q on q.business_id = k.business_id and q.id = k.pass_id
  left join members.plans g on g.business_id = q.business_id and g.id = q.plan_id
  left join booking.forfeits f on f.business_id = k.business_id and f.booking_id = k.id
  left join sales.orders d on d.business_id = f.business_id and d.id = f.fee_order_id
  where k.business_id = my_bookings.business_id and k.member_id in (select members.mine())
    and k.state <> 'expired' and not (k.state = 'held' and k.held_until <= now())
    and case when my_bookings.past then k.starts_at < coalesce(my_bookings.before_at, now()) and s.ends_at <= now() else k.starts_at >= now() - interval '6 hours' and s.ends_at > now() end
  order by case when my_bookings.past then - extract(epoch from k.starts_at) else extract(epoch from k.starts_at) end
  limit least(greatest(my_bookings.page_size, 1), 200);
$$;
comment on function api.my_bookings is 'The asker''s bookings: upcoming first to come, or past latest first (keyset by before_at). With what a late cancellation or an absence cost, and whether it came back. Expired holds are left out.';
grant execute on function api.my_bookings to authenticated;

create index orders_owed_idx on sales.orders (business_id, member_id) where state = 'placed' and hold_expires_at is null;
create function sales.fees_of(business_id uuid, member_id uuid)
returns table (order_id uuid, reference text, total_cents bigint, currency text, placed_at timestamptz, label jsonb, booking_id uuid, class_name jsonb, starts_at timestamptz, person_id uuid, person_name text)
language plpgsql stable set search_path = '' rows 1 as $$
#variable_conflict use_column
begin
  return query
  -- The few orders first, whatever is known of the tables' sizes.
  with o as materialized (select x.* from sales.orders x where x.business_id = fees_of.business_id and x.member_id = fees_of.member_id and x.state = 'placed' and x.hold_expires_at is null)
  select o.id, o.reference, o.total_cents, o.currency::text, o.placed_at, l.label, k.id, t.name, k.starts_at, w.id, case when w.id <> o.member_id then w.name end
  from o
  join sales.order_lines l on l.business_id = o.business_id and l.order_id = o.id and l.kind = 'fee'
  join booking.bookings k on k.business_id = l.business_id and k.id = l.about_booking_id
  join booking.sessions s on s.business_id = k.business_id and s.id = k.session_id
  join booking.class_types t on t.business_id = s.business_id and t.id = s.class_type_id
  join members.members w on w.business_id = k.business_id and w.id = k.member_id
  order by o.placed_at, o.id limit 20;
end $$;
comment on function sales.fees_of is 'What a member still owes for late cancellations and absences, the oldest first; person_name: of somebody else they booked for.';

create function api.my_fees(business_id uuid)
returns table (order_id uuid, reference text, total_cents bigint, currency text, placed_at timestamptz, label jsonb, booking_id uuid, class_name jsonb, starts_at timestamptz, person_name text)
language plpgsql stable security definer set search_path = '' rows 3 as $$
#variable_conflict use_column
begin
  return query
  select f.order_id, f.reference, f.total_cents, f.currency, f.placed_at, f.label, f.booking_id, f.class_name, f.starts_at, f.person_name
  from members.members m cross join lateral sales.fees_of(m.business_id, m.id) f where m.business_id = my_fees.business_id and m.user_id = auth.uid();
end $$;
comment on function api.my_fees is 'What the asker still owes for late cancellations and absences, the oldest first.';
grant execute on function api.my_fees to authenticated;
