-- Members: the people who deal with a business. One auth user may be a member of many businesses.

create schema members;
grant usage on schema members to anon, authenticated, service_role;

create table members.members (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  user_id uuid references auth.users (id) on delete set null,
  name text not null check (length(name) between 1 and 120),
  email extensions.citext not null check (length(email::text) between 3 and 254),
  phone text not null default '' check (length(phone) <= 40),
  locale text not null default 'en',
  guardian_id uuid,
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  unique (business_id, id),
  foreign key (business_id, guardian_id) references members.members (business_id, id) on delete restrict,
  constraint dependants_have_no_account check (guardian_id is null or user_id is null)
);
comment on table members.members is 'Made the first time a person deals with a business. user_id is null for a guest, a dependant, or a person who deleted the account.';
comment on column members.members.guardian_id is 'The member whose account books for this one and hears of it (a child, mostly). Given at birth of the row, one level deep; e-mail and language repeat the guardian''s.';
comment on column members.members.archived_at is 'A dependant taken off the account who leaves a past behind.';
create index members_guardian_id_idx on members.members (business_id, guardian_id) where guardian_id is not null;
create unique index members_one_per_user on members.members (business_id, user_id) where user_id is not null;
create index members_user_id_idx on members.members (user_id);
create index members_email_idx on members.members (business_id, email);

alter table members.members enable row level security;
grant select on members.members to authenticated;

create function members.mine() returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
  return query
  select m.id from members.members m where m.user_id = (select auth.uid())
  union all
  select d.id from members.members m join members.members d on d.business_id = m.business_id and d.guardian_id = m.id where m.user_id = (select auth.uid());
end $$;
comment on function members.mine is 'The member ids the asker answers for, over all businesses: their own and their dependants''. For policies; who is asking is members.require_me.';
grant execute on function members.mine to anon, authenticated, service_role;

create policy "Members see themselves and their dependants, the front desk sees the members of its business" on members.members for select to authenticated
  using (id in (select members.mine()) or business_id in (select business.where_i_am('front_desk')));

create function members.require_me(business_id uuid) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  asker uuid := auth.uid();
  me uuid;
  person record;
begin
  if asker is null then perform platform.refuse(401, 'sign_in_first'); end if;
  select m.id into me from members.members m where m.business_id = require_me.business_id and m.user_id = asker;
  if me is not null then return me; end if;
  if not exists (select from business.businesses b where b.id = require_me.business_id) then
    perform platform.refuse(404, 'business_unknown');
  end if;
  select u.email, coalesce(nullif(trim(u.raw_user_meta_data ->> 'full_name'), ''), split_part(u.email, '@', 1)) as name, coalesce(u.raw_user_meta_data ->> 'locale', 'en') as locale
    into person from auth.users u where u.id = auth.uid();
  if person is null then perform platform.refuse(401, 'sign_in_first'); end if;
  insert into members.members as m (business_id, user_id, name, email, locale)
  values (require_me.business_id, auth.uid(), left(person.name, 120), person.email, left(person.locale, 8))
  on conflict (business_id, user_id) where user_id is not null do update set user_id = excluded.user_id
  returning m.id into me;
  return me;
end $$;
comment on function members.require_me is 'The asker as a member of this business; made at the first dealing. Refuses 401 sign_in_first.';

create function api.become_member(business_id uuid, full_name text default null, locale text default null) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare me uuid := members.require_me(become_member.business_id);
begin
  update members.members m set name = coalesce(nullif(left(trim(become_member.full_name), 120), ''), m.name), locale = coalesce(become_member.locale, m.locale)
  where m.id = me and (become_member.full_name is not null or become_member.locale is not null);
  -- Who has changed their address is written to at the new one from their next sign-in on.
  update members.members m set email = u.email from auth.users u where m.id = me and u.id = auth.uid() and length(u.email) between 3 and 254 and m.email <> u.email::extensions.citext;
  return me;
end $$;
grant execute on function api.become_member to authenticated;
