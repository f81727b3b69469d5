-- A till at every counter, and the drawer of the first one counted in the morning.
insert into shop.tills (id, business_id, location_id, name)
select case c.business_id when '10000000-0000-4000-8000-000000000001' then '88000000-0000-4000-8000-000000000001'::uuid else gen_random_uuid() end, c.business_id, c.location_id, case when b.locales[1] like 'es%' then 'Barra' else 'Bar' end
from shop.counters c join business.businesses b on b.id = c.business_id;
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000002", "role": "authenticated"}', true);
select api.open_drawer('10000000-0000-4000-8000-000000000001', '88000000-0000-4000-8000-000000000001', 15000, 'seed-drawer');
select set_config('request.jwt.claims', '', true);
