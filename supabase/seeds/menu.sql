-- The bar of Lotus & Bean, and the shelf of Barbería Sur: what is on the menu, what it is made of, and a first delivery.

insert into shop.counters (location_id, business_id, hours, slot_minutes, slot_seconds, lead_minutes, days_ahead, tip_percents) values
  ('20000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', '[]', 5, 480, 3, 1, '{0,5,10}'),
  ('20000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000002', '[]', 10, 600, 5, 3, '{0,10,15}');

insert into shop.categories (id, business_id, slug, name, summary, position) values
  ('81000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', 'coffee', '{"en": "Coffee", "es": "Café"}', '{"en": "Beans from Huila, roasted on Tuesdays two streets away.", "es": "Granos de Huila, tostados los martes a dos calles."}', 1),
  ('81000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000001', 'tea', '{"en": "Tea and more", "es": "Té y más"}', '{"en": "Warm things without the rush.", "es": "Cosas calientes, sin prisa."}', 2),
  ('81000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000001', 'breakfast', '{"en": "Breakfast", "es": "Desayuno"}', '{"en": "Served until eleven.", "es": "Se sirve hasta las once."}', 3),
  ('81000000-0000-4000-8000-000000000004', '10000000-0000-4000-8000-000000000001', 'bakery', '{"en": "From the oven", "es": "Del horno"}', '{"en": "Baked next door, carried over by hand.", "es": "Horneado al lado, traído a mano."}', 4),
  ('81000000-0000-4000-8000-000000000005', '10000000-0000-4000-8000-000000000001', 'shelf', '{"en": "To take home", "es": "Para casa"}', '{"en": "Beans, mats and a cup to remember us by.", "es": "Café, esterillas y una taza de recuerdo."}', 5),
  ('81000000-0000-4000-8000-000000000021', '10000000-0000-4000-8000-000000000002', 'mostrador', '{"en": "At the counter", "es": "En el mostrador"}', '{"en": "While you wait.", "es": "Mientras esperás."}', 1),
  ('81000000-0000-4000-8000-000000000022', '10000000-0000-4000-8000-000000000002', 'estante', '{"en": "To take home", "es": "Para llevar a casa"}', '{"en": "What we use ourselves.", "es": "Lo mismo que usamos nosotros."}', 2);

insert into shop.day_parts (id, business_id, name, days, from_time, until_time) values
  ('82000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', '{"en": "Breakfast", "es": "Desayuno"}', '{1,2,3,4,5,6,7}', '07:00', '11:00');

