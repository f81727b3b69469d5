-- Pay: what a class earns its instructor, why, and what was paid out. Amounts are minor units of the business's currency.

create function booking.tiers_are_sound(tiers jsonb) returns boolean
language plpgsql immutable set search_path = '' as $$
declare
  tier jsonb;
  before int := -1;
begin
  if jsonb_typeof(tiers) is distinct from 'array' or jsonb_array_length(tiers) > 6 then return false; end if;
  for tier in select t from jsonb_array_elements(tiers) t loop
    if jsonb_typeof(tier -> 'over') is distinct from 'number' or jsonb_typeof(tier -> 'per_head_cents') is distinct from 'number' or jsonb_typeof(tier -> 'bonus_cents') is distinct from 'number'
      or (tier ->> 'over') !~ '^\d{1,5}$' or (tier ->> 'per_head_cents') !~ '^\d{1,9}$' or (tier ->> 'bonus_cents') !~ '^\d{1,9}$' or (tier ->> 'over')::int <= before then return false; end if;
    before := (tier ->> 'over')::int;
  end loop;
  return true;
end $$;
comment on function booking.tiers_are_sound is '[{"over": 8, "per_head_cents": 200, "bonus_cents": 0}, …]: whole numbers, none negative, over strictly growing, six at most.';

create table booking.pay_rules (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  instructor_id uuid,
  class_type_id uuid,
  valid_from date not null,
  valid_until date,
  base_cents bigint not null check (base_cents between 0 and 100000000),
  tiers jsonb not null default '[]' check (booking.tiers_are_sound(tiers)),
  cap_cents bigint check (cap_cents between 0 and 1000000000),
  counts_late_cancels boolean not null default false,
  counts_no_shows boolean not null default true,
  made_at timestamptz not null default now(),
  made_by uuid,
  voided_at timestamptz,
  check (valid_until > valid_from),
  check (cap_cents >= base_cents),
  unique (business_id, id),
  foreign key (business_id, instructor_id) references booking.instructors (business_id, id) on delete restrict,
  foreign key (business_id, class_type_id) references booking.class_types (business_id, id) on delete restrict,
  constraint one_pay_rule_at_a_time exclude using gist (business_id extensions.gist_uuid_ops with =,
    (coalesce(instructor_id, '00000000-0000-0000-0000-000000000000'::uuid)) extensions.gist_uuid_ops with =, (coalesce(class_type_id, '00000000-0000-0000-0000-000000000000'::uuid)) extensions.gist_uuid_ops with =,
    daterange(valid_from, valid_until) with &&) where (voided_at is null)
);
comment on table booking.pay_rules is 'Versions of what a class earns: base for holding it, and by how many heads came. Scope: instructor and class type > instructor > class type > everyone; the most specific that holds on the class''s day wins. A version is never edited: a new one ends it (valid_until is the first day it no longer holds), one that never held is voided.';
comment on column booking.pay_rules.tiers is 'Heads above `over`, up to the next tier, earn per_head_cents each; bonus_cents comes once when more than `over` came.';
create index pay_rules_instructor_id_idx on booking.pay_rules (business_id, instructor_id);
create index pay_rules_class_type_id_idx on booking.pay_rules (business_id, class_type_id);

create function booking.tg_pay_rules__versions() returns trigger
language plpgsql set search_path = '' as $$
begin
  if tg_op = 'DELETE' or row(new.id, new.business_id, new.instructor_id, new.class_type_id, new.valid_from, new.base_cents, new.tiers, new.cap_cents, new.counts_late_cancels, new.counts_no_shows, new.made_at)
    is distinct from row(old.id, old.business_id, old.instructor_id, old.class_type_id, old.valid_from, old.base_cents, old.tiers, old.cap_cents, old.counts_late_cancels, old.counts_no_shows, old.made_at) then
    raise exception 'booking.pay_rules are versions: add a new one' using errcode = '55000';
  end if;
  return new;
end $$;
create trigger tg_pay_rules__versions before update or delete on booking.pay_rules for each row execute function booking.tg_pay_rules__versions();

