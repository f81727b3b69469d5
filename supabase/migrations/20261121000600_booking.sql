-- Booking: what is on, and who has a seat. A seat is one counter, one constraint and one function.

create schema booking;
grant usage on schema booking to anon, authenticated, service_role;

create table booking.settings (
  business_id uuid primary key references business.businesses on delete cascade,
  waitlist_per_day int not null default 3 check (waitlist_per_day between 1 and 50),
  quiet_from time not null default '22:00',
  quiet_until time not null default '07:00',
  late_entry_minutes int not null default 0 check (late_entry_minutes between 0 and 120)
);
comment on table booking.settings is 'How a business books, beyond what a class type says. Quiet hours are local time: nobody is offered a place between them. A business without a row has the defaults (booking.settings_of).';
comment on column booking.settings.waitlist_per_day is 'Waitlist places one member may have for classes of one day.';
comment on column booking.settings.late_entry_minutes is 'How long after the start the front desk still sells a place.';

create function booking.settings_of(business_id uuid) returns booking.settings
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare s booking.settings;
begin
  select * into s from booking.settings x where x.business_id = settings_of.business_id;
  if not found then
    insert into booking.settings as x (business_id) values (settings_of.business_id) on conflict (business_id) do update set business_id = excluded.business_id returning * into s;
  end if;
  return s;
end $$;

create table booking.styles (
  business_id uuid not null references business.businesses on delete cascade,
  slug text not null check (slug ~ '^[a-z0-9-]{2,40}$'),
  name jsonb not null,
  summary jsonb not null default '{}',
  position int not null default 0,
  primary key (business_id, slug)
);
comment on table booking.styles is 'Kinds of class a customer filters by. The slug also names the picture (style/<slug>).';

create table booking.class_types (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  slug text not null check (slug ~ '^[a-z0-9-]{2,60}$'),
  name jsonb not null,
  summary jsonb not null default '{}',
  description jsonb not null default '{}',
  bring jsonb not null default '{}',
  style text not null,
  level text not null check (level in ('all', 'beginner', 'intermediate', 'advanced')),
  duration_minutes int not null check (duration_minutes between 5 and 1440),
  price_cents bigint not null check (price_cents between 0 and 100000000),
  tax_rate_bp int not null default 0 check (tax_rate_bp between 0 and 5000),
  capacity int not null check (capacity between 1 and 10000),
  free_cancel_hours int not null default 12 check (free_cancel_hours between 0 and 720),
  late_refund_percent int not null default 0 check (late_refund_percent between 0 and 100),
  opens_days_before int not null default 60 check (opens_days_before between 0 and 730),
  closes_minutes_before int not null default 0 check (closes_minutes_before between 0 and 10080),
  credits int not null default 1 check (credits between 1 and 20),
  late_fee_cents bigint not null default 0 check (late_fee_cents between 0 and 100000000),
  no_show_fee_cents bigint not null default 0 check (no_show_fee_cents between 0 and 100000000),
  fee_credits int not null default 0 check (fee_credits between 0 and 20),
  refund_if_refilled boolean not null default true,
  max_guests int not null default 3 check (max_guests between 0 and 20),
  waitlist_mode text not null default 'automatic' check (waitlist_mode in ('off', 'automatic', 'offer', 'claim')),
  waitlist_offer_minutes int not null default 60 check (waitlist_offer_minutes between 5 and 1440),
  waitlist_cutoff_minutes int not null default 120 check (waitlist_cutoff_minutes between 0 and 10080),
  release_minutes_before int check (release_minutes_before between 1 and 120),
  published boolean not null default true,
  unique (business_id, id),
  unique (business_id, slug),
  foreign key (business_id, style) references booking.styles (business_id, slug) on delete restrict
);
comment on column booking.class_types.tax_rate_bp is 'Tax in basis points (2100 = 21 %), contained in the price where the business''s prices include tax.';
comment on column booking.class_types.late_refund_percent is 'What a member gets back who cancels later than free_cancel_hours before the start.';
comment on column booking.class_types.opens_days_before is 'Days of the calendar: see booking.opens_at.';
comment on column booking.class_types.credits is 'What a place costs of a pass.';
comment on column booking.class_types.late_fee_cents is 'Owed for a late cancellation of a place that an unlimited membership paid for; what a late cancellation of money or credits keeps is late_refund_percent.';
comment on column booking.class_types.no_show_fee_cents is 'Owed by whoever does not come, on top of what the place cost.';
comment on column booking.class_types.fee_credits is 'How many credits of a pass that opens this class settle such a fee instead of its money; 0: money only.';
comment on column booking.class_types.refund_if_refilled is 'What a late canceller lost comes back when the waitlist fills the place.';
comment on column booking.class_types.waitlist_mode is 'automatic: the first in line who can pay without being asked gets the place, others are offered it; offer: one at a time, the place held until a deadline; claim: all are told, first come first served.';
comment on column booking.class_types.waitlist_cutoff_minutes is 'So long before the start the waitlist closes: free places are anybody''s from then on.';
comment on column booking.class_types.release_minutes_before is 'Places of people who are not checked in are given up so long before the start; null: never.';
create index class_types_style_idx on booking.class_types (business_id, style);

