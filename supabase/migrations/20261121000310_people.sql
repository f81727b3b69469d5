-- People: who books for whom.

alter table members.members add column birthday date check (birthday > '1900-01-01');
comment on column members.members.birthday is 'If they told us. Its year stays with the front desk; the roster shows the day itself.';

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