create table booking.pay_runs (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  from_on date not null,
  until_on date not null,
  currency char(3) not null,
  total_cents bigint not null,
  closed_at timestamptz not null default now(),
  closed_by uuid,
  check (until_on >= from_on),
  unique (business_id, id),
  constraint one_pay_run_at_a_time exclude using gist (business_id extensions.gist_uuid_ops with =, daterange(from_on, until_on, '[]') with &&)
);
comment on table booking.pay_runs is 'A closed period, both days included, in the business''s own zone. What it says does not change any more: later changes are adjustments in the next one.';

create table booking.pay_lines (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  run_id uuid not null,
  instructor_id uuid not null,
  session_id uuid not null,
  kind text not null check (kind in ('class', 'adjustment')),
  amount_cents bigint not null,
  rule_id uuid,
  why jsonb not null,
  unique (run_id, session_id, instructor_id),
  foreign key (business_id, run_id) references booking.pay_runs (business_id, id) on delete restrict,
  foreign key (business_id, instructor_id) references booking.instructors (business_id, id) on delete restrict,
  foreign key (business_id, session_id) references booking.sessions (business_id, id) on delete restrict,
  foreign key (business_id, rule_id) references booking.pay_rules (business_id, id) on delete restrict
);
comment on table booking.pay_lines is 'One class in a closed period, with the inputs and the version of the rule it was reckoned by; or what a class of an earlier period earns more or less since (adjustment, signed).';
create index pay_lines_run_id_idx on booking.pay_lines (business_id, run_id);
create index pay_lines_instructor_id_idx on booking.pay_lines (business_id, instructor_id);
create index pay_lines_session_id_idx on booking.pay_lines (business_id, session_id);
create index pay_lines_rule_id_idx on booking.pay_lines (business_id, rule_id);

create function booking.tg_pay__closed() returns trigger
language plpgsql set search_path = '' as $$
begin
  raise exception 'A closed pay run does not change' using errcode = '55000';
end $$;
create trigger tg_pay_runs__closed before update or delete or truncate on booking.pay_runs for each statement execute function booking.tg_pay__closed();
create trigger tg_pay_lines__closed before update or delete or truncate on booking.pay_lines for each statement execute function booking.tg_pay__closed();

alter table booking.pay_rules enable row level security;
alter table booking.pay_runs enable row level security;
alter table booking.pay_lines enable row level security;
grant select on booking.pay_rules, booking.pay_runs, booking.pay_lines to authenticated;
create policy "Managers see what classes earn at their business" on booking.pay_rules for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Managers see the pay runs of their business" on booking.pay_runs for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Instructors see their own pay, managers that of their business" on booking.pay_lines for select to authenticated
  using (instructor_id in (select booking.teaching_as()) or business_id in (select business.where_i_am('manager')));

-- The number and why ----------------------------------------------------------------------------------------------------
create function booking.pay_amount(base_cents bigint, tiers jsonb, cap_cents bigint, heads int) returns jsonb
language plpgsql immutable set search_path = '' as $$
declare
  parts jsonb := jsonb_build_array(jsonb_build_object('part', 'base', 'cents', base_cents));
  sum bigint := base_cents;
  i int;
  over int;
  next int;
  inside int;
begin
  for i in 0 .. jsonb_array_length(tiers) - 1 loop
    over := (tiers -> i ->> 'over')::int;
    exit when heads <= over;
    next := coalesce((tiers -> (i + 1) ->> 'over')::int, heads);
    inside := least(heads, next) - over;
    if (tiers -> i ->> 'bonus_cents')::bigint > 0 then
      sum := sum + (tiers -> i ->> 'bonus_cents')::bigint;
      parts := parts || jsonb_build_object('part', 'bonus', 'over', over, 'cents', (tiers -> i ->> 'bonus_cents')::bigint);
    end if;
    if (tiers -> i ->> 'per_head_cents')::bigint > 0 then
      sum := sum + inside * (tiers -> i ->> 'per_head_cents')::bigint;
      parts := parts || jsonb_build_object('part', 'heads', 'over', over, 'heads', inside, 'per_head_cents', (tiers -> i ->> 'per_head_cents')::bigint, 'cents', inside * (tiers -> i ->> 'per_head_cents')::bigint);
    end if;
  end loop;
  return jsonb_build_object('amount_cents', least(sum, coalesce(cap_cents, sum)), 'sum_cents', sum, 'parts', parts);
end $$;
comment on function booking.pay_amount is 'The arithmetic alone: base, tiers, cap and heads → the amount, the sum before the cap, and its parts. Never less for more heads.';

