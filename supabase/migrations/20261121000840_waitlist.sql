-- Waitlist: who is next when a seat comes free. One line per class, in the order of joining; every step is kept, so that anybody can
-- replay it and come to the same winner (ledger.findings: waitlist_out_of_turn).

create table booking.waitlist_entries (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  session_id uuid not null,
  member_id uuid not null,
  booked_by uuid,
  state text not null default 'waiting' check (state in ('waiting', 'offered', 'accepted', 'declined', 'lapsed', 'promoted', 'left')),
  why text not null default '',
  joined_at timestamptz not null default clock_timestamp(),
  pay_with text not null check (pay_with in ('free', 'pass', 'wallet', 'card')),
  pass_id uuid,
  agreed_cents bigint,
  agreed_credits int,
  group_id uuid,
  offered_until timestamptz,
  booking_id uuid,
  order_id uuid,
  check (state <> 'offered' or (offered_until is not null and booking_id is not null)),
  unique (business_id, id),
  foreign key (business_id, session_id) references booking.sessions (business_id, id) on delete restrict,
  foreign key (business_id, member_id) references members.members (business_id, id) on delete restrict,
  foreign key (business_id, booked_by) references members.members (business_id, id) on delete restrict,
  foreign key (business_id, pass_id) references members.passes (business_id, id) on delete restrict,
  foreign key (business_id, booking_id) references booking.bookings (business_id, id) on delete restrict,
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete restrict
);
comment on table booking.waitlist_entries is 'waiting → offered → accepted | declined | lapsed, or → promoted, or → left. An offer holds a real seat (booking_id) until offered_until. The line is joined_at, then id.';
comment on column booking.waitlist_entries.pay_with is 'What was agreed when joining: pass and wallet pay without being asked again, card never does.';
comment on column booking.waitlist_entries.agreed_cents is 'What a place cost when they joined; agreed_credits: of a pass. Where it has become dearer they are asked, whatever they agreed to.';
comment on column booking.waitlist_entries.group_id is 'Only one of these classes: when one entry of the group gets a seat, the others leave.';
create unique index waitlist_entries_one_each on booking.waitlist_entries (session_id, member_id) where state in ('waiting', 'offered');
create index waitlist_entries_line_idx on booking.waitlist_entries (session_id, joined_at, id) where state = 'waiting';
create index waitlist_entries_session_id_idx on booking.waitlist_entries (business_id, session_id);
create index waitlist_entries_member_id_idx on booking.waitlist_entries (business_id, member_id, joined_at);
create index waitlist_entries_booked_by_idx on booking.waitlist_entries (business_id, booked_by) where booked_by is not null;
create index waitlist_entries_pass_id_idx on booking.waitlist_entries (business_id, pass_id) where pass_id is not null;
create index waitlist_entries_booking_id_idx on booking.waitlist_entries (business_id, booking_id) where booking_id is not null;
create index waitlist_entries_order_id_idx on booking.waitlist_entries (business_id, order_id) where order_id is not null;
create index waitlist_entries_group_id_idx on booking.waitlist_entries (group_id) where group_id is not null;
create index waitlist_entries_offered_idx on booking.waitlist_entries (offered_until) where state = 'offered';

create table booking.waitlist_steps (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  entry_id uuid not null,
  from_state text,
  to_state text not null,
  at timestamptz not null default clock_timestamp(),
  by_user uuid,
  why text not null default '',
  foreign key (business_id, entry_id) references booking.waitlist_entries (business_id, id) on delete cascade
);
comment on table booking.waitlist_steps is 'Every change of a waitlist entry: who, when, why. Of one class their ids are in the order in which they happened (its row is locked).';
create index waitlist_steps_entry_id_idx on booking.waitlist_steps (business_id, entry_id, id);

alter table booking.waitlist_entries enable row level security;
alter table booking.waitlist_steps enable row level security;
grant select on booking.waitlist_entries, booking.waitlist_steps to authenticated;
create policy "Members see their own places in line, the front desk those of its business" on booking.waitlist_entries for select to authenticated
  using (member_id in (select members.mine()) or business_id in (select business.where_i_am('front_desk')));
create policy "Members see the steps of their own places in line, the front desk those of its business" on booking.waitlist_steps for select to authenticated
  using (entry_id in (select e.id from booking.waitlist_entries e where e.member_id in (select members.mine())) or business_id in (select business.where_i_am('front_desk')));

create function booking.tg_waitlist_entries__step() returns trigger
language plpgsql security definer set search_path = '' as $$
declare was boolean := tg_op = 'UPDATE' and old.state = 'waiting';
begin
  if tg_op = 'UPDATE' and new.state = old.state then return null; end if;
  insert into booking.waitlist_steps (business_id, entry_id, from_state, to_state, by_user, why)
  values (new.business_id, new.id, case when tg_op = 'UPDATE' then old.state end, new.state, auth.uid(), new.why);
  if was <> (new.state = 'waiting') then
    update booking.sessions s set waiting = s.waiting + case when was then -1 else 1 end, version = s.version + 1 where s.id = new.session_id;
  end if;
  return null;
end $$;
create trigger tg_waitlist_entries__step after insert or update of state on booking.waitlist_entries for each row execute function booking.tg_waitlist_entries__step();

create function booking.waitlist_position(e booking.waitlist_entries) returns int
language plpgsql stable set search_path = '' as $$
begin
  return (select count(*)::int from booking.waitlist_entries x where x.session_id = e.session_id and x.state = 'waiting' and (x.joined_at, x.id) <= (e.joined_at, e.id));