insert into shop.products (id, business_id, category_id, slug, kind, name, summary, description, picture, price_cents, tax_rate_bp, takeaway_tax_rate_bp, make_seconds, allergens, diets, day_part_id, position, published) values
  ('83000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', '81000000-0000-4000-8000-000000000001', 'espresso', 'made', '{"en": "Espresso", "es": "Espresso"}', '{"en": "Short, dark, gone.", "es": "Corto, intenso, adiós."}', '{"en": "Eighteen grams in, thirty-six out, twenty-eight seconds between them.", "es": "Dieciocho gramos dentro, treinta y seis fuera, veintiocho segundos entre medias."}', 'drink/espresso', 190, 1000, null, 40, '{}', '{vegan,vegetarian,gluten_free,lactose_free}', null, 1, true),
  ('83000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000001', '81000000-0000-4000-8000-000000000001', 'cortado', 'made', '{"en": "Cortado", "es": "Cortado"}', '{"en": "Espresso, calmed by a little milk.", "es": "Espresso con un poco de leche que lo calma."}', '{"en": "Equal parts, in a glass, as the neighbourhood has it.", "es": "A partes iguales y en vaso, como manda el barrio."}', 'drink/cortado', 220, 1000, null, 50, '{milk}', '{vegetarian,gluten_free}', null, 2, true),
  ('83000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000001', '81000000-0000-4000-8000-000000000001', 'flat-white', 'made', '{"en": "Flat white", "es": "Flat white"}', '{"en": "Double shot, velvet milk.", "es": "Doble carga y leche de terciopelo."}', '{"en": "The one most people mean when they say coffee here.", "es": "El que casi todos quieren decir aquí cuando dicen café."}', 'drink/flat-white', 310, 1000, null, 70, '{milk}', '{vegetarian,gluten_free}', null, 3, true),
  ('83000000-0000-4000-8000-000000000004', '10000000-0000-4000-8000-000000000001', '81000000-0000-4000-8000-000000000001', 'cappuccino', 'made', '{"en": "Cappuccino", "es": "Capuchino"}', '{"en": "With foam you can lean a spoon on.", "es": "Con espuma que sostiene la cuchara."}', '{"en": "Cocoa on top if you ask.", "es": "Con cacao por encima si lo pides."}', 'drink/cappuccino', 300, 1000, null, 75, '{milk}', '{vegetarian,gluten_free}', null, 4, true),
  ('83000000-0000-4000-8000-000000000005', '10000000-0000-4000-8000-000000000001', '81000000-0000-4000-8000-000000000001', 'filter', 'made', '{"en": "Filter of the week", "es": "Filtro de la semana"}', '{"en": "One cup, poured by hand.", "es": "Una taza, vertida a mano."}', '{"en": "Takes four minutes and is worth five.", "es": "Tarda cuatro minutos y merece cinco."}', 'drink/filter', 350, 1000, null, 150, '{}', '{vegan,vegetarian,gluten_free,lactose_free}', null, 5, true),
  ('83000000-0000-4000-8000-000000000006', '10000000-0000-4000-8000-000000000001', '81000000-0000-4000-8000-000000000001', 'cold-brew', 'made', '{"en": "Cold brew", "es": "Cold brew"}', '{"en": "Eighteen hours in the dark.", "es": "Dieciocho horas a oscuras."}', '{"en": "Over one big cube, with a strip of orange.", "es": "Con un hielo grande y una tira de naranja."}', 'drink/cold-brew', 380, 1000, null, 25, '{}', '{vegan,vegetarian,gluten_free,lactose_free}', null, 6, true),
  ('83000000-0000-4000-8000-000000000007', '10000000-0000-4000-8000-000000000001', '81000000-0000-4000-8000-000000000002', 'chai', 'made', '{"en": "Masala chai", "es": "Chai masala"}', '{"en": "Noor’s grandmother’s spices.", "es": "Las especias de la abuela de Noor."}', '{"en": "Simmered, not steeped; sweet unless you say so.", "es": "Cocido, no infusionado; dulce si no dices lo contrario."}', 'drink/chai', 360, 1000, null, 80, '{milk}', '{vegetarian,gluten_free}', null, 1, true),
  ('83000000-0000-4000-8000-000000000008', '10000000-0000-4000-8000-000000000001', '81000000-0000-4000-8000-000000000002', 'matcha', 'made', '{"en": "Matcha latte", "es": "Matcha latte"}', '{"en": "Whisked while you watch.", "es": "Batido mientras miras."}', '{"en": "Ceremonial leaf from Uji, never sweetened.", "es": "Hoja ceremonial de Uji, sin azúcar."}', 'drink/matcha', 420, 1000, null, 90, '{milk}', '{vegetarian,gluten_free}', null, 2, true),
  ('83000000-0000-4000-8000-000000000009', '10000000-0000-4000-8000-000000000001', '81000000-0000-4000-8000-000000000002', 'mint-tea', 'made', '{"en": "Mint tea", "es": "Té de menta"}', '{"en": "A fistful of leaves, hot water, patience.", "es": "Un puñado de hojas, agua caliente y paciencia."}', '{}', 'drink/mint-tea', 260, 1000, null, 35, '{}', '{vegan,vegetarian,gluten_free,lactose_free,decaf}', null, 3, true),
  ('83000000-0000-4000-8000-000000000010', '10000000-0000-4000-8000-000000000001', '81000000-0000-4000-8000-000000000003', 'porridge', 'made', '{"en": "Oat porridge", "es": "Gachas de avena"}', '{"en": "Stewed apple, almonds, a thread of honey.", "es": "Manzana asada, almendras y un hilo de miel."}', '{}', 'food/porridge', 590, 1000, null, 120, '{gluten,milk,nuts}', '{vegetarian}', '82000000-0000-4000-8000-000000000001', 1, true),
  ('83000000-0000-4000-8000-000000000011', '10000000-0000-4000-8000-000000000001', '81000000-0000-4000-8000-000000000003', 'tomato-toast', 'made', '{"en": "Toast with tomato", "es": "Tostada con tomate"}', '{"en": "Grated tomato, good oil, sea salt.", "es": "Tomate rallado, buen aceite y sal."}', '{}', 'food/tomato-toast', 380, 1000, null, 90, '{gluten}', '{vegan,vegetarian,lactose_free}', '82000000-0000-4000-8000-000000000001', 2, true),
  ('83000000-0000-4000-8000-000000000012', '10000000-0000-4000-8000-000000000001', '81000000-0000-4000-8000-000000000004', 'croissant', 'made', '{"en": "Butter croissant", "es": "Cruasán de mantequilla"}', '{"en": "Twenty-seven layers. We counted once.", "es": "Veintisiete capas. Las contamos una vez."}', '{}', 'food/croissant', 240, 1000, null, 10, '{gluten,milk,egg}', '{vegetarian}', null, 1, true),
  ('83000000-0000-4000-8000-000000000013', '10000000-0000-4000-8000-000000000001', '81000000-0000-4000-8000-000000000004', 'banana-bread', 'made', '{"en": "Banana bread", "es": "Bizcocho de plátano"}', '{"en": "Toasted on request, with butter on honour.", "es": "Tostado si quieres; con mantequilla, palabra."}', '{}', 'food/banana-bread', 320, 1000, null, 30, '{gluten,egg,nuts}', '{vegetarian}', null, 2, true),
  ('83000000-0000-4000-8000-000000000014', '10000000-0000-4000-8000-000000000001', '81000000-0000-4000-8000-000000000003', 'early-bird', 'bundle', '{"en": "Early bird", "es": "Madrugador"}', '{"en": "A flat white and a croissant, for those on the first mat.", "es": "Un flat white y un cruasán, para quien estrena la esterilla."}', '{}', 'food/early-bird', 480, 1000, null, 0, '{gluten,milk,egg}', '{vegetarian}', '82000000-0000-4000-8000-000000000001', 0, true),
  ('83000000-0000-4000-8000-000000000015', '10000000-0000-4000-8000-000000000001', '81000000-0000-4000-8000-000000000005', 'beans', 'retail', '{"en": "Huila beans", "es": "Café de Huila"}', '{"en": "Red fruit, panela, a long goodbye.", "es": "Fruta roja, panela y una despedida larga."}', '{"en": "Roasted last Tuesday. Whole, unless you ask us to grind it.", "es": "Tostado el martes pasado. En grano, salvo que nos pidas molerlo."}', 'shelf/beans', 1150, 1000, null, 15, '{}', '{vegan,vegetarian,gluten_free,lactose_free}', null, 1, true),
  ('83000000-0000-4000-8000-000000000016', '10000000-0000-4000-8000-000000000001', '81000000-0000-4000-8000-000000000005', 'mat', 'retail', '{"en": "Cork mat", "es": "Esterilla de corcho"}', '{"en": "Grips better the harder you work.", "es": "Agarra más cuanto más trabajas."}', '{}', 'shelf/mat', 6900, 2100, null, 0, '{}', '{}', null, 2, true),
  ('83000000-0000-4000-8000-000000000017', '10000000-0000-4000-8000-000000000001', '81000000-0000-4000-8000-000000000005', 'cup', 'retail', '{"en": "Studio cup", "es": "Taza del estudio"}', '{"en": "Thrown by Irene’s sister; no two alike.", "es": "Torneada por la hermana de Irene; no hay dos iguales."}', '{}', 'shelf/cup', 1800, 2100, null, 0, '{}', '{}', null, 3, true),
  ('83000000-0000-4000-8000-000000000021', '10000000-0000-4000-8000-000000000002', '81000000-0000-4000-8000-000000000021', 'cafe-con-leche', 'made', '{"en": "Coffee with milk", "es": "Café con leche"}', '{"en": "In a tall glass, as it should be.", "es": "En vaso alto, como corresponde."}', '{}', 'drink/cortado', 280000, 2100, null, 70, '{milk}', '{vegetarian,gluten_free}', null, 1, true),
  ('83000000-0000-4000-8000-000000000022', '10000000-0000-4000-8000-000000000002', '81000000-0000-4000-8000-000000000021', 'medialuna', 'made', '{"en": "Medialuna", "es": "Medialuna de manteca"}', '{"en": "Sweet, small, never just one.", "es": "Dulce, chica, nunca una sola."}', '{}', 'food/croissant', 120000, 2100, null, 10, '{gluten,milk,egg}', '{vegetarian}', null, 2, true),
  ('83000000-0000-4000-8000-000000000023', '10000000-0000-4000-8000-000000000002', '81000000-0000-4000-8000-000000000022', 'pomada', 'retail', '{"en": "Matte pomade", "es": "Pomada mate"}', '{"en": "Holds, does not shine.", "es": "Fija y no brilla."}', '{}', 'shelf/jar', 1450000, 2100, null, 0, '{}', '{}', null, 1, true);

