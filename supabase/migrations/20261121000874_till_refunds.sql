-- At the counter, after the sale: what was sold at its tills, what of it is given back there (sales.returns, api.refund_order), a receipt to an
-- address that somebody types, and a count that does not come out.

insert into messages.kinds (kind, topic, essential) values ('drawer_difference', 'work', false);

alter table sales.returns add foreign key (business_id, till_id) references shop.tills (business_id, id) on delete restrict;
create index returns_till_id_idx on sales.returns (business_id, till_id) where till_id is not null;

-- What was sold -------------------------------------------------------------------------------------------------------
create function api.till_sold(business_id uuid, till_id uuid, words text default null, amount_cents bigint default null, before_at timestamptz default null, page_size int default 30)
returns table (order_id uuid, till_name text, reference text, number text, call_number int, sold_at timestamptz, pay_with text, buyer text, items jsonb, total_cents bigint, refunded_cents bigint, currency text)
language plpgsql stable security definer set search_path = '' rows 30 as $$
#variable_conflict use_column
declare
  t shop.tills;
  typed text := upper(regexp_replace(coalesce(till_sold.words, ''), '\s', '', 'g'));
  asked text := replace(replace(replace(trim(members.searchable(coalesce(till_sold.words, ''), '', '')), '\', ''), '%', ''), '_', '\_');
  tills uuid[];
  people uuid[];
  today timestamptz;
begin
  perform shop.require_seller(till_sold.business_id);
  t := shop.find_till(till_sold.business_id, till_sold.till_id);
  tills := array(select x.id from shop.tills x where x.business_id = t.business_id and x.location_id = t.location_id);
  select date_trunc('day', now() at time zone b.time_zone) at time zone b.time_zone into today from business.businesses b where b.id = t.business_id;
  if length(asked) >= 2 then
    people := array(select m.id from members.members m where m.business_id = t.business_id and m.search like all (select '%' || w || '%' from unnest(string_to_array(asked, ' ')) w where w <> '') order by m.search limit 50);
  end if;
  return query
  select o.id, x.name, o.reference, o.number, k.call_number, s.sold_at, s.pay_with,
    case when not exists (select from shop.counter_guests g where g.business_id = o.business_id and g.member_id = o.member_id) then m.name end,
    (select jsonb_agg(jsonb_build_object('label', l.label, 'quantity', l.quantity, 'returned', l.returned) order by l.position) from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id and l.kind <> 'tip'),
    o.total_cents, coalesce((select sum(l.refunded_cents) from sales.order_lines l where l.business_id = o.business_id and l.order_id = o.id), 0)::bigint, o.currency::text
  from (
    -- Found by what stands on a receipt, by who bought, by what it came to in the last three months; else what was sold today.
    select y.* from shop.till_sales y where typed <> '' and y.order_id in (select z.id from sales.orders z where z.business_id = t.business_id and (z.reference = typed or z.number = typed))
    union
    select y.* from shop.till_sales y join sales.orders z on z.business_id = y.business_id and z.id = y.order_id where z.business_id = t.business_id and z.member_id = any (people)
    union
    select y.* from shop.till_sales y join sales.orders z on z.business_id = y.business_id and z.id = y.order_id
    where till_sold.amount_cents > 0 and y.business_id = t.business_id and y.till_id = any (tills) and y.sold_at > now() - interval '3 months' and z.total_cents = till_sold.amount_cents
    union
    select y.* from shop.till_sales y where typed = '' and y.business_id = t.business_id and y.till_id = any (tills) and y.sold_at >= today) s
  join sales.orders o on o.business_id = s.business_id and o.id = s.order_id join members.members m on m.business_id = o.business_id and m.id = o.member_id
  join shop.tills x on x.business_id = s.business_id and x.id = s.till_id left join shop.tickets k on k.business_id = o.business_id and k.order_id = o.id
  where s.till_id = any (tills) and o.state in ('paid', 'closed') and (till_sold.before_at is null or s.sold_at < till_sold.before_at)
  order by s.sold_at desc, o.id limit least(greatest(till_sold.page_size, 1), 100);
end $$;
comment on function api.till_sold is 'What the tills of this till''s counter sold, the latest first (before_at: the next page): today''s, or by words what has that reference, receipt number or buyer, and by amount_cents what came to it within three months. buyer: null for a guest. For who sells. Refuses 404 till_not_found.';
grant execute on function api.till_sold to authenticated;

-- A receipt to an address ------------------------------------------------------------------------------------------------
create function api.mail_till_receipt(business_id uuid, sale_id uuid, address text, locale text, idempotency_key text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  actor uuid := shop.require_seller(mail_till_receipt.business_id);
  typed text := lower(trim(coalesce(mail_till_receipt.address, '')));
  answer jsonb;
  b business.businesses;
  s shop.till_sales;
  o sales.orders;
  theirs uuid;
  letters int;
begin
  -- The key's row keeps a hash of this, and nothing of the address.
  answer := platform.replay(actor::text, mail_till_receipt.idempotency_key, 'mail_till_receipt', jsonb_build_object('sale_id', mail_till_receipt.sale_id, 'address', typed));
  if answer is not null then return answer; end if;
  if typed !~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' or length(typed) > 254 then perform platform.refuse(422, 'email_invalid', '{"field": "email"}'); end if;
  -- What is not paid yet has no receipt, as on its page (api.till_sale).
  select x.* into s from shop.till_sales x join sales.orders z on z.business_id = x.business_id and z.id = x.order_id where x.order_id = mail_till_receipt.sale_id and x.business_id = mail_till_receipt.business_id and not payments.is_at_till(z) for no key update of x;
  if s.order_id is null then perform platform.refuse(404, 'order_not_found'); end if;
  -- Not a way to write to people who bought nothing.
  select count(*) into letters from messages.emails e where e.business_id = s.business_id and e.template = 'till_receipt' and e.cause like s.order_id || ':%';
  if letters >= 5 then perform platform.refuse(429, 'receipt_sent_often', '{"field": "email"}'); end if;
  select * into b from business.businesses x where x.id = s.business_id;
  select * into o from sales.orders x where x.id = s.order_id;
  if o.number is null then perform sales.number_orders(s.business_id); end if;
  select m.id into theirs from members.members m where m.business_id = s.business_id and m.id = o.member_id and m.email = typed::extensions.citext and m.archived_at is null;
  perform messages.queue_email(s.business_id, theirs, typed, case when mail_till_receipt.locale = any (b.locales) then mail_till_receipt.locale else b.locales[1] end, 'till_receipt', s.order_id || ':' || letters + 1,
    (select jsonb_build_object('reference', x.reference, 'number', x.number, 'currency', x.currency, 'total_cents', x.total_cents, 'tax_cents', x.tax_cents, 'sold_at', s.sold_at, 'token', s.receipt_token,
      'lines', (select jsonb_agg(jsonb_build_object('label', l.label, 'quantity', l.quantity, 'total_cents', l.total_cents) order by l.position) from sales.order_lines l where l.business_id = x.business_id and l.order_id = x.id))
      from sales.orders x where x.id = s.order_id));
  return platform.remember(actor::text, mail_till_receipt.idempotency_key, jsonb_build_object('sale_id', s.order_id, 'till_id', s.till_id));
end $$;
comment on function api.mail_till_receipt is 'The receipt of a till''s sale to an address somebody says, at most five times a sale. The address stands in the letter until that has left, and nowhere else (api.email_done), unless it is the buyer''s own. For who sells. Refuses 404 order_not_found, 422 email_invalid, 429 receipt_sent_often.';
grant execute on function api.mail_till_receipt to authenticated;

create function messages.tg_emails__forget_address() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.to_address := left(new.to_address, 1) || '…';
  return new;
end $$;
comment on function messages.tg_emails__forget_address is 'Of a guest who had a receipt sent nothing is kept once it has left, or nobody will try any more.';
create trigger tg_emails__forget_address before update of state on messages.emails for each row
when (new.template = 'till_receipt' and new.member_id is null and new.state in ('sent', 'failed')) execute function messages.tg_emails__forget_address();

-- A count that does not come out -----------------------------------------------------------------------------------------
create function shop.tg_drawer_sessions__tell_difference() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform booking.tell_managers(new.business_id, 'drawer_difference', 'drawer:' || new.id,
    (select jsonb_build_object('till_id', t.id, 'till_name', t.name, 'location_name', l.name, 'closed_at', new.closed_at, 'closed_by', shop.staff_name(new.closed_by), 'expected_cents', new.expected_cents, 'counted_cents', new.counted_cents,
      'difference_cents', new.counted_cents - new.expected_cents, 'currency', b.currency)
      from shop.tills t join business.locations l on l.id = t.location_id join business.businesses b on b.id = t.business_id where t.id = new.till_id))
  from shop.tills x where x.id = new.till_id and abs(new.counted_cents - new.expected_cents) >= x.tell_from_cents;
  return null;
end $$;
comment on function shop.tg_drawer_sessions__tell_difference is 'Owners and managers, but for whoever counted, hear once of a drawer that was not right, by as much as they want to hear of (shop.tills.tell_from_cents).';
create trigger tg_drawer_sessions__tell_difference after update of closed_at on shop.drawer_sessions for each row
when (old.closed_at is null and new.closed_at is not null and new.counted_cents <> new.expected_cents) execute function shop.tg_drawer_sessions__tell_difference();

create function api.set_drawer_notice(business_id uuid, till_id uuid, from_cents bigint) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare t shop.tills;
begin
  perform business.require_role(set_drawer_notice.business_id, 'manager');
  t := shop.find_till(set_drawer_notice.business_id, set_drawer_notice.till_id);
  if set_drawer_notice.from_cents is null or set_drawer_notice.from_cents not between 1 and 1000000000 then perform platform.refuse(422, 'amount_invalid', '{"field": "from"}'); end if;
  update shop.tills x set tell_from_cents = set_drawer_notice.from_cents where x.id = t.id;
  perform audit.note(t.business_id, 'drawer_notice_set', 'till:' || t.id, jsonb_build_object('from_cents', set_drawer_notice.from_cents));
  return jsonb_build_object('till_id', t.id, 'tell_from_cents', set_drawer_notice.from_cents);
end $$;
comment on function api.set_drawer_notice is 'From which difference at closing a drawer on managers are told. For managers. Refuses 403 not_your_role, 404 till_not_found, 422 amount_invalid.';
grant execute on function api.set_drawer_notice to authenticated;
