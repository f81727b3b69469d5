-- Progress: who came, how often, in a row or no more; what they aim for. A visit is a booking whose person was checked in.

create table members.settings (
  business_id uuid primary key references business.businesses on delete cascade,
  counts_unchecked boolean not null default false,
  counted_until timestamptz not null default now()
);
comment on table members.settings is 'One row a business that has decided something; without one the defaults hold.';
comment on column members.settings.counts_unchecked is 'The studio does not check people in: who had a place in a class that ended was there.';
comment on column members.settings.counted_until is 'Classes that ended before this moment are counted already (api.count_visits).';

create table members.visits (
  booking_id uuid primary key,
  business_id uuid not null,
  member_id uuid not null,
  starts_at timestamptz not null,
  minutes int not null check (minutes > 0),
  style text not null,
  foreign key (business_id, booking_id) references booking.bookings (business_id, id) on delete cascade,
  foreign key (business_id, member_id) references members.members (business_id, id) on delete cascade
);
comment on table members.visits is 'Every class somebody came to, counted once per booking (members.count_visit); guests of a member are not the member. minutes and style as they were.';
create index visits_booking_id_idx on members.visits (business_id, booking_id);
create index visits_member_id_idx on members.visits (business_id, member_id, starts_at);

create table members.visit_summary (
  member_id uuid primary key,
  business_id uuid not null,
  visits int not null check (visits > 0),
  minutes int not null,
  first_visit_at timestamptz not null,
  last_visit_at timestamptz not null,
  last_week_on date not null,
  week_streak int not null,
  best_week_streak int not null,
  foreign key (business_id, member_id) references members.members (business_id, id) on delete cascade
);
comment on table members.visit_summary is 'What a member''s visits come to, kept in step with them: lists of the team read this and never the past.';
comment on column members.visit_summary.last_week_on is 'Monday, in the business''s zone, of the last week with a visit; week_streak weeks in a row end there.';
create index visit_summary_member_id_idx on members.visit_summary (business_id, member_id);
create index visit_summary_last_visit_idx on members.visit_summary (business_id, last_visit_at desc, member_id);
create index visit_summary_first_visit_idx on members.visit_summary (business_id, first_visit_at);

create table members.milestones (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  member_id uuid not null,
  measure text not null check (measure in ('classes', 'weeks', 'style')),
  count int not null,
  style text not null default '',
  earned_at timestamptz not null,
  booking_id uuid,
  unique (business_id, member_id, measure, count, style),
  foreign key (business_id, member_id) references members.members (business_id, id) on delete cascade,
  foreign key (business_id, booking_id) references booking.bookings (business_id, id) on delete set null (booking_id)
);
comment on table members.milestones is 'The 1st, 10th, 25th … class, 4, 8, 12 … weeks in a row, the first class of a style: each earned once, with the class that earned it.';
create index milestones_member_id_idx on members.milestones (business_id, member_id, earned_at desc);
create index milestones_booking_id_idx on members.milestones (business_id, booking_id);

create table members.goals (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  member_id uuid not null,
  measure text not null check (measure in ('classes', 'minutes')),
  target int not null,
  nudge boolean not null default false,
  since timestamptz not null default now(),
  until timestamptz,
  constraint goal_in_range check (measure = 'classes' and target between 1 and 14 or measure = 'minutes' and target between 15 and 1500),
  foreign key (business_id, member_id) references members.members (business_id, id) on delete cascade
);
comment on table members.goals is 'What a member wants to do every week (Monday to Sunday in the business''s zone). One holds at a time; a change ends it and begins another. nudge: a word by e-mail on Thursday evening when the week falls short.';
create unique index goals_one_each on members.goals (member_id) where until is null;
create index goals_member_id_idx on members.goals (business_id, member_id, since);
create index goals_nudge_idx on members.goals (business_id) where nudge and until is null;

alter table members.settings enable row level security;
alter table members.visits enable row level security;
alter table members.visit_summary enable row level security;
alter table members.milestones enable row level security;
alter table members.goals enable row level security;
grant select on members.settings, members.visits, members.visit_summary, members.milestones, members.goals to authenticated;
create policy "Staff read how their business counts visits" on members.settings for select to authenticated using (business_id in (select business.where_i_am('instructor')));
create policy "Members read their own visits, the front desk those of its business" on members.visits for select to authenticated
  using (member_id in (select members.mine()) or business_id in (select business.where_i_am('front_desk')));
create policy "Members read what their visits come to, the front desk those of its business" on members.visit_summary for select to authenticated
  using (member_id in (select members.mine()) or business_id in (select business.where_i_am('front_desk')));
create policy "Members read their milestones, the front desk those of its business" on members.milestones for select to authenticated
  using (member_id in (select members.mine()) or business_id in (select business.where_i_am('front_desk')));
create policy "Members read their goals, the front desk those of its business" on members.goals for select to authenticated
  using (member_id in (select members.mine()) or business_id in (select business.where_i_am('front_desk')));

-- Counting -----------------------------------------------------------------------------------------------------------
create function members.week_of(at timestamptz, zone text) returns date
language plpgsql stable set search_path = '' as $$
begin
  return date_trunc('week', week_of.at at time zone week_of.zone)::date;
end $$;
comment on function members.week_of is 'Monday of the week in which a moment lies, by the clocks of the zone.';