insert into shop.bundle_items (business_id, bundle_id, product_id, quantity) values
  ('10000000-0000-4000-8000-000000000001', '83000000-0000-4000-8000-000000000014', '83000000-0000-4000-8000-000000000003', 1),
  ('10000000-0000-4000-8000-000000000001', '83000000-0000-4000-8000-000000000014', '83000000-0000-4000-8000-000000000012', 1);

insert into shop.modifier_groups (id, business_id, name, kind, min_choices, max_choices, position) values
  ('84000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', '{"en": "Size", "es": "Tamaño"}', 'choice', 1, 1, 1),
  ('84000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000001', '{"en": "Milk", "es": "Leche"}', 'choice', 1, 1, 2),
  ('84000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000001', '{"en": "Extras", "es": "Extras"}', 'choice', 0, 4, 3),
  ('84000000-0000-4000-8000-000000000004', '10000000-0000-4000-8000-000000000001', '{"en": "Bag", "es": "Bolsa"}', 'variant', 1, 1, 1),
  ('84000000-0000-4000-8000-000000000005', '10000000-0000-4000-8000-000000000001', '{"en": "Grind", "es": "Molienda"}', 'choice', 1, 1, 2),
  ('84000000-0000-4000-8000-000000000021', '10000000-0000-4000-8000-000000000002', '{"en": "Milk", "es": "Leche"}', 'choice', 1, 1, 1);
