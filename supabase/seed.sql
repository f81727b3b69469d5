-- Demo data: two businesses, their people and what is on. Names of tests come from here (tests/world.ts). Run once on a fresh
-- database by `npm start` and the tests; never by `supabase db push`. Everything that is bought is bought through the api functions.

insert into business.businesses (id, slug, name, currency, time_zone, country, locales, tagline, about, branding, email, phone, address, hours, is_default) values
  ('10000000-0000-4000-8000-000000000001', 'lotus', 'Lotus & Bean', 'EUR', 'Europe/Madrid', 'ES', '{en,es}',
   '{"en": "Breathe in. Coffee after.", "es": "Respira. Y luego, café."}',
   '{"en": "A small yoga studio with a coffee bar in Lavapiés. Six styles, rooms with morning light, and a long table where people stay.", "es": "Un estudio de yoga pequeño con barra de café en Lavapiés. Seis estilos, salas con luz de mañana y una mesa larga donde la gente se queda."}',
   '{"logo": "lotus", "shape": "round", "light": {"background": "#faf5ea", "surface": "#fffdf7", "ink": "#2a2922", "muted": "#635f50", "accent": "#9a472c", "accent_ink": "#fff8ee", "second": "#8a9d7a", "positive": "#3a6640", "warning": "#805200", "danger": "#a22b2b"}, "dark": {"background": "#191c17", "surface": "#232721", "ink": "#f2ebdc", "muted": "#b5af9e", "accent": "#e6a07c", "accent_ink": "#2b140a", "second": "#7f9670", "positive": "#99c99b", "warning": "#e8ba64", "danger": "#f29d93"}}',
   'hello@lotus.test', '+34 910 555 014', '{"line1": "Calle del Olivar 24", "line2": "Lavapiés", "postcode": "28012", "city": "Madrid", "country": "ES", "note": {"en": "The green gate between the bookbinder and the bakery. Ring at Lotus.", "es": "El portal verde entre la encuadernadora y la panadería. Llama al timbre Lotus."}}',
   '[{"day": 1, "opens": "07:30", "closes": "21:30"}, {"day": 2, "opens": "07:30", "closes": "21:30"}, {"day": 3, "opens": "07:30", "closes": "21:30"}, {"day": 4, "opens": "07:30", "closes": "21:30"}, {"day": 5, "opens": "07:30", "closes": "21:30"}, {"day": 6, "opens": "09:00", "closes": "15:00"}, {"day": 7, "opens": "09:30", "closes": "14:00"}]', true),
  ('10000000-0000-4000-8000-000000000002', 'barberia-sur', 'Barbería Sur', 'ARS', 'America/Argentina/Buenos_Aires', 'AR', '{es,en}',
   '{"es": "El oficio, a mano.", "en": "The craft, by hand."}',
   '{"es": "Una barbería de San Telmo que además enseña. Talleres de afeitado, barba y corte, de a pocos, con las herramientas en la mesa.", "en": "A San Telmo barbershop that also teaches. Workshops in shaving, beards and cuts, few at a time, tools on the table."}',
   '{"logo": "barberia", "shape": "square", "light": {"background": "#f4efe4", "surface": "#fffcf5", "ink": "#121b2a", "muted": "#56606f", "accent": "#173357", "accent_ink": "#f7efdc", "second": "#b5893a", "positive": "#1c6449", "warning": "#805200", "danger": "#9d2429"}, "dark": {"background": "#0d1521", "surface": "#162132", "ink": "#f1eadb", "muted": "#a9b2c0", "accent": "#dcb460", "accent_ink": "#191204", "second": "#5a7ba6", "positive": "#80c8a6", "warning": "#e8ba5e", "danger": "#f2958f"}}',
   'hola@sur.test', '+54 11 5555-0142', '{"line1": "Defensa 1024", "line2": "San Telmo", "postcode": "C1065", "city": "Buenos Aires", "country": "AR", "note": {"es": "Puerta de madera, media cuadra antes de la plaza Dorrego.", "en": "Wooden door, half a block before Plaza Dorrego."}}',
   '[{"day": 2, "opens": "10:00", "closes": "20:00"}, {"day": 3, "opens": "10:00", "closes": "20:00"}, {"day": 4, "opens": "10:00", "closes": "20:00"}, {"day": 5, "opens": "10:00", "closes": "20:00"}, {"day": 6, "opens": "10:00", "closes": "20:00"}]', false);

