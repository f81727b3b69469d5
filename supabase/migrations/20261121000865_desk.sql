-- The front desk: who has come. Every tap is a row with an id of its own, chosen by the device that was tapped; what a booking is
-- follows from its rows alone, so devices that were away from each other agree whatever comes first.

alter table booking.settings add column auto_no_show boolean not null default false;
comment on column booking.settings.auto_no_show is 'Whoever is not checked in when a class is over is marked absent by itself (booking.mark_absent_after minutes later).';
alter table booking.sessions add column released_at timestamptz;
comment on column booking.sessions.released_at is 'When the places of those who were not checked in were given up (class_types.release_minutes_before); decided once a class.';
create index class_types_release_idx on booking.class_types (business_id, id) where release_minutes_before is not null;
create index settings_auto_no_show_idx on booking.settings (business_id) where auto_no_show;

create table booking.check_ins (
  id uuid primary key,
  business_id uuid not null,
  booking_id uuid not null,
  act text not null check (act in ('check_in', 'undo', 'no_show')),
  at timestamptz not null,
  received_at timestamptz not null default clock_timestamp(),
  by_user uuid references auth.users (id) on delete set null,
  device text not null default '' check (length(device) <= 40),
  foreign key (business_id, booking_id) references booking.bookings (business_id, id) on delete cascade
);
comment on table booking.check_ins is 'What was tapped on rosters; nothing is ever changed here. id: chosen by the device, so that what is sent twice is one. at: when it was tapped, by the device''s clock within bounds (booking.write_act). What a booking is follows from its rows (booking.standing).';
create index check_ins_booking_id_idx on booking.check_ins (business_id, booking_id, at, id);
create index check_ins_by_user_idx on booking.check_ins (by_user);
alter table booking.check_ins enable row level security;
grant select on booking.check_ins to authenticated;
create policy "The front desk sees the check-ins of its business" on booking.check_ins for select to authenticated using (business_id in (select business.where_i_am('front_desk')));

create table members.desk_codes (
  member_id uuid primary key,
  business_id uuid not null,
  code text not null check (code ~ '^[0-9A-HJKMNP-TV-Z]{6}$'),
  unique (business_id, code),
  foreign key (business_id, member_id) references members.members (business_id, id) on delete cascade
);
comment on table members.desk_codes is 'Six characters by which the front desk finds a member: made when they first look at it, and theirs for good. It opens nothing; it only finds them.';
create index desk_codes_member_id_idx on members.desk_codes (business_id, member_id);
alter table members.desk_codes enable row level security;
grant select on members.desk_codes to authenticated;
create policy "Members see their own code, the front desk those of its business" on members.desk_codes for select to authenticated
  using (member_id in (select members.mine()) or business_id in (select business.where_i_am('front_desk')));

create function api.my_desk_code(business_id uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid := members.require_me(my_desk_code.business_id);
  mine text;
  bytes bytea;
begin
  loop
    select c.code into mine from members.desk_codes c where c.member_id = me;
    exit when mine is not null;
    bytes := extensions.gen_random_bytes(6);
    insert into members.desk_codes (member_id, business_id, code)
    select me, my_desk_code.business_id, string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + (get_byte(bytes, n) & 31), 1), '') from generate_series(0, 5) n
    on conflict do nothing;
  end loop;
  return mine;
end $$;
comment on function api.my_desk_code is 'The asker''s code at the front desk: six characters without any that are mistaken for another.';
grant execute on function api.my_desk_code to authenticated;

-- Who may -------------------------------------------------------------------------------------------------------------
create function booking.where_i_check_in(business_id uuid) returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  return query
  select s.id from booking.instructors i join booking.sessions s on s.business_id = i.business_id and s.instructor_id = i.id
  where i.business_id = where_i_check_in.business_id and i.user_id = (select auth.uid()) and s.starts_at > now() - interval '8 days' and i.business_id in (select business.where_i_am('instructor'));
end $$;
comment on function booking.where_i_check_in is 'Classes the asker teaches, from a week ago on: their rosters are theirs.';
grant execute on function booking.where_i_check_in to authenticated;

create function booking.runs(s booking.sessions) returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
  return s.business_id in (select business.where_i_am('front_desk'))
    or exists (select from booking.instructors i where i.business_id = s.business_id and i.id = s.instructor_id and i.user_id = (select auth.uid()) and s.business_id in (select business.where_i_am('instructor')));
end $$;
comment on function booking.runs is 'Whether the asker keeps the roster of this class: the front desk, or who teaches it.';

-- What was tapped -----------------------------------------------------------------------------------------------------
create function booking.standing(booking_id uuid) returns text
language plpgsql stable set search_path = '' as $$
declare
  seen text;
  gone text;
begin
  select c.act into seen from booking.check_ins c join booking.bookings b on b.business_id = c.business_id and b.id = c.booking_id where b.id = standing.booking_id and c.act <> 'no_show' order by c.at desc, c.id desc limit 1;
  -- Who was seen was there: an absence is what is left when nobody saw them.
  if seen = 'check_in' then return 'checked_in'; end if;
  select c.act into gone from booking.check_ins c join booking.bookings b on b.business_id = c.business_id and b.id = c.booking_id where b.id = standing.booking_id and c.act <> 'check_in' order by c.at desc, c.id desc limit 1;
  return case when gone = 'no_show' then 'no_show' else 'confirmed' end;