insert into shop.modifiers (id, business_id, group_id, name, price_cents, make_seconds, max_each, is_default, allergens, position) values
  ('85000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', '84000000-0000-4000-8000-000000000001', '{"en": "Regular", "es": "Normal"}', 0, 0, 1, true, '{}', 1),
  ('85000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000001', '84000000-0000-4000-8000-000000000001', '{"en": "Large", "es": "Grande"}', 60, 10, 1, false, '{}', 2),
  ('85000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000001', '84000000-0000-4000-8000-000000000002', '{"en": "Whole milk", "es": "Leche entera"}', 0, 0, 1, true, '{milk}', 1),
  ('85000000-0000-4000-8000-000000000004', '10000000-0000-4000-8000-000000000001', '84000000-0000-4000-8000-000000000002', '{"en": "Oat", "es": "Avena"}', 40, 5, 1, false, '{gluten}', 2),
  ('85000000-0000-4000-8000-000000000005', '10000000-0000-4000-8000-000000000001', '84000000-0000-4000-8000-000000000002', '{"en": "Lactose-free", "es": "Sin lactosa"}', 0, 5, 1, false, '{milk}', 3),
  ('85000000-0000-4000-8000-000000000006', '10000000-0000-4000-8000-000000000001', '84000000-0000-4000-8000-000000000003', '{"en": "Extra shot", "es": "Carga extra"}', 80, 25, 2, false, '{}', 1),
  ('85000000-0000-4000-8000-000000000007', '10000000-0000-4000-8000-000000000001', '84000000-0000-4000-8000-000000000003', '{"en": "Vanilla", "es": "Vainilla"}', 50, 5, 1, false, '{}', 2),
  ('85000000-0000-4000-8000-000000000008', '10000000-0000-4000-8000-000000000001', '84000000-0000-4000-8000-000000000003', '{"en": "Cocoa on top", "es": "Cacao por encima"}', 0, 3, 1, false, '{}', 3),
  ('85000000-0000-4000-8000-000000000009', '10000000-0000-4000-8000-000000000001', '84000000-0000-4000-8000-000000000004', '{"en": "250 g", "es": "250 g"}', 0, 0, 1, true, '{}', 1),
  ('85000000-0000-4000-8000-000000000010', '10000000-0000-4000-8000-000000000001', '84000000-0000-4000-8000-000000000004', '{"en": "1 kg", "es": "1 kg"}', 2650, 0, 1, false, '{}', 2),
  ('85000000-0000-4000-8000-000000000011', '10000000-0000-4000-8000-000000000001', '84000000-0000-4000-8000-000000000005', '{"en": "Whole bean", "es": "En grano"}', 0, 0, 1, true, '{}', 1),
  ('85000000-0000-4000-8000-000000000012', '10000000-0000-4000-8000-000000000001', '84000000-0000-4000-8000-000000000005', '{"en": "For moka", "es": "Para moka"}', 0, 30, 1, false, '{}', 2),
  ('85000000-0000-4000-8000-000000000013', '10000000-0000-4000-8000-000000000001', '84000000-0000-4000-8000-000000000005', '{"en": "For filter", "es": "Para filtro"}', 0, 30, 1, false, '{}', 3),
  ('85000000-0000-4000-8000-000000000021', '10000000-0000-4000-8000-000000000002', '84000000-0000-4000-8000-000000000021', '{"en": "Whole milk", "es": "Leche entera"}', 0, 0, 1, true, '{milk}', 1),
  ('85000000-0000-4000-8000-000000000022', '10000000-0000-4000-8000-000000000002', '84000000-0000-4000-8000-000000000021', '{"en": "Almond", "es": "Almendra"}', 60000, 5, 1, false, '{nuts}', 2);
