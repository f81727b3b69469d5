-- One class or many changed at once: what it would do to those who booked, said before it is done, and done exactly so.

create function booking.sessions_meant(session_id uuid, scope text, every_day boolean) returns setof booking.sessions
language plpgsql stable set search_path = '' as $$
begin
  return query
  select o.* from booking.sessions a join booking.sessions o on o.business_id = a.business_id and (
      o.id = a.id or sessions_meant.scope <> 'one' and a.series_id is not null and o.state = 'scheduled' and o.starts_at > now()
        and o.series_id in (select y.id from booking.series x join booking.series y on y.business_id = x.business_id and (y.id = x.id or sessions_meant.every_day and y.pattern_id = x.pattern_id) where x.id = a.series_id)
        and (sessions_meant.scope = 'all' or o.occurs_on >= a.occurs_on))
  where a.id = sessions_meant.session_id;
end $$;
comment on function booking.sessions_meant is 'one: this session. following: it and the later ones of its series. all: every one of its series that is to come. every_day: of all weekdays of its pattern.';

create function booking.in_the_way(o booking.sessions, zone text) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (select jsonb_build_object('session_id', o.id, 'class', t.name, 'room', r.name, 'instructor', i.name, 'on', to_char(o.starts_at at time zone zone, 'YYYY-MM-DD'), 'time', to_char(o.starts_at at time zone zone, 'HH24:MI'))
    from booking.class_types t, booking.rooms r, booking.instructors i where t.id = o.class_type_id and r.id = o.room_id and i.id = o.instructor_id);
end $$;
comment on function booking.in_the_way is 'What a refusal says of the class that has the room or the teacher already; day and time in the business''s zone.';

create function booking.clash(room_id uuid, instructor_id uuid, starts_at timestamptz, ends_at timestamptz, zone text, but_not uuid[] default '{}') returns jsonb
language plpgsql stable set search_path = '' as $$
declare o booking.sessions;
begin
  select * into o from booking.sessions x where x.room_id = clash.room_id and x.state = 'scheduled' and tstzrange(x.starts_at, x.ends_at) && tstzrange(clash.starts_at, clash.ends_at) and x.id <> all (clash.but_not)
    order by x.starts_at limit 1;
  if o.id is not null then return jsonb_build_object('name', 'room_taken') || booking.in_the_way(o, zone); end if;
  select * into o from booking.sessions x where x.instructor_id = clash.instructor_id and x.state = 'scheduled' and tstzrange(x.starts_at, x.ends_at) && tstzrange(clash.starts_at, clash.ends_at) and x.id <> all (clash.but_not)
    order by x.starts_at limit 1;
  if o.id is not null then return jsonb_build_object('name', 'instructor_taken') || booking.in_the_way(o, zone); end if;
  return null;
end $$;
comment on function booking.clash is 'Who has the room or the teacher at that time, as a refusal''s name and facts; null when both are free.';

create type booking.planned as (session_id uuid, series_id uuid, occurs_on date, class_name jsonb, left_alone text[], old_starts_at timestamptz, old_ends_at timestamptz, old_room_id uuid, old_instructor_id uuid, old_capacity int, old_price_cents bigint,
  starts_at timestamptz, ends_at timestamptz, room_id uuid, instructor_id uuid, capacity int, price_cents bigint, taken int, problem jsonb, warnings text[], waiting int);

create function booking.plan_change(business_id uuid, session_id uuid, change jsonb) returns setof booking.planned
language plpgsql stable set search_path = '' as $$
declare
  scope text := coalesce(change ->> 'scope', 'one');
  overwrite boolean := coalesce((change ->> 'include_changed')::boolean, false);
  new_on date := (change ->> 'on')::date;
  new_time time := (change ->> 'local_start')::time;
  new_minutes int := (change ->> 'minutes')::int;
  new_weekday int := (change ->> 'weekday')::int;
  new_room uuid := (change ->> 'room_id')::uuid;
  new_instructor uuid := (change ->> 'instructor_id')::uuid;
  new_capacity int := (change ->> 'capacity')::int;
  new_price bigint := (change ->> 'price_cents')::bigint;
  zone text;
  m record;
  p booking.planned;
  plan booking.planned[] := '{}';
  moving uuid[] := '{}';
  room booking.rooms;
  other booking.planned;
