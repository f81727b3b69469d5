-- Instructors of the demo: a second one who signs in, what each may teach, when they can, what a class earns, one who looks for a substitute.
select set_config('request.jwt.claims', '', false);

insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
values ('30000000-0000-4000-8000-000000000011', 'authenticated', 'authenticated', 'ana@lotus.test', extensions.crypt('atrium-demo-1', extensions.gen_salt('bf', 10)), now(),
  '{"provider": "email", "providers": ["email"]}', '{"full_name": "Ana Beltrán", "locale": "es", "business": "Lotus & Bean"}');
insert into auth.identities (id, provider, provider_id, user_id, identity_data)
values (gen_random_uuid(), 'email', '30000000-0000-4000-8000-000000000011', '30000000-0000-4000-8000-000000000011', '{"sub": "30000000-0000-4000-8000-000000000011", "email": "ana@lotus.test", "email_verified": true}');
insert into business.staff (business_id, user_id, role) values ('10000000-0000-4000-8000-000000000001', '30000000-0000-4000-8000-000000000011', 'instructor');
update booking.instructors set user_id = '30000000-0000-4000-8000-000000000011' where id = '60000000-0000-4000-8000-000000000001';

insert into booking.qualifications (business_id, instructor_id, class_type_id)
select t.business_id, i.id, t.id from (values
  ('ana', 'morning-vinyasa'), ('ana', 'candle-yin'), ('ana', 'restore'), ('irene', 'morning-vinyasa'), ('irene', 'hatha-basics'),
  ('mateo', 'lunch-power'), ('mateo', 'ashtanga-led'), ('mateo', 'morning-vinyasa'), ('noor', 'candle-yin'), ('noor', 'restore'), ('noor', 'hatha-basics'),
  ('tomas', 'hatha-basics'), ('tomas', 'first-steps'), ('lucia', 'prenatal'), ('lucia', 'first-steps'), ('lucia', 'hatha-basics'), ('lucia', 'restore'),
  ('ramiro', 'taller-afeitado-clasico'), ('ramiro', 'charla-de-navajas'), ('ramiro', 'taller-de-barba'), ('julieta', 'corte-desde-cero'), ('oscar', 'taller-de-barba')) q (teacher, class)
join booking.instructors i on i.slug = q.teacher join booking.class_types t on t.slug = q.class and t.business_id = i.business_id
where i.business_id in ('10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002');

-- The owners decide who stands in first and what is earned.
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000001", "role": "authenticated"}', false);
select api.set_preferred_substitutes('10000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000003', array['60000000-0000-4000-8000-000000000001']::uuid[]);
select api.set_preferred_substitutes('10000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000001', array['60000000-0000-4000-8000-000000000006', '60000000-0000-4000-8000-000000000003']::uuid[]);
select api.set_preferred_substitutes('10000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000005', array['60000000-0000-4000-8000-000000000004']::uuid[]);
select api.grant_time_off('10000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000004', (current_date + 16)::timestamp at time zone 'Europe/Madrid', (current_date + 23)::timestamp at time zone 'Europe/Madrid', 'A course in Lisbon');
select api.add_pay_rule('10000000-0000-4000-8000-000000000001', null, null, current_date - 60, 3000, '[{"over": 8, "per_head_cents": 200, "bonus_cents": 0}]', 6000);
select api.add_pay_rule('10000000-0000-4000-8000-000000000001', null, id, current_date - 60, 4200, '[{"over": 6, "per_head_cents": 300, "bonus_cents": 0}]') from booking.class_types where slug = 'ashtanga-led';
select api.add_pay_rule('10000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000003', null, current_date - 60, 3400, '[{"over": 6, "per_head_cents": 250, "bonus_cents": 0}, {"over": 10, "per_head_cents": 250, "bonus_cents": 500}]', 6500);
select api.add_pay_rule('10000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000002', id, current_date - 60, 2600, '[{"over": 8, "per_head_cents": 150, "bonus_cents": 0}]', null, true) from booking.class_types where slug = 'lunch-power';
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000008", "role": "authenticated"}', false);
select api.add_pay_rule('10000000-0000-4000-8000-000000000002', null, null, current_date - 60, 4500000, '[{"over": 3, "per_head_cents": 600000, "bonus_cents": 0}]');

-- Noor and Ana say when they can. Noor asks for two days off, and for somebody to take one of her candlelit evenings.
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000011", "role": "authenticated"}', false), api.become_member('10000000-0000-4000-8000-000000000001', 'Ana Beltrán', 'es');
select api.set_availability('10000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000001', (select jsonb_agg(h) from (
  select jsonb_build_object('weekday', d, 'from', '07:00', 'until', '12:30') as h from generate_series(1, 5) d union all
  select jsonb_build_object('weekday', d, 'from', '17:30', 'until', '22:00') from generate_series(1, 5) d union all
  select jsonb_build_object('weekday', d, 'from', '10:00', 'until', '14:00') from generate_series(6, 7) d) x));
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000005", "role": "authenticated"}', false);
select api.set_availability('10000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-000000000003', (select jsonb_agg(h) from (
  select jsonb_build_object('weekday', d, 'from', '16:00', 'until', '22:00') as h from generate_series(1, 5) d union all
  select jsonb_build_object('weekday', d, 'from', '09:00', 'until', '14:30') from generate_series(6, 7) d) x));
select api.request_time_off('10000000-0000-4000-8000-000000000001', (current_date + 27)::timestamp at time zone 'Europe/Madrid', (current_date + 29)::timestamp at time zone 'Europe/Madrid', 'My sister’s wedding');
select api.ask_substitute('10000000-0000-4000-8000-000000000001', s.id, 'A dentist who only works evenings')
from (select x.id from booking.sessions x join booking.class_types t on t.id = x.class_type_id
  where t.slug = 'candle-yin' and x.instructor_id = '60000000-0000-4000-8000-000000000003' and x.state = 'scheduled' and x.starts_at > now() + interval '4 days' order by x.starts_at limit 1) s;
select set_config('request.jwt.claims', '', false);