insert into shop.product_modifier_groups (business_id, product_id, group_id, position)
select p.business_id, p.id, g.id, g.position from shop.products p join shop.modifier_groups g on g.business_id = p.business_id
where (p.slug, g.name ->> 'en') in (
  ('flat-white', 'Size'), ('flat-white', 'Milk'), ('flat-white', 'Extras'), ('cappuccino', 'Size'), ('cappuccino', 'Milk'), ('cappuccino', 'Extras'), ('cortado', 'Milk'), ('cortado', 'Extras'), ('espresso', 'Extras'),
  ('chai', 'Size'), ('chai', 'Milk'), ('matcha', 'Size'), ('matcha', 'Milk'), ('early-bird', 'Milk'), ('cold-brew', 'Extras'), ('beans', 'Bag'), ('beans', 'Grind'), ('cafe-con-leche', 'Milk'));

-- Their milk is the usual option's; the early bird's croissant has some of its own.
update shop.products p set replaceable_allergens = '{milk}' where p.slug in ('flat-white', 'cappuccino', 'cortado', 'chai', 'matcha', 'cafe-con-leche');

insert into shop.stock_items (id, business_id, name, unit, unit_cost, supplier, pack_size) values
  ('86000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', '{"en": "Espresso beans", "es": "Café en grano"}', 'g', 2.2, 'Tostadero Olmo', 5000),
  ('86000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000001', '{"en": "Whole milk", "es": "Leche entera"}', 'ml', 0.11, 'Granja Valle', 12000),
  ('86000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000001', '{"en": "Oat drink", "es": "Bebida de avena"}', 'ml', 0.19, 'Avenar', 6000),
  ('86000000-0000-4000-8000-000000000004', '10000000-0000-4000-8000-000000000001', '{"en": "Lactose-free milk", "es": "Leche sin lactosa"}', 'ml', 0.14, 'Granja Valle', 6000),
  ('86000000-0000-4000-8000-000000000005', '10000000-0000-4000-8000-000000000001', '{"en": "Matcha", "es": "Matcha"}', 'g', 28, 'Uji & Co', 100),
  ('86000000-0000-4000-8000-000000000006', '10000000-0000-4000-8000-000000000001', '{"en": "Croissants", "es": "Cruasanes"}', 'piece', 85, 'Horno de al lado', 12),
  ('86000000-0000-4000-8000-000000000007', '10000000-0000-4000-8000-000000000001', '{"en": "Banana bread, slices", "es": "Bizcocho, porciones"}', 'piece', 95, 'Horno de al lado', 10),
  ('86000000-0000-4000-8000-000000000008', '10000000-0000-4000-8000-000000000001', '{"en": "Beans, bag of 250 g", "es": "Café, bolsa de 250 g"}', 'piece', 620, 'Tostadero Olmo', 10),
  ('86000000-0000-4000-8000-000000000009', '10000000-0000-4000-8000-000000000001', '{"en": "Beans, bag of 1 kg", "es": "Café, bolsa de 1 kg"}', 'piece', 2250, 'Tostadero Olmo', 4),
  ('86000000-0000-4000-8000-000000000010', '10000000-0000-4000-8000-000000000001', '{"en": "Cork mats", "es": "Esterillas de corcho"}', 'piece', 3400, 'Corcho Sur', 5),
  ('86000000-0000-4000-8000-000000000011', '10000000-0000-4000-8000-000000000001', '{"en": "Studio cups", "es": "Tazas del estudio"}', 'piece', 900, 'Taller Castaño', 6),
  ('86000000-0000-4000-8000-000000000021', '10000000-0000-4000-8000-000000000002', '{"en": "Pomade, jars", "es": "Pomada, potes"}', 'piece', 700000, 'Sur Cosmética', 12);
