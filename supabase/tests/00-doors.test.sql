-- The doors: exactly what visitors and members may call. A new door is a change to these lists, in plain sight.
begin;
select plan(11);

create function pg_temp.doors(role text) returns setof text language sql as $$
  select p.proname::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname = 'api' and has_function_privilege(doors.role, p.oid, 'execute') order by 1;
$$;

select is((select string_agg(x.d, ' ' order by x.d collate "C") from (select pg_temp.doors('anon')) x (d)),
  array_to_string(array[
    'add_plan_to_cart',
    'add_seat_to_cart',
    'add_top_up_to_cart',
    'business_for_host',
    'cart',
    'class_list',
    'instructor_list',
    'instructor_page',
    'invitation_for_token',
    'plan_list',
    'remove_cart_line',
    'session_page',
    'session_spots',
    'timetable',
    'viewer',
    'waiver'], ' '),
  'a visitor may call these functions and no others');

select is((select string_agg(x.d, ' ' order by x.d collate "C") from (select d from pg_temp.doors('authenticated') d except select d from pg_temp.doors('anon') d) x (d)),
  array_to_string(array[
    'accept_invitation',
    'accept_substitution',
    'add_dependant',
    'add_member_note',
    'add_pay_rule',
    'admin_classes',
    'admin_overview',
    'admin_rooms',
    'admin_schedule',
    'admin_series',
    'admin_session',
    'answer_offer',
    'ask_substitute',
    'assign_substitute',
    'audit_ledger',
    'audit_trail',
    'become_member',
    'begin_payment',
    'book_session',
    'booking_calendar',
    'cancel_booking',
    'cancel_for_member',
    'cancel_order',
    'cancel_session',
    'cancellation_preview',
    'change_member_note',
    'change_sessions',
    'choose_payment',
    'choose_spot',
    'claim_cart',
    'close_pay_run',
    'create_series',
    'create_session',
    'decide_substitution',
    'decide_time_off',
    'decline_substitution',
    'delete_style',
    'desk_day',
    'desk_find',
    'end_goal',
    'end_pay_rule',
    'end_series',
    'end_staff',
    'failing_work',
    'first_timers',
    'grant_time_off',
    'health_note',
    'house_calendars',
    'instructor_admin',
    'instructor_board',
    'invitations',
    'invite_staff',
    'join_waitlist',
    'leave_waitlist',
    'ledger_accounts',
    'make_calendar',
    'mark_absent',
    'mark_read',
    'member_list',
    'member_page',
    'member_settings',
    'members_at_risk',
    'membership_to_change',
    'my_bookings',
    'my_calendars',
    'my_choices',
    'my_class',
    'my_classes',
    'my_consents',
    'my_desk_code',
    'my_fees',
    'my_hours',
    'my_memberships',
    'my_notifications',
    'my_orders',
    'my_passes',
    'my_pay',
    'my_people',
    'my_profile',
    'my_progress',
    'my_signatures',
    'my_statement',
    'my_substitutions',
    'my_waitlist',
    'my_wallet',
    'order_page',
    'pass_statement',
    'pay_report',
    'pay_rules',
    'pay_runs',
    'place_order',
    'preview_series_end',
    'preview_session_change',
    'publish_class_type',
    'publish_waiver',
    'remove_dependant',
    'request_time_off',
    'revoke_calendar',
    'revoke_invitation',
    'roster',
    'save_class_type',
    'save_instructor',
    'save_location',
    'save_room',
    'save_style',
    'save_waiver',
    'schedule_choices',
    'sell_at_desk',
    'session_effect',
    'session_waitlist',
    'set_availability',
    'set_choices',
    'set_consents',
    'set_emergency_contact',
    'set_goal',
    'set_health_note',
    'set_member_settings',
    'set_preferred_substitutes',
    'set_qualifications',
    'set_substitution_rules',
    'sign_waiver',
    'skip_day',
    'staff_list',
    'sync_check_ins',
    'unskip_day',
    'update_dependant',
    'update_profile',
    'waive',
    'waiver_versions',
    'withdraw_substitution',
    'withdraw_time_off'], ' '),
  'a signed-in person may call these as well');