begin
  select b.time_zone into zone from booking.sessions s join business.businesses b on b.id = s.business_id where s.id = plan_change.session_id and s.business_id = plan_change.business_id;
  if zone is null then perform platform.refuse(404, 'session_not_found'); end if;
  if scope not in ('one', 'following', 'all') then perform platform.refuse(422, 'invalid_input', '{"field": "scope"}'); end if;
  if new_minutes not between 5 and 1440 then perform platform.refuse(422, 'invalid_input', '{"field": "minutes"}'); end if;
  if new_capacity not between 1 and 10000 then perform platform.refuse(422, 'invalid_input', '{"field": "capacity"}'); end if;
  if new_price not between 0 and 100000000 then perform platform.refuse(422, 'invalid_input', '{"field": "price_cents"}'); end if;
  if new_weekday not between 1 and 7 or new_weekday is not null and (scope = 'one' or coalesce((change ->> 'every_day')::boolean, false)) then perform platform.refuse(422, 'invalid_input', '{"field": "weekday"}'); end if;
  if scope <> 'one' and exists (select from booking.sessions s where s.id = plan_change.session_id and s.series_id is null) then perform platform.refuse(422, 'invalid_input', '{"field": "scope"}'); end if;
  if new_on is not null and scope <> 'one' then perform platform.refuse(422, 'invalid_input', '{"field": "on"}'); end if;
  if new_room is not null and not exists (select from booking.rooms r where r.id = new_room and r.business_id = plan_change.business_id) then perform platform.refuse(422, 'room_not_found', '{"field": "room_id"}'); end if;
  if new_instructor is not null and not exists (select from booking.instructors i where i.id = new_instructor and i.business_id = plan_change.business_id) then perform platform.refuse(422, 'instructor_not_found', '{"field": "instructor_id"}'); end if;

  for m in select s.*, t.name as class_name, x.local_start, x.weekday, least(coalesce(x.capacity, t.capacity), r.capacity) as usual_capacity, coalesce(x.capacity, t.capacity) as wanted_capacity
      from booking.sessions_meant(plan_change.session_id, scope, coalesce((change ->> 'every_day')::boolean, false)) s
      join booking.class_types t on t.id = s.class_type_id join booking.rooms r on r.id = s.room_id left join booking.series x on x.id = s.series_id order by s.starts_at, s.id loop
    p := null;
    p.session_id := m.id; p.series_id := m.series_id; p.occurs_on := m.occurs_on; p.class_name := m.class_name;
    p.old_starts_at := m.starts_at; p.old_ends_at := m.ends_at; p.old_room_id := m.room_id; p.old_instructor_id := m.instructor_id; p.old_capacity := m.capacity; p.old_price_cents := m.price_cents;
    p.left_alone := case when scope = 'one' or overwrite then '{}' else array(select f from unnest(m.left_pattern) f where f = 'time' and num_nonnulls(new_time, new_minutes, new_weekday) > 0
      or f = 'room' and new_room is not null or f = 'instructor' and new_instructor is not null or f = 'capacity' and new_capacity is not null or f = 'price' and new_price is not null) end;
    p.starts_at := m.starts_at; p.ends_at := m.ends_at;
    if num_nonnulls(new_on, new_time, new_minutes, new_weekday) > 0 and not 'time' = any (p.left_alone) then
      if scope = 'one' then
        p.starts_at := (coalesce(new_on, (m.starts_at at time zone zone)::date) + coalesce(new_time, (m.starts_at at time zone zone)::time)) at time zone zone;
      else
        p.starts_at := (m.occurs_on + coalesce(new_weekday - m.weekday, 0) + coalesce(new_time, m.local_start)) at time zone zone;
      end if;
      p.ends_at := p.starts_at + coalesce(make_interval(mins => new_minutes), m.ends_at - m.starts_at);
    end if;
    p.room_id := case when 'room' = any (p.left_alone) then m.room_id else coalesce(new_room, m.room_id) end;
    p.instructor_id := case when 'instructor' = any (p.left_alone) then m.instructor_id else coalesce(new_instructor, m.instructor_id) end;
    p.price_cents := case when 'price' = any (p.left_alone) then m.price_cents else coalesce(new_price, m.price_cents) end;
    select * into room from booking.rooms r where r.id = p.room_id;
    -- Places that came from the class and the room follow the room; others only shrink to it.
    p.capacity := case when new_capacity is not null and not 'capacity' = any (p.left_alone) then new_capacity
      when p.room_id <> m.room_id and m.capacity = m.usual_capacity then least(m.wanted_capacity, room.capacity) else least(m.capacity, greatest(room.capacity, case when p.room_id = m.room_id then m.capacity else 0 end)) end;
    p.taken := m.seats_taken - case when m.hold_ends_at <= now() then booking.holds_run_out(m.id) else 0 end;
    p.problem := case when m.state = 'cancelled' then jsonb_build_object('name', 'session_cancelled')
      when m.starts_at <= now() or p.starts_at <= now() then jsonb_build_object('name', 'session_past', 'on', to_char(p.starts_at at time zone zone, 'YYYY-MM-DD'))
      when p.capacity < p.taken then jsonb_build_object('name', 'capacity_below_bookings', 'field', 'capacity', 'taken', p.taken, 'capacity', p.capacity, 'class', m.class_name, 'on', to_char(m.starts_at at time zone zone, 'YYYY-MM-DD'))
      when p.capacity > room.capacity and p.capacity > m.capacity then jsonb_build_object('name', 'capacity_above_room', 'field', 'capacity', 'room', room.name, 'places', room.capacity) end;
    -- Said only where it is this change that makes it so.
    p.warnings := case when (p.starts_at, p.ends_at, p.instructor_id) is distinct from (m.starts_at, m.ends_at, m.instructor_id) then booking.teaching_warnings(plan_change.business_id, p.instructor_id, m.class_type_id, p.starts_at, p.ends_at) else '{}' end;
    p.waiting := case when p.starts_at <> m.starts_at then (select count(*) from booking.waitlist_entries e where e.session_id = m.id and e.state in ('waiting', 'offered')) else 0 end;
    if (p.starts_at, p.ends_at, p.room_id, p.instructor_id, p.capacity, p.price_cents) is distinct from (m.starts_at, m.ends_at, m.room_id, m.instructor_id, m.capacity, m.price_cents) then moving := moving || m.id; end if;
    plan := plan || p;
  end loop;

  foreach p in array plan loop
    if p.problem is null and p.session_id = any (moving) then
      p.problem := booking.clash(p.room_id, p.instructor_id, p.starts_at, p.ends_at, zone, moving);
      -- Those that move as well stand where they move to.
      if p.problem is null then
        foreach other in array plan loop
          if other.session_id <> p.session_id and other.session_id = any (moving) and (other.room_id = p.room_id or other.instructor_id = p.instructor_id) and tstzrange(other.starts_at, other.ends_at) && tstzrange(p.starts_at, p.ends_at) then
            p.problem := jsonb_build_object('name', case when other.room_id = p.room_id then 'room_taken' else 'instructor_taken' end)
              || (select booking.in_the_way(s, zone) from booking.sessions s where s.id = other.session_id);
            exit;
          end if;
        end loop;
      end if;
    end if;
    return next p;
  end loop;
