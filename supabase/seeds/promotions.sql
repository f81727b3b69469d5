-- Codes to try: at Lotus & Bean for newcomers, for the bar and one that is over; at Barbería Sur for the shelf.

insert into sales.promotions (id, business_id, code, label, kind, percent, amount_cents, goods, starts_at, ends_at, min_cents, first_order_only, max_uses, max_per_member, published) values
  ('91000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', 'WELCOME', '{"en": "Welcome: 15 % off your first order", "es": "Bienvenida: 15 % en tu primer pedido"}', 'percent', 15, null, 'both', now() - interval '60 days', null, 0, true, null, 1, true),
  ('91000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000001', 'SLOWMORNING', '{"en": "Slow morning: 2 € off at the bar", "es": "Mañana lenta: 2 € en la barra"}', 'amount', null, 200, 'bar', now() - interval '20 days', now() + interval '40 days', 800, false, 200, null, true),
  ('91000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000001', 'OVEN', '{"en": "Half price from the oven", "es": "Del horno, a mitad de precio"}', 'product', 50, null, 'bar', now() - interval '5 days', now() + interval '9 days', 0, false, null, 3, true),
  ('91000000-0000-4000-8000-000000000004', '10000000-0000-4000-8000-000000000001', 'AUTUMN', '{"en": "Autumn on the mat: 10 % off classes", "es": "Otoño en la esterilla: 10 % en clases"}', 'percent', 10, null, 'classes', now() - interval '90 days', now() - interval '10 days', 0, false, null, null, true),
  ('91000000-0000-4000-8000-000000000021', '10000000-0000-4000-8000-000000000002', 'POMADA', '{"en": "A tenth off the pomade", "es": "Un diez por ciento menos en la pomada"}', 'product', 10, null, 'bar', now() - interval '10 days', null, 0, false, null, null, true);

insert into sales.promotion_products (business_id, promotion_id, category_id, product_id)
select '10000000-0000-4000-8000-000000000001'::uuid, '91000000-0000-4000-8000-000000000003'::uuid, c.id, null::uuid from shop.categories c where c.business_id = '10000000-0000-4000-8000-000000000001' and c.slug = 'bakery'
union all
select '10000000-0000-4000-8000-000000000002', '91000000-0000-4000-8000-000000000021', null, p.id from shop.products p where p.business_id = '10000000-0000-4000-8000-000000000002' and p.slug = 'pomada';