insert into business.domains (host, business_id, is_main) values
  ('localhost', '10000000-0000-4000-8000-000000000001', true), ('127.0.0.1', '10000000-0000-4000-8000-000000000001', false),
  ('barberia.localhost', '10000000-0000-4000-8000-000000000002', true);

insert into business.locations (id, business_id, name, address) values
  ('20000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', 'Lavapiés', '{"line1": "Calle del Olivar 24", "line2": "Lavapiés", "postcode": "28012", "city": "Madrid", "country": "ES", "note": {"en": "The green gate between the bookbinder and the bakery. Ring at Lotus.", "es": "El portal verde entre la encuadernadora y la panadería. Llama al timbre Lotus."}}'),
  ('20000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000002', 'San Telmo', '{"line1": "Defensa 1024", "line2": "San Telmo", "postcode": "C1065", "city": "Buenos Aires", "country": "AR", "note": {"es": "Puerta de madera, media cuadra antes de la plaza Dorrego.", "en": "Wooden door, half a block before Plaza Dorrego."}}');

-- People: everyone's password is atrium-demo-1. -----------------------------------------------------------------------
create function pg_temp.person(id uuid, email text, name text, locale text, password text default 'atrium-demo-1') returns void language sql as $$
  insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
  values (person.id, 'authenticated', 'authenticated', person.email, case when person.password <> '' then extensions.crypt(person.password, extensions.gen_salt('bf', 10)) end, now(),
    '{"provider": "email", "providers": ["email"]}', jsonb_build_object('full_name', person.name, 'locale', person.locale, 'business', case when person.email like '%@sur.test' then 'Barbería Sur' else 'Lotus & Bean' end));
  insert into auth.identities (id, provider, provider_id, user_id, identity_data)
  values (gen_random_uuid(), 'email', person.id::text, person.id, jsonb_build_object('sub', person.id, 'email', person.email, 'email_verified', true));
$$;

select pg_temp.person('30000000-0000-4000-8000-000000000001', 'owner@lotus.test', 'Elena Prado', 'en');
select pg_temp.person('30000000-0000-4000-8000-000000000002', 'manager@lotus.test', 'Marcos Vidal', 'en');
select pg_temp.person('30000000-0000-4000-8000-000000000003', 'frontdesk@lotus.test', 'Inés Robles', 'es');
select pg_temp.person('30000000-0000-4000-8000-000000000004', 'barista@lotus.test', 'Kofi Mensah', 'en');
select pg_temp.person('30000000-0000-4000-8000-000000000005', 'teacher@lotus.test', 'Noor Haddad', 'en');
select pg_temp.person('30000000-0000-4000-8000-000000000006', 'ada@example.test', 'Ada Martín', 'en');
select pg_temp.person('30000000-0000-4000-8000-000000000007', 'bruno@example.test', 'Bruno Costa', 'es');
select pg_temp.person('30000000-0000-4000-8000-000000000008', 'owner@sur.test', 'Ramiro Sosa', 'es');
select pg_temp.person('30000000-0000-4000-8000-000000000009', 'cliente@sur.test', 'Julián Paz', 'es');
select pg_temp.person('30000000-0000-4000-8000-000000000010', 'carla@example.test', 'Carla Vega', 'en');

-- Regulars who fill the classes; they cannot sign in.
select pg_temp.person(('30000000-0000-4000-8000-' || lpad((100 + n)::text, 12, '0'))::uuid, 'regular' || n || '@example.test', name, 'es', '')
from unnest(array['Alba Ríos', 'Carmen Gil', 'Diego Sanz', 'Eva Molina', 'Fermín Soler', 'Greta Lund', 'Hugo Nieto', 'Irati Goñi', 'Jorge Vega', 'Karim Aziz', 'Laia Puig', 'Manuela Cano', 'Nil Ferrer', 'Olga Petrova', 'Pau Serra', 'Quim Roca', 'Rita Lobo', 'Sara Blanco'])
  with ordinality as r (name, n);

insert into business.staff (business_id, user_id, role) values
  ('10000000-0000-4000-8000-000000000001', '30000000-0000-4000-8000-000000000001', 'owner'),
  ('10000000-0000-4000-8000-000000000001', '30000000-0000-4000-8000-000000000002', 'manager'),
  ('10000000-0000-4000-8000-000000000001', '30000000-0000-4000-8000-000000000003', 'front_desk'),
  ('10000000-0000-4000-8000-000000000001', '30000000-0000-4000-8000-000000000004', 'barista'),
  ('10000000-0000-4000-8000-000000000001', '30000000-0000-4000-8000-000000000005', 'instructor'),
  ('10000000-0000-4000-8000-000000000002', '30000000-0000-4000-8000-000000000008', 'owner');

