-- The schedule: what is taught, where, and when. Class types, rooms with their places, series and what changes of them mean for
-- the people who booked. Runs after booking and before sales; whoever has power here leaves a trace in audit.events.

alter table booking.class_types add column picture text not null default '' check (picture ~ '^(style/[a-z0-9-]{2,40})?$');
comment on column booking.class_types.picture is 'A drawing of the house; empty: the one of its style.';

-- What a form may say about a class: columns, in the words of the table.
create function booking.class_type_facts() returns text[]
language plpgsql immutable set search_path = '' as $$
begin
  return array['name', 'summary', 'description', 'bring', 'style', 'level', 'picture', 'duration_minutes', 'price_cents', 'tax_rate_bp', 'capacity', 'credits',
    'free_cancel_hours', 'late_refund_percent', 'opens_days_before', 'closes_minutes_before',
    'late_fee_cents', 'no_show_fee_cents', 'refund_if_refilled', 'max_guests', 'waitlist_mode', 'waitlist_offer_minutes', 'waitlist_cutoff_minutes', 'release_minutes_before'];
end $$;

create function api.save_class_type(business_id uuid, class_type_id uuid, facts jsonb, also_upcoming boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  before booking.class_types;
  t booking.class_types;
  first_language text;
  changed uuid[] := '{}';
  freed uuid;
  word text;
  wrong text;
begin
  perform business.require_role(save_class_type.business_id, 'manager');
  select b.locales[1] into first_language from business.businesses b where b.id = save_class_type.business_id;
  if exists (select from jsonb_object_keys(save_class_type.facts) k where k <> 'slug' and k <> all (booking.class_type_facts())) then perform platform.refuse(422, 'invalid_input'); end if;
  if save_class_type.class_type_id is null then
    -- New classes begin unpublished. The slug is given once: addresses stay good.
    insert into booking.class_types as x (business_id, slug, name, style, level, duration_minutes, price_cents, capacity, published)
    select save_class_type.business_id, f.slug, f.name, f.style, f.level, f.duration_minutes, f.price_cents, f.capacity, false
    from jsonb_populate_record(null::booking.class_types, save_class_type.facts) f returning * into before;
  else
    select * into before from booking.class_types x where x.id = save_class_type.class_type_id and x.business_id = save_class_type.business_id for no key update;
    if before.id is null then perform platform.refuse(404, 'class_not_found'); end if;
  end if;
  -- A language nobody spoke of keeps its words.
  foreach word in array array['name', 'summary', 'description', 'bring'] loop
    if facts ? word then facts := jsonb_set(facts, array[word], to_jsonb(before) -> word || (facts -> word)); end if;
  end loop;
  t := jsonb_populate_record(before, save_class_type.facts - 'slug');
  if (facts ->> 'release_minutes_before')::int = 0 then t.release_minutes_before := null; end if;
  if coalesce(trim(t.name ->> first_language), '') = '' then perform platform.refuse(422, 'name_invalid', jsonb_build_object('field', 'name_' || first_language)); end if;
  update booking.class_types x set name = t.name, summary = t.summary, description = t.description, bring = t.bring, style = t.style, level = t.level, picture = t.picture,
    duration_minutes = t.duration_minutes, price_cents = t.price_cents, tax_rate_bp = t.tax_rate_bp, capacity = t.capacity, credits = t.credits,
    free_cancel_hours = t.free_cancel_hours, late_refund_percent = t.late_refund_percent, opens_days_before = t.opens_days_before, closes_minutes_before = t.closes_minutes_before,
    late_fee_cents = t.late_fee_cents, no_show_fee_cents = t.no_show_fee_cents, refund_if_refilled = t.refund_if_refilled, max_guests = t.max_guests,
    waitlist_mode = t.waitlist_mode, waitlist_offer_minutes = t.waitlist_offer_minutes, waitlist_cutoff_minutes = t.waitlist_cutoff_minutes, release_minutes_before = t.release_minutes_before
  where x.id = before.id;
  if save_class_type.also_upcoming and (t.price_cents <> before.price_cents or t.capacity <> before.capacity) then
    -- Classes that were given a price or a number of places of their own keep it, and nobody who booked loses a place.
    perform set_config('atrium.series_edit', 'yes', true);
    with old as (
      select s.id, s.capacity, case when s.price_cents = before.price_cents then t.price_cents else s.price_cents end as new_price,
        case when s.capacity = least(before.capacity, r.capacity) then greatest(least(t.capacity, r.capacity), s.seats_taken) else s.capacity end as new_capacity
      from booking.sessions s join booking.rooms r on r.id = s.room_id
      where s.business_id = before.business_id and s.class_type_id = before.id and s.starts_at > now() and s.state = 'scheduled' order by s.id for no key update of s),
    done as (
      update booking.sessions s set price_cents = o.new_price, capacity = o.new_capacity, version = s.version + 1
      from old o where s.id = o.id and (s.price_cents, s.capacity) is distinct from (o.new_price, o.new_capacity) returning s.id, o.new_capacity > o.capacity as raised)
    select coalesce(array_agg(d.id order by d.id) filter (where d.raised), '{}') into changed from done d;
    perform set_config('atrium.series_edit', '', true);
    foreach freed in array changed loop perform booking.seats_freed(freed); end loop;
  end if;
  perform audit.note(before.business_id, case when save_class_type.class_type_id is null then 'class_made' else 'class_changed' end, 'class_type:' || before.id,
    jsonb_build_object('slug', before.slug, 'from', (select jsonb_object_agg(o.key, o.value) from jsonb_each(to_jsonb(before)) o join jsonb_each(to_jsonb(t)) n using (key) where o.value <> n.value),
      'to', (select jsonb_object_agg(n.key, n.value) from jsonb_each(to_jsonb(before)) o join jsonb_each(to_jsonb(t)) n using (key) where o.value <> n.value)));
  return jsonb_build_object('class_type_id', before.id, 'slug', before.slug);
exception
  when check_violation or not_null_violation then
    get stacked diagnostics wrong = constraint_name;
    if wrong = '' then get stacked diagnostics wrong = column_name; end if;
    wrong := regexp_replace(wrong, '^class_types_|_check\d*$', '', 'g');
    perform platform.refuse(422, 'invalid_input', jsonb_build_object('field', wrong));
    return null;
  when unique_violation then
    perform platform.refuse(409, 'slug_taken', jsonb_build_object('field', 'slug'));
    return null;
  when foreign_key_violation then
    perform platform.refuse(422, 'style_not_found', jsonb_build_object('field', 'style'));
    return null;
end $$;
comment on function api.save_class_type is 'Makes a class (class_type_id null, facts with a slug; it begins unpublished) or changes one; facts: columns of booking.class_types, those left out stay. also_upcoming: classes already on the timetable that had the old price or places get the new ones (never fewer places than are taken). Refuses 404 class_not_found, 409 slug_taken, 422 name_invalid, style_not_found, invalid_input.';
grant execute on function api.save_class_type to authenticated;

create function api.publish_class_type(business_id uuid, class_type_id uuid, published boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare t booking.class_types;
begin
  perform business.require_role(publish_class_type.business_id, 'manager');
  select * into t from booking.class_types x where x.id = publish_class_type.class_type_id and x.business_id = publish_class_type.business_id for no key update;
  if t.id is null then perform platform.refuse(404, 'class_not_found'); end if;
  if t.published <> publish_class_type.published then
    update booking.class_types x set published = publish_class_type.published where x.id = t.id;
    if publish_class_type.published then
      -- Lines rested meanwhile.
      perform booking.seats_freed(s.id) from booking.sessions s where s.business_id = t.business_id and s.class_type_id = t.id and s.starts_at > now() and s.waiting > 0;
    end if;
    perform audit.note(t.business_id, case when publish_class_type.published then 'class_published' else 'class_unpublished' end, 'class_type:' || t.id, jsonb_build_object('slug', t.slug));
  end if;
  return jsonb_build_object('class_type_id', t.id, 'slug', t.slug, 'published', publish_class_type.published);
end $$;
comment on function api.publish_class_type is 'Shows a class and its times to visitors, or hides them. Whoever booked keeps their place and sees it. Refuses 404 class_not_found.';
grant execute on function api.publish_class_type to authenticated;

create function api.save_style(business_id uuid, slug text, name jsonb, summary jsonb, "position" int) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform business.require_role(save_style.business_id, 'manager');
  if coalesce(save_style.slug, '') !~ '^[a-z0-9-]{2,40}$' then perform platform.refuse(422, 'invalid_input', '{"field": "slug"}'); end if;
  if coalesce((select trim(save_style.name ->> b.locales[1]) from business.businesses b where b.id = save_style.business_id), '') = '' then
    perform platform.refuse(422, 'name_invalid', (select jsonb_build_object('field', 'name_' || b.locales[1]) from business.businesses b where b.id = save_style.business_id));
  end if;
  insert into booking.styles as s (business_id, slug, name, summary, position)
  values (save_style.business_id, save_style.slug, save_style.name, coalesce(save_style.summary, '{}'), coalesce(save_style.position, 0))
  on conflict on constraint styles_pkey do update set name = excluded.name, summary = excluded.summary, position = excluded.position;
  perform audit.note(save_style.business_id, 'style_saved', 'style:' || save_style.slug, jsonb_build_object('name', save_style.name));
  return save_style.slug;
end $$;
comment on function api.save_style is 'Makes or changes a kind of class by its slug; position orders them. Refuses 422 name_invalid, invalid_input.';
grant execute on function api.save_style to authenticated;

create function api.delete_style(business_id uuid, slug text) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform business.require_role(delete_style.business_id, 'manager');
  delete from booking.styles s where s.business_id = delete_style.business_id and s.slug = delete_style.slug;
  if not found then perform platform.refuse(404, 'style_not_found'); end if;
  perform audit.note(delete_style.business_id, 'style_deleted', 'style:' || delete_style.slug);
exception when foreign_key_violation then
  perform platform.refuse(409, 'style_in_use');
end $$;
comment on function api.delete_style is 'Takes away a kind of class that no class has. Refuses 404 style_not_found, 409 style_in_use.';
grant execute on function api.delete_style to authenticated;

create function api.class_list(business_id uuid)
returns table (slug text, name jsonb, summary jsonb, description jsonb, bring jsonb, picture text, picture_alt jsonb, style text, style_name jsonb, style_summary jsonb, level text, duration_minutes int, price_cents bigint, currency text, credits int, capacity int, free_cancel_hours int, late_refund_percent int, late_fee_cents bigint, no_show_fee_cents bigint, refund_if_refilled boolean, waitlist_mode text)
language plpgsql stable security definer set search_path = '' rows 20 as $$
#variable_conflict use_column
begin
  return query
  select t.slug, t.name, t.summary, t.description, t.bring, coalesce('own/' || t.picture_hash, nullif(t.picture, ''), 'style/' || t.style), t.picture_alt, t.style, y.name, y.summary, t.level, t.duration_minutes, t.price_cents, b.currency::text, t.credits, t.capacity, t.free_cancel_hours, t.late_refund_percent, t.late_fee_cents, t.no_show_fee_cents, t.refund_if_refilled, t.waitlist_mode
  from booking.class_types t join booking.styles y on y.business_id = t.business_id and y.slug = t.style join business.businesses b on b.id = t.business_id
  where t.business_id = class_list.business_id and t.published order by y.position, t.slug;
end $$;
comment on function api.class_list is 'Published class types with their style; a class page picks its own by slug. picture: own/<hash> (with picture_alt) or style/<drawing>.';
grant execute on function api.class_list to anon, authenticated, service_role;

create function api.admin_classes(business_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform business.require_role(admin_classes.business_id, 'manager');
  return jsonb_build_object(
    'styles', coalesce((select jsonb_agg(to_jsonb(y) - 'business_id' || jsonb_build_object('classes', (select count(*) from booking.class_types t where t.business_id = y.business_id and t.style = y.slug)) order by y.position, y.slug)
      from booking.styles y where y.business_id = admin_classes.business_id), '[]'),
    'classes', coalesce((select jsonb_agg(to_jsonb(t) - 'business_id' || jsonb_build_object('upcoming', n.upcoming, 'booked', n.booked) order by y.position, t.slug)
      from booking.class_types t join booking.styles y on y.business_id = t.business_id and y.slug = t.style
      cross join lateral (select count(*) as upcoming, coalesce(sum(s.seats_taken), 0) as booked from booking.sessions s
        where s.business_id = t.business_id and s.class_type_id = t.id and s.starts_at > now() and s.state = 'scheduled') n
      where t.business_id = admin_classes.business_id), '[]'));
end $$;
comment on function api.admin_classes is 'For managers: every class with all its facts, how often it is to come and how many seats of that are taken; and the styles with how many classes have them.';
grant execute on function api.admin_classes to authenticated;

-- Places --------------------------------------------------------------------------------------------------------------
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

-- Series write their sessions ahead -----------------------------------------------------------------------------------
alter table booking.series
  add column pattern_id uuid not null default gen_random_uuid(),
  add column minutes int check (minutes between 5 and 1440),
  add column capacity int check (capacity between 1 and 10000),
  add column price_cents bigint check (price_cents between 0 and 100000000);
comment on column booking.series.pattern_id is 'Weekdays that were put on the timetable together, and are changed together when somebody asks for it.';
comment on column booking.series.minutes is 'Length, places and price of its own; null: as the class says.';
create index series_pattern_id_idx on booking.series (business_id, pattern_id);

alter table booking.sessions drop constraint sessions_series_id_starts_at_key;
alter table booking.sessions
  add column occurs_on date,
  add column left_pattern text[] not null default '{}' check (left_pattern <@ array['time', 'room', 'instructor', 'capacity', 'price']),
  add check ((series_id is null) = (occurs_on is null));
comment on column booking.sessions.occurs_on is 'The day of its series this session stands for, wherever it was moved since.';
comment on column booking.sessions.left_pattern is 'What was changed of this session alone: later changes of its series leave that as it is, unless asked.';
create unique index sessions_one_a_day on booking.sessions (series_id, occurs_on);
-- Judged at a statement's end, so that a whole series may move at once through places its own sessions are leaving.
alter table booking.sessions drop constraint room_booked_once, drop constraint instructor_booked_once;
alter table booking.sessions
  add constraint room_booked_once exclude using gist (room_id extensions.gist_uuid_ops with =, tstzrange(starts_at, ends_at) with &&) where (state = 'scheduled') deferrable initially immediate,
  add constraint instructor_booked_once exclude using gist (instructor_id extensions.gist_uuid_ops with =, tstzrange(starts_at, ends_at) with &&) where (state = 'scheduled') deferrable initially immediate;

create table booking.series_exceptions (
  business_id uuid not null,
  series_id uuid not null,
  on_date date not null,
  reason text not null check (reason in ('skipped', 'room_taken', 'instructor_taken')),
  note text not null default '' check (length(note) <= 200),
  by_user uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now(),
  primary key (series_id, on_date),
  foreign key (business_id, series_id) references booking.series (business_id, id) on delete cascade
);
comment on table booking.series_exceptions is 'Days on which a series is not on: skipped by somebody (a holiday), or because the room or the teacher had something else. The latter are tried again every day.';
create index series_exceptions_series_id_idx on booking.series_exceptions (business_id, series_id);
create index series_exceptions_on_date_idx on booking.series_exceptions (business_id, on_date);
create index series_exceptions_by_user_idx on booking.series_exceptions (by_user);
alter table booking.series_exceptions enable row level security;
grant select on booking.series_exceptions to authenticated;
create policy "Staff see the exceptions of their business's series" on booking.series_exceptions for select to authenticated using (business_id in (select business.where_i_am('instructor')));

create function booking.tg_sessions__left_pattern() returns trigger
language plpgsql set search_path = '' as $$
begin
  if coalesce(current_setting('atrium.series_edit', true), '') <> 'yes' then
    new.left_pattern := array(select distinct f from unnest(old.left_pattern
      || case when (new.starts_at, new.ends_at) is distinct from (old.starts_at, old.ends_at) then array['time'] else '{}' end
      || case when new.room_id <> old.room_id then array['room'] else '{}' end || case when new.instructor_id <> old.instructor_id then array['instructor'] else '{}' end
      || case when new.capacity <> old.capacity then array['capacity'] else '{}' end || case when new.price_cents <> old.price_cents then array['price'] else '{}' end) f order by f);
  end if;
  return new;
end $$;
comment on function booking.tg_sessions__left_pattern is 'Whoever changes one session of a series, by whatever way, makes it leave the pattern in that respect. A change of the whole series says so by the setting atrium.series_edit.';
create trigger tg_sessions__left_pattern before update of starts_at, ends_at, room_id, instructor_id, capacity, price_cents on booking.sessions for each row
  when (old.series_id is not null) execute function booking.tg_sessions__left_pattern();

create function booking.write_sessions(series_id uuid, until_on date) returns int
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  s record;
  day date;
  at timestamptz;
  broken text;
  written int := 0;
begin
  -- The lock keeps a change of the rule and the writing by it apart.
  perform 1 from booking.series x where x.id = write_sessions.series_id for no key update;
  select x.*, b.time_zone, t.name as class_name, coalesce(x.minutes, t.duration_minutes) as length, least(coalesce(x.capacity, t.capacity), r.capacity) as places, coalesce(x.price_cents, t.price_cents) as price,
      -- The past is written once, by whoever makes a series that began earlier; from then on only what is to come.
      case when exists (select from booking.sessions o where o.series_id = x.id) then greatest(x.from_on, (now() at time zone b.time_zone)::date) else x.from_on end as begin_on
    into s from booking.series x join booking.class_types t on t.id = x.class_type_id join booking.rooms r on r.id = x.room_id join business.businesses b on b.id = x.business_id
    where x.id = write_sessions.series_id;
  for day in select d::date from generate_series(s.begin_on::timestamp, least(s.until_on, write_sessions.until_on)::timestamp, interval '1 day') d
      where extract(isodow from d) = s.weekday and not exists (select from booking.sessions o where o.series_id = s.id and o.occurs_on = d::date)
        and not exists (select from booking.series_exceptions e where e.series_id = s.id and e.on_date = d::date and e.reason = 'skipped') loop
    -- Day by day, in the business's zone: a class at 09:00 is at 09:00 on both sides of a clock change. A time that does not exist on a day is an hour later, one that is there twice is the second.
    at := (day + s.local_start) at time zone s.time_zone;
    begin
      insert into booking.sessions (business_id, class_type_id, series_id, occurs_on, room_id, instructor_id, starts_at, ends_at, capacity, price_cents)
      values (s.business_id, s.class_type_id, s.id, day, s.room_id, s.instructor_id, at, at + make_interval(mins => s.length), s.places, s.price);
      written := written + 1;
      delete from booking.series_exceptions e where e.series_id = s.id and e.on_date = day;
    exception when exclusion_violation then
      get stacked diagnostics broken = constraint_name;
      insert into booking.series_exceptions as e (business_id, series_id, on_date, reason)
      values (s.business_id, s.id, day, case broken when 'room_booked_once' then 'room_taken' else 'instructor_taken' end)
      on conflict (series_id, on_date) do update set reason = excluded.reason where e.reason <> excluded.reason;
    end;
  end loop;
  return written;
end $$;
comment on function booking.write_sessions is 'Writes a series'' sessions up to a date; those already there stay as they are, skipped days stay free. A day on which the room or the teacher has something else becomes an exception and is tried again.';

create function booking.horizon(series_id uuid) returns date
language plpgsql stable set search_path = '' as $$
begin
  -- As far as its class can be booked, so that nobody finds the timetable ending before the booking window does.
  return (select (now() at time zone b.time_zone)::date + greatest(60, least(t.opens_days_before, 366)) from booking.series s
    join booking.class_types t on t.id = s.class_type_id join business.businesses b on b.id = s.business_id where s.id = horizon.series_id);
end $$;

create function api.write_sessions_ahead() returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  one uuid;
  written int := 0;
begin
  for one in select s.id from booking.series s where s.until_on is null or s.until_on >= current_date - 1 order by s.id loop
    written := written + booking.write_sessions(one, booking.horizon(one));
  end loop;
  return written;
end $$;
comment on function api.write_sessions_ahead is 'Keeps every series'' sessions written ahead, sixty days or as far as its class can be booked. Run by a daily job.';
grant execute on function api.write_sessions_ahead to service_role;

-- One or many sessions changed ----------------------------------------------------------------------------------------
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

-- New on the timetable ------------------------------------------------------------------------------------------------
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

-- Reading for managers ------------------------------------------------------------------------------------------------
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
begin
  perform business.require_role(audit_trail.business_id, 'owner');
  return jsonb_build_object(
    'events', coalesce((select jsonb_agg(jsonb_build_object('id', e.id, 'at', e.at, 'by', coalesce(m.name, split_part(u.email, '@', 1)), 'act', e.act, 'about', e.about, 'detail', e.detail) order by e.id desc)
      from (select * from audit.events x where x.business_id = audit_trail.business_id and (audit_trail.before_id is null or x.id < audit_trail.before_id) and (audit_trail.only_act is null or x.act = audit_trail.only_act)
        order by x.id desc limit least(greatest(audit_trail.page_size, 1), 200)) e
      left join members.members m on m.business_id = e.business_id and m.user_id = e.by_user left join auth.users u on u.id = e.by_user), '[]'),
    'findings', coalesce((select jsonb_agg(jsonb_build_object('event_id', f.event_id, 'problem', f.problem) order by f.event_id) from audit.findings(audit_trail.business_id) f), '[]'),
    'acts', coalesce((select jsonb_agg(distinct x.act order by x.act) from audit.events x where x.business_id = audit_trail.business_id), '[]'));
end $$;
comment on function api.audit_trail is 'For owners: what was done at the business, newest first (keyset by before_id), the acts there are, and every line that is not what it was when it was written. The whole chain is checked each time.';
grant execute on function api.audit_trail to authenticated;
