-- People: who books for whom, what they told the business, what they signed, and what the front desk wrote down.

create function members.searchable(name text, email text, phone text) returns text
language sql immutable set search_path = '' as $$
  -- As people type: no capitals, no accents, and a number with or without its spaces.
  select translate(lower(searchable.name || ' ' || searchable.email), 'áàâäãåéèêëíìîïóòôöõúùûüñç', 'aaaaaaeeeeiiiiooooouuuunc') || ' ' || regexp_replace(searchable.phone, '\D', '', 'g');
$$;

alter table members.members
  add column birthday date check (birthday > '1900-01-01'),
  add column pronouns text not null default '' check (length(pronouns) <= 40),
  add column emergency_name text not null default '' check (length(emergency_name) <= 120),
  add column emergency_phone text not null default '' check (length(emergency_phone) <= 40),
  add column emergency_relation text not null default '' check (length(emergency_relation) <= 60),
  add column search text collate "C" not null generated always as (members.searchable(name, email::text, phone)) stored,
  add check ((emergency_name = '') = (emergency_phone = ''));
comment on column members.members.birthday is 'If they told us. Its year stays with the front desk; the roster shows the day itself.';
comment on column members.members.emergency_name is 'Whom to call. Of a dependant without one it is the guardian, then the guardian''s own.';
comment on column members.members.search is 'What the front desk searches in, made by members.searchable.';
create index members_search_idx on members.members (business_id, search, id);
create extension if not exists pg_trgm with schema extensions;
create index members_search_words_idx on members.members using gin (search extensions.gin_trgm_ops);

-- Family -------------------------------------------------------------------------------------------------------------
create unique index members_one_name_each on members.members (business_id, guardian_id, lower(name)) where guardian_id is not null and archived_at is null;

create function members.tg_members__one_level() returns trigger
language plpgsql set search_path = '' as $$
begin
  if tg_op = 'UPDATE' then
    if new.guardian_id is distinct from old.guardian_id then perform platform.refuse(409, 'guardian_is_for_good'); end if;
  -- A guardian stands on the first level when the dependant is made, and nobody moves down later: no second level, no circle.
  elsif exists (select from members.members g where g.business_id = new.business_id and g.id = new.guardian_id and g.guardian_id is not null) then
    perform platform.refuse(409, 'guardian_is_dependant');
  end if;
  return new;
end $$;
create trigger tg_members__one_level before insert or update of guardian_id on members.members for each row when (new.guardian_id is not null) execute function members.tg_members__one_level();

create function members.tg_members__follow_guardian() returns trigger
language plpgsql set search_path = '' as $$
begin
  update members.members d set email = new.email, locale = new.locale where d.business_id = new.business_id and d.guardian_id = new.id;
  return null;
end $$;
create trigger tg_members__follow_guardian after update of email, locale on members.members for each row
  when (new.guardian_id is null and (old.email is distinct from new.email or old.locale is distinct from new.locale)) execute function members.tg_members__follow_guardian();

create function members.may_book_for(me uuid, person uuid) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return may_book_for.me = may_book_for.person
    or exists (select from members.members d where d.id = may_book_for.person and d.guardian_id = may_book_for.me and d.archived_at is null);
end $$;
comment on function members.may_book_for is 'Whether one member books for another: themselves, or a dependant still on their account. Dependants are of the guardian''s business, so the same holds for the business.';

create function members.reader_of(person uuid) returns uuid
language plpgsql stable set search_path = '' as $$
begin
  return (select coalesce(m.guardian_id, m.id) from members.members m where m.id = reader_of.person);
end $$;
comment on function members.reader_of is 'The member who is told what concerns a person: their guardian, else they themselves.';

create function members.people_of(me uuid) returns table (person_id uuid, name text, is_me boolean, birthday date)
language plpgsql stable set search_path = '' rows 3 as $$
#variable_conflict use_column
begin
  return query
  select m.id, m.name, true, m.birthday from members.members m where m.id = people_of.me
  union all
  (select d.id, d.name, false, d.birthday from members.members m join members.members d on d.business_id = m.business_id and d.guardian_id = m.id
    where m.id = people_of.me and d.archived_at is null order by d.created_at, d.id);
end $$;

create function api.my_people(business_id uuid) returns table (person_id uuid, name text, is_me boolean, birthday date)
language plpgsql stable security definer set search_path = '' rows 3 as $$
#variable_conflict use_column
begin
  return query select p.* from members.people_of((select m.id from members.members m where m.business_id = my_people.business_id and m.user_id = auth.uid())) p;