-- What is taught -------------------------------------------------------------------------------------------------------
insert into booking.styles (business_id, slug, name, summary, position) values
  ('10000000-0000-4000-8000-000000000001', 'vinyasa', '{"en": "Vinyasa", "es": "Vinyasa"}', '{"en": "Movement carried by the breath.", "es": "Movimiento llevado por la respiración."}', 0),
  ('10000000-0000-4000-8000-000000000001', 'hatha', '{"en": "Hatha", "es": "Hatha"}', '{"en": "Postures held with patience.", "es": "Posturas sostenidas con paciencia."}', 1),
  ('10000000-0000-4000-8000-000000000001', 'yin', '{"en": "Yin", "es": "Yin"}', '{"en": "Long, quiet stretches.", "es": "Estiramientos largos y callados."}', 2),
  ('10000000-0000-4000-8000-000000000001', 'power', '{"en": "Power", "es": "Power"}', '{"en": "Strong and sweaty.", "es": "Fuerte y con sudor."}', 3),
  ('10000000-0000-4000-8000-000000000001', 'restorative', '{"en": "Restorative", "es": "Restaurativo"}', '{"en": "Rest, held by blankets.", "es": "Descanso entre mantas."}', 4),
  ('10000000-0000-4000-8000-000000000001', 'prenatal', '{"en": "Prenatal", "es": "Prenatal"}', '{"en": "Room for two.", "es": "Sitio para dos."}', 5),
  ('10000000-0000-4000-8000-000000000002', 'shaving', '{"en": "Shaving", "es": "Afeitado"}', '{"en": "Razor, foam, steady hand.", "es": "Navaja, espuma y pulso."}', 0),
  ('10000000-0000-4000-8000-000000000002', 'beard', '{"en": "Beard", "es": "Barba"}', '{"en": "Shape, line and care.", "es": "Forma, línea y cuidado."}', 1),
  ('10000000-0000-4000-8000-000000000002', 'cuts', '{"en": "Cuts", "es": "Corte"}', '{"en": "Scissors and clipper from zero.", "es": "Tijera y máquina desde cero."}', 2);