end $$;
comment on function booking.standing is 'What a booking is by its check-ins, in whatever order they came: checked_in while the last check-in (by at, id) was not undone, whatever absence was noted; else no_show unless that was undone later; else confirmed. src/desk/standing.ts says the same.';

create function booking.write_act(k booking.bookings, act_id uuid, act text, at timestamptz, device text default '') returns text
language plpgsql volatile set search_path = '' as $$
declare
  zone text := (select b.time_zone from business.businesses b where b.id = k.business_id);
  ends timestamptz := (select s.ends_at from booking.sessions s where s.id = k.session_id);
  day date := (k.starts_at at time zone zone)::date;
  -- The class's own day; a class around midnight has its hours before and after.
  opens timestamptz := least(day::timestamp at time zone zone, k.starts_at - interval '3 hours');
  closes timestamptz := greatest((day + 1)::timestamp at time zone zone, ends + interval '2 hours');
  stands text;
begin
  if exists (select from booking.check_ins c where c.id = write_act.act_id) then
    if not exists (select from booking.check_ins c where c.id = write_act.act_id and c.booking_id = k.id and c.act = write_act.act) then perform platform.refuse(422, 'check_in_reused'); end if;
    return 'known';
  end if;
  if now() < opens then perform platform.refuse(409, 'check_in_too_early'); end if;
  if write_act.at >= closes or now() > closes + interval '7 days' then perform platform.refuse(409, 'check_in_too_late'); end if;
  if write_act.act = 'no_show' and now() < k.starts_at then perform platform.refuse(409, 'absent_too_early'); end if;
  select * into k from booking.bookings x where x.id = k.id for no key update;
  if k.state not in ('confirmed', 'checked_in', 'no_show') then perform platform.refuse(409, 'not_on_roster', jsonb_build_object('state', k.state)); end if;
  insert into booking.check_ins (id, business_id, booking_id, act, at, by_user, device) values (write_act.act_id, k.business_id, k.id, write_act.act, greatest(write_act.at, opens), auth.uid(), left(coalesce(write_act.device, ''), 40));
  stands := booking.standing(k.id);
  if stands <> k.state then
    perform set_config('atrium.why', case stands when 'checked_in' then 'came' when 'no_show' then 'did not come' else 'taken back' end, true);
    update booking.bookings x set state = stands where x.id = k.id;
    -- What an absence costs is settled a while later, so that a slip costs nobody anything; and what it cost is undone when they came after all.
    if 'no_show' in (stands, k.state) then
      perform platform.add_job('settle_absence', jsonb_build_object('booking_id', k.id), 'absence:' || k.id, case when stands = 'no_show' then greatest(now(), ends) + interval '10 minutes' end);
    end if;
  end if;
  return 'applied';
end $$;
comment on function booking.write_act is 'One tap: applied, or known when its id was there. Refuses 409 not_on_roster, check_in_too_early, check_in_too_late (by when it was tapped), absent_too_early, 422 check_in_reused. Locks the booking alone.';

create function api.sync_check_ins(business_id uuid, actions jsonb, device text default '') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := business.require_role(sync_check_ins.business_id, 'instructor');
  a record;
  k booking.bookings;
  outcomes jsonb := '[]';
  outcome text;
  detail text;
  -- A clock that runs ahead: the whole batch is moved back, so that its order stays.
  ahead interval;
begin
  if actor is null or jsonb_typeof(sync_check_ins.actions) is distinct from 'array' or jsonb_array_length(sync_check_ins.actions) not between 1 and 200 then perform platform.refuse(422, 'check_ins_invalid'); end if;
  if exists (select from jsonb_to_recordset(sync_check_ins.actions) x (id uuid, booking_id uuid, action text, at timestamptz) where x.id is null or x.booking_id is null or x.action is null or x.action not in ('check_in', 'undo', 'no_show')) then
    perform platform.refuse(422, 'check_ins_invalid');
  end if;
  select greatest(max(x.at) - now(), interval '0') into ahead from jsonb_to_recordset(sync_check_ins.actions) x (at timestamptz);
  -- Bookings in the order of their ids, so that two devices never wait for each other; of each booking in the order of tapping.
  for a in select x.id, x.booking_id, x.action, coalesce(x.at - ahead, now()) as at from jsonb_to_recordset(sync_check_ins.actions) x (id uuid, booking_id uuid, action text, at timestamptz) order by x.booking_id, x.at, x.id loop
    detail := null;
    select b.* into k from booking.bookings b where b.id = a.booking_id and b.business_id = sync_check_ins.business_id and booking.runs((select s from booking.sessions s where s.id = b.session_id));
    if k.id is null then
      outcome := 'booking_not_found';
    else
      begin
        outcome := booking.write_act(k, a.id, a.action, a.at, sync_check_ins.device);
      exception when sqlstate 'PT409' or sqlstate 'PT422' then
        get stacked diagnostics outcome = message_text;
      end;
      select x.state into detail from booking.bookings x where x.id = k.id;
    end if;
    outcomes := outcomes || jsonb_build_object('id', a.id, 'booking_id', a.booking_id, 'outcome', outcome, 'state', detail);
  end loop;
  return outcomes;
