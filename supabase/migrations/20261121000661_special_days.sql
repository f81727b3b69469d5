-- Shop: days on which a counter keeps other hours than those of its week, or none.

create table shop.special_days (
  location_id uuid not null,
  business_id uuid not null,
  on_date date not null,
  hours jsonb not null default '[]' check (jsonb_typeof(hours) = 'array'),
  why jsonb not null default '{}' check (jsonb_typeof(why) = 'object' and length(coalesce(why ->> 'en', '')) <= 120 and length(coalesce(why ->> 'es', '')) <= 120),
  primary key (location_id, on_date),
  foreign key (business_id, location_id) references shop.counters (business_id, location_id) on delete cascade
);
comment on table shop.special_days is 'A local day with hours of its own, [{opens, closes}]; none: closed all day. It stands instead of what the week says of that day; a night that would have run into it ends at its midnight.';
comment on column shop.special_days.why is 'In the words of the house, by language, shown to everybody: {"en": "Christmas Eve", "es": "Nochebuena"}.';
create index special_days_location_id_idx on shop.special_days (business_id, location_id, on_date);
alter table shop.special_days enable row level security;
grant select on shop.special_days to authenticated;
create policy "Baristas see the special days of their business" on shop.special_days for select to authenticated using (business_id in (select business.where_i_am('barista')) or business_id in (select business.where_i_am('front_desk')));

create function shop.are_openings(hours jsonb) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  if jsonb_typeof(are_openings.hours) is distinct from 'array' then return false; end if;
  return not exists (select from jsonb_array_elements(are_openings.hours) h
      where coalesce(h ->> 'day', '') !~ '^[1-7]$' or coalesce(h ->> 'opens', '') !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' or coalesce(h ->> 'closes', '') !~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' or h ->> 'closes' <= h ->> 'opens')
    and not exists (select from jsonb_array_elements(are_openings.hours) with ordinality a join jsonb_array_elements(are_openings.hours) with ordinality b on a.ordinality < b.ordinality
      and a.value ->> 'day' = b.value ->> 'day' and a.value ->> 'opens' < b.value ->> 'closes' and b.value ->> 'opens' < a.value ->> 'closes');
end $$;
comment on function shop.are_openings is 'Whether these are [{day: 1 to 7, opens, closes: to 24:00}], each ending after it begins and none running into another.';

create function shop.special_days_ahead(location_id uuid, days int) returns jsonb
language plpgsql stable set search_path = '' as $$
declare today date := (now() at time zone shop.zone(special_days_ahead.location_id))::date;
begin
  return (select coalesce(jsonb_agg(jsonb_build_object('on_date', s.on_date, 'hours', s.hours, 'why', s.why) order by s.on_date), '[]')
    from shop.special_days s where s.location_id = special_days_ahead.location_id and s.on_date between today and today + special_days_ahead.days);
end $$;
comment on function shop.special_days_ahead is 'From today and so many days ahead: [{on_date, hours: [{opens, closes}] (empty: closed), why: {en, es}}].';

create function shop.special_days_of(business_id uuid, days int) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  zone text := (select b.time_zone from business.businesses b where b.id = special_days_of.business_id);
  today date := (now() at time zone zone)::date;
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object('on_date', d.on_date, 'hours', d.hours, 'why', d.why, 'counters', case when d.all_of_them then '[]' else d.counters end,
        'house', d.all_of_them and not exists (
          -- A house in which classes are held is not closed, whatever its counters are.
          select from booking.sessions s where s.business_id = special_days_of.business_id and s.state = 'scheduled' and s.hidden_at is null
            and s.starts_at >= d.on_date::timestamp at time zone zone and s.starts_at < (d.on_date + 1)::timestamp at time zone zone
            and not exists (select from jsonb_array_elements(d.hours) h
              where s.starts_at >= (d.on_date + (h ->> 'opens')::time) at time zone zone and s.ends_at <= (d.on_date + (h ->> 'closes')::time) at time zone zone))
        ) order by d.on_date, d.counters), '[]')
    from (
      select s.on_date, s.hours, s.why, jsonb_agg(l.name order by c.position nulls last, l.name) as counters,
        count(*) = (select count(*) from shop.counters x where x.business_id = special_days_of.business_id) as all_of_them
      from shop.special_days s join shop.counters c on c.location_id = s.location_id join business.locations l on l.id = s.location_id
      where s.business_id = special_days_of.business_id and s.on_date between today and today + special_days_of.days
      group by s.on_date, s.hours, s.why) d);
