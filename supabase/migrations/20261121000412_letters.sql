-- Letters: what the business has written to whom, sent again where one was lost, when it reminds, and the way out for whoever reads them.

create function messages.letter_facts(e messages.emails) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  -- Of an order as much as its line in a list says; the token of an invitation that waits is its reader's alone.
  if e.template <> 'order_confirmed' then return e.data - 'token'; end if;
  return (e.data - 'lines') || case when e.data ? 'lines'
    then jsonb_build_object('class_name', e.data -> 'lines' -> 0 -> 'label', 'starts_at', e.data -> 'lines' -> 0 -> 'starts_at', 'lines', jsonb_array_length(e.data -> 'lines'))
    else coalesce((select jsonb_build_object('name', m.name, 'class_name', l.label, 'starts_at', s.starts_at, 'lines', count(*) over ())
      from sales.order_lines l left join booking.sessions s on s.id = l.session_id join members.members m on m.business_id = e.business_id and m.id = e.member_id
      where l.business_id = e.business_id and l.order_id = (e.data ->> 'order_id')::uuid order by s.starts_at, l.position limit 1), '{}') end;
end $$;

create function api.letters(business_id uuid, only_kind text default null, only_state text default null, of_member uuid default null, before_at timestamptz default null, before_id uuid default null, page_size int default 50)
returns table (email_id uuid, member_id uuid, member_name text, to_address text, locale text, kind text, state text, data jsonb, created_at timestamptz, sent_at timestamptz, next_try_at timestamptz, attempts int, last_error text, sent_again_as uuid)
language plpgsql stable security definer set search_path = '' rows 50 as $$
#variable_conflict use_column
begin
  -- The front desk looks up what somebody who asks was told; the whole post is the managers'.
  perform business.require_role(letters.business_id, case when letters.of_member is null then 'manager' else 'front_desk' end);
  -- Each filter names its condition, so that each list is read from an index of its own.
  return query execute
    'select e.id, e.member_id, m.name, e.to_address, e.locale, e.template, e.state, messages.letter_facts(e), e.created_at, e.sent_at, e.next_try_at, e.attempts, e.last_error, e.sent_again_as
     from (select x.* from messages.emails x where x.business_id = $1'
    || case when letters.of_member is null then '' else ' and x.member_id = $2 and x.member_id is not null' end
    || case when letters.only_kind is null then '' else ' and x.template = $3' end
    || case when letters.only_state is null then '' when letters.only_state in ('queued', 'sent', 'failed', 'withheld') then format(' and x.state = %L', letters.only_state) else ' and false' end
    || case when letters.before_at is null then '' else ' and (x.created_at, x.id) < ($4, $5)' end
    || case when letters.business_id in (select business.where_i_am('manager')) then '' else ' and not exists (select from messages.kinds k where k.kind = x.template and k.topic = ''work'')' end
    || ' order by x.created_at desc, x.id desc limit $6) e
     left join members.members m on m.business_id = e.business_id and m.id = e.member_id
     order by e.created_at desc, e.id desc'
  using letters.business_id, letters.of_member, letters.only_kind, letters.before_at, letters.before_id, least(greatest(letters.page_size, 1), 200);
end $$;
comment on function api.letters is 'E-mails of the business, newest first (keyset by created_at and id), of one kind, state or member. For managers; for the front desk those of one member, without what is about work here. Refuses 403 not_your_role.';
grant execute on function api.letters to authenticated;

create function api.letter(business_id uuid, letter_id uuid)
returns table (email_id uuid, member_id uuid, member_name text, to_address text, locale text, kind text, state text, data jsonb, created_at timestamptz, sent_at timestamptz, next_try_at timestamptz, attempts int, last_error text, sent_again_as uuid, again_of uuid, goes_to text, business jsonb, essential boolean)
language plpgsql stable security definer set search_path = '' rows 1 as $$
#variable_conflict use_column
declare e messages.emails;
begin
  perform business.require_role(letter.business_id, 'front_desk');
  select x.* into e from messages.emails x where x.business_id = letter.business_id and x.id = letter.letter_id;
  if letter.business_id not in (select business.where_i_am('manager')) and (e.member_id is null or exists (select from messages.kinds k where k.kind = e.template and k.topic = 'work')) then e := null; end if;
  if e.id is null then perform platform.refuse(404, 'letter_not_found'); end if;
  return query select e.id, e.member_id, (select m.name from members.members m where m.business_id = e.business_id and m.id = e.member_id), e.to_address, e.locale, e.template, e.state,
    case when e.template = 'order_confirmed' and not e.data ? 'lines' then sales.order_document((e.data ->> 'order_id')::uuid) else e.data - 'token' end,
    e.created_at, e.sent_at, e.next_try_at, e.attempts, e.last_error, e.sent_again_as, (select x.id from messages.emails x where x.business_id = e.business_id and x.sent_again_as = e.id),
    (select m.email::text from members.members m where m.business_id = e.business_id and m.id = members.reader_of(e.member_id)), messages.sender(e.business_id), coalesce((select k.essential or e.member_id is null from messages.kinds k where k.kind = e.template), true);
end $$;
comment on function api.letter is 'One e-mail with all it is written from, without what only its reader may use. For managers; for the front desk what was written to members, without what is about work here. Refuses 403 not_your_role, 404 letter_not_found.';
grant execute on function api.letter to authenticated;

create function api.send_again(business_id uuid, email_id uuid) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  e messages.emails;
  k messages.kinds;
  made uuid;
begin
  perform business.require_role(send_again.business_id, 'manager');
  select x.* into e from messages.emails x where x.business_id = send_again.business_id and x.id = send_again.email_id for no key update;
  if e.id is null then perform platform.refuse(404, 'letter_not_found'); end if;
  -- Asked for twice, it is sent once: the second one who asks is shown the letter of the first.
  if e.sent_again_as is not null then return e.sent_again_as; end if;
  if e.state = 'queued' then perform platform.refuse(409, 'letter_on_its_way'); end if;
  select x.* into k from messages.kinds x where x.kind = e.template;
  if k.kind is null or e.member_id is null then perform platform.refuse(409, 'letter_for_once'); end if;
  if k.kind in ('session_reminder', 'waitlist_joined', 'waitlist_moved', 'waitlist_offer', 'waitlist_open') and coalesce(e.data ->> 'offered_until', e.data ->> 'starts_at')::timestamptz <= now() then
    perform platform.refuse(409, 'letter_too_late');
  end if;
  if not k.essential and not messages.may_write(e.member_id, k.topic) then perform platform.refuse(409, 'letter_unwanted'); end if;
  -- To where its reader is reached today, in the language they read today.
  insert into messages.emails as n (business_id, member_id, to_address, locale, template, cause, data)
  select e.business_id, e.member_id, m.email::text, m.locale, e.template, e.cause || ' again ' || e.id, e.data
  from members.members m where m.business_id = e.business_id and m.id = members.reader_of(e.member_id) returning n.id into made;
  update messages.emails x set sent_again_as = made where x.id = e.id;
  perform audit.note(e.business_id, 'letter_sent_again', 'email:' || e.id, jsonb_build_object('kind', e.template, 'member_id', e.member_id, 'was', e.state, 'again', made));
  return made;
end $$;
comment on function api.send_again is 'Queues a letter that was sent or given up once more, with the same facts; answers the new letter, the same one however often it is asked for. For managers. Refuses 403 not_your_role, 404 letter_not_found, 409 letter_on_its_way, letter_for_once (invitations and warnings hold for their hour), letter_too_late, letter_unwanted.';
grant execute on function api.send_again to authenticated;

-- When the business reminds -------------------------------------------------------------------------------------------
create function api.message_settings(business_id uuid) returns table (reminder_hours int)
language plpgsql stable security definer set search_path = '' rows 1 as $$
begin
  perform business.require_role(message_settings.business_id, 'manager');
  return query select coalesce((select s.reminder_hours from messages.settings s where s.business_id = message_settings.business_id), 24);
end $$;
comment on function api.message_settings is 'How the business speaks to members who chose nothing themselves. Refuses 403 not_your_role.';
grant execute on function api.message_settings to authenticated;

create function api.set_message_settings(business_id uuid, reminder_hours int) returns int
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare before int;
begin
  perform business.require_role(set_message_settings.business_id, 'manager');
  if set_message_settings.reminder_hours is null or set_message_settings.reminder_hours not in (0, 3, 24) then perform platform.refuse(422, 'reminder_hours_invalid', '{"field": "reminder_hours"}'); end if;
  insert into messages.settings as s (business_id) values (set_message_settings.business_id) on conflict do nothing;
  select s.reminder_hours into before from messages.settings s where s.business_id = set_message_settings.business_id for no key update;
  if before <> set_message_settings.reminder_hours then
    update messages.settings s set reminder_hours = set_message_settings.reminder_hours where s.business_id = set_message_settings.business_id;
    perform audit.note(set_message_settings.business_id, 'reminders_set', 'business:' || set_message_settings.business_id, jsonb_build_object('from', before, 'to', set_message_settings.reminder_hours));
  end if;
  return set_message_settings.reminder_hours;
end $$;
comment on function api.set_message_settings is 'When members who chose nothing themselves are reminded of a class: 24 (the day before), 3, 0 (not at all). For managers. Refuses 403 not_your_role, 422 reminder_hours_invalid.';
grant execute on function api.set_message_settings to authenticated;

-- The way out ---------------------------------------------------------------------------------------------------------
create function api.letters_wanted(business_id uuid, member_id uuid, topic text) returns table (wanted boolean, agreed boolean)
language plpgsql stable security definer set search_path = '' rows 1 as $$
begin
  return query select messages.wants(m.id, letters_wanted.topic, 'email'), members.consent(m.id, 'email', 'service')
    from members.members m where m.business_id = letters_wanted.business_id and m.id = letters_wanted.member_id;
end $$;
comment on function api.letters_wanted is 'For the holder of a signed link in a letter: whether such letters are wanted, and whether any are.';
grant execute on function api.letters_wanted to service_role;

create function api.want_letters(business_id uuid, member_id uuid, topic text, wanted boolean, everything boolean default false) returns void
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
begin
  perform 1 from members.members m where m.business_id = want_letters.business_id and m.id = want_letters.member_id for no key update;
  if not found or not exists (select from messages.kinds k where k.topic = want_letters.topic and not k.essential) then perform platform.refuse(404, 'link_not_known'); end if;
  if want_letters.everything or want_letters.wanted and not members.consent(want_letters.member_id, 'email', 'service') then
    insert into members.consents (business_id, member_id, channel, purpose, given, via)
    select want_letters.business_id, want_letters.member_id, 'email', 'service', want_letters.wanted, 'link'
    where members.consent(want_letters.member_id, 'email', 'service') <> want_letters.wanted;
  end if;
  if not want_letters.everything then
    insert into messages.choices as c (business_id, member_id, topic, channel, wanted) values (want_letters.business_id, want_letters.member_id, want_letters.topic, 'email', want_letters.wanted)
    on conflict (member_id, topic, channel) do update set wanted = excluded.wanted;
  end if;
end $$;
comment on function api.want_letters is 'For the holder of a signed link in a letter: no more letters of its topic, or (everything) none but those about their money or seat; or wanted after all. Refuses 404 link_not_known.';
grant execute on function api.want_letters to service_role;
