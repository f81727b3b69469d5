-- Places in a room: its map, what changes of rooms and maps mean for those who are booked, and who picks which place.

create function booking.is_spot_map(map jsonb) returns boolean
language plpgsql immutable set search_path = '' as $$
declare
  width int;
  height int;
  spots jsonb := map -> 'spots';
begin
  width := (map ->> 'columns')::int;
  height := (map ->> 'rows')::int;
  return width between 1 and 12 and height between 1 and 12 and jsonb_typeof(spots) = 'array' and jsonb_array_length(spots) between 1 and 144
    and (select bool_and(coalesce(s ->> 'id', '') ~ '^[a-z0-9-]{1,12}$' and length(coalesce(s ->> 'label', '')) between 1 and 6 and (s ->> 'x')::int between 0 and width - 1 and (s ->> 'y')::int between 0 and height - 1)
        and count(distinct s ->> 'id') = count(*) and count(distinct ((s ->> 'x')::int, (s ->> 'y')::int)) = count(*) from jsonb_array_elements(spots) s)
    and (coalesce(map -> 'teacher', 'null') = 'null' or (map -> 'teacher' ->> 'x')::int between 0 and width - 1 and (map -> 'teacher' ->> 'y')::int between 0 and height - 1
      and not exists (select from jsonb_array_elements(spots) s where (s ->> 'x')::int = (map -> 'teacher' ->> 'x')::int and (s ->> 'y')::int = (map -> 'teacher' ->> 'y')::int));
exception when data_exception then
  return false;
end $$;

alter table booking.rooms
  add column spot_map jsonb check (spot_map is null or booking.is_spot_map(spot_map)),
  add column retired_at timestamptz,
  add check (length(trim(name)) between 1 and 80);
comment on column booking.rooms.spot_map is 'The places people choose from: {"columns", "rows", "teacher": {"x", "y"} | null, "spots": [{"id", "label", "x", "y"}]}, counted from 0, front row first. Null: nobody chooses.';
comment on column booking.rooms.retired_at is 'Not offered for new classes since then.';
alter table business.locations add check (length(trim(name)) between 1 and 80);

alter table booking.bookings
  add column spot text,
  add column time_changed_at timestamptz;
comment on column booking.bookings.spot is 'Id of a spot of the room''s map; each is one person''s.';
comment on column booking.bookings.time_changed_at is 'The class was moved to another time after it was booked: it may be cancelled free of charge until it begins (free_cancel_until says so).';
create unique index bookings_one_spot_each on booking.bookings (session_id, spot) where spot is not null and state in ('held', 'confirmed', 'checked_in', 'no_show');

create function api.save_location(business_id uuid, location_id uuid, name text, address jsonb) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare made uuid;
begin
  perform business.require_role(save_location.business_id, 'manager');
  if coalesce(length(trim(save_location.name)), 0) not between 1 and 80 then perform platform.refuse(422, 'name_invalid', '{"field": "name"}'); end if;
  if save_location.location_id is null then
    insert into business.locations as l (business_id, name, address) values (save_location.business_id, trim(save_location.name), coalesce(save_location.address, '{}')) returning l.id into made;
  else
    update business.locations l set name = trim(save_location.name), address = l.address || coalesce(save_location.address, '{}')
    where l.id = save_location.location_id and l.business_id = save_location.business_id returning l.id into made;
    if made is null then perform platform.refuse(404, 'location_not_found'); end if;
  end if;
  perform audit.note(save_location.business_id, 'location_saved', 'location:' || made, jsonb_build_object('name', trim(save_location.name)));
  return made;
end $$;
comment on function api.save_location is 'Makes (location_id null) or changes a location; of the address only the given parts. Refuses 404 location_not_found, 422 name_invalid.';
grant execute on function api.save_location to authenticated;

