-- Instructors: what they may teach, when they can, when they are away, and who takes a class in their place.

-- Whoever signs in is one instructor of a business at most.
create unique index instructors_one_per_user on booking.instructors (business_id, user_id) where user_id is not null;

create function booking.teaching_as() returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  return query select i.id from booking.instructors i
    where i.user_id = (select auth.uid()) and i.business_id in (select business.where_i_am('instructor'));
end $$;
comment on function booking.teaching_as is 'The asker''s instructor ids, at every business where they are on the staff. For policies.';
grant execute on function booking.teaching_as to anon, authenticated, service_role;

create function booking.require_instructor(business_id uuid) returns uuid
language plpgsql stable security definer set search_path = '' as $$
declare me uuid;
begin
  perform business.require_role(require_instructor.business_id, 'instructor');
  select i.id into me from booking.instructors i where i.business_id = require_instructor.business_id and i.user_id = auth.uid();
  if me is null then perform platform.refuse(403, 'not_an_instructor'); end if;
  return me;
end $$;
comment on function booking.require_instructor is 'The asker as an instructor of this business. Refuses 401 sign_in_first, 403 not_your_role, not_an_instructor (on the staff, but linked to no profile).';

create function booking.require_say_over(business_id uuid, instructor_id uuid) returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare manager boolean;
begin
  perform business.require_role(require_say_over.business_id, 'instructor');
  manager := require_say_over.business_id in (select business.where_i_am('manager'));
  if not exists (select from booking.instructors i where i.id = require_say_over.instructor_id and i.business_id = require_say_over.business_id and (manager or i.user_id = auth.uid())) then
    perform platform.refuse(404, 'instructor_not_found');
  end if;
  return manager;
end $$;
comment on function booking.require_say_over is 'Passes instructors for themselves and managers for everyone; true for a manager. Refuses 403 not_your_role, 404 instructor_not_found (also for somebody else''s).';

create function booking.member_of(business_id uuid, user_id uuid) returns uuid
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare found_id uuid;
begin
  select m.id into found_id from members.members m where m.business_id = member_of.business_id and m.user_id = member_of.user_id;
  if found_id is not null then return found_id; end if;
  insert into members.members as m (business_id, user_id, name, email, locale)
  select member_of.business_id, u.id, left(coalesce(nullif(trim(u.raw_user_meta_data ->> 'full_name'), ''), split_part(u.email, '@', 1)), 120), u.email, left(coalesce(u.raw_user_meta_data ->> 'locale', 'en'), 8)
  from auth.users u where u.id = member_of.user_id
  on conflict (business_id, user_id) where user_id is not null do update set user_id = excluded.user_id
  returning m.id into found_id;
  return found_id;
end $$;
comment on function booking.member_of is 'The member row through which somebody on the staff is written to; made when they have had no dealing yet. Null for a user there is not.';

create function booking.tell_instructor(business_id uuid, instructor_id uuid, kind text, cause text, data jsonb) returns boolean
language plpgsql volatile set search_path = '' as $$
declare who uuid;
begin
  select booking.member_of(i.business_id, i.user_id) into who from booking.instructors i
    where i.id = tell_instructor.instructor_id and i.business_id = tell_instructor.business_id
      and exists (select from business.staff s where s.business_id = i.business_id and s.user_id = i.user_id and s.until is null);
  if who is null then return false; end if;
  perform messages.notify(tell_instructor.business_id, who, tell_instructor.kind, tell_instructor.cause || ':' || tell_instructor.instructor_id, tell_instructor.data);
  return true;
end $$;
comment on function booking.tell_instructor is 'Notifies an instructor who can sign in and is on the staff; false when there is nobody to write to.';

create function booking.tell_managers(business_id uuid, kind text, cause text, data jsonb) returns void
language plpgsql volatile set search_path = '' as $$
begin
  -- Whoever does it themselves needs no letter about it.
  perform messages.notify(tell_managers.business_id, booking.member_of(tell_managers.business_id, s.user_id), tell_managers.kind, tell_managers.cause || ':' || s.user_id, tell_managers.data)
  from (select distinct x.user_id from business.staff x where x.business_id = tell_managers.business_id and x.role in ('owner', 'manager') and x.until is null and x.user_id is distinct from auth.uid()
    -- One that is told for the first time becomes a member: two who tell at once wait for each other, and never in a circle.
    order by x.user_id) s;
end $$;

insert into messages.kinds (kind, topic, essential) values ('time_off_requested', 'work', false), ('time_off_decided', 'work', false);

