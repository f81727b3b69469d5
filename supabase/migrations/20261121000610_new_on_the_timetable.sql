-- New on the timetable: single classes and series, days skipped, series ended, classes shown and hidden.

create function booking.new_facts(business_id uuid, facts jsonb) returns table (class_type_id uuid, room_id uuid, instructor_id uuid, local_start time, minutes int, capacity int, price_cents bigint, zone text)
language plpgsql stable set search_path = '' as $$
declare
  t booking.class_types;
  r booking.rooms;
  i booking.instructors;
begin
  select * into t from booking.class_types x where x.id = (facts ->> 'class_type_id')::uuid and x.business_id = new_facts.business_id;
  if t.id is null then perform platform.refuse(422, 'class_not_found', '{"field": "class_type_id"}'); end if;
  select * into r from booking.rooms x where x.id = (facts ->> 'room_id')::uuid and x.business_id = new_facts.business_id and x.retired_at is null;
  if r.id is null then perform platform.refuse(422, 'room_not_found', '{"field": "room_id"}'); end if;
  select * into i from booking.instructors x where x.id = (facts ->> 'instructor_id')::uuid and x.business_id = new_facts.business_id;
  if i.id is null then perform platform.refuse(422, 'instructor_not_found', '{"field": "instructor_id"}'); end if;
  if facts ->> 'local_start' is null then perform platform.refuse(422, 'invalid_input', '{"field": "local_start"}'); end if;
  if (facts ->> 'minutes')::int not between 5 and 1440 then perform platform.refuse(422, 'invalid_input', '{"field": "minutes"}'); end if;
  if (facts ->> 'capacity')::int not between 1 and 10000 then perform platform.refuse(422, 'invalid_input', '{"field": "capacity"}'); end if;
  if (facts ->> 'price_cents')::bigint not between 0 and 100000000 then perform platform.refuse(422, 'invalid_input', '{"field": "price_cents"}'); end if;
  if (facts ->> 'capacity')::int > r.capacity then perform platform.refuse(409, 'capacity_above_room', jsonb_build_object('field', 'capacity', 'room', r.name, 'places', r.capacity)); end if;
  return query select t.id, r.id, i.id, (facts ->> 'local_start')::time, (facts ->> 'minutes')::int, (facts ->> 'capacity')::int, (facts ->> 'price_cents')::bigint, b.time_zone
    from business.businesses b where b.id = new_facts.business_id;
end $$;

create function booking.heed_warnings(sessions uuid[], facts jsonb) returns void
language plpgsql stable set search_path = '' as $$
declare warned record;
begin
  if coalesce((facts ->> 'despite_warnings')::boolean, false) then return; end if;
  select w.name, count(distinct s.id) as days, min(s.starts_at) as first_at into warned
  from booking.sessions s cross join lateral unnest(booking.teaching_warnings(s.business_id, s.instructor_id, s.class_type_id, s.starts_at, s.ends_at)) with ordinality w (name, place)
  where s.id = any (heed_warnings.sessions) group by w.name, w.place order by w.place limit 1;
  if warned.name is null then return; end if;
  perform platform.refuse(409, warned.name, jsonb_build_object('field', 'despite_warnings', 'days', warned.days, 'on', (select to_char(warned.first_at at time zone b.time_zone, 'YYYY-MM-DD') from booking.sessions s join business.businesses b on b.id = s.business_id where s.id = heed_warnings.sessions[1])));
end $$;
comment on function booking.heed_warnings is 'Refuses what was just put on the timetable when something speaks against its teacher (booking.teaching_warnings), unless facts say despite_warnings.';

