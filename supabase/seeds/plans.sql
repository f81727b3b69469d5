-- Packs and memberships, and who has one.

insert into members.plans (id, business_id, slug, kind, name, summary, price_cents, tax_rate_bp, credits, valid_days, starts, first_timers_only, once_each, shareable, every, rollover_credits, trial_days, intro_price_cents, intro_periods, freeze_rule, position) values
  ('80000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', 'first-three', 'pack', '{"en": "First three", "es": "Primeras tres"}', '{"en": "Three classes to find out which one is yours.", "es": "Tres clases para descubrir cuál es la tuya."}', 2900, 2100, 3, 30, 'first_use', true, true, false, null, 0, 0, null, 0, 'shift', 0),
  ('80000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000001', 'ten-classes', 'pack', '{"en": "Ten classes", "es": "Diez clases"}', '{"en": "For whenever it suits, alone or with a friend.", "es": "Para cuando te venga bien, a solas o en compañía."}', 13000, 2100, 10, 180, 'purchase', false, false, true, null, 0, 0, null, 0, 'shift', 1),
  ('80000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000001', 'five-evenings', 'pack', '{"en": "Five quiet evenings", "es": "Cinco tardes tranquilas"}', '{"en": "Candlelight Yin and Restore.", "es": "Yin a la luz de las velas y Restaura."}', 7500, 2100, 5, 90, 'first_use', false, false, false, null, 0, 0, null, 0, 'shift', 2),
  ('80000000-0000-4000-8000-000000000004', '10000000-0000-4000-8000-000000000001', 'eight-a-month', 'membership', '{"en": "Eight a month", "es": "Ocho al mes"}', '{"en": "Twice a week; what you miss goes on to the next month.", "es": "Dos por semana; lo que no uses pasa al mes siguiente."}', 8900, 2100, 8, null, 'purchase', false, false, false, 'month', 4, 0, null, 0, 'shift', 3),
  ('80000000-0000-4000-8000-000000000005', '10000000-0000-4000-8000-000000000001', 'unlimited', 'membership', '{"en": "Unlimited", "es": "Sin límite"}', '{"en": "Every class, every day. A week to try it first.", "es": "Todas las clases, todos los días. Primero, una semana de prueba."}', 11900, 2100, null, null, 'purchase', false, false, false, 'month', 0, 7, null, 0, 'prorate', 4),
  ('80000000-0000-4000-8000-000000000006', '10000000-0000-4000-8000-000000000001', 'unlimited-year', 'membership', '{"en": "Unlimited, a year", "es": "Sin límite, un año"}', '{"en": "Twelve months for the price of ten.", "es": "Doce meses por el precio de diez."}', 119000, 2100, null, null, 'purchase', false, false, false, 'year', 0, 0, null, 0, 'continue', 5),
  ('80000000-0000-4000-8000-000000000007', '10000000-0000-4000-8000-000000000001', 'autumn-start', 'membership', '{"en": "Autumn start", "es": "Comienzo de otoño"}', '{"en": "Unlimited, half price for the first two months.", "es": "Sin límite, a mitad de precio los dos primeros meses."}', 11900, 2100, null, null, 'purchase', false, true, false, 'month', 0, 0, 5950, 2, 'shift', 6),
  ('80000000-0000-4000-8000-000000000021', '10000000-0000-4000-8000-000000000002', 'tres-talleres', 'pack', '{"en": "Three workshops", "es": "Tres talleres"}', '{"en": "Shave, beard and cut, when you like.", "es": "Afeitado, barba y corte, cuando quieras."}', 10800000, 2100, 3, 365, 'purchase', false, false, true, null, 0, 0, null, 0, 'shift', 0);

insert into members.plan_classes (business_id, plan_id, class_type_id)
select '10000000-0000-4000-8000-000000000001', '80000000-0000-4000-8000-000000000003', t.id from booking.class_types t where t.slug in ('candle-yin', 'restore');

-- Quiet evenings are given to who has asked longest; one class asks first, another is for the quickest.
update booking.class_types set waitlist_mode = 'offer', waitlist_offer_minutes = 60 where slug = 'restore';
update booking.class_types set waitlist_mode = 'claim' where slug = 'lunch-power';
update booking.class_types set late_fee_cents = 800, no_show_fee_cents = 500 where business_id = '10000000-0000-4000-8000-000000000001' and price_cents > 0;

create function pg_temp.sell_plan(buyer uuid, slug text) returns void language plpgsql as $$
declare
  placed jsonb;
  token text := repeat('seed-plans-', 4);
  lotus uuid := '10000000-0000-4000-8000-000000000001';
begin
  perform set_config('request.jwt.claims', jsonb_build_object('sub', buyer, 'role', 'authenticated')::text, true);
  perform api.add_plan_to_cart(lotus, slug, token || right(buyer::text, 12));
  placed := api.place_order(lotus, 'seed-plan-' || slug || right(buyer::text, 12), token || right(buyer::text, 12));
  perform payments.pay_at_once(o, 'terminal') from sales.orders o where o.id = (placed ->> 'order_id')::uuid;
end $$;

do $$
declare
  lotus uuid := '10000000-0000-4000-8000-000000000001';
  carla uuid := '30000000-0000-4000-8000-000000000010';
  s record;
begin
  perform pg_temp.sell_plan(carla, 'ten-classes');
  -- Regulars with passes of their own.
  for n in 101 .. 104 loop
    perform pg_temp.sell_plan(('30000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'ten-classes');
  end loop;
  -- Carla pays two coming classes with hers.
  perform set_config('request.jwt.claims', jsonb_build_object('sub', carla, 'role', 'authenticated')::text, true);
  for s in select x.id from booking.sessions x join booking.class_types t on t.id = x.class_type_id where t.slug = 'hatha-basics' and x.starts_at > now() + interval '3 days' and x.seats_taken < x.capacity order by x.starts_at limit 2 loop
    perform api.book_session(lotus, s.id, 'seed-carla-with-pass-' || s.id, 'pass');
  end loop;
  -- The sold-out evening has a line: Bruno first, then two regulars.
  for s in select x.id from booking.sessions x join booking.class_types t on t.id = x.class_type_id
      where t.slug = 'candle-yin' and x.seats_taken = x.capacity and x.starts_at > now() + interval '3 hours' order by x.starts_at limit 1 loop
    perform set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000007", "role": "authenticated"}', true);
    perform api.join_waitlist(lotus, s.id, 'seed-bruno-waits');
  end loop;
  perform set_config('request.jwt.claims', '', true);
end $$;