-- What they may teach ---------------------------------------------------------------------------------------------------
create table booking.qualifications (
  business_id uuid not null,
  instructor_id uuid not null,
  class_type_id uuid not null,
  since timestamptz not null default now(),
  given_by uuid,
  primary key (instructor_id, class_type_id),
  foreign key (business_id, instructor_id) references booking.instructors (business_id, id) on delete cascade,
  foreign key (business_id, class_type_id) references booking.class_types (business_id, id) on delete cascade
);
comment on table booking.qualifications is 'Which class types an instructor may teach. Taking one away is in the audit chain (qualifications_set).';
create index qualifications_class_type_id_idx on booking.qualifications (business_id, class_type_id);

create table booking.preferred_substitutes (
  business_id uuid not null,
  instructor_id uuid not null,
  substitute_id uuid not null,
  primary key (instructor_id, substitute_id),
  check (substitute_id <> instructor_id),
  foreign key (business_id, instructor_id) references booking.instructors (business_id, id) on delete cascade,
  foreign key (business_id, substitute_id) references booking.instructors (business_id, id) on delete cascade
);
comment on table booking.preferred_substitutes is 'Who is asked first when an instructor looks for a substitute.';
create index preferred_substitutes_substitute_id_idx on booking.preferred_substitutes (business_id, substitute_id);

-- When they can, and when they are away ---------------------------------------------------------------------------------
create table booking.availability (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  instructor_id uuid not null,
  weekday int not null check (weekday between 1 and 7),
  from_time time not null,
  until_time time not null,
  check (until_time > from_time),
  foreign key (business_id, instructor_id) references booking.instructors (business_id, id) on delete cascade,
  constraint hours_told_once exclude using gist (instructor_id extensions.gist_uuid_ops with =, weekday extensions.gist_int4_ops with =,
    int4range(extract(epoch from from_time)::int, extract(epoch from until_time)::int) with &&)
);
comment on table booking.availability is 'Weekly hours in the business''s own zone (weekday 1 = Monday; until_time may be 24:00). An instructor without any row can be asked at any hour.';
create index availability_instructor_id_idx on booking.availability (business_id, instructor_id);

create table booking.time_off (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  instructor_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  reason text not null default '' check (length(reason) <= 500),
  state text not null check (state in ('requested', 'granted', 'declined', 'withdrawn')),
  answer text not null default '' check (length(answer) <= 500),
  requested_at timestamptz not null default now(),
  decided_at timestamptz,
  check (ends_at > starts_at),
  unique (business_id, id),
  foreign key (business_id, instructor_id) references booking.instructors (business_id, id) on delete cascade,
  constraint one_time_off_at_a_time exclude using gist (instructor_id extensions.gist_uuid_ops with =, tstzrange(starts_at, ends_at) with &&) where (state in ('requested', 'granted'))
);
comment on table booking.time_off is 'requested → granted | declined, → withdrawn; or granted at once by a manager. Classes in granted time off need a substitute: they are listed until they have one.';
comment on column booking.time_off.answer is 'What the manager says with the decision.';
create index time_off_instructor_id_idx on booking.time_off (business_id, instructor_id, ends_at);
create index time_off_open_idx on booking.time_off (business_id, ends_at) where state in ('requested', 'granted');

create table booking.time_off_steps (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  time_off_id uuid not null,
  from_state text,
  to_state text not null,
  at timestamptz not null default clock_timestamp(),
  by_user uuid,
  foreign key (business_id, time_off_id) references booking.time_off (business_id, id) on delete cascade
);
comment on table booking.time_off_steps is 'Every change of a time off: who and when.';
create index time_off_steps_time_off_id_idx on booking.time_off_steps (business_id, time_off_id);

create function booking.tg_time_off__step() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' or new.state is distinct from old.state then
    insert into booking.time_off_steps (business_id, time_off_id, from_state, to_state, by_user)
    values (new.business_id, new.id, case when tg_op = 'UPDATE' then old.state end, new.state, auth.uid());
  end if;
  return null;
end $$;
create trigger tg_time_off__step after insert or update of state on booking.time_off for each row execute function booking.tg_time_off__step();

create function booking.within_hours(instructor_id uuid, starts_at timestamptz, ends_at timestamptz, zone text) returns boolean
language plpgsql stable set search_path = '' as $$
declare
  from_local timestamp := within_hours.starts_at at time zone within_hours.zone;
  until_local timestamp := within_hours.ends_at at time zone within_hours.zone;
begin
  return not exists (select from booking.availability a where a.instructor_id = within_hours.instructor_id)
    or exists (select from booking.availability a where a.instructor_id = within_hours.instructor_id and a.weekday = extract(isodow from from_local)
      and from_local >= from_local::date + a.from_time and until_local <= from_local::date + a.until_time);
end $$;
comment on function booking.within_hours is 'Whether a class lies within an instructor''s weekly hours, by the clock on the studio''s wall; true when they named none.';

