-- The schedule's part of the demo: a room in which people pick their mat, and weekdays that belong together.
update booking.rooms r set spot_map = jsonb_build_object('columns', 4, 'rows', 4, 'teacher', jsonb_build_object('x', 1, 'y', 0),
  'spots', (select jsonb_agg(jsonb_build_object('id', n::text, 'label', n::text, 'x', (n - 1) % 4, 'y', (n - 1) / 4 + 1) order by n) from generate_series(1, 12) n))
where r.id = '50000000-0000-4000-8000-000000000002';

-- What is taught by the same person in the same room at the same hour was put on together.
update booking.series x set pattern_id = p.first from (
  select y.id, first_value(y.pattern_id) over (partition by y.business_id, y.class_type_id, y.room_id, y.instructor_id, y.local_start order by y.id) as first from booking.series y) p where p.id = x.id;

-- Most of those who have booked there have picked a spot, each through the same door as anybody.
do $$
declare k record;
begin
  for k in select b.id, b.business_id, m.user_id, row_number() over (partition by b.session_id order by b.created_at, b.id) as nth
      from booking.bookings b join members.members m on m.id = b.member_id join booking.sessions s on s.id = b.session_id
      where s.room_id = '50000000-0000-4000-8000-000000000002' and b.state = 'confirmed' and s.starts_at > now() and m.user_id is not null order by b.session_id, b.created_at, b.id loop
    continue when k.nth % 4 = 3;
    perform set_config('request.jwt.claims', jsonb_build_object('sub', k.user_id, 'role', 'authenticated')::text, true);
    perform api.choose_spot(k.business_id, k.id, (((k.nth * 5) % 12) + 1)::text);
  end loop;
  perform set_config('request.jwt.claims', '', true);
end $$;
select set_config('request.jwt.claims', '', false);
