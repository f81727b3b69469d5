-- What the demo people were told of their bookings, as if they had looked in now and then: the two newest are unread.
update messages.notifications n set created_at = o.placed_at, read_at = case when o.newest > 2 then o.placed_at + interval '3 hours' end
from (select x.id, x.placed_at, row_number() over (partition by x.member_id order by x.placed_at desc) as newest from sales.orders x where x.placed_at is not null) o
where n.kind = 'order_confirmed' and n.cause = o.id::text;

-- Bruno wants to hear of little, and shortly before.
select set_config('request.jwt.claims', '{"sub": "30000000-0000-4000-8000-000000000007", "role": "authenticated"}', false),
  api.set_choices('10000000-0000-4000-8000-000000000001', '[{"topic": "progress", "channel": "email", "wanted": false}, {"topic": "plans", "channel": "email", "wanted": false}]', 3);
select set_config('request.jwt.claims', '', false);
insert into messages.settings (business_id, reminder_hours) values ('10000000-0000-4000-8000-000000000001', 24), ('10000000-0000-4000-8000-000000000002', 24);