create function booking.teaching_problem(business_id uuid, instructor_id uuid, class_type_id uuid, starts_at timestamptz, ends_at timestamptz, but_session uuid default null) returns text
language plpgsql stable set search_path = '' as $$
begin
  return case
    when not exists (select from booking.qualifications q where q.instructor_id = teaching_problem.instructor_id and q.class_type_id = teaching_problem.class_type_id) then 'instructor_not_qualified'
    when exists (select from booking.time_off o where o.business_id = teaching_problem.business_id and o.instructor_id = teaching_problem.instructor_id and o.state = 'granted'
      and o.starts_at < teaching_problem.ends_at and o.ends_at > teaching_problem.starts_at) then 'instructor_away'
    -- No class is longer than a day.
    when exists (select from booking.sessions s where s.business_id = teaching_problem.business_id and s.instructor_id = teaching_problem.instructor_id and s.state = 'scheduled'
      and s.id is distinct from teaching_problem.but_session
      and s.starts_at > teaching_problem.starts_at - interval '1 day' and s.starts_at < teaching_problem.ends_at and s.ends_at > teaching_problem.starts_at) then 'instructor_busy'
    when not booking.within_hours(teaching_problem.instructor_id, teaching_problem.starts_at, teaching_problem.ends_at, (select b.time_zone from business.businesses b where b.id = teaching_problem.business_id)) then 'outside_hours'
  end;
end $$;
comment on function booking.teaching_problem is 'Why an instructor should not teach a class of this type at this time: instructor_not_qualified, instructor_away, instructor_busy, outside_hours, in this order; null when nothing stands in the way. The schedule warns of the same (booking.teaching_warnings), substitution refuses by it (outside_hours is only a reason not to ask).';

create function booking.teaching_warnings(business_id uuid, instructor_id uuid, class_type_id uuid, starts_at timestamptz, ends_at timestamptz) returns text[]
language plpgsql stable set search_path = '' as $$
begin
  return array_remove(array[
    -- A studio that keeps no list of who may teach what is not reminded of it.
    case when not exists (select from booking.qualifications q where q.instructor_id = teaching_warnings.instructor_id and q.class_type_id = teaching_warnings.class_type_id)
      and exists (select from booking.qualifications q where q.business_id = teaching_warnings.business_id) then 'instructor_not_qualified' end,
    case when exists (select from booking.time_off o where o.business_id = teaching_warnings.business_id and o.instructor_id = teaching_warnings.instructor_id and o.state = 'granted'
      and o.starts_at < teaching_warnings.ends_at and o.ends_at > teaching_warnings.starts_at) then 'instructor_away' end,
    case when not booking.within_hours(teaching_warnings.instructor_id, teaching_warnings.starts_at, teaching_warnings.ends_at, (select b.time_zone from business.businesses b where b.id = teaching_warnings.business_id)) then 'outside_hours' end], null);
end $$;
comment on function booking.teaching_warnings is 'What a manager is told before an instructor is given a class: instructor_not_qualified, instructor_away, outside_hours. Being in two rooms at once is no warning but a clash (booking.clash).';

alter table booking.qualifications enable row level security;
alter table booking.preferred_substitutes enable row level security;
alter table booking.availability enable row level security;
alter table booking.time_off enable row level security;
alter table booking.time_off_steps enable row level security;
grant select on booking.qualifications, booking.preferred_substitutes, booking.availability, booking.time_off, booking.time_off_steps to authenticated;
create policy "Staff see who may teach what at their business" on booking.qualifications for select to authenticated using (business_id in (select business.where_i_am('instructor')));
create policy "Instructors see whom they ask first, managers all of their business" on booking.preferred_substitutes for select to authenticated
  using (instructor_id in (select booking.teaching_as()) or business_id in (select business.where_i_am('manager')));
create policy "Instructors see their own hours, managers all of their business" on booking.availability for select to authenticated
  using (instructor_id in (select booking.teaching_as()) or business_id in (select business.where_i_am('manager')));
create policy "Instructors see their own time off, managers all of their business" on booking.time_off for select to authenticated
  using (instructor_id in (select booking.teaching_as()) or business_id in (select business.where_i_am('manager')));
create policy "Instructors see the steps of their own time off, managers all of their business" on booking.time_off_steps for select to authenticated
  using (time_off_id in (select o.id from booking.time_off o where o.instructor_id in (select booking.teaching_as())) or business_id in (select business.where_i_am('manager')));

