-- Messages: the outbox of e-mails. SQL queues them in the transaction that caused them; the worker takes, renders and sends them.

create schema messages;
grant usage on schema messages to anon, authenticated, service_role;

create table messages.emails (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete cascade,
  member_id uuid,
  to_address text not null,
  locale text not null,
  template text not null,
  cause text not null,
  data jsonb not null default '{}',
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed', 'withheld')),
  attempts int not null default 0,
  next_try_at timestamptz default now(),
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  last_error text,
  sent_again_as uuid,
  check (state <> 'queued' or next_try_at is not null),
  unique (business_id, id),
  foreign key (business_id, member_id) references members.members (business_id, id) on delete cascade,
  foreign key (business_id, sent_again_as) references messages.emails (business_id, id) on delete set null (sent_again_as),
  unique nulls not distinct (business_id, template, cause, member_id)
);
comment on table messages.emails is 'Outbox, and its own queue: the worker asks it a few times a second what is due (api.take_emails). One e-mail per (template, cause) and member, however often its cause is applied. data: the facts the template shows, as they were (of a confirmation only the order until it is sent). withheld: its reader said before it left that they do not want such letters.';
comment on column messages.emails.sent_again_as is 'The letter that was sent in its place, when somebody asked for it (api.send_again).';
comment on column messages.emails.next_try_at is 'When it is due. Taking it moves this beyond the time a sending may last, so that one who takes it and dies delays it and does not lose it. Null when nobody will try any more.';
create index emails_due_idx on messages.emails (next_try_at) where state = 'queued';
create index emails_created_at_idx on messages.emails (business_id, created_at, id);
create index emails_template_idx on messages.emails (business_id, template, created_at, id);
create index emails_unsent_idx on messages.emails (business_id, state, created_at, id) where state in ('failed', 'withheld');
create index emails_failing_idx on messages.emails (business_id) where last_error is not null and state in ('queued', 'failed') and sent_again_as is null;
create index emails_member_id_idx on messages.emails (business_id, member_id, created_at, id) where member_id is not null;
create index emails_sent_again_as_idx on messages.emails (business_id, sent_again_as) where sent_again_as is not null;
alter table messages.emails enable row level security;