insert into booking.class_types (id, business_id, slug, name, summary, description, bring, style, level, duration_minutes, price_cents, tax_rate_bp, capacity, free_cancel_hours, late_refund_percent) values
  ('40000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', 'first-steps', '{"en": "First Steps", "es": "Primeros pasos"}',
   '{"en": "Your first class, on us.", "es": "Tu primera clase, invitamos nosotros."}',
   '{"en": "How to stand, breathe and rest, with plenty of time for questions. Come as you are; coffee is on the bar afterwards.", "es": "Cómo plantarse, respirar y descansar, con tiempo de sobra para preguntas. Ven como estés; después hay café en la barra."}',
   '{"en": "Comfortable clothes and a water bottle. Mats and blankets are here.", "es": "Ropa cómoda y una botella de agua. Las esterillas y mantas las ponemos nosotros."}', 'hatha', 'beginner', 45, 0, 0, 12, 2, 0),
  ('40000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000001', 'morning-vinyasa', '{"en": "Morning Vinyasa", "es": "Vinyasa de mañana"}',
   '{"en": "Wake up in motion.", "es": "Despertar en movimiento."}',
   '{"en": "A flowing hour that starts slowly and ends warm. We build one sequence and repeat it until it feels like yours.", "es": "Una hora fluida que empieza despacio y acaba con calor. Construimos una secuencia y la repetimos hasta que sea tuya."}',
   '{"en": "Comfortable clothes and a water bottle. Mats and blankets are here.", "es": "Ropa cómoda y una botella de agua. Las esterillas y mantas las ponemos nosotros."}', 'vinyasa', 'all', 60, 1600, 2100, 16, 12, 0),
  ('40000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000001', 'hatha-basics', '{"en": "Hatha Basics", "es": "Hatha esencial"}',
   '{"en": "The postures, one by one.", "es": "Las posturas, una a una."}',
   '{"en": "Clear instruction and time to feel what each posture does. A good second class after First Steps.", "es": "Instrucciones claras y tiempo para sentir qué hace cada postura. Buena segunda clase después de Primeros pasos."}',
   '{"en": "Comfortable clothes and a water bottle. Mats and blankets are here.", "es": "Ropa cómoda y una botella de agua. Las esterillas y mantas las ponemos nosotros."}', 'hatha', 'beginner', 60, 1500, 2100, 16, 12, 0),
  ('40000000-0000-4000-8000-000000000004', '10000000-0000-4000-8000-000000000001', 'lunch-power', '{"en": "Lunch Power", "es": "Power al mediodía"}',
   '{"en": "Forty-five minutes, no excuses.", "es": "Cuarenta y cinco minutos, sin excusas."}',
   '{"en": "Strength, balance and a pulse you can hear. Showers and a quick lunch at the bar afterwards.", "es": "Fuerza, equilibrio y un pulso que se oye. Después, ducha y algo rápido en la barra."}',
   '{"en": "Comfortable clothes and a water bottle. Mats and blankets are here.", "es": "Ropa cómoda y una botella de agua. Las esterillas y mantas las ponemos nosotros."}', 'power', 'intermediate', 45, 1600, 2100, 14, 6, 50),
  ('40000000-0000-4000-8000-000000000005', '10000000-0000-4000-8000-000000000001', 'candle-yin', '{"en": "Candlelight Yin", "es": "Yin a la luz de las velas"}',
   '{"en": "Five minutes in every shape.", "es": "Cinco minutos en cada forma."}',
   '{"en": "Long holds close to the floor, hardly any words, candles and one good playlist.", "es": "Posturas largas cerca del suelo, casi sin palabras, velas y una buena lista de música."}',
   '{"en": "Comfortable clothes and a water bottle. Mats and blankets are here.", "es": "Ropa cómoda y una botella de agua. Las esterillas y mantas las ponemos nosotros."}', 'yin', 'all', 75, 1800, 2100, 12, 12, 0),
  ('40000000-0000-4000-8000-000000000006', '10000000-0000-4000-8000-000000000001', 'restore', '{"en": "Restore", "es": "Restaura"}',
   '{"en": "Do less than you think you should.", "es": "Haz menos de lo que crees que deberías."}',
   '{"en": "Bolsters, blankets and warm tea. Nothing to achieve.", "es": "Cojines, mantas y té caliente. Nada que lograr."}',
   '{"en": "Comfortable clothes and a water bottle. Mats and blankets are here.", "es": "Ropa cómoda y una botella de agua. Las esterillas y mantas las ponemos nosotros."}', 'restorative', 'all', 75, 1800, 2100, 10, 12, 0),
  ('40000000-0000-4000-8000-000000000007', '10000000-0000-4000-8000-000000000001', 'prenatal', '{"en": "Prenatal Yoga", "es": "Yoga prenatal"}',
   '{"en": "For you and who is coming.", "es": "Para ti y quien viene."}',
   '{"en": "Safe from week twelve on. We work on breath, hips and rest; talk to us before your first class.", "es": "Segura desde la semana doce. Trabajamos respiración, caderas y descanso; habla con nosotros antes de tu primera clase."}',
   '{"en": "Comfortable clothes and a water bottle. Mats and blankets are here.", "es": "Ropa cómoda y una botella de agua. Las esterillas y mantas las ponemos nosotros."}', 'prenatal', 'all', 60, 1700, 2100, 8, 4, 100),
  ('40000000-0000-4000-8000-000000000008', '10000000-0000-4000-8000-000000000001', 'ashtanga-led', '{"en": "Led Ashtanga", "es": "Ashtanga guiado"}',
   '{"en": "The first series, counted.", "es": "La primera serie, contada."}',
   '{"en": "The traditional count from beginning to end. You should know the standing postures.", "es": "La cuenta tradicional de principio a fin. Conviene conocer las posturas de pie."}',
   '{"en": "Comfortable clothes and a water bottle. Mats and blankets are here.", "es": "Ropa cómoda y una botella de agua. Las esterillas y mantas las ponemos nosotros."}', 'power', 'advanced', 90, 2000, 2100, 12, 24, 0),
  ('40000000-0000-4000-8000-000000000021', '10000000-0000-4000-8000-000000000002', 'taller-afeitado-clasico', '{"en": "Classic Shave Workshop", "es": "Taller de afeitado clásico"}',
   '{"en": "Lather, angle, patience.", "es": "Espuma, ángulo y paciencia."}',
   '{"en": "You learn to sharpen, lather and shave with a straight razor, on a balloon first and on a friend afterwards.", "es": "Aprendés a asentar, espumar y afeitar con navaja: primero un globo, después un amigo."}',
   '{"en": "Nothing: tools, aprons and towels are on the table.", "es": "Nada: las herramientas, los delantales y las toallas están en la mesa."}', 'shaving', 'beginner', 120, 3800000, 2100, 6, 48, 50),
  ('40000000-0000-4000-8000-000000000022', '10000000-0000-4000-8000-000000000002', 'taller-de-barba', '{"en": "Beard Workshop", "es": "Taller de barba"}',
   '{"en": "Shape it, keep it.", "es": "Darle forma y cuidarla."}',
   '{"en": "Line, length and oils: what suits which face, and how to keep it at home.", "es": "Línea, largo y aceites: qué le va a cada cara y cómo mantenerla en casa."}',
   '{"en": "Nothing: tools, aprons and towels are on the table.", "es": "Nada: las herramientas, los delantales y las toallas están en la mesa."}', 'beard', 'all', 90, 3200000, 2100, 8, 48, 50),
  ('40000000-0000-4000-8000-000000000023', '10000000-0000-4000-8000-000000000002', 'corte-desde-cero', '{"en": "Cutting from Zero", "es": "Corte desde cero"}',
   '{"en": "Scissors, clipper, first fade.", "es": "Tijera, máquina y el primer degradé."}',
   '{"en": "Three hours with a head of hair in front of you. You leave with one clean cut and the photo to prove it.", "es": "Tres horas con una cabellera adelante. Te vas con un corte prolijo y la foto que lo demuestra."}',
   '{"en": "Nothing: tools, aprons and towels are on the table.", "es": "Nada: las herramientas, los delantales y las toallas están en la mesa."}', 'cuts', 'beginner', 180, 5500000, 2100, 6, 72, 0),
  ('40000000-0000-4000-8000-000000000024', '10000000-0000-4000-8000-000000000002', 'charla-de-navajas', '{"en": "Razor Talk", "es": "Charla de navajas"}',
   '{"en": "A free evening about steel.", "es": "Una tarde gratis sobre acero."}',
   '{"en": "How razors are made, chosen and kept, with mate on the table. Free, but seats are few.", "es": "Cómo se hacen, se eligen y se cuidan las navajas, con mate en la mesa. Es gratis, pero hay pocos lugares."}',
   '{"en": "Nothing: tools, aprons and towels are on the table.", "es": "Nada: las herramientas, los delantales y las toallas están en la mesa."}', 'shaving', 'all', 60, 0, 0, 14, 24, 0);