end $$;
comment on function booking.waitlist_position is 'One for whoever is next.';

-- Joining -------------------------------------------------------------------------------------------------------------
create function api.join_waitlist(business_id uuid, session_id uuid, idempotency_key text, pay_with text default 'auto', pass_id uuid default null, person_id uuid default null, only_one_with uuid[] default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid := members.require_me(join_waitlist.business_id);
  person uuid := coalesce(join_waitlist.person_id, me);
  answer jsonb;
  s booking.sessions;
  t booking.class_types;
  b business.businesses;
  e booking.waitlist_entries;
  k booking.bookings;
  chosen uuid;
  mode text;
  method text;
  today int;
  opens timestamptz;
  wallet bigint;
begin
  answer := platform.replay(me::text, join_waitlist.idempotency_key, 'join_waitlist', jsonb_build_object('session_id', join_waitlist.session_id, 'pay_with', join_waitlist.pay_with, 'pass_id', join_waitlist.pass_id, 'person_id', join_waitlist.person_id));
  if answer is not null then return answer; end if;
  if join_waitlist.pay_with not in ('auto', 'pass', 'wallet', 'card') then perform platform.refuse(422, 'pay_with_invalid'); end if;
  if not members.may_book_for(me, person) then perform platform.refuse(404, 'person_not_found'); end if;
  select * into s from booking.sessions x where x.id = join_waitlist.session_id and x.business_id = join_waitlist.business_id for no key update;
  select * into t from booking.class_types x where x.id = s.class_type_id;
  if s.id is null or not t.published or s.hidden_at is not null then perform platform.refuse(404, 'session_not_found'); end if;
  if s.state = 'cancelled' then perform platform.refuse(409, 'session_cancelled'); end if;
  if s.starts_at <= now() then perform platform.refuse(409, 'session_past'); end if;
  if t.waitlist_mode = 'off' then perform platform.refuse(409, 'waitlist_off'); end if;
  select * into b from business.businesses x where x.id = s.business_id;
  opens := booking.opens_at(s.starts_at, t.opens_days_before, b.time_zone);
  if opens > now() then perform platform.refuse(409, 'booking_not_open', jsonb_build_object('session_id', s.id, 'opens_at', opens)); end if;
  if s.starts_at - make_interval(mins => t.waitlist_cutoff_minutes) <= now() then perform platform.refuse(409, 'waitlist_closed'); end if;
  select * into k from booking.bookings x where x.session_id = s.id and x.member_id = person and x.guest_name is null and x.state in ('held', 'confirmed', 'checked_in', 'no_show') and (x.state <> 'held' or x.held_until > now());
  if k.id is not null then perform platform.refuse(409, 'already_booked', jsonb_build_object('session_id', s.id, 'booking_id', k.id)); end if;
  if exists (select from booking.waitlist_entries x where x.session_id = s.id and x.member_id = person and x.state in ('waiting', 'offered')) then perform platform.refuse(409, 'already_waiting', jsonb_build_object('session_id', s.id)); end if;
  if booking.seats_free(s) + booking.holds_run_out(s.id) > 0 then perform platform.refuse(409, 'seats_free', jsonb_build_object('session_id', s.id)); end if;
  perform booking.refuse_overlap(person, s, t);
  select count(*) into today from booking.waitlist_entries x join booking.sessions o on o.id = x.session_id
    where x.business_id = s.business_id and x.member_id = person and x.state in ('waiting', 'offered') and (o.starts_at at time zone b.time_zone)::date = (s.starts_at at time zone b.time_zone)::date;
  if today >= (booking.settings_of(s.business_id)).waitlist_per_day then perform platform.refuse(409, 'waitlist_day_full', jsonb_build_object('most', today)); end if;
  -- What they would pay with is checked now, and again when their turn comes.
  chosen := case when s.price_cents = 0 or join_waitlist.pay_with in ('wallet', 'card') then null
    when join_waitlist.pass_id is not null then (select p.id from members.passes p where p.id = join_waitlist.pass_id and p.business_id = s.business_id and p.member_id in (me, person) and members.pass_problem(p, person, false, s, t.credits) is null)
    else members.pass_for(me, person, false, s, t.credits) end;
  if join_waitlist.pay_with = 'pass' and chosen is null and s.price_cents > 0 then perform platform.refuse(409, 'no_pass_pays', jsonb_build_object('session_id', s.id)); end if;
  method := case when s.price_cents = 0 then 'free' when chosen is not null then 'pass' when join_waitlist.pay_with = 'wallet' then 'wallet' else 'card' end;
  if method = 'wallet' then
    wallet := coalesce((select -a.balance - a.reserved from ledger.accounts a where a.business_id = s.business_id and a.unit = b.currency::text and a.kind = 'wallet' and a.owner = me::text), 0);
    if wallet < s.price_cents then perform platform.refuse(409, 'wallet_too_low', jsonb_build_object('total_cents', s.price_cents, 'balance_cents', wallet, 'currency', b.currency)); end if;
  end if;
  mode := booking.mode_of_line(s, t.waitlist_mode);
  update booking.sessions x set line_mode = mode, claims_until = case when mode in ('automatic', 'offer') then x.starts_at - make_interval(mins => t.waitlist_cutoff_minutes) end where x.id = s.id;
  insert into booking.waitlist_entries as x (business_id, session_id, member_id, booked_by, pay_with, pass_id, agreed_cents, agreed_credits, group_id)
  values (s.business_id, s.id, person, nullif(me, person), method, case when join_waitlist.pass_id is not null then chosen end, s.price_cents, t.credits, case when cardinality(join_waitlist.only_one_with) > 0 then gen_random_uuid() end)
  returning * into e;
  if e.group_id is not null then
    -- Groups that meet become one.
    update booking.waitlist_entries x set group_id = e.group_id
    where x.business_id = s.business_id and x.state in ('waiting', 'offered') and x.member_id in (select m.person_id from members.people_of(me) m)
      and (x.id = any (join_waitlist.only_one_with) or x.group_id in (select y.group_id from booking.waitlist_entries y where y.id = any (join_waitlist.only_one_with)));
  end if;
  perform messages.notify(s.business_id, person, 'waitlist_joined', e.id::text, booking.waitlist_facts(e) || jsonb_build_object('position', booking.waitlist_position(e), 'pay_with', method,
    -- A card is never charged unasked: who would pay with one is asked even where the place would be theirs at once.
    'mode', case when mode = 'claim' then 'first_to_claim' when method = 'card' then 'offer' else mode end));
  return platform.remember(me::text, join_waitlist.idempotency_key, jsonb_build_object('entry_id', e.id, 'state', e.state, 'position', booking.waitlist_position(e), 'pay_with', method));
end $$;
comment on function api.join_waitlist is 'A place in line for a full class. pay_with: auto (a pass that pays, else card), pass, wallet, card. only_one_with: the asker''s other entries of which only one may come true. Refuses 404 session_not_found, person_not_found, 409 waitlist_off, waitlist_closed, seats_free, already_booked, already_waiting, overlapping_booking, waitlist_day_full, no_pass_pays, wallet_too_low, booking_not_open, session_cancelled, session_past.';
grant execute on function api.join_waitlist to authenticated;

create function booking.refuse_overlap(person uuid, s booking.sessions, t booking.class_types) returns void
language plpgsql stable set search_path = '' as $$
declare clash record;
begin
  select o.id, c.name into clash from booking.bookings b join booking.sessions o on o.id = b.session_id join booking.class_types c on c.id = o.class_type_id
  where b.business_id = s.business_id and b.member_id = refuse_overlap.person and b.guest_name is null and b.starts_at > s.starts_at - interval '1 day' and b.starts_at < s.ends_at
    and (b.state in ('confirmed', 'checked_in') or b.state = 'held' and b.held_until > now()) and o.ends_at > s.starts_at and o.starts_at < s.ends_at and o.id <> s.id limit 1;
  if clash.id is not null then perform platform.refuse(409, 'overlapping_booking', jsonb_build_object('session_id', s.id, 'with_session_id', clash.id, 'class', t.name, 'with_class', clash.name)); end if;
end $$;

create function booking.waitlist_facts(e booking.waitlist_entries) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (select jsonb_build_object('entry_id', e.id, 'session_id', s.id, 'class_name', t.name, 'starts_at', s.starts_at, 'ends_at', s.ends_at, 'instructor_name', i.name, 'room_name', r.name, 'calendar_sequence', s.calendar_sequence, 'person_name', w.name, 'price_cents', s.price_cents, 'currency', b.currency, 'credits', t.credits)
    from booking.sessions s join booking.class_types t on t.id = s.class_type_id join booking.instructors i on i.id = s.instructor_id join booking.rooms r on r.id = s.room_id join business.businesses b on b.id = s.business_id join members.members w on w.id = e.member_id where s.id = e.session_id);
end $$;

-- A seat comes free ---------------------------------------------------------------------------------------------------
create function booking.quiet_until(business_id uuid, at timestamptz) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare
  q booking.settings;
  zone text := (select b.time_zone from business.businesses b where b.id = quiet_until.business_id);
  here timestamp := quiet_until.at at time zone zone;
begin
  select * into q from booking.settings x where x.business_id = quiet_until.business_id;
  q.quiet_from := coalesce(q.quiet_from, '22:00');
  q.quiet_until := coalesce(q.quiet_until, '07:00');
  if q.quiet_from = q.quiet_until then return null; end if;
  if q.quiet_from < q.quiet_until then
    return case when here::time >= q.quiet_from and here::time < q.quiet_until then (here::date + q.quiet_until) at time zone zone end;
  end if;
  return case when here::time >= q.quiet_from then (here::date + 1 + q.quiet_until) at time zone zone when here::time < q.quiet_until then (here::date + q.quiet_until) at time zone zone end;
end $$;
comment on function booking.quiet_until is 'When the quiet hours end that an instant lies in, in the business''s own zone; null when it lies in none.';

create function booking.drop_offer(e booking.waitlist_entries, to_state text, why text) returns void
language plpgsql volatile set search_path = '' as $$
begin
  -- The caller holds the session's lock.
  update booking.bookings k set state = 'expired' where k.id = e.booking_id and k.state = 'held';
  if found then update booking.sessions s set seats_taken = s.seats_taken - 1, version = s.version + 1 where s.id = e.session_id; end if;
  update booking.waitlist_entries x set state = drop_offer.to_state, why = drop_offer.why where x.id = e.id;
end $$;

create function booking.seat_from_waitlist(e booking.waitlist_entries, pay_with text) returns sales.orders
language plpgsql volatile set search_path = '' as $$
declare
  me uuid := coalesce(e.booked_by, e.member_id);
  s booking.sessions;
  o sales.orders;
  pass uuid;
begin
  select * into s from booking.sessions x where x.id = e.session_id;
  if seat_from_waitlist.pay_with = 'pass' then
    pass := coalesce(e.pass_id, members.pass_for(me, e.member_id, false, s, (select t.credits from booking.class_types t where t.id = s.class_type_id)));
    if pass is null then perform platform.refuse(409, 'no_pass_pays', jsonb_build_object('session_id', s.id)); end if;
  end if;
  insert into sales.orders as x (business_id, member_id, state, channel, currency, reference, placed_at)
  select b.id, me, 'placed', 'web', b.currency, sales.new_reference(b.id), now() from business.businesses b where b.id = e.business_id returning * into o;
  insert into sales.order_lines (business_id, order_id, position, kind, session_id, person_id, pass_id, label, unit_price_cents)
  values (e.business_id, o.id, 1, 'seat', e.session_id, nullif(e.member_id, me), pass, '{}', s.price_cents);
  -- Before the order is settled, so that what a late canceller lost finds its way back (booking.refill).
  update booking.waitlist_entries x set order_id = o.id where x.id = e.id;
  return sales.place(o.id, me, null, case seat_from_waitlist.pay_with when 'wallet' then 'wallet' else 'card' end, 'waitlist');
end $$;
comment on function booking.seat_from_waitlist is 'The order with which somebody on the waitlist takes their seat: settled at once with a pass, the wallet or nothing to pay, else held to be paid.';

create function booking.leave_others(e booking.waitlist_entries) returns void
language plpgsql volatile set search_path = '' as $$
declare x booking.waitlist_entries;
begin
  for x in select * from booking.waitlist_entries y where y.group_id = e.group_id and y.id <> e.id and y.state in ('waiting', 'offered') order by y.session_id loop
    -- In a transaction of its own: that class's row is locked before anything of its line is.
    perform platform.add_job('leave_waitlist', jsonb_build_object('entry_id', x.id), 'leave:' || x.id);
  end loop;
end $$;

create function api.advance_waitlist(session_id uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  s booking.sessions;
  t booking.class_types;
  e booking.waitlist_entries;
  o sales.orders;
  quiet timestamptz;
  deadline timestamptz;
  problem text;
  method text;
begin
  select * into s from booking.sessions x where x.id = advance_waitlist.session_id for no key update;
  if s.id is null or s.state <> 'scheduled' then return 'nothing'; end if;
  select * into t from booking.class_types x where x.id = s.class_type_id;
  -- Offers nobody answered.
  for e in select * from booking.waitlist_entries x where x.session_id = s.id and x.state = 'offered' and x.offered_until <= now() order by x.joined_at, x.id loop
    perform booking.drop_offer(e, 'lapsed', 'not answered in time');
    perform messages.notify(s.business_id, e.member_id, 'waitlist_lapsed', e.id::text, booking.waitlist_facts(e) || jsonb_build_object('reason', 'deadline'));
  end loop;
  if s.starts_at <= now() then
    perform booking.close_waitlist(s.id, 'class_started');
    return 'nothing';
  end if;
  perform booking.free_expired_holds(s.id);
  select * into s from booking.sessions x where x.id = s.id;
  -- While it is not shown nobody new comes in, from the line neither; showing it again wakes the line.
  if s.hidden_at is not null or not t.published then return 'nothing'; end if;
  if s.seats_taken >= s.capacity or s.waiting = 0 then return 'nothing'; end if;
  quiet := booking.quiet_until(s.business_id, now());
  if quiet is not null then
    perform platform.add_job('advance_waitlist', jsonb_build_object('session_id', s.id), 'waitlist-morning:' || s.id, quiet);
    return 'quiet';
  end if;
  if booking.mode_of_line(s, t.waitlist_mode) in ('claim', 'off') or s.claims_until is null or s.claims_until <= now() then
    -- First come, first served: all are told, once for each seat that comes free.
    perform messages.notify(s.business_id, x.member_id, 'waitlist_open', x.id || ':' || s.version, booking.waitlist_facts(x)) from booking.waitlist_entries x where x.session_id = s.id and x.state = 'waiting';
    return 'told';
  end if;
  loop
    select * into e from booking.waitlist_entries x where x.session_id = s.id and x.state = 'waiting' order by x.joined_at, x.id limit 1;
    if e.id is null then return 'nothing'; end if;
    -- They are booking something else this very moment; whoever holds people locks them before any class.
    if not booking.try_hold_person(e.member_id) or e.group_id is not null and not booking.try_hold_person(e.group_id) then return 'busy'; end if;
    if exists (select from booking.waitlist_entries x where x.group_id = e.group_id and x.id <> e.id and x.state in ('promoted', 'accepted')) then
      update booking.waitlist_entries x set state = 'left', why = 'only_one' where x.id = e.id;
      perform messages.notify(s.business_id, e.member_id, 'waitlist_left', e.id::text, booking.waitlist_facts(e) || jsonb_build_object('reason', 'other_class'));
      continue;
    end if;
    begin
      perform booking.refuse_overlap(e.member_id, s, t);
      exit;
    exception when sqlstate 'PT409' then
      update booking.waitlist_entries x set state = 'left', why = 'overlapping_booking' where x.id = e.id;
      perform messages.notify(s.business_id, e.member_id, 'waitlist_left', e.id::text, booking.waitlist_facts(e) || jsonb_build_object('reason', 'overlap'));
    end;
  end loop;
  method := e.pay_with;
  -- Nobody pays more unasked than they knew of when they joined.
  if method = 'pass' and t.credits > e.agreed_credits or method <> 'pass' and s.price_cents > e.agreed_cents then problem := 'price_changed'; end if;
  -- Without being asked only where they could still give it up free of charge: nobody is fined for a class they did not choose again.
  if booking.mode_of_line(s, t.waitlist_mode) = 'automatic' and method <> 'card' and problem is null and now() < s.starts_at - make_interval(hours => t.free_cancel_hours) then
    begin
      o := booking.seat_from_waitlist(e, method);
      update booking.waitlist_entries x set state = 'promoted', why = '', booking_id = (select k.id from booking.bookings k join sales.order_lines l on l.id = k.order_line_id where l.order_id = o.id) where x.id = e.id returning * into e;
      perform messages.notify(s.business_id, e.member_id, 'waitlist_promoted', e.id::text, booking.waitlist_facts(e) || jsonb_build_object('booking_id', e.booking_id, 'order_id', o.id, 'free_cancel_until', s.starts_at - make_interval(hours => t.free_cancel_hours),
        'credits_used', (select nullif(k.credits, 0) from booking.bookings k where k.id = e.booking_id), 'amount_cents', nullif(o.total_cents, 0)));
      perform booking.leave_others(e);
      return 'promoted';
    exception when sqlstate 'PT409' or sqlstate 'PT404' then
      -- The credit or the money they joined with is gone: they are asked instead.
      get stacked diagnostics problem = message_text;
    end;
  end if;
  deadline := now() + make_interval(mins => t.waitlist_offer_minutes);
  quiet := booking.quiet_until(s.business_id, deadline);
  if quiet is not null then deadline := quiet + make_interval(mins => t.waitlist_offer_minutes); end if;
  deadline := least(deadline, s.claims_until);
  update booking.waitlist_entries x set state = 'offered', why = coalesce(problem, ''), offered_until = deadline,
    booking_id = booking.take_seat(s.business_id, s.id, e.member_id, null, deadline, false, 'waitlist', null, coalesce(e.booked_by, e.member_id)) where x.id = e.id;
  perform messages.notify(s.business_id, e.member_id, 'waitlist_offer', e.id::text, booking.waitlist_facts(e) || jsonb_build_object('offered_until', deadline, 'pay_with', case when problem is null or problem = 'price_changed' and method <> 'free' then method else 'card' end));
  perform platform.add_job('advance_waitlist', jsonb_build_object('session_id', s.id), 'offer:' || e.id, deadline);
  return 'offered';
end $$;
comment on function api.advance_waitlist is 'For the job, after a seat came free or an offer''s time ran out: the next in line gets it, one seat a call. Answers promoted or offered (call again), busy (call again in a moment), told, quiet, nothing.';
grant execute on function api.advance_waitlist to service_role;

create function api.answer_offer(business_id uuid, entry_id uuid, accept boolean, idempotency_key text, pay_with text default 'auto') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid := members.require_me(answer_offer.business_id);
  answer jsonb;
  e booking.waitlist_entries;
  s booking.sessions;
  t booking.class_types;
  o sales.orders;
  method text;
begin
  answer := platform.replay(me::text, answer_offer.idempotency_key, 'answer_offer', jsonb_build_object('entry_id', answer_offer.entry_id, 'accept', answer_offer.accept, 'pay_with', answer_offer.pay_with));
  if answer is not null then return answer; end if;
  if answer_offer.pay_with not in ('auto', 'pass', 'wallet', 'card') then perform platform.refuse(422, 'pay_with_invalid'); end if;
  select * into e from booking.waitlist_entries x where x.id = answer_offer.entry_id and x.business_id = answer_offer.business_id and coalesce(x.booked_by, x.member_id) = me;
  if e.id is null then perform platform.refuse(404, 'entry_not_found'); end if;
  perform booking.hold_people(array[e.member_id, coalesce(e.group_id, e.member_id)]);
  select * into s from booking.sessions x where x.id = e.session_id for no key update;
  select * into e from booking.waitlist_entries x where x.id = e.id;
  if s.state = 'cancelled' then perform platform.refuse(409, 'session_cancelled'); end if;
  if e.state in ('accepted', 'declined', 'promoted') then perform platform.refuse(409, 'offer_answered', jsonb_build_object('state', e.state, 'order_id', e.order_id)); end if;
  if e.state <> 'offered' or e.offered_until <= now() or not exists (select from booking.bookings k where k.id = e.booking_id and k.state = 'held') then perform platform.refuse(409, 'offer_over'); end if;
  if answer_offer.accept and exists (select from booking.waitlist_entries x where x.group_id = e.group_id and x.id <> e.id and x.state in ('promoted', 'accepted')) then perform platform.refuse(409, 'offer_over'); end if;
  if not answer_offer.accept then
    perform booking.drop_offer(e, 'declined', '');
    perform booking.seats_freed(s.id);
    return platform.remember(me::text, answer_offer.idempotency_key, jsonb_build_object('entry_id', e.id, 'state', 'declined'));
  end if;
  select * into t from booking.class_types x where x.id = s.class_type_id;
  -- What was agreed when joining, where it still pays; else a card.
  if e.pass_id is not null and exists (select from members.passes p where p.id = e.pass_id and members.pass_problem(p, e.member_id, false, s, t.credits) is not null) then
    update booking.waitlist_entries x set pass_id = null where x.id = e.id returning * into e;
  end if;
  method := case when s.price_cents = 0 then 'free' when answer_offer.pay_with <> 'auto' then answer_offer.pay_with
    when e.pay_with = 'pass' and coalesce(e.pass_id, members.pass_for(me, e.member_id, false, s, t.credits)) is null then 'card'
    when e.pay_with = 'wallet' and s.price_cents > coalesce((select -a.balance - a.reserved from ledger.accounts a join business.businesses b on b.id = a.business_id where a.business_id = s.business_id and a.unit = b.currency::text and a.kind = 'wallet' and a.owner = me::text), 0) then 'card'
    else e.pay_with end;
  -- The held seat becomes the order's own, under one lock: nobody comes between.
  perform booking.drop_offer(e, 'accepted', '');
  o := booking.seat_from_waitlist(e, method);
  update booking.waitlist_entries x set booking_id = (select k.id from booking.bookings k join sales.order_lines l on l.id = k.order_line_id where l.order_id = o.id) where x.id = e.id;
  perform booking.leave_others(e);
  return platform.remember(me::text, answer_offer.idempotency_key, jsonb_build_object('entry_id', e.id, 'state', 'accepted') || sales.summary(o));
end $$;
comment on function api.answer_offer is 'Takes or declines an offered seat. pay_with: auto (what was agreed when joining, a card where that no longer pays), pass, wallet, card; a card''s order waits to be paid like any other. Refuses 404 entry_not_found, 409 offer_over, offer_answered, session_cancelled and what members.spend refuses.';
grant execute on function api.answer_offer to authenticated;

create function booking.leave(entry_id uuid, why text) returns booking.waitlist_entries
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare e booking.waitlist_entries;
begin
  select * into e from booking.waitlist_entries x where x.id = leave.entry_id;
  perform 1 from booking.sessions s where s.id = e.session_id for no key update;
  select * into e from booking.waitlist_entries x where x.id = leave.entry_id;
  if e.state = 'offered' then
    perform booking.drop_offer(e, 'left', leave.why);
    perform booking.seats_freed(e.session_id);
  elsif e.state = 'waiting' then
    update booking.waitlist_entries x set state = 'left', why = leave.why where x.id = e.id;
  end if;
  return e;
end $$;
comment on function booking.leave is 'Takes somebody out of the line; answers the entry as it was.';

create function api.leave_waitlist(business_id uuid, entry_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare me uuid := members.require_me(leave_waitlist.business_id);
begin
  perform 1 from booking.waitlist_entries e where e.id = leave_waitlist.entry_id and e.business_id = leave_waitlist.business_id and coalesce(e.booked_by, e.member_id) = me;
  if not found then perform platform.refuse(404, 'entry_not_found'); end if;
  perform booking.leave(leave_waitlist.entry_id, '');
end $$;
comment on function api.leave_waitlist is 'Gives up a place in line (or an offer); once out, nothing more happens. Refuses 404 entry_not_found.';
grant execute on function api.leave_waitlist to authenticated;

create function api.leave_group(entry_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare e booking.waitlist_entries := booking.leave(leave_group.entry_id, 'only_one');
begin
  if e.state in ('waiting', 'offered') then
    perform messages.notify(e.business_id, e.member_id, 'waitlist_left', e.id::text, booking.waitlist_facts(e) || jsonb_build_object('reason', 'other_class'));
  end if;
end $$;
comment on function api.leave_group is 'For the job: another class of "only one of these" came true.';
grant execute on function api.leave_group to service_role;

create function booking.close_waitlist(session_id uuid, why text) returns void
language plpgsql volatile set search_path = '' as $$
declare e booking.waitlist_entries;
begin
  for e in select * from booking.waitlist_entries x where x.session_id = close_waitlist.session_id and x.state in ('waiting', 'offered') order by x.joined_at, x.id loop
    perform booking.drop_offer(e, 'left', close_waitlist.why);
    perform messages.notify(e.business_id, e.member_id, case close_waitlist.why when 'class_started' then 'waitlist_lapsed' else 'waitlist_left' end, e.id::text,
      booking.waitlist_facts(e) || jsonb_build_object('reason', case close_waitlist.why when 'class_started' then 'too_late' else close_waitlist.why end));
  end loop;
end $$;
comment on function booking.close_waitlist is 'The class was called off or has begun: nobody waits any more, and all are told. The caller holds the session''s lock.';

create function booking.move_lines(business_id uuid, plan booking.planned[], change_id uuid) returns int
language plpgsql volatile set search_path = '' as $$
declare
  p booking.planned;
  e booking.waitlist_entries;
  told int := 0;
begin
  foreach p in array plan loop
    continue when p.starts_at = p.old_starts_at;
    update booking.sessions s set claims_until = s.claims_until + (p.starts_at - p.old_starts_at) where s.id = p.session_id and s.claims_until is not null;
    for e in select * from booking.waitlist_entries x where x.session_id = p.session_id and x.state in ('waiting', 'offered') order by x.joined_at, x.id loop
      if e.offered_until > p.starts_at then
        -- Nobody has longer to answer than there is time.
        update booking.waitlist_entries x set offered_until = p.starts_at where x.id = e.id returning * into e;
        update booking.bookings k set held_until = p.starts_at where k.id = e.booking_id and k.state = 'held';
        update booking.sessions s set hold_ends_at = least(s.hold_ends_at, p.starts_at) where s.id = p.session_id;
        perform platform.add_job('advance_waitlist', jsonb_build_object('session_id', p.session_id), 'offer:' || e.id, p.starts_at);
      end if;
      perform messages.notify(move_lines.business_id, e.member_id, 'waitlist_moved', move_lines.change_id || ':' || e.id,
        booking.waitlist_facts(e) || jsonb_strip_nulls(jsonb_build_object('old_starts_at', p.old_starts_at, 'position', case e.state when 'waiting' then booking.waitlist_position(e) end, 'offered_until', e.offered_until)));
      told := told + 1;
    end loop;
  end loop;
  return told;
end $$;
comment on function booking.move_lines is 'Classes moved, and their lines with them: everybody keeps their place, the moment the line closes moves along, and who waits is told, once a change. The caller holds the sessions'' locks; they stand at their new times.';
insert into messages.kinds (kind, topic, essential) values ('waitlist_moved', 'waitlist', false);

create function api.sweep_waitlists(at_most int default 200) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare x record; done int := 0;
begin
  for x in select e.session_id from booking.waitlist_entries e where e.state = 'offered' and e.offered_until <= now()
      union select s.id from booking.sessions s where s.waiting > 0 and s.starts_at < now() limit sweep_waitlists.at_most loop
    perform platform.add_job('advance_waitlist', jsonb_build_object('session_id', x.session_id), 'waitlist:' || x.session_id);
    done := done + 1;
  end loop;
  return done;
end $$;
comment on function api.sweep_waitlists is 'For the chore: offers whose time ran out and lines of classes that have begun, should their own job have been lost.';
grant execute on function api.sweep_waitlists to service_role;
create index sessions_waiting_idx on booking.sessions (starts_at) where waiting > 0;

-- Refilled ------------------------------------------------------------------------------------------------------------
create function booking.refill(o sales.orders) returns void
language plpgsql volatile set search_path = '' as $$
declare
  e booking.waitlist_entries;
  f booking.forfeits;
begin
  for e in select * from booking.waitlist_entries x where x.business_id = o.business_id and x.order_id = o.id order by x.session_id, x.id loop
    -- Each seat the waitlist fills gives back one loss, the oldest first; in a transaction of its own (booking.return_forfeit locks that order).
    update booking.forfeits x set refilled_by = (select k.id from booking.bookings k join sales.order_lines l on l.business_id = k.business_id and l.id = k.order_line_id where l.business_id = o.business_id and l.order_id = o.id and k.session_id = e.session_id and k.state = 'confirmed' limit 1)
    where x.booking_id = (select y.booking_id from booking.forfeits y join booking.bookings k on k.id = y.booking_id
      where y.business_id = e.business_id and y.session_id = e.session_id and y.kind = 'late' and y.returned_at is null and y.refilled_by is null and k.refund_if_refilled order by y.created_at, y.booking_id limit 1 for no key update of y skip locked)
    returning * into f;
    if f.booking_id is not null then perform platform.add_job('return_forfeit', jsonb_build_object('booking_id', f.booking_id), 'return:' || f.booking_id); end if;
  end loop;
end $$;
comment on function booking.refill is 'An order that came from the waitlist is settled: one late canceller of that class gets back what they lost.';

create function api.return_forfeit(booking_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform booking.return_forfeit(return_forfeit.booking_id, 'refilled') from booking.forfeits f where f.booking_id = return_forfeit.booking_id and f.refilled_by is not null and f.returned_at is null;
end $$;
comment on function api.return_forfeit is 'For the job: the waitlist filled this place. May run twice.';
grant execute on function api.return_forfeit to service_role;

-- Reading -------------------------------------------------------------------------------------------------------------
create function api.my_waitlist(business_id uuid)
returns table (entry_id uuid, session_id uuid, state text, why text, "position" int, waiting int, offered_until timestamptz, pay_with text, class_slug text, class_name jsonb, style text, starts_at timestamptz, ends_at timestamptz, instructor_name text, room_name text, person_name text, price_cents bigint, currency text, group_id uuid, order_id uuid)
language plpgsql stable security definer set search_path = '' rows 5 as $$
#variable_conflict use_column
begin
  return query
  select e.id, s.id, e.state, e.why, case when e.state = 'waiting' then booking.waitlist_position(e) end, s.waiting, e.offered_until, e.pay_with, t.slug, t.name, t.style, s.starts_at, s.ends_at, i.name, r.name,
    case when w.user_id is distinct from auth.uid() then w.name end, s.price_cents, b.currency::text, e.group_id, e.order_id
  from booking.waitlist_entries e
  join booking.sessions s on s.id = e.session_id
  join booking.class_types t on t.id = s.class_type_id
  join booking.instructors i on i.id = s.instructor_id
  join booking.rooms r on r.id = s.room_id
  join members.members w on w.id = e.member_id
  join business.businesses b on b.id = e.business_id
  where e.business_id = my_waitlist.business_id and e.member_id in (select members.mine()) and (e.state in ('waiting', 'offered') or e.state in ('lapsed', 'left', 'declined') and s.starts_at > now() and e.why <> '')
  order by e.state <> 'offered', s.starts_at limit 50;
end $$;
comment on function api.my_waitlist is 'Where the asker (and whom they look after) stand in line: offers first.';
grant execute on function api.my_waitlist to authenticated;

create function api.session_waitlist(business_id uuid, session_id uuid)
returns table (entry_id uuid, member_id uuid, name text, state text, joined_at timestamptz, offered_until timestamptz, pay_with text, steps jsonb)
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
begin
  perform business.require_role(session_waitlist.business_id, 'front_desk');
  return query
  select e.id, e.member_id, m.name, e.state, e.joined_at, e.offered_until, e.pay_with,
    (select jsonb_agg(jsonb_build_object('from', p.from_state, 'to', p.to_state, 'at', p.at, 'why', p.why) order by p.id) from booking.waitlist_steps p where p.business_id = e.business_id and p.entry_id = e.id)
  from booking.waitlist_entries e join members.members m on m.id = e.member_id
  where e.business_id = session_waitlist.business_id and e.session_id = session_waitlist.session_id order by e.joined_at, e.id;
end $$;
comment on function api.session_waitlist is 'The whole line of a class with every step, for the front desk.';
grant execute on function api.session_waitlist to authenticated;

create function api.session_page(business_id uuid, session_id uuid)
returns table (session_id uuid, class_slug text, class_name jsonb, summary jsonb, description jsonb, bring jsonb, style text, level text, starts_at timestamptz, ends_at timestamptz, instructor_slug text, instructor_name text, instructor_picture text,
  room_name text, capacity int, seats_left int, price_cents bigint, currency text, state text, opens_at timestamptz, closes_at timestamptz, version bigint, free_cancel_hours int, late_refund_percent int, my_booking_id uuid, my_booking_state text,
  credits int, late_fee_cents bigint, no_show_fee_cents bigint, max_guests int, waiting int, waitlist_mode text, waitlist_until timestamptz, my_entry_id uuid, my_entry_state text, my_position int, my_offered_until timestamptz, ways jsonb, refund_if_refilled boolean, waitlist_offer_minutes int, fee_credits int)
language sql stable security definer set search_path = '' rows 1 as $$
  with asker as (select (select m.id from members.members m where m.business_id = session_page.business_id and m.user_id = (select auth.uid())) as me)
  select s.id, t.slug, t.name, t.summary, t.description, t.bring, t.style, t.level, s.starts_at, s.ends_at, i.slug, i.name, i.picture, r.name, s.capacity,
    greatest(0, s.capacity - s.seats_taken - case when s.claims_until > now() then s.waiting else 0 end + case when s.hold_ends_at <= now() then booking.holds_run_out(s.id) else 0 end),
    s.price_cents, b.currency::text, s.state, booking.opens_at(s.starts_at, t.opens_days_before, b.time_zone), s.starts_at - make_interval(mins => t.closes_minutes_before), s.version, t.free_cancel_hours, t.late_refund_percent, k.id, k.state,
    t.credits, t.late_fee_cents, t.no_show_fee_cents, t.max_guests, s.waiting, case when t.waitlist_mode = 'off' then 'off' else booking.mode_of_line(s, t.waitlist_mode) end, case when t.waitlist_mode <> 'off' then s.starts_at - make_interval(mins => t.waitlist_cutoff_minutes) end,
    e.id, e.state, case when e.state = 'waiting' then booking.waitlist_position(e) end, e.offered_until,
    -- What the asker could pay with, besides a card.
    case when asker.me is not null and s.price_cents > 0 then jsonb_build_object(
      'wallet_cents', coalesce((select -a.balance - a.reserved from ledger.accounts a where a.business_id = s.business_id and a.unit = b.currency::text and a.kind = 'wallet' and a.owner = asker.me::text), 0),
      'passes', coalesce((select jsonb_agg(jsonb_build_object('pass_id', q.id, 'name', x.name, 'credits_left', members.credits_left(q), 'expires_at', q.expires_at, 'shareable', q.shareable) order by q.credits is not null, q.expires_at nulls last)
        from members.passes q join members.plans x on x.id = q.plan_id where q.business_id = s.business_id and q.member_id = asker.me and q.state = 'active' and members.pass_problem(q, asker.me, false, s, t.credits) is null), '[]')) end,
    t.refund_if_refilled, t.waitlist_offer_minutes, t.fee_credits
  from asker cross join booking.sessions s
  join booking.class_types t on t.business_id = s.business_id and t.id = s.class_type_id
  join booking.instructors i on i.business_id = s.business_id and i.id = s.instructor_id
  join booking.rooms r on r.business_id = s.business_id and r.id = s.room_id
  join business.businesses b on b.id = s.business_id
  left join booking.bookings k on k.session_id = s.id and k.member_id = asker.me and k.guest_name is null
    -- The states of bookings_one_seat_each, word for word, or its index is not used.
    and k.state in ('held', 'confirmed', 'checked_in', 'no_show') and (k.state <> 'held' or k.held_until > now())
  left join booking.waitlist_entries e on e.session_id = s.id and e.member_id = asker.me and e.state in ('waiting', 'offered')
  where s.business_id = session_page.business_id and s.id = session_page.session_id and (t.published and s.hidden_at is null or k.id is not null or e.id is not null);
$$;
grant execute on function api.session_page to anon, authenticated, service_role;
comment on function api.session_page is 'One class at one time, with what the asker has of it: seat, place in line, and what they could pay with besides a card.';
