-- Gift cards of the demo: the owner gave Bruno one, and he has it; another waits for its day. Bought as anybody buys them.
do $$
declare
  lotus uuid := '10000000-0000-4000-8000-000000000001';
  o jsonb;
  g sales.gift_cards;
  cart text := rpad('seed-gift-cards', 40, 'x');
  paying uuid;
begin
  perform set_config('request.jwt.claims', jsonb_build_object('sub', '30000000-0000-4000-8000-000000000001', 'role', 'authenticated')::text, true);
  perform api.add_gift_card_to_cart(lotus, 5000, cart, '{"to_name": "Bruno", "to_email": "bruno@example.test", "from_name": "Elena", "message": "Para una tarde lenta.", "locale": "es"}');
  perform api.add_gift_card_to_cart(lotus, 2500, cart, jsonb_build_object('to_name', 'Carmen', 'to_email', 'carmen@example.test', 'from_name', 'Elena', 'locale', 'es', 'send_on', current_date + 12));
  o := api.place_order(lotus, 'seed-gift-cards', cart);
  paying := (select p.payment_id from api.begin_payment(lotus, (o ->> 'order_id')::uuid) p);
  perform api.receive_payment_event('stripe', 'seed-gift-cards', 'seed', now(), jsonb_build_object('kind', 'payment', 'payment_id', paying, 'intent_ref', 'pi_seed_gift_cards', 'state', 'captured', 'amount_cents', 7500, 'currency', 'EUR'), '{}');
  -- Its letter was sent long ago, and the demo knows what it said: GRAC-1AS0-F0RA-2026, PIN 482013.
  select x.* into strict g from sales.gift_cards x where x.business_id = lotus and x.to_email = 'bruno@example.test';
  perform sales.new_gift_card_secret(g.id);
  update sales.gift_cards x set ending = '2026', secret_hash = sales.gift_card_hash('GRAC1AS0F0RA2026', '482013', x.salt) where x.id = g.id;
  update messages.emails e set state = 'sent', sent_at = now(), next_try_at = null where e.id = g.letter_id;
  perform set_config('request.jwt.claims', '', true);
end $$;