create function api.create_session(business_id uuid, facts jsonb, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := business.require_role(create_session.business_id, 'manager');
  answer jsonb;
  f record;
  s booking.sessions;
  wrong jsonb;
begin
  answer := platform.replay(me::text, create_session.idempotency_key, 'create_session', facts);
  if answer is not null then return answer; end if;
  select * into f from booking.new_facts(create_session.business_id, facts);
  if facts ->> 'on' is null then perform platform.refuse(422, 'invalid_input', '{"field": "on"}'); end if;
  s.starts_at := ((facts ->> 'on')::date + f.local_start) at time zone f.zone;
  if s.starts_at <= now() then perform platform.refuse(422, 'session_past', '{"field": "on"}'); end if;
  begin
    insert into booking.sessions as x (business_id, class_type_id, room_id, instructor_id, starts_at, ends_at, capacity, price_cents, hidden_at)
    select create_session.business_id, t.id, f.room_id, f.instructor_id, s.starts_at, s.starts_at + make_interval(mins => coalesce(f.minutes, t.duration_minutes)), coalesce(f.capacity, least(t.capacity, r.capacity)), coalesce(f.price_cents, t.price_cents), case when (facts ->> 'hidden')::boolean then now() end
    from booking.class_types t, booking.rooms r where t.id = f.class_type_id and r.id = f.room_id returning * into s;
  exception when exclusion_violation then
    wrong := booking.clash(f.room_id, f.instructor_id, s.starts_at, s.starts_at + make_interval(mins => coalesce(f.minutes, (select t.duration_minutes from booking.class_types t where t.id = f.class_type_id))), f.zone);
    perform platform.refuse(409, coalesce(wrong ->> 'name', 'room_taken'), wrong - 'name');
  end;
  perform booking.heed_warnings(array[s.id], facts);
  perform audit.note(create_session.business_id, 'session_made', 'session:' || s.id, facts);
  return platform.remember(me::text, create_session.idempotency_key, jsonb_build_object('session_id', s.id, 'starts_at', s.starts_at, 'sessions', 1));
end $$;
comment on function api.create_session is 'Puts one class on the timetable: class_type_id, room_id, instructor_id, on, local_start (the business''s own time), and where they differ from the class''s own minutes, capacity, price_cents; hidden: not shown until it is published; despite_warnings: also with a teacher against whom something speaks. Refuses 409 room_taken, instructor_taken (naming the other class), capacity_above_room, instructor_not_qualified, instructor_away, outside_hours (these three only without despite_warnings), 422 class_not_found, room_not_found, instructor_not_found, session_past, invalid_input.';
grant execute on function api.create_session to authenticated;

create function api.create_series(business_id uuid, facts jsonb, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := business.require_role(create_series.business_id, 'manager');
  answer jsonb;
  f record;
  begin_on date := (facts ->> 'from_on')::date;
  end_on date := (facts ->> 'until_on')::date;
  pattern uuid := gen_random_uuid();
  day int;
  made uuid;
  first_made uuid;
  written int := 0;
  left_out record;
  wrong jsonb;
begin
  answer := platform.replay(me::text, create_series.idempotency_key, 'create_series', facts);
  if answer is not null then return answer; end if;
  select * into f from booking.new_facts(create_series.business_id, facts);
  if begin_on is null or begin_on < (now() at time zone f.zone)::date then perform platform.refuse(422, 'series_begins_past', '{"field": "from_on"}'); end if;
  if end_on < begin_on then perform platform.refuse(422, 'series_ends_early', '{"field": "until_on"}'); end if;
  if (begin_on + f.local_start) at time zone f.zone <= now() then begin_on := begin_on + 1; end if;
  if coalesce(jsonb_array_length(facts -> 'weekdays'), 0) = 0 then perform platform.refuse(422, 'weekday_needed', '{"field": "weekdays"}'); end if;
  for day in select distinct (d #>> '{}')::int from jsonb_array_elements(facts -> 'weekdays') d order by 1 loop
    if day not between 1 and 7 then perform platform.refuse(422, 'invalid_input', '{"field": "weekdays"}'); end if;
    insert into booking.series as x (business_id, class_type_id, room_id, instructor_id, weekday, local_start, from_on, until_on, pattern_id, minutes, capacity, price_cents)
    values (create_series.business_id, f.class_type_id, f.room_id, f.instructor_id, day, f.local_start, begin_on, end_on, pattern, f.minutes, f.capacity, f.price_cents) returning x.id into made;
    first_made := coalesce(first_made, made);
    insert into booking.series_exceptions (business_id, series_id, on_date, reason, by_user)
    select distinct create_series.business_id, made, (d #>> '{}')::date, 'skipped', me from jsonb_array_elements(coalesce(facts -> 'skip', '[]')) d where extract(isodow from (d #>> '{}')::date) = day;
    written := written + booking.write_sessions(made, booking.horizon(made));
  end loop;
  select count(*) as days, min(e.on_date) as on_date into left_out from booking.series_exceptions e join booking.series x on x.id = e.series_id where x.business_id = create_series.business_id and x.pattern_id = pattern and e.reason <> 'skipped';
  if left_out.days > 0 and not coalesce((facts ->> 'leave_out_clashes')::boolean, false) then
    wrong := booking.clash(f.room_id, f.instructor_id, (left_out.on_date + f.local_start) at time zone f.zone,
      (left_out.on_date + f.local_start) at time zone f.zone + make_interval(mins => coalesce(f.minutes, (select t.duration_minutes from booking.class_types t where t.id = f.class_type_id))), f.zone,
      array(select s.id from booking.sessions s join booking.series x on x.id = s.series_id where x.business_id = create_series.business_id and x.pattern_id = pattern));
    perform platform.refuse(409, coalesce(wrong ->> 'name', 'room_taken'), wrong - 'name' || jsonb_build_object('days', left_out.days, 'field', 'leave_out_clashes'));
  end if;
  perform booking.heed_warnings(array(select s.id from booking.sessions s join booking.series x on x.id = s.series_id where x.business_id = create_series.business_id and x.pattern_id = pattern order by s.starts_at), facts);
  if written = 0 and end_on is not null and end_on <= booking.horizon(first_made) then perform platform.refuse(422, 'series_empty', '{"field": "until_on"}'); end if;
  perform audit.note(create_series.business_id, 'series_made', 'series:' || first_made, facts);
  return platform.remember(me::text, create_series.idempotency_key, jsonb_build_object('series_id', first_made, 'sessions', written, 'left_out', left_out.days));
end $$;
comment on function api.create_series is 'Puts a class on the timetable every week: as create_session, with weekdays (1 = Monday), from_on, until_on (none: goes on), skip (days it is not on), leave_out_clashes (else one clash refuses the whole). Refuses as create_session does, and 422 series_begins_past, series_ends_early, series_empty, weekday_needed.';
grant execute on function api.create_series to authenticated;

create function booking.withdraw(session_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
  delete from booking.sessions s where s.id = withdraw.session_id;
exception when foreign_key_violation then
  -- Somebody once had to do with it: it stays, cancelled.
  update booking.sessions s set state = 'cancelled', version = s.version + 1 where s.id = withdraw.session_id;
end $$;
comment on function booking.withdraw is 'Takes a session off the timetable that nobody has a seat in.';

create function api.skip_day(business_id uuid, series_id uuid, on_date date, note text default '') returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := business.require_role(skip_day.business_id, 'manager');
  r booking.series;
  s booking.sessions;
begin
  select * into r from booking.series x where x.id = skip_day.series_id and x.business_id = skip_day.business_id for no key update;
  if r.id is null then perform platform.refuse(404, 'series_not_found'); end if;
  if skip_day.on_date < r.from_on or skip_day.on_date > r.until_on or extract(isodow from skip_day.on_date) <> r.weekday or skip_day.on_date < (select (now() at time zone b.time_zone)::date from business.businesses b where b.id = r.business_id) then
    perform platform.refuse(422, 'not_a_day_of_it', '{"field": "on_date"}');
  end if;
  select * into s from booking.sessions x where x.series_id = r.id and x.occurs_on = skip_day.on_date for no key update;
  if s.id is not null then
    perform booking.free_expired_holds(s.id);
    select * into s from booking.sessions x where x.id = s.id;
    if s.starts_at <= now() then perform platform.refuse(409, 'session_past'); end if;
    -- People are told and given back what is theirs by cancelling the class, with a reason.
    if s.state = 'scheduled' and s.seats_taken > 0 then perform platform.refuse(409, 'session_has_bookings', jsonb_build_object('session_id', s.id, 'taken', s.seats_taken)); end if;
    if s.state = 'scheduled' then perform booking.withdraw(s.id); end if;
  end if;
  insert into booking.series_exceptions as e (business_id, series_id, on_date, reason, note, by_user) values (r.business_id, r.id, skip_day.on_date, 'skipped', left(coalesce(skip_day.note, ''), 200), me)
  on conflict on constraint series_exceptions_pkey do update set reason = 'skipped', note = excluded.note, by_user = excluded.by_user;
  perform audit.note(r.business_id, 'day_skipped', 'series:' || r.id, jsonb_build_object('on', skip_day.on_date, 'note', skip_day.note));
end $$;
comment on function api.skip_day is 'A series is not on that day (a holiday). Refuses 404 series_not_found, 409 session_has_bookings (cancel that class instead), session_past, 422 not_a_day_of_it.';
grant execute on function api.skip_day to authenticated;

create function api.unskip_day(business_id uuid, series_id uuid, on_date date) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare written int;
begin
  perform business.require_role(unskip_day.business_id, 'manager');
  perform 1 from booking.series x where x.id = unskip_day.series_id and x.business_id = unskip_day.business_id for no key update;
  if not found then perform platform.refuse(404, 'series_not_found'); end if;
  delete from booking.series_exceptions e where e.series_id = unskip_day.series_id and e.on_date = unskip_day.on_date;
  if not found then perform platform.refuse(422, 'not_a_day_of_it', '{"field": "on_date"}'); end if;
  written := booking.write_sessions(unskip_day.series_id, booking.horizon(unskip_day.series_id));
  perform audit.note(unskip_day.business_id, 'day_unskipped', 'series:' || unskip_day.series_id, jsonb_build_object('on', unskip_day.on_date));
  return jsonb_build_object('sessions', written);
end $$;
comment on function api.unskip_day is 'The series is on again on a day that was skipped or had to be left out; it is put on at once where it fits. Refuses 404 series_not_found, 422 not_a_day_of_it.';
grant execute on function api.unskip_day to authenticated;

create function booking.end_effect(business_id uuid, series_id uuid, every_day boolean, last_on date) returns jsonb
language plpgsql stable set search_path = '' as $$
declare effect jsonb;
begin
  with ending as (
    select s.* from booking.series a join booking.series x on x.business_id = a.business_id and (x.id = a.id or end_effect.every_day and x.pattern_id = a.pattern_id) join booking.sessions s on s.series_id = x.id
    where a.id = end_effect.series_id and a.business_id = end_effect.business_id and s.state = 'scheduled' and s.starts_at > now() and s.occurs_on > end_effect.last_on)
  select jsonb_build_object(
    'sessions', coalesce((select jsonb_agg(jsonb_build_object('session_id', s.id, 'starts_at', s.starts_at, 'ends_at', s.ends_at, 'taken', s.seats_taken) order by s.starts_at, s.id) from ending s), '[]'),
    'people', coalesce((select jsonb_agg(jsonb_build_object('booking_id', k.id, 'session_id', k.session_id, 'name', coalesce(k.guest_name, m.name), 'refund_cents', coalesce(l.total_cents - l.refunded_cents, 0), 'credits_back', k.credits) order by k.starts_at, m.name, k.id)
      from ending s join booking.bookings k on k.business_id = s.business_id and k.session_id = s.id and k.state = 'confirmed' join members.members m on m.id = k.member_id left join sales.order_lines l on l.id = k.order_line_id), '[]')) into effect;
  return effect || jsonb_build_object('hash', encode(sha256(convert_to(last_on || effect::text, 'UTF8')), 'hex'));
end $$;
comment on function booking.end_effect is 'Which sessions would go when a series ended after a day, and who gets back what.';

create function api.preview_series_end(business_id uuid, series_id uuid, last_on date, every_day boolean default false) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform business.require_role(preview_series_end.business_id, 'manager');
  if not exists (select from booking.series x where x.id = preview_series_end.series_id and x.business_id = preview_series_end.business_id) then perform platform.refuse(404, 'series_not_found'); end if;
  if preview_series_end.last_on is null then perform platform.refuse(422, 'invalid_input', '{"field": "last_on"}'); end if;
  return booking.end_effect(preview_series_end.business_id, preview_series_end.series_id, preview_series_end.every_day, preview_series_end.last_on);
end $$;
comment on function api.preview_series_end is 'What ending a series after a day would take off the timetable, and what people who booked would get back, with a hash to do exactly that. Refuses 404 series_not_found.';
grant execute on function api.preview_series_end to authenticated;

create function api.end_series(business_id uuid, series_id uuid, last_on date, every_day boolean, reason text, effect_hash text, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := business.require_role(end_series.business_id, 'manager');
  answer jsonb;
  effect jsonb;
  r booking.series;
  one record;
  gone int := 0;
  cancelled int := 0;
begin
  answer := platform.replay(me::text, end_series.idempotency_key, 'end_series', jsonb_build_object('series_id', end_series.series_id, 'last_on', last_on, 'every_day', every_day, 'hash', effect_hash));
  if answer is not null then return answer; end if;
  select * into r from booking.series x where x.id = end_series.series_id and x.business_id = end_series.business_id;
  if r.id is null then perform platform.refuse(404, 'series_not_found'); end if;
  if last_on is null or last_on < (select (now() at time zone b.time_zone)::date - 1 from business.businesses b where b.id = r.business_id) then perform platform.refuse(422, 'series_ends_past', '{"field": "last_on"}'); end if;
  if length(coalesce(reason, '')) > 300 then perform platform.refuse(422, 'reason_invalid', '{"field": "reason"}'); end if;
  perform 1 from booking.series x where x.business_id = r.business_id and (x.id = r.id or end_series.every_day and x.pattern_id = r.pattern_id) order by x.id for no key update;
  perform 1 from booking.sessions s where s.id in (select (e ->> 'session_id')::uuid from jsonb_array_elements(booking.end_effect(r.business_id, r.id, end_series.every_day, end_series.last_on) -> 'sessions') e) order by s.id for no key update;
  effect := booking.end_effect(r.business_id, r.id, end_series.every_day, end_series.last_on);
  if effect ->> 'hash' is distinct from end_series.effect_hash then perform platform.refuse(409, 'effect_changed'); end if;
  for one in select (e ->> 'session_id')::uuid as id from jsonb_array_elements(effect -> 'sessions') e loop
    perform booking.free_expired_holds(one.id);
    if (select s.seats_taken from booking.sessions s where s.id = one.id) = 0 then
      perform booking.withdraw(one.id);
      gone := gone + 1;
    else
      perform api.cancel_session(r.business_id, one.id, end_series.reason, left(end_series.idempotency_key, 60) || ':' || one.id);
      cancelled := cancelled + 1;
    end if;
  end loop;
  for one in select x.id, x.from_on from booking.series x where x.business_id = r.business_id and (x.id = r.id or end_series.every_day and x.pattern_id = r.pattern_id) and (x.until_on is null or x.until_on > end_series.last_on) order by x.id loop
    update booking.series x set until_on = greatest(end_series.last_on, x.from_on) where x.id = one.id;
    if one.from_on > end_series.last_on then
      -- It never began: its one day is none.
      insert into booking.series_exceptions (business_id, series_id, on_date, reason, by_user) values (r.business_id, one.id, one.from_on, 'skipped', me) on conflict on constraint series_exceptions_pkey do update set reason = 'skipped';
    end if;
  end loop;
  perform audit.note(r.business_id, 'series_ended', 'series:' || r.id, jsonb_build_object('last_on', last_on, 'every_day', every_day, 'reason', reason, 'taken_off', gone, 'cancelled', cancelled));
  return platform.remember(me::text, end_series.idempotency_key, jsonb_build_object('series_id', r.id, 'last_on', last_on, 'taken_off', gone, 'cancelled', cancelled));
end $$;
comment on function api.end_series is 'Ends a series after a day, exactly as it was previewed: classes nobody booked vanish, the others are called off (api.cancel_session). Refuses 404 series_not_found, 409 effect_changed, 422 series_ends_past, reason_invalid.';
grant execute on function api.end_series to authenticated;

create function api.publish_session(business_id uuid, session_id uuid, published boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare s booking.sessions;
begin
  perform business.require_role(publish_session.business_id, 'manager');
  select * into s from booking.sessions x where x.id = publish_session.session_id and x.business_id = publish_session.business_id for no key update;
  if s.id is null then perform platform.refuse(404, 'session_not_found'); end if;
  if s.state = 'cancelled' then perform platform.refuse(409, 'session_cancelled', jsonb_build_object('session_id', s.id)); end if;
  if s.starts_at <= now() then perform platform.refuse(409, 'session_past', jsonb_build_object('session_id', s.id)); end if;
  if (s.hidden_at is null) <> publish_session.published then
    perform booking.free_expired_holds(s.id);
    update booking.sessions x set hidden_at = case when not publish_session.published then now() end, version = x.version + 1 where x.id = s.id returning * into s;
    -- Its line rested while it was hidden.
    if publish_session.published then perform booking.seats_freed(s.id); end if;
    perform audit.note(s.business_id, case when publish_session.published then 'session_published' else 'session_unpublished' end, 'session:' || s.id, jsonb_build_object('seats_taken', s.seats_taken, 'waiting', s.waiting));
  end if;
  return jsonb_build_object('session_id', s.id, 'published', s.hidden_at is null, 'bookings', s.seats_taken, 'waiting', s.waiting);
end $$;
comment on function api.publish_session is 'Shows one class to customers, or hides it. Who booked keeps their place and sees it, who waits keeps theirs in a line that rests; nobody new comes in, but through the front desk. Again does nothing. Refuses 404 session_not_found, 409 session_cancelled, session_past.';
grant execute on function api.publish_session to authenticated;