end $$;
comment on function api.sync_check_ins is 'Up to 200 taps [{id, booking_id, action: check_in | undo | no_show, at}] of a device (at: null is now), each answered {id, booking_id, outcome, state}: applied, known (this id was there), booking_not_found (nor theirs), or what booking.write_act refuses. For the front desk and for who teaches the class. May be sent again. Refuses 403 not_your_role, 422 check_ins_invalid.';
grant execute on function api.sync_check_ins to authenticated;

create function api.mark_absent(business_id uuid, session_id uuid) returns int
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  s booking.sessions;
  k booking.bookings;
  done int := 0;
begin
  perform business.require_role(mark_absent.business_id, 'instructor');
  select * into s from booking.sessions x where x.id = mark_absent.session_id and x.business_id = mark_absent.business_id and booking.runs(x);
  if s.id is null then perform platform.refuse(404, 'session_not_found'); end if;
  if s.starts_at > now() then perform platform.refuse(409, 'absent_too_early'); end if;
  for k in select * from booking.bookings b where b.business_id = s.business_id and b.session_id = s.id and b.state = 'confirmed' order by b.id loop
    perform booking.write_act(k, gen_random_uuid(), 'no_show', now());
    done := done + 1;
  end loop;
  return done;
end $$;
comment on function api.mark_absent is 'Everybody who is not checked in did not come; answers how many. Asked again it finds nobody left. Refuses 404 session_not_found, 409 absent_too_early, check_in_too_late.';
grant execute on function api.mark_absent to authenticated;

create function booking.mark_absent_after() returns interval
language plpgsql immutable set search_path = '' as $$
begin
  return interval '30 minutes';
end $$;

create function api.mark_absent_by_itself() returns int
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  k booking.bookings;
  done int := 0;
begin
  for k in select b.* from booking.settings x join booking.sessions s on s.business_id = x.business_id and s.starts_at > now() - interval '1 day' and s.starts_at < now() and s.state = 'scheduled' and s.ends_at < now() - booking.mark_absent_after()
      join booking.bookings b on b.business_id = s.business_id and b.session_id = s.id and b.state = 'confirmed' where x.auto_no_show order by b.id limit 500 loop
    begin
      perform booking.write_act(k, gen_random_uuid(), 'no_show', now());
      done := done + 1;
    exception when sqlstate 'PT409' then
      -- Cancelled, or its day is over: there is nothing left to say about it.
      null;
    end;
  end loop;
  return done;
end $$;
comment on function api.mark_absent_by_itself is 'For the chore, where a business wants it (booking.settings.auto_no_show): whoever was not checked in half an hour after a class did not come.';
grant execute on function api.mark_absent_by_itself to service_role;

-- What an absence costs -----------------------------------------------------------------------------------------------
alter table booking.forfeits drop constraint forfeits_returned_why_check, add constraint forfeits_returned_why_check check (returned_why in ('refilled', 'waived', 'came'));
comment on column booking.forfeits.returned_why is 'came: marked absent by mistake. The fee is off; what the place cost was never theirs to get back.';