create function members.count_streaks(member_id uuid, zone text) returns void
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
begin
  with weeks as (select distinct members.week_of(v.starts_at, count_streaks.zone) as week from members.visits v join members.members m on m.business_id = v.business_id and m.id = v.member_id where m.id = count_streaks.member_id),
    runs as (select max(r.week) as until_week, count(*)::int as weeks from (select w.week, w.week - 7 * row_number() over (order by w.week)::int as run from weeks w) r group by r.run),
    ends as (select min(v.starts_at) as first_at, max(v.starts_at) as last_at from members.visits v join members.members m on m.business_id = v.business_id and m.id = v.member_id where m.id = count_streaks.member_id)
  update members.visit_summary s set first_visit_at = e.first_at, last_visit_at = e.last_at, last_week_on = l.until_week, week_streak = l.weeks, best_week_streak = (select max(r.weeks) from runs r)
  from ends e, (select r.until_week, r.weeks from runs r order by r.until_week desc limit 1) l where s.member_id = count_streaks.member_id;
end $$;
comment on function members.count_streaks is 'Counts a member''s streaks from their visits: for visits that come out of order or are taken back, which is rare.';

create function members.earn(b booking.bookings, at timestamptz, measure text, count int, style text default '') returns void
language plpgsql volatile set search_path = '' as $$
declare earned bigint;
begin
  insert into members.milestones as m (business_id, member_id, measure, count, style, earned_at, booking_id)
  values (earn.b.business_id, earn.b.member_id, earn.measure, earn.count, earn.style, earn.at, earn.b.id) on conflict do nothing returning m.id into earned;
  -- Told when it happens, not when the past is written down; and of a first class that it is the first, not of its style besides.
  if earned is not null and earn.at > now() - interval '2 days'
    and not (earn.measure = 'style' and (select v.visits from members.visit_summary v where v.member_id = earn.b.member_id) = 1) then
    perform messages.notify(earn.b.business_id, earn.b.member_id, 'milestone', concat_ws(':', earn.measure, earn.count, nullif(earn.style, ''), earn.b.member_id),
      jsonb_strip_nulls(jsonb_build_object('measure', earn.measure, 'count', earn.count, 'style_name', (select y.name from booking.styles y where y.business_id = earn.b.business_id and y.slug = earn.style))));
  end if;
end $$;

create function members.count_visit(b booking.bookings) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  s record;
  week date;
  v members.visit_summary;
begin
  select x.starts_at, greatest(1, round(extract(epoch from x.ends_at - x.starts_at) / 60))::int as minutes, t.style, z.time_zone into s
  from booking.sessions x join booking.class_types t on t.business_id = x.business_id and t.id = x.class_type_id join business.businesses z on z.id = x.business_id where x.id = count_visit.b.session_id;
  insert into members.visits (booking_id, business_id, member_id, starts_at, minutes, style) values (count_visit.b.id, count_visit.b.business_id, count_visit.b.member_id, s.starts_at, s.minutes, s.style) on conflict do nothing;
  if not found then return false; end if;
  week := members.week_of(s.starts_at, s.time_zone);
  insert into members.visit_summary as x (member_id, business_id, visits, minutes, first_visit_at, last_visit_at, last_week_on, week_streak, best_week_streak)
  values (count_visit.b.member_id, count_visit.b.business_id, 1, s.minutes, s.starts_at, s.starts_at, week, 1, 1)
  on conflict (member_id) do update set visits = x.visits + 1, minutes = x.minutes + excluded.minutes, first_visit_at = least(x.first_visit_at, excluded.first_visit_at), last_visit_at = greatest(x.last_visit_at, excluded.last_visit_at),
    week_streak = case when week = x.last_week_on + 7 then x.week_streak + 1 when week > x.last_week_on then 1 else x.week_streak end,
    best_week_streak = greatest(x.best_week_streak, case when week = x.last_week_on + 7 then x.week_streak + 1 else 1 end),
    last_week_on = greatest(x.last_week_on, week)
  returning * into v;
  if week < v.last_week_on then perform members.count_streaks(v.member_id, s.time_zone); end if;
  if v.visits in (1, 10, 25, 50, 100, 150, 200, 250, 300, 365, 400) or v.visits % 500 = 0 then perform members.earn(count_visit.b, s.starts_at, 'classes', v.visits); end if;
  if v.week_streak in (4, 8, 12, 26, 52) and v.last_week_on = week then perform members.earn(count_visit.b, s.starts_at, 'weeks', v.week_streak); end if;
  perform members.earn(count_visit.b, s.starts_at, 'style', 1, s.style);
  return true;
end $$;
comment on function members.count_visit is 'Counts a booking as a visit, once, and what it earns. Costs the same however long the past is.';

