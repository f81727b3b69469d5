-- What managers read of the timetable, and the trail that its changes leave.

create function booking.choices(business_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'classes', coalesce((select jsonb_agg(jsonb_build_object('class_type_id', t.id, 'name', t.name, 'minutes', t.duration_minutes, 'capacity', t.capacity, 'price_cents', t.price_cents, 'published', t.published) order by t.published desc, t.slug)
      from booking.class_types t where t.business_id = choices.business_id), '[]'),
    'rooms', coalesce((select jsonb_agg(jsonb_build_object('room_id', r.id, 'name', r.name, 'location', l.name, 'capacity', r.capacity, 'retired', r.retired_at is not null) order by l.name, r.name)
      from booking.rooms r join business.locations l on l.id = r.location_id where r.business_id = choices.business_id), '[]'),
    'instructors', coalesce((select jsonb_agg(jsonb_build_object('instructor_id', i.id, 'name', i.name) order by i.name)
      from booking.instructors i where i.business_id = choices.business_id and i.published), '[]'));
end $$;

create function api.schedule_choices(business_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform business.require_role(schedule_choices.business_id, 'manager');
  return booking.choices(schedule_choices.business_id);
end $$;
comment on function api.schedule_choices is 'For managers: classes, rooms and teachers to choose from.';
grant execute on function api.schedule_choices to authenticated;

create function api.admin_schedule(business_id uuid, from_on date, days int default 7) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  zone text;
  from_at timestamptz;
  until_at timestamptz;
begin
  perform business.require_role(admin_schedule.business_id, 'manager');
  select b.time_zone into zone from business.businesses b where b.id = admin_schedule.business_id;
  from_at := admin_schedule.from_on::timestamp at time zone zone;
  until_at := (admin_schedule.from_on + least(greatest(admin_schedule.days, 1), 31))::timestamp at time zone zone;
  return jsonb_build_object(
    'rooms', coalesce((select jsonb_agg(jsonb_build_object('room_id', r.id, 'name', r.name, 'location', l.name, 'capacity', r.capacity) order by l.name, r.name) from booking.rooms r join business.locations l on l.id = r.location_id
      where r.business_id = admin_schedule.business_id and (r.retired_at is null or exists (select from booking.sessions s where s.business_id = r.business_id and s.room_id = r.id and s.starts_at >= from_at and s.starts_at < until_at))), '[]'),
    'sessions', coalesce((select jsonb_agg(jsonb_build_object('session_id', s.id, 'room_id', s.room_id, 'class_name', t.name, 'style', t.style, 'published', t.published, 'starts_at', s.starts_at, 'ends_at', s.ends_at, 'instructor_name', i.name,
        'capacity', s.capacity, 'taken', s.seats_taken - case when s.hold_ends_at <= now() then booking.holds_run_out(s.id) else 0 end, 'state', s.state, 'hidden', s.hidden_at is not null, 'version', s.version, 'series_id', s.series_id, 'left_pattern', s.left_pattern) order by s.starts_at, s.id)
      from booking.sessions s join booking.class_types t on t.id = s.class_type_id join booking.instructors i on i.id = s.instructor_id
      where s.business_id = admin_schedule.business_id and s.starts_at >= from_at and s.starts_at < until_at), '[]'),
    'exceptions', coalesce((select jsonb_agg(jsonb_build_object('series_id', e.series_id, 'on_date', e.on_date, 'reason', e.reason, 'note', e.note, 'class_name', t.name, 'local_start', to_char(x.local_start, 'HH24:MI'), 'room_id', x.room_id) order by e.on_date, x.local_start)
      from booking.series_exceptions e join booking.series x on x.id = e.series_id join booking.class_types t on t.id = x.class_type_id
      where e.business_id = admin_schedule.business_id and e.on_date >= admin_schedule.from_on and e.on_date < admin_schedule.from_on + least(greatest(admin_schedule.days, 1), 31)), '[]'));
end $$;
comment on function api.admin_schedule is 'For managers: the sessions of some days of the business, its rooms, and the days on which a series had to be left out. At most 31 days.';
grant execute on function api.admin_schedule to authenticated;

create function booking.pattern_of(series_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (select jsonb_build_object('series_id', x.id, 'class_name', t.name, 'weekday', x.weekday, 'local_start', to_char(x.local_start, 'HH24:MI'), 'minutes', coalesce(x.minutes, t.duration_minutes), 'from_on', x.from_on, 'until_on', x.until_on,
      'room_name', r.name, 'instructor_name', i.name, 'capacity', least(coalesce(x.capacity, t.capacity), r.capacity), 'price_cents', coalesce(x.price_cents, t.price_cents),
      'days', (select jsonb_agg(jsonb_build_object('series_id', y.id, 'weekday', y.weekday) order by y.weekday, y.from_on) from booking.series y where y.business_id = x.business_id and y.pattern_id = x.pattern_id))
    from booking.series x join booking.class_types t on t.id = x.class_type_id join booking.rooms r on r.id = x.room_id join booking.instructors i on i.id = x.instructor_id where x.id = pattern_of.series_id);
end $$;
comment on function booking.pattern_of is 'A weekly rule as it is shown, with the weekdays it shares its pattern with.';

create function api.admin_session(business_id uuid, session_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare answer jsonb;
begin
  perform business.require_role(admin_session.business_id, 'manager');
  select jsonb_build_object('session_id', s.id, 'class_type_id', t.id, 'class_slug', t.slug, 'class_name', t.name, 'published', t.published, 'on', to_char(s.starts_at at time zone b.time_zone, 'YYYY-MM-DD'), 'local_start', to_char(s.starts_at at time zone b.time_zone, 'HH24:MI'),
      'minutes', (extract(epoch from s.ends_at - s.starts_at) / 60)::int, 'starts_at', s.starts_at, 'ends_at', s.ends_at, 'room_id', r.id, 'room_name', r.name, 'location_name', l.name, 'instructor_id', i.id, 'instructor_name', i.name,
      'capacity', s.capacity, 'price_cents', s.price_cents, 'state', s.state, 'hidden', s.hidden_at is not null, 'waiting', s.waiting, 'left_pattern', s.left_pattern, 'version', s.version, 'taken', s.seats_taken - case when s.hold_ends_at <= now() then booking.holds_run_out(s.id) else 0 end,
      'series', booking.pattern_of(s.series_id), 'choices', booking.choices(s.business_id),
      'people', coalesce((select jsonb_agg(jsonb_build_object('booking_id', k.id, 'name', coalesce(k.guest_name, m.name), 'state', k.state, 'spot', k.spot) order by m.name, k.id) from booking.bookings k join members.members m on m.id = k.member_id
        where k.business_id = s.business_id and k.session_id = s.id and (k.state in ('confirmed', 'checked_in', 'no_show') or k.state = 'held' and k.held_until > now())), '[]')) into answer
    from booking.sessions s join booking.class_types t on t.id = s.class_type_id join booking.rooms r on r.id = s.room_id join business.locations l on l.id = r.location_id join booking.instructors i on i.id = s.instructor_id join business.businesses b on b.id = s.business_id
    where s.id = admin_session.session_id and s.business_id = admin_session.business_id;
  if answer is null then perform platform.refuse(404, 'session_not_found'); end if;
  return answer;
end $$;
comment on function api.admin_session is 'For managers: one session with its weekly rule, who has a seat, and what its form offers. Refuses 404 session_not_found.';
grant execute on function api.admin_session to authenticated;

create function api.admin_series(business_id uuid, series_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare answer jsonb;
begin
  perform business.require_role(admin_series.business_id, 'manager');
  select booking.pattern_of(x.id) || jsonb_build_object(
      'sessions', coalesce((select jsonb_agg(jsonb_build_object('session_id', s.id, 'on_date', s.occurs_on, 'starts_at', s.starts_at, 'ends_at', s.ends_at, 'room_name', r.name, 'instructor_name', i.name, 'capacity', s.capacity, 'taken', s.seats_taken, 'state', s.state, 'left_pattern', s.left_pattern) order by s.occurs_on)
        from (select * from booking.sessions o where o.business_id = x.business_id and o.series_id = x.id and o.starts_at > now() order by o.starts_at limit 60) s join booking.rooms r on r.id = s.room_id join booking.instructors i on i.id = s.instructor_id), '[]'),
      'exceptions', coalesce((select jsonb_agg(jsonb_build_object('on_date', e.on_date, 'reason', e.reason, 'note', e.note) order by e.on_date) from booking.series_exceptions e where e.series_id = x.id and e.on_date >= current_date - 1), '[]')) into answer
    from booking.series x where x.id = admin_series.series_id and x.business_id = admin_series.business_id;
  if answer is null then perform platform.refuse(404, 'series_not_found'); end if;
  return answer;
end $$;
comment on function api.admin_series is 'For managers: a weekly rule, its sessions to come and the days it is not on. Refuses 404 series_not_found.';
grant execute on function api.admin_series to authenticated;

-- The trail ------------------------------------------------------------------------------------------------------------
create function api.audit_trail(business_id uuid, before_id bigint default null, only_act text default null, page_size int default 50) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  whole audit.events;
  c audit.events;
begin
  perform business.require_role(audit_trail.business_id, 'owner');
  c := audit.last_check(audit_trail.business_id);
  -- A check goes on from the one before; once in a while all of it is read again.
  select * into whole from (
      (select * from audit.events e where e.business_id = audit_trail.business_id and e.act = 'trail_broken' order by e.id desc limit 1)
      union all
      (select * from audit.events e where e.business_id = audit_trail.business_id and e.act = 'trail_checked' and (e.detail ->> 'whole')::boolean order by e.id desc limit 1)) e order by e.id desc limit 1;
  return jsonb_build_object(
    'events', coalesce((select jsonb_agg(jsonb_build_object('id', e.id, 'at', e.at, 'by', coalesce(m.name, split_part(u.email, '@', 1)), 'act', e.act, 'about', e.about, 'detail', e.detail) order by e.id desc)
      from (select * from audit.events x where x.business_id = audit_trail.business_id and (audit_trail.before_id is null or x.id < audit_trail.before_id) and (audit_trail.only_act is null or x.act = audit_trail.only_act)
        order by x.id desc limit least(greatest(audit_trail.page_size, 1), 200)) e
      left join members.members m on m.business_id = e.business_id and m.user_id = e.by_user left join auth.users u on u.id = e.by_user), '[]'),
    'findings', coalesce((select jsonb_agg(jsonb_build_object('event_id', f.event_id, 'problem', f.problem) order by f.event_id)
      from (select * from audit.recent_findings(audit_trail.business_id)
        union select (x ->> 'event_id')::bigint, x ->> 'problem' from jsonb_array_elements(case when whole.act = 'trail_broken' then whole.detail -> 'first' else '[]' end) x) f), '[]'),
    'checked', case when c.id is not null then jsonb_build_object('at', c.at, 'lines', c.detail -> 'lines') end,
    'whole', case when whole.id is not null then jsonb_build_object('at', whole.at, 'lines', whole.detail -> 'lines', 'findings', coalesce((whole.detail ->> 'findings')::int, 0)) end,
    -- From one act to the next: there are few, of however many lines.
    'acts', (with recursive a as (
        select (select min(x.act) from audit.events x where x.business_id = audit_trail.business_id) as act
        union all
        select (select min(x.act) from audit.events x where x.business_id = audit_trail.business_id and x.act > a.act) from a where a.act is not null)
      select coalesce(jsonb_agg(a.act order by a.act), '[]') from a where a.act is not null));
end $$;
comment on function api.audit_trail is 'For owners: what was done at the business, newest first (keyset by before_id), the acts there are, and every line that is not what it was when it was written: what was written since the last check is read each time, what is before it when all of it was read last (whole: {at, lines, findings}).';
grant execute on function api.audit_trail to authenticated;

create function api.check_trail(business_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform business.require_role(check_trail.business_id, 'owner');
  perform platform.add_job('check_trail', jsonb_build_object('business_id', check_trail.business_id, 'whole', true), 'trail:' || check_trail.business_id);
  return jsonb_build_object('queued', true);
end $$;
comment on function api.check_trail is 'The owner has the whole trail read again, by a job; what it finds stands in the trail (trail_checked or trail_broken). Refuses 403 not_your_role.';
grant execute on function api.check_trail to authenticated;

create function api.read_trail(business_id uuid, whole boolean) returns jsonb
language sql volatile security definer set search_path = '' as $$ select audit.check_trail(read_trail.business_id, read_trail.whole); $$;
comment on function api.read_trail is 'See audit.check_trail. Run by a job.';
grant execute on function api.read_trail to service_role;

create function api.read_trails() returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  b record;
  done int := 0;
begin
  -- All of a trail once a week, what is new in it every night. One job each: who writes to one trail waits for no other.
  for b in select x.id, exists (select from audit.events e where e.business_id = x.id and e.act = 'trail_checked' and e.at > now() - interval '6 days 12 hours' and (e.detail ->> 'whole')::boolean) as read_lately from business.businesses x order by x.id loop
    perform platform.add_job('check_trail', jsonb_build_object('business_id', b.id, 'whole', not b.read_lately), 'trail:' || b.id || case when b.read_lately then ':new' else '' end);
    done := done + 1;
  end loop;
  return done;
end $$;
comment on function api.read_trails is 'Has what is new in every business''s trail read, and once a week all of it. Run by a job, nightly.';
grant execute on function api.read_trails to service_role;
