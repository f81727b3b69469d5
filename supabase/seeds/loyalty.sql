-- Loyalty: points at Lotus & Bean, a stamp card at Barbería Sur.

insert into loyalty.programmes (id, business_id, unit, name, earn_by, earn_points, earn_cents, first_visit_points, birthday_points, expires_days, hundred_worth_cents, inviter_points, newcomer_points, referral_min_cents, referral_month_cap, created_at) values
  ('92000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', 'points', '{"en": "Petals", "es": "Pétalos"}', 'spend', 2, 100, 20, 50, 365, 400, 60, 40, 500, 10, now() - interval '90 days'),
  ('92000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000002', 'stamps', '{"en": "House card", "es": "Tarjeta de la casa"}', 'order', 1, 100000, 0, 1, 365, 4000000, 1, 1, null, 6, now() - interval '90 days');
insert into loyalty.boosts (business_id, programme_id, category_id, factor_percent) values ('10000000-0000-4000-8000-000000000001', '92000000-0000-4000-8000-000000000001', '81000000-0000-4000-8000-000000000004', 200);
insert into loyalty.boosts (business_id, programme_id, weekday, factor_percent) values ('10000000-0000-4000-8000-000000000001', '92000000-0000-4000-8000-000000000001', 2, 150);
insert into loyalty.tiers (business_id, programme_id, name, from_points, factor_percent) values
  ('10000000-0000-4000-8000-000000000001', '92000000-0000-4000-8000-000000000001', '{"en": "Bud", "es": "Brote"}', 0, 100),
  ('10000000-0000-4000-8000-000000000001', '92000000-0000-4000-8000-000000000001', '{"en": "Blossom", "es": "Flor"}', 400, 125),
  ('10000000-0000-4000-8000-000000000001', '92000000-0000-4000-8000-000000000001', '{"en": "Lotus", "es": "Loto"}', 1500, 150);
insert into loyalty.rewards (id, business_id, name, kind, product_id, category_id, amount_cents, price_points, position) values
  ('93000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', '{"en": "Something from the oven", "es": "Algo del horno"}', 'product', null, '81000000-0000-4000-8000-000000000004', null, 60, 1),
  ('93000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000001', '{"en": "A coffee on us", "es": "Un café de la casa"}', 'product', null, '81000000-0000-4000-8000-000000000001', null, 80, 2),
  ('93000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000001', '{"en": "5 € off", "es": "5 € menos"}', 'money', null, null, 500, 120, 3),
  ('93000000-0000-4000-8000-000000000004', '10000000-0000-4000-8000-000000000001', '{"en": "A class on us", "es": "Una clase de la casa"}', 'class', null, null, null, 400, 4),
  ('93000000-0000-4000-8000-000000000021', '10000000-0000-4000-8000-000000000002', '{"en": "A coffee with milk", "es": "Un café con leche"}', 'product', '83000000-0000-4000-8000-000000000021', null, null, 6, 1);

-- What was bought before there was a programme counts too.
do $$
declare o sales.orders;
begin
  for o in select x.* from sales.orders x join members.members m on m.id = x.member_id where x.state = 'paid' and x.total_cents > 0 and (m.email::text in ('ada@example.test', 'bruno@example.test') or m.email::text like 'regular%') order by x.placed_at loop
    perform loyalty.settle(o);
  end loop;
end $$;

-- Two came by a friend's link; both have bought something since.
do $$
declare r loyalty.referrals;
begin
  for r in insert into loyalty.referrals (business_id, inviter_id, newcomer_id, brought_at)
      select a.business_id, a.id, b.id, now() - interval '120 days' from members.members a join members.members b on b.business_id = a.business_id
      where a.email::text like 'regular1@%' and (b.email::text like 'regular2@%' or b.email::text like 'regular5@%') returning * loop
    perform api.settle_referral(r.id);
  end loop;
end $$;
