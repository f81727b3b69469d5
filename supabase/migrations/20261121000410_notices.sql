-- Notices: what members are told of, in the app and by e-mail, each thing once, in the ways they chose.

create table messages.kinds (
  kind text primary key check (kind ~ '^[a-z_]{3,60}$'),
  topic text not null check (topic in ('bookings', 'orders', 'waitlist', 'reminders', 'plans', 'progress', 'work')),
  essential boolean not null default false,
  rings boolean not null default true
);
comment on table messages.kinds is 'What people are told of. topic: what they choose by; essential: concerns their money or seat, so the e-mail cannot be switched off. Each area adds its own.';
comment on column messages.kinds.rings is 'Whether open pages hear of it at once. Not where it is what the member is doing at this moment: the page they get next counts it anyway.';
alter table messages.kinds enable row level security;
grant select on messages.kinds to anon, authenticated;
create policy "What people can be told of is no secret" on messages.kinds for select to anon, authenticated using (true);

-- What each one's data holds stands in src/messages/templates/index.ts.
insert into messages.kinds (kind, topic, essential) values
  ('order_confirmed', 'bookings', true), ('paid_too_late', 'bookings', true), ('paid_twice', 'bookings', true), ('amount_mismatch', 'bookings', true), ('refund_failed', 'bookings', true),
  ('booking_cancelled', 'bookings', true), ('session_cancelled', 'bookings', true), ('session_changed', 'bookings', true), ('substitute_teacher', 'bookings', false),
  ('fee_charged', 'bookings', true), ('fee_waived', 'bookings', true), ('refilled', 'bookings', true),
  ('waitlist_joined', 'waitlist', false), ('waitlist_offer', 'waitlist', false), ('waitlist_open', 'waitlist', false), ('waitlist_promoted', 'waitlist', true), ('waitlist_lapsed', 'waitlist', false), ('waitlist_left', 'waitlist', false),
  ('session_reminder', 'reminders', false),
  ('pass_expiring', 'plans', false), ('pass_used_up', 'plans', false), ('membership_started', 'plans', true), ('membership_renewed', 'plans', true), ('membership_frozen', 'plans', false),
  ('membership_ended', 'plans', true), ('payment_failed', 'plans', true), ('membership_suspended', 'plans', true), ('membership_recovered', 'plans', false),
  ('goal_nudge', 'progress', false), ('milestone', 'progress', false),
  ('substitute_wanted', 'work', false), ('substitute_found', 'work', false);
update messages.kinds set rings = false where kind in ('order_confirmed', 'booking_cancelled');

create table messages.notifications (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  member_id uuid not null,
  about_id uuid not null,
  kind text not null,
  cause text not null,
  data jsonb not null default '{}',
  shown boolean not null default true,
  created_at timestamptz not null default now(),
  read_at timestamptz,
  unique (about_id, kind, cause),
  foreign key (business_id, member_id) references members.members (business_id, id) on delete cascade,
  foreign key (business_id, about_id) references members.members (business_id, id) on delete cascade
);
comment on table messages.notifications is 'Everything a member was told: one row per (kind, cause) and person it is about, so that nobody is told twice. kind: as in messages.kinds, kept without a key because this is written while people wait.';
comment on column messages.notifications.member_id is 'Who reads it: the person it is about, or whoever looks after them.';
comment on column messages.notifications.shown is 'False where they chose not to see such things in the app: the row then only remembers that they were told.';
create index notifications_member_id_idx on messages.notifications (member_id, created_at);
create index notifications_unread_idx on messages.notifications (member_id) where read_at is null and shown;

create table messages.choices (
  business_id uuid not null,
  member_id uuid not null,
  topic text not null check (topic in ('bookings', 'orders', 'waitlist', 'reminders', 'plans', 'progress', 'work')),
  channel text not null check (channel in ('email', 'in_app')),
  wanted boolean not null,
  primary key (member_id, topic, channel),
  foreign key (business_id, member_id) references members.members (business_id, id) on delete cascade
);
comment on table messages.choices is 'How a member wants to be told of a topic. No row: both ways. Essential kinds are e-mailed all the same.';

create table messages.reminders (
  business_id uuid not null,
  member_id uuid primary key,
  hours_before int not null check (hours_before in (0, 3, 24)),
  foreign key (business_id, member_id) references members.members (business_id, id) on delete cascade
);
comment on table messages.reminders is 'When a member wants to be reminded of a class: the day before (24), three hours before, not at all (0). No row: as their business does.';

