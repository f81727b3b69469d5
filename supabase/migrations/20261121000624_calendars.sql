-- Calendars: addresses that calendar programs follow. Whoever has one sees one member's, instructor's or room's classes and nothing else.

-- For calendars: how often what a calendar shows of a session has changed, and when last. Seats are not shown there.
alter table booking.sessions add column calendar_sequence int not null default 0, add column calendar_changed_at timestamptz not null default now();
comment on column booking.sessions.calendar_sequence is 'Grows with every change of time, room, teacher, class or state: SEQUENCE in calendar files.';
create function booking.tg_sessions__calendar() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.calendar_sequence := old.calendar_sequence + 1;
  new.calendar_changed_at := now();
  return new;
end $$;
create trigger tg_sessions__calendar before update of class_type_id, room_id, instructor_id, starts_at, ends_at, state on booking.sessions for each row
  when (row(old.class_type_id, old.room_id, old.instructor_id, old.starts_at, old.ends_at, old.state) is distinct from row(new.class_type_id, new.room_id, new.instructor_id, new.starts_at, new.ends_at, new.state))
  execute function booking.tg_sessions__calendar();


create table booking.calendar_feeds (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete cascade,
  owner_kind text not null check (owner_kind in ('member', 'instructor', 'room')),
  member_id uuid,
  instructor_id uuid,
  room_id uuid,
  token_hash bytea not null unique,
  locale text not null,
  made_at timestamptz not null default now(),
  made_by uuid,
  read_at timestamptz,
  revoked_at timestamptz,
  check (num_nonnulls(member_id, instructor_id, room_id) = 1),
  check (case owner_kind when 'member' then member_id when 'instructor' then instructor_id else room_id end is not null),
  foreign key (business_id, member_id) references members.members (business_id, id) on delete cascade,
  foreign key (business_id, instructor_id) references booking.instructors (business_id, id) on delete cascade,
  foreign key (business_id, room_id) references booking.rooms (business_id, id) on delete cascade
);
comment on table booking.calendar_feeds is 'An address /calendars/<token>.ics. The token is shown once, when it is made; only its hash stays. Revoking is final.';
comment on column booking.calendar_feeds.read_at is 'When a program last came by, within an hour.';
create index calendar_feeds_member_id_idx on booking.calendar_feeds (business_id, member_id);
create index calendar_feeds_instructor_id_idx on booking.calendar_feeds (business_id, instructor_id);
create index calendar_feeds_room_id_idx on booking.calendar_feeds (business_id, room_id);
alter table booking.calendar_feeds enable row level security;
grant select (id, business_id, owner_kind, member_id, instructor_id, room_id, locale, made_at, made_by, read_at, revoked_at) on booking.calendar_feeds to authenticated;
create policy "Members and instructors see their own calendars, managers those of instructors and rooms" on booking.calendar_feeds for select to authenticated
  using (member_id in (select members.mine()) or instructor_id in (select booking.teaching_as()) or member_id is null and business_id in (select business.where_i_am('manager')));

