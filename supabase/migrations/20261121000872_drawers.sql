-- Drawers: the cash of a till, counted when it opens and when it closes, moved in between with a reason (tables: 0867_till.sql).

create function shop.drawer_account(t shop.tills) returns bigint
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
begin
  return ledger.account(t.business_id, (select b.currency::text from business.businesses b where b.id = t.business_id), 'drawer', t.id::text);
end $$;

create function shop.in_drawer(t shop.tills) returns bigint
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
begin
  return coalesce((select a.balance from ledger.accounts a where a.business_id = t.business_id and a.unit = (select b.currency::text from business.businesses b where b.id = t.business_id) and a.kind = 'drawer' and a.owner = t.id::text), 0);
end $$;
comment on function shop.in_drawer is 'What the books have in a till''s drawer, minor units.';

create function shop.waiting_in_drawer(t shop.tills) returns bigint
language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
begin
  return coalesce((select sum(p.amount_cents) from shop.till_parts x join payments.payments p on p.id = x.payment_id join shop.drawer_sessions d on d.id = x.session_id
    where d.till_id = t.id and d.closed_at is null and p.provider = 'cash' and p.state = 'authorized'), 0);
end $$;
comment on function shop.waiting_in_drawer is 'Cash in a drawer that is part of a sale nobody has finished yet (0871_till_parts.sql): in no book, and to be given back if it is not sold.';