create table booking.rooms (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  location_id uuid not null,
  name text not null,
  capacity int not null check (capacity between 1 and 10000),
  unique (business_id, id),
  foreign key (business_id, location_id) references business.locations (business_id, id) on delete restrict
);
create index rooms_location_id_idx on booking.rooms (business_id, location_id);

create table booking.instructors (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  slug text not null check (slug ~ '^[a-z0-9-]{2,60}$'),
  name text not null,
  title jsonb not null default '{}',
  bio jsonb not null default '{}',
  picture text not null default '',
  user_id uuid references auth.users (id) on delete set null,
  published boolean not null default true,
  unique (business_id, id),
  unique (business_id, slug)
);
create index instructors_user_id_idx on booking.instructors (user_id);

create table booking.series (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  class_type_id uuid not null,
  room_id uuid not null,
  instructor_id uuid not null,
  weekday int not null check (weekday between 1 and 7),
  local_start time not null,
  from_on date not null,
  until_on date,
  check (until_on is null or until_on >= from_on),
  unique (business_id, id),
  foreign key (business_id, class_type_id) references booking.class_types (business_id, id) on delete restrict,
  foreign key (business_id, room_id) references booking.rooms (business_id, id) on delete restrict,
  foreign key (business_id, instructor_id) references booking.instructors (business_id, id) on delete restrict
);
comment on table booking.series is 'A weekly rule in the business''s own zone (weekday 1 = Monday): a 09:00 class stays at 09:00 over clock changes.';
create index series_class_type_id_idx on booking.series (business_id, class_type_id);
create index series_room_id_idx on booking.series (business_id, room_id);
create index series_instructor_id_idx on booking.series (business_id, instructor_id);