insert into booking.rooms (id, business_id, location_id, name, capacity) values
  ('50000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', '20000000-0000-4000-8000-000000000001', 'Sala Jardín', 16),
  ('50000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000001', '20000000-0000-4000-8000-000000000001', 'Sala Azotea', 12),
  ('50000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000002', '20000000-0000-4000-8000-000000000002', 'El salón', 14);

insert into booking.instructors (id, business_id, slug, name, title, bio, picture, user_id) values
  ('60000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', 'ana', 'Ana Beltrán', '{"en": "Vinyasa and breath", "es": "Vinyasa y respiración"}',
   '{"en": "Danced for ten years before a mat slowed her down. Teaches clear sequences and longer exhales.", "es": "Bailó diez años antes de que una esterilla la frenara. Enseña secuencias claras y exhalaciones más largas."}', 'portrait/ana', NULL),
  ('60000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000001', 'mateo', 'Mateo Ruiz', '{"en": "Power and Ashtanga", "es": "Power y Ashtanga"}',
   '{"en": "Climber, father of twins, believer in the count. Strong classes with a joke at the hardest moment.", "es": "Escalador, padre de mellizos y creyente en la cuenta. Clases fuertes con una broma en el peor momento."}', 'portrait/mateo', NULL),
  ('60000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000001', 'noor', 'Noor Haddad', '{"en": "Yin and restorative", "es": "Yin y restaurativo"}',
   '{"en": "Trained as a nurse in Beirut. Her classes are quiet, and the blankets are always warm.", "es": "Se formó como enfermera en Beirut. Sus clases son tranquilas y las mantas siempre están calientes."}', 'portrait/noor', '30000000-0000-4000-8000-000000000005'),
  ('60000000-0000-4000-8000-000000000004', '10000000-0000-4000-8000-000000000001', 'lucia', 'Lucía Ferrán', '{"en": "Prenatal and hatha", "es": "Prenatal y hatha"}',
   '{"en": "Midwife on weekdays, teacher at heart. Makes room for every body.", "es": "Matrona entre semana, profesora de corazón. Hace sitio para cada cuerpo."}', 'portrait/lucia', NULL),
  ('60000000-0000-4000-8000-000000000005', '10000000-0000-4000-8000-000000000001', 'tomas', 'Tomás Leiva', '{"en": "Hatha", "es": "Hatha"}',
   '{"en": "Came for his back, stayed for the coffee. Patient with beginners because he remembers being one.", "es": "Vino por la espalda y se quedó por el café. Paciente con quien empieza porque se acuerda de cuando empezó."}', 'portrait/tomas', NULL),
  ('60000000-0000-4000-8000-000000000006', '10000000-0000-4000-8000-000000000001', 'irene', 'Irene Castaño', '{"en": "Vinyasa", "es": "Vinyasa"}',
   '{"en": "Plays the cello; builds her classes like movements, with a slow one in the middle.", "es": "Toca el chelo y construye sus clases como movimientos, con uno lento en medio."}', 'portrait/irene', NULL),
  ('60000000-0000-4000-8000-000000000021', '10000000-0000-4000-8000-000000000002', 'ramiro', 'Ramiro Sosa', '{"en": "Razor and founder", "es": "Navaja y fundador"}',
   '{"en": "Learned from his grandfather in Boedo. Has never hurried a shave.", "es": "Aprendió de su abuelo en Boedo. Nunca apuró una afeitada."}', 'portrait/ramiro', '30000000-0000-4000-8000-000000000008'),
  ('60000000-0000-4000-8000-000000000022', '10000000-0000-4000-8000-000000000002', 'julieta', 'Julieta Ríos', '{"en": "Cuts", "es": "Corte"}',
   '{"en": "National clipper champion of 2019; teaches with both hands behind your back.", "es": "Campeona nacional de máquina en 2019; enseña con tus manos, no con las suyas."}', 'portrait/julieta', NULL),
  ('60000000-0000-4000-8000-000000000023', '10000000-0000-4000-8000-000000000002', 'oscar', 'Óscar Ledesma', '{"en": "Beards", "es": "Barbas"}',
   '{"en": "Forty years of beards, his own the longest.", "es": "Cuarenta años de barbas; la suya, la más larga."}', 'portrait/oscar', NULL);