create function booking.pay_rule_for(business_id uuid, instructor_id uuid, class_type_id uuid, day date) returns booking.pay_rules
language plpgsql stable set search_path = '' as $$
declare r booking.pay_rules;
begin
  select * into r from booking.pay_rules x
  where x.business_id = pay_rule_for.business_id and x.voided_at is null and x.valid_from <= pay_rule_for.day and (x.valid_until is null or x.valid_until > pay_rule_for.day)
    and (x.instructor_id is null or x.instructor_id = pay_rule_for.instructor_id) and (x.class_type_id is null or x.class_type_id = pay_rule_for.class_type_id)
  order by x.instructor_id is not null desc, x.class_type_id is not null desc limit 1;
  return r;
end $$;
comment on function booking.pay_rule_for is 'The most specific rule that holds on a day: instructor and class type, instructor, class type, everyone. Null when there is none.';

create function booking.pay_for(session_id uuid) returns table (amount_cents bigint, rule_id uuid, why jsonb)
language plpgsql stable set search_path = '' rows 1 as $$
#variable_conflict use_column
declare
  s booking.sessions;
  r booking.pay_rules;
  c record;
  heads int;
  reckoned jsonb;
begin
  select * into s from booking.sessions x where x.id = pay_for.session_id and x.state = 'scheduled';
  if s.id is null then return; end if;
  r := booking.pay_rule_for(s.business_id, s.instructor_id, s.class_type_id, (s.starts_at at time zone (select b.time_zone from business.businesses b where b.id = s.business_id))::date);
  select count(*) filter (where k.state in ('confirmed', 'checked_in'))::int as came, count(*) filter (where k.state = 'no_show')::int as no_shows, count(*) filter (where k.state = 'late_cancelled')::int as late_cancels
    into c from booking.bookings k where k.business_id = s.business_id and k.session_id = s.id;
  if r.id is null then
    return query select null::bigint, null::uuid, jsonb_build_object('came', c.came, 'no_shows', c.no_shows, 'late_cancels', c.late_cancels);
    return;
  end if;
  heads := c.came + case when r.counts_no_shows then c.no_shows else 0 end + case when r.counts_late_cancels then c.late_cancels else 0 end;
  reckoned := booking.pay_amount(r.base_cents, r.tiers, r.cap_cents, heads);
  return query select (reckoned ->> 'amount_cents')::bigint, r.id, reckoned || jsonb_build_object('heads', heads, 'came', c.came, 'no_shows', c.no_shows, 'late_cancels', c.late_cancels,
    'rule', jsonb_build_object('rule_id', r.id, 'valid_from', r.valid_from, 'scope', case when r.instructor_id is not null and r.class_type_id is not null then 'both' when r.instructor_id is not null then 'instructor' when r.class_type_id is not null then 'class_type' else 'everyone' end,
      'base_cents', r.base_cents, 'tiers', r.tiers, 'cap_cents', r.cap_cents, 'counts_late_cancels', r.counts_late_cancels, 'counts_no_shows', r.counts_no_shows));
end $$;
comment on function booking.pay_for is 'What a session earns its instructor by the rules and bookings as they are now, and why: heads counted, the rule''s version, each part. Whoever was booked and not marked absent came. amount null: no rule holds; no row: it was cancelled.';

create function booking.pay_between(business_id uuid, from_on date, until_on date, only_instructor uuid default null)
returns table (kind text, session_id uuid, instructor_id uuid, starts_at timestamptz, amount_cents bigint, rule_id uuid, why jsonb, run_id uuid)
language plpgsql stable set search_path = '' rows 200 as $$
#variable_conflict use_column
declare
  zone text := (select b.time_zone from business.businesses b where b.id = pay_between.business_id);
  from_at timestamptz := pay_between.from_on::timestamp at time zone zone;
  until_at timestamptz := (pay_between.until_on + 1)::timestamp at time zone zone;