create table booking.sessions (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  class_type_id uuid not null,
  series_id uuid,
  room_id uuid not null,
  instructor_id uuid not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  capacity int not null check (capacity between 1 and 10000),
  seats_taken int not null default 0,
  price_cents bigint not null check (price_cents between 0 and 100000000),
  state text not null default 'scheduled' check (state in ('scheduled', 'cancelled')),
  hold_ends_at timestamptz,
  waiting int not null default 0 check (waiting >= 0),
  line_mode text check (line_mode in ('automatic', 'offer', 'claim')),
  claims_until timestamptz,
  hidden_at timestamptz,
  version bigint not null default 0,
  created_at timestamptz not null default now(),
  check (ends_at > starts_at),
  constraint never_oversold check (seats_taken between 0 and capacity),
  unique (business_id, id),
  unique (series_id, starts_at),
  foreign key (business_id, class_type_id) references booking.class_types (business_id, id) on delete restrict,
  foreign key (business_id, series_id) references booking.series (business_id, id) on delete restrict,
  foreign key (business_id, room_id) references booking.rooms (business_id, id) on delete restrict,
  foreign key (business_id, instructor_id) references booking.instructors (business_id, id) on delete restrict,
  constraint room_booked_once exclude using gist (room_id extensions.gist_uuid_ops with =, tstzrange(starts_at, ends_at) with &&) where (state = 'scheduled'),
  constraint instructor_booked_once exclude using gist (instructor_id extensions.gist_uuid_ops with =, tstzrange(starts_at, ends_at) with &&) where (state = 'scheduled')
) with (fillfactor = 70);
comment on column booking.sessions.seats_taken is 'Bookings that count: held, confirmed, checked_in, no_show. A hold that ran out counts until someone needs the seat or the sweep comes by; readers subtract it.';
comment on column booking.sessions.hold_ends_at is 'No hold ran out before this moment (null: no hold). A hint that saves readers the count.';
comment on column booking.sessions.waiting is 'People on the waitlist in state waiting (who was offered a place holds a real one).';
comment on column booking.sessions.line_mode is 'How the line works that stands there (class_types.waitlist_mode when its first one joined): a line ends as it began, whatever becomes of its class''s mode meanwhile.';
comment on column booking.sessions.claims_until is 'Until then free places are kept for those who wait; null: never (no waitlist, or first come first served).';
comment on column booking.sessions.hidden_at is 'Since when it is not shown: whoever booked or waits keeps what they have, nobody new comes in. Null: shown, where its class is.';
comment on column booking.sessions.version is 'Grows with every change of seats, capacity or state; orders what browsers hear.';
create index sessions_starts_at_idx on booking.sessions (business_id, starts_at);
create index sessions_class_type_id_idx on booking.sessions (business_id, class_type_id, starts_at);
create index sessions_instructor_id_idx on booking.sessions (business_id, instructor_id, starts_at);
create index sessions_room_id_idx on booking.sessions (business_id, room_id);
create index sessions_series_id_idx on booking.sessions (business_id, series_id);

create table booking.bookings (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  session_id uuid not null,
  member_id uuid not null,
  guest_name text check (length(guest_name) between 1 and 120),
  booked_by uuid,
  order_line_id uuid,
  pass_id uuid,
  credits int not null default 0 check (credits >= 0),
  credit_transfer_id bigint,
  state text not null check (state in ('held', 'confirmed', 'checked_in', 'no_show', 'cancelled', 'late_cancelled', 'expired')),
  held_until timestamptz,
  starts_at timestamptz not null,
  free_cancel_until timestamptz not null,
  late_refund_percent int not null check (late_refund_percent between 0 and 100),
  late_fee_cents bigint not null default 0 check (late_fee_cents >= 0),
  no_show_fee_cents bigint not null default 0 check (no_show_fee_cents >= 0),
  fee_credits int not null default 0 check (fee_credits >= 0),
  refund_if_refilled boolean not null default true,
  created_at timestamptz not null default now(),
  check (state <> 'held' or held_until is not null),
  unique (business_id, id),
  foreign key (business_id, session_id) references booking.sessions (business_id, id) on delete restrict,
  foreign key (business_id, member_id) references members.members (business_id, id) on delete restrict,
  foreign key (business_id, booked_by) references members.members (business_id, id) on delete restrict
) with (fillfactor = 80);
comment on table booking.bookings is 'One seat of one session for one member, or for a guest of theirs (guest_name). free_cancel_until, late_…, no_show_fee_cents, fee_credits, refund_if_refilled: the policy as it was when booked. starts_at repeats the session''s, so that a member''s own list needs no join to sort.';
comment on column booking.bookings.booked_by is 'Who booked and pays, when that is not the member themselves (a guardian). Null: the member.';
comment on column booking.bookings.pass_id is 'The pass or membership period that paid for the seat; credits: how many of it (0: unlimited); credit_transfer_id: where the ledger has them.';
create index bookings_booked_by_idx on booking.bookings (business_id, booked_by, starts_at) where booked_by is not null;
create unique index bookings_one_seat_each on booking.bookings (session_id, member_id, coalesce(guest_name, '')) where state in ('held', 'confirmed', 'checked_in', 'no_show');
create index bookings_session_id_idx on booking.bookings (business_id, session_id);
create index bookings_member_id_idx on booking.bookings (business_id, member_id, starts_at);
create index bookings_order_line_id_idx on booking.bookings (order_line_id);
create index bookings_held_idx on booking.bookings (session_id, held_until) where state = 'held';
create index bookings_sweep_idx on booking.bookings (held_until) where state = 'held';