create function api.make_calendar(business_id uuid, owner_kind text, owner_id uuid default null, locale text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid := members.require_me(make_calendar.business_id);
  owner uuid;
  token text := translate(encode(extensions.gen_random_bytes(24), 'base64'), '+/=', '-_');
  made uuid;
begin
  case make_calendar.owner_kind
    when 'member' then
      owner := me;
    when 'instructor' then
      owner := coalesce(make_calendar.owner_id, booking.require_instructor(make_calendar.business_id));
      perform booking.require_say_over(make_calendar.business_id, owner);
    when 'room' then
      perform business.require_role(make_calendar.business_id, 'manager');
      select r.id into owner from booking.rooms r where r.id = make_calendar.owner_id and r.business_id = make_calendar.business_id;
      if owner is null then perform platform.refuse(404, 'calendar_not_found'); end if;
    else perform platform.refuse(422, 'calendar_kind_unknown', '{"field": "owner_kind"}');
  end case;
  -- One at a time for each owner, so that the count holds.
  perform pg_advisory_xact_lock(hashtextextended('calendars ' || owner, 0));
  if (select count(*) from booking.calendar_feeds f where f.business_id = make_calendar.business_id and coalesce(f.member_id, f.instructor_id, f.room_id) = owner and f.revoked_at is null) >= 10 then
    perform platform.refuse(409, 'calendars_full');
  end if;
  insert into booking.calendar_feeds as f (business_id, owner_kind, member_id, instructor_id, room_id, token_hash, locale, made_by)
  values (make_calendar.business_id, make_calendar.owner_kind, case make_calendar.owner_kind when 'member' then owner end, case make_calendar.owner_kind when 'instructor' then owner end, case make_calendar.owner_kind when 'room' then owner end,
    platform.token_hash(token), left(coalesce(make_calendar.locale, (select m.locale from members.members m where m.id = me)), 8), auth.uid()) returning f.id into made;
  if make_calendar.owner_kind <> 'member' and owner not in (select booking.teaching_as()) then
    perform audit.note(make_calendar.business_id, 'calendar_made', make_calendar.owner_kind || ':' || owner, jsonb_build_object('feed_id', made));
  end if;
  return jsonb_build_object('feed_id', made, 'owner_kind', make_calendar.owner_kind, 'owner_id', owner, 'token', token);
end $$;
comment on function api.make_calendar is 'A new secret address: of the asker''s own bookings (member), of an instructor''s classes (their own, or any for managers), of a room''s (managers). The answer is the only time the token is seen. Refuses 403 not_your_role, not_an_instructor, 404 instructor_not_found, calendar_not_found (no such room), 409 calendars_full, 422 calendar_kind_unknown.';
grant execute on function api.make_calendar to authenticated;

create function api.revoke_calendar(business_id uuid, feed_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare f booking.calendar_feeds;
begin
  perform members.require_me(revoke_calendar.business_id);
  update booking.calendar_feeds x set revoked_at = coalesce(x.revoked_at, now())
  where x.id = revoke_calendar.feed_id and x.business_id = revoke_calendar.business_id
    and (x.member_id in (select members.mine()) or x.instructor_id in (select booking.teaching_as()) or x.member_id is null and x.business_id in (select business.where_i_am('manager')))
  returning * into f;
  if f.id is null then perform platform.refuse(404, 'calendar_not_found'); end if;
  if f.member_id is null and coalesce(f.instructor_id not in (select booking.teaching_as()), true) then
    perform audit.note(f.business_id, 'calendar_revoked', f.owner_kind || ':' || coalesce(f.instructor_id, f.room_id), jsonb_build_object('feed_id', f.id));
  end if;
end $$;
comment on function api.revoke_calendar is 'The address answers nobody from now on; again does nothing. Refuses 404 calendar_not_found, also for somebody else''s.';
grant execute on function api.revoke_calendar to authenticated;

create function booking.tg_instructors__revoke_calendars() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update booking.calendar_feeds f set revoked_at = now() where f.business_id = new.business_id and f.instructor_id = new.id and f.made_by = old.user_id and f.revoked_at is null;
  return null;
end $$;
comment on function booking.tg_instructors__revoke_calendars is 'Who no longer signs in as an instructor does not follow their calendar either.';
create trigger tg_instructors__revoke_calendars after update of user_id on booking.instructors for each row when (old.user_id is not null and old.user_id is distinct from new.user_id) execute function booking.tg_instructors__revoke_calendars();

create function api.my_calendars(business_id uuid) returns table (feed_id uuid, owner_kind text, made_at timestamptz, read_at timestamptz)
language plpgsql stable security definer set search_path = '' rows 5 as $$
#variable_conflict use_column
begin
  return query select f.id, f.owner_kind, f.made_at, f.read_at from booking.calendar_feeds f
    where f.business_id = my_calendars.business_id and f.revoked_at is null
      and (f.member_id = (select m.id from members.members m where m.business_id = my_calendars.business_id and m.user_id = auth.uid()) or f.instructor_id in (select booking.teaching_as()))
    order by f.made_at;
end $$;
comment on function api.my_calendars is 'Addresses of the asker''s own calendars that still answer, as a member and as an instructor.';
grant execute on function api.my_calendars to authenticated;

create function api.house_calendars(business_id uuid) returns table (owner_kind text, owner_id uuid, name text, feeds jsonb)
language plpgsql stable security definer set search_path = '' rows 30 as $$
#variable_conflict use_column
begin
  perform business.require_role(house_calendars.business_id, 'manager');
  return query
  select o.kind, o.id, o.name, coalesce((select jsonb_agg(jsonb_build_object('feed_id', f.id, 'made_at', f.made_at, 'read_at', f.read_at) order by f.made_at)
    from booking.calendar_feeds f where f.business_id = house_calendars.business_id and f.revoked_at is null and (o.kind = 'room' and f.room_id = o.id or o.kind = 'instructor' and f.instructor_id = o.id)), '[]')
  from (select 'room'::text as kind, r.id, r.name from booking.rooms r where r.business_id = house_calendars.business_id
    union all select 'instructor', i.id, i.name from booking.instructors i where i.business_id = house_calendars.business_id) o
  order by o.kind desc, o.name;
end $$;
comment on function api.house_calendars is 'Rooms and instructors with the addresses of their calendars that still answer. For managers.';
grant execute on function api.house_calendars to authenticated;

-- What a calendar shows -------------------------------------------------------------------------------------------------
create function api.booking_calendar(business_id uuid, booking_id uuid)
returns table (id uuid, session_id uuid, class_slug text, class_name jsonb, starts_at timestamptz, ends_at timestamptz, instructor_name text, room_name text, cancelled boolean, sequence int, changed_at timestamptz)
language plpgsql stable security definer set search_path = '' rows 1 as $$
#variable_conflict use_column
begin
  return query
  select k.id, s.id, t.slug, t.name, s.starts_at, s.ends_at, i.name, r.name, k.state in ('cancelled', 'late_cancelled', 'expired') or s.state = 'cancelled', s.calendar_sequence,
    greatest(s.calendar_changed_at, (select max(p.at) from booking.booking_steps p where p.business_id = k.business_id and p.booking_id = k.id))
  from booking.bookings k join booking.sessions s on s.id = k.session_id join booking.class_types t on t.id = s.class_type_id join booking.instructors i on i.id = s.instructor_id join booking.rooms r on r.id = s.room_id
  where k.id = booking_calendar.booking_id and k.business_id = booking_calendar.business_id and k.member_id in (select members.mine());
end $$;
comment on function api.booking_calendar is 'One of the asker''s bookings for a calendar file, whether or not its class is still shown to customers; no row when it is not theirs. sequence: of the session; a cancelled booking comes one later.';
grant execute on function api.booking_calendar to authenticated;

create function api.calendar_feed(business_id uuid, token text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  f booking.calendar_feeds;
  from_at timestamptz := now() - interval '3 months';
  until_at timestamptz := now() + interval '12 months';
  name text;
  entries jsonb;
begin
  select * into f from booking.calendar_feeds x where x.token_hash = platform.token_hash(calendar_feed.token) and x.business_id = calendar_feed.business_id and x.revoked_at is null;
  if f.id is null then return null; end if;
  -- Once an hour is enough to see that somebody follows it.
  if f.read_at is null or f.read_at < now() - interval '1 hour' then update booking.calendar_feeds x set read_at = now() where x.id = f.id; end if;
  if f.owner_kind = 'member' then
    select m.name into name from members.members m where m.id = f.member_id;
    select jsonb_agg(jsonb_build_object('id', k.id, 'session_id', s.id, 'class_name', t.name, 'starts_at', s.starts_at, 'ends_at', s.ends_at, 'instructor_name', i.name, 'room_name', r.name, 'sequence', s.calendar_sequence,
        'person', case when k.member_id <> f.member_id then p.name end, 'cancelled', k.state in ('cancelled', 'late_cancelled') or s.state = 'cancelled',
        'changed_at', greatest(s.calendar_changed_at, (select max(t.at) from booking.booking_steps t where t.business_id = k.business_id and t.booking_id = k.id))) order by s.starts_at, k.id) into entries
    from members.members p
    -- A class once, however many they bring along: as their own place is, else as a guest's, and called off only when all of them are.
    join lateral (select distinct on (b.session_id) b.* from booking.bookings b where b.business_id = p.business_id and b.member_id = p.id and b.starts_at between from_at and until_at and b.state in ('confirmed', 'checked_in', 'no_show', 'cancelled', 'late_cancelled')
      order by b.session_id, b.state in ('cancelled', 'late_cancelled'), b.guest_name is not null, b.created_at desc, b.id) k on true
    join booking.sessions s on s.id = k.session_id join booking.class_types t on t.id = s.class_type_id join booking.instructors i on i.id = s.instructor_id join booking.rooms r on r.id = s.room_id
    -- Theirs, and those of the people they look after.
    where p.business_id = f.business_id and (p.id = f.member_id or p.guardian_id = f.member_id);
  else
    select coalesce((select i.name from booking.instructors i where i.id = f.instructor_id), (select r.name from booking.rooms r where r.id = f.room_id)) into name;
    select jsonb_agg(jsonb_build_object('id', s.id, 'session_id', s.id, 'class_name', t.name, 'starts_at', s.starts_at, 'ends_at', s.ends_at, 'instructor_name', i.name, 'room_name', r.name, 'sequence', s.calendar_sequence,
        'cancelled', s.state = 'cancelled', 'changed_at', s.calendar_changed_at) order by s.starts_at, s.id) into entries
    from booking.sessions s join booking.class_types t on t.id = s.class_type_id join booking.instructors i on i.id = s.instructor_id join booking.rooms r on r.id = s.room_id
    where s.business_id = f.business_id and s.starts_at between from_at and until_at and (f.instructor_id is null or s.instructor_id = f.instructor_id) and (f.room_id is null or s.room_id = f.room_id);
  end if;
  return jsonb_build_object('owner_kind', f.owner_kind, 'name', name, 'locale', f.locale, 'entries', coalesce(entries, '[]'));
end $$;
comment on function api.calendar_feed is 'What a calendar shows, three months back and twelve ahead: a member''s bookings, or the sessions of an instructor or a room. Null for a token that is unknown, revoked or another business''s.';
grant execute on function api.calendar_feed to service_role;