begin
  return query
  -- What is closed is read as it was stored.
  select l.kind, l.session_id, l.instructor_id, s.starts_at, l.amount_cents, l.rule_id, l.why, l.run_id
  from booking.pay_runs u join booking.pay_lines l on l.run_id = u.id join booking.sessions s on s.id = l.session_id
  where u.business_id = pay_between.business_id and u.from_on <= pay_between.until_on and u.until_on >= pay_between.from_on
    and (pay_between.only_instructor is null or l.instructor_id = pay_between.only_instructor)
    and case l.kind when 'class' then s.starts_at >= from_at and s.starts_at < until_at else u.until_on between pay_between.from_on and pay_between.until_on end
  union all
  select 'class', s.id, s.instructor_id, s.starts_at, p.amount_cents, p.rule_id, p.why, null
  from booking.sessions s cross join lateral booking.pay_for(s.id) p
  where s.business_id = pay_between.business_id and s.state = 'scheduled' and s.starts_at >= from_at and s.starts_at < least(until_at, now())
    and (pay_between.only_instructor is null or s.instructor_id = pay_between.only_instructor)
    and not exists (select from booking.pay_runs u where u.business_id = s.business_id and (s.starts_at at time zone zone)::date between u.from_on and u.until_on)
  order by 4, 2;
end $$;
comment on function booking.pay_between is 'A line for each class that has begun, of days from … until, both included: as stored where the day is in a closed run (run_id), else as it comes to now. Adjustments belong to the last day of the run they are in.';

create function booking.pay_adjustments(business_id uuid, from_on date, only_instructor uuid default null)
returns table (session_id uuid, instructor_id uuid, starts_at timestamptz, amount_cents bigint, rule_id uuid, why jsonb)
language plpgsql stable set search_path = '' rows 20 as $$
#variable_conflict use_column
declare
  zone text := (select b.time_zone from business.businesses b where b.id = pay_adjustments.business_id);
  first_on date := (select min(u.from_on) from booking.pay_runs u where u.business_id = pay_adjustments.business_id);
  from_at timestamptz := greatest(first_on, pay_adjustments.from_on - 92)::timestamp at time zone zone;
  until_at timestamptz := pay_adjustments.from_on::timestamp at time zone zone;
begin
  if first_on is null or first_on >= pay_adjustments.from_on then return; end if;
  return query
  with earlier as (select s.id, s.instructor_id, s.starts_at, s.state from booking.sessions s where s.business_id = pay_adjustments.business_id and s.starts_at >= from_at and s.starts_at < until_at),
    paid as (select l.session_id, l.instructor_id, sum(l.amount_cents)::bigint as cents from booking.pay_lines l join earlier e on e.id = l.session_id where l.business_id = pay_adjustments.business_id group by 1, 2),
    due as (select e.id as session_id, e.instructor_id, p.amount_cents as cents, p.rule_id, p.why from earlier e cross join lateral booking.pay_for(e.id) p where e.state = 'scheduled')
  select e.id, coalesce(d.instructor_id, p.instructor_id), e.starts_at, coalesce(d.cents, 0) - coalesce(p.cents, 0), d.rule_id, jsonb_build_object('before_cents', coalesce(p.cents, 0), 'now_cents', coalesce(d.cents, 0), 'now', d.why)
  from due d full join paid p on p.session_id = d.session_id and p.instructor_id = d.instructor_id join earlier e on e.id = coalesce(d.session_id, p.session_id)
  where coalesce(d.cents, 0) <> coalesce(p.cents, 0) and (pay_adjustments.only_instructor is null or coalesce(d.instructor_id, p.instructor_id) = pay_adjustments.only_instructor)
  order by e.starts_at, e.id;
end $$;
comment on function booking.pay_adjustments is 'Classes of the 92 days before a day (and since the first closed run) that come to another amount, or another instructor, than was paid for them: the difference, signed.';

-- Doors -----------------------------------------------------------------------------------------------------------------
create function booking.check_period(from_on date, until_on date) returns void
language plpgsql immutable set search_path = '' as $$
begin
  if check_period.from_on is null or check_period.until_on is null or check_period.until_on < check_period.from_on or check_period.until_on > check_period.from_on + 92 then
    perform platform.refuse(422, 'pay_period_invalid', '{"field": "until"}');
  end if;
end $$;