create table booking.booking_steps (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  booking_id uuid not null,
  from_state text,
  to_state text not null,
  at timestamptz not null default clock_timestamp(),
  by_user uuid,
  why text not null default '',
  foreign key (business_id, booking_id) references booking.bookings (business_id, id) on delete cascade
);
comment on table booking.booking_steps is 'Every change of a booking: who, when, why.';
create index booking_steps_booking_id_idx on booking.booking_steps (business_id, booking_id);

create function booking.tg_bookings__step() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' or new.state is distinct from old.state then
    insert into booking.booking_steps (business_id, booking_id, from_state, to_state, by_user, why)
    values (new.business_id, new.id, case when tg_op = 'UPDATE' then old.state end, new.state, auth.uid(), coalesce(current_setting('atrium.why', true), ''));
  end if;
  return null;
end $$;
create trigger tg_bookings__step after insert or update of state on booking.bookings for each row execute function booking.tg_bookings__step();

create function booking.claims(s booking.sessions) returns int
language plpgsql stable set search_path = '' as $$
begin
  return case when s.claims_until > now() then s.waiting else 0 end;
end $$;
create function booking.mode_of_line(s booking.sessions, class_mode text) returns text
language plpgsql immutable set search_path = '' as $$
begin
  return case when s.waiting > 0 then coalesce(s.line_mode, mode_of_line.class_mode) else mode_of_line.class_mode end;
end $$;
comment on function booking.mode_of_line is 'The waitlist mode that holds for a session: of the line that stands there, else of its class.';

comment on function booking.claims is 'How many of the free seats are kept for people who wait.';

create function booking.seats_free(s booking.sessions) returns int
language plpgsql stable set search_path = '' as $$
begin
  return greatest(0, s.capacity - s.seats_taken - case when s.claims_until > now() then s.waiting else 0 end);
end $$;
comment on function booking.seats_free is 'Seats anybody may take: not taken, not kept for people who wait.';

create function booking.tg_sessions__tell() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform realtime.send(
    jsonb_build_object('session_id', new.id, 'seats_left', booking.seats_free(new), 'capacity', new.capacity, 'waiting', new.waiting, 'state', new.state, 'version', new.version),
    'seats_changed', 'business:' || new.business_id || ':timetable', true);
  return null;
end $$;
create trigger tg_sessions__tell after update of seats_taken, capacity, state, waiting on booking.sessions for each row
  when (old.seats_taken is distinct from new.seats_taken or old.capacity is distinct from new.capacity or old.state is distinct from new.state or old.waiting is distinct from new.waiting) execute function booking.tg_sessions__tell();

alter table booking.settings enable row level security;
alter table booking.styles enable row level security;
alter table booking.class_types enable row level security;
alter table booking.rooms enable row level security;
alter table booking.instructors enable row level security;
alter table booking.series enable row level security;
alter table booking.sessions enable row level security;
alter table booking.bookings enable row level security;
alter table booking.booking_steps enable row level security;
-- anon may name booking.bookings (the timetable joins it) but no policy shows it a row.
grant select on booking.styles, booking.class_types, booking.rooms, booking.instructors, booking.sessions, booking.bookings to anon, authenticated;
grant select on booking.series, booking.booking_steps to authenticated;
grant select on booking.settings to authenticated;
create policy "Staff see how their business books" on booking.settings for select to authenticated using (business_id in (select business.where_i_am('instructor')));
create policy "Everyone sees the styles" on booking.styles for select to anon, authenticated using (true);
create policy "Everyone sees published classes, the front desk all" on booking.class_types for select to anon, authenticated
  using (published or business_id in (select business.where_i_am('front_desk')));
create policy "Everyone sees the rooms" on booking.rooms for select to anon, authenticated using (true);
create policy "Everyone sees published instructors, the front desk all" on booking.instructors for select to anon, authenticated
  using (published or business_id in (select business.where_i_am('front_desk')));
create policy "Everyone sees what is on and shown, staff all" on booking.sessions for select to anon, authenticated
  using (hidden_at is null or business_id in (select business.where_i_am('instructor')));