create function members.uncount_visit(booking_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare v members.visits;
begin
  delete from members.visits x where x.booking_id = uncount_visit.booking_id returning * into v;
  if v.booking_id is null then return; end if;
  delete from members.milestones m where m.business_id = v.business_id and m.booking_id = v.booking_id;
  delete from members.visit_summary s where s.member_id = v.member_id and s.visits = 1;
  if not found then
    update members.visit_summary s set visits = s.visits - 1, minutes = s.minutes - v.minutes where s.member_id = v.member_id;
    perform members.count_streaks(v.member_id, (select b.time_zone from business.businesses b where b.id = v.business_id));
  end if;
end $$;
comment on function members.uncount_visit is 'Takes a visit back: somebody was checked in by mistake.';

create function booking.tg_bookings__visit() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if new.state = 'checked_in' then
    if new.guest_name is null then perform members.count_visit(new); end if;
  elsif new.state <> 'confirmed' or old.state = 'checked_in' then
    perform members.uncount_visit(new.id);
  end if;
  return null;
end $$;
create trigger tg_bookings__visit_made after insert on booking.bookings for each row when (new.state = 'checked_in') execute function booking.tg_bookings__visit();
create trigger tg_bookings__visit after update of state on booking.bookings for each row
  when (old.state is distinct from new.state and (new.state = 'checked_in' or old.state in ('checked_in', 'confirmed'))) execute function booking.tg_bookings__visit();

create function api.count_visits(at_most int default 2000) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  z members.settings;
  b booking.bookings;
  seen int;
  counted int := 0;
  until_at timestamptz;
begin
  for z in select * from members.settings x where x.counts_unchecked order by x.business_id for no key update skip locked loop
    seen := 0;
    until_at := now();
    -- In the order of the classes; a day's length is the longest class there is.
    for b in select k.* from booking.sessions s join booking.bookings k on k.business_id = s.business_id and k.session_id = s.id
        where s.business_id = z.business_id and s.starts_at >= z.counted_until - interval '1 day' and s.starts_at < now() and s.ends_at > z.counted_until and s.ends_at <= now() and k.state = 'confirmed' and k.guest_name is null
        order by s.ends_at, k.id limit count_visits.at_most loop
      if members.count_visit(b) then counted := counted + 1; end if;
      seen := seen + 1;
    end loop;
    -- When there was more than fits in one go, it goes on where it stopped: what was counted is not counted again.
    if seen = count_visits.at_most then until_at := (select s.ends_at - interval '1 microsecond' from booking.sessions s where s.id = b.session_id); end if;
    update members.settings x set counted_until = until_at where x.business_id = z.business_id;
  end loop;
  return counted;
end $$;
comment on function api.count_visits is 'Where people are not checked in: counts who had a place in classes that ended since the last time. Run by a job every ten minutes.';
grant execute on function api.count_visits to service_role;

create function api.set_member_settings(business_id uuid, counts_unchecked boolean) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
begin
  perform business.require_role(set_member_settings.business_id, 'manager');
  -- Switched on, it counts the year that has been as well.
  insert into members.settings as s (business_id, counts_unchecked, counted_until) values (set_member_settings.business_id, set_member_settings.counts_unchecked, now() - interval '1 year')
  on conflict (business_id) do update set counts_unchecked = excluded.counts_unchecked, counted_until = case when s.counts_unchecked then s.counted_until else excluded.counted_until end;
  perform audit.note(set_member_settings.business_id, 'member_settings_changed', 'business:' || set_member_settings.business_id, jsonb_build_object('counts_unchecked', set_member_settings.counts_unchecked));
  return set_member_settings.counts_unchecked;
end $$;
comment on function api.set_member_settings is 'For managers: whether people who are not checked in count as having come.';
grant execute on function api.set_member_settings to authenticated;

create function api.member_settings(business_id uuid) returns boolean
language sql stable set search_path = '' as $$
  select coalesce((select s.counts_unchecked from members.settings s where s.business_id = member_settings.business_id), false);
$$;
comment on function api.member_settings is 'For staff: whether people who are not checked in count as having come.';
grant execute on function api.member_settings to authenticated;

-- What the member sees -----------------------------------------------------------------------------------------------
create function members.this_week(member_id uuid, at timestamptz) returns table (measure text, target int, nudge boolean, since timestamptz, classes int, minutes int, classes_booked int, minutes_booked int, week_on date, week_ends_at timestamptz)
language plpgsql stable set search_path = '' rows 1 as $$
#variable_conflict use_column
declare
  m members.members;
  zone text;
  monday date;
  begins timestamptz;
  ends timestamptz;
begin
  select * into m from members.members x where x.id = this_week.member_id;
  zone := (select b.time_zone from business.businesses b where b.id = m.business_id);
  monday := members.week_of(this_week.at, zone);
  begins := monday::timestamp at time zone zone;
  ends := (monday + 7)::timestamp at time zone zone;
  return query
  select g.measure, g.target, g.nudge, g.since, done.n, done.minutes, coming.n, coming.minutes, monday, ends
  from (select count(*)::int as n, coalesce(sum(v.minutes), 0)::int as minutes from members.visits v where v.business_id = m.business_id and v.member_id = m.id and v.starts_at >= begins and v.starts_at < ends) done
  cross join (select count(*)::int as n, coalesce(sum(extract(epoch from s.ends_at - s.starts_at) / 60), 0)::int as minutes
    from booking.bookings k join booking.sessions s on s.business_id = k.business_id and s.id = k.session_id
    where k.business_id = m.business_id and k.member_id = m.id and k.starts_at >= greatest(begins, this_week.at) and k.starts_at < ends and k.state = 'confirmed' and s.state = 'scheduled' and k.guest_name is null) coming
  left join members.goals g on g.member_id = m.id and g.until is null;
end $$;
comment on function members.this_week is 'A member''s week around a moment: what was done, what is booked still, and the goal if there is one.';

create function api.my_progress(business_id uuid, person_id uuid default null, year int default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  person uuid := members.person_of((select m.id from members.members m where m.business_id = my_progress.business_id and m.user_id = auth.uid()), my_progress.person_id);
  zone text := (select b.time_zone from business.businesses b where b.id = my_progress.business_id);
  today date := (now() at time zone zone)::date;
  monday date := members.week_of(now(), zone);
  from_on date;
  until_on date;
begin
  if person is null then return null; end if;
  -- A calendar year, or the 53 weeks that end with this one.
  from_on := case when my_progress.year between 1990 and 2200 then make_date(my_progress.year, 1, 1) else monday - 52 * 7 end;
  until_on := case when my_progress.year between 1990 and 2200 then make_date(my_progress.year + 1, 1, 1) else monday + 7 end;
  return (
    with v as materialized (
      select x.starts_at, (x.starts_at at time zone zone)::date as day, x.minutes, x.style from members.visits x
      where x.business_id = my_progress.business_id and x.member_id = person and x.starts_at >= from_on::timestamp at time zone zone and x.starts_at < until_on::timestamp at time zone zone)
    select jsonb_build_object(
      'person_id', person, 'today', today, 'from_on', from_on, 'until_on', until_on,
      'visits', coalesce(s.visits, 0), 'minutes', coalesce(s.minutes, 0), 'first_visit_at', s.first_visit_at, 'last_visit_at', s.last_visit_at,
      -- A week that is not over breaks nothing.
      'streak', case when s.last_week_on >= monday - 7 then s.week_streak else 0 end, 'best_streak', coalesce(s.best_week_streak, 0),
      'days', coalesce((select jsonb_agg(jsonb_build_object('day', d.day, 'visits', d.n, 'minutes', d.minutes) order by d.day) from (select v.day, count(*) as n, sum(v.minutes) as minutes from v group by v.day) d), '[]'),
      'styles', coalesce((select jsonb_agg(jsonb_build_object('style', d.style, 'name', y.name, 'visits', d.n, 'minutes', d.minutes) order by d.minutes desc, d.style)
        from (select v.style, count(*) as n, sum(v.minutes) as minutes from v group by v.style) d left join booking.styles y on y.business_id = my_progress.business_id and y.slug = d.style), '[]'),
      'weeks', (select jsonb_agg(jsonb_build_object('week_on', w.week, 'visits', coalesce(d.n, 0), 'minutes', coalesce(d.minutes, 0)) order by w.week)
        from (select monday - 7 * n as week from generate_series(0, 11) n) w
        left join (select members.week_of(x.starts_at, zone) as week, count(*) as n, sum(x.minutes) as minutes from members.visits x
          where x.business_id = my_progress.business_id and x.member_id = person and x.starts_at >= (monday - 77)::timestamp at time zone zone group by 1) d on d.week = w.week),
      'milestones', coalesce((select jsonb_agg(jsonb_build_object('measure', q.measure, 'count', q.count, 'style', nullif(q.style, ''), 'style_name', y.name, 'earned_at', q.earned_at) order by q.earned_at desc, q.id desc)
        from (select * from members.milestones m where m.business_id = my_progress.business_id and m.member_id = person order by m.earned_at desc, m.id desc limit 60) q
        left join booking.styles y on y.business_id = q.business_id and y.slug = q.style), '[]'),
      'week', (select jsonb_build_object('classes', t.classes, 'minutes', t.minutes, 'classes_booked', t.classes_booked, 'minutes_booked', t.minutes_booked) from members.this_week(person, now()) t),
      'goal', (select case when t.measure is not null then jsonb_build_object('measure', t.measure, 'target', t.target, 'nudge', t.nudge, 'since', t.since) end from members.this_week(person, now()) t))
    from (select 1) one left join members.visit_summary s on s.member_id = person);
end $$;
comment on function api.my_progress is 'The asker''s (or a dependant''s) visits of a calendar year, or of the last 53 weeks, by day and style; twelve weeks; streaks, milestones, this week and its goal. Reads a year at most. Refuses 404 person_not_found.';
grant execute on function api.my_progress to authenticated;

create function api.set_goal(business_id uuid, measure text, target int, nudge boolean default false, person_id uuid default null) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid := members.require_me(set_goal.business_id);
  person uuid := members.person_of(me, set_goal.person_id);
  made uuid;
begin
  if set_goal.measure is null or set_goal.measure not in ('classes', 'minutes') then perform platform.refuse(422, 'goal_unknown', '{"field": "measure"}'); end if;
  if set_goal.target is null or set_goal.measure = 'classes' and set_goal.target not between 1 and 14 or set_goal.measure = 'minutes' and set_goal.target not between 15 and 1500 then
    perform platform.refuse(422, 'goal_out_of_range', '{"field": "target"}');
  end if;
  perform 1 from members.members m where m.id = person for no key update;
  update members.goals g set nudge = coalesce(set_goal.nudge, false) where g.member_id = person and g.until is null and g.measure = set_goal.measure and g.target = set_goal.target returning g.id into made;
  if made is not null then return made; end if;
  update members.goals g set until = now() where g.member_id = person and g.until is null;
  insert into members.goals as g (business_id, member_id, measure, target, nudge) values (set_goal.business_id, person, set_goal.measure, set_goal.target, coalesce(set_goal.nudge, false)) returning g.id into made;
  return made;
end $$;
comment on function api.set_goal is 'What to do every week: 1 to 14 classes or 15 to 1,500 minutes. Refuses 404 person_not_found, 422 goal_unknown, goal_out_of_range.';
grant execute on function api.set_goal to authenticated;

create function api.end_goal(business_id uuid, person_id uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare person uuid := members.person_of(members.require_me(end_goal.business_id), end_goal.person_id);
begin
  update members.goals g set until = now() where g.member_id = person and g.until is null;
  if not found then perform platform.refuse(404, 'goal_not_found'); end if;
end $$;
comment on function api.end_goal is 'Refuses 404 person_not_found, goal_not_found.';
grant execute on function api.end_goal to authenticated;

create function api.nudge_goals(at timestamptz default now()) returns int
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  g record;
  w record;
  done int;
  booked int;
  nudged int := 0;
begin
  -- Thursday evening on the studio's own clock, with three days left to come; late in the evening nobody is written to.
  for g in select x.*, b.time_zone from members.goals x join business.businesses b on b.id = x.business_id
      where x.nudge and x.until is null and extract(isodow from nudge_goals.at at time zone b.time_zone) = 4 and extract(hour from nudge_goals.at at time zone b.time_zone) between 18 and 20
      -- Two that run at once wait for each other at a row, and never in a circle.
      order by x.member_id loop
    select * into w from members.this_week(g.member_id, nudge_goals.at);
    done := case g.measure when 'classes' then w.classes else w.minutes end;
    booked := case g.measure when 'classes' then w.classes_booked else w.minutes_booked end;
    -- Nothing to say to whom the week is made, or will be by what is booked.
    continue when done + booked >= g.target;
    perform messages.notify(g.business_id, g.member_id, 'goal_nudge', 'goal:' || g.member_id || ':' || w.week_on,
      jsonb_build_object('measure', g.measure, 'target', g.target, 'done', done, 'booked', booked, 'period', 'week', 'days_left', 3));
    nudged := nudged + 1;
  end loop;
  return nudged;
end $$;
comment on function api.nudge_goals is 'Writes to those who asked for it and whose week falls short of their goal: on Thursdays from 18:00 to 21:00 of the business''s zone, once a week each, however often it runs. Run by a job every half hour.';
grant execute on function api.nudge_goals to service_role;

-- What the team sees --------------------------------------------------------------------------------------------------
create function api.member_list(business_id uuid, query text default '', after_search text default null, after_id uuid default null, page_size int default 50)
returns table (member_id uuid, name text, email text, phone text, guardian_name text, birthday date, created_at timestamptz, visits int, last_visit_at timestamptz, waiver text, search text)
language plpgsql stable security definer set search_path = '' rows 50 as $$
#variable_conflict use_column
declare
  words text := trim(translate(lower(coalesce(member_list.query, '')), 'áàâäãåéèêëíìîïóòôöõúùûüñç', 'aaaaaaeeeeiiiiooooouuuunc'));
  pattern text;
begin
  perform business.require_role(member_list.business_id, 'front_desk');
  -- A phone number is found with or without its spaces.
  if words ~ '^[-+0-9 ().]{3,}$' then words := regexp_replace(words, '\D', '', 'g'); end if;
  words := replace(replace(replace(left(words, 120), '\', '\\'), '%', '\%'), '_', '\_');
  pattern := case when length(words) < 3 then words || '%' else '%' || words || '%' end;
  return query
  select m.id, m.name, m.email::text, m.phone, g.name, m.birthday, m.created_at, coalesce(s.visits, 0), s.last_visit_at, members.waiver_state(m.id), m.search
  from (select * from members.members x where x.business_id = member_list.business_id and x.archived_at is null and x.search like pattern
      and (member_list.after_search is null or (x.search, x.id) > (member_list.after_search, member_list.after_id))
    order by x.search, x.id limit least(greatest(member_list.page_size, 1), 200)) m
  left join members.members g on g.business_id = m.business_id and g.id = m.guardian_id
  left join members.visit_summary s on s.member_id = m.id
  order by m.search, m.id;
end $$;
comment on function api.member_list is 'For the front desk: members by name, whose name, e-mail or phone contains the query (one or two letters: whose name begins so). Keyset by search and id. Refuses 403 not_your_role.';
grant execute on function api.member_list to authenticated;

create function api.member_page(business_id uuid, member_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  m members.members;
  zone text;
begin
  perform business.require_role(member_page.business_id, 'front_desk');
  select * into m from members.members x where x.id = member_page.member_id and x.business_id = member_page.business_id;
  if m.id is null then perform platform.refuse(404, 'member_not_found'); end if;
  zone := (select b.time_zone from business.businesses b where b.id = m.business_id);
  return jsonb_build_object(
    'member_id', m.id, 'name', m.name, 'email', m.email, 'phone', m.phone, 'pronouns', m.pronouns, 'locale', m.locale, 'birthday', m.birthday, 'created_at', m.created_at, 'archived_at', m.archived_at, 'has_account', m.user_id is not null,
    'emergency', case when m.emergency_name <> '' then jsonb_build_object('name', m.emergency_name, 'phone', m.emergency_phone, 'relation', m.emergency_relation) end,
    'guardian', (select jsonb_build_object('member_id', g.id, 'name', g.name, 'phone', g.phone, 'emergency_name', g.emergency_name, 'emergency_phone', g.emergency_phone) from members.members g where g.business_id = m.business_id and g.id = m.guardian_id),
    'dependants', coalesce((select jsonb_agg(jsonb_build_object('member_id', d.id, 'name', d.name, 'birthday', d.birthday) order by d.created_at) from members.members d where d.business_id = m.business_id and d.guardian_id = m.id and d.archived_at is null), '[]'),
    'flags', members.flags(m.id, (now() at time zone zone)::date),
    'fees', sales.owed(m),
    'health', (select jsonb_build_object('note', h.note, 'consented_at', h.consented_at) from members.health_notes h where h.member_id = m.id),
    'waiver', (select jsonb_build_object('version', w.version, 'typed_name', w.typed_name, 'signed_at', w.signed_at) from members.waiver_signatures w where w.business_id = m.business_id and w.member_id = m.id order by w.version desc limit 1),
    'visits', (select jsonb_build_object('visits', s.visits, 'minutes', s.minutes, 'first_visit_at', s.first_visit_at, 'last_visit_at', s.last_visit_at, 'streak', case when s.last_week_on >= members.week_of(now(), zone) - 7 then s.week_streak else 0 end, 'best_streak', s.best_week_streak) from members.visit_summary s where s.member_id = m.id),
    'notes', coalesce((select jsonb_agg(jsonb_build_object('note_id', n.id, 'body', n.body, 'pinned', n.pinned, 'created_at', n.created_at, 'by', (select coalesce(a.name, u.email) from auth.users u left join members.members a on a.business_id = m.business_id and a.user_id = u.id where u.id = n.by_user)) order by n.pinned desc, n.created_at desc)
      from (select * from members.notes x where x.business_id = m.business_id and x.member_id = m.id and x.removed_at is null order by x.pinned desc, x.created_at desc limit 50) n), '[]'),
    'bookings', coalesce((select jsonb_agg(jsonb_build_object('booking_id', k.id, 'session_id', k.session_id, 'state', k.state, 'starts_at', k.starts_at, 'class_name', t.name, 'instructor_name', i.name, 'guest_name', k.guest_name) order by k.starts_at desc)
      from (select * from booking.bookings x where x.business_id = m.business_id and x.member_id = m.id and x.state <> 'expired' and not (x.state = 'held' and x.held_until <= now()) order by x.starts_at desc limit 40) k
      join booking.sessions s on s.business_id = k.business_id and s.id = k.session_id join booking.class_types t on t.business_id = s.business_id and t.id = s.class_type_id join booking.instructors i on i.business_id = s.business_id and i.id = s.instructor_id), '[]'),
    'passes', coalesce((select jsonb_agg(jsonb_build_object('pass_id', p.id, 'plan_name', n.name, 'kind', n.kind, 'state', p.state, 'credits', p.credits, 'credits_left', members.credits_left(p.*), 'starts_at', p.starts_at, 'expires_at', p.expires_at, 'frozen_until', p.frozen_until) order by p.created_at desc)
      from (select * from members.passes x where x.business_id = m.business_id and x.member_id = m.id order by x.created_at desc limit 20) p join members.plans n on n.business_id = p.business_id and n.id = p.plan_id), '[]'),
    'orders', coalesce((select jsonb_agg(jsonb_build_object('order_id', o.id, 'reference', o.reference, 'state', o.state, 'placed_at', o.placed_at, 'total_cents', o.total_cents, 'currency', o.currency) order by o.placed_at desc)
      from (select * from sales.orders x where x.business_id = m.business_id and x.member_id = m.id and x.state <> 'cart' order by x.placed_at desc limit 20) o), '[]'),
    'consents', (select jsonb_agg(jsonb_build_object('channel', c.channel, 'purpose', c.purpose, 'given', c.given, 'at', c.at)) from members.consents_of(coalesce(m.guardian_id, m.id)) c));
end $$;
comment on function api.member_page is 'For the front desk: everything the team may see of one member. Bounded: 40 bookings, 20 passes, 20 orders, 50 notes. Refuses 403 not_your_role, 404 member_not_found.';
grant execute on function api.member_page to authenticated;

create function api.members_at_risk(business_id uuid, quiet_days int default 21, at_least int default 3, before_at timestamptz default null, before_id uuid default null, page_size int default 50)
returns table (member_id uuid, name text, email text, phone text, visits int, first_visit_at timestamptz, last_visit_at timestamptz, usual_weekday int, next_booking_at timestamptz, next_class jsonb, may_write boolean)
language plpgsql stable security definer set search_path = '' rows 50 as $$
#variable_conflict use_column
declare zone text := (select b.time_zone from business.businesses b where b.id = members_at_risk.business_id);
begin
  perform business.require_role(members_at_risk.business_id, 'front_desk');
  return query
  select m.id, m.name, m.email::text, m.phone, r.visits, r.first_visit_at, r.last_visit_at, d.weekday, n.starts_at, n.name, members.consent(m.id, 'email', 'marketing')
  from (select s.* from members.visit_summary s join members.members x on x.business_id = s.business_id and x.id = s.member_id and x.archived_at is null
    where s.business_id = members_at_risk.business_id and s.visits >= members_at_risk.at_least
      and s.last_visit_at < now() - make_interval(days => least(greatest(members_at_risk.quiet_days, 1), 365)) and s.last_visit_at > now() - interval '2 years'
      and (members_at_risk.before_at is null or (s.last_visit_at, s.member_id) < (members_at_risk.before_at, members_at_risk.before_id))
    order by s.last_visit_at desc, s.member_id desc limit least(greatest(members_at_risk.page_size, 1), 1000)) r
  join members.members m on m.business_id = r.business_id and m.id = r.member_id
  -- The day they mostly came on, of their last twenty visits.
  left join lateral (select extract(isodow from v.starts_at at time zone zone)::int as weekday from (select x.starts_at from members.visits x where x.business_id = r.business_id and x.member_id = r.member_id order by x.starts_at desc limit 20) v group by 1 order by count(*) desc, max(v.starts_at) desc limit 1) d on true
  left join lateral (select k.starts_at, t.name from booking.bookings k join booking.sessions s on s.business_id = k.business_id and s.id = k.session_id join booking.class_types t on t.business_id = s.business_id and t.id = s.class_type_id
    where k.business_id = r.business_id and k.member_id = r.member_id and k.starts_at > now() and k.state = 'confirmed' order by k.starts_at limit 1) n on true
  order by r.last_visit_at desc, r.member_id desc;
end $$;
comment on function api.members_at_risk is 'For the front desk: members with at least so many visits who have not come for quiet_days, those who came last first (keyset by last_visit_at and member). usual_weekday: 1 = Monday. Reads the summary, never the past. Refuses 403 not_your_role.';
grant execute on function api.members_at_risk to authenticated;

create function api.first_timers(business_id uuid, weeks int default 12) returns table (week_on date, first_visits int, came_again int, bought_pass int, complete boolean)
language plpgsql stable security definer set search_path = '' rows 12 as $$
#variable_conflict use_column
declare
  zone text := (select b.time_zone from business.businesses b where b.id = first_timers.business_id);
  monday date := members.week_of(now(), zone);
  n int := least(greatest(first_timers.weeks, 1), 53);
begin
  perform business.require_role(first_timers.business_id, 'front_desk');
  return query
  select w.week, coalesce(f.first_visits, 0), coalesce(f.came_again, 0), coalesce(f.bought_pass, 0), (w.week + 7 + 30)::timestamp at time zone zone <= now()
  from (select monday - 7 * x as week from generate_series(0, n - 1) x) w
  left join (
    select members.week_of(s.first_visit_at, zone) as week, count(*)::int as first_visits,
      count(*) filter (where exists (select from members.visits v where v.business_id = s.business_id and v.member_id = s.member_id and v.starts_at > s.first_visit_at
        and v.starts_at < ((s.first_visit_at at time zone zone)::date + 31)::timestamp at time zone zone))::int as came_again,
      count(*) filter (where exists (select from members.passes p where p.business_id = s.business_id and p.member_id = s.member_id and p.created_at >= s.first_visit_at - interval '1 day'
        and p.created_at < ((s.first_visit_at at time zone zone)::date + 31)::timestamp at time zone zone))::int as bought_pass
    from members.visit_summary s where s.business_id = first_timers.business_id and s.first_visit_at >= (monday - 7 * (n - 1))::timestamp at time zone zone group by 1) f on f.week = w.week
  order by w.week;
end $$;
comment on function api.first_timers is 'For the front desk: by week, who came for the first time, how many of them came again within 30 days, and how many bought a pass or membership by then; complete: whether those 30 days are over for all of them. Refuses 403 not_your_role.';
grant execute on function api.first_timers to authenticated;

-- Statement: everything of value the member holds here, and how it came and went -----------------------------------------
create function api.my_statement(business_id uuid, before_id bigint default null, page_size int default 50, of_pass uuid default null, of_wallet boolean default false, before_step bigint default null)
returns table (entry_id bigint, step_id bigint, at timestamptz, unit text, account_kind text, amount bigint, balance_after bigint, movement text, plan_name jsonb, person_name text, class_name jsonb, starts_at timestamptz, session_id uuid, used_by text, order_id uuid, reference text)
language plpgsql stable security definer set search_path = '' rows 50 as $$
#variable_conflict use_column
declare n int := least(greatest(my_statement.page_size, 1), 200);
begin
  return query
  with people as (select m.id, m.name from members.members m where m.business_id = my_statement.business_id and m.id in (select members.mine())),
    owned as (
      select k.id, k.business_id, k.credits, t.name as plan_name, p.name as person_name
        from people p join members.passes k on k.business_id = my_statement.business_id and k.member_id = p.id join members.plans t on t.business_id = k.business_id and t.id = k.plan_id
        where not my_statement.of_wallet and (my_statement.of_pass is null or k.id = my_statement.of_pass)),
    held as (
      select a.id, a.unit, a.kind, a.side, k.plan_name, k.person_name
        from owned k join ledger.accounts a on a.business_id = k.business_id and a.unit = 'credits' and a.kind = 'credits' and a.owner = k.id::text
      union all
      select a.id, a.unit, a.kind, a.side, null, p.name from people p join ledger.accounts a on a.owner = p.id::text and a.business_id = my_statement.business_id and a.kind = 'wallet'
        where my_statement.of_pass is null),
    -- The newest of each account, however many there have been before.
    shown as (
      select e.id, e.business_id, e.transfer_id, h.unit, h.kind, e.amount * h.side as amount, e.balance_after * h.side as balance_after, h.plan_name, h.person_name
      from held h
      cross join lateral (select y.* from ledger.entries y where y.business_id = my_statement.business_id and y.account_id = h.id and (my_statement.before_id is null or y.id < my_statement.before_id) order by y.version desc limit n) e
      order by e.id desc limit n),
    counted as (
      select e.id, x.created_at as at, e.unit, e.kind, e.amount, e.balance_after, x.kind as movement, e.plan_name, e.person_name, c.name as class_name, c.starts_at, c.session_id, nullif(c.who, e.person_name) as used_by, o.id as order_id, o.reference
      from shown e
      join ledger.transfers x on x.business_id = e.business_id and x.id = e.transfer_id
      -- What it was for is said by what moved first: what comes back names the same.
      left join ledger.transfers r on r.business_id = x.business_id and r.id = x.reverses
      left join lateral (select t.name, b.starts_at, s.id as session_id, coalesce(b.guest_name, w.name) as who, b.order_line_id
        from booking.bookings b join booking.sessions s on s.business_id = b.business_id and s.id = b.session_id join booking.class_types t on t.business_id = s.business_id and t.id = s.class_type_id
        join members.members w on w.business_id = b.business_id and w.id = b.member_id
        where b.business_id = x.business_id and b.id = substring(coalesce(r.source, x.source) from '^booking:([0-9a-f-]{36})')::uuid) c on true
      left join payments.refunds f on f.business_id = x.business_id and f.id = substring(x.source from '^refund:([0-9a-f-]{36})')::uuid
      left join payments.payments p on p.business_id = x.business_id and p.id = coalesce(f.payment_id, substring(x.source from '^payment:([0-9a-f-]{36})')::uuid)
      left join members.passes k on k.business_id = x.business_id and k.id = substring(x.source from '^pass:([0-9a-f-]{36})')::uuid and x.kind = 'credits_granted'
      -- A fee that credits settled is an order of its own.
      left join sales.order_lines l on l.business_id = x.business_id and l.id = coalesce((select y.id from sales.order_lines y where y.business_id = x.business_id and y.order_id = substring(coalesce(r.source, x.source) from ':fee:([0-9a-f-]{36})$')::uuid limit 1), c.order_line_id, k.order_line_id)
      left join sales.orders o on o.business_id = x.business_id and o.id = coalesce(p.order_id, l.order_id)),
    -- What has no limit moves no credits: there it is the places themselves, as they were taken and given up.
    unlimited as (
      select y.id, y.at, case y.to_state when 'confirmed' then 'unlimited_use' when 'late_cancelled' then 'unlimited_late' else 'unlimited_return' end as movement,
        k.plan_name, k.person_name, t.name as class_name, b.starts_at, b.session_id, nullif(coalesce(b.guest_name, w.name), k.person_name) as used_by, o.id as order_id, o.reference
      from owned k join booking.bookings b on b.business_id = k.business_id and b.pass_id = k.id
      join booking.booking_steps y on y.business_id = b.business_id and y.booking_id = b.id
      join booking.sessions s on s.business_id = b.business_id and s.id = b.session_id join booking.class_types t on t.business_id = s.business_id and t.id = s.class_type_id
      join members.members w on w.business_id = b.business_id and w.id = b.member_id
      left join sales.order_lines l on l.business_id = b.business_id and l.id = b.order_line_id left join sales.orders o on o.business_id = l.business_id and o.id = l.order_id
      where k.credits is null and (my_statement.before_step is null or y.id < my_statement.before_step)
        and (y.to_state = 'confirmed' and (y.from_state is null or y.from_state = 'held') or y.to_state in ('cancelled', 'late_cancelled') and y.from_state = 'confirmed')
      order by y.id desc limit n),
    -- Two rows of things, each in its own order, told as one: nothing of one comes after what followed it.
    told as (
      select c.id as entry_id, null::bigint as step_id, c.at, min(c.at) over (order by c.id desc) as sorted, c.unit, c.kind, c.amount::bigint, c.balance_after::bigint, c.movement, c.plan_name, c.person_name, c.class_name, c.starts_at, c.session_id, c.used_by, c.order_id, c.reference from counted c
      union all
      select null, u.id, u.at, min(u.at) over (order by u.id desc), 'credits', 'credits', 0, null, u.movement, u.plan_name, u.person_name, u.class_name, u.starts_at, u.session_id, u.used_by, u.order_id, u.reference from unlimited u)
  select t.entry_id, t.step_id, t.at, t.unit, t.kind, t.amount, t.balance_after, t.movement, t.plan_name, t.person_name, t.class_name, t.starts_at, t.session_id, t.used_by, t.order_id, t.reference
  from told t order by t.sorted desc, t.entry_id desc nulls last, t.step_id desc limit n;
end $$;
comment on function api.my_statement is 'Class credits of the passes of the asker and their dependants, and their wallet, or one of them: every movement with the balance after it and what it was for (a class and who sat in it, an order), the latest first. Amounts: credits, or minor units of a currency; more is positive. What a pass without limit pays for moves none: each place taken, and given up, is told by its step (step_id, movement unlimited_use, unlimited_return or unlimited_late; amount 0). Keyset: the last entry_id and the last step_id seen so far (before_id, before_step).';
grant execute on function api.my_statement to authenticated;