create function api.save_room(business_id uuid, room_id uuid, facts jsonb, release_spots boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  before booking.rooms;
  r booking.rooms;
  lost int;
  full_ones record;
begin
  perform business.require_role(save_room.business_id, 'manager');
  if exists (select from jsonb_object_keys(save_room.facts) k where k not in ('location_id', 'name', 'capacity', 'spot_map', 'retired')) then perform platform.refuse(422, 'invalid_input'); end if;
  if save_room.room_id is not null then
    select * into before from booking.rooms x where x.id = save_room.room_id and x.business_id = save_room.business_id for no key update;
    if before.id is null then perform platform.refuse(404, 'room_not_found'); end if;
  end if;
  r := jsonb_populate_record(before, save_room.facts - 'retired');
  -- jsonb's own null means that there is no map.
  if save_room.facts -> 'spot_map' = 'null' then r.spot_map := null; end if;
  if save_room.facts ? 'retired' then r.retired_at := case when (save_room.facts ->> 'retired')::boolean then coalesce(before.retired_at, now()) end; end if;
  if coalesce(length(trim(r.name)), 0) not between 1 and 80 then perform platform.refuse(422, 'name_invalid', '{"field": "name"}'); end if;
  if coalesce(r.capacity, 0) not between 1 and 10000 then perform platform.refuse(422, 'invalid_input', '{"field": "capacity"}'); end if;
  if not exists (select from business.locations l where l.business_id = save_room.business_id and l.id = r.location_id) then perform platform.refuse(422, 'location_not_found', '{"field": "location_id"}'); end if;
  if r.spot_map is not null and not coalesce(booking.is_spot_map(r.spot_map), false) then perform platform.refuse(422, 'spot_map_invalid', '{"field": "spot_map"}'); end if;
  if r.spot_map is not null and jsonb_array_length(r.spot_map -> 'spots') < r.capacity then
    perform platform.refuse(422, 'spots_fewer_than_places', jsonb_build_object('field', 'spot_map', 'spots', jsonb_array_length(r.spot_map -> 'spots'), 'places', r.capacity));
  end if;
  if before.id is null then
    insert into booking.rooms as x (business_id, location_id, name, capacity, spot_map, retired_at)
    values (save_room.business_id, r.location_id, trim(r.name), r.capacity, r.spot_map, r.retired_at) returning * into r;
  else
    perform 1 from booking.sessions s where s.business_id = before.business_id and s.room_id = before.id and s.starts_at > now() and s.state = 'scheduled' order by s.id for no key update;
    select count(*), min(t.name::text)::jsonb as class, max(s.seats_taken) as taken into full_ones from booking.sessions s join booking.class_types t on t.id = s.class_type_id
      where s.business_id = before.business_id and s.room_id = before.id and s.starts_at > now() and s.state = 'scheduled' and s.seats_taken > r.capacity;
    if full_ones.count > 0 then
      perform platform.refuse(409, 'capacity_below_bookings', jsonb_build_object('field', 'capacity', 'taken', full_ones.taken, 'class', full_ones.class));
    end if;
    -- People who chose a place that is no longer there choose again: said before it is done.
    select count(*) into lost from booking.bookings k join booking.sessions s on s.id = k.session_id
      where s.business_id = before.business_id and s.room_id = before.id and s.starts_at > now() and k.spot is not null and k.state in ('held', 'confirmed')
        and not coalesce(r.spot_map -> 'spots' @> jsonb_build_array(jsonb_build_object('id', k.spot)), false);
    if lost > 0 and not save_room.release_spots then perform platform.refuse(409, 'spots_in_use', jsonb_build_object('people', lost, 'field', 'release_spots')); end if;
    update booking.rooms x set location_id = r.location_id, name = trim(r.name), capacity = r.capacity, spot_map = r.spot_map, retired_at = r.retired_at where x.id = before.id;
    if lost > 0 then
      update booking.bookings k set spot = null from booking.sessions s
      where s.id = k.session_id and s.business_id = before.business_id and s.room_id = before.id and s.starts_at > now() and k.spot is not null and k.state in ('held', 'confirmed')
        and not coalesce(r.spot_map -> 'spots' @> jsonb_build_array(jsonb_build_object('id', k.spot)), false);
    end if;
    perform set_config('atrium.series_edit', 'yes', true);
    update booking.sessions s set capacity = r.capacity, version = s.version + 1
    where s.business_id = before.business_id and s.room_id = before.id and s.starts_at > now() and s.state = 'scheduled' and s.capacity > r.capacity;
    perform set_config('atrium.series_edit', '', true);
  end if;
  perform audit.note(save_room.business_id, case when before.id is null then 'room_made' else 'room_changed' end, 'room:' || coalesce(before.id, r.id),
    jsonb_build_object('name', trim(r.name), 'capacity', r.capacity, 'spots', jsonb_array_length(r.spot_map -> 'spots'), 'retired', r.retired_at is not null));
  return jsonb_build_object('room_id', coalesce(before.id, r.id));
end $$;
comment on function api.save_room is 'Makes (room_id null) or changes a room; facts: location_id, name, capacity, spot_map, retired; those left out stay. A smaller room lowers the places of its classes to come. Refuses 404 room_not_found, 409 capacity_below_bookings, spots_in_use (unless release_spots), 422 name_invalid, location_not_found, spot_map_invalid, spots_fewer_than_places.';
grant execute on function api.save_room to authenticated;

create function api.admin_rooms(business_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform business.require_role(admin_rooms.business_id, 'manager');
  return coalesce((select jsonb_agg(jsonb_build_object('location_id', l.id, 'name', l.name, 'address', l.address,
      'rooms', coalesce((select jsonb_agg(jsonb_build_object('room_id', r.id, 'location_id', l.id, 'name', r.name, 'capacity', r.capacity, 'spot_map', r.spot_map, 'retired_at', r.retired_at, 'upcoming', n.upcoming) order by r.retired_at is not null, r.name)
        from booking.rooms r cross join lateral (select count(*) as upcoming from booking.sessions s where s.business_id = r.business_id and s.room_id = r.id and s.starts_at > now() and s.state = 'scheduled') n
        where r.business_id = l.business_id and r.location_id = l.id), '[]')) order by l.name)
    from business.locations l where l.business_id = admin_rooms.business_id), '[]');
end $$;
comment on function api.admin_rooms is 'For managers: locations with their rooms, their maps, and how many classes are to come in each.';
grant execute on function api.admin_rooms to authenticated;
drop index booking.sessions_room_id_idx;
create index sessions_room_id_idx on booking.sessions (business_id, room_id, starts_at);

-- Picking a place -----------------------------------------------------------------------------------------------------
create function booking.spots_taken(session_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_agg(k.spot order by k.spot), '[]') from booking.bookings k
    where k.session_id = spots_taken.session_id and k.spot is not null and k.state in ('held', 'confirmed', 'checked_in', 'no_show'));
end $$;

create function booking.tg_bookings__tell_spots() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform realtime.send(
    jsonb_build_object('session_id', new.session_id, 'taken', booking.spots_taken(new.session_id)),
    'spots_changed', 'business:' || new.business_id || ':timetable', true);
  return null;
end $$;
-- Who changes a booking's spot or ends it holds the session's lock, so the lists go out in the order in which they became true.
create trigger tg_bookings__tell_spots after update of spot, state on booking.bookings for each row
  when (old.spot is distinct from new.spot or new.spot is not null and old.state is distinct from new.state) execute function booking.tg_bookings__tell_spots();

create function api.session_spots(business_id uuid, session_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare answer jsonb;
begin
  select jsonb_build_object('session_id', s.id, 'room_name', r.name, 'map', r.spot_map, 'taken', booking.spots_taken(s.id), 'open', s.state = 'scheduled' and s.starts_at > now(),
      'mine', coalesce((select jsonb_agg(jsonb_build_object('booking_id', k.id, 'name', coalesce(k.guest_name, m.name), 'spot', k.spot) order by k.created_at, k.id)
        from booking.bookings k join members.members m on m.id = k.member_id
        where k.session_id = s.id and k.member_id in (select members.mine()) and k.state in ('confirmed', 'checked_in')), '[]')) into answer
    from booking.sessions s join booking.rooms r on r.id = s.room_id
    where s.business_id = session_spots.business_id and s.id = session_spots.session_id and r.spot_map is not null;
  return answer;
end $$;
comment on function api.session_spots is 'The map of a session''s room, the spots taken, and the asker''s own seats with theirs; null when nobody chooses places there.';
grant execute on function api.session_spots to anon, authenticated;

create function api.choose_spot(business_id uuid, booking_id uuid, spot text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  k booking.bookings;
  s booking.sessions;
begin
  perform members.require_me(choose_spot.business_id);
  select * into k from booking.bookings x where x.id = choose_spot.booking_id and x.business_id = choose_spot.business_id
    and (x.member_id in (select members.mine()) or x.business_id in (select business.where_i_am('front_desk')));
  if k.id is null then perform platform.refuse(404, 'booking_not_found'); end if;
  -- Session before booking, as everywhere: two who reach for one place wait for each other here.
  select * into s from booking.sessions x where x.id = k.session_id for no key update;
  select * into k from booking.bookings x where x.id = k.id for no key update;
  if k.state not in ('confirmed', 'checked_in') then perform platform.refuse(409, 'booking_not_confirmed', jsonb_build_object('state', k.state)); end if;
  if s.state = 'cancelled' then perform platform.refuse(409, 'session_cancelled', jsonb_build_object('session_id', s.id)); end if;
  if s.ends_at <= now() then perform platform.refuse(409, 'session_past', jsonb_build_object('session_id', s.id)); end if;
  if choose_spot.spot is not null and not coalesce((select r.spot_map -> 'spots' @> jsonb_build_array(jsonb_build_object('id', choose_spot.spot)) from booking.rooms r where r.id = s.room_id), false) then
    perform platform.refuse(422, 'spot_not_found', jsonb_build_object('field', 'spot'));
  end if;
  if exists (select from booking.bookings x where x.session_id = s.id and x.spot = choose_spot.spot and x.id <> k.id and x.state in ('held', 'confirmed', 'checked_in', 'no_show')) then
    perform platform.refuse(409, 'spot_taken', jsonb_build_object('spot', choose_spot.spot));
  end if;
  update booking.bookings x set spot = choose_spot.spot where x.id = k.id and x.spot is distinct from choose_spot.spot;
  return jsonb_build_object('booking_id', k.id, 'session_id', s.id, 'spot', choose_spot.spot, 'taken', booking.spots_taken(s.id));
end $$;
comment on function api.choose_spot is 'Gives a confirmed booking its spot (null: none), for its member or the front desk. Refuses 404 booking_not_found, 409 spot_taken, booking_not_confirmed, session_cancelled, session_past, 422 spot_not_found.';
grant execute on function api.choose_spot to authenticated;