create policy "Staff see the series of their business" on booking.series for select to authenticated using (business_id in (select business.where_i_am('instructor')));
create policy "Members see their own bookings, the front desk those of its business" on booking.bookings for select to authenticated
  using (member_id in (select members.mine()) or business_id in (select business.where_i_am('front_desk')));
create policy "Members see the steps of their own bookings, the front desk those of its business" on booking.booking_steps for select to authenticated
  using (booking_id in (select b.id from booking.bookings b where b.member_id in (select members.mine())) or business_id in (select business.where_i_am('front_desk')));

-- Seats ---------------------------------------------------------------------------------------------------------------
create function booking.hold_people(people uuid[]) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform pg_advisory_xact_lock(x.n) from (select distinct hashtextextended('booking.person ' || u, 0) as n from unnest(hold_people.people) u order by 1) x;
end $$;
comment on function booking.hold_people is 'Until the transaction ends nobody else books for these people: so nobody gets into two classes at once from two devices, or from the waitlist. Before any session''s lock.';

create function booking.try_hold_person(person uuid) returns boolean
language plpgsql volatile set search_path = '' as $$
begin
  return pg_try_advisory_xact_lock(hashtextextended('booking.person ' || try_hold_person.person, 0));
end $$;
comment on function booking.try_hold_person is 'As booking.hold_people, for who holds a session''s lock already: false instead of waiting.';

create function booking.free_expired_holds(session_id uuid) returns int
language plpgsql volatile set search_path = '' as $$
declare freed int;
begin
  perform set_config('atrium.why', 'the hold ran out', true);
  update booking.bookings b set state = 'expired' where b.session_id = free_expired_holds.session_id and b.state = 'held' and b.held_until <= now();
  get diagnostics freed = row_count;
  if freed > 0 then
    update booking.sessions s set seats_taken = s.seats_taken - freed, version = s.version + 1,
      hold_ends_at = (select min(b.held_until) from booking.bookings b where b.session_id = s.id and b.state = 'held')
    where s.id = free_expired_holds.session_id;
  end if;
  return freed;
end $$;
comment on function booking.free_expired_holds is 'Gives back seats whose hold ran out. The caller holds the session''s row lock.';

create function booking.is_full(business_id uuid, session_id uuid) returns boolean
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
begin
  -- One statement, hence one instant: a seat given back between two looks might count in neither.
  return exists (
    select from booking.sessions x
    where x.id = is_full.session_id and x.business_id = is_full.business_id and x.state = 'scheduled'
      and x.seats_taken >= x.capacity - case when x.claims_until > now() then x.waiting else 0 end
      and x.seats_taken - (select count(*) from booking.bookings b where b.session_id = x.id and b.state = 'held' and b.held_until <= now())
        >= x.capacity - case when x.claims_until > now() then x.waiting else 0 end);
end $$;
comment on function booking.is_full is 'Whether booking.take_seat refuses the public session_full at this instant, without a lock: a crowd that comes too late waits for nobody. false promises nothing.';

create function booking.opens_at(starts_at timestamptz, days_before int, zone text) returns timestamptz
language sql immutable
return date_subtract(starts_at, make_interval(days => days_before), zone);
comment on function booking.opens_at is 'When a class can be booked from (class_types.opens_days_before): at its own time of day so many days of the calendar earlier, where the business is (zone), whatever its clocks did in between. Its names are bound as it is made, so it needs no search path and is planned as a part of the query that asks.';

create function booking.take_seat(business_id uuid, session_id uuid, member_id uuid, order_line_id uuid, held_until timestamptz, confirmed boolean default false, entry text default 'public', guest_name text default null, booked_by uuid default null) returns uuid
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare
  s booking.sessions;
  t booking.class_types;
  made uuid;
  clash record;
  opens timestamptz;
  -- Kept for those who wait, unless it is one of them, or the front desk decides.
  keeps boolean := take_seat.entry not in ('waitlist', 'desk');
