-- How a business books and runs its desk, beyond what a class type says: read and changed by its managers (booking.settings).

create function api.booking_settings(business_id uuid)
returns table (auto_no_show boolean, absent_after_minutes int, late_entry_minutes int, waitlist_per_day int, quiet_from text, quiet_until text, grace_days int, releasing jsonb)
language plpgsql volatile security definer set search_path = '' rows 1 as $$
#variable_conflict use_column
declare q booking.settings;
begin
  perform business.require_role(booking_settings.business_id, 'manager');
  q := booking.settings_of(booking_settings.business_id);
  return query select q.auto_no_show, (extract(epoch from booking.mark_absent_after()) / 60)::int, q.late_entry_minutes, q.waitlist_per_day, to_char(q.quiet_from, 'HH24:MI'), to_char(q.quiet_until, 'HH24:MI'), q.grace_days,
    coalesce((select jsonb_agg(jsonb_build_object('slug', t.slug, 'name', t.name, 'minutes', t.release_minutes_before) order by t.slug) from booking.class_types t
      where t.business_id = booking_settings.business_id and t.release_minutes_before is not null), '[]');
end $$;
comment on function api.booking_settings is 'How the business books and runs its desk; releasing: the class types that give up places of people who have not come, and how many minutes before. For managers.';
grant execute on function api.booking_settings to authenticated;

create function api.save_booking_settings(business_id uuid, facts jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  before booking.settings;
  q booking.settings;
  changed jsonb;
begin
  perform business.require_role(save_booking_settings.business_id, 'manager');
  if jsonb_typeof(save_booking_settings.facts) is distinct from 'object'
    or exists (select from jsonb_each(save_booking_settings.facts) x where x.key not in ('auto_no_show', 'late_entry_minutes', 'waitlist_per_day', 'quiet_from', 'quiet_until', 'grace_days') or x.value = 'null') then
    perform platform.refuse(422, 'invalid_input');
  end if;
  perform booking.settings_of(save_booking_settings.business_id);
  select * into before from booking.settings x where x.business_id = save_booking_settings.business_id for no key update;
  begin
    q := jsonb_populate_record(before, save_booking_settings.facts);
    update booking.settings x set auto_no_show = q.auto_no_show, late_entry_minutes = q.late_entry_minutes, waitlist_per_day = q.waitlist_per_day, quiet_from = q.quiet_from, quiet_until = q.quiet_until, grace_days = q.grace_days
    where x.business_id = before.business_id returning * into q;
  exception when check_violation or data_exception then
    perform platform.refuse(422, 'booking_settings_invalid');
  end;
  select jsonb_object_agg(n.key, jsonb_build_object('from', o.value, 'to', n.value)) into changed
  from jsonb_each(to_jsonb(q)) n join jsonb_each(to_jsonb(before)) o on o.key = n.key where n.value <> o.value;
  if changed is not null then perform audit.note(before.business_id, 'booking_settings_changed', 'business:' || before.business_id, changed); end if;
end $$;
comment on function api.save_booking_settings is 'Changes how the business books; facts: auto_no_show, late_entry_minutes, waitlist_per_day, quiet_from, quiet_until, grace_days, those left out stay. What changed is in the audit. Refuses 403 not_your_role, 422 invalid_input, booking_settings_invalid (a number out of bounds, a time that is none).';
grant execute on function api.save_booking_settings to authenticated;