end $$;
comment on function api.my_people is 'The people the asker books for: themselves first, then their dependants in the order they were added. Nobody for somebody who is no member yet.';
grant execute on function api.my_people to authenticated;

create function members.check_person(full_name text, birthday date) returns void
language plpgsql stable set search_path = '' as $$
begin
  if coalesce(length(trim(check_person.full_name)), 0) not between 1 and 120 then perform platform.refuse(422, 'name_invalid', '{"field": "name"}'); end if;
  if check_person.birthday <= '1900-01-01' or check_person.birthday > current_date then perform platform.refuse(422, 'birthday_invalid', '{"field": "birthday"}'); end if;
end $$;

create function members.require_dependant(me uuid, person uuid) returns members.members
language plpgsql volatile set search_path = '' as $$
declare d members.members;
begin
  select * into d from members.members x where x.id = require_dependant.person and x.guardian_id = require_dependant.me and x.archived_at is null for no key update;
  if d.id is null then perform platform.refuse(404, 'person_not_found'); end if;
  return d;
end $$;
comment on function members.require_dependant is 'The dependant, locked. Somebody else''s, another business''s and one who is not there are the same: 404 person_not_found.';

create function api.add_dependant(business_id uuid, full_name text, birthday date default null) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := members.require_me(add_dependant.business_id);
  made uuid;
begin
  perform members.check_person(add_dependant.full_name, add_dependant.birthday);
  -- One at a time, so that the limit holds.
  perform 1 from members.members m where m.id = me for no key update;
  if (select count(*) from members.people_of(me)) > 12 then perform platform.refuse(409, 'too_many_people'); end if;
  insert into members.members as d (business_id, guardian_id, name, email, locale, birthday)
  select m.business_id, m.id, trim(add_dependant.full_name), m.email, m.locale, add_dependant.birthday from members.members m where m.id = me
  on conflict do nothing returning d.id into made;
  if made is null then perform platform.refuse(409, 'person_named_twice', '{"field": "name"}'); end if;
  return made;
end $$;
comment on function api.add_dependant is 'Somebody the asker books for who has no account of their own; at most twelve. Refuses 409 too_many_people, person_named_twice, 422 name_invalid, birthday_invalid.';
grant execute on function api.add_dependant to authenticated;

create function api.update_dependant(business_id uuid, person_id uuid, full_name text, birthday date default null) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare d members.members := members.require_dependant(members.require_me(update_dependant.business_id), update_dependant.person_id);
begin
  perform members.check_person(update_dependant.full_name, update_dependant.birthday);
  if exists (select from members.members x where x.business_id = d.business_id and x.guardian_id = d.guardian_id and x.id <> d.id and x.archived_at is null and lower(x.name) = lower(trim(update_dependant.full_name))) then
    perform platform.refuse(409, 'person_named_twice', '{"field": "name"}');
  end if;
  update members.members x set name = trim(update_dependant.full_name), birthday = update_dependant.birthday where x.id = d.id;
  return d.id;
end $$;
comment on function api.update_dependant is 'Refuses 404 person_not_found, 409 person_named_twice, 422 name_invalid, birthday_invalid.';
grant execute on function api.update_dependant to authenticated;