create function api.pay_report(business_id uuid, from_on date, until_on date)
returns table (kind text, session_id uuid, instructor_id uuid, instructor_name text, class_name jsonb, starts_at timestamptz, amount_cents bigint, why jsonb, run_id uuid)
language plpgsql stable security definer set search_path = '' rows 200 as $$
#variable_conflict use_column
begin
  perform business.require_role(pay_report.business_id, 'manager');
  perform booking.check_period(pay_report.from_on, pay_report.until_on);
  return query
  select p.kind, p.session_id, p.instructor_id, i.name, t.name, p.starts_at, p.amount_cents, p.why, p.run_id
  from (select b.kind, b.session_id, b.instructor_id, b.starts_at, b.amount_cents, b.why, b.run_id from booking.pay_between(pay_report.business_id, pay_report.from_on, pay_report.until_on) b
    union all
    select 'adjustment', a.session_id, a.instructor_id, a.starts_at, a.amount_cents, a.why, null from booking.pay_adjustments(pay_report.business_id, pay_report.from_on) a
    where not exists (select from booking.pay_runs u where u.business_id = pay_report.business_id and u.until_on >= pay_report.from_on)) p
  join booking.instructors i on i.id = p.instructor_id join booking.sessions s on s.id = p.session_id join booking.class_types t on t.id = s.class_type_id
  order by i.name, i.id, p.kind desc, p.starts_at;
end $$;
comment on function api.pay_report is 'A line for each class of a period (both days included, 93 at most) that has begun, and for what changed since earlier runs, by instructor. amount_cents null: no rule holds. run_id: closed, as it was stored. For managers. Refuses 422 pay_period_invalid.';
grant execute on function api.pay_report to authenticated;

create function api.my_pay(business_id uuid, from_on date, until_on date)
returns table (kind text, session_id uuid, class_name jsonb, starts_at timestamptz, amount_cents bigint, why jsonb, run_id uuid)
language plpgsql stable security definer set search_path = '' rows 50 as $$
#variable_conflict use_column
declare me uuid := booking.require_instructor(my_pay.business_id);
begin
  perform booking.check_period(my_pay.from_on, my_pay.until_on);
  return query
  select p.kind, p.session_id, t.name, p.starts_at, p.amount_cents, p.why, p.run_id
  from booking.pay_between(my_pay.business_id, my_pay.from_on, my_pay.until_on, me) p join booking.sessions s on s.id = p.session_id join booking.class_types t on t.id = s.class_type_id
  order by p.kind desc, p.starts_at;
end $$;
comment on function api.my_pay is 'The asker''s own lines of a period, and nobody else''s. Refuses 403 not_an_instructor, 422 pay_period_invalid.';
grant execute on function api.my_pay to authenticated;

create function api.pay_runs(business_id uuid) returns table (run_id uuid, from_on date, until_on date, total_cents bigint, currency text, instructors bigint, lines bigint, closed_at timestamptz, closed_by text)
language plpgsql stable security definer set search_path = '' rows 24 as $$
#variable_conflict use_column
begin
  perform business.require_role(pay_runs.business_id, 'manager');
  return query
  select u.id, u.from_on, u.until_on, u.total_cents, u.currency::text, (select count(distinct l.instructor_id) from booking.pay_lines l where l.run_id = u.id), (select count(*) from booking.pay_lines l where l.run_id = u.id), u.closed_at,
    (select m.name from members.members m where m.business_id = u.business_id and m.user_id = u.closed_by)
  from booking.pay_runs u where u.business_id = pay_runs.business_id order by u.from_on desc limit 60;
end $$;
comment on function api.pay_runs is 'The closed periods, latest first, 60 at most. For managers.';
grant execute on function api.pay_runs to authenticated;

create function api.close_pay_run(business_id uuid, from_on date, until_on date) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  the_run uuid := gen_random_uuid();
  b business.businesses;
  total bigint;
  counted int;
