-- Substitutes: an instructor cannot come, and somebody else takes the class. The first who accepts has it, or a manager decides.

-- Told of with the others in messages: substitute_wanted, substitute_found, and substitute_teacher for whoever booked.
insert into messages.kinds (kind, topic, essential) values
  ('substitute_to_approve', 'work', false), ('substitute_yours', 'work', false), ('substitute_turned_down', 'work', false), ('substitute_nobody', 'work', false);

create table booking.substitution_rules (
  business_id uuid primary key references business.businesses on delete cascade,
  head_start_hours int not null default 24 check (head_start_hours between 0 and 240),
  short_head_start_hours int not null default 4 check (short_head_start_hours between 0 and 36),
  needs_approval boolean not null default false
);
comment on table booking.substitution_rules is 'How a business finds substitutes; a business without a row has the defaults. Preferred substitutes are asked head_start_hours before the others (short_head_start_hours when the class is within 36 hours), never more than half the time that is left. needs_approval: a manager confirms who takes the class.';

create table booking.substitutions (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  session_id uuid not null,
  instructor_id uuid not null,
  substitute_id uuid,
  state text not null check (state in ('open', 'accepted', 'filled', 'withdrawn', 'lapsed')),
  reason text not null default '' check (length(reason) <= 500),
  needs_approval boolean not null,
  asked_at timestamptz not null default now(),
  everyone_at timestamptz not null,
  everyone_told_at timestamptz,
  closed_at timestamptz,
  check ((state in ('accepted', 'filled')) = (substitute_id is not null)),
  check (substitute_id <> instructor_id),
  check ((state in ('filled', 'withdrawn', 'lapsed')) = (closed_at is not null)),
  unique (business_id, id),
  foreign key (business_id, session_id) references booking.sessions (business_id, id) on delete cascade,
  foreign key (business_id, instructor_id) references booking.instructors (business_id, id) on delete restrict,
  foreign key (business_id, substitute_id) references booking.instructors (business_id, id) on delete restrict
);
comment on table booking.substitutions is 'Somebody is looked for to take instructor_id''s class. open → filled, or open → accepted → filled where a manager approves, → withdrawn | lapsed (the class began with nobody found).';
comment on column booking.substitutions.everyone_at is 'Until then only preferred substitutes are asked and may accept.';
create unique index substitutions_one_open on booking.substitutions (session_id) where state in ('open', 'accepted');
create index substitutions_session_id_idx on booking.substitutions (business_id, session_id);
create index substitutions_instructor_id_idx on booking.substitutions (business_id, instructor_id, asked_at);
create index substitutions_substitute_id_idx on booking.substitutions (business_id, substitute_id);
create index substitutions_open_idx on booking.substitutions (business_id) where state in ('open', 'accepted');

create table booking.substitution_offers (
  business_id uuid not null,
  substitution_id uuid not null,
  instructor_id uuid not null,
  preferred boolean not null,
  told_at timestamptz not null default now(),
  declined_at timestamptz,
  primary key (substitution_id, instructor_id),
  foreign key (business_id, substitution_id) references booking.substitutions (business_id, id) on delete cascade,
  foreign key (business_id, instructor_id) references booking.instructors (business_id, id) on delete cascade
);
comment on table booking.substitution_offers is 'Who was asked to take a class, once each, and who said no (or was turned down).';
create index substitution_offers_instructor_id_idx on booking.substitution_offers (business_id, instructor_id);

create table booking.substitution_steps (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  substitution_id uuid not null,
  step text not null check (step in ('asked', 'told', 'everyone_told', 'nobody_left', 'declined', 'accepted', 'turned_down', 'assigned', 'filled', 'withdrawn', 'lapsed')),
  instructor_id uuid,
  at timestamptz not null default clock_timestamp(),
  by_user uuid,
  why text not null default '',
  foreign key (business_id, substitution_id) references booking.substitutions (business_id, id) on delete cascade,
  foreign key (business_id, instructor_id) references booking.instructors (business_id, id) on delete restrict
);
comment on table booking.substitution_steps is 'Everything that happened while a substitute was looked for: what, whom it concerned, who did it, when.';
create index substitution_steps_substitution_id_idx on booking.substitution_steps (business_id, substitution_id);
create index substitution_steps_instructor_id_idx on booking.substitution_steps (business_id, instructor_id);