create function api.remove_dependant(business_id uuid, person_id uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare d members.members := members.require_dependant(members.require_me(remove_dependant.business_id), remove_dependant.person_id);
begin
  if exists (select from booking.bookings b where b.business_id = d.business_id and b.member_id = d.id and b.starts_at > now() and (b.state = 'confirmed' or b.state = 'held' and b.held_until > now())) then
    perform platform.refuse(409, 'person_has_bookings');
  end if;
  -- What it was told for is over.
  delete from members.health_notes h where h.member_id = d.id;
  begin
    delete from members.members x where x.id = d.id;
    return 'removed';
  exception when foreign_key_violation then
    -- Bookings, passes and signatures keep pointing at whom they were for.
    update members.members x set archived_at = now() where x.id = d.id;
    return 'archived';
  end;
end $$;
comment on function api.remove_dependant is 'Takes a dependant off the account: removed, or archived when they leave bookings or other traces. Refuses 404 person_not_found, 409 person_has_bookings.';
grant execute on function api.remove_dependant to authenticated;

-- What members tell about themselves ---------------------------------------------------------------------------------
create table members.health_notes (
  member_id uuid primary key,
  business_id uuid not null,
  note text not null check (length(note) between 1 and 1000),
  consented_at timestamptz not null default now(),
  consented_by uuid references auth.users (id) on delete set null,
  foreign key (business_id, member_id) references members.members (business_id, id) on delete cascade
);
comment on table members.health_notes is 'Injuries and the like, told with explicit consent that the front desk and the teachers of their classes read it (GDPR article 9.2.a). The row is the consent: withdrawing it deletes the row.';
create index health_notes_member_id_idx on members.health_notes (business_id, member_id);
create index health_notes_consented_by_idx on members.health_notes (consented_by);
alter table members.health_notes enable row level security;
grant select on members.health_notes to authenticated;
create policy "Members read their own health note, the front desk those of its business" on members.health_notes for select to authenticated
  using (member_id in (select members.mine()) or business_id in (select business.where_i_am('front_desk')));

create function members.person_of(me uuid, person uuid) returns uuid
language plpgsql stable set search_path = '' as $$
begin
  if person_of.person is null then return person_of.me; end if;
  if not members.may_book_for(person_of.me, person_of.person) then perform platform.refuse(404, 'person_not_found'); end if;
  return person_of.person;
end $$;
comment on function members.person_of is 'Whom a member acts for: the dependant named, or themselves when nobody is. Refuses 404 person_not_found.';

create function api.update_profile(business_id uuid, full_name text, phone text, locale text, birthday text default null, pronouns text default null) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := members.require_me(update_profile.business_id);
  born date;
begin
  if coalesce(length(trim(update_profile.full_name)), 0) not between 1 and 120 then perform platform.refuse(422, 'name_invalid'); end if;
  if length(coalesce(update_profile.phone, '')) > 40 then perform platform.refuse(422, 'phone_invalid'); end if;
  if update_profile.locale not in ('en', 'es') then perform platform.refuse(422, 'locale_invalid'); end if;
  if length(update_profile.pronouns) > 40 then perform platform.refuse(422, 'pronouns_invalid', '{"field": "pronouns"}'); end if;
  begin
    born := nullif(update_profile.birthday, '')::date;
  exception when datetime_field_overflow or invalid_datetime_format then
    perform platform.refuse(422, 'birthday_invalid', '{"field": "birthday"}');
  end;
  if born <= '1900-01-01' or born > current_date then perform platform.refuse(422, 'birthday_invalid', '{"field": "birthday"}'); end if;
  update members.members m set name = trim(update_profile.full_name), phone = coalesce(trim(update_profile.phone), ''), locale = update_profile.locale,
    birthday = case when update_profile.birthday is null then m.birthday else born end, pronouns = coalesce(trim(update_profile.pronouns), m.pronouns)
  where m.id = me;
  return me;
end $$;
comment on function api.update_profile is 'Birthday (YYYY-MM-DD) and pronouns: null leaves them as they are, empty forgets them. Refuses 422 name_invalid, phone_invalid, locale_invalid, birthday_invalid, pronouns_invalid.';
grant execute on function api.update_profile to authenticated;

create function api.set_emergency_contact(business_id uuid, contact_name text default '', contact_phone text default '', relation text default '') returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  me uuid := members.require_me(set_emergency_contact.business_id);
  given members.members;
begin
  given.emergency_name := trim(coalesce(set_emergency_contact.contact_name, ''));
  given.emergency_phone := trim(coalesce(set_emergency_contact.contact_phone, ''));
  given.emergency_relation := trim(coalesce(set_emergency_contact.relation, ''));
  if length(given.emergency_name) > 120 then perform platform.refuse(422, 'name_invalid', '{"field": "contact_name"}'); end if;
  if length(given.emergency_phone) > 40 or given.emergency_phone !~ '^[-+0-9 ().]*$' then perform platform.refuse(422, 'phone_invalid', '{"field": "contact_phone"}'); end if;
  if length(given.emergency_relation) > 60 then perform platform.refuse(422, 'name_invalid', '{"field": "relation"}'); end if;
  if given.emergency_name = '' and given.emergency_phone || given.emergency_relation <> '' then perform platform.refuse(422, 'contact_incomplete', '{"field": "contact_name"}'); end if;
  if given.emergency_name <> '' and given.emergency_phone = '' then perform platform.refuse(422, 'contact_incomplete', '{"field": "contact_phone"}'); end if;
  update members.members m set emergency_name = given.emergency_name, emergency_phone = given.emergency_phone, emergency_relation = given.emergency_relation
  where m.id = me and (m.emergency_name, m.emergency_phone, m.emergency_relation) is distinct from (given.emergency_name, given.emergency_phone, given.emergency_relation);
  if found then perform audit.note(set_emergency_contact.business_id, 'emergency_contact_changed', 'member:' || me, jsonb_build_object('removed', given.emergency_name = '')); end if;
  return me;
end $$;
comment on function api.set_emergency_contact is 'Whom to call when something happens to the asker; all empty: nobody. Refuses 422 contact_incomplete, name_invalid, phone_invalid.';
grant execute on function api.set_emergency_contact to authenticated;

create function api.set_health_note(business_id uuid, note text default '', consent boolean default false, person_id uuid default null) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid := members.require_me(set_health_note.business_id);
  person uuid := members.person_of(me, set_health_note.person_id);
  given text := trim(coalesce(set_health_note.note, ''));
  before text;
begin
  if length(given) > 1000 then perform platform.refuse(422, 'health_note_too_long', '{"field": "note"}'); end if;
  if given <> '' and set_health_note.consent is distinct from true then perform platform.refuse(422, 'health_consent_needed', '{"field": "consent"}'); end if;
  select h.note into before from members.health_notes h where h.member_id = person for no key update;
  if given = '' then
    delete from members.health_notes h where h.member_id = person;
  elsif before is distinct from given then
    insert into members.health_notes as h (member_id, business_id, note, consented_by) values (person, set_health_note.business_id, given, auth.uid())
    on conflict (member_id) do update set note = excluded.note, consented_at = now(), consented_by = excluded.consented_by;
  end if;
  -- Who and when, never what.
  if before is distinct from nullif(given, '') then
    perform audit.note(set_health_note.business_id, 'health_note_changed', 'member:' || person,
      jsonb_build_object('change', case when before is null then 'written' when given = '' then 'consent_withdrawn' else 'rewritten' end, 'by', case when person = me then 'member' else 'guardian' end));
  end if;
  return given <> '';
end $$;
comment on function api.set_health_note is 'What teachers should know, of the asker or a dependant, with consent; an empty note withdraws it and nothing of it is kept. Refuses 404 person_not_found, 422 health_consent_needed, health_note_too_long.';
grant execute on function api.set_health_note to authenticated;

create function api.my_profile(business_id uuid)
returns table (member_id uuid, name text, email text, phone text, locale text, created_at timestamptz, birthday date, pronouns text, emergency_name text, emergency_phone text, emergency_relation text, health_note text, health_consented_at timestamptz)
language sql stable set search_path = '' as $$
  select m.id, m.name, m.email::text, m.phone, m.locale, m.created_at, m.birthday, m.pronouns, m.emergency_name, m.emergency_phone, m.emergency_relation, h.note, h.consented_at
  from members.members m left join members.health_notes h on h.member_id = m.id
  where m.business_id = my_profile.business_id and m.user_id = (select auth.uid());
$$;
comment on function api.my_profile is 'What the business knows of the asker by their own telling; no row for somebody who is no member yet.';
grant execute on function api.my_profile to authenticated;

create function members.teaches(person uuid) returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
  -- From two weeks before a class of theirs until the day after it.
  return exists (
    select from booking.instructors i join booking.bookings b on b.business_id = i.business_id and b.member_id = teaches.person and b.starts_at > now() - interval '1 day' and b.starts_at < now() + interval '14 days'
      join booking.sessions s on s.id = b.session_id and s.instructor_id = i.id
    where i.user_id = (select auth.uid()) and b.state in ('confirmed', 'checked_in') and i.business_id in (select business.where_i_am('instructor')));
end $$;
comment on function members.teaches is 'Whether the asker teaches a class this person comes to these days.';

create function api.health_note(business_id uuid, person_id uuid) returns table (note text, consented_at timestamptz)
language plpgsql stable security definer set search_path = '' rows 1 as $$
#variable_conflict use_column
begin
  if not exists (select from members.members m where m.id = health_note.person_id and m.business_id = health_note.business_id
      and (m.id in (select members.mine()) or m.business_id in (select business.where_i_am('front_desk')) or members.teaches(m.id))) then
    perform platform.refuse(404, 'person_not_found');
  end if;
  return query select h.note, h.consented_at from members.health_notes h where h.member_id = health_note.person_id;
end $$;
comment on function api.health_note is 'For the person or their guardian, the front desk, and the teachers of their classes; no row when nothing was told. Refuses 404 person_not_found.';
grant execute on function api.health_note to authenticated;

-- Consent to being written to and called -----------------------------------------------------------------------------
create table members.consents (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  member_id uuid not null,
  channel text not null check (channel in ('email', 'sms', 'whatsapp', 'phone')),
  purpose text not null check (purpose in ('service', 'marketing')),
  given boolean not null,
  at timestamptz not null default now(),
  by_user uuid references auth.users (id) on delete set null,
  via text not null check (via in ('profile', 'desk', 'link')),
  foreign key (business_id, member_id) references members.members (business_id, id) on delete cascade
);
comment on table members.consents is 'Yes or no to one channel for one purpose; the latest row counts, the others are the proof. Read through members.consent.';
create index consents_member_id_idx on members.consents (business_id, member_id, channel, purpose, id desc);
create index consents_by_user_idx on members.consents (by_user);
alter table members.consents enable row level security;
grant select on members.consents to authenticated;
create policy "Members read what they consented to, the front desk reads it for its business" on members.consents for select to authenticated
  using (member_id in (select members.mine()) or business_id in (select business.where_i_am('front_desk')));

create function members.consent(member_id uuid, channel text, purpose text) returns boolean
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
begin
  return coalesce(
    (select c.given from members.members m join members.consents c on c.business_id = m.business_id and c.member_id = coalesce(m.guardian_id, m.id)
      where m.id = consent.member_id and c.channel = consent.channel and c.purpose = consent.purpose order by c.id desc limit 1),
    -- Nobody needs to agree to the letters a booking comes with; everything else waits for a yes.
    consent.channel = 'email' and consent.purpose = 'service');
end $$;
comment on function members.consent is 'Whether a person (a dependant: their guardian) may be reached by email, sms, whatsapp or phone for service or marketing. What concerns their money or seat is told by e-mail all the same.';

create function members.consents_of(member_id uuid) returns table (channel text, purpose text, given boolean, at timestamptz)
language plpgsql stable set search_path = '' rows 8 as $$
#variable_conflict use_column
begin
  return query
  select c.channel, p.purpose, members.consent(consents_of.member_id, c.channel, p.purpose),
    (select x.at from members.members m join members.consents x on x.business_id = m.business_id and x.member_id = m.id where m.id = consents_of.member_id and x.channel = c.channel and x.purpose = p.purpose order by x.id desc limit 1)
  from unnest(array['email', 'sms', 'whatsapp', 'phone']) with ordinality as c (channel, n) cross join unnest(array['service', 'marketing']) with ordinality as p (purpose, n) order by c.n, p.n;
end $$;

create function api.my_consents(business_id uuid) returns table (channel text, purpose text, given boolean, at timestamptz)
language plpgsql stable security definer set search_path = '' rows 8 as $$
#variable_conflict use_column
declare me uuid := (select m.id from members.members m where m.business_id = my_consents.business_id and m.user_id = auth.uid());
begin
  if me is not null then return query select c.* from members.consents_of(me) c; end if;
end $$;
comment on function api.my_consents is 'How the asker may be reached, every channel for every purpose; at: when they said so, null for what holds until they say otherwise.';
grant execute on function api.my_consents to authenticated;

create function api.set_consents(business_id uuid, given text[]) returns int
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid := members.require_me(set_consents.business_id);
  changed int;
begin
  if exists (select from unnest(coalesce(set_consents.given, '{}')) g where g is null or g !~ '^(email|sms|whatsapp|phone):(service|marketing)$') then perform platform.refuse(422, 'consent_unknown', '{"field": "given"}'); end if;
  perform 1 from members.members m where m.id = me for no key update;
  insert into members.consents (business_id, member_id, channel, purpose, given, by_user, via)
  select set_consents.business_id, me, c.channel, c.purpose, c.channel || ':' || c.purpose = any (coalesce(set_consents.given, '{}')), auth.uid(), 'profile'
  from members.consents_of(me) c where c.given <> (c.channel || ':' || c.purpose = any (coalesce(set_consents.given, '{}')));
  get diagnostics changed = row_count;
  return changed;
end $$;
comment on function api.set_consents is 'Everything the asker agrees to, as channel:purpose; what is not named is refused from now on. Answers how many changed. Refuses 422 consent_unknown.';
grant execute on function api.set_consents to authenticated;

-- Waiver -------------------------------------------------------------------------------------------------------------
create table members.waivers (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  version int not null check (version > 0),
  body jsonb not null check (jsonb_typeof(body) = 'object'),
  written_at timestamptz not null default now(),
  written_by uuid references auth.users (id) on delete set null,
  published_at timestamptz,
  unique (business_id, version)
);
comment on table members.waivers is 'What members sign before their first class, one text by language a version. A draft (published_at null) may be rewritten, a published version never; the highest published one counts.';
create unique index waivers_one_draft on members.waivers (business_id) where published_at is null;
create index waivers_written_by_idx on members.waivers (written_by);

create table members.waiver_signatures (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  member_id uuid not null,
  version int not null,
  typed_name text not null check (length(typed_name) between 3 and 120),
  signed_at timestamptz not null default now(),
  signed_by uuid not null,
  locale text not null,
  address_hash text not null default '',
  unique (business_id, member_id, version),
  foreign key (business_id, version) references members.waivers (business_id, version) on delete restrict,
  foreign key (business_id, member_id) references members.members (business_id, id) on delete restrict,
  foreign key (business_id, signed_by) references members.members (business_id, id) on delete restrict
);
comment on table members.waiver_signatures is 'Who signed which version, when, under which typed name, in which language. signed_by: the guardian, for a dependant. address_hash: the network address it came from, keyed-hashed.';
create index waiver_signatures_version_idx on members.waiver_signatures (business_id, version);
create index waiver_signatures_signed_by_idx on members.waiver_signatures (business_id, signed_by);

alter table members.waivers enable row level security;
alter table members.waiver_signatures enable row level security;
grant select on members.waivers to anon, authenticated;
grant select on members.waiver_signatures to authenticated;
create policy "Everyone reads published waivers, managers their business's draft" on members.waivers for select to anon, authenticated
  using (published_at is not null or business_id in (select business.where_i_am('manager')));
create policy "Members see what they signed, the front desk what was signed at its business" on members.waiver_signatures for select to authenticated
  using (member_id in (select members.mine()) or business_id in (select business.where_i_am('front_desk')));

create function members.tg_waivers__stay() returns trigger
language plpgsql set search_path = '' as $$
begin
  raise exception 'members.waivers: a published version is never edited' using errcode = '55000';
end $$;
create trigger tg_waivers__stay before update or delete on members.waivers for each row when (old.published_at is not null) execute function members.tg_waivers__stay();

create function members.current_waiver(business_id uuid) returns int
language plpgsql stable set search_path = '' as $$
begin
  return (select w.version from members.waivers w where w.business_id = current_waiver.business_id and w.published_at is not null order by w.version desc limit 1);
end $$;
comment on function members.current_waiver is 'The version to sign; null where the business has none.';

create function members.waiver_state(member_id uuid) returns text
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
declare
  m members.members;
  latest int;
  signed int;
begin
  select * into m from members.members x where x.id = waiver_state.member_id;
  latest := members.current_waiver(m.business_id);
  if latest is null then return 'none_needed'; end if;
  signed := (select max(s.version) from members.waiver_signatures s where s.business_id = m.business_id and s.member_id = m.id);
  return case when signed is null then 'missing' when signed < latest then 'outdated' else 'signed' end;
end $$;
comment on function members.waiver_state is 'none_needed, signed, outdated (an older version) or missing. For rosters and reminders.';

create function api.waiver(business_id uuid) returns table (version int, body jsonb, published_at timestamptz)
language plpgsql stable security definer set search_path = '' rows 1 as $$
#variable_conflict use_column
begin
  return query select w.version, w.body, w.published_at from members.waivers w where w.business_id = waiver.business_id and w.published_at is not null order by w.version desc limit 1;
end $$;
comment on function api.waiver is 'The waiver to sign, or no row.';
grant execute on function api.waiver to anon, authenticated;

create function api.my_signatures(business_id uuid) returns table (person_id uuid, name text, is_me boolean, state text, version int, typed_name text, signed_at timestamptz)
language plpgsql stable security definer set search_path = '' rows 3 as $$
#variable_conflict use_column
begin
  return query
  select p.person_id, p.name, p.is_me, members.waiver_state(p.person_id), s.version, s.typed_name, s.signed_at
  from members.people_of((select m.id from members.members m where m.business_id = my_signatures.business_id and m.user_id = auth.uid())) p
  left join lateral (select x.version, x.typed_name, x.signed_at from members.waiver_signatures x where x.business_id = my_signatures.business_id and x.member_id = p.person_id order by x.version desc limit 1) s on true
  order by not p.is_me;
end $$;
comment on function api.my_signatures is 'The asker and their dependants, each with how their waiver stands and their latest signature.';
grant execute on function api.my_signatures to authenticated;

create function api.sign_waiver(business_id uuid, version int, typed_name text, people uuid[] default null, locale text default 'en', address_hash text default '') returns int
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid := members.require_me(sign_waiver.business_id);
  latest int := members.current_waiver(sign_waiver.business_id);
  made int;
begin
  if latest is null then perform platform.refuse(404, 'waiver_not_found'); end if;
  if sign_waiver.version is distinct from latest then perform platform.refuse(409, 'waiver_outdated', jsonb_build_object('version', latest)); end if;
  if coalesce(length(trim(sign_waiver.typed_name)), 0) not between 3 and 120 then perform platform.refuse(422, 'signature_invalid', '{"field": "typed_name"}'); end if;
  if cardinality(sign_waiver.people) = 0 then perform platform.refuse(422, 'nobody_to_sign_for', '{"field": "people"}'); end if;
  perform members.person_of(me, p) from unnest(sign_waiver.people) p;
  insert into members.waiver_signatures (business_id, member_id, version, typed_name, signed_by, locale, address_hash)
  select sign_waiver.business_id, p, latest, trim(sign_waiver.typed_name), me, left(sign_waiver.locale, 8), left(coalesce(sign_waiver.address_hash, ''), 100)
  from unnest(coalesce(sign_waiver.people, array[me])) p on conflict do nothing;
  get diagnostics made = row_count;
  return made;
end $$;
comment on function api.sign_waiver is 'The asker signs the current version for themselves and their dependants (people; nobody named: themselves). Who has signed it keeps the first signature. Answers the signatures made. Refuses 404 person_not_found, waiver_not_found, 409 waiver_outdated, 422 signature_invalid, nobody_to_sign_for.';
grant execute on function api.sign_waiver to authenticated;

create function api.save_waiver(business_id uuid, body jsonb) returns int
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  who uuid := business.require_role(save_waiver.business_id, 'manager');
  missing text;
  draft int;
begin
  perform 1 from business.businesses b where b.id = save_waiver.business_id for no key update;
  select l into missing from business.businesses b cross join unnest(b.locales) l where b.id = save_waiver.business_id and coalesce(length(trim(save_waiver.body ->> l)), 0) not between 20 and 20000 limit 1;
  if missing is not null then perform platform.refuse(422, 'waiver_text_missing', jsonb_build_object('field', missing)); end if;
  update members.waivers w set body = save_waiver.body, written_at = now(), written_by = who where w.business_id = save_waiver.business_id and w.published_at is null returning w.version into draft;
  if draft is null then
    insert into members.waivers as w (business_id, version, body, written_by)
    values (save_waiver.business_id, coalesce((select max(x.version) from members.waivers x where x.business_id = save_waiver.business_id), 0) + 1, save_waiver.body, who) returning w.version into draft;
  end if;
  return draft;
end $$;
comment on function api.save_waiver is 'The draft of the next version, a text for each language of the business. Answers its version. Refuses 422 waiver_text_missing.';
grant execute on function api.save_waiver to authenticated;

create function api.publish_waiver(business_id uuid, version int) returns int
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
begin
  perform business.require_role(publish_waiver.business_id, 'manager');
  update members.waivers w set published_at = now() where w.business_id = publish_waiver.business_id and w.version = publish_waiver.version and w.published_at is null;
  if not found then perform platform.refuse(409, 'no_such_draft'); end if;
  perform audit.note(publish_waiver.business_id, 'waiver_published', 'waiver:' || publish_waiver.version);
  return publish_waiver.version;
end $$;
comment on function api.publish_waiver is 'From now on everybody signs this version; older signatures show as outdated. Refuses 409 no_such_draft.';
grant execute on function api.publish_waiver to authenticated;

create function api.waiver_versions(business_id uuid) returns table (version int, body jsonb, written_at timestamptz, published_at timestamptz, signatures bigint)
language plpgsql stable security definer set search_path = '' rows 5 as $$
#variable_conflict use_column
begin
  perform business.require_role(waiver_versions.business_id, 'manager');
  return query select w.version, w.body, w.written_at, w.published_at, (select count(*) from members.waiver_signatures s where s.business_id = w.business_id and s.version = w.version)
    from members.waivers w where w.business_id = waiver_versions.business_id order by w.version desc limit 50;
end $$;
comment on function api.waiver_versions is 'For managers: every version, the draft first, with how many signed it.';
grant execute on function api.waiver_versions to authenticated;

-- What the front desk writes down ------------------------------------------------------------------------------------
create table members.notes (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  member_id uuid not null,
  body text not null check (length(body) between 1 and 2000),
  pinned boolean not null default false,
  by_user uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now(),
  removed_at timestamptz,
  removed_by uuid references auth.users (id) on delete set null,
  unique (business_id, id),
  foreign key (business_id, member_id) references members.members (business_id, id) on delete cascade
);
comment on table members.notes is 'The team''s notes on a member. pinned: shown on the roster. Taken away by removed_at.';
create index notes_member_id_idx on members.notes (business_id, member_id, created_at);
create index notes_by_user_idx on members.notes (by_user);
create index notes_removed_by_idx on members.notes (removed_by);
alter table members.notes enable row level security;
grant select on members.notes to authenticated;
create policy "The front desk reads the notes of its business" on members.notes for select to authenticated using (business_id in (select business.where_i_am('front_desk')));

create function api.add_member_note(business_id uuid, member_id uuid, body text, pinned boolean default false) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  who uuid := business.require_role(add_member_note.business_id, 'front_desk');
  made uuid;
begin
  if coalesce(length(trim(add_member_note.body)), 0) not between 1 and 2000 then perform platform.refuse(422, 'note_invalid', '{"field": "body"}'); end if;
  insert into members.notes as n (business_id, member_id, body, pinned, by_user)
  select m.business_id, m.id, trim(add_member_note.body), coalesce(add_member_note.pinned, false), who from members.members m where m.id = add_member_note.member_id and m.business_id = add_member_note.business_id
  returning n.id into made;
  if made is null then perform platform.refuse(404, 'member_not_found'); end if;
  return made;
end $$;
comment on function api.add_member_note is 'For the front desk. Refuses 404 member_not_found, 422 note_invalid.';
grant execute on function api.add_member_note to authenticated;

create function api.change_member_note(business_id uuid, note_id uuid, pinned boolean default null, remove boolean default false) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  who uuid := business.require_role(change_member_note.business_id, 'front_desk');
  about uuid;
begin
  update members.notes n set pinned = coalesce(change_member_note.pinned, n.pinned) and not change_member_note.remove,
    removed_at = case when change_member_note.remove then now() end, removed_by = case when change_member_note.remove then who end
  where n.id = change_member_note.note_id and n.business_id = change_member_note.business_id and n.removed_at is null returning n.member_id into about;
  if about is null then perform platform.refuse(404, 'note_not_found'); end if;
  if change_member_note.remove then perform audit.note(change_member_note.business_id, 'member_note_removed', 'member:' || about, jsonb_build_object('note_id', change_member_note.note_id)); end if;
  return about;
end $$;
comment on function api.change_member_note is 'Pins, unpins or takes away a note; answers whom it is about. Refuses 404 note_not_found.';
grant execute on function api.change_member_note to authenticated;

create function members.is_birthday(born date, day date) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  -- Who was born on 29 February is wished well on the 28th where there is no 29th.
  return coalesce(to_char(is_birthday.born, 'MMDD') = to_char(is_birthday.day, 'MMDD')
    or to_char(is_birthday.born, 'MMDD') = '0229' and to_char(is_birthday.day, 'MMDD') = '0228' and to_char(is_birthday.day + 1, 'MMDD') = '0301', false);
end $$;

create function members.flags(member_id uuid, on_day date) returns jsonb
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
declare
  m members.members;
  zone text;
begin
  select * into m from members.members x where x.id = flags.member_id;
  select b.time_zone into zone from business.businesses b where b.id = m.business_id;
  return jsonb_build_object(
    'first_timer', not exists (select from booking.bookings k where k.business_id = m.business_id and k.member_id = m.id and k.starts_at < flags.on_day::timestamp at time zone zone
      and (k.state = 'checked_in' or k.state = 'confirmed' and k.starts_at < now())),
    'birthday', members.is_birthday(m.birthday, flags.on_day),
    'waiver', members.waiver_state(m.id),
    'has_health_note', exists (select from members.health_notes h where h.member_id = m.id),
    'pinned_notes', coalesce((select jsonb_agg(n.body order by n.created_at) from members.notes n where n.business_id = m.business_id and n.member_id = m.id and n.pinned and n.removed_at is null), '[]'));
end $$;
comment on function members.flags is 'What the roster of a day says about a member: {first_timer, birthday, waiver, has_health_note, pinned_notes: [text]}. The health note itself is api.health_note''s to show.';