begin
  perform business.require_role(close_pay_run.business_id, 'manager');
  perform booking.check_period(close_pay_run.from_on, close_pay_run.until_on);
  select * into b from business.businesses x where x.id = close_pay_run.business_id;
  if close_pay_run.until_on >= (now() at time zone b.time_zone)::date then perform platform.refuse(409, 'pay_period_not_over', '{"field": "until"}'); end if;
  -- One close at a time, so that what is stored and its sum are of one moment.
  perform pg_advisory_xact_lock(hashtextextended('pay ' || b.id, 0));
  if exists (select from booking.pay_runs u where u.business_id = b.id and daterange(u.from_on, u.until_on, '[]') && daterange(close_pay_run.from_on, close_pay_run.until_on, '[]')) then
    perform platform.refuse(409, 'pay_period_closed');
  end if;
  -- Adjustments look back from a run to those before it: runs are closed in order.
  if exists (select from booking.pay_runs u where u.business_id = b.id and u.from_on > close_pay_run.until_on) then perform platform.refuse(409, 'pay_period_out_of_order'); end if;
  with due as materialized (
      select p.kind, p.instructor_id, p.session_id, p.amount_cents, p.rule_id, p.why from booking.pay_between(b.id, close_pay_run.from_on, close_pay_run.until_on) p where p.rule_id is not null
      union all select 'adjustment', a.instructor_id, a.session_id, a.amount_cents, a.rule_id, a.why from booking.pay_adjustments(b.id, close_pay_run.from_on) a),
    run as (insert into booking.pay_runs (id, business_id, from_on, until_on, currency, total_cents, closed_by)
      select the_run, b.id, close_pay_run.from_on, close_pay_run.until_on, b.currency, sum(d.amount_cents), auth.uid() from due d having count(*) > 0),
    lines as (insert into booking.pay_lines (business_id, run_id, instructor_id, session_id, kind, amount_cents, rule_id, why)
      select b.id, the_run, d.instructor_id, d.session_id, d.kind, d.amount_cents, d.rule_id, d.why from due d returning amount_cents)
  select coalesce(sum(l.amount_cents), 0), count(*) into total, counted from lines l;
  if counted = 0 then perform platform.refuse(409, 'pay_period_empty'); end if;
  perform audit.note(b.id, 'pay_run_closed', 'pay_run:' || the_run, jsonb_build_object('from_on', close_pay_run.from_on, 'until_on', close_pay_run.until_on, 'total_cents', total, 'lines', counted));
  return jsonb_build_object('run_id', the_run, 'total_cents', total, 'lines', counted, 'currency', b.currency);
end $$;
comment on function api.close_pay_run is 'Stores the lines of a period that is over; they do not change afterwards. Classes without a rule are left out and come as adjustments once they have one. Refuses 409 pay_period_not_over, pay_period_closed, pay_period_out_of_order, pay_period_empty, 422 pay_period_invalid.';
grant execute on function api.close_pay_run to authenticated;

create function api.pay_rules(business_id uuid)
returns table (rule_id uuid, instructor_id uuid, instructor_name text, class_type_id uuid, class_name jsonb, valid_from date, valid_until date, base_cents bigint, tiers jsonb, cap_cents bigint, counts_late_cancels boolean, counts_no_shows boolean)
language plpgsql stable security definer set search_path = '' rows 30 as $$
#variable_conflict use_column
begin
  perform business.require_role(pay_rules.business_id, 'manager');
  return query
  select r.id, r.instructor_id, i.name, r.class_type_id, t.name, r.valid_from, r.valid_until, r.base_cents, r.tiers, r.cap_cents, r.counts_late_cancels, r.counts_no_shows
  from booking.pay_rules r left join booking.instructors i on i.id = r.instructor_id left join booking.class_types t on t.id = r.class_type_id
  where r.business_id = pay_rules.business_id and r.voided_at is null
  order by r.instructor_id is not null, r.class_type_id is not null, i.name, t.slug, r.valid_from desc limit 1000;
end $$;
comment on function api.pay_rules is 'Every version of every rule, the widest scope first, its latest version first. For managers.';
grant execute on function api.pay_rules to authenticated;

