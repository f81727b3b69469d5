-- Two weeks at the bar of Lotus & Bean: ordered, made and handed over through the same functions as everything, then dated back.
do $$
declare
  lotus constant uuid := '10000000-0000-4000-8000-000000000001';
  spot constant uuid := '20000000-0000-4000-8000-000000000001';
  kofi constant uuid := '30000000-0000-4000-8000-000000000004';
  wishes constant text[] := array['flat-white', 'flat-white croissant', 'cappuccino', 'cortado', 'espresso', 'flat-white banana-bread', 'chai', 'mint-tea croissant', 'filter', 'matcha', 'cappuccino cappuccino', 'cold-brew', 'cortado beans'];
  buyer uuid;
  me uuid;
  the_order uuid;
  ticket shop.tickets;
  at timestamptz;
  what text;
  n int := 0;
begin
  perform shop.move_stock(lotus, spot, 'delivery', 'delivery:bakery', array['86000000-0000-4000-8000-000000000006', '86000000-0000-4000-8000-000000000007']::uuid[], array[36, 20], 'from next door');
  for back in 1 .. 14 loop
    for nth in 1 .. 4 + (back * 7) % 3 loop
      n := n + 1;
      buyer := ('30000000-0000-4000-8000-' || lpad((101 + (n * 5) % 18)::text, 12, '0'))::uuid;
      -- Between ten and one, when the bar is open every day.
      at := ((now() at time zone 'Europe/Madrid')::date - back + time '10:00' + make_interval(mins => nth * 27 + (n * 11) % 20)) at time zone 'Europe/Madrid';
      perform set_config('request.jwt.claims', jsonb_build_object('sub', buyer, 'role', 'authenticated')::text, true);
      me := members.require_me(lotus);
      insert into sales.orders as o (business_id, member_id, state, channel, currency, reference, placed_at, serving) values (lotus, me, 'placed', 'api', 'EUR', sales.new_reference(lotus), now(), case n % 3 when 0 then 'eat_in' else 'takeaway' end) returning o.id into the_order;
      foreach what in array string_to_array(wishes[1 + n % cardinality(wishes)], ' ') loop
        perform shop.put_line(the_order, shop.find_product(lotus, what), case when n % 4 = 0 and what = 'flat-white' then array['85000000-0000-4000-8000-000000000001', '85000000-0000-4000-8000-000000000004']::uuid[] end, 1, null);
      end loop;
      perform sales.place(the_order, me, null, 'terminal', 'till');
      select * into ticket from shop.tickets t where t.order_id = the_order;
      perform set_config('request.jwt.claims', jsonb_build_object('sub', kofi, 'role', 'authenticated')::text, true);
      perform api.advance_tickets(lotus, jsonb_build_array(jsonb_build_object('id', gen_random_uuid(), 'ticket_id', ticket.id, 'from', 'placed', 'to', 'ready'), jsonb_build_object('id', gen_random_uuid(), 'ticket_id', ticket.id, 'from', 'ready', 'to', 'collected')));
      -- Days ago nobody's time of today was taken.
      perform shop.give_back_time(the_order);
      update sales.orders o set placed_at = at, payment_confirmed_at = at, created_at = at, ready_by = at + interval '5 minutes' where o.id = the_order;
      update shop.tickets t set on_date = (at at time zone 'Europe/Madrid')::date, opened_at = at, ready_by = at + interval '5 minutes', ready_at = at + make_interval(secs => 100 + (n * 37) % 260), closed_at = at + interval '7 minutes', call_number = nth where t.order_id = the_order;
    end loop;
  end loop;
  perform set_config('request.jwt.claims', '', true);
  update shop.counters c set last_call = 0 where c.business_id = lotus;
end $$;