-- Profiles --------------------------------------------------------------------------------------------------------------
create function api.save_instructor(business_id uuid, instructor_id uuid, name text, slug text, title jsonb, bio jsonb, picture text, user_id uuid, published boolean) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare saved uuid;
begin
  perform business.require_role(save_instructor.business_id, 'manager');
  if coalesce(length(trim(save_instructor.name)), 0) not between 1 and 120 then perform platform.refuse(422, 'name_invalid', '{"field": "name"}'); end if;
  if coalesce(save_instructor.slug, '') !~ '^[a-z0-9-]{2,60}$' then perform platform.refuse(422, 'instructor_slug_invalid', '{"field": "slug"}'); end if;
  if save_instructor.user_id is not null and not exists (select from business.staff s where s.business_id = save_instructor.business_id and s.user_id = save_instructor.user_id and s.until is null) then
    perform platform.refuse(422, 'user_not_staff', '{"field": "user_id"}');
  end if;
  begin
    if save_instructor.instructor_id is null then
      insert into booking.instructors as i (business_id, name, slug, title, bio, picture, user_id, published)
      values (save_instructor.business_id, trim(save_instructor.name), save_instructor.slug, coalesce(save_instructor.title, '{}'), coalesce(save_instructor.bio, '{}'), coalesce(save_instructor.picture, ''), save_instructor.user_id, coalesce(save_instructor.published, false))
      returning i.id into saved;
    else
      update booking.instructors i set name = trim(save_instructor.name), slug = save_instructor.slug, title = coalesce(save_instructor.title, '{}'), bio = coalesce(save_instructor.bio, '{}'),
        picture = coalesce(save_instructor.picture, ''), user_id = save_instructor.user_id, published = coalesce(save_instructor.published, false)
      where i.id = save_instructor.instructor_id and i.business_id = save_instructor.business_id returning i.id into saved;
      if saved is null then perform platform.refuse(404, 'instructor_not_found'); end if;
    end if;
  exception when unique_violation then
    if exists (select from booking.instructors i where i.business_id = save_instructor.business_id and i.slug = save_instructor.slug and i.id is distinct from save_instructor.instructor_id) then
      perform platform.refuse(409, 'instructor_slug_taken', '{"field": "slug"}');
    end if;
    perform platform.refuse(409, 'user_linked_before', '{"field": "user_id"}');
  end;
  perform audit.note(save_instructor.business_id, 'instructor_saved', 'instructor:' || saved, jsonb_build_object('name', save_instructor.name, 'user_id', save_instructor.user_id, 'published', save_instructor.published));
  return saved;
end $$;
comment on function api.save_instructor is 'A manager makes a profile (instructor_id null) or changes one. user_id: who on the staff signs in as this instructor. Refuses 404 instructor_not_found, 409 instructor_slug_taken, user_linked_before, 422 name_invalid, instructor_slug_invalid, user_not_staff.';
grant execute on function api.save_instructor to authenticated;

create function api.set_qualifications(business_id uuid, instructor_id uuid, class_type_ids uuid[]) returns void
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare wanted uuid[] := coalesce(set_qualifications.class_type_ids, '{}');
begin
  perform business.require_role(set_qualifications.business_id, 'manager');
  perform booking.require_say_over(set_qualifications.business_id, set_qualifications.instructor_id);
  if exists (select from unnest(wanted) w (id) where not exists (select from booking.class_types t where t.id = w.id and t.business_id = set_qualifications.business_id)) then
    perform platform.refuse(422, 'class_type_unknown', '{"field": "class_type_ids"}');
  end if;
  delete from booking.qualifications q where q.instructor_id = set_qualifications.instructor_id and q.class_type_id <> all (wanted);
  insert into booking.qualifications (business_id, instructor_id, class_type_id, given_by)
  select distinct set_qualifications.business_id, set_qualifications.instructor_id, w.id, auth.uid() from unnest(wanted) w (id) on conflict do nothing;
  perform audit.note(set_qualifications.business_id, 'qualifications_set', 'instructor:' || set_qualifications.instructor_id, jsonb_build_object('class_type_ids', wanted));
end $$;
comment on function api.set_qualifications is 'Exactly these class types an instructor may teach from now on; what is planned stays. For managers. Refuses 404 instructor_not_found, 422 class_type_unknown.';
grant execute on function api.set_qualifications to authenticated;

create function api.set_preferred_substitutes(business_id uuid, instructor_id uuid, substitute_ids uuid[]) returns void
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare wanted uuid[] := coalesce(set_preferred_substitutes.substitute_ids, '{}');
begin
  perform members.require_me(set_preferred_substitutes.business_id);
  perform booking.require_say_over(set_preferred_substitutes.business_id, set_preferred_substitutes.instructor_id);
  if exists (select from unnest(wanted) w (id) where w.id = set_preferred_substitutes.instructor_id or not exists (select from booking.instructors i where i.id = w.id and i.business_id = set_preferred_substitutes.business_id)) then
    perform platform.refuse(422, 'instructor_unknown', '{"field": "substitute_ids"}');
  end if;
  delete from booking.preferred_substitutes p where p.instructor_id = set_preferred_substitutes.instructor_id and p.substitute_id <> all (wanted);
  insert into booking.preferred_substitutes (business_id, instructor_id, substitute_id)
  select distinct set_preferred_substitutes.business_id, set_preferred_substitutes.instructor_id, w.id from unnest(wanted) w (id) on conflict do nothing;