create function api.add_pay_rule(business_id uuid, instructor_id uuid, class_type_id uuid, valid_from date, base_cents bigint, tiers jsonb default '[]', cap_cents bigint default null, counts_late_cancels boolean default false, counts_no_shows boolean default true) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare made uuid;
begin
  perform business.require_role(add_pay_rule.business_id, 'manager');
  if add_pay_rule.instructor_id is not null and not exists (select from booking.instructors i where i.id = add_pay_rule.instructor_id and i.business_id = add_pay_rule.business_id) then perform platform.refuse(422, 'instructor_unknown', '{"field": "instructor_id"}'); end if;
  if add_pay_rule.class_type_id is not null and not exists (select from booking.class_types t where t.id = add_pay_rule.class_type_id and t.business_id = add_pay_rule.business_id) then perform platform.refuse(422, 'class_type_unknown', '{"field": "class_type_id"}'); end if;
  if add_pay_rule.valid_from is null or add_pay_rule.valid_from not between current_date - 366 and current_date + 732 then perform platform.refuse(422, 'pay_rule_date_invalid', '{"field": "valid_from"}'); end if;
  if add_pay_rule.base_cents is null or add_pay_rule.base_cents not between 0 and 100000000 then perform platform.refuse(422, 'pay_amount_invalid', '{"field": "base"}'); end if;
  if not booking.tiers_are_sound(add_pay_rule.tiers) then perform platform.refuse(422, 'pay_tiers_invalid', '{"field": "tiers"}'); end if;
  if add_pay_rule.cap_cents < add_pay_rule.base_cents then perform platform.refuse(422, 'pay_cap_below_base', '{"field": "cap"}'); end if;
  if add_pay_rule.cap_cents > 1000000000 then perform platform.refuse(422, 'pay_amount_invalid', '{"field": "cap"}'); end if;
  begin
    update booking.pay_rules r set valid_until = add_pay_rule.valid_from
    where r.business_id = add_pay_rule.business_id and r.instructor_id is not distinct from add_pay_rule.instructor_id and r.class_type_id is not distinct from add_pay_rule.class_type_id and r.voided_at is null
      and r.valid_from < add_pay_rule.valid_from and (r.valid_until is null or r.valid_until > add_pay_rule.valid_from);
    insert into booking.pay_rules as r (business_id, instructor_id, class_type_id, valid_from, base_cents, tiers, cap_cents, counts_late_cancels, counts_no_shows, made_by)
    values (add_pay_rule.business_id, add_pay_rule.instructor_id, add_pay_rule.class_type_id, add_pay_rule.valid_from, add_pay_rule.base_cents, add_pay_rule.tiers, add_pay_rule.cap_cents, coalesce(add_pay_rule.counts_late_cancels, false), coalesce(add_pay_rule.counts_no_shows, true), auth.uid())
    returning r.id into made;
  exception when exclusion_violation then
    perform platform.refuse(409, 'pay_rule_overlaps', jsonb_build_object('field', 'valid_from'));
  end;
  perform audit.note(add_pay_rule.business_id, 'pay_rule_added', 'pay_rule:' || made, jsonb_build_object('instructor_id', add_pay_rule.instructor_id, 'class_type_id', add_pay_rule.class_type_id, 'valid_from', add_pay_rule.valid_from, 'base_cents', add_pay_rule.base_cents, 'tiers', add_pay_rule.tiers, 'cap_cents', add_pay_rule.cap_cents));
  return made;
end $$;
comment on function api.add_pay_rule is 'A new version for a scope (null: any), from a day on; the one that held until then ends. Refuses 409 pay_rule_overlaps (a version begins on that day or later), 422 instructor_unknown, class_type_unknown, pay_rule_date_invalid, pay_amount_invalid, pay_tiers_invalid, pay_cap_below_base.';
grant execute on function api.add_pay_rule to authenticated;

create function api.end_pay_rule(business_id uuid, rule_id uuid, last_on date) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare r booking.pay_rules;
begin
  perform business.require_role(end_pay_rule.business_id, 'manager');
  select * into r from booking.pay_rules x where x.id = end_pay_rule.rule_id and x.business_id = end_pay_rule.business_id and x.voided_at is null for no key update;
  if r.id is null then perform platform.refuse(404, 'pay_rule_not_found'); end if;
  if end_pay_rule.last_on is null or end_pay_rule.last_on not between current_date - 366 and current_date + 732 then perform platform.refuse(422, 'pay_rule_date_invalid', '{"field": "last_on"}'); end if;
  if r.valid_until <= end_pay_rule.last_on + 1 then perform platform.refuse(409, 'pay_rule_ended'); end if;
  if end_pay_rule.last_on < r.valid_from then
    update booking.pay_rules x set voided_at = now() where x.id = r.id;
  else
    update booking.pay_rules x set valid_until = end_pay_rule.last_on + 1 where x.id = r.id;
  end if;
  perform audit.note(r.business_id, 'pay_rule_ended', 'pay_rule:' || r.id, jsonb_build_object('last_on', end_pay_rule.last_on));
end $$;
comment on function api.end_pay_rule is 'The rule holds on that day for the last time; on a day before its first it never held. Wider rules apply from then on. Refuses 404 pay_rule_not_found, 409 pay_rule_ended (by then already), 422 pay_rule_date_invalid.';
grant execute on function api.end_pay_rule to authenticated;