end $$;
comment on function shop.special_days_of is 'What is not as every week at a business, from today and so many days ahead: [{on_date, hours, why, counters: the names of those it is about, none: all of them; house: whether it is true of the whole house, in which no class is held outside of these hours}].';

create function api.save_special_day(business_id uuid, location_id uuid, on_date date, hours jsonb, why jsonb default '{}') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  biz alias for save_special_day.business_id;
  day alias for save_special_day.on_date;
  spot uuid;
  zone text;
  today date;
  openings jsonb;
  said jsonb := coalesce(save_special_day.why, '{}');
begin
  perform business.require_role(biz, 'manager');
  perform shop.lock_menu(biz);
  spot := shop.require_location(biz, save_special_day.location_id);
  if not exists (select from shop.counters c where c.location_id = spot) then perform platform.refuse(409, 'counter_not_selling'); end if;
  zone := shop.zone(spot);
  today := (now() at time zone zone)::date;
  if day is null or day > today + 750 then perform platform.refuse(422, 'special_day_invalid', '{"field": "on_date"}'); end if;
  if day < today then perform platform.refuse(422, 'special_day_past', '{"field": "on_date"}'); end if;
  if jsonb_typeof(said) <> 'object' or exists (select from jsonb_each_text(said) w where length(trim(w.value)) > 120) then perform platform.refuse(422, 'special_day_why_long', '{"field": "why"}'); end if;
  said := shop.read_words(said, null, 120);
  if jsonb_typeof(save_special_day.hours) is distinct from 'array' or jsonb_array_length(save_special_day.hours) > 4 or exists (select from jsonb_array_elements(save_special_day.hours) h where jsonb_typeof(h) <> 'object') then
    perform platform.refuse(422, 'counter_hours_invalid', '{"field": "hours"}');
  end if;
  select coalesce(jsonb_agg(jsonb_build_object('opens', h ->> 'opens', 'closes', h ->> 'closes') order by h ->> 'opens'), '[]') into openings from jsonb_array_elements(save_special_day.hours) h;
  if not shop.are_openings((select coalesce(jsonb_agg(h || '{"day": 1}'), '[]') from jsonb_array_elements(openings) h)) then perform platform.refuse(422, 'counter_hours_invalid', '{"field": "hours"}'); end if;
  delete from shop.special_days s where s.location_id = spot and s.on_date < today;
  -- Orders are promised their time under this row.
  perform 1 from shop.counters c where c.location_id = spot for no key update;
  insert into shop.special_days as s (business_id, location_id, on_date, hours, why) values (biz, spot, day, openings, said)
  on conflict on constraint special_days_pkey do update set hours = excluded.hours, why = excluded.why;
  perform audit.note(biz, 'special_day_saved', 'location:' || spot, jsonb_build_object('on_date', day, 'hours', openings, 'why', said));
  return jsonb_build_object('location_id', spot, 'on_date', day, 'promised', (
    select count(distinct t.order_id) from shop.slot_takings t where t.location_id = spot and t.starts_at >= greatest(now(), day::timestamp at time zone zone) and t.starts_at < (day + 1)::timestamp at time zone zone
      and not exists (select from shop.hours_on(spot, day) h where t.starts_at >= h.opens_at and t.starts_at < h.closes_at)));
end $$;
comment on function api.save_special_day is 'Other hours for one day of a counter, [{opens, closes}], or none (closed), and why, {en, es}; said again it is changed. What is over goes from the list. Answers {location_id, on_date, promised: how many orders are promised outside of these hours; they stand}. For managers. Refuses 404 location_not_found, 409 counter_not_selling, 422 special_day_past, special_day_invalid (none, or more than two years ahead), counter_hours_invalid, special_day_why_long.';
grant execute on function api.save_special_day to authenticated;

create function api.drop_special_day(business_id uuid, location_id uuid, on_date date) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform business.require_role(drop_special_day.business_id, 'manager');
  perform shop.lock_menu(drop_special_day.business_id);
  delete from shop.special_days s where s.business_id = drop_special_day.business_id and s.location_id = drop_special_day.location_id and s.on_date = drop_special_day.on_date;
  if not found then perform platform.refuse(404, 'special_day_not_found'); end if;
  perform audit.note(drop_special_day.business_id, 'special_day_dropped', 'location:' || drop_special_day.location_id, jsonb_build_object('on_date', drop_special_day.on_date));
  return jsonb_build_object('location_id', drop_special_day.location_id, 'on_date', drop_special_day.on_date);
end $$;
comment on function api.drop_special_day is 'That day is as every other of its week again. For managers. Refuses 404 special_day_not_found.';
grant execute on function api.drop_special_day to authenticated;