insert into shop.recipe_lines (business_id, product_id, stock_item_id, quantity)
select p.business_id, p.id, i.id, r.quantity from (values
  ('espresso', 'Espresso beans', 18), ('cortado', 'Espresso beans', 18), ('cortado', 'Whole milk', 60), ('flat-white', 'Espresso beans', 18), ('flat-white', 'Whole milk', 200), ('cappuccino', 'Espresso beans', 18), ('cappuccino', 'Whole milk', 180),
  ('filter', 'Espresso beans', 16), ('cold-brew', 'Espresso beans', 20), ('chai', 'Whole milk', 180), ('matcha', 'Matcha', 3), ('matcha', 'Whole milk', 200), ('croissant', 'Croissants', 1), ('banana-bread', 'Banana bread, slices', 1),
  ('mat', 'Cork mats', 1), ('cup', 'Studio cups', 1), ('pomada', 'Pomade, jars', 1)) r (slug, item, quantity)
join shop.products p on p.slug = r.slug join shop.stock_items i on i.business_id = p.business_id and i.name ->> 'en' = r.item;
insert into shop.recipe_lines (business_id, modifier_id, stock_item_id, quantity)
select m.business_id, m.id, i.id, r.quantity from (values
  ('Large', 'Whole milk', 60), ('Oat', 'Whole milk', -200), ('Oat', 'Oat drink', 200), ('Lactose-free', 'Whole milk', -200), ('Lactose-free', 'Lactose-free milk', 200), ('Extra shot', 'Espresso beans', 18),
  ('250 g', 'Beans, bag of 250 g', 1), ('1 kg', 'Beans, bag of 1 kg', 1)) r (modifier, item, quantity)
join shop.modifiers m on m.name ->> 'en' = r.modifier and m.business_id = '10000000-0000-4000-8000-000000000001' join shop.stock_items i on i.business_id = m.business_id and i.name ->> 'en' = r.item;

-- The first delivery, and what makes the team order more.
select shop.move_stock(i.business_id, l.id, 'delivery', 'delivery:opening', array[i.id], array[i.pack_size * case i.unit when 'piece' then 3 else 8 end], 'opening stock')
from shop.stock_items i join business.locations l on l.business_id = i.business_id;
update shop.stock_levels v set low_at = i.pack_size, par = i.pack_size * 4 from shop.stock_items i where i.id = v.stock_item_id;

-- An afternoon off in the coming two weeks.
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000002", "role": "authenticated"}', true);
select api.save_special_day('10000000-0000-4000-8000-000000000001', '20000000-0000-4000-8000-000000000001', (now() at time zone 'Europe/Madrid')::date + 9, '[{"opens": "09:30", "closes": "14:00"}]', '{"en": "The team tastes next year’s coffees", "es": "El equipo cata los cafés del año que viene"}');
select set_config('request.jwt.claims', '', true);