end $$;
comment on function api.set_preferred_substitutes is 'Exactly these colleagues are asked first. For the instructor and for managers. Refuses 404 instructor_not_found, 422 instructor_unknown.';
grant execute on function api.set_preferred_substitutes to authenticated;

create function api.set_availability(business_id uuid, instructor_id uuid, hours jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
begin
  perform members.require_me(set_availability.business_id);
  perform booking.require_say_over(set_availability.business_id, set_availability.instructor_id);
  if jsonb_typeof(set_availability.hours) is distinct from 'array' or jsonb_array_length(set_availability.hours) > 50
    or exists (select from jsonb_to_recordset(set_availability.hours) h (weekday int, "from" time, until time) where h.weekday is null or h.weekday not between 1 and 7 or h."from" is null or h.until is null or h.until <= h."from") then
    perform platform.refuse(422, 'hours_invalid', '{"field": "hours"}');
  end if;
  delete from booking.availability a where a.instructor_id = set_availability.instructor_id;
  -- Stretches that touch or overlap become one, so that a class across their seam fits.
  insert into booking.availability (business_id, instructor_id, weekday, from_time, until_time)
  select set_availability.business_id, set_availability.instructor_id, m.weekday, time '00:00' + make_interval(secs => lower(m.stretch)), case when upper(m.stretch) = 86400 then time '24:00' else time '00:00' + make_interval(secs => upper(m.stretch)) end
  from (select h.weekday, unnest(range_agg(int4range(extract(epoch from h."from")::int, extract(epoch from h.until)::int))) as stretch
    from jsonb_to_recordset(set_availability.hours) h (weekday int, "from" time, until time) group by h.weekday) m;
end $$;
comment on function api.set_availability is 'An instructor''s weekly hours, replaced as a whole: [{"weekday": 1..7, "from": "09:00", "until": "13:00"}]; none: any hour. For the instructor and for managers. Refuses 404 instructor_not_found, 422 hours_invalid.';
grant execute on function api.set_availability to authenticated;

-- Time off --------------------------------------------------------------------------------------------------------------
create function booking.classes_during(o booking.time_off) returns setof booking.sessions
language plpgsql stable set search_path = '' rows 5 as $$
begin
  return query select s.* from booking.sessions s
    where s.business_id = o.business_id and s.instructor_id = o.instructor_id and s.state = 'scheduled'
      and s.starts_at > greatest(o.starts_at - interval '1 day', now()) and s.starts_at < o.ends_at and s.ends_at > o.starts_at
    order by s.starts_at;
end $$;
comment on function booking.classes_during is 'The instructor''s coming classes that lie in a time off: they need a substitute.';

create function booking.take_time_off(business_id uuid, instructor_id uuid, from_at timestamptz, until_at timestamptz, reason text, granted boolean) returns booking.time_off
language plpgsql volatile set search_path = '' as $$
declare o booking.time_off;
begin
  if take_time_off.from_at is null or take_time_off.until_at is null or take_time_off.until_at <= take_time_off.from_at or take_time_off.until_at > take_time_off.from_at + interval '370 days' then
    perform platform.refuse(422, 'time_off_invalid', '{"field": "until"}');
  end if;
  if take_time_off.until_at <= now() then perform platform.refuse(422, 'time_off_past', '{"field": "until"}'); end if;
  if length(coalesce(take_time_off.reason, '')) > 500 then perform platform.refuse(422, 'reason_too_long', '{"field": "reason"}'); end if;
  insert into booking.time_off as t (business_id, instructor_id, starts_at, ends_at, reason, state, decided_at)
  values (take_time_off.business_id, take_time_off.instructor_id, take_time_off.from_at, take_time_off.until_at, trim(coalesce(take_time_off.reason, '')),
    case when take_time_off.granted then 'granted' else 'requested' end, case when take_time_off.granted then now() end)
  returning * into o;
  return o;
exception when exclusion_violation then
  perform platform.refuse(409, 'time_off_overlaps');
  return null;
end $$;

create function booking.seek_substitutes(o booking.time_off) returns int
language plpgsql volatile set search_path = '' as $$
declare
  s booking.sessions;
  asked int := 0;
begin
  -- Locked in the order of their ids, so that two who do this never wait for each other.
  for s in select x.* from booking.sessions x where x.id in (select c.id from booking.classes_during(o) c) and x.state = 'scheduled' order by x.id for no key update loop
    if not exists (select from booking.substitutions y where y.session_id = s.id and y.state in ('open', 'accepted')) then
      perform booking.open_substitution(s, '');
      asked := asked + 1;
    end if;
  end loop;
  return asked;
end $$;
comment on function booking.seek_substitutes is 'Asks for substitutes for every class in a time off that has no open request. Why somebody is away is not passed on.';

create function booking.time_off_answer(o booking.time_off, asked int) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('time_off_id', o.id, 'state', o.state, 'classes', (select count(*) from booking.classes_during(o)), 'asked', time_off_answer.asked);
$$;

create function api.request_time_off(business_id uuid, from_at timestamptz, until_at timestamptz, reason text default '') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := booking.require_instructor(request_time_off.business_id);
  manager boolean := request_time_off.business_id in (select business.where_i_am('manager'));
  o booking.time_off;
begin
  perform members.require_me(request_time_off.business_id);
  o := booking.take_time_off(request_time_off.business_id, me, request_time_off.from_at, request_time_off.until_at, request_time_off.reason, manager);
  if not manager then
    perform booking.tell_managers(o.business_id, 'time_off_requested', 'time_off:' || o.id, jsonb_build_object('time_off_id', o.id, 'instructor_id', me, 'instructor_name', (select i.name from booking.instructors i where i.id = me),
      'starts_at', o.starts_at, 'ends_at', o.ends_at, 'reason', o.reason, 'classes', (select count(*) from booking.classes_during(o))));
  end if;
  return booking.time_off_answer(o, 0);
end $$;
comment on function api.request_time_off is 'An instructor asks for time off; a manager who teaches has it at once. Answers how many of their classes lie in it. Refuses 403 not_an_instructor, 409 time_off_overlaps, 422 time_off_invalid, time_off_past, reason_too_long.';
grant execute on function api.request_time_off to authenticated;

create function api.grant_time_off(business_id uuid, instructor_id uuid, from_at timestamptz, until_at timestamptz, reason text default '', ask boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  o booking.time_off;
  asked int := 0;
begin
  perform business.require_role(grant_time_off.business_id, 'manager');
  perform booking.require_say_over(grant_time_off.business_id, grant_time_off.instructor_id);
  o := booking.take_time_off(grant_time_off.business_id, grant_time_off.instructor_id, grant_time_off.from_at, grant_time_off.until_at, grant_time_off.reason, true);
  if grant_time_off.ask then asked := booking.seek_substitutes(o); end if;
  perform audit.note(o.business_id, 'time_off_granted', 'instructor:' || o.instructor_id, jsonb_build_object('time_off_id', o.id, 'starts_at', o.starts_at, 'ends_at', o.ends_at, 'asked', asked));
  return booking.time_off_answer(o, asked);
end $$;
comment on function api.grant_time_off is 'A manager gives an instructor time off; ask: also looks for substitutes for the classes in it. Refuses 404 instructor_not_found, 409 time_off_overlaps, 422 time_off_invalid, time_off_past, reason_too_long.';
grant execute on function api.grant_time_off to authenticated;

create function api.decide_time_off(business_id uuid, time_off_id uuid, granted boolean, answer text default '', ask boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  o booking.time_off;
  asked int := 0;
begin
  perform business.require_role(decide_time_off.business_id, 'manager');
  if length(coalesce(decide_time_off.answer, '')) > 500 then perform platform.refuse(422, 'reason_too_long', '{"field": "answer"}'); end if;
  update booking.time_off t set state = case when decide_time_off.granted then 'granted' else 'declined' end, answer = trim(coalesce(decide_time_off.answer, '')), decided_at = now()
  where t.id = decide_time_off.time_off_id and t.business_id = decide_time_off.business_id and t.state = 'requested' returning * into o;
  if o.id is null then
    if not exists (select from booking.time_off t where t.id = decide_time_off.time_off_id and t.business_id = decide_time_off.business_id) then perform platform.refuse(404, 'time_off_not_found'); end if;
    perform platform.refuse(409, 'time_off_decided');
  end if;
  if decide_time_off.granted and decide_time_off.ask then asked := booking.seek_substitutes(o); end if;
  perform booking.tell_instructor(o.business_id, o.instructor_id, 'time_off_decided', 'time_off:' || o.id, jsonb_build_object('time_off_id', o.id, 'granted', o.state = 'granted', 'starts_at', o.starts_at, 'ends_at', o.ends_at, 'answer', o.answer,
    'classes', (select count(*) from booking.classes_during(o))));
  perform audit.note(o.business_id, 'time_off_' || o.state, 'instructor:' || o.instructor_id, jsonb_build_object('time_off_id', o.id, 'starts_at', o.starts_at, 'ends_at', o.ends_at, 'asked', asked));
  return booking.time_off_answer(o, asked);
end $$;
comment on function api.decide_time_off is 'A manager grants or declines what an instructor asked for; ask: also looks for substitutes for the classes in it. Refuses 404 time_off_not_found, 409 time_off_decided, 422 reason_too_long.';
grant execute on function api.decide_time_off to authenticated;

create function api.withdraw_time_off(business_id uuid, time_off_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare o booking.time_off;
begin
  perform business.require_role(withdraw_time_off.business_id, 'instructor');
  select * into o from booking.time_off t where t.id = withdraw_time_off.time_off_id and t.business_id = withdraw_time_off.business_id for no key update;
  if o.id is null or not (o.instructor_id in (select booking.teaching_as()) or o.business_id in (select business.where_i_am('manager'))) then perform platform.refuse(404, 'time_off_not_found'); end if;
  if o.ends_at <= now() then perform platform.refuse(409, 'time_off_over'); end if;
  if o.state in ('requested', 'granted') then
    update booking.time_off t set state = 'withdrawn' where t.id = o.id returning * into o;
    if o.instructor_id not in (select booking.teaching_as()) then perform audit.note(o.business_id, 'time_off_withdrawn', 'instructor:' || o.instructor_id, jsonb_build_object('time_off_id', o.id)); end if;
  end if;
  return booking.time_off_answer(o, 0);
end $$;
comment on function api.withdraw_time_off is 'The instructor, or a manager, takes back a time off that is not over; requests for substitutes stay until they are withdrawn themselves. Refuses 404 time_off_not_found, 409 time_off_over.';
grant execute on function api.withdraw_time_off to authenticated;

-- Reading ---------------------------------------------------------------------------------------------------------------
create function api.instructor_page(business_id uuid, instructor_slug text) returns table (slug text, name text, title jsonb, bio jsonb, picture text, classes jsonb)
language plpgsql stable security definer set search_path = '' rows 1 as $$
#variable_conflict use_column
begin
  return query
  select i.slug, i.name, i.title, i.bio, i.picture,
    coalesce((select jsonb_agg(jsonb_build_object('slug', t.slug, 'name', t.name, 'summary', t.summary, 'style', t.style, 'level', t.level) order by y.position, t.slug)
      from booking.qualifications q join booking.class_types t on t.id = q.class_type_id join booking.styles y on y.business_id = t.business_id and y.slug = t.style where q.instructor_id = i.id and t.published), '[]')
  from booking.instructors i where i.business_id = instructor_page.business_id and i.slug = instructor_page.instructor_slug and i.published;
end $$;
comment on function api.instructor_page is 'A published instructor with the published classes they teach; no row for anybody else.';
grant execute on function api.instructor_page to anon, authenticated, service_role;

create function booking.time_off_list(instructor_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((select jsonb_agg(jsonb_build_object('time_off_id', o.id, 'starts_at', o.starts_at, 'ends_at', o.ends_at, 'reason', o.reason, 'state', o.state, 'answer', o.answer, 'requested_at', o.requested_at, 'decided_at', o.decided_at,
      'classes', case when o.state in ('requested', 'granted') then coalesce((select jsonb_agg(booking.session_facts(c.id) || jsonb_build_object(
          'substitution', (select x.state from booking.substitutions x where x.session_id = c.id and x.state in ('open', 'accepted'))) order by c.starts_at) from booking.classes_during(o) c), '[]') else '[]' end) order by o.starts_at desc)
    from (select t.* from booking.time_off t where t.business_id = (select i.business_id from booking.instructors i where i.id = time_off_list.instructor_id) and t.instructor_id = time_off_list.instructor_id
        and t.ends_at > now() - interval '90 days' order by t.starts_at desc limit 50) o), '[]');
end $$;

create function booking.hours_of(instructor_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('weekday', a.weekday, 'from', to_char(a.from_time, 'HH24:MI'), 'until', to_char(a.until_time, 'HH24:MI')) order by a.weekday, a.from_time), '[]')
  from booking.availability a where a.instructor_id = hours_of.instructor_id;
$$;

create function api.my_hours(business_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare me uuid := booking.require_instructor(my_hours.business_id);
begin
  return jsonb_build_object('instructor_id', me, 'hours', booking.hours_of(me), 'time_off', booking.time_off_list(me));
end $$;
comment on function api.my_hours is 'The asker''s weekly hours, and their time off of the last 90 days and to come with the classes in it. Refuses 403 not_an_instructor.';
grant execute on function api.my_hours to authenticated;

create function api.my_classes(business_id uuid, from_at timestamptz, until_at timestamptz)
returns table (session_id uuid, class_slug text, class_name jsonb, style text, starts_at timestamptz, ends_at timestamptz, room_name text, capacity int, coming int, state text, substitution_id uuid, substitution_state text)
language plpgsql stable security definer set search_path = '' rows 50 as $$
#variable_conflict use_column
declare me uuid := booking.require_instructor(my_classes.business_id);
begin
  return query
  select s.id, t.slug, t.name, t.style, s.starts_at, s.ends_at, r.name, s.capacity,
    (select count(*)::int from booking.bookings k where k.business_id = s.business_id and k.session_id = s.id and k.state in ('confirmed', 'checked_in', 'no_show')), s.state, x.id, x.state
  from booking.sessions s join booking.class_types t on t.id = s.class_type_id join booking.rooms r on r.id = s.room_id
  left join booking.substitutions x on x.session_id = s.id and x.state in ('open', 'accepted')
  where s.business_id = my_classes.business_id and s.instructor_id = me and s.starts_at >= my_classes.from_at and s.starts_at < my_classes.until_at
  order by s.starts_at limit 200;
end $$;
comment on function api.my_classes is 'The asker''s classes between two instants, with how many are coming and whether a substitute is looked for. At most 200. Refuses 403 not_an_instructor.';
grant execute on function api.my_classes to authenticated;

create function api.my_class(business_id uuid, session_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  s booking.sessions;
begin
  perform business.require_role(my_class.business_id, 'instructor');
  select * into s from booking.sessions x where x.id = my_class.session_id and x.business_id = my_class.business_id;
  if s.id is null or not (s.instructor_id in (select booking.teaching_as()) or s.business_id in (select business.where_i_am('front_desk'))) then perform platform.refuse(404, 'session_not_found'); end if;
  return booking.session_facts(s.id) || jsonb_build_object('capacity', s.capacity, 'state', s.state, 'mine', s.instructor_id in (select booking.teaching_as()),
    'substitution', (select jsonb_build_object('substitution_id', x.id, 'state', x.state, 'asked_at', x.asked_at, 'everyone_at', x.everyone_at, 'reason', x.reason, 'substitute_name', (select i.name from booking.instructors i where i.id = x.substitute_id),
        'told', (select count(*) from booking.substitution_offers o where o.substitution_id = x.id), 'declined', (select count(*) from booking.substitution_offers o where o.substitution_id = x.id and o.declined_at is not null))
      from booking.substitutions x where x.session_id = s.id and x.state in ('open', 'accepted')),
    'roster', coalesce((select jsonb_agg(jsonb_build_object('name', m.name, 'state', k.state,
        'first_time', not exists (select from booking.bookings e where e.business_id = k.business_id and e.member_id = k.member_id and e.starts_at < k.starts_at and e.state in ('confirmed', 'checked_in'))) order by m.name, k.id)
      from booking.bookings k join members.members m on m.id = k.member_id where k.business_id = s.business_id and k.session_id = s.id and k.state in ('confirmed', 'checked_in', 'no_show')), '[]'));
end $$;
comment on function api.my_class is 'A class for whoever teaches it (and the front desk): who comes, by name only, who is here for the first time, and how the search for a substitute stands. Refuses 404 session_not_found, also for somebody else''s.';
grant execute on function api.my_class to authenticated;

create function api.instructor_admin(business_id uuid, instructor_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare i booking.instructors;
begin
  perform business.require_role(instructor_admin.business_id, 'manager');
  select * into i from booking.instructors x where x.id = instructor_admin.instructor_id and x.business_id = instructor_admin.business_id;
  if i.id is null and instructor_admin.instructor_id is not null then perform platform.refuse(404, 'instructor_not_found'); end if;
  return jsonb_build_object(
    'instructor', case when i.id is not null then jsonb_build_object('instructor_id', i.id, 'slug', i.slug, 'name', i.name, 'title', i.title, 'bio', i.bio, 'picture', i.picture, 'user_id', i.user_id, 'published', i.published) end,
    'class_types', coalesce((select jsonb_agg(jsonb_build_object('class_type_id', t.id, 'name', t.name, 'qualified', exists (select from booking.qualifications q where q.instructor_id = i.id and q.class_type_id = t.id)) order by y.position, t.slug)
      from booking.class_types t join booking.styles y on y.business_id = t.business_id and y.slug = t.style where t.business_id = instructor_admin.business_id), '[]'),
    'colleagues', coalesce((select jsonb_agg(jsonb_build_object('instructor_id', c.id, 'name', c.name, 'preferred', exists (select from booking.preferred_substitutes p where p.instructor_id = i.id and p.substitute_id = c.id)) order by c.name)
      from booking.instructors c where c.business_id = instructor_admin.business_id and c.id is distinct from i.id), '[]'),
    -- Who may be linked: on the staff, and nobody else's already.
    'staff', coalesce((select jsonb_agg(jsonb_build_object('user_id', f.user_id, 'name', f.name, 'email', f.email) order by f.name)
      from (select distinct s.user_id, coalesce(m.name, split_part(u.email, '@', 1)) as name, u.email::text as email from business.staff s join auth.users u on u.id = s.user_id left join members.members m on m.business_id = s.business_id and m.user_id = s.user_id
        where s.business_id = instructor_admin.business_id and s.until is null
          and not exists (select from booking.instructors o where o.business_id = s.business_id and o.user_id = s.user_id and o.id is distinct from i.id)) f), '[]'),
    'hours', booking.hours_of(i.id), 'time_off', booking.time_off_list(i.id));
end $$;
comment on function api.instructor_admin is 'Everything a manager sets of one instructor; for a new one (null) what there is to choose from. Refuses 404 instructor_not_found.';
grant execute on function api.instructor_admin to authenticated;