-- No job and no NOTIFY: whoever buys pays for one row. (NOTIFY holds a lock over the whole server through the commit's fsync.)
create function messages.queue_email(business_id uuid, member_id uuid, to_address text, locale text, template text, cause text, data jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  insert into messages.emails as e (business_id, member_id, to_address, locale, template, cause, data)
  values (queue_email.business_id, queue_email.member_id, queue_email.to_address, queue_email.locale, queue_email.template, queue_email.cause, queue_email.data)
  on conflict do nothing;
end $$;

create function messages.tries() returns int
language sql immutable set search_path = '' as 'select 25';
comment on function messages.tries is 'How often a letter is tried, with growing pauses over about three days, before it is given up.';

create function messages.sender(business_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (select jsonb_build_object('id', b.id, 'slug', b.slug, 'name', b.name, 'time_zone', b.time_zone, 'currency', b.currency, 'country', b.country, 'locales', b.locales, 'email', b.email, 'phone', b.phone,
      'address', b.address, 'branding', b.branding, 'host', (select d.host from business.domains d where d.business_id = b.id order by d.is_main desc, d.host limit 1))
    from business.businesses b where b.id = sender.business_id);
end $$;
comment on function messages.sender is 'What a letter shows of the business that writes it.';

create function api.take_emails(at_most int default 4)
returns table (id uuid, to_address text, locale text, template text, data jsonb, business jsonb, stop text)
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare taken uuid[]; receipt record;
begin
  with due as (select e.id from messages.emails e where e.state = 'queued' and e.next_try_at <= now() order by e.next_try_at limit least(greatest(take_emails.at_most, 0), 100) for no key update skip locked),
    t as (update messages.emails e set attempts = e.attempts + 1, next_try_at = now() + interval '3 minutes' from due where e.id = due.id returning e.id)
  select array_agg(t.id) into taken from t;
  if taken is null then return; end if;
  -- What was chosen since it was queued counts.
  update messages.emails e set state = 'withheld', next_try_at = null from messages.kinds k
  where e.id = any (taken) and k.kind = e.template and not k.essential and e.member_id is not null and not messages.may_write(e.member_id, k.topic);
  -- A card that is no longer good is not sent.
  update messages.emails e set state = 'withheld', next_try_at = null from sales.gift_cards g
  where e.id = any (taken) and e.template = 'gift_card' and g.id = (e.data ->> 'card_id')::uuid and g.state <> 'active';
  -- A receipt has its number before it is written.
  for receipt in select e.business_id, (e.data ->> 'order_id')::uuid as order_id from messages.emails e where e.id = any (taken) and e.template = 'order_confirmed' order by e.business_id loop
    -- One after the other, by the order's key: numbering the first numbers the rest.
    perform 1 from sales.orders o where o.id = receipt.order_id and o.number is null and o.state in ('paid', 'closed');
    if found then perform sales.number_orders(receipt.business_id); end if;
  end loop;
  return query select e.id, e.to_address, e.locale, e.template, case when e.template = 'order_confirmed' and not e.data ? 'lines' then sales.order_document((e.data ->> 'order_id')::uuid)
      -- Its code and PIN are made now and told nobody else.
      when e.template = 'gift_card' then e.data || sales.new_gift_card_secret((e.data ->> 'card_id')::uuid) else e.data end,
    messages.sender(e.business_id), (select members.reader_of(e.member_id) || '.' || k.topic from messages.kinds k where k.kind = e.template and not k.essential and e.member_id is not null)
  from messages.emails e
  where e.id = any (taken) and e.state = 'queued' order by e.created_at;
end $$;
comment on function api.take_emails is 'Hands out letters that are due, with what is needed to write them; nobody else gets them for three minutes. Any number of workers may ask at once. Each answers with api.email_done. stop: whose choice ends letters of this kind, as <member>.<topic>; null where there is no choice.';
grant execute on function api.take_emails to service_role;

create function api.email_done(email_id uuid, error text default null, written jsonb default null) returns void
language sql volatile security definer set search_path = '' as $$
  -- What was sent says nothing secret afterwards: an invitation's token is taken out of the stored facts.
  update messages.emails e set
    state = case when email_done.error is null then 'sent' when e.attempts >= messages.tries() then 'failed' else 'queued' end,
    next_try_at = case when email_done.error is not null and e.attempts < messages.tries() then now() + interval '1 second' * exp(least(e.attempts, 10)) end,
    data = case when email_done.error is null then (e.data || coalesce(email_done.written, '{}')) - 'token' else e.data end,
    sent_at = case when email_done.error is null then now() end, last_error = email_done.error
  where e.id = email_done.email_id and e.state = 'queued';
$$;
comment on function api.email_done is 'What became of a letter that was taken: sent, or why not. It is tried again after seconds at first, after six hours in the end. written: facts that were looked up when it was written, kept with it.';
grant execute on function api.email_done to service_role;

-- Staff invitations and lockout notices are e-mails first of all.
create function api.invite_staff(business_id uuid, email text, role text) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
  inviter uuid := business.require_role(invite_staff.business_id, 'manager');
  token text := translate(encode(extensions.gen_random_bytes(32), 'base64'), '+/=', '-_');
  made uuid;
  b business.businesses;
begin
  if invite_staff.email !~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' or length(invite_staff.email) > 254 then perform platform.refuse(422, 'email_invalid'); end if;
  if business.rank(invite_staff.role) = 0 then perform platform.refuse(422, 'role_unknown'); end if;
  -- Nobody hands out a role above their own.
  if invite_staff.business_id not in (select business.where_i_am(invite_staff.role)) then perform platform.refuse(403, 'not_your_role'); end if;
  if exists (select from business.staff s join auth.users u on u.id = s.user_id where s.business_id = invite_staff.business_id and lower(u.email) = lower(invite_staff.email) and s.role = invite_staff.role and s.until is null) then
    perform platform.refuse(409, 'already_staff');
  end if;
  update business.invitations i set revoked_at = now()
  where i.business_id = invite_staff.business_id and i.email = invite_staff.email::extensions.citext and i.role = invite_staff.role and i.accepted_at is null and i.revoked_at is null;
  insert into business.invitations as i (business_id, email, role, token_hash, invited_by)
  values (invite_staff.business_id, invite_staff.email, invite_staff.role, platform.token_hash(token), inviter) returning i.id into made;
  select * into b from business.businesses x where x.id = invite_staff.business_id;
  perform messages.queue_email(b.id, null, invite_staff.email, b.locales[1], 'staff_invitation', made::text,
    jsonb_build_object('role', invite_staff.role, 'token', token, 'invited_by', (select m.name from members.members m where m.business_id = b.id and m.user_id = inviter)));
  return made;
end $$;
comment on function api.invite_staff is 'Managers invite by e-mail, to roles up to their own. An older open invitation for the same role is revoked. Refuses 403 not_your_role, 409 already_staff, 422 email_invalid, role_unknown.';
grant execute on function api.invite_staff to authenticated;

create function api.revoke_invitation(business_id uuid, invitation_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform business.require_role(revoke_invitation.business_id, 'manager');
  update business.invitations i set revoked_at = now()
  where i.id = revoke_invitation.invitation_id and i.business_id = revoke_invitation.business_id and i.accepted_at is null and i.revoked_at is null
    and i.business_id in (select business.where_i_am(i.role));
  if not found then perform platform.refuse(404, 'invitation_not_found'); end if;
end $$;
grant execute on function api.revoke_invitation to authenticated;

create function api.end_staff(business_id uuid, staff_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare s business.staff;
begin
  perform business.require_role(end_staff.business_id, 'manager');
  -- Owners are locked together, so that two of them cannot end each other at once and leave nobody.
  perform 1 from business.staff x where x.business_id = end_staff.business_id and x.role = 'owner' and x.until is null order by x.id for no key update;
  select * into s from business.staff x where x.id = end_staff.staff_id and x.business_id = end_staff.business_id and x.until is null for no key update;
  if s.id is null then perform platform.refuse(404, 'staff_not_found'); end if;
  if s.business_id not in (select business.where_i_am(s.role)) then perform platform.refuse(403, 'not_your_role'); end if;
  if s.role = 'owner' and (select count(*) from business.staff x where x.business_id = s.business_id and x.role = 'owner' and x.until is null) = 1 then
    perform platform.refuse(409, 'last_owner');
  end if;
  update business.staff x set until = now() where x.id = s.id;
end $$;
comment on function api.end_staff is 'Ends a role. The last owner stays. Refuses 403 not_your_role, 404 staff_not_found, 409 last_owner.';
grant execute on function api.end_staff to authenticated;

create function api.staff_list(business_id uuid) returns table (staff_id uuid, user_id uuid, name text, email text, role text, since timestamptz)
language plpgsql stable security definer set search_path = '' as $$
begin
  perform business.require_role(staff_list.business_id, 'manager');
  return query select s.id, s.user_id, coalesce(m.name, u.raw_user_meta_data ->> 'full_name', split_part(u.email, '@', 1))::text, u.email::text, s.role, s.since
    from business.staff s join auth.users u on u.id = s.user_id left join members.members m on m.user_id = s.user_id and m.business_id = s.business_id
    where s.business_id = staff_list.business_id and s.until is null order by business.rank(s.role) desc, s.since;
end $$;
grant execute on function api.staff_list to authenticated;

create function api.invitations(business_id uuid) returns table (invitation_id uuid, email text, role text, created_at timestamptz, expires_at timestamptz)
language plpgsql stable security definer set search_path = '' as $$
begin
  perform business.require_role(invitations.business_id, 'manager');
  return query select i.id, i.email::text, i.role, i.created_at, i.expires_at from business.invitations i
    where i.business_id = invitations.business_id and i.accepted_at is null and i.revoked_at is null and i.expires_at > now() order by i.created_at desc;
end $$;
grant execute on function api.invitations to authenticated;

create function api.invitation_for_token(business_id uuid, token text) returns table (invitation_id uuid, email text, role text, expires_at timestamptz, state text)
language sql stable security definer set search_path = '' as $$
  select i.id, i.email::text, i.role, i.expires_at,
    case when i.accepted_at is not null then 'accepted' when i.revoked_at is not null then 'revoked' when i.expires_at <= now() then 'expired' else 'open' end
  from business.invitations i where i.token_hash = platform.token_hash(invitation_for_token.token) and i.business_id = invitation_for_token.business_id;
$$;
comment on function api.invitation_for_token is 'What the holder of the e-mailed link may know of the invitation before signing in.';
grant execute on function api.invitation_for_token to anon, authenticated;

create function api.accept_invitation(business_id uuid, token text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare i business.invitations;
begin
  perform members.require_me(accept_invitation.business_id);
  select * into i from business.invitations x where x.token_hash = platform.token_hash(accept_invitation.token) and x.business_id = accept_invitation.business_id for no key update;
  if i.id is null or i.revoked_at is not null then perform platform.refuse(404, 'invitation_not_found'); end if;
  if i.accepted_at is not null then perform platform.refuse(409, 'invitation_used'); end if;
  if i.expires_at <= now() then perform platform.refuse(410, 'invitation_expired'); end if;
  -- The link is for the person it was sent to, not for whoever holds it.
  if (select lower(u.email) from auth.users u where u.id = auth.uid()) is distinct from lower(i.email::text) then
    perform platform.refuse(403, 'invitation_for_someone_else');
  end if;
  update business.invitations x set accepted_at = now(), accepted_by = auth.uid() where x.id = i.id;
  insert into business.staff (business_id, user_id, role) values (i.business_id, auth.uid(), i.role) on conflict do nothing;
  return i.role;
end $$;
comment on function api.accept_invitation is 'Gives the asker the invited role when the invitation is open and was sent to their own, confirmed address. Refuses 403 invitation_for_someone_else, 404 invitation_not_found, 409 invitation_used, 410 invitation_expired.';
grant execute on function api.accept_invitation to authenticated;

create function api.note_sign_in(business_id uuid, email text, address text, succeeded boolean) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  account bytea := platform.token_hash('account:' || lower(trim(note_sign_in.email)));
  wait int;
  person record;
begin
  if note_sign_in.succeeded then
    delete from platform.sign_in_failures f where f.subject = account;
    return 0;
  end if;
  insert into platform.sign_in_failures (subject) values (account), (platform.token_hash('address:' || note_sign_in.address));
  wait := platform.seconds_locked(account, 5);
  if wait > 0 then
    select m.id, m.locale, u.email, m.name into person from auth.users u
      left join members.members m on m.user_id = u.id and m.business_id = note_sign_in.business_id
      where lower(u.email) = lower(trim(note_sign_in.email));
    if found then
      -- The real owner hears of it once an hour, not with every guess.
      perform messages.queue_email(note_sign_in.business_id, person.id, person.email, coalesce(person.locale, (select b.locales[1] from business.businesses b where b.id = note_sign_in.business_id)),
        'account_locked', encode(account, 'hex') || to_char(now(), '":"YYYYMMDDHH24'), jsonb_build_object('name', person.name, 'minutes', ceil(wait / 60.0)));
    end if;
  end if;
  return wait;
end $$;
comment on function api.note_sign_in is 'Counts a failed sign-in or forgets the account''s failures after a good one. Answers the seconds now locked; e-mails the account''s owner, if there is one, when it locks.';
grant execute on function api.sign_in_wait, api.note_sign_in, api.prune_platform to service_role;