create table messages.settings (
  business_id uuid primary key references business.businesses on delete cascade,
  reminder_hours int not null default 24 check (reminder_hours in (0, 3, 24))
);
comment on table messages.settings is 'How a business speaks to its members. No row: the defaults.';

alter table messages.notifications enable row level security;
alter table messages.choices enable row level security;
alter table messages.reminders enable row level security;
alter table messages.settings enable row level security;
grant select on messages.notifications, messages.choices, messages.reminders, messages.settings to authenticated;
create policy "Members read what they were told" on messages.notifications for select to authenticated using (shown and member_id in (select members.mine()));
create policy "Members see their own choices" on messages.choices for select to authenticated using (member_id in (select members.mine()));
create policy "Members see when they are reminded" on messages.reminders for select to authenticated using (member_id in (select members.mine()));
create policy "Managers see how their business speaks to its members" on messages.settings for select to authenticated using (business_id in (select business.where_i_am('manager')));

-- Telling -------------------------------------------------------------------------------------------------------------
create function messages.wants(member_id uuid, topic text, channel text) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((select c.wanted from messages.choices c where c.member_id = wants.member_id and c.topic = wants.topic and c.channel = wants.channel), true);
end $$;

create function messages.may_write(member_id uuid, topic text) returns boolean
language plpgsql stable set search_path = '' as $$
declare reader uuid := members.reader_of(may_write.member_id);
begin
  return messages.wants(reader, may_write.topic, 'email') and members.consent(reader, 'email', 'service');
end $$;
comment on function messages.may_write is 'Whether letters of a topic may go to a person (a dependant: to their guardian): they agree to e-mails, and want these. What concerns money or a seat asks nobody.';

