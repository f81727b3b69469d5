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
    'late_fee_cents', 'no_show_fee_cents', 'fee_credits', 'refund_if_refilled', 'max_guests', 'waitlist_mode', 'waitlist_offer_minutes', 'waitlist_cutoff_minutes', 'release_minutes_before'];
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
    late_fee_cents = t.late_fee_cents, no_show_fee_cents = t.no_show_fee_cents, fee_credits = t.fee_credits, refund_if_refilled = t.refund_if_refilled, max_guests = t.max_guests,
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
returns table (slug text, name jsonb, summary jsonb, description jsonb, bring jsonb, picture text, picture_alt jsonb, style text, style_name jsonb, style_summary jsonb, level text, duration_minutes int, price_cents bigint, currency text, credits int, capacity int, free_cancel_hours int, late_refund_percent int, late_fee_cents bigint, no_show_fee_cents bigint, fee_credits int, refund_if_refilled boolean, waitlist_mode text)
language plpgsql stable security definer set search_path = '' rows 20 as $$
#variable_conflict use_column
begin
  return query
  select t.slug, t.name, t.summary, t.description, t.bring, coalesce('own/' || t.picture_hash, nullif(t.picture, ''), 'style/' || t.style), t.picture_alt, t.style, y.name, y.summary, t.level, t.duration_minutes, t.price_cents, b.currency::text, t.credits, t.capacity, t.free_cancel_hours, t.late_refund_percent, t.late_fee_cents, t.no_show_fee_cents, t.fee_credits, t.refund_if_refilled, t.waitlist_mode
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