-- Weekly rules; their sessions are written two weeks back and sixty days ahead.
insert into booking.series (id, business_id, class_type_id, room_id, instructor_id, weekday, local_start, from_on) values
  ('70000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000002', '50000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000001', 1, '07:45', current_date - 14),
  ('70000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000002', '50000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000001', 3, '07:45', current_date - 14),
  ('70000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000002', '50000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000001', 5, '07:45', current_date - 14),
  ('70000000-0000-4000-8000-000000000004', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000002', '50000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000006', 2, '07:45', current_date - 14),
  ('70000000-0000-4000-8000-000000000005', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000002', '50000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000006', 4, '07:45', current_date - 14),
  ('70000000-0000-4000-8000-000000000006', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000003', '50000000-0000-4000-8000-000000000002', '60000000-0000-4000-8000-000000000005', 1, '09:30', current_date - 14),
  ('70000000-0000-4000-8000-000000000007', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000003', '50000000-0000-4000-8000-000000000002', '60000000-0000-4000-8000-000000000005', 3, '09:30', current_date - 14),
  ('70000000-0000-4000-8000-000000000008', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000007', '50000000-0000-4000-8000-000000000002', '60000000-0000-4000-8000-000000000004', 2, '10:00', current_date - 14),
  ('70000000-0000-4000-8000-000000000009', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000007', '50000000-0000-4000-8000-000000000002', '60000000-0000-4000-8000-000000000004', 4, '10:00', current_date - 14),
  ('70000000-0000-4000-8000-000000000010', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000004', '50000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000002', 1, '13:15', current_date - 14),
  ('70000000-0000-4000-8000-000000000011', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000004', '50000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000002', 2, '13:15', current_date - 14),
  ('70000000-0000-4000-8000-000000000012', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000004', '50000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000002', 3, '13:15', current_date - 14),
  ('70000000-0000-4000-8000-000000000013', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000004', '50000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000002', 4, '13:15', current_date - 14),
  ('70000000-0000-4000-8000-000000000014', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000004', '50000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000002', 5, '13:15', current_date - 14),
  ('70000000-0000-4000-8000-000000000015', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000003', '50000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000005', 2, '18:00', current_date - 14),
  ('70000000-0000-4000-8000-000000000016', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000003', '50000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000005', 4, '18:00', current_date - 14),
  ('70000000-0000-4000-8000-000000000017', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000002', '50000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000006', 1, '18:15', current_date - 14),
  ('70000000-0000-4000-8000-000000000018', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000002', '50000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000006', 3, '18:15', current_date - 14),
  ('70000000-0000-4000-8000-000000000019', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000008', '50000000-0000-4000-8000-000000000002', '60000000-0000-4000-8000-000000000002', 2, '18:30', current_date - 14),
  ('70000000-0000-4000-8000-000000000020', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000008', '50000000-0000-4000-8000-000000000002', '60000000-0000-4000-8000-000000000002', 4, '18:30', current_date - 14),
  ('70000000-0000-4000-8000-000000000021', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000002', '50000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000001', 5, '18:00', current_date - 14),
  ('70000000-0000-4000-8000-000000000022', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000005', '50000000-0000-4000-8000-000000000002', '60000000-0000-4000-8000-000000000003', 1, '20:00', current_date - 14),
  ('70000000-0000-4000-8000-000000000023', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000005', '50000000-0000-4000-8000-000000000002', '60000000-0000-4000-8000-000000000003', 3, '20:00', current_date - 14),
  ('70000000-0000-4000-8000-000000000024', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000005', '50000000-0000-4000-8000-000000000002', '60000000-0000-4000-8000-000000000003', 5, '20:00', current_date - 14),
  ('70000000-0000-4000-8000-000000000025', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000006', '50000000-0000-4000-8000-000000000002', '60000000-0000-4000-8000-000000000003', 7, '11:00', current_date - 14),
  ('70000000-0000-4000-8000-000000000026', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000001', '50000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000005', 6, '10:00', current_date - 14),
  ('70000000-0000-4000-8000-000000000027', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000001', '50000000-0000-4000-8000-000000000002', '60000000-0000-4000-8000-000000000004', 3, '18:45', current_date - 14),
  ('70000000-0000-4000-8000-000000000028', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000002', '50000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000001', 6, '11:15', current_date - 14),
  ('70000000-0000-4000-8000-000000000029', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000002', '50000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000001', 7, '11:15', current_date - 14),
  ('70000000-0000-4000-8000-000000000030', '10000000-0000-4000-8000-000000000001', '40000000-0000-4000-8000-000000000006', '50000000-0000-4000-8000-000000000002', '60000000-0000-4000-8000-000000000003', 6, '12:30', current_date - 14),
  ('70000000-0000-4000-8000-000000000031', '10000000-0000-4000-8000-000000000002', '40000000-0000-4000-8000-000000000021', '50000000-0000-4000-8000-000000000003', '60000000-0000-4000-8000-000000000021', 2, '18:00', current_date - 14),
  ('70000000-0000-4000-8000-000000000032', '10000000-0000-4000-8000-000000000002', '40000000-0000-4000-8000-000000000021', '50000000-0000-4000-8000-000000000003', '60000000-0000-4000-8000-000000000021', 6, '18:00', current_date - 14),
  ('70000000-0000-4000-8000-000000000033', '10000000-0000-4000-8000-000000000002', '40000000-0000-4000-8000-000000000022', '50000000-0000-4000-8000-000000000003', '60000000-0000-4000-8000-000000000023', 4, '18:30', current_date - 14),
  ('70000000-0000-4000-8000-000000000034', '10000000-0000-4000-8000-000000000002', '40000000-0000-4000-8000-000000000023', '50000000-0000-4000-8000-000000000003', '60000000-0000-4000-8000-000000000022', 6, '10:30', current_date - 14),
  ('70000000-0000-4000-8000-000000000035', '10000000-0000-4000-8000-000000000002', '40000000-0000-4000-8000-000000000024', '50000000-0000-4000-8000-000000000003', '60000000-0000-4000-8000-000000000021', 3, '19:00', current_date - 14),
  ('70000000-0000-4000-8000-000000000036', '10000000-0000-4000-8000-000000000002', '40000000-0000-4000-8000-000000000024', '50000000-0000-4000-8000-000000000003', '60000000-0000-4000-8000-000000000021', 5, '19:00', current_date - 14),
  ('70000000-0000-4000-8000-000000000037', '10000000-0000-4000-8000-000000000002', '40000000-0000-4000-8000-000000000022', '50000000-0000-4000-8000-000000000003', '60000000-0000-4000-8000-000000000023', 5, '16:00', current_date - 14);

select booking.write_sessions(s.id, current_date + 60) from booking.series s;

-- Seats are bought as customers buy them: order, payment, settlement. -------------------------------------------------
create function pg_temp.buy(buyer uuid, the_session uuid) returns void language plpgsql as $$
declare
  s booking.sessions;
  placed jsonb;
begin
  select * into strict s from booking.sessions x where x.id = the_session;
  perform set_config('request.jwt.claims', jsonb_build_object('sub', buyer, 'role', 'authenticated')::text, true);
  placed := api.book_session(s.business_id, s.id, 'seed-' || s.id || right(buyer::text, 12));
  -- On the card machine at the desk: no provider knows of it, and it can be given back there.
  if placed ->> 'state' = 'placed' then perform payments.pay_at_once(o, 'terminal') from sales.orders o where o.id = (placed ->> 'order_id')::uuid; end if;
  perform set_config('request.jwt.claims', '', true);
exception when sqlstate 'PT409' then
  -- A regular who has another class at that hour simply does not come.
  perform set_config('request.jwt.claims', '', true);
end $$;

do $$
declare s record; n int;
begin
  -- The coming nine days fill unevenly, as they do; the first candlelit evening is sold out.
  for s in select x.id, x.business_id, x.capacity, x.starts_at, t.slug, row_number() over (partition by t.slug order by x.starts_at) as nth
      from booking.sessions x join booking.class_types t on t.id = x.class_type_id where x.starts_at > now() + interval '2 hours' and x.starts_at < now() + interval '9 days' order by x.starts_at loop
    n := case when s.slug = 'candle-yin' and s.nth = 1 then s.capacity else least(s.capacity - 1, abs(hashtext(s.slug || s.nth)) % (s.capacity * 3 / 4 + 1)) end;
    for i in 1 .. least(n, 18) loop
      perform pg_temp.buy(('30000000-0000-4000-8000-' || lpad((100 + 1 + (i * 7 + s.nth) % 18)::text, 12, '0'))::uuid, s.id);
    end loop;
  end loop;
  -- Ada has two classes coming up.
  for s in select distinct on (t.slug) x.id from booking.sessions x join booking.class_types t on t.id = x.class_type_id where t.slug in ('morning-vinyasa', 'restore') and x.starts_at > now() + interval '2 days' and x.seats_taken < x.capacity order by t.slug, x.starts_at loop
    perform pg_temp.buy('30000000-0000-4000-8000-000000000006', s.id);
  end loop;
end $$;

-- They bought over the past two weeks, not all of them this minute.
update sales.orders o set placed_at = o.placed_at - d.ago, payment_confirmed_at = o.payment_confirmed_at - d.ago, created_at = o.created_at - d.ago
from (select id, make_interval(hours => abs(hashtext(id::text)) % 320) as ago from sales.orders) d where d.id = o.id and o.state = 'paid';

-- Members exist from their first dealing; the demo people have had theirs.
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000001", "role": "authenticated"}', false), api.become_member('10000000-0000-4000-8000-000000000001', 'Elena Prado', 'en');
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000002", "role": "authenticated"}', false), api.become_member('10000000-0000-4000-8000-000000000001', 'Marcos Vidal', 'en');
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000003", "role": "authenticated"}', false), api.become_member('10000000-0000-4000-8000-000000000001', 'Inés Robles', 'es');
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000004", "role": "authenticated"}', false), api.become_member('10000000-0000-4000-8000-000000000001', 'Kofi Mensah', 'en');
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000005", "role": "authenticated"}', false), api.become_member('10000000-0000-4000-8000-000000000001', 'Noor Haddad', 'en');
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000006", "role": "authenticated"}', false), api.become_member('10000000-0000-4000-8000-000000000001', 'Ada Martín', 'en');
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000007", "role": "authenticated"}', false), api.become_member('10000000-0000-4000-8000-000000000001', 'Bruno Costa', 'es');
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000008", "role": "authenticated"}', false), api.become_member('10000000-0000-4000-8000-000000000002', 'Ramiro Sosa', 'es');
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000009", "role": "authenticated"}', false), api.become_member('10000000-0000-4000-8000-000000000002', 'Julián Paz', 'es');
select set_config('request.jwt.claims', '', false);
