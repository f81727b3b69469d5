-- Earning, and going back: what an order brings when it is paid, what its refunds take, and what time does to points.

create function loyalty.make_lot(s loyalty.standings, p loyalty.programmes, points int, source text, order_id uuid, kind text) returns uuid
language plpgsql volatile set search_path = '' as $$
declare made loyalty.lots;
begin
  insert into loyalty.lots as t (business_id, member_id, programme_id, order_id, source, points, left_points, expires_at)
  values (s.business_id, s.member_id, p.id, make_lot.order_id, make_lot.source, make_lot.points, make_lot.points - least(s.debt, make_lot.points), now() + make_interval(days => p.expires_days))
  on conflict on constraint lots_business_id_source_key do nothing returning * into made;
  if made.id is null then return null; end if;
  perform loyalty.count_earned(made, made.points);
  perform loyalty.book_gift(s, made, make_lot.points, make_lot.kind);
  perform loyalty.write_down(s, make_lot.kind, make_lot.points, make_lot.order_id);
  return made.id;
end $$;

create function loyalty.reckon(o sales.orders, lines sales.priced[]) returns sales.earning
language plpgsql stable set search_path = '' as $$
declare
  r sales.earning;
  p loyalty.programmes := loyalty.current(o.business_id);
begin
  r.points := 0;
  if p.id is null or o.total_cents = 0 then return r; end if;
  -- Whoever does not say who they are is one guest for all: nobody's points.
  if exists (select from shop.counter_guests g where g.business_id = o.business_id and g.member_id = o.member_id) then return r; end if;
  r := loyalty.weigh(p, o.member_id, reckon.lines);
  r.first := p.first_visit_points > 0 and r.points > 0 and not exists (select from sales.orders x where x.business_id = o.business_id and x.member_id = o.member_id and x.id <> o.id and x.state in ('paid', 'closed'));
  return r;
end $$;
comment on function loyalty.reckon is 'What an order of these lines earns under the programme of today, and which of them for how much; no points: nothing. Locks nothing.';

create function loyalty.settle(o sales.orders, reckoned sales.earning default null) returns void
language plpgsql volatile set search_path = '' as $$
declare
  p loyalty.programmes;
  s loyalty.standings;
  d loyalty.redemptions;
  lot uuid;
begin
  if o.reward_id is not null then
    s := loyalty.lock_standing(o.business_id, o.member_id);
    select * into d from loyalty.redemptions y where y.order_id = o.id and y.state = 'held' for no key update;
    if d.order_id is not null then
      perform ledger.settle(d.transfer_id, true);
      update loyalty.redemptions y set state = 'spent' where y.order_id = o.id;
    end if;
  end if;
  if reckoned.points is null then
    reckoned := loyalty.reckon(o, array(select row(l.id, l.kind, l.label, l.quantity, l.unit_price_cents, l.total_cents, l.discount_cents, l.discounts, l.tax_rate_bp, l.tax_cents, l.total_cents, l.credits, l.modifiers, l.make_seconds)::sales.priced
      from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id));
  end if;
  if o.total_cents > 0 then perform loyalty.note_referral(o); end if;
  if reckoned.points = 0 then return; end if;
  p := loyalty.current(o.business_id);
  s := loyalty.lock_standing(o.business_id, o.member_id);
  lot := loyalty.make_lot(s, p, reckoned.points, 'order:' || o.id, o.id, 'earned');
  if lot is not null then
    insert into loyalty.lot_lines (lot_id, business_id, order_line_id, weight)
    select lot, o.business_id, u.line, u.counts from unnest(reckoned.line_ids, reckoned.weights) u (line, counts) where u.counts > 0;
  end if;
  if reckoned.first then
    s := loyalty.lock_standing(o.business_id, o.member_id);
    perform loyalty.make_lot(s, p, p.first_visit_points, 'first:' || o.member_id, o.id, 'first_visit');
  end if;
