-- Referrals: who brought whom, and what the loyalty programme gives both for it.
-- The row is the fact; the points follow from it, from what the newcomer's first order came to and from what of it was refunded.
-- They are moved by a job: whoever buys waits for nobody else's points.

alter table loyalty.programmes add column inviter_points int check (inviter_points between 0 and 100000),
  add column newcomer_points int check (newcomer_points between 0 and 100000),
  add column referral_min_cents bigint check (referral_min_cents between 0 and 1000000000),
  add column referral_month_cap int check (referral_month_cap between 1 and 1000);
comment on column loyalty.programmes.inviter_points is 'For who brought a newcomer, when that one''s first order is paid; newcomer_points: for the newcomer. Neither: nobody is asked to bring anybody.';
comment on column loyalty.programmes.referral_min_cents is 'What the first order comes to at least, of what is paid without its tax.';
comment on column loyalty.programmes.referral_month_cap is 'Of so many newcomers a calendar month an inviter has something; null: of all.';

alter table loyalty.movements drop constraint movements_kind_check, add constraint movements_kind_check
  check (kind in ('earned', 'first_visit', 'birthday', 'referral', 'invited', 'referral_back', 'taken_back', 'restored', 'redeemed', 'released', 'given_back', 'expired'));

create table loyalty.invitation_codes (
  member_id uuid primary key,
  business_id uuid not null,
  code text not null check (code ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
  unique (business_id, code),
  foreign key (business_id, member_id) references members.members (business_id, id) on delete cascade
);
comment on table loyalty.invitation_codes is 'What a member''s personal link ends in. It opens nothing.';
create index invitation_codes_member_id_idx on loyalty.invitation_codes (business_id, member_id);

create table loyalty.referrals (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null,
  inviter_id uuid not null,
  newcomer_id uuid not null unique,
  brought_at timestamptz not null default now(),
  order_id uuid,
  paid_at timestamptz,
  programme_id uuid,
  stands boolean not null default false,
  check (inviter_id <> newcomer_id),
  check ((order_id is null) = (paid_at is null) and (order_id is null) = (programme_id is null) and (order_id is not null or not stands)),
  unique (business_id, id),
  foreign key (business_id, inviter_id) references members.members (business_id, id) on delete restrict,
  foreign key (business_id, newcomer_id) references members.members (business_id, id) on delete restrict,
  foreign key (business_id, order_id) references sales.orders (business_id, id) on delete restrict,
  foreign key (business_id, programme_id) references loyalty.programmes (business_id, id) on delete restrict
);
comment on table loyalty.referrals is 'Who brought whom, once a newcomer and for good. order_id: their first order that counts, under the terms of programme_id; stands: enough of it is still paid.';
create index referrals_inviter_id_idx on loyalty.referrals (business_id, inviter_id, paid_at);
create index referrals_newcomer_id_idx on loyalty.referrals (business_id, newcomer_id);
create index referrals_order_id_idx on loyalty.referrals (business_id, order_id) where order_id is not null;
create index referrals_programme_id_idx on loyalty.referrals (business_id, programme_id);
create index referrals_brought_at_idx on loyalty.referrals (business_id, brought_at desc);

alter table loyalty.invitation_codes enable row level security;
alter table loyalty.referrals enable row level security;
grant select on loyalty.invitation_codes, loyalty.referrals to authenticated;
create policy "Members see their own code" on loyalty.invitation_codes for select to authenticated using (member_id in (select members.mine()));
-- Whom they brought is told to an inviter as a number (api.my_invitation): who it is and what they buy is the newcomer's own.
create policy "Newcomers see who brought them, managers everybody" on loyalty.referrals for select to authenticated using (newcomer_id in (select members.mine()) or business_id in (select business.where_i_am('manager')));

-- Bringing somebody ---------------------------------------------------------------------------------------------------
create function loyalty.mailbox(address text) returns text
language sql immutable set search_path = '' as $$
  select lower(regexp_replace(split_part(address, '@', 1), '\+.*$', '') || '@' || split_part(address, '@', 2));
$$;
comment on function loyalty.mailbox is 'Where an address is read: without what somebody puts behind a plus.';

create function loyalty.inviter_of(business_id uuid, code text) returns members.members
language sql stable set search_path = '' as $$
  select m from loyalty.invitation_codes c join members.members m on m.id = c.member_id
  where c.business_id = inviter_of.business_id and c.code = upper(inviter_of.code) and m.user_id is not null and m.archived_at is null;
$$;

create function loyalty.referral_problem(business_id uuid, inviter members.members, user_id uuid) returns text
language plpgsql stable set search_path = '' as $$
declare address text := (select u.email from auth.users u where u.id = referral_problem.user_id);
begin
  if inviter.id is null then return 'referral_not_found'; end if;
  if inviter.user_id = referral_problem.user_id or loyalty.mailbox(inviter.email::text) = loyalty.mailbox(address) then return 'referral_own'; end if;
  -- Whoever has an account here, or bought something as a guest, was here before.
  if exists (select from members.members m where m.business_id = referral_problem.business_id and m.user_id = referral_problem.user_id)
    or exists (select from members.members m join sales.orders o on o.business_id = m.business_id and o.member_id = m.id
      where m.business_id = referral_problem.business_id and m.guardian_id is null and m.email operator(extensions.=) address::extensions.citext and o.state in ('paid', 'closed')) then return 'referral_known'; end if;
  return null;
end $$;

create function api.accept_invitation_code(business_id uuid, code text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
  inviter members.members;
  me uuid;
  problem text;
begin
  if auth.uid() is null then perform platform.refuse(401, 'sign_in_first'); end if;
  -- One account's browsers wait for each other: the second finds a member.
  perform pg_advisory_xact_lock(hashtextextended('newcomer ' || auth.uid(), 0));
  inviter := loyalty.inviter_of(accept_invitation_code.business_id, accept_invitation_code.code);
  problem := loyalty.referral_problem(accept_invitation_code.business_id, inviter, auth.uid());
  if problem is not null then perform platform.refuse(case problem when 'referral_not_found' then 404 else 409 end, problem); end if;
  me := members.require_me(accept_invitation_code.business_id);
  insert into loyalty.referrals (business_id, inviter_id, newcomer_id) values (accept_invitation_code.business_id, inviter.id, me) on conflict (newcomer_id) do nothing;
  return found;
end $$;
comment on function api.accept_invitation_code is 'Makes the asker a member whom the owner of the code brought. Refuses 404 referral_not_found, 409 referral_own, referral_known.';
grant execute on function api.accept_invitation_code to authenticated;

create function loyalty.referral_terms(business_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('unit', p.unit, 'inviter_points', coalesce(p.inviter_points, 0), 'newcomer_points', coalesce(p.newcomer_points, 0), 'min_cents', coalesce(p.referral_min_cents, 0), 'month_cap', p.referral_month_cap)
  from loyalty.programmes p where p.business_id = referral_terms.business_id and p.superseded_at is null and greatest(p.inviter_points, p.newcomer_points) > 0;
$$;

create function api.my_invitation(business_id uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  me uuid := members.require_me(my_invitation.business_id);
  terms jsonb := loyalty.referral_terms(my_invitation.business_id);
  mine text;
  bytes bytea;
begin
  if terms is null then return null; end if;
  loop
    select c.code into mine from loyalty.invitation_codes c where c.member_id = me;
    exit when mine is not null;
    bytes := extensions.gen_random_bytes(8);
    insert into loyalty.invitation_codes (member_id, business_id, code)
    select me, my_invitation.business_id, string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + (get_byte(bytes, n) & 31), 1), '') from generate_series(0, 7) n
    on conflict do nothing;
  end loop;
  return terms || (select jsonb_build_object('code', mine, 'came', count(*), 'bought', count(*) filter (where r.stands)) from loyalty.referrals r where r.business_id = my_invitation.business_id and r.inviter_id = me);
end $$;
comment on function api.my_invitation is 'The asker''s code to bring somebody with, what both have of it, how many came and how many of them bought; null where the programme gives nothing for it.';
grant execute on function api.my_invitation to authenticated;

create function api.invitation_code(business_id uuid, code text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  inviter members.members := loyalty.inviter_of(invitation_code.business_id, invitation_code.code);
  terms jsonb := loyalty.referral_terms(invitation_code.business_id);
begin
  if inviter.id is null or terms is null then return null; end if;
  return terms || jsonb_build_object('inviter', split_part(inviter.name, ' ', 1), 'problem', case when auth.uid() is not null then loyalty.referral_problem(invitation_code.business_id, inviter, auth.uid()) end);
end $$;
comment on function api.invitation_code is 'What a personal link promises: the first name of who brings, what both have of it, and why it is not for the asker, if it is not; null: there is no such link.';
grant execute on function api.invitation_code to anon, authenticated;

-- What both have of it ------------------------------------------------------------------------------------------------
create function loyalty.call_referral(r loyalty.referrals, run_at timestamptz default null) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform platform.add_job('settle_referral', jsonb_build_object('referral_id', r.id), 'referral:' || r.id, call_referral.run_at);
end $$;

create function loyalty.note_referral(o sales.orders) returns void
language plpgsql volatile set search_path = '' as $$
declare r loyalty.referrals;
begin
  -- In the way of everybody who pays: one look into an index, and no more for who was not brought or has bought before.
  select * into r from loyalty.referrals x where x.newcomer_id = o.member_id and x.order_id is null;
  if r.id is not null then perform loyalty.call_referral(r); end if;
end $$;

create function loyalty.tg_order_lines__referral() returns trigger
language plpgsql security definer set search_path = '' as $$
declare r loyalty.referrals;
begin
  -- One whose first order is not known yet is called as well: the job that finds it may have looked before this refund.
  select x.* into r from sales.orders o join loyalty.referrals x on x.newcomer_id = o.member_id where o.id = new.order_id and coalesce(x.order_id, o.id) = o.id;
  if r.id is not null then perform loyalty.call_referral(r); end if;
  return null;
end $$;
create trigger tg_order_lines__referral after update of refunded_cents on sales.order_lines for each row
  when (new.refunded_cents is distinct from old.refunded_cents) execute function loyalty.tg_order_lines__referral();

create function loyalty.counted_cents(order_id uuid, refunds boolean) returns numeric
language sql stable set search_path = '' as $$
  select coalesce(sum((l.total_cents - l.tax_cents) * case when counted_cents.refunds then 1 - l.refunded_cents::numeric / l.total_cents else 1 end), 0)
  from sales.orders o join sales.order_lines l on l.business_id = o.business_id and l.order_id = o.id
  where o.id = counted_cents.order_id and l.kind in ('seat', 'pass', 'membership', 'product', 'appointment') and l.total_cents > 0;
$$;
comment on function loyalty.counted_cents is 'What is paid without its tax for what earns points (as loyalty.shares has it), less what was refunded, where that is asked for.';

create function loyalty.bring_to(s loyalty.standings, r loyalty.referrals, side text, target int) returns void
language plpgsql volatile set search_path = '' as $$
declare
  t loyalty.lots;
  p loyalty.programmes;
  kind text := case side when 'inviter' then 'referral' else 'invited' end;
  change int;
begin
  select * into t from loyalty.lots x where x.business_id = r.business_id and x.source = 'referral:' || r.id || ':' || side;
  if t.id is null then
    if target = 0 then return; end if;
    select * into strict p from loyalty.programmes x where x.id = r.programme_id;
    perform loyalty.make_lot(s, p, target, 'referral:' || r.id || ':' || side, null, kind);
    return;
  end if;
  change := target - (t.points - t.taken_back);
  if change = 0 then return; end if;
  update loyalty.lots x set taken_back = x.taken_back - change where x.id = t.id;
  perform loyalty.count_earned(t, change);
  if change < 0 then s := loyalty.take(s, t.id, -change, 'taken_back'); else s := loyalty.give(s, t.id, change, 'restored'); end if;
  perform loyalty.write_down(s, case when change > 0 then kind when side = 'inviter' then 'referral_back' else 'taken_back' end, change, null);
end $$;
comment on function loyalty.bring_to is 'One side''s points for a referral are brought to this many, whatever they were.';

create function api.settle_referral(referral_id uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
  r loyalty.referrals;
  p loyalty.programmes;
  first sales.orders;
  x record;
begin
  select * into r from loyalty.referrals y where y.id = settle_referral.referral_id;
  if r.id is null then return false; end if;
  insert into loyalty.standings (member_id, business_id) values (r.inviter_id, r.business_id), (r.newcomer_id, r.business_id) on conflict do nothing;
  -- Nobody is waited for: while one of them pays for something, this comes again in a second.
  if (select count(*) from (select from loyalty.standings y where y.member_id in (r.inviter_id, r.newcomer_id) order by y.member_id for no key update skip locked) z) < 2 then
    perform loyalty.call_referral(r, clock_timestamp() + interval '1 second');
    return false;
  end if;
  select * into r from loyalty.referrals y where y.id = r.id for no key update;
  if r.order_id is null then
    p := loyalty.current(r.business_id);
    if p.id is null then return false; end if;
    select * into first from sales.orders o where o.business_id = r.business_id and o.member_id = r.newcomer_id and o.state in ('paid', 'closed') and o.payment_confirmed_at >= r.brought_at
      and loyalty.counted_cents(o.id, false) >= greatest(coalesce(p.referral_min_cents, 0), 1) order by o.payment_confirmed_at, o.id limit 1;
    if first.id is null then return false; end if;
    update loyalty.referrals y set order_id = first.id, paid_at = first.payment_confirmed_at, programme_id = p.id where y.id = r.id returning * into r;
  end if;
  select * into strict p from loyalty.programmes y where y.id = r.programme_id;
  update loyalty.referrals y set stands = loyalty.counted_cents(r.order_id, true) >= greatest(coalesce(p.referral_min_cents, 0), 1) where y.id = r.id returning * into r;
  perform 1 from ledger.accounts a where a.id in (select loyalty.issued(y.programme_id, r.business_id, m.id) from loyalty.referrals y, unnest(array[r.inviter_id, r.newcomer_id]) m (id) where y.business_id = r.business_id and y.inviter_id = r.inviter_id and y.programme_id is not null)
    order by a.may_go_negative, a.id for no key update;
  perform loyalty.bring_to(y, r, 'newcomer', case when r.stands then coalesce(p.newcomer_points, 0) else 0 end) from loyalty.standings y where y.member_id = r.newcomer_id;
  -- The inviter's month as a whole: when one of more than counted goes back, the next one counts, whichever was heard of first.
  for x in select y as referral, t.inviter_points, t.referral_month_cap as cap, count(*) filter (where y.stands) over (order by y.paid_at, y.id) as nth
      from loyalty.referrals y join loyalty.programmes t on t.id = y.programme_id join business.businesses b on b.id = y.business_id
      where y.business_id = r.business_id and y.inviter_id = r.inviter_id and date_trunc('month', y.paid_at at time zone b.time_zone) = date_trunc('month', r.paid_at at time zone b.time_zone)
      order by y.paid_at, y.id loop
    perform loyalty.bring_to(y, x.referral, 'inviter', case when (x.referral).stands and (x.cap is null or x.nth <= x.cap) then coalesce(x.inviter_points, 0) else 0 end) from loyalty.standings y where y.member_id = r.inviter_id;
  end loop;
  return true;
end $$;
comment on function api.settle_referral is 'Brings what both have of a referral to what the newcomer''s first order says now; called again it does nothing, so every order of events ends the same. Run by a job.';
grant execute on function api.settle_referral to service_role;

create function api.kept_referrals(business_id uuid, page_size int default 100) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  perform business.require_role(kept_referrals.business_id, 'manager');
  return (select jsonb_build_object('came', count(*), 'bought', count(r.order_id), 'stand', count(*) filter (where r.stands), 'inviters', count(distinct r.inviter_id)) from loyalty.referrals r where r.business_id = kept_referrals.business_id)
    || jsonb_build_object('referrals', coalesce((select jsonb_agg(jsonb_build_object('referral_id', r.id, 'inviter_id', r.inviter_id, 'inviter', i.name, 'newcomer_id', r.newcomer_id, 'newcomer', n.name, 'brought_at', r.brought_at, 'paid_at', r.paid_at, 'order_id', r.order_id, 'reference', o.reference, 'stands', r.stands,
        'inviter_points', (select t.points - t.taken_back from loyalty.lots t where t.business_id = r.business_id and t.source = 'referral:' || r.id || ':inviter'),
        'newcomer_points', (select t.points - t.taken_back from loyalty.lots t where t.business_id = r.business_id and t.source = 'referral:' || r.id || ':newcomer')) order by r.brought_at desc, r.id)
      from (select * from loyalty.referrals x where x.business_id = kept_referrals.business_id order by x.brought_at desc, x.id limit least(greatest(kept_referrals.page_size, 1), 500)) r
      join members.members i on i.id = r.inviter_id join members.members n on n.id = r.newcomer_id left join sales.orders o on o.id = r.order_id), '[]'));
end $$;
comment on function api.kept_referrals is 'Who brought whom, the latest first, how many became customers and what both had of it. For managers.';
grant execute on function api.kept_referrals to authenticated;