begin
  -- The hot row first: the counter is taken before anything is written, so losers leave early.
  update booking.sessions x set seats_taken = x.seats_taken + 1, version = x.version + 1, hold_ends_at = least(x.hold_ends_at, take_seat.held_until)
  where x.id = take_seat.session_id and x.business_id = take_seat.business_id and x.state = 'scheduled'
    and x.seats_taken < x.capacity - case when keeps and x.claims_until > now() then x.waiting else 0 end
  returning * into s;
  if s.id is null then
    -- Nobody stands in line for a lock only to be refused; who has paid or waited does, for a seat that is just being given back.
    if take_seat.entry = 'public' and booking.is_full(take_seat.business_id, take_seat.session_id) then
      perform platform.refuse(409, 'session_full', jsonb_build_object('session_id', take_seat.session_id));
    end if;
    select * into s from booking.sessions x where x.id = take_seat.session_id and x.business_id = take_seat.business_id for no key update;
    if s.id is null then perform platform.refuse(404, 'session_not_found'); end if;
    if s.state = 'cancelled' then perform platform.refuse(409, 'session_cancelled', jsonb_build_object('session_id', s.id)); end if;
    perform booking.free_expired_holds(s.id);
    update booking.sessions x set seats_taken = x.seats_taken + 1, version = x.version + 1, hold_ends_at = least(x.hold_ends_at, take_seat.held_until)
    where x.id = s.id and x.seats_taken < x.capacity - case when keeps then booking.claims(x) else 0 end returning * into s;
    if not found then perform platform.refuse(409, 'session_full', jsonb_build_object('session_id', take_seat.session_id)); end if;
  end if;
  select * into t from booking.class_types x where x.id = s.class_type_id;
  if s.starts_at <= now() and not (take_seat.entry = 'desk' and s.ends_at > now() and s.starts_at > now() - make_interval(mins => (booking.settings_of(s.business_id)).late_entry_minutes)) then
    perform platform.refuse(409, 'session_past', jsonb_build_object('session_id', s.id));
  end if;
  -- A payment on its way when booking closed still gets its seat; so does who waited for one, and whom the front desk lets in.
  if take_seat.entry = 'public' then
    if not t.published or s.hidden_at is not null then perform platform.refuse(404, 'session_not_found'); end if;
    if s.starts_at - make_interval(mins => t.closes_minutes_before) <= now() then perform platform.refuse(409, 'booking_closed', jsonb_build_object('session_id', s.id)); end if;
    opens := booking.opens_at(s.starts_at, t.opens_days_before, (select z.time_zone from business.businesses z where z.id = s.business_id));
    if opens > now() then perform platform.refuse(409, 'booking_not_open', jsonb_build_object('session_id', s.id, 'opens_at', opens)); end if;
  end if;
  -- The member's own expired hold on this session must not stand in the way of a new one.
  update booking.bookings b set state = 'expired' where b.session_id = s.id and b.member_id = take_seat.member_id and coalesce(b.guest_name, '') = coalesce(take_seat.guest_name, '') and b.state = 'held' and b.held_until <= now();
  if found then
    update booking.sessions x set seats_taken = x.seats_taken - 1, version = x.version + 1 where x.id = s.id;
  end if;
  if take_seat.guest_name is null then
    select b.id, b.session_id, b.state, c.name into clash
    from booking.bookings b join booking.sessions o on o.id = b.session_id join booking.class_types c on c.id = o.class_type_id
    where b.business_id = s.business_id and b.member_id = take_seat.member_id and b.guest_name is null
      and b.starts_at > s.starts_at - interval '1 day' and b.starts_at < s.ends_at
      and (b.state in ('confirmed', 'checked_in') or b.state = 'held' and b.held_until > now())
      and o.ends_at > s.starts_at and o.starts_at < s.ends_at
    order by b.session_id = s.id desc limit 1;
    if clash.session_id = s.id then
      perform platform.refuse(409, 'already_booked', jsonb_build_object('session_id', s.id, 'booking_id', clash.id, 'state', clash.state));
    elsif clash.id is not null then
      perform platform.refuse(409, 'overlapping_booking', jsonb_build_object('session_id', s.id, 'with_session_id', clash.session_id, 'class', t.name, 'with_class', clash.name));
    end if;
  elsif (select count(*) from booking.bookings b where b.session_id = s.id and b.member_id = take_seat.member_id and b.guest_name is not null
      and (b.state in ('confirmed', 'checked_in', 'no_show') or b.state = 'held' and b.held_until > now())) >= t.max_guests then
    perform platform.refuse(409, 'too_many_guests', jsonb_build_object('session_id', s.id, 'most', t.max_guests));
  end if;
  insert into booking.bookings as b (business_id, session_id, member_id, guest_name, booked_by, order_line_id, state, held_until, starts_at, free_cancel_until, late_refund_percent, late_fee_cents, no_show_fee_cents, fee_credits, refund_if_refilled)
  values (s.business_id, s.id, take_seat.member_id, take_seat.guest_name, nullif(take_seat.booked_by, take_seat.member_id), take_seat.order_line_id, case when take_seat.confirmed then 'confirmed' else 'held' end, take_seat.held_until,
    s.starts_at, s.starts_at - make_interval(hours => t.free_cancel_hours), t.late_refund_percent, t.late_fee_cents, t.no_show_fee_cents, t.fee_credits, t.refund_if_refilled)
  on conflict do nothing returning b.id into made;
  -- Checked in or marked absent: over for the eye above, but the seat is still theirs. A guest's name stands once.
  if made is null then perform platform.refuse(409, 'already_booked', jsonb_build_object('session_id', s.id)); end if;
  -- Who got a place by another way waits no longer.
  if s.waiting > 0 and take_seat.guest_name is null and take_seat.entry <> 'waitlist' then
    update booking.waitlist_entries e set state = 'accepted', why = 'booked', booking_id = made, order_id = (select l.order_id from sales.order_lines l where l.id = take_seat.order_line_id) where e.session_id = s.id and e.member_id = take_seat.member_id and e.state = 'waiting';
  end if;
  return made;