end $$;
comment on function booking.plan_change is 'What a change would make of each session it means: change is {scope, every_day, include_changed, on | weekday, local_start, minutes, room_id, instructor_id, capacity, price_cents}, what is left out stays. problem: why it cannot be done, as a refusal''s name and facts. warnings: what speaks against the teacher. waiting: who stands in its line and is told of the new time.';

create function booking.effect_of(business_id uuid, session_id uuid, change jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  plan booking.planned[];
  effect jsonb;
begin
  plan := array(select p from booking.plan_change(effect_of.business_id, effect_of.session_id, change) p);
  select jsonb_build_object(
    'sessions', coalesce((select jsonb_agg(jsonb_build_object('session_id', p.session_id, 'class_name', p.class_name, 'taken', p.taken, 'problem', p.problem, 'warnings', to_jsonb(p.warnings), 'waiting', p.waiting, 'left_alone', to_jsonb(p.left_alone),
        'from', jsonb_build_object('starts_at', p.old_starts_at, 'ends_at', p.old_ends_at, 'room', o.name, 'instructor', oi.name, 'capacity', p.old_capacity, 'price_cents', p.old_price_cents),
        'to', jsonb_build_object('starts_at', p.starts_at, 'ends_at', p.ends_at, 'room', n.name, 'instructor', ni.name, 'capacity', p.capacity, 'price_cents', p.price_cents),
        'changes', to_jsonb(array_remove(array[case when (p.starts_at, p.ends_at) is distinct from (p.old_starts_at, p.old_ends_at) then 'time' end, case when p.room_id <> p.old_room_id then 'room' end,
          case when p.instructor_id <> p.old_instructor_id then 'instructor' end, case when p.capacity <> p.old_capacity then 'capacity' end, case when p.price_cents <> p.old_price_cents then 'price' end], null)))
        order by p.old_starts_at, p.session_id)
      from unnest(plan) p join booking.rooms o on o.id = p.old_room_id join booking.rooms n on n.id = p.room_id join booking.instructors oi on oi.id = p.old_instructor_id join booking.instructors ni on ni.id = p.instructor_id), '[]'),
    -- Who booked, and with whom of them the new time collides: another seat of theirs, where it will then be.
    'people', coalesce((select jsonb_agg(jsonb_build_object('booking_id', k.id, 'session_id', k.session_id, 'name', coalesce(k.guest_name, m.name), 'state', k.state,
        'loses_spot', k.spot is not null and p.room_id <> p.old_room_id,
        'clash', (select jsonb_build_object('class_name', t.name, 'starts_at', coalesce(q.starts_at, s.starts_at)) from booking.bookings b join booking.sessions s on s.id = b.session_id join booking.class_types t on t.id = s.class_type_id
            left join unnest(plan) q on q.session_id = s.id
          where (p.starts_at, p.ends_at) is distinct from (p.old_starts_at, p.old_ends_at) and b.business_id = k.business_id and b.member_id = k.member_id and b.session_id <> k.session_id
            and b.starts_at > least(p.starts_at, p.old_starts_at) - interval '8 days' and b.starts_at < greatest(p.ends_at, p.old_ends_at) + interval '8 days'
            and (b.state in ('confirmed', 'checked_in') or b.state = 'held' and b.held_until > now()) and s.state = 'scheduled'
            and coalesce(q.ends_at, s.ends_at) > p.starts_at and coalesce(q.starts_at, s.starts_at) < p.ends_at
          order by s.starts_at limit 1))
        order by p.old_starts_at, m.name, k.id)
      from unnest(plan) p join booking.bookings k on k.business_id = effect_of.business_id and k.session_id = p.session_id and (k.state in ('confirmed', 'checked_in') or k.state = 'held' and k.held_until > now()) join members.members m on m.id = k.member_id
      where (p.starts_at, p.ends_at, p.room_id, p.instructor_id) is distinct from (p.old_starts_at, p.old_ends_at, p.old_room_id, p.old_instructor_id)), '[]')) into effect;
  return effect || jsonb_build_object('hash', encode(sha256(convert_to(effect::text, 'UTF8')), 'hex'));
end $$;
comment on function booking.effect_of is 'The plan in words for people, who booked and what it means for them, and a hash over all of it.';

create function api.preview_session_change(business_id uuid, session_id uuid, change jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform business.require_role(preview_session_change.business_id, 'manager');
  return booking.effect_of(preview_session_change.business_id, preview_session_change.session_id, preview_session_change.change);
end $$;
comment on function api.preview_session_change is 'What a change of one session, it and those after it, or all to come of its series (change.scope) would do to each of them and to the people who booked, with a hash to apply exactly that. Refuses 404 session_not_found, 422 room_not_found, instructor_not_found, invalid_input.';
grant execute on function api.preview_session_change to authenticated;

create function booking.change_rules(anchor booking.sessions, meant booking.sessions[], change jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare
  r booking.series;
  from_day date;
  shift int;
  other uuid;
  new_pattern uuid := gen_random_uuid();
begin
  for r in select * from booking.series x where x.id in (select m.series_id from unnest(meant) m) order by x.id loop
    from_day := case change ->> 'scope' when 'following' then anchor.occurs_on else (select min(m.occurs_on) from unnest(meant) m where m.series_id = r.id and m.state = 'scheduled' and m.starts_at > now()) end;
    continue when from_day is null;
    shift := coalesce((change ->> 'weekday')::int - r.weekday, 0);
    other := r.id;
    if r.from_on < from_day then
      -- What was stays as it was: the old rule ends, a new one goes on from here.
      insert into booking.series as n (business_id, class_type_id, room_id, instructor_id, weekday, local_start, from_on, until_on, minutes, capacity, price_cents)
      values (r.business_id, r.class_type_id, r.room_id, r.instructor_id, r.weekday, r.local_start, from_day + shift, r.until_on + shift, r.minutes, r.capacity, r.price_cents) returning n.id into other;
      update booking.series x set until_on = from_day - 1 where x.id = r.id;
      update booking.series_exceptions e set series_id = other, on_date = e.on_date + shift where e.series_id = r.id and e.on_date >= from_day;
    else
      update booking.series x set from_on = r.from_on + shift, until_on = r.until_on + shift where x.id = r.id;
      update booking.series_exceptions e set on_date = e.on_date + shift where e.series_id = r.id and shift <> 0;
    end if;
    update booking.sessions s set series_id = other, occurs_on = s.occurs_on + shift where s.series_id = r.id and s.occurs_on >= from_day and (other <> r.id or shift <> 0);
    update booking.series x set pattern_id = new_pattern, weekday = r.weekday + shift, local_start = coalesce((change ->> 'local_start')::time, x.local_start), minutes = coalesce((change ->> 'minutes')::int, x.minutes),
      room_id = coalesce((change ->> 'room_id')::uuid, x.room_id), instructor_id = coalesce((change ->> 'instructor_id')::uuid, x.instructor_id),
      capacity = coalesce((change ->> 'capacity')::int, x.capacity), price_cents = coalesce((change ->> 'price_cents')::bigint, x.price_cents)
    where x.id = other;
  end loop;
end $$;
comment on function booking.change_rules is 'Changes the weekly rules behind the sessions meant, from the first of them on. A rule with a past is ended and followed by a new one.';

create function booking.tell_changed(business_id uuid, plan booking.planned[], change_id uuid) returns int
language plpgsql volatile set search_path = '' as $$
declare
  person record;
  told int := 0;
begin
  for person in
    select booking.buyer_of(k) as member_id, array_agg(jsonb_strip_nulls(jsonb_build_object('booking_id', k.id, 'session_id', k.session_id, 'class_name', p.class_name, 'starts_at', p.starts_at, 'ends_at', p.ends_at, 'room_name', n.name, 'instructor_name', ni.name, 'calendar_sequence', s.calendar_sequence,
        'old_starts_at', case when (p.starts_at, p.ends_at) is distinct from (p.old_starts_at, p.old_ends_at) then p.old_starts_at end, 'old_room_name', case when p.room_id <> p.old_room_id then o.name end,
        'old_instructor_name', case when p.instructor_id <> p.old_instructor_id then oi.name end, 'free_cancel_until', case when (p.starts_at, p.ends_at) is distinct from (p.old_starts_at, p.old_ends_at) then p.starts_at end)) order by p.starts_at) as changes
    from unnest(plan) p join booking.sessions s on s.id = p.session_id join booking.bookings k on k.business_id = tell_changed.business_id and k.session_id = p.session_id and k.state = 'confirmed'
    join booking.rooms o on o.id = p.old_room_id join booking.rooms n on n.id = p.room_id join booking.instructors oi on oi.id = p.old_instructor_id join booking.instructors ni on ni.id = p.instructor_id
    where (p.starts_at, p.ends_at, p.room_id, p.instructor_id) is distinct from (p.old_starts_at, p.old_ends_at, p.old_room_id, p.old_instructor_id)
    group by booking.buyer_of(k) order by 1 loop
    -- Several seats of one series are one letter: the first, and the others with it.
    perform messages.notify(tell_changed.business_id, person.member_id, 'session_changed', tell_changed.change_id || ':' || person.member_id, person.changes[1] || jsonb_build_object('also', to_jsonb(person.changes[2:])));
    told := told + 1;
  end loop;
  return told;
end $$;
comment on function booking.tell_changed is 'Tells everyone with a confirmed seat, once a change, what is new about it.';

create function api.change_sessions(business_id uuid, session_id uuid, change jsonb, effect_hash text, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := business.require_role(change_sessions.business_id, 'manager');
  answer jsonb;
  scope text := coalesce(change ->> 'scope', 'one');
  every_day boolean := coalesce((change ->> 'every_day')::boolean, false);
  anchor booking.sessions;
  meant booking.sessions[];
  plan booking.planned[];
  effect jsonb;
  wrong jsonb;
  given text[] := array_remove(array[case when change ?| array['on', 'weekday', 'local_start', 'minutes'] then 'time' end, case when change ? 'room_id' then 'room' end, case when change ? 'instructor_id' then 'instructor' end,
    case when change ? 'capacity' then 'capacity' end, case when change ? 'price_cents' then 'price' end], null);
  change_id uuid := gen_random_uuid();
  changed int;
  told int;
  waiting int;
  one booking.planned;
begin
  answer := platform.replay(me::text, change_sessions.idempotency_key, 'change_sessions', jsonb_build_object('session_id', change_sessions.session_id, 'change', change, 'hash', effect_hash));
  if answer is not null then return answer; end if;
  -- Rules before sessions, each in the order of their ids; whoever takes a seat or writes the timetable ahead waits.
  perform 1 from booking.series x where x.id in (select s.series_id from booking.sessions_meant(change_sessions.session_id, scope, every_day) s) order by x.id for no key update;
  perform 1 from booking.sessions x where x.id in (select s.id from booking.sessions_meant(change_sessions.session_id, scope, every_day) s) order by x.id for no key update;
  effect := booking.effect_of(change_sessions.business_id, change_sessions.session_id, change);
  if cardinality(given) = 0 then perform platform.refuse(422, 'nothing_to_change'); end if;
  if effect ->> 'hash' is distinct from change_sessions.effect_hash then perform platform.refuse(409, 'effect_changed'); end if;
  wrong := (select s -> 'problem' from jsonb_array_elements(effect -> 'sessions') s where s -> 'problem' <> 'null' limit 1);
  if wrong is not null then perform platform.refuse(409, wrong ->> 'name', wrong - 'name'); end if;

  select * into anchor from booking.sessions s where s.id = change_sessions.session_id;
  meant := array(select s from booking.sessions_meant(anchor.id, scope, every_day) s);
  plan := array(select p from booking.plan_change(anchor.business_id, anchor.id, change) p);
  if scope <> 'one' then
    perform booking.change_rules(anchor, meant, change);
    perform set_config('atrium.series_edit', 'yes', true);
  end if;
  begin
    update booking.sessions s set starts_at = p.starts_at, ends_at = p.ends_at, room_id = p.room_id, instructor_id = p.instructor_id, capacity = p.capacity, price_cents = p.price_cents, version = s.version + 1,
      left_pattern = case when scope = 'one' then s.left_pattern else array(select f from unnest(s.left_pattern) f where f <> all (given) or f = any (p.left_alone)) end
    from unnest(plan) p where s.id = p.session_id
      and ((p.starts_at, p.ends_at, p.room_id, p.instructor_id, p.capacity, p.price_cents) is distinct from (s.starts_at, s.ends_at, s.room_id, s.instructor_id, s.capacity, s.price_cents) or scope <> 'one' and s.left_pattern && given);
    get diagnostics changed = row_count;
  exception when exclusion_violation then
    -- Somebody put another class there after we had looked.
    foreach one in array plan loop
      wrong := booking.clash(one.room_id, one.instructor_id, one.starts_at, one.ends_at, (select b.time_zone from business.businesses b where b.id = anchor.business_id), array(select p.session_id from unnest(plan) p));
      exit when wrong is not null;
    end loop;
    perform platform.refuse(409, coalesce(wrong ->> 'name', 'room_taken'), wrong - 'name');
  end;
  perform set_config('atrium.series_edit', '', true);
  -- Bookings follow. A class that is not at the time somebody agreed to may be cancelled free of charge until it begins. A spot is one of its own room.
  update booking.bookings k set starts_at = p.starts_at,
    free_cancel_until = case when p.starts_at <> p.old_starts_at or p.ends_at <> p.old_ends_at then p.starts_at else k.free_cancel_until end,
    time_changed_at = case when p.starts_at <> p.old_starts_at or p.ends_at <> p.old_ends_at then now() else k.time_changed_at end,
    spot = case when p.room_id <> p.old_room_id then null else k.spot end
  from unnest(plan) p where k.session_id = p.session_id and k.business_id = anchor.business_id and (p.starts_at, p.ends_at, p.room_id) is distinct from (p.old_starts_at, p.old_ends_at, p.old_room_id);
  told := booking.tell_changed(anchor.business_id, plan, change_id);
  waiting := booking.move_lines(anchor.business_id, plan, change_id);
  foreach one in array plan loop
    if one.capacity > one.old_capacity then perform booking.seats_freed(one.session_id); end if;
  end loop;
  perform audit.note(anchor.business_id, case scope when 'one' then 'session_changed' else 'series_changed' end, 'session:' || anchor.id, jsonb_build_object('change', change, 'sessions', changed, 'told', told, 'waiting', waiting));
  return platform.remember(me::text, change_sessions.idempotency_key, jsonb_build_object('session_id', anchor.id, 'sessions', changed, 'told', told, 'waiting', waiting));
end $$;
comment on function api.change_sessions is 'Applies a change exactly as it was previewed (effect_hash) and tells everyone booked, once, when time, room or teacher changed, and everyone who waits when the time did. Refuses 404 session_not_found, 409 effect_changed, room_taken, instructor_taken, capacity_below_bookings, capacity_above_room, session_past, session_cancelled, 422 nothing_to_change and what the preview refuses.';
grant execute on function api.change_sessions to authenticated;