create function api.open_drawer(business_id uuid, till_id uuid, opening_cents bigint, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := shop.require_seller(open_drawer.business_id);
  answer jsonb;
  t shop.tills;
  made uuid;
  drawer bigint;
begin
  answer := platform.replay(actor::text, open_drawer.idempotency_key, 'open_drawer', jsonb_build_object('till_id', open_drawer.till_id, 'opening_cents', open_drawer.opening_cents));
  if answer is not null then return answer; end if;
  if open_drawer.opening_cents is null or open_drawer.opening_cents not between 0 and 1000000000 then perform platform.refuse(422, 'amount_invalid', '{"field": "amount"}'); end if;
  t := shop.find_till(open_drawer.business_id, open_drawer.till_id);
  insert into shop.drawer_sessions as d (business_id, till_id, opened_by, opening_cents) values (t.business_id, t.id, actor, open_drawer.opening_cents)
  on conflict (till_id) where closed_at is null do nothing returning d.id into made;
  if made is null then perform platform.refuse(409, 'drawer_open'); end if;
  drawer := shop.drawer_account(t);
  perform ledger.transfer(t.business_id, 'drawer_opened', 'drawer:' || made, array[drawer, ledger.account(t.business_id, (select a.unit from ledger.accounts a where a.id = drawer), 'safe')], array[open_drawer.opening_cents, -open_drawer.opening_cents]);
  perform audit.note(t.business_id, 'drawer_opened', 'till:' || t.id, jsonb_build_object('session_id', made, 'opening_cents', open_drawer.opening_cents));
  return platform.remember(actor::text, open_drawer.idempotency_key, jsonb_build_object('session_id', made, 'till_id', t.id, 'opening_cents', open_drawer.opening_cents));
end $$;
comment on function api.open_drawer is 'Counts what a drawer begins with. For who sells. Refuses 404 till_not_found, 409 drawer_open, 422 amount_invalid.';
grant execute on function api.open_drawer to authenticated;

create function api.move_cash(business_id uuid, till_id uuid, kind text, amount_cents bigint, reason text, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := shop.require_seller(move_cash.business_id);
  answer jsonb;
  t shop.tills;
  d shop.drawer_sessions;
  made uuid;
  drawer bigint;
  signed bigint := move_cash.amount_cents * case move_cash.kind when 'pay_in' then 1 else -1 end;
begin
  answer := platform.replay(actor::text, move_cash.idempotency_key, 'move_cash', jsonb_build_object('till_id', move_cash.till_id, 'kind', move_cash.kind, 'amount_cents', move_cash.amount_cents, 'reason', move_cash.reason));
  if answer is not null then return answer; end if;
  if move_cash.kind is null or move_cash.kind not in ('pay_in', 'pay_out') then perform platform.refuse(422, 'drawer_move_invalid'); end if;
  if move_cash.amount_cents is null or move_cash.amount_cents not between 1 and 1000000000 then perform platform.refuse(422, 'amount_invalid', '{"field": "amount"}'); end if;
  if coalesce(length(trim(move_cash.reason)), 0) not between 3 and 200 then perform platform.refuse(422, 'reason_invalid', '{"field": "reason"}'); end if;
  t := shop.find_till(move_cash.business_id, move_cash.till_id);
  select * into d from shop.drawer_sessions x where x.till_id = t.id and x.closed_at is null for no key update;
  if d.id is null then perform platform.refuse(409, 'drawer_closed'); end if;
  insert into shop.drawer_moves as m (business_id, session_id, kind, amount_cents, reason, by_user) values (t.business_id, d.id, move_cash.kind, move_cash.amount_cents, trim(move_cash.reason), actor) returning m.id into made;
  drawer := shop.drawer_account(t);
  perform ledger.transfer(t.business_id, 'drawer_moved', 'drawer_move:' || made, array[drawer, ledger.account(t.business_id, (select a.unit from ledger.accounts a where a.id = drawer), 'safe')], array[signed, -signed]);
  perform audit.note(t.business_id, 'drawer_moved', 'till:' || t.id, jsonb_build_object('session_id', d.id, 'kind', move_cash.kind, 'amount_cents', move_cash.amount_cents, 'reason', trim(move_cash.reason)));
  return platform.remember(actor::text, move_cash.idempotency_key, jsonb_build_object('move_id', made, 'till_id', t.id, 'expected_cents', shop.in_drawer(t)));
exception when sqlstate 'PT409' then
  if sqlerrm <> 'not_enough_balance' then raise; end if;
  perform platform.refuse(409, 'drawer_too_low', '{"field": "amount"}');
end $$;
comment on function api.move_cash is 'Money put into a drawer (pay_in) or taken out (pay_out), with the reason. For who sells. Refuses 404 till_not_found, 409 drawer_closed, drawer_too_low, 422 drawer_move_invalid, amount_invalid, reason_invalid.';
grant execute on function api.move_cash to authenticated;

create function api.close_drawer(business_id uuid, till_id uuid, counted_cents bigint, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := shop.require_seller(close_drawer.business_id);
  answer jsonb;
  t shop.tills;
  d shop.drawer_sessions;
  unit text;
  rows bigint[];
begin
  answer := platform.replay(actor::text, close_drawer.idempotency_key, 'close_drawer', jsonb_build_object('till_id', close_drawer.till_id, 'counted_cents', close_drawer.counted_cents));
  if answer is not null then return answer; end if;
  if close_drawer.counted_cents is null or close_drawer.counted_cents not between 0 and 1000000000 then perform platform.refuse(422, 'amount_invalid', '{"field": "amount"}'); end if;
  t := shop.find_till(close_drawer.business_id, close_drawer.till_id);
  -- Cash sales hold this row until they are done, so none comes between counting and closing.
  select * into d from shop.drawer_sessions x where x.till_id = t.id and x.closed_at is null for no key update;
  if d.id is null then perform platform.refuse(409, 'drawer_closed'); end if;
  if shop.waiting_in_drawer(t) > 0 then perform platform.refuse(409, 'drawer_has_parts'); end if;
  unit := (select b.currency::text from business.businesses b where b.id = t.business_id);
  rows := array[shop.drawer_account(t), ledger.account(t.business_id, unit, 'safe'), ledger.account(t.business_id, unit, 'loss', 'drawers')];
  perform 1 from ledger.accounts a where a.id = any (rows) order by a.may_go_negative, a.id for no key update;
  update shop.drawer_sessions x set closed_at = clock_timestamp(), closed_by = actor, counted_cents = close_drawer.counted_cents, expected_cents = shop.in_drawer(t) where x.id = d.id returning * into d;
  -- What was counted goes to the safe; what should have been there and was not is lost (or found).
  perform ledger.transfer(t.business_id, 'drawer_closed', 'drawer:' || d.id, rows, array[-d.expected_cents, d.counted_cents, -d.difference_cents]);
  perform audit.note(t.business_id, 'drawer_closed', 'till:' || t.id, jsonb_build_object('session_id', d.id, 'counted_cents', d.counted_cents, 'difference_cents', d.difference_cents));
  return platform.remember(actor::text, close_drawer.idempotency_key,
    jsonb_build_object('session_id', d.id, 'till_id', t.id, 'expected_cents', d.expected_cents, 'counted_cents', d.counted_cents, 'difference_cents', d.difference_cents));
end $$;
comment on function api.close_drawer is 'Counts what a drawer ends with; the difference to what should be there is stated and booked (loss, drawers), what was counted goes to the safe. For who sells. Refuses 404 till_not_found, 409 drawer_closed, drawer_has_parts (a sale in parts is not finished), 422 amount_invalid.';
grant execute on function api.close_drawer to authenticated;

create function api.drawer(business_id uuid, till_id uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare t shop.tills;
begin
  perform shop.require_seller(drawer.business_id);
  t := shop.find_till(drawer.business_id, drawer.till_id);
  return jsonb_build_object('till_id', t.id, 'name', t.name, 'currency', (select b.currency from business.businesses b where b.id = t.business_id), 'expected_cents', shop.in_drawer(t) + shop.waiting_in_drawer(t), 'waiting_cents', shop.waiting_in_drawer(t), 'tell_from_cents', t.tell_from_cents,
    'open', (select jsonb_build_object('session_id', d.id, 'opened_at', d.opened_at, 'opened_by', shop.staff_name(d.opened_by), 'opening_cents', d.opening_cents,
        'moves', coalesce((select jsonb_agg(jsonb_build_object('move_id', m.id, 'kind', m.kind, 'amount_cents', m.amount_cents, 'reason', m.reason, 'at', m.at, 'by', shop.staff_name(m.by_user)) order by m.at) from shop.drawer_moves m where m.session_id = d.id and m.business_id = d.business_id), '[]'))
      from shop.drawer_sessions d where d.till_id = t.id and d.closed_at is null),
    'past', coalesce((select jsonb_agg(to_jsonb(x)) from (select d.id as session_id, d.opened_at, d.closed_at, shop.staff_name(d.closed_by) as closed_by, d.expected_cents, d.counted_cents, d.difference_cents
      from shop.drawer_sessions d where d.business_id = t.business_id and d.till_id = t.id and d.closed_at is not null order by d.opened_at desc limit 10) x), '[]'));
end $$;
comment on function api.drawer is 'A till''s drawer: {name, currency, expected_cents (with waiting_cents of sales that are being paid in parts), tell_from_cents, open: {opened_at, opened_by, opening_cents, moves} or null, past: the last ten}. For who sells. Refuses 404 till_not_found.';
grant execute on function api.drawer to authenticated;