end $$;
comment on function booking.take_seat is 'The one way to a seat. entry: public; payment (was held, booking may have closed since); waitlist; desk. member_id: who sits, or whose guest does; booked_by: who pays, when that is somebody else. Refuses 404 session_not_found, 409 session_full, session_cancelled, session_past, booking_closed, booking_not_open, already_booked, overlapping_booking, too_many_guests.';

create function booking.seats_freed(session_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare s booking.sessions;
begin
  select * into s from booking.sessions x where x.id = seats_freed.session_id;
  -- In a transaction of its own: who gives a seat back does not wait for, or fail with, who gets it. Until then it is kept (claims).
  if s.waiting > 0 and s.state = 'scheduled' and s.starts_at > now() and s.seats_taken < s.capacity then
    perform platform.add_job('advance_waitlist', jsonb_build_object('session_id', s.id), 'waitlist:' || s.id);
  end if;
end $$;
comment on function booking.seats_freed is 'To be called after anything that frees seats or raises a capacity: wakes the waitlist, if there is one.';

create function booking.release_seat(booking_id uuid, to_state text, why text, also_seen boolean default false) returns booking.bookings
language plpgsql volatile set search_path = '' as $$
declare b booking.bookings;
begin
  select * into b from booking.bookings x where x.id = release_seat.booking_id;
  -- Session before booking: the same order as take_seat.
  perform 1 from booking.sessions s where s.id = b.session_id for no key update;
  perform set_config('atrium.why', release_seat.why, true);
  update booking.bookings x set state = release_seat.to_state where x.id = b.id and (x.state in ('held', 'confirmed') or release_seat.also_seen and x.state in ('checked_in', 'no_show')) returning * into b;
  if not found then return null; end if;
  update booking.sessions s set seats_taken = s.seats_taken - 1, version = s.version + 1 where s.id = b.session_id;
  perform booking.seats_freed(b.session_id);
  return b;
end $$;
comment on function booking.release_seat is 'Ends a held or confirmed booking and gives its seat back; null when it was over already. also_seen: also one that was checked in or marked absent, for a class that does not take place after all.';

-- Reading -------------------------------------------------------------------------------------------------------------
-- What everyone may see is read as the owner: with row-level security a plan is good for one role only, and pooled connections
-- change roles all the time, so every page would be planned anew. Of bookings only the asker's own are joined. PL/pgSQL where it
-- is hot, because it keeps its plans and SQL functions with a fixed search path do not.
create function booking.holds_run_out(session_id uuid) returns int
language plpgsql stable security definer set search_path = '' as $$
begin
  return (
    select count(*)::int from booking.bookings b where b.session_id = holds_run_out.session_id and b.state = 'held' and b.held_until <= now());
end $$;
comment on function booking.holds_run_out is 'How many counted seats are holds that ran out. A number only, so anyone may ask.';
grant execute on function booking.holds_run_out to anon, authenticated, service_role;

create function api.timetable(business_id uuid, from_at timestamptz, until_at timestamptz, only_style text default null, only_level text default null, only_instructor text default null, only_class text default null)
returns table (session_id uuid, class_slug text, class_name jsonb, summary jsonb, style text, level text, starts_at timestamptz, ends_at timestamptz, instructor_slug text, instructor_name text, instructor_picture text, room_name text,
  capacity int, seats_left int, price_cents bigint, currency text, state text, opens_at timestamptz, closes_at timestamptz, version bigint, my_booking_id uuid, my_booking_state text, waiting int, waitlist_until timestamptz, my_entry_state text)
language plpgsql stable security definer set search_path = '' rows 150 as $$
#variable_conflict use_column
declare
  -- Null for a visitor: then nothing is theirs.
  me uuid := case when auth.uid() is not null then (select m.id from members.members m where m.business_id = timetable.business_id and m.user_id = auth.uid()) end;
begin
  return query
  select s.id, t.slug, t.name, t.summary, t.style, t.level, s.starts_at, s.ends_at, i.slug, i.name, i.picture, r.name, s.capacity,
    greatest(0, s.capacity - s.seats_taken - case when s.claims_until > now() then s.waiting else 0 end + case when s.hold_ends_at <= now() then booking.holds_run_out(s.id) else 0 end),
    s.price_cents, b.currency::text, s.state, booking.opens_at(s.starts_at, t.opens_days_before, b.time_zone), s.starts_at - make_interval(mins => t.closes_minutes_before), s.version, k.id, k.state,
    s.waiting, case when t.waitlist_mode <> 'off' then s.starts_at - make_interval(mins => t.waitlist_cutoff_minutes) end, e.state
  from booking.sessions s
  join booking.class_types t on t.business_id = s.business_id and t.id = s.class_type_id and t.published
  join booking.instructors i on i.business_id = s.business_id and i.id = s.instructor_id
  join booking.rooms r on r.business_id = s.business_id and r.id = s.room_id
  join business.businesses b on b.id = s.business_id
  left join booking.bookings k on k.session_id = s.id and k.member_id = me and k.guest_name is null
    -- The states of bookings_one_seat_each, word for word, or its index is not used.
    and k.state in ('held', 'confirmed', 'checked_in', 'no_show') and (k.state <> 'held' or k.held_until > now())
  left join booking.waitlist_entries e on e.session_id = s.id and e.member_id = me and e.state in ('waiting', 'offered')
  where s.business_id = timetable.business_id and s.starts_at >= timetable.from_at and s.starts_at < timetable.until_at and s.hidden_at is null
    and (timetable.only_style is null or t.style = timetable.only_style) and (timetable.only_level is null or t.level = timetable.only_level)
    and (timetable.only_instructor is null or i.slug = timetable.only_instructor) and (timetable.only_class is null or t.slug = timetable.only_class)
  order by s.starts_at, t.slug
  limit 1000;
end $$;
comment on function api.timetable is 'What is on between two instants (only_…: slugs to narrow it by), with the seats really left and the asker''s own bookings. At most 1,000 rows.';

grant execute on function api.timetable to anon, authenticated, service_role;


create function api.instructor_list(business_id uuid) returns table (slug text, name text, title jsonb, bio jsonb, picture text)
language plpgsql stable security definer set search_path = '' rows 20 as $$
#variable_conflict use_column
begin
  return query
  select i.slug, i.name, i.title, i.bio, i.picture from booking.instructors i where i.business_id = instructor_list.business_id and i.published order by i.name;
end $$;
grant execute on function api.instructor_list to anon, authenticated, service_role;