create function api.settle_absence(booking_id uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
  k booking.bookings;
  f booking.forfeits;
  l sales.order_lines;
  o sales.orders;
  paid payments.payments;
  fee_credits int := 0;
begin
  select * into k from booking.bookings x where x.id = settle_absence.booking_id;
  if k.id is null then return 'nothing'; end if;
  perform booking.lock_for_refund(k);
  select * into k from booking.bookings x where x.id = k.id;
  select * into f from booking.forfeits x where x.booking_id = k.id for no key update;
  if k.state = 'no_show' then
    if f.booking_id is not null and f.returned_why is distinct from 'came' then return 'nothing'; end if;
    delete from booking.forfeits x where x.booking_id = k.id;
    select x.* into l from sales.order_lines x where x.id = k.order_line_id;
    perform booking.forfeit(k, 'no_show', coalesce(l.total_cents - l.refunded_cents, 0), k.credits, k.no_show_fee_cents);
    return 'kept';
  end if;
  if f.booking_id is null or f.kind <> 'no_show' or f.returned_at is not null then return 'nothing'; end if;
  update booking.forfeits x set returned_at = now(), returned_why = 'came' where x.booking_id = k.id;
  if f.fee_order_id is null then return 'came'; end if;
  -- The fee's own order last, as in booking.return_forfeit: whoever pays it waits for nothing of the booking.
  select * into o from sales.orders x where x.id = f.fee_order_id for no key update;
  if o.state = 'placed' then
    update sales.orders x set state = 'cancelled' where x.id = o.id;
    perform payments.close_checkouts(o.id);
  elsif o.state in ('paid', 'closed') then
    select * into paid from payments.payments x where x.order_id = o.id and x.captured_cents > 0 and x.refund_requested_cents = 0 order by x.attempt limit 1 for no key update;
    if paid.id is not null then
      perform payments.request_refund(paid, o.total_cents, 'staff', array(select x.id from sales.order_lines x where x.order_id = o.id), array[o.total_cents]);
    end if;
    fee_credits := members.return_fee_credits(o);
  end if;
  perform messages.notify(k.business_id, booking.buyer_of(k), 'fee_waived', k.id::text, booking.facts_of(k) || jsonb_build_object('amount_cents', case when paid.id is not null then o.total_cents end, 'credits_back', nullif(fee_credits, 0), 'order_id', o.id));
  perform payments.tell_order(o.id);
  return 'came';
end $$;
comment on function api.settle_absence is 'For the job, a while after an absence was noted or taken back: keeps and charges what the booking''s policy says, or takes the fee back. Answers kept, came or nothing; may run twice.';
grant execute on function api.settle_absence to service_role;

-- Places of people who have not come ----------------------------------------------------------------------------------
create function api.release_due() returns int
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  s booking.sessions;
  b record;
  done int := 0;
begin
  for s in select x.* from booking.class_types t join booking.sessions x on x.business_id = t.business_id and x.class_type_id = t.id
      where t.release_minutes_before is not null and x.starts_at > now() and x.starts_at <= now() + make_interval(mins => t.release_minutes_before) and x.state = 'scheduled' and x.released_at is null
      order by x.id for no key update of x skip locked loop
    update booking.sessions x set released_at = now() where x.id = s.id;
    -- Where there is room for whoever stands at the door, a latecomer keeps their place.
    continue when s.seats_taken < s.capacity;
    for b in select k.id from booking.bookings k where k.business_id = s.business_id and k.session_id = s.id and k.state = 'confirmed' order by k.id loop
      perform platform.add_job('release_unchecked', jsonb_build_object('booking_id', b.id), 'release:' || b.id);
      done := done + 1;
    end loop;
  end loop;
  return done;
end $$;
comment on function api.release_due is 'For the chore, so many minutes before the start as a class type says, once a class: when it is full, the places of all who are not checked in are given up, each in a transaction of its own.';
grant execute on function api.release_due to service_role;

create function api.release_unchecked(booking_id uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare k booking.bookings;
begin
  select * into k from booking.bookings x where x.id = release_unchecked.booking_id and x.state = 'confirmed';
  if k.id is null then return 'nothing'; end if;
  perform booking.cancel(k, true, 'not checked in in time');
  return 'released';
exception when sqlstate 'PT409' then
  -- They came, cancelled, or the class began meanwhile.
  return 'nothing';
end $$;
comment on function api.release_unchecked is 'For the job: gives up one place by the booking''s own policy, as if it had been cancelled now; they are told why. It comes back with the waitlist like any late cancellation. May run twice.';
grant execute on function api.release_unchecked to service_role;

-- Reading -------------------------------------------------------------------------------------------------------------
create function api.desk_day(business_id uuid, day date)
returns table (session_id uuid, starts_at timestamptz, ends_at timestamptz, class_name jsonb, style text, room_name text, instructor_name text, mine boolean, capacity int, seats_taken int, checked_in int, absent int, waiting int, state text)
language plpgsql stable security definer set search_path = '' rows 20 as $$
#variable_conflict use_column
declare
  zone text := (select b.time_zone from business.businesses b where b.id = desk_day.business_id);
  all_of_them boolean := desk_day.business_id in (select business.where_i_am('front_desk'));
begin
  perform business.require_role(desk_day.business_id, 'instructor');
  return query
  select s.id, s.starts_at, s.ends_at, t.name, t.style, r.name, i.name, i.user_id is not distinct from auth.uid(), s.capacity, s.seats_taken - case when s.hold_ends_at <= now() then booking.holds_run_out(s.id) else 0 end, n.checked_in, n.absent, s.waiting, s.state
  from booking.sessions s
  join booking.class_types t on t.business_id = s.business_id and t.id = s.class_type_id
  join booking.rooms r on r.business_id = s.business_id and r.id = s.room_id
  join booking.instructors i on i.business_id = s.business_id and i.id = s.instructor_id
  cross join lateral (select count(*) filter (where k.state = 'checked_in')::int as checked_in, count(*) filter (where k.state = 'no_show')::int as absent from booking.bookings k where k.business_id = s.business_id and k.session_id = s.id) n
  where s.business_id = desk_day.business_id and s.starts_at >= desk_day.day::timestamp at time zone zone and s.starts_at < (desk_day.day + 1)::timestamp at time zone zone
    and (all_of_them or i.user_id = auth.uid())
  order by s.starts_at, r.name limit 200;
end $$;
comment on function api.desk_day is 'The classes of one day in the business''s zone with how many have come: all of them for the front desk, their own for who teaches. Refuses 403 not_your_role.';
grant execute on function api.desk_day to authenticated;

create function booking.paid_how(k booking.bookings) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  if k.state = 'held' then return jsonb_build_object('how', 'unpaid'); end if;
  if k.pass_id is not null then return (select jsonb_build_object('how', case when p.membership_id is null then 'pass' else 'membership' end, 'name', n.name) from members.passes p join members.plans n on n.id = p.plan_id where p.id = k.pass_id); end if;
  return coalesce((select jsonb_build_object('how', case p.provider when 'stripe' then 'card' else p.provider end, 'cents', l.total_cents) from sales.order_lines l join payments.payments p on p.business_id = l.business_id and p.order_id = l.order_id and p.captured_cents > 0 where l.id = k.order_line_id and l.total_cents > 0 order by p.attempt limit 1), '{"how": "free"}');
end $$;
comment on function booking.paid_how is '{how: unpaid | pass | membership | card | wallet | cash | terminal | free, name?, cents?}.';

create function api.roster(business_id uuid, session_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  s booking.sessions;
  zone text;
  day date;
  desk boolean := roster.business_id in (select business.where_i_am('front_desk'));
begin
  perform business.require_role(roster.business_id, 'instructor');
  select * into s from booking.sessions x where x.id = roster.session_id and x.business_id = roster.business_id and booking.runs(x);
  if s.id is null then perform platform.refuse(404, 'session_not_found'); end if;
  select b.time_zone into zone from business.businesses b where b.id = s.business_id;
  day := (s.starts_at at time zone zone)::date;
  return (select jsonb_build_object('session_id', s.id, 'starts_at', s.starts_at, 'ends_at', s.ends_at, 'class_name', t.name, 'style', t.style, 'room_name', r.name, 'instructor_name', i.name, 'state', s.state,
      'capacity', s.capacity, 'seats_left', greatest(0, s.capacity - s.seats_taken + booking.holds_run_out(s.id)), 'price_cents', sales.due(s.price_cents, t.tax_rate_bp, b.prices_include_tax), 'credits', t.credits, 'currency', b.currency,
      'released_at', s.released_at, 'release_minutes_before', t.release_minutes_before, 'sells_until', s.starts_at + make_interval(mins => coalesce((select x.late_entry_minutes from booking.settings x where x.business_id = s.business_id), 0)),
      'is_desk', desk)
    from booking.class_types t, booking.rooms r, booking.instructors i, business.businesses b where t.id = s.class_type_id and r.id = s.room_id and i.id = s.instructor_id and b.id = s.business_id)
  || jsonb_build_object(
    'people', coalesce((select jsonb_agg(jsonb_build_object('booking_id', k.id, 'member_id', k.member_id, 'name', m.name, 'guest_name', k.guest_name, 'booked_by', g.name, 'state', k.state, 'paid', booking.paid_how(k),
        'spot', (select x ->> 'label' from booking.rooms r, jsonb_array_elements(r.spot_map -> 'spots') x where k.spot is not null and r.business_id = s.business_id and r.id = s.room_id and x ->> 'id' = k.spot),
        -- For the scanner, with or without a connection. A guest has none.
        'code', case when k.guest_name is null and desk then (select c.code from members.desk_codes c where c.business_id = k.business_id and c.member_id = k.member_id) end,
        'acted_at', (select max(c.at) from booking.check_ins c where c.business_id = k.business_id and c.booking_id = k.id),
        -- A guest is not the member: nothing of what we know of one is said of the other.
        'flags', case when k.guest_name is null then members.flags(k.member_id, day) end,
        -- Money is the desk's.
        'fees', case when k.guest_name is null and desk then sales.owed(m) end,
        -- Told to the front desk and the teachers of their classes, so not kept in sight for longer than that.
        'health_note', case when k.guest_name is null and s.ends_at > now() - interval '1 day' then (select h.note from members.health_notes h where h.member_id = k.member_id) end,
        'kept', (select jsonb_build_object('cents', f.kept_cents, 'credits', f.kept_credits, 'fee_cents', coalesce((select o.total_cents from sales.orders o where o.id = f.fee_order_id), 0)) from booking.forfeits f where f.booking_id = k.id and f.returned_at is null))
        order by lower(coalesce(k.guest_name, m.name)), k.id)
      from booking.bookings k join members.members m on m.business_id = k.business_id and m.id = k.member_id left join members.members g on g.business_id = k.business_id and g.id = k.booked_by
      where k.business_id = s.business_id and k.session_id = s.id and (k.state in ('confirmed', 'checked_in', 'no_show', 'late_cancelled') or k.state = 'held' and k.held_until > now())), '[]'),
    'line', coalesce((select jsonb_agg(jsonb_build_object('entry_id', e.id, 'member_id', e.member_id, 'name', m.name, 'state', e.state, 'pay_with', e.pay_with, 'offered_until', e.offered_until) order by e.state <> 'offered', e.joined_at, e.id)
      from booking.waitlist_entries e join members.members m on m.business_id = e.business_id and m.id = e.member_id where e.session_id = s.id and e.state in ('waiting', 'offered')), '[]'));
end $$;
comment on function api.roster is 'A class and everybody in it: {session, people: [{booking_id, name, guest_name, state, paid, spot (its label), code, flags, fees (sales.owed; null for who only teaches it), health_note, acted_at, kept}], line: [who waits]}. price_cents: what is paid, tax and all. For the front desk and for who teaches it; anybody else''s class is 404 session_not_found.';
grant execute on function api.roster to authenticated;

-- At the door ---------------------------------------------------------------------------------------------------------
create function api.desk_find(business_id uuid, session_id uuid, words text)
returns table (member_id uuid, name text, email text, on_roster boolean, waits boolean, wallet_cents bigint, passes jsonb, packs_not uuid[], fees jsonb)
language plpgsql stable security definer set search_path = '' rows 8 as $$
#variable_conflict use_column
declare
  s booking.sessions;
  -- As members.searchable writes it; what is typed is not a pattern.
  asked text := replace(replace(replace(trim(members.searchable(desk_find.words, '', '')), '\', ''), '%', ''), '_', '\_');
  typed text := upper(regexp_replace(desk_find.words, '[\s-]', '', 'g'));
begin
  perform business.require_role(desk_find.business_id, 'front_desk');
  select * into s from booking.sessions x where x.id = desk_find.session_id and x.business_id = desk_find.business_id;
  if s.id is null then perform platform.refuse(404, 'session_not_found'); end if;
  if length(asked) < 2 then return; end if;
  return query
  with found as (
    select m.* from members.desk_codes c join members.members m on m.id = c.member_id where c.business_id = desk_find.business_id and c.code = typed
    union all
    (select m.* from members.members m where m.business_id = desk_find.business_id and m.archived_at is null
      and m.search like all (select '%' || w || '%' from unnest(string_to_array(asked, ' ')) w where w <> '') order by m.search, m.id limit 8))
  select distinct on (f.search, f.id) f.id, f.name, f.email::text,
    exists (select from booking.bookings k where k.session_id = s.id and k.member_id = f.id and k.guest_name is null and (k.state in ('confirmed', 'checked_in', 'no_show') or k.state = 'held' and k.held_until > now() and k.order_line_id is not null)),
    exists (select from booking.waitlist_entries e where e.session_id = s.id and e.member_id = f.id and e.state in ('waiting', 'offered')),
    coalesce((select -a.balance - a.reserved from ledger.accounts a join business.businesses b on b.id = a.business_id where a.business_id = s.business_id and a.unit = b.currency::text and a.kind = 'wallet' and a.owner = f.id::text), 0),
    coalesce((select jsonb_agg(jsonb_build_object('pass_id', q.id, 'name', n.name, 'credits_left', members.credits_left(q)) order by q.credits is not null, q.expires_at nulls last)
      from members.passes q join members.plans n on n.id = q.plan_id, booking.class_types t
      where t.id = s.class_type_id and q.business_id = s.business_id and q.member_id in (f.id, f.guardian_id) and q.state = 'active' and members.pass_problem(q, f.id, false, s, t.credits) is null), '[]'),
    -- A pack that only its buyer may use pays for nobody they look after.
    coalesce((select array_agg(n.id) from members.plans n where n.business_id = s.business_id and n.kind = 'pack' and n.published and (not n.shareable or n.once_each or n.first_timers_only)
      and (not n.shareable and f.guardian_id is not null or members.plan_problem(n, coalesce(f.guardian_id, f.id)) is not null)), '{}'),
    sales.owed((select m from members.members m where m.id = f.id))
  from found f order by f.search, f.id limit 8;
end $$;
comment on function api.desk_find is 'Up to eight members by name, address, number or code, each with what could pay for a seat of this class, the packs that are not for them (packs_not), and what they owe (fees: sales.owed). For the front desk.';
grant execute on function api.desk_find to authenticated;

create function sales.due(price_cents bigint, tax_rate_bp int, inclusive boolean) returns bigint
language plpgsql immutable set search_path = '' as $$
begin
  return due.price_cents + case when due.inclusive then 0 else sales.tax_in(due.price_cents, due.tax_rate_bp, false) end;
end $$;
comment on function sales.due is 'What one of it costs, tax and all.';

create function api.desk_packs(business_id uuid, session_id uuid)
returns table (pack_id uuid, name jsonb, credits int, total_cents bigint, shareable boolean)
language plpgsql stable security definer set search_path = '' rows 6 as $$
#variable_conflict use_column
begin
  perform business.require_role(desk_packs.business_id, 'front_desk');
  return query
  select n.id, n.name, n.credits, sales.due(n.price_cents, n.tax_rate_bp, b.prices_include_tax), n.shareable
  from booking.sessions s join booking.class_types t on t.business_id = s.business_id and t.id = s.class_type_id join business.businesses b on b.id = s.business_id
  join members.plans n on n.business_id = s.business_id and n.kind = 'pack' and n.published and n.credits >= t.credits
    and (not exists (select from members.plan_classes c where c.plan_id = n.id) or exists (select from members.plan_classes c where c.plan_id = n.id and c.class_type_id = t.id))
  where s.business_id = desk_packs.business_id and s.id = desk_packs.session_id and s.price_cents > 0
  order by n.position, n.price_cents, n.id limit 12;
end $$;
comment on function api.desk_packs is 'Packs that open this class, in the order of the price list; total_cents tax and all. None for a class that costs nothing. For the front desk.';
grant execute on function api.desk_packs to authenticated;

create function sales.sell_pack(s booking.sessions, buyer uuid, pack_id uuid, pay_with text) returns jsonb
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare
  n members.plans;
  o sales.orders;
  pass uuid;
  currency text := (select b.currency::text from business.businesses b where b.id = s.business_id);
  rows bigint[];
begin
  select * into n from members.plans x where x.business_id = s.business_id and x.id = sell_pack.pack_id and x.kind = 'pack' and x.published;
  if n.id is null then perform platform.refuse(404, 'plan_not_found'); end if;
  if s.price_cents = 0 then perform platform.refuse(409, 'class_costs_nothing', jsonb_build_object('session_id', s.id)); end if;
  insert into sales.orders as x (business_id, member_id, state, channel, currency, reference, placed_at)
  select b.id, sell_pack.buyer, 'placed', 'desk', b.currency, sales.new_reference(b.id), now() from business.businesses b where b.id = s.business_id returning * into o;
  insert into sales.order_lines (business_id, order_id, position, kind, plan_id, label, unit_price_cents, tax_rate_bp) values (s.business_id, o.id, 1, 'pass', n.id, n.name, n.price_cents, n.tax_rate_bp);
  -- The pack earns points, and points come before money.
  perform loyalty.hold(o);
  -- All that the pack and then the seat move in the ledger besides what is new with the pack, locked in one go (as in
  -- sales.book_sale): another desk's sale locks some of the same rows at once, and neither may wait for the other.
  rows := array[case sell_pack.pay_with when 'wallet' then ledger.account(s.business_id, currency, 'wallet', sell_pack.buyer::text) when 'cash' then ledger.account(s.business_id, currency, 'drawer', 'desk') else ledger.account(s.business_id, currency, 'clearing', sell_pack.pay_with) end,
    case when n.tax_rate_bp > 0 then ledger.account(s.business_id, currency, 'tax', n.tax_rate_bp::text) end, ledger.account(s.business_id, currency, 'revenue', 'classes'), ledger.account(s.business_id, 'credits', 'credits_issued', n.id::text)];
  perform 1 from ledger.accounts a where a.id = any (rows) order by a.may_go_negative, a.id for no key update;
  o := sales.place(o.id, sell_pack.buyer, null, sell_pack.pay_with, 'desk');
  select p.id into strict pass from members.passes p join sales.order_lines l on l.business_id = p.business_id and l.id = p.order_line_id where l.business_id = o.business_id and l.order_id = o.id;
  return jsonb_build_object('pack_order_id', o.id, 'pack_reference', o.reference, 'pack_cents', o.total_cents, 'pass_id', pass, 'pack_name', n.name);
end $$;
comment on function sales.sell_pack is 'A pack for somebody at the desk, in an order of its own with its own receipt; the caller holds the session''s lock. Refuses 404 plan_not_found, 409 class_costs_nothing, plan_once_each, plan_first_timers_only, wallet_too_low.';

create function api.sell_at_desk(business_id uuid, session_id uuid, idempotency_key text, pay_with text, member_id uuid default null, full_name text default null, email text default null, pass_id uuid default null, locale text default 'en', pack_id uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := business.require_role(sell_at_desk.business_id, 'front_desk');
  answer jsonb;
  person members.members;
  buyer uuid;
  s booking.sessions;
  e booking.waitlist_entries;
  k booking.bookings;
  o sales.orders;
  pack jsonb := '{}';
  paying uuid := sell_at_desk.pass_id;
begin
  answer := platform.replay(actor::text, sell_at_desk.idempotency_key, 'sell_at_desk', jsonb_build_object('session_id', sell_at_desk.session_id, 'pay_with', sell_at_desk.pay_with, 'member_id', sell_at_desk.member_id, 'full_name', sell_at_desk.full_name, 'email', sell_at_desk.email, 'pass_id', sell_at_desk.pass_id, 'pack_id', sell_at_desk.pack_id));
  if answer is not null then return answer; end if;
  if sell_at_desk.pay_with = 'pass' and sell_at_desk.pack_id is not null or sell_at_desk.pay_with is null or sell_at_desk.pay_with not in ('pass', 'cash', 'terminal', 'wallet') or (sell_at_desk.pay_with = 'pass') < (sell_at_desk.pass_id is not null) then perform platform.refuse(422, 'pay_with_invalid'); end if;
  -- People before sessions, as everywhere (booking.hold_people).
  if sell_at_desk.member_id is not null then perform booking.hold_people(array[sell_at_desk.member_id]); end if;
  select * into s from booking.sessions x where x.id = sell_at_desk.session_id and x.business_id = sell_at_desk.business_id for no key update;
  if s.id is null then perform platform.refuse(404, 'session_not_found'); end if;
  if sell_at_desk.member_id is not null then
    select * into person from members.members m where m.id = sell_at_desk.member_id and m.business_id = s.business_id and m.archived_at is null;
    if person.id is null then perform platform.refuse(404, 'member_not_found'); end if;
  else
    if coalesce(length(trim(sell_at_desk.full_name)), 0) not between 1 and 120 then perform platform.refuse(422, 'name_invalid', '{"field": "name"}'); end if;
    if coalesce(trim(sell_at_desk.email), '') !~ '^[^\s@]+@[^\s@]+\.[^\s@]+$' or length(sell_at_desk.email) > 254 then perform platform.refuse(422, 'email_invalid', '{"field": "email"}'); end if;
    -- Whose address we know is chosen, not made again: their passes and their past stay theirs.
    select * into person from members.members m where m.business_id = s.business_id and m.email operator(extensions.=) trim(sell_at_desk.email)::extensions.citext and m.guardian_id is null order by m.user_id is null, m.created_at limit 1;
    if person.id is not null then perform platform.refuse(409, 'member_known', jsonb_build_object('field', 'email', 'name', person.name, 'member_id', person.id)); end if;
    insert into members.members as m (business_id, name, email, locale) values (s.business_id, trim(sell_at_desk.full_name), trim(sell_at_desk.email), case when sell_at_desk.locale in ('en', 'es') then sell_at_desk.locale else 'en' end) returning * into person;
  end if;
  buyer := coalesce(person.guardian_id, person.id);
  if exists (select from booking.bookings x where x.session_id = s.id and x.member_id = person.id and x.guest_name is null and (x.state in ('confirmed', 'checked_in', 'no_show') or x.state = 'held' and x.held_until > now() and x.order_line_id is not null)) then
    perform platform.refuse(409, 'on_roster_already', jsonb_build_object('name', person.name));
  end if;
  -- Who was offered a seat holds it already: it is that one they sit on.
  select * into e from booking.waitlist_entries x where x.session_id = s.id and x.member_id = person.id and x.state = 'offered';
  if e.id is not null then perform booking.drop_offer(e, 'accepted', 'let in at the desk'); end if;
  if sell_at_desk.pack_id is not null then
    pack := sales.sell_pack(s, buyer, sell_at_desk.pack_id, sell_at_desk.pay_with);
    paying := (pack ->> 'pass_id')::uuid;
  end if;
  insert into sales.orders as x (business_id, member_id, state, channel, currency, reference, placed_at)
  select b.id, buyer, 'placed', 'desk', b.currency, sales.new_reference(b.id), now() from business.businesses b where b.id = s.business_id returning * into o;
  insert into sales.order_lines (business_id, order_id, position, kind, session_id, person_id, pass_id, label, unit_price_cents)
  values (s.business_id, o.id, 1, 'seat', s.id, nullif(person.id, buyer),
    case when sell_at_desk.pay_with = 'pass' or sell_at_desk.pack_id is not null then coalesce(paying, members.pass_for(buyer, person.id, false, s, (select t.credits from booking.class_types t where t.id = s.class_type_id))) end, '{}', s.price_cents);
  if sell_at_desk.pay_with = 'pass' and not exists (select from sales.order_lines l where l.order_id = o.id and l.pass_id is not null) then perform platform.refuse(409, 'no_pass_pays', jsonb_build_object('session_id', s.id)); end if;
  o := sales.place(o.id, buyer, null, case when sell_at_desk.pay_with = 'pass' or sell_at_desk.pack_id is not null then 'card' else sell_at_desk.pay_with end, 'desk');
  select x.* into k from booking.bookings x join sales.order_lines l on l.business_id = x.business_id and l.id = x.order_line_id where l.business_id = o.business_id and l.order_id = o.id;
  -- They stand here: today they are checked in with it.
  begin
    perform booking.write_act(k, gen_random_uuid(), 'check_in', now());
  exception when sqlstate 'PT409' then
    if sqlerrm <> 'check_in_too_early' then raise; end if;
  end;
  answer := sales.summary(o) || jsonb_build_object('booking_id', k.id, 'member_id', person.id, 'name', person.name, 'state', (select x.state from booking.bookings x where x.id = k.id)) || pack;
  perform audit.note(s.business_id, 'sold_at_desk', 'order:' || o.id, jsonb_build_object('session_id', s.id, 'member_id', person.id, 'pay_with', sell_at_desk.pay_with, 'total_cents', o.total_cents + coalesce((pack ->> 'pack_cents')::bigint, 0)) || case when pack = '{}' then pack else jsonb_build_object('pack_order_id', pack -> 'pack_order_id') end);
  return platform.remember(actor::text, sell_at_desk.idempotency_key, answer);
end $$;
comment on function api.sell_at_desk is 'A seat for somebody who stands at the desk: a member, someone from the line, or a new person (full_name, email). pay_with: pass (pass_id, or the one that pays), cash, terminal, wallet. pack_id: a pack is bought that way, and the seat is paid with its first credit (answers pack_order_id, pass_id, pack_cents besides). Paid, seated and, on the class''s day, checked in at once; the receipt goes out by e-mail. Refuses 404 session_not_found, member_not_found, 409 member_known, on_roster_already, session_full, session_past (after late_entry_minutes), no_pass_pays, wallet_too_low, what members.spend and sales.sell_pack refuse, 422 name_invalid, email_invalid, pay_with_invalid.';
grant execute on function api.sell_at_desk to authenticated;

-- Open rosters hear of it ---------------------------------------------------------------------------------------------
create function booking.tg_bookings__tell_roster() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform realtime.send(jsonb_build_object('booking_id', new.id, 'state', new.state), 'roster_changed', 'session:' || new.session_id || ':roster', true);
  return null;
end $$;
-- Only around its day, when somebody may have it open: buying for next week does not pay for this.
create trigger tg_bookings__tell_roster_made after insert on booking.bookings for each row
  when (new.starts_at > now() - interval '36 hours' and new.starts_at < now() + interval '36 hours') execute function booking.tg_bookings__tell_roster();
create trigger tg_bookings__tell_roster after update of state, spot on booking.bookings for each row
  when ((old.state is distinct from new.state or old.spot is distinct from new.spot) and new.starts_at > now() - interval '36 hours' and new.starts_at < now() + interval '36 hours') execute function booking.tg_bookings__tell_roster();

create function booking.tg_waitlist_entries__tell_roster() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from booking.sessions s where s.id = new.session_id and s.starts_at > now() - interval '36 hours' and s.starts_at < now() + interval '36 hours') then
    perform realtime.send(jsonb_build_object('entry_id', new.id, 'state', new.state), 'roster_changed', 'session:' || new.session_id || ':roster', true);
  end if;
  return null;
end $$;
create trigger tg_waitlist_entries__tell_roster after insert or update of state on booking.waitlist_entries for each row execute function booking.tg_waitlist_entries__tell_roster();

create policy "The front desk hears its rosters, who teaches those of their classes" on realtime.messages for select to authenticated
  using (realtime.topic() in (select 'session:' || s.id || ':roster' from business.where_i_am('front_desk') b join booking.sessions s on s.business_id = b and s.starts_at > now() - interval '2 days' and s.starts_at < now() + interval '2 days'
    union all select 'session:' || c || ':roster' from business.where_i_am('instructor') b cross join lateral booking.where_i_check_in(b) c));
