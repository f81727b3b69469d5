-- Series: weekly rules that write their classes ahead.

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