end $$;
comment on function loyalty.settle is 'An order is paid: its reward is spent, and it earns (reckoned: see loyalty.reckon, where that was done before) under the programme of today. Once. Before any money moves in the ledger.';

create function loyalty.sync(order_id uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
  o sales.orders;
  s loyalty.standings;
  t loyalty.lots;
  d loyalty.redemptions;
  x loyalty.redemption_lots;
  target int;
  part int;
  rest int;
begin
  if not exists (select from loyalty.redemptions y where y.order_id = sync.order_id and y.state = 'spent') and not exists (select from loyalty.lots y join sales.orders z on z.business_id = y.business_id and z.id = y.order_id where z.id = sync.order_id) then return; end if;
  select * into strict o from sales.orders y where y.id = sync.order_id;
  s := loyalty.lock_standing(o.business_id, o.member_id);
  for t in select * from loyalty.lots y where y.business_id = o.business_id and y.order_id = o.id order by y.id loop
    -- Rounded down while a part stays, exactly all of it when nothing does: whatever the parts were.
    select case when bool_and(l.refunded_cents = l.total_cents) then t.points when t.source like 'first:%' then 0
      else floor(t.points * sum(w.weight * l.refunded_cents / l.total_cents) / nullif(sum(w.weight), 0))::int end into target
    from loyalty.lots e join loyalty.lot_lines w on w.lot_id = e.id join sales.order_lines l on l.id = w.order_line_id where e.business_id = o.business_id and e.order_id = o.id and e.source = 'order:' || o.id;
    target := coalesce(target, t.taken_back);
    if target <> t.taken_back then
      update loyalty.lots y set taken_back = target where y.id = t.id;
      perform loyalty.count_earned(t, t.taken_back - target);
      if target > t.taken_back then s := loyalty.take(s, t.id, target - t.taken_back, 'taken_back'); else s := loyalty.give(s, t.id, t.taken_back - target, 'restored'); end if;
      perform loyalty.write_down(s, case when target > t.taken_back then 'taken_back' else 'restored' end, t.taken_back - target, o.id);
    end if;
  end loop;
  select * into d from loyalty.redemptions y where y.order_id = o.id and y.state = 'spent' for no key update;
  if d.order_id is null then return; end if;
  -- A line that cost nothing goes back when it is reversed, when its place is cancelled in time, or when all that was paid goes back.
  select case when bool_and(u.gone = 1) then d.points else floor(d.points * sum(u.cut * u.gone) / nullif(sum(u.cut), 0))::int end into target
  from (select (c ->> 'cents')::numeric as cut, case when l.total_cents > 0 then l.refunded_cents::numeric / l.total_cents
      when l.state = 'reversed' or exists (select from booking.bookings k where k.business_id = l.business_id and k.order_line_id = l.id and k.state = 'cancelled')
        or o.total_cents > 0 and not exists (select from sales.order_lines z where z.business_id = o.business_id and z.order_id = o.id and z.refunded_cents < z.total_cents) then 1 else 0 end as gone
    from sales.order_lines l cross join lateral jsonb_array_elements(l.discounts) c where l.business_id = o.business_id and l.order_id = o.id and c ->> 'kind' = 'reward') u;
  target := coalesce(target, d.given_back);
  if target = d.given_back then return; end if;
  update loyalty.redemptions y set given_back = target where y.order_id = o.id;
  rest := abs(target - d.given_back);
  -- Into the lots they came from: what was taken last comes back first.
  for x in select y.* from loyalty.redemption_lots y join loyalty.lots z on z.id = y.lot_id where y.order_id = o.id
      order by case when target > d.given_back then -1 else 1 end * extract(epoch from coalesce(z.expires_at, 'infinity')), y.lot_id loop
    exit when rest = 0;
    part := least(rest, case when target > d.given_back then x.points - x.given_back else x.given_back end);
    continue when part = 0;
    update loyalty.redemption_lots y set given_back = y.given_back + case when target > d.given_back then part else -part end where y.order_id = x.order_id and y.lot_id = x.lot_id;
    if target > d.given_back then s := loyalty.give(s, x.lot_id, part, 'given_back'); else s := loyalty.take(s, x.lot_id, part, 'taken_again'); end if;
    rest := rest - part;
  end loop;
  perform loyalty.write_down(s, case when target > d.given_back then 'given_back' else 'redeemed' end, target - d.given_back, o.id, d.reward_id);
end $$;
comment on function loyalty.sync is 'After a refund, or one that failed: what an order earned and redeemed is brought to what its lines say now. Called again it does nothing, so every order of events ends the same.';

create function loyalty.tg_order_lines__points() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform loyalty.sync(new.order_id);
  return null;
end $$;
-- Refunds are written in several places; what they say of the line is where points follow. Before their money moves in the ledger.
create trigger tg_order_lines__points after update of refunded_cents, state on sales.order_lines for each row
  when (new.refunded_cents is distinct from old.refunded_cents or new.state = 'reversed' and old.state = 'fulfilled') execute function loyalty.tg_order_lines__points();

create function loyalty.tg_bookings__points() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform loyalty.sync(l.order_id) from sales.order_lines l where l.business_id = new.business_id and l.id = new.order_line_id and l.total_cents = 0 and l.discounts <> '[]';
  return null;
end $$;
create trigger tg_bookings__points after update of state on booking.bookings for each row
  when (new.state = 'cancelled' and old.state = 'confirmed') execute function loyalty.tg_bookings__points();

-- Time ----------------------------------------------------------------------------------------------------------------
create function api.expire_points(at_most int default 500) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  x record;
  s loyalty.standings;
  t loyalty.lots;
  done int := 0;
begin
  for x in select y.id, y.member_id from loyalty.lots y where y.left_points > 0 and y.expires_at <= now() order by y.expires_at limit expire_points.at_most loop
    -- Nobody is waited for: who is busy now is done next time.
    s := null;
    select * into s from loyalty.standings y where y.member_id = x.member_id for no key update skip locked;
    continue when s.member_id is null;
    select * into t from loyalty.lots y where y.id = x.id and y.left_points > 0 and y.expires_at <= now();
    continue when t.id is null;
    update loyalty.lots y set left_points = 0 where y.id = t.id;
    perform ledger.transfer(s.business_id, 'points_expired', gen_random_uuid()::text, array[ledger.account(s.business_id, 'points', 'points', t.id::text), loyalty.issued(t.programme_id, s.business_id, s.member_id)], array[t.left_points, -t.left_points]::bigint[]);
    perform loyalty.write_down(s, 'expired', -t.left_points, null);
    done := done + 1;
  end loop;
  return done;
end $$;
comment on function api.expire_points is 'Takes points off the books whose time is over. Correctness never waits for it: a lot that ran out is ignored by readers. Run by a job.';
grant execute on function api.expire_points to service_role;

create function api.give_birthday_points() returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  x record;
  s loyalty.standings;
  done int := 0;
begin
  -- Whoever has dealt with the programme before, on the day on which the desk wishes them well.
  for x in select m.business_id, m.id, p, extract(year from now() at time zone b.time_zone)::int as year from loyalty.programmes p join business.businesses b on b.id = p.business_id join members.members m on m.business_id = p.business_id
      join loyalty.standings z on z.member_id = m.id
      where p.superseded_at is null and p.birthday_points > 0 and m.birthday is not null
        and members.is_birthday(m.birthday, (now() at time zone b.time_zone)::date) loop
    select * into s from loyalty.standings y where y.member_id = x.id for no key update skip locked;
    if found and loyalty.make_lot(s, x.p, (x.p).birthday_points, 'birthday:' || x.id || ':' || x.year, null, 'birthday') is not null then done := done + 1; end if;
  end loop;
  return done;
end $$;
comment on function api.give_birthday_points is 'Points for whoever has their birthday today, once a year. Run by a job.';
grant execute on function api.give_birthday_points to service_role;
