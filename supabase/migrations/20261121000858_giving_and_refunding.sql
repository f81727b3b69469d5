-- Passes given by hand, and passes paid back: what is unused of them, the way it came.

insert into messages.kinds (kind, topic, essential) values ('pass_given', 'plans', false), ('pass_refunded', 'plans', true);

create function api.give_pass(business_id uuid, member_id uuid, plan_id uuid, reason text, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := business.require_role(give_pass.business_id, 'manager');
  answer jsonb;
  n members.plans;
  m members.members;
  made uuid;
begin
  answer := platform.replay(actor::text, give_pass.idempotency_key, 'give_pass', jsonb_build_object('member_id', give_pass.member_id, 'plan_id', give_pass.plan_id));
  if answer is not null then return answer; end if;
  if length(trim(coalesce(give_pass.reason, ''))) not between 3 and 300 then perform platform.refuse(422, 'reason_invalid', '{"field": "reason"}'); end if;
  select * into n from members.plans x where x.id = give_pass.plan_id and x.business_id = give_pass.business_id and x.kind = 'pack' and x.superseded_at is null;
  if n.id is null then perform platform.refuse(404, 'plan_not_found'); end if;
  select * into m from members.members x where x.id = give_pass.member_id and x.business_id = give_pass.business_id;
  if m.id is null then perform platform.refuse(404, 'member_not_found'); end if;
  made := members.grant_pass(n.business_id, m.id, n.id, null, 0);
  perform members.book_credits(made);
  perform messages.notify(n.business_id, m.id, 'pass_given', made::text, jsonb_build_object('pass_id', made, 'plan_name', n.name, 'credits', n.credits));
  perform audit.note(n.business_id, 'pass_given', 'member:' || m.id, jsonb_build_object('pass_id', made, 'slug', n.slug, 'credits', n.credits, 'reason', trim(give_pass.reason)));
  return platform.remember(actor::text, give_pass.idempotency_key, jsonb_build_object('pass_id', made, 'credits', n.credits));
end $$;
comment on function api.give_pass is 'A manager gives a member a pack for nothing, with a reason for the trail. Refuses 404 plan_not_found, member_not_found, 422 reason_invalid.';
grant execute on function api.give_pass to authenticated;

create function members.unused_cents(p members.passes, l sales.order_lines) returns bigint
language plpgsql stable set search_path = '' as $$
declare
  unearned bigint := coalesce((select -a.balance - a.reserved from ledger.accounts a where a.business_id = p.business_id and a.unit = p.currency::text and a.kind = 'unearned' and a.owner = p.id::text), 0);
  net bigint := l.total_cents - l.tax_cents;
  gross bigint;
begin
  if l.id is null or net <= 0 or unearned <= 0 then return 0; end if;
  gross := least(l.total_cents - l.refunded_cents, floor(l.total_cents::numeric * unearned / net)::bigint);
  -- What goes back without its tax is never more than what was not earned, to the cent.
  while gross > 0 and gross - floor(l.tax_cents::numeric * gross / l.total_cents + 0.5) > unearned loop
    gross := gross - 1;
  end loop;
  return gross;
end $$;
comment on function members.unused_cents is 'What was paid for the unused part of a pass, with its tax, and has not gone back yet.';

create function members.pass_refund(p members.passes) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  l sales.order_lines;
  paid payments.payments;
  cents bigint;
begin
  if p.membership_id is not null then return jsonb_build_object('problem', 'pass_of_membership'); end if;
  select * into l from sales.order_lines x where x.id = p.order_line_id;
  select x.* into paid from payments.payments x where x.order_id = l.order_id and x.captured_cents > 0 and exists (select from ledger.transfers t where t.business_id = x.business_id and t.kind = 'sale' and t.source = 'payment:' || x.id);
  cents := members.unused_cents(p, l);
  if paid.id is null or cents <= 0 then return jsonb_build_object('problem', 'nothing_to_refund'); end if;
  if exists (select from booking.bookings k where k.business_id = p.business_id and k.pass_id = p.id and k.starts_at > now() and (k.state = 'confirmed' or k.state = 'held' and k.held_until > now())) then
    return jsonb_build_object('problem', 'pass_has_bookings', 'most_cents', cents);
  end if;
  return jsonb_build_object('most_cents', cents, 'paid_cents', l.total_cents, 'provider', paid.provider, 'order_id', l.order_id);
end $$;
comment on function members.pass_refund is 'What of a pass can be paid back, and which way: {most_cents, paid_cents, provider, order_id}, or {problem}: pass_of_membership, nothing_to_refund, pass_has_bookings.';

create function api.pass_to_refund(business_id uuid, pass_id uuid) returns table (member_id uuid, plan_name jsonb, state text, credits int, credits_left int, currency text, most_cents bigint, paid_cents bigint, provider text, problem text)
language plpgsql stable security definer set search_path = '' rows 1 as $$
#variable_conflict use_column
declare p members.passes;
begin
  perform business.require_role(pass_to_refund.business_id, 'manager');
  select * into p from members.passes x where x.id = pass_to_refund.pass_id and x.business_id = pass_to_refund.business_id;
  if p.id is null then perform platform.refuse(404, 'pass_not_found'); end if;
  return query select p.member_id, n.name, p.state, p.credits, members.credits_left(p), p.currency::text, (r ->> 'most_cents')::bigint, (r ->> 'paid_cents')::bigint, r ->> 'provider', r ->> 'problem'
    from members.plans n, members.pass_refund(p) r where n.id = p.plan_id;
end $$;
comment on function api.pass_to_refund is 'What paying a pass back would give, or problem: why it cannot be done. For managers. Refuses 404 pass_not_found.';
grant execute on function api.pass_to_refund to authenticated;

create function api.refund_pass(business_id uuid, pass_id uuid, amount_cents bigint, reason text, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := business.require_role(refund_pass.business_id, 'manager');
  answer jsonb;
  p members.passes;
  l sales.order_lines;
  paid payments.payments;
  terms jsonb;
  credits int;
  unearned bigint;
  ids bigint[] := '{}';
  amounts bigint[] := '{}';
  refund uuid;
begin
  answer := platform.replay(actor::text, refund_pass.idempotency_key, 'refund_pass', jsonb_build_object('pass_id', refund_pass.pass_id, 'amount_cents', refund_pass.amount_cents));
  if answer is not null then return answer; end if;
  if length(trim(coalesce(refund_pass.reason, ''))) not between 3 and 300 then perform platform.refuse(422, 'reason_invalid', '{"field": "reason"}'); end if;
  select * into p from members.passes x where x.id = refund_pass.pass_id and x.business_id = refund_pass.business_id;
  if p.id is null then perform platform.refuse(404, 'pass_not_found'); end if;
  -- Order, payment, pass, ledger: the same order as everywhere. A seat being paid with it now is seen, or sees that it is over.
  select x.* into l from sales.order_lines x where x.id = p.order_line_id;
  perform 1 from sales.orders o where o.id = l.order_id for no key update;
  perform 1 from payments.payments x where x.order_id = l.order_id order by x.id for no key update;
  select * into p from members.passes x where x.id = p.id for no key update;
  select x.* into l from sales.order_lines x where x.id = p.order_line_id;
  terms := members.pass_refund(p);
  if terms ? 'problem' then perform platform.refuse(409, terms ->> 'problem'); end if;
  if refund_pass.amount_cents is null or refund_pass.amount_cents < 1 or refund_pass.amount_cents > (terms ->> 'most_cents')::bigint then
    perform platform.refuse(409, 'refund_above_unused', jsonb_build_object('field', 'amount', 'most_cents', terms -> 'most_cents', 'currency', p.currency));
  end if;
  select x.* into paid from payments.payments x where x.order_id = l.order_id and x.captured_cents > 0 and exists (select from ledger.transfers t where t.business_id = x.business_id and t.kind = 'sale' and t.source = 'payment:' || x.id);
  refund := payments.request_refund(paid, refund_pass.amount_cents, 'staff', array[l.id], array[refund_pass.amount_cents]);
  credits := coalesce(members.credits_left(p), 0);
  unearned := (select -a.balance - a.reserved from ledger.accounts a where a.business_id = p.business_id and a.unit = p.currency::text and a.kind = 'unearned' and a.owner = p.id::text);
  if credits > 0 then
    ids := array[ledger.account(p.business_id, 'credits', 'credits', p.id::text), ledger.account(p.business_id, 'credits', 'credits_issued', p.plan_id::text)];
    amounts := array[credits, -credits];
  end if;
  if unearned > 0 then
    ids := ids || ledger.account(p.business_id, p.currency::text, 'unearned', p.id::text) || ledger.account(p.business_id, p.currency::text, 'revenue', 'unused passes');
    amounts := amounts || unearned || -unearned;
  end if;
  if cardinality(ids) > 0 then perform ledger.transfer(p.business_id, 'pass_voided', 'pass:' || p.id || ':' || refund, ids, amounts); end if;
  update members.passes x set state = 'voided' where x.id = p.id;
  perform messages.notify(p.business_id, p.member_id, 'pass_refunded', refund::text, jsonb_build_object('pass_id', p.id, 'plan_name', (select n.name from members.plans n where n.id = p.plan_id), 'amount_cents', refund_pass.amount_cents, 'currency', p.currency));
  perform audit.note(p.business_id, 'pass_refunded', 'member:' || p.member_id, jsonb_build_object('pass_id', p.id, 'refund_id', refund, 'amount_cents', refund_pass.amount_cents, 'credits', credits, 'reason', trim(refund_pass.reason)));
  perform payments.tell_order(l.order_id);
  return platform.remember(actor::text, refund_pass.idempotency_key, jsonb_build_object('pass_id', p.id, 'member_id', p.member_id, 'refund_id', refund, 'amount_cents', refund_pass.amount_cents, 'credits', credits, 'currency', p.currency));
end $$;
comment on function api.refund_pass is 'Pays back what is unused of a pass (at most), the way it was paid; its credits end, and what is not paid back of the unused part is kept. For managers, with a reason for the trail. Refuses 404 pass_not_found, 409 pass_of_membership, nothing_to_refund, pass_has_bookings, refund_above_unused, 422 reason_invalid.';
grant execute on function api.refund_pass to authenticated;