create function booking.session_facts(session_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (select jsonb_build_object('session_id', s.id, 'class_name', t.name, 'starts_at', s.starts_at, 'ends_at', s.ends_at, 'room_name', r.name, 'instructor_name', i.name, 'calendar_sequence', s.calendar_sequence)
    from booking.sessions s join booking.class_types t on t.id = s.class_type_id join booking.rooms r on r.id = s.room_id join booking.instructors i on i.id = s.instructor_id where s.id = session_facts.session_id);
end $$;

create function booking.note_substitution(substitution_id uuid, step text, instructor_id uuid default null, why text default '') returns void
language sql volatile set search_path = '' as $$
  insert into booking.substitution_steps (business_id, substitution_id, step, instructor_id, by_user, why)
  select x.business_id, x.id, note_substitution.step, note_substitution.instructor_id, auth.uid(), note_substitution.why from booking.substitutions x where x.id = note_substitution.substitution_id;
$$;

create function booking.candidates(session_id uuid) returns table (instructor_id uuid, name text, can_be_told boolean, preferred boolean, problem text)
language plpgsql stable set search_path = '' rows 20 as $$
#variable_conflict use_column
begin
  return query
  select i.id, i.name, exists (select from business.staff f where f.business_id = i.business_id and f.user_id = i.user_id and f.until is null),
    exists (select from booking.preferred_substitutes p where p.instructor_id = s.instructor_id and p.substitute_id = i.id),
    booking.teaching_problem(s.business_id, i.id, s.class_type_id, s.starts_at, s.ends_at, s.id)
  from booking.sessions s join booking.instructors i on i.business_id = s.business_id and i.id <> s.instructor_id
  where s.id = candidates.session_id
  order by 4 desc, i.name;
end $$;
comment on function booking.candidates is 'Everyone who might take a session from its instructor, and what stands in the way (booking.teaching_problem).';

create function booking.nobody_left(x booking.substitutions) returns void
language plpgsql volatile set search_path = '' as $$
begin
  if x.everyone_told_at is null or exists (select from booking.substitution_offers o where o.substitution_id = x.id and o.declined_at is null)
    or exists (select from booking.substitution_steps p where p.substitution_id = x.id and p.step = 'nobody_left') then return; end if;
  perform booking.note_substitution(x.id, 'nobody_left');
  perform booking.tell_managers(x.business_id, 'substitute_nobody', 'substitution:' || x.id, booking.session_facts(x.session_id) || jsonb_build_object('request_id', x.id));
end $$;
comment on function booking.nobody_left is 'When everyone who could be asked has been and none of them is left, the managers hear of it, once.';

create function booking.tell_substitutes(substitution_id uuid, preferred_only boolean) returns void
language plpgsql volatile set search_path = '' as $$
declare
  x booking.substitutions;
  c record;
begin
  select * into x from booking.substitutions y where y.id = tell_substitutes.substitution_id;
  for c in select k.* from booking.candidates(x.session_id) k where k.can_be_told and k.problem is null and (k.preferred or not tell_substitutes.preferred_only) loop
    insert into booking.substitution_offers (business_id, substitution_id, instructor_id, preferred) values (x.business_id, x.id, c.instructor_id, c.preferred) on conflict do nothing;
    if found then
      perform booking.note_substitution(x.id, 'told', c.instructor_id);
      perform booking.tell_instructor(x.business_id, c.instructor_id, 'substitute_wanted', 'substitution:' || x.id,
        booking.session_facts(x.session_id) || jsonb_build_object('request_id', x.id, 'note', nullif(x.reason, ''), 'until', case when tell_substitutes.preferred_only then x.everyone_at end));
    end if;
  end loop;
  if not tell_substitutes.preferred_only and x.everyone_told_at is null then
    update booking.substitutions y set everyone_told_at = now() where y.id = x.id returning * into x;
    perform booking.note_substitution(x.id, 'everyone_told');
    perform booking.nobody_left(x);
  end if;
end $$;
comment on function booking.tell_substitutes is 'Asks those who could take the class and were not asked before. The caller holds the substitution''s row lock.';

create function booking.open_substitution(s booking.sessions, reason text) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  rules booking.substitution_rules;
  head interval;
  first_asked boolean;
  made uuid;
begin
  select * into rules from booking.substitution_rules r where r.business_id = s.business_id;
  head := least(make_interval(hours => case when s.starts_at < now() + interval '36 hours' then coalesce(rules.short_head_start_hours, 4) else coalesce(rules.head_start_hours, 24) end), (s.starts_at - now()) / 2);
  first_asked := exists (select from booking.candidates(s.id) k where k.preferred and k.can_be_told and k.problem is null);
  insert into booking.substitutions as x (business_id, session_id, instructor_id, state, reason, needs_approval, everyone_at)
  values (s.business_id, s.id, s.instructor_id, 'open', coalesce(trim(open_substitution.reason), ''), coalesce(rules.needs_approval, false), now() + case when first_asked then head else interval '0' end)
  on conflict do nothing returning x.id into made;
  if made is null then perform platform.refuse(409, 'substitute_asked_before', jsonb_build_object('session_id', s.id)); end if;
  perform booking.note_substitution(made, 'asked', s.instructor_id, coalesce(trim(open_substitution.reason), ''));
  perform booking.tell_substitutes(made, first_asked and head > interval '0');
  if first_asked and head > interval '0' then
    perform platform.add_job('tend_substitution', jsonb_build_object('substitution_id', made), 'substitution:' || made, now() + head);
  end if;
  perform platform.add_job('tend_substitution', jsonb_build_object('substitution_id', made), 'substitution-end:' || made, s.starts_at);
  return made;
end $$;
comment on function booking.open_substitution is 'Begins to look for a substitute: preferred ones are told now, the others when their head start is over. The caller holds the session''s row lock. Refuses 409 substitute_asked_before.';

create function booking.end_substitution(x booking.substitutions, to_state text, why text) returns void
language plpgsql volatile set search_path = '' as $$
begin
  update booking.substitutions y set state = end_substitution.to_state, substitute_id = null, closed_at = now() where y.id = x.id;
  perform booking.note_substitution(x.id, end_substitution.to_state, null, end_substitution.why);
  if x.state = 'accepted' then
    perform booking.tell_instructor(x.business_id, x.substitute_id, 'substitute_turned_down', 'substitution:' || x.id, booking.session_facts(x.session_id) || jsonb_build_object('request_id', x.id));
  end if;
end $$;
comment on function booking.end_substitution is 'Ends an open request that nobody will take. Whoever had volunteered hears of it.';

create function booking.tg_sessions__end_substitution() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform booking.end_substitution(x, 'withdrawn', case when new.state = 'cancelled' then 'the class was cancelled' else 'the class was given to somebody else' end)
  from booking.substitutions x where x.session_id = new.id and x.state in ('open', 'accepted');
  return null;
end $$;
create trigger tg_sessions__end_substitution after update of state, instructor_id on booking.sessions for each row
  when (old.instructor_id is distinct from new.instructor_id or old.state is distinct from new.state and new.state = 'cancelled') execute function booking.tg_sessions__end_substitution();

create function booking.require_fit(s booking.sessions, instructor_id uuid) returns void
language plpgsql stable set search_path = '' as $$
declare problem text := booking.teaching_problem(s.business_id, require_fit.instructor_id, s.class_type_id, s.starts_at, s.ends_at, s.id);
begin
  if problem <> 'outside_hours' then perform platform.refuse(409, problem, jsonb_build_object('instructor_id', require_fit.instructor_id, 'session_id', s.id)); end if;
end $$;

create function booking.fill_substitution(substitution_id uuid, substitute_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
  x booking.substitutions;
  facts jsonb;
  before text;
begin
  update booking.substitutions y set state = 'filled', substitute_id = fill_substitution.substitute_id, closed_at = now() where y.id = fill_substitution.substitution_id returning * into x;
  select i.name into before from booking.instructors i where i.id = x.instructor_id;
  begin
    update booking.sessions s set instructor_id = x.substitute_id, version = s.version + 1 where s.id = x.session_id;
  exception when exclusion_violation then
    -- Another class was given to them between our look and our write.
    perform platform.refuse(409, 'instructor_busy', jsonb_build_object('instructor_id', x.substitute_id, 'session_id', x.session_id));
  end;
  perform booking.note_substitution(x.id, 'filled', x.substitute_id);
  facts := booking.session_facts(x.session_id);
  perform booking.tell_instructor(x.business_id, x.substitute_id, 'substitute_yours', 'substitution:' || x.id, facts || jsonb_build_object('request_id', x.id, 'old_instructor_name', before));
  perform booking.tell_instructor(x.business_id, x.instructor_id, 'substitute_found', 'substitution:' || x.id, facts || jsonb_build_object('request_id', x.id, 'instructor_name', before, 'substitute_name', facts -> 'instructor_name'));
  perform messages.notify(x.business_id, k.member_id, 'substitute_teacher', 'substitution:' || x.id, facts || jsonb_build_object('booking_id', k.id, 'old_instructor_name', before))
  from (select distinct on (b.member_id) b.member_id, b.id from booking.bookings b where b.business_id = x.business_id and b.session_id = x.session_id and b.state = 'confirmed' order by b.member_id, b.created_at, b.id) k;
end $$;
comment on function booking.fill_substitution is 'Gives the class to the substitute and tells everyone concerned, once. The caller holds the locks of session and substitution and has asked booking.require_fit; what changed since is refused by the constraint as 409 instructor_busy.';

create function booking.lock_substitution(business_id uuid, substitution_id uuid) returns booking.substitutions
language plpgsql volatile set search_path = '' as $$
declare x booking.substitutions;
begin
  select * into x from booking.substitutions y where y.id = lock_substitution.substitution_id and y.business_id = lock_substitution.business_id;
  if x.id is null then perform platform.refuse(404, 'substitution_not_found'); end if;
  -- Session before substitution, as everywhere a session is involved.
  perform 1 from booking.sessions y where y.id = x.session_id for no key update;
  select * into x from booking.substitutions y where y.id = x.id for no key update;
  return x;
end $$;
comment on function booking.lock_substitution is 'A request with its session''s row and its own locked. Refuses 404 substitution_not_found.';

create function booking.require_ahead(s booking.sessions) returns void
language plpgsql stable set search_path = '' as $$
begin
  if s.state = 'cancelled' then perform platform.refuse(409, 'session_cancelled', jsonb_build_object('session_id', s.id)); end if;
  if s.starts_at <= now() then perform platform.refuse(409, 'session_past', jsonb_build_object('session_id', s.id)); end if;
end $$;

create function api.ask_substitute(business_id uuid, session_id uuid, reason text default '') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  manager boolean;
  s booking.sessions;
  made uuid;
begin
  perform business.require_role(ask_substitute.business_id, 'instructor');
  manager := ask_substitute.business_id in (select business.where_i_am('manager'));
  if length(coalesce(ask_substitute.reason, '')) > 500 then perform platform.refuse(422, 'reason_too_long', '{"field": "reason"}'); end if;
  select * into s from booking.sessions x where x.id = ask_substitute.session_id and x.business_id = ask_substitute.business_id for no key update;
  if s.id is null or not (manager or s.instructor_id in (select booking.teaching_as())) then perform platform.refuse(404, 'session_not_found'); end if;
  perform booking.require_ahead(s);
  made := booking.open_substitution(s, ask_substitute.reason);
  if s.instructor_id not in (select booking.teaching_as()) then perform audit.note(s.business_id, 'substitute_asked', 'session:' || s.id, jsonb_build_object('substitution_id', made)); end if;
  return jsonb_build_object('substitution_id', made, 'session_id', s.id, 'state', 'open',
    'told', (select count(*) from booking.substitution_offers o where o.substitution_id = made), 'everyone_at', (select x.everyone_at from booking.substitutions x where x.id = made));
end $$;
comment on function api.ask_substitute is 'An instructor looks for somebody to take their class, or a manager for anybody''s. Refuses 403 not_your_role, 404 session_not_found (also for somebody else''s class), 409 session_cancelled, session_past, substitute_asked_before, 422 reason_too_long.';
grant execute on function api.ask_substitute to authenticated;

create function api.accept_substitution(business_id uuid, substitution_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := booking.require_instructor(accept_substitution.business_id);
  s booking.sessions;
  x booking.substitutions;
begin
  perform members.require_me(accept_substitution.business_id);
  x := booking.lock_substitution(accept_substitution.business_id, accept_substitution.substitution_id);
  select * into s from booking.sessions y where y.id = x.session_id;
  if x.instructor_id = me then perform platform.refuse(409, 'own_substitution'); end if;
  if x.substitute_id is distinct from me then
    perform booking.require_ahead(s);
    if x.state in ('accepted', 'filled') then perform platform.refuse(409, 'substitution_taken'); end if;
    if x.state <> 'open' then perform platform.refuse(409, 'substitution_closed'); end if;
    if now() < x.everyone_at and not exists (select from booking.preferred_substitutes p where p.instructor_id = x.instructor_id and p.substitute_id = me) then
      perform platform.refuse(409, 'substitution_head_start', jsonb_build_object('at', x.everyone_at));
    end if;
    if exists (select from booking.substitution_steps p where p.substitution_id = x.id and p.step = 'turned_down' and p.instructor_id = me) then perform platform.refuse(409, 'substitution_turned_down'); end if;
    perform booking.require_fit(s, me);
    perform booking.note_substitution(x.id, 'accepted', me);
    if x.needs_approval then
      update booking.substitutions y set state = 'accepted', substitute_id = me where y.id = x.id returning * into x;
      perform booking.tell_managers(x.business_id, 'substitute_to_approve', 'substitution:' || x.id || ':' || me,
        booking.session_facts(s.id) || jsonb_build_object('request_id', x.id, 'substitute_name', (select i.name from booking.instructors i where i.id = me)));
    else
      perform booking.fill_substitution(x.id, me);
      x.state := 'filled';
    end if;
  end if;
  return jsonb_build_object('substitution_id', x.id, 'session_id', s.id, 'state', x.state);
end $$;
comment on function api.accept_substitution is 'The asker takes the class: it is theirs (filled), or waits for a manager (accepted). The first one wins; asking again answers the same. Refuses 403 not_an_instructor, 404 substitution_not_found, 409 own_substitution, session_cancelled, session_past, substitution_taken, substitution_closed, substitution_head_start, substitution_turned_down, instructor_not_qualified, instructor_away, instructor_busy.';
grant execute on function api.accept_substitution to authenticated;

create function api.decline_substitution(business_id uuid, substitution_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := booking.require_instructor(decline_substitution.business_id);
  x booking.substitutions;
begin
  perform members.require_me(decline_substitution.business_id);
  x := booking.lock_substitution(decline_substitution.business_id, decline_substitution.substitution_id);
  if not exists (select from booking.substitution_offers o where o.substitution_id = x.id and o.instructor_id = me) then perform platform.refuse(404, 'substitution_not_found'); end if;
  if x.substitute_id = me then perform platform.refuse(409, 'substitution_taken'); end if;
  update booking.substitution_offers o set declined_at = now() where o.substitution_id = x.id and o.instructor_id = me and o.declined_at is null;
  if found then
    perform booking.note_substitution(x.id, 'declined', me);
    if x.state = 'open' then perform booking.nobody_left(x); end if;
  end if;
  return jsonb_build_object('substitution_id', x.id, 'state', 'declined');
end $$;
comment on function api.decline_substitution is 'The asker cannot take the class. Refuses 404 substitution_not_found (they were not asked), 409 substitution_taken (they have it already).';
grant execute on function api.decline_substitution to authenticated;

create function api.withdraw_substitution(business_id uuid, substitution_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare x booking.substitutions;
begin
  perform business.require_role(withdraw_substitution.business_id, 'instructor');
  x := booking.lock_substitution(withdraw_substitution.business_id, withdraw_substitution.substitution_id);
  if x.instructor_id not in (select booking.teaching_as()) then
    if withdraw_substitution.business_id not in (select business.where_i_am('manager')) then perform platform.refuse(404, 'substitution_not_found'); end if;
    perform audit.note(x.business_id, 'substitution_withdrawn', 'session:' || x.session_id, jsonb_build_object('substitution_id', x.id));
  end if;
  if x.state = 'filled' then perform platform.refuse(409, 'substitution_taken'); end if;
  if x.state in ('open', 'accepted') then perform booking.end_substitution(x, 'withdrawn', 'not needed any more'); end if;
  return jsonb_build_object('substitution_id', x.id, 'state', 'withdrawn');
end $$;
comment on function api.withdraw_substitution is 'The one who asked, or a manager, needs no substitute any more. Refuses 404 substitution_not_found, 409 substitution_taken.';
grant execute on function api.withdraw_substitution to authenticated;

create function api.decide_substitution(business_id uuid, substitution_id uuid, approved boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  s booking.sessions;
  x booking.substitutions;
begin
  perform business.require_role(decide_substitution.business_id, 'manager');
  x := booking.lock_substitution(decide_substitution.business_id, decide_substitution.substitution_id);
  select * into s from booking.sessions y where y.id = x.session_id;
  if x.state <> 'accepted' then perform platform.refuse(409, 'substitution_not_waiting'); end if;
  perform booking.require_ahead(s);
  perform audit.note(x.business_id, case when decide_substitution.approved then 'substitute_approved' else 'substitute_turned_down' end, 'session:' || s.id, jsonb_build_object('substitution_id', x.id, 'instructor_id', x.substitute_id));
  if decide_substitution.approved then
    perform booking.require_fit(s, x.substitute_id);
    perform booking.fill_substitution(x.id, x.substitute_id);
    return jsonb_build_object('substitution_id', x.id, 'state', 'filled');
  end if;
  perform booking.note_substitution(x.id, 'turned_down', x.substitute_id);
  insert into booking.substitution_offers as o (business_id, substitution_id, instructor_id, preferred, declined_at) values (x.business_id, x.id, x.substitute_id, false, now())
  on conflict on constraint substitution_offers_pkey do update set declined_at = now();
  perform booking.tell_instructor(x.business_id, x.substitute_id, 'substitute_turned_down', 'substitution:' || x.id, booking.session_facts(s.id) || jsonb_build_object('request_id', x.id));
  update booking.substitutions y set state = 'open', substitute_id = null where y.id = x.id returning * into x;
  perform booking.nobody_left(x);
  return jsonb_build_object('substitution_id', x.id, 'state', 'open');
end $$;
comment on function api.decide_substitution is 'A manager confirms who volunteered, or turns them down: then the request is open again. Refuses 404 substitution_not_found, 409 substitution_not_waiting, session_cancelled, session_past, instructor_not_qualified, instructor_away, instructor_busy.';
grant execute on function api.decide_substitution to authenticated;

create function api.assign_substitute(business_id uuid, session_id uuid, instructor_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  s booking.sessions;
  x booking.substitutions;
begin
  perform business.require_role(assign_substitute.business_id, 'manager');
  select * into s from booking.sessions y where y.id = assign_substitute.session_id and y.business_id = assign_substitute.business_id for no key update;
  if s.id is null then perform platform.refuse(404, 'session_not_found'); end if;
  if not exists (select from booking.instructors i where i.id = assign_substitute.instructor_id and i.business_id = s.business_id) then perform platform.refuse(404, 'instructor_not_found'); end if;
  if s.instructor_id = assign_substitute.instructor_id then perform platform.refuse(409, 'own_substitution'); end if;
  perform booking.require_ahead(s);
  perform booking.require_fit(s, assign_substitute.instructor_id);
  select * into x from booking.substitutions y where y.session_id = s.id and y.state in ('open', 'accepted') for no key update;
  if x.id is null then
    insert into booking.substitutions as y (business_id, session_id, instructor_id, state, needs_approval, everyone_at) values (s.business_id, s.id, s.instructor_id, 'open', false, now()) returning * into x;
  end if;
  perform booking.note_substitution(x.id, 'assigned', assign_substitute.instructor_id);
  perform audit.note(s.business_id, 'substitute_assigned', 'session:' || s.id, jsonb_build_object('substitution_id', x.id, 'from', s.instructor_id, 'to', assign_substitute.instructor_id));
  if x.state = 'accepted' and x.substitute_id <> assign_substitute.instructor_id then
    perform booking.tell_instructor(x.business_id, x.substitute_id, 'substitute_turned_down', 'substitution:' || x.id, booking.session_facts(s.id) || jsonb_build_object('request_id', x.id));
  end if;
  perform booking.fill_substitution(x.id, assign_substitute.instructor_id);
  return jsonb_build_object('substitution_id', x.id, 'session_id', s.id, 'state', 'filled');
end $$;
comment on function api.assign_substitute is 'A manager gives a class to somebody else, whether or not somebody was looked for. Refuses 404 session_not_found, instructor_not_found, 409 own_substitution (it is theirs already), session_cancelled, session_past, instructor_not_qualified, instructor_away, instructor_busy.';
grant execute on function api.assign_substitute to authenticated;

create function api.tend_substitution(substitution_id uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
  s booking.sessions;
  x booking.substitutions;
begin
  x := booking.lock_substitution((select y.business_id from booking.substitutions y where y.id = tend_substitution.substitution_id), tend_substitution.substitution_id);
  select * into s from booking.sessions y where y.id = x.session_id;
  if x.state not in ('open', 'accepted') then return x.state; end if;
  if s.starts_at <= now() then
    perform booking.end_substitution(x, 'lapsed', 'the class began');
    return 'lapsed';
  end if;
  -- One who volunteered waits for the manager: nobody else is bothered meanwhile.
  if x.state = 'open' and x.everyone_at <= now() then perform booking.tell_substitutes(x.id, false); end if;
  return x.state;
end $$;
comment on function api.tend_substitution is 'What has become due of a request: the head start is over, or the class has begun. Run by a job; running it again changes nothing.';
grant execute on function api.tend_substitution to service_role;

create function api.set_substitution_rules(business_id uuid, head_start_hours int, short_head_start_hours int, needs_approval boolean) returns void
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
begin
  perform business.require_role(set_substitution_rules.business_id, 'manager');
  if set_substitution_rules.head_start_hours is null or set_substitution_rules.head_start_hours not between 0 and 240 then perform platform.refuse(422, 'hours_invalid', '{"field": "head_start_hours"}'); end if;
  if set_substitution_rules.short_head_start_hours is null or set_substitution_rules.short_head_start_hours not between 0 and 36 then perform platform.refuse(422, 'hours_invalid', '{"field": "short_head_start_hours"}'); end if;
  insert into booking.substitution_rules (business_id, head_start_hours, short_head_start_hours, needs_approval)
  values (set_substitution_rules.business_id, set_substitution_rules.head_start_hours, set_substitution_rules.short_head_start_hours, coalesce(set_substitution_rules.needs_approval, false))
  on conflict (business_id) do update set head_start_hours = excluded.head_start_hours, short_head_start_hours = excluded.short_head_start_hours, needs_approval = excluded.needs_approval;
  perform audit.note(set_substitution_rules.business_id, 'substitution_rules_set', 'business:' || set_substitution_rules.business_id,
    jsonb_build_object('head_start_hours', set_substitution_rules.head_start_hours, 'short_head_start_hours', set_substitution_rules.short_head_start_hours, 'needs_approval', set_substitution_rules.needs_approval));
end $$;
comment on function api.set_substitution_rules is 'How substitutes are found from now on; requests that are open keep theirs. Refuses 422 hours_invalid.';
grant execute on function api.set_substitution_rules to authenticated;

alter table booking.substitution_rules enable row level security;
alter table booking.substitutions enable row level security;
alter table booking.substitution_offers enable row level security;
alter table booking.substitution_steps enable row level security;
grant select on booking.substitution_rules, booking.substitutions, booking.substitution_offers, booking.substitution_steps to authenticated;
create policy "Staff see how their business finds substitutes" on booking.substitution_rules for select to authenticated using (business_id in (select business.where_i_am('instructor')));
create policy "Instructors see whom they asked and whose class they took, managers all of their business" on booking.substitutions for select to authenticated
  using (instructor_id in (select booking.teaching_as()) or substitute_id in (select booking.teaching_as()) or business_id in (select business.where_i_am('manager')));
create policy "Instructors see what they were asked, managers all of their business" on booking.substitution_offers for select to authenticated
  using (instructor_id in (select booking.teaching_as()) or business_id in (select business.where_i_am('manager')));
create policy "Managers see how substitutes were found at their business" on booking.substitution_steps for select to authenticated using (business_id in (select business.where_i_am('manager')));

create function api.my_substitutions(business_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare me uuid := booking.require_instructor(my_substitutions.business_id);
begin
  return jsonb_build_object(
    'instructor_id', me,
    'offers', coalesce((select jsonb_agg(o.facts || jsonb_build_object('substitution_id', o.id, 'instead_of', o.instead_of, 'reason', o.reason, 'asked_at', o.asked_at, 'opens_at', case when not o.preferred and o.everyone_at > now() then o.everyone_at end,
          'preferred', o.preferred, 'problem', o.problem, 'declined', o.declined, 'mine', o.mine) order by o.starts_at)
      from (select x.id, x.reason, x.asked_at, x.everyone_at, s.starts_at, i.name as instead_of, booking.session_facts(s.id) as facts, coalesce(x.substitute_id = me, false) as mine,
          exists (select from booking.preferred_substitutes p where p.instructor_id = x.instructor_id and p.substitute_id = me) as preferred,
          booking.teaching_problem(s.business_id, me, s.class_type_id, s.starts_at, s.ends_at, s.id) as problem,
          exists (select from booking.substitution_offers f where f.substitution_id = x.id and f.instructor_id = me and f.declined_at is not null) as declined
        from booking.substitutions x join booking.sessions s on s.id = x.session_id join booking.instructors i on i.id = x.instructor_id
        where x.business_id = my_substitutions.business_id and (x.state = 'open' or x.state = 'accepted' and x.substitute_id = me) and x.instructor_id <> me and s.starts_at > now()) o
      -- What they may not teach is not their business; why they cannot otherwise is shown.
      where o.problem is distinct from 'instructor_not_qualified'), '[]'),
    'asked', coalesce((select jsonb_agg(booking.session_facts(x.session_id) || jsonb_build_object('substitution_id', x.id, 'state', x.state, 'reason', x.reason, 'asked_at', x.asked_at, 'everyone_at', x.everyone_at,
          'substitute_name', (select i.name from booking.instructors i where i.id = x.substitute_id),
          'told', (select count(*) from booking.substitution_offers f where f.substitution_id = x.id), 'declined', (select count(*) from booking.substitution_offers f where f.substitution_id = x.id and f.declined_at is not null)) order by x.asked_at desc)
      from (select y.* from booking.substitutions y where y.business_id = my_substitutions.business_id and y.instructor_id = me and y.asked_at > now() - interval '180 days' order by y.asked_at desc limit 30) x), '[]'));
end $$;
comment on function api.my_substitutions is 'Classes that the asker could take (with what stands in the way, and from when they may), and what they asked for themselves. Refuses 403 not_an_instructor.';
grant execute on function api.my_substitutions to authenticated;

create function api.instructor_board(business_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare rules booking.substitution_rules;
begin
  perform business.require_role(instructor_board.business_id, 'manager');
  select * into rules from booking.substitution_rules r where r.business_id = instructor_board.business_id;
  return jsonb_build_object(
    'instructors', coalesce((select jsonb_agg(jsonb_build_object('instructor_id', i.id, 'slug', i.slug, 'name', i.name, 'title', i.title, 'picture', i.picture, 'published', i.published, 'linked', i.user_id is not null, 'mine', coalesce(i.user_id = auth.uid(), false),
          'class_types', (select count(*) from booking.qualifications q where q.instructor_id = i.id),
          'classes', (select count(*) from booking.sessions s where s.business_id = i.business_id and s.instructor_id = i.id and s.state = 'scheduled' and s.starts_at > now() and s.starts_at < now() + interval '7 days'),
          'away_until', (select max(o.ends_at) from booking.time_off o where o.business_id = i.business_id and o.instructor_id = i.id and o.state = 'granted' and o.starts_at <= now() and o.ends_at > now())) order by i.name)
      from booking.instructors i where i.business_id = instructor_board.business_id), '[]'),
    'requests', coalesce((select jsonb_agg(booking.session_facts(s.id) || jsonb_build_object('substitution_id', x.id, 'state', x.state, 'reason', x.reason, 'asked_at', x.asked_at, 'everyone_at', x.everyone_at,
          'substitute_name', (select i.name from booking.instructors i where i.id = x.substitute_id),
          'told', (select count(*) from booking.substitution_offers f where f.substitution_id = x.id), 'declined', (select count(*) from booking.substitution_offers f where f.substitution_id = x.id and f.declined_at is not null),
          'candidates', (select coalesce(jsonb_agg(to_jsonb(c)), '[]') from booking.candidates(s.id) c)) order by s.starts_at)
      from booking.substitutions x join booking.sessions s on s.id = x.session_id where x.business_id = instructor_board.business_id and x.state in ('open', 'accepted') and s.starts_at > now()), '[]'),
    'uncovered', coalesce((select jsonb_agg(booking.session_facts(c.id) || jsonb_build_object('instructor_id', o.instructor_id, 'candidates', (select coalesce(jsonb_agg(to_jsonb(k)), '[]') from booking.candidates(c.id) k)) order by c.starts_at)
      from booking.time_off o cross join lateral booking.classes_during(o) c
      where o.business_id = instructor_board.business_id and o.state = 'granted' and o.ends_at > now()
        and not exists (select from booking.substitutions x where x.session_id = c.id and x.state in ('open', 'accepted'))), '[]'),
    'time_off', coalesce((select jsonb_agg(jsonb_build_object('time_off_id', o.id, 'instructor_id', o.instructor_id, 'name', i.name, 'starts_at', o.starts_at, 'ends_at', o.ends_at, 'reason', o.reason, 'requested_at', o.requested_at,
          'classes', (select coalesce(jsonb_agg(booking.session_facts(c.id) order by c.starts_at), '[]') from booking.classes_during(o) c)) order by o.starts_at)
      from booking.time_off o join booking.instructors i on i.id = o.instructor_id where o.business_id = instructor_board.business_id and o.state = 'requested' and o.ends_at > now()), '[]'),
    'rules', jsonb_build_object('head_start_hours', coalesce(rules.head_start_hours, 24), 'short_head_start_hours', coalesce(rules.short_head_start_hours, 4), 'needs_approval', coalesce(rules.needs_approval, false)));
end $$;
comment on function api.instructor_board is 'What a manager sees of the team: who teaches, what waits for a decision, which classes need somebody.';
grant execute on function api.instructor_board to authenticated;