create function messages.notify(business_id uuid, member_id uuid, kind text, cause text, data jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
  k messages.kinds;
  about members.members;
  reader members.members;
  other text;
  facts jsonb;
  made messages.notifications;
begin
  select * into k from messages.kinds x where x.kind = notify.kind;
  if k.kind is null then raise exception 'messages.kinds has no %', notify.kind; end if;
  select * into strict about from members.members x where x.business_id = notify.business_id and x.id = notify.member_id;
  -- Whoever bought at the counter without a name (shop.guest_of) cannot be told anything.
  if about.archived_at is not null and about.guardian_id is null then return; end if;
  reader := about;
  if about.guardian_id is not null then
    select * into strict reader from members.members x where x.business_id = notify.business_id and x.id = about.guardian_id;
  end if;
  -- Whose seat or pass it is, where that is not the reader's own: who is looked after, or a guest they brought.
  other := coalesce(nullif(notify.data ->> 'guest_name', ''), case when about.id <> reader.id then about.name end, notify.data ->> 'person_name');
  facts := notify.data || jsonb_build_object('name', reader.name) || case when other <> reader.name then jsonb_build_object('about_name', other) else '{}' end;
  -- This row decides: a second one who comes with the same cause waits here for our commit, and then does nothing.
  insert into messages.notifications as n (business_id, member_id, about_id, kind, cause, data, shown)
  values (about.business_id, reader.id, about.id, k.kind, notify.cause, facts, messages.wants(reader.id, k.topic, 'in_app'))
  on conflict do nothing returning * into made;
  if made.id is null then return; end if;
  if k.essential or messages.may_write(reader.id, k.topic) then
    perform messages.queue_email(about.business_id, about.id, reader.email::text, reader.locale, k.kind, notify.cause, facts);
  end if;
  if made.shown and k.rings then perform realtime.send(jsonb_build_object('kind', k.kind), 'notified', 'member:' || reader.id, true); end if;
end $$;
comment on function messages.notify is 'Tells a member of something, once per (kind, cause), in the transaction that caused it: in the app and by e-mail, as they chose; who is looked after is told through whoever does it. data: the facts as they were; src/messages/templates/index.ts says which a kind needs.';

create function messages.unread(member_id uuid) returns int
language plpgsql stable set search_path = '' as $$
begin
  -- A bell that says "99+" need not count further.
  return (select count(*)::int from (select 1 from messages.notifications n where n.member_id = unread.member_id and n.read_at is null and n.shown limit 100) x);
end $$;
comment on function messages.unread is 'How much a member has not read yet; counted up to 100.';

-- Reading -------------------------------------------------------------------------------------------------------------
create function messages.facts_of(n messages.notifications) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  -- Of a confirmed order only its id is kept; what it holds is looked up when somebody reads.
  if n.kind <> 'order_confirmed' then return n.data; end if;
  return n.data || coalesce((select jsonb_build_object('class_name', l.label, 'starts_at', s.starts_at, 'lines', count(*) over (), 'fee', l.kind = 'fee' and l.details -> 'product_unknown' is null)
    from sales.order_lines l left join booking.sessions s on s.id = l.session_id
    where l.business_id = n.business_id and l.order_id = (n.data ->> 'order_id')::uuid order by s.starts_at, l.position limit 1), '{}');
end $$;

create function api.my_notifications(business_id uuid, before_at timestamptz default null, page_size int default 30)
returns table (notification_id uuid, kind text, topic text, data jsonb, created_at timestamptz, read_at timestamptz)
language plpgsql stable security definer set search_path = '' rows 30 as $$
#variable_conflict use_column
declare me uuid := (select m.id from members.members m where m.business_id = my_notifications.business_id and m.user_id = auth.uid());
begin
  return query
  -- The unread stand first and on the first page only.
  select x.id, x.kind, k.topic, messages.facts_of(x), x.created_at, x.read_at from (
    (select n.* from messages.notifications n where n.member_id = me and n.read_at is null and n.shown and my_notifications.before_at is null order by n.created_at desc limit 100)
    union all
    (select n.* from messages.notifications n where n.member_id = me and n.read_at is not null and n.shown and (my_notifications.before_at is null or n.created_at < my_notifications.before_at)
      order by n.created_at desc limit least(greatest(my_notifications.page_size, 1), 200))) x
  join messages.kinds k on k.kind = x.kind
  order by x.read_at is not null, x.created_at desc;
end $$;
comment on function api.my_notifications is 'What the asker was told here: the unread first (at most 100), then a page of the rest, newest first; before_at: the next page.';
grant execute on function api.my_notifications to authenticated;

create function api.mark_read(business_id uuid, notification_ids uuid[] default null) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := members.require_me(mark_read.business_id);
  unread int;
  changed int;
begin
  update messages.notifications n set read_at = now()
  where n.member_id = me and n.read_at is null and n.shown and (mark_read.notification_ids is null or n.id = any (mark_read.notification_ids));
  get diagnostics changed = row_count;
  unread := messages.unread(me);
  if changed > 0 then perform realtime.send(jsonb_build_object('unread', unread), 'notices_read', 'member:' || me, true); end if;
  return unread;
end $$;
comment on function api.mark_read is 'The asker has read these, or everything. Answers how much is left unread, and tells their other open pages.';
grant execute on function api.mark_read to authenticated;

create function api.unread(member_id uuid) returns int
language plpgsql stable security definer set search_path = '' as $$
begin
  return messages.unread(unread.member_id);
end $$;
comment on function api.unread is 'For the live bell: a stream may outlive the session it was opened with.';
grant execute on function api.unread to service_role;

-- Choosing ------------------------------------------------------------------------------------------------------------
create function messages.reminder_hours(business_id uuid, member_id uuid) returns int
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((select r.hours_before from messages.reminders r where r.member_id = reminder_hours.member_id),
    (select s.reminder_hours from messages.settings s where s.business_id = reminder_hours.business_id), 24);
end $$;
comment on function messages.reminder_hours is 'How long before a class a member is reminded; 0: not at all.';

create function api.my_choices(business_id uuid) returns table (topic text, email boolean, in_app boolean, essential int, kinds int, reminder_hours int, agreed boolean)
language plpgsql stable security definer set search_path = '' rows 6 as $$
#variable_conflict use_column
declare me uuid := (select m.id from members.members m where m.business_id = my_choices.business_id and m.user_id = auth.uid());
begin
  return query
  select k.topic, messages.wants(me, k.topic, 'email'), messages.wants(me, k.topic, 'in_app'), (count(*) filter (where k.essential))::int, count(*)::int, messages.reminder_hours(my_choices.business_id, me),
    members.consent(me, 'email', 'service')
  from messages.kinds k
  -- What teachers are asked is a choice for those who work here.
  where k.topic <> 'work' or my_choices.business_id in (select business.where_i_am('instructor'))
  group by k.topic order by array_position(array['bookings', 'orders', 'waitlist', 'reminders', 'plans', 'progress', 'work'], k.topic);
end $$;
comment on function api.my_choices is 'How the asker is told of each topic, how many of its kinds are essential (e-mailed in any case), and when they are reminded of classes. agreed: whether they agree to e-mails at all.';
grant execute on function api.my_choices to authenticated;

create function api.set_choices(business_id uuid, choices jsonb, reminder_hours int default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare me uuid := members.require_me(set_choices.business_id);
begin
  if coalesce(set_choices.reminder_hours, 0) not in (0, 3, 24) or exists (select from jsonb_to_recordset(set_choices.choices) c (topic text, channel text, wanted boolean)
      where c.wanted is null or c.channel is null or c.channel not in ('email', 'in_app') or not exists (select from messages.kinds k where k.topic = c.topic)) then
    perform platform.refuse(422, 'choice_invalid');
  end if;
  insert into messages.choices as x (business_id, member_id, topic, channel, wanted)
  select set_choices.business_id, me, c.topic, c.channel, bool_and(c.wanted) from jsonb_to_recordset(set_choices.choices) c (topic text, channel text, wanted boolean) group by c.topic, c.channel
  on conflict (member_id, topic, channel) do update set wanted = excluded.wanted;
  if set_choices.reminder_hours is not null then
    insert into messages.reminders as x (business_id, member_id, hours_before) values (set_choices.business_id, me, set_choices.reminder_hours)
    on conflict (member_id) do update set hours_before = excluded.hours_before;
  end if;
end $$;
comment on function api.set_choices is 'choices: [{topic, channel: email | in_app, wanted}]; what is not named stays. reminder_hours: 24 (the day before), 3, 0 (never); null: stays. Refuses 422 choice_invalid.';
grant execute on function api.set_choices to authenticated;

-- Reminding -----------------------------------------------------------------------------------------------------------
create function messages.remind_at(starts_at timestamptz, hours int, zone text) returns timestamptz
language plpgsql immutable set search_path = '' as $$
begin
  -- The day before means the same time on the clock, also when the clocks change in between.
  return case when remind_at.hours = 24 then ((remind_at.starts_at at time zone remind_at.zone) - interval '1 day') at time zone remind_at.zone
    else remind_at.starts_at - make_interval(hours => remind_at.hours) end;
end $$;

create function api.send_reminders() returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  r record;
  told int := 0;
begin
  -- The hours before its start in which a reminder still helps: who was not reminded in time, because no worker ran, is reminded later.
  for r in
    select k.business_id, k.id, k.member_id, k.free_cancel_until, s.id as session_id, s.starts_at, s.ends_at, t.name as class_name, i.name as instructor_name, o.name as room_name
    from business.businesses b
    cross join (values (24, interval '20 hours', interval '25 hours'), (3, interval '1 hour', interval '3 hours')) as h (hours, from_, until_)
    join booking.sessions s on s.business_id = b.id and s.state = 'scheduled' and s.starts_at > now() + h.from_ and s.starts_at <= now() + h.until_
    join booking.bookings k on k.business_id = s.business_id and k.session_id = s.id and k.state = 'confirmed' and k.guest_name is null
    join members.members m on m.id = k.member_id
    join booking.class_types t on t.id = s.class_type_id
    join booking.instructors i on i.id = s.instructor_id
    join booking.rooms o on o.id = s.room_id
    where messages.remind_at(s.starts_at, h.hours, b.time_zone) <= now()
      -- Who books later than that knows.
      and k.created_at < messages.remind_at(s.starts_at, h.hours, b.time_zone)
      and messages.reminder_hours(b.id, coalesce(m.guardian_id, m.id)) = h.hours
      and not exists (select from messages.notifications n where n.about_id = k.member_id and n.kind = 'session_reminder' and n.cause = k.id || ':' || extract(epoch from s.starts_at)::bigint)
    -- Two that run at once wait for each other at a row, and never in a circle.
    order by k.id
  loop
    perform messages.notify(r.business_id, r.member_id, 'session_reminder', r.id || ':' || extract(epoch from r.starts_at)::bigint,
      jsonb_build_object('booking_id', r.id, 'session_id', r.session_id, 'class_name', r.class_name, 'starts_at', r.starts_at, 'ends_at', r.ends_at,
        'instructor_name', r.instructor_name, 'room_name', r.room_name, 'free_cancel_until', r.free_cancel_until));
    told := told + 1;
  end loop;
  return told;
end $$;
comment on function api.send_reminders is 'Reminds whoever booked of what begins soon, once per booking and start: a class that was moved reminds again. Run by a job every few minutes.';
grant execute on function api.send_reminders to service_role;