select is((select string_agg(x.d, ' ' order by x.d collate "C") from (select d from pg_temp.doors('service_role') d except select d from pg_temp.doors('authenticated') d) x (d)),
  array_to_string(array[
    'advance_waitlist',
    'attach_payment',
    'calendar_feed',
    'count_visits',
    'email_done',
    'empty_session',
    'expire_holds',
    'expire_passes',
    'leave_group',
    'mark_absent_by_itself',
    'memberships_to_check',
    'note_sign_in',
    'nudge_goals',
    'number_orders',
    'open_payments',
    'payment_to_close',
    'prune_carts',
    'prune_platform',
    'receive_payment_event',
    'refund_to_make',
    'release_due',
    'release_unchecked',
    'retry_payment_events',
    'return_forfeit',
    'send_reminders',
    'settle_absence',
    'sign_in_wait',
    'suspend_memberships',
    'sweep_waitlists',
    'take_emails',
    'tell_expiring_passes',
    'tend_substitution',
    'unread',
    'write_sessions_ahead'], ' '),
  'only jobs and webhooks may call these');

create temporary view ours as select n.oid, n.nspname from pg_namespace n where n.nspname in ('api', 'platform', 'audit', 'business', 'members', 'messages', 'ledger', 'booking', 'sales', 'payments');

select is((select string_agg(x.d, ' ' order by x.d collate "C") from (select n.nspname || '.' || p.proname from pg_proc p join ours n on n.oid = p.pronamespace
    where n.nspname <> 'api' and (has_function_privilege('anon', p.oid, 'execute') or has_function_privilege('authenticated', p.oid, 'execute'))) x (d)),
  'booking.holds_run_out booking.teaching_as booking.where_i_check_in business.where_i_am members.mine',
  'of the functions behind the doors only those that policies and readers need may be called');

select is_empty($$ select c.oid::regclass from pg_class c join ours n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and not c.relrowsecurity $$,
  'row-level security is on for every table');

select is_empty($$ select c.oid::regclass, r, p from pg_class c join ours n on n.oid = c.relnamespace cross join unnest(array['anon', 'authenticated']) r cross join unnest(array['insert', 'update', 'delete', 'truncate', 'references', 'trigger']) p
    where c.relkind in ('r', 'p', 'v') and (has_table_privilege(r, c.oid, p) or p in ('insert', 'update', 'references') and has_any_column_privilege(r, c.oid, p)) $$,
  'nobody writes a table except through a function');

select is_empty($$ select p.oid::regprocedure from pg_proc p join ours n on n.oid = p.pronamespace where not 'search_path=""' = any (coalesce(p.proconfig, '{}')) $$,
  'every function fixes its search path');

select is_empty($$ select c.conrelid::regclass, c.conname from pg_constraint c join pg_class t on t.oid = c.conrelid join ours n on n.oid = t.relnamespace
    where c.contype = 'f' and not exists (select from pg_index i where i.indrelid = c.conrelid and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ 'IS NOT NULL')
      and (select array_agg(k order by k) from unnest((i.indkey::int2[])[0:cardinality(c.conkey) - 1]) k) = (select array_agg(k order by k) from unnest(c.conkey) k))
      and not exists (select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[cardinality(c.conkey)]
        and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ 'IS NOT NULL|until IS NULL'))
      and not (cardinality(c.conkey) = 1 and exists (select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1])) $$,
  'every foreign key can be followed backwards by an index');

select is_empty($$ select pol.polrelid::regclass, pol.polname from pg_policy pol join pg_class t on t.oid = pol.polrelid join ours n on n.oid = t.relnamespace
    where coalesce(pg_get_expr(pol.polqual, pol.polrelid), '') ~ 'auth\.(uid|role|jwt)\(\)' and coalesce(pg_get_expr(pol.polqual, pol.polrelid), '') !~ 'SELECT auth\.' $$,
  'policies ask who it is once a statement, not once a row');

select is_empty($$ select p.oid::regprocedure from pg_proc p join ours n on n.oid = p.pronamespace
    where n.nspname = 'api' and p.prosecdef and p.provolatile = 'v' and has_function_privilege('authenticated', p.oid, 'execute')
      and p.prosrc !~ 'require_me\(|require_role\(|members\.mine\(|find_cart\(' $$,
  'every command a person may call asks first who they are');

select is_empty($$ select p.oid::regprocedure from pg_proc p join ours n on n.oid = p.pronamespace where n.nspname = 'api' and has_function_privilege('public', p.oid, 'execute') $$,
  'no door stands open to everybody by default');

select * from finish();
rollback;
