-- Gift cards: money owed to whoever holds a code and its PIN. Sold as a line of an order, not taxed then (a voucher for several
-- purposes is taxed when it is redeemed: EU directive 2016/1065), paid with as a part of an order (0805_tenders.sql).

insert into ledger.account_kinds (kind, side, may_go_negative, meaning) values ('breakage', -1, true, 'what was paid for and never used: earned when its term is over');

create table sales.gift_card_rules (
  business_id uuid primary key references business.businesses on delete cascade,
  amounts bigint[] not null check (cardinality(amounts) between 1 and 6),
  min_cents bigint not null check (min_cents > 0),
  max_cents bigint not null,
  valid_months int check (valid_months between 12 and 120),
  check (max_cents >= min_cents)
);
comment on table sales.gift_card_rules is 'What cards a business sells. No row: sums of about the worth of a few classes, without an end. valid_months null: for ever, as the law of most places wants it.';

create table sales.gift_cards (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null references business.businesses on delete restrict,
  order_line_id uuid not null,
  amount_cents bigint not null check (amount_cents > 0),
  currency char(3) not null,
  state text not null default 'active' check (state in ('active', 'blocked', 'voided')),
  to_name text not null check (length(to_name) between 1 and 80),
  to_email extensions.citext not null,
  locale text not null,
  from_name text not null check (length(from_name) between 1 and 80),
  message text check (length(message) between 1 and 300),
  send_at timestamptz not null,
  expires_at timestamptz,
  ending text check (ending ~ '^[0-9A-HJKMNP-TV-Z]{4}$'),
  salt bytea,
  secret_hash bytea,
  issue int not null default 0,
  issued_at timestamptz,
  letters int not null default 0,
  letter_id uuid,
  broken_cents bigint not null default 0 check (broken_cents >= 0),
  created_at timestamptz not null default now(),
  check ((secret_hash is null) = (salt is null) and (secret_hash is null) = (ending is null)),
  unique (business_id, id),
  unique (business_id, order_line_id),
  foreign key (business_id, order_line_id) references sales.order_lines (business_id, id) on delete restrict,
  foreign key (business_id, letter_id) references messages.emails (business_id, id) on delete set null (letter_id)
);
comment on column sales.gift_cards.letter_id is 'The latest letter with it; letters: how many there were.';
comment on table sales.gift_cards is 'A card is its account in the ledger (kind gift_card, owner = id); code and PIN are only the key to it, and can be changed. voided: paid back before it was used.';
comment on column sales.gift_cards.secret_hash is 'Of code and PIN together, so that neither can be tried alone. Made when the letter is written (sales.new_gift_card_secret): until then nobody can know them, afterwards only who has the letter. ending: the code''s last four characters, to find the card by and to speak of it.';
comment on column sales.gift_cards.issue is 'How often code and PIN were made; only the latest open the card.';
create index gift_cards_ending_idx on sales.gift_cards (business_id, ending) where ending is not null;
create index gift_cards_letter_id_idx on sales.gift_cards (business_id, letter_id) where letter_id is not null;
comment on column sales.gift_cards.broken_cents is 'What was still on it when it expired and is owed to nobody any more (api.expire_gift_cards).';
create index gift_cards_expires_at_idx on sales.gift_cards (expires_at) where expires_at is not null;
create index gift_cards_created_at_idx on sales.gift_cards (business_id, created_at desc, id);
alter table payments.payments add foreign key (business_id, gift_card_id) references sales.gift_cards (business_id, id) on delete restrict;
alter table sales.cart_tenders add foreign key (business_id, gift_card_id) references sales.gift_cards (business_id, id) on delete cascade;

create table sales.gift_card_steps (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  gift_card_id uuid not null,
  act text not null check (act in ('sold', 'issued', 'asked_again', 'blocked', 'unblocked', 'reissued', 'voided', 'restored', 'expired', 'extended')),
  at timestamptz not null default clock_timestamp(),
  by_user uuid references auth.users (id) on delete set null,
  why text not null default '',
  foreign key (business_id, gift_card_id) references sales.gift_cards (business_id, id) on delete cascade
);
create index gift_card_steps_card_idx on sales.gift_card_steps (business_id, gift_card_id, id);
create index gift_card_steps_by_user_idx on sales.gift_card_steps (by_user);

-- Read through functions only: what a card holds concerns whoever has its code.
alter table sales.gift_card_rules enable row level security;
alter table sales.gift_cards enable row level security;
alter table sales.gift_card_steps enable row level security;

create function sales.step_gift_card(g sales.gift_cards, act text, why text default '') returns void
language sql volatile set search_path = '' as $$
  insert into sales.gift_card_steps (business_id, gift_card_id, act, by_user, why) values (g.business_id, g.id, step_gift_card.act, auth.uid(), step_gift_card.why);
$$;

create function sales.gift_card_rules_of(business_id uuid) returns sales.gift_card_rules
language plpgsql stable set search_path = '' as $$
declare
  r sales.gift_card_rules;
  -- 20 of one currency is 20,000 of another.
  worth bigint := (select case when b.currency in ('ARS', 'CLP', 'COP', 'JPY', 'KRW') then 1000 else 1 end from business.businesses b where b.id = gift_card_rules_of.business_id);
begin
  select * into r from sales.gift_card_rules x where x.business_id = gift_card_rules_of.business_id;
  if r.business_id is null then
    r.business_id := gift_card_rules_of.business_id;
    r.amounts := array[2500, 5000, 10000]::bigint[];
    r.min_cents := 500;
    r.max_cents := 50000;
    r.amounts := array(select u * worth from unnest(r.amounts) u);
    r.min_cents := r.min_cents * worth;
    r.max_cents := r.max_cents * worth;
  end if;
  return r;
end $$;

create function sales.gift_card_balance(g sales.gift_cards) returns bigint
language sql stable set search_path = '' as $$
  select coalesce((select -a.balance - a.reserved from ledger.accounts a where a.business_id = g.business_id and a.unit = g.currency::text and a.kind = 'gift_card' and a.owner = g.id::text), 0)::bigint + payments.kept_in_vain('gift_card', g.id, null);
$$;
comment on function sales.gift_card_balance is 'What can be paid with it now: what it holds without what orders that wait for their payment keep of it.';

create function sales.gift_card_problem(card_id uuid) returns text
language sql stable set search_path = '' as $$
  select case when g.state <> 'active' then 'gift_card_blocked' when g.expires_at <= now() then 'gift_card_expired' end from sales.gift_cards g where g.id = gift_card_problem.card_id;
$$;

create function sales.gift_card_of(line_id uuid) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('card_id', g.id, 'ending', g.ending, 'state', g.state, 'to_name', g.to_name, 'to_email', g.to_email, 'send_at', g.send_at, 'expires_at', g.expires_at,
    'sent_at', g.issued_at, 'letter', e.state)
  from sales.gift_cards g left join messages.emails e on e.business_id = g.business_id and e.id = g.letter_id where g.order_line_id = gift_card_of.line_id;
$$;

-- Selling ---------------------------------------------------------------------------------------------------------------
create function api.gift_card_offer(business_id uuid) returns table (amounts bigint[], min_cents bigint, max_cents bigint, valid_months int, currency text)
language sql stable security definer set search_path = '' rows 1 as $$
  select r.amounts, r.min_cents, r.max_cents, r.valid_months, b.currency::text from business.businesses b cross join lateral sales.gift_card_rules_of(b.id) r where b.id = gift_card_offer.business_id;
$$;
comment on function api.gift_card_offer is 'What gift cards a business sells: the sums it proposes, the least and the most, and how long they hold (null: for ever).';
grant execute on function api.gift_card_offer to anon, authenticated;

create function api.add_gift_card_to_cart(business_id uuid, amount_cents bigint, cart_token text, details jsonb) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  r sales.gift_card_rules := sales.gift_card_rules_of(add_gift_card_to_cart.business_id);
  b business.businesses;
  me uuid;
  cart uuid;
  line uuid;
  clean jsonb := jsonb_build_object('to_name', trim(details ->> 'to_name'), 'to_email', lower(trim(details ->> 'to_email')), 'from_name', trim(details ->> 'from_name'), 'message', nullif(trim(details ->> 'message'), ''), 'locale', details ->> 'locale', 'send_on', nullif(details ->> 'send_on', ''));
  today date;
begin
  select * into b from business.businesses x where x.id = add_gift_card_to_cart.business_id;
  if b.id is null then perform platform.refuse(404, 'business_unknown'); end if;
  today := (now() at time zone b.time_zone)::date;
  if add_gift_card_to_cart.amount_cents is null or add_gift_card_to_cart.amount_cents not between r.min_cents and r.max_cents then
    perform platform.refuse(422, 'gift_card_amount_invalid', jsonb_build_object('field', 'amount', 'min_cents', r.min_cents, 'max_cents', r.max_cents, 'currency', b.currency));
  end if;
  if coalesce(length(clean ->> 'to_name'), 0) not between 1 and 80 then perform platform.refuse(422, 'name_invalid', '{"field": "to_name"}'); end if;
  if coalesce(length(clean ->> 'from_name'), 0) not between 1 and 80 then perform platform.refuse(422, 'name_invalid', '{"field": "from_name"}'); end if;
  if coalesce(clean ->> 'to_email', '') !~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' or length(clean ->> 'to_email') > 254 then perform platform.refuse(422, 'email_invalid', '{"field": "to_email"}'); end if;
  if length(clean ->> 'message') > 300 then perform platform.refuse(422, 'message_too_long', '{"field": "message"}'); end if;
  if not coalesce(clean ->> 'locale', '') = any (b.locales) then clean := clean || jsonb_build_object('locale', b.locales[1]); end if;
  begin
    if (clean ->> 'send_on')::date not between today and today + 365 then perform platform.refuse(422, 'send_on_invalid', '{"field": "send_on"}'); end if;
  exception when invalid_datetime_format or datetime_field_overflow then
    perform platform.refuse(422, 'send_on_invalid', '{"field": "send_on"}');
  end;
  if auth.uid() is not null then me := members.require_me(b.id); end if;
  cart := sales.open_cart(b.id, add_gift_card_to_cart.cart_token, me);
  insert into sales.order_lines as l (business_id, order_id, position, kind, label, unit_price_cents, details)
  values (b.id, cart, sales.next_position(cart), 'gift_card', '{"en": "Gift card", "es": "Tarjeta de regalo"}', add_gift_card_to_cart.amount_cents, clean) returning l.id into line;
  return line;
end $$;
comment on function api.add_gift_card_to_cart is 'Puts a gift card in the cart. details: {to_name, to_email, from_name, message?, locale? (of whom it is for), send_on? (a date in the business''s zone, today to a year from now; none: as soon as it is paid)}. Refuses 422 gift_card_amount_invalid, name_invalid, email_invalid, message_too_long, send_on_invalid, 409 cart_full.';
grant execute on function api.add_gift_card_to_cart to anon, authenticated;

create function sales.issue_gift_card(o sales.orders, l sales.order_lines) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  g sales.gift_cards;
  b business.businesses;
  months int := (sales.gift_card_rules_of(o.business_id)).valid_months;
begin
  select * into strict b from business.businesses x where x.id = o.business_id;
  insert into sales.gift_cards as x (business_id, order_line_id, amount_cents, currency, to_name, to_email, locale, from_name, message, send_at, expires_at)
  values (o.business_id, l.id, l.total_cents, o.currency, l.details ->> 'to_name', l.details ->> 'to_email', l.details ->> 'locale', l.details ->> 'from_name', l.details ->> 'message',
    -- In the morning of the day that was chosen.
    greatest(now(), ((l.details ->> 'send_on')::date + time '09:00') at time zone b.time_zone), now() + make_interval(months => months))
  returning * into g;
  perform sales.step_gift_card(g, 'sold');
  perform sales.write_gift_card(g, g.send_at);
  return g.id;
end $$;
comment on function sales.issue_gift_card is 'A card that was paid for: it exists from now on, and its letter leaves on its day.';

create function sales.write_gift_card(g sales.gift_cards, due timestamptz) returns void
language plpgsql volatile set search_path = '' as $$
declare made uuid;
begin
  insert into messages.emails as e (business_id, to_address, locale, template, cause, data, next_try_at)
  values (g.business_id, g.to_email, g.locale, 'gift_card', g.id || ':' || g.letters + 1,
    jsonb_build_object('card_id', g.id, 'to_name', g.to_name, 'from_name', g.from_name, 'message', g.message, 'amount_cents', sales.gift_card_balance(g) + case when g.issue = 0 then g.amount_cents else 0 end, 'currency', g.currency, 'expires_at', g.expires_at, 'again', g.issue > 0),
    write_gift_card.due)
  returning e.id into made;
  update sales.gift_cards x set letters = x.letters + 1, letter_id = made where x.id = g.id;
end $$;
comment on function sales.write_gift_card is 'Queues the letter with a card. Neither code nor PIN is in it: they are made when it is taken to be sent (api.take_emails), so that they lie nowhere in clear.';

-- The key to a card -------------------------------------------------------------------------------------------------------
create function sales.gift_card_code(typed text) returns text
language sql immutable set search_path = '' as $$
  -- As Crockford reads it: what looks like a digit is one, signs between do not matter.
  select translate(regexp_replace(upper(coalesce(typed, '')), '[^0-9A-Z]', '', 'g'), 'ILO', '110');
$$;

create function sales.gift_card_hash(code text, pin text, salt bytea) returns bytea
language sql immutable set search_path = '' as $$
  select extensions.hmac(convert_to(gift_card_hash.code || ':' || gift_card_hash.pin, 'UTF8'), gift_card_hash.salt, 'sha256');
$$;
comment on function sales.gift_card_hash is 'One hash for both. No slow hash: sixteen random characters and six digits are a hundred bits, which nobody tries out.';

create function sales.new_gift_card_secret(card_id uuid) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  bytes bytea := extensions.gen_random_bytes(24);
  code text;
  pin text;
  fresh bytea := extensions.gen_random_bytes(16);
  g sales.gift_cards;
begin
  select string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + (get_byte(bytes, n) & 31), 1), '' order by n) into code from generate_series(0, 15) n;
  -- Of 2^48 a million does not notice the rest.
  pin := lpad(mod(('x' || encode(substr(bytes, 17, 6), 'hex'))::bit(48)::bigint, 1000000)::text, 6, '0');
  update sales.gift_cards x set ending = right(code, 4), salt = fresh, secret_hash = sales.gift_card_hash(code, pin, fresh), issue = x.issue + 1, issued_at = now()
  where x.id = new_gift_card_secret.card_id and x.state = 'active' returning * into g;
  if g.id is null then return '{}'; end if;
  perform sales.step_gift_card(g, 'issued');
  return jsonb_build_object('code', substr(code, 1, 4) || '-' || substr(code, 5, 4) || '-' || substr(code, 9, 4) || '-' || substr(code, 13, 4), 'pin', pin);
end $$;
comment on function sales.new_gift_card_secret is 'A new code and PIN for a card; the ones before open it no more. Only whoever sends the letter is told.';

create function sales.open_gift_card(business_id uuid, code text, pin text) returns sales.gift_cards
language plpgsql volatile set search_path = '' as $$
declare
  typed text := sales.gift_card_code(open_gift_card.code);
  digits text := regexp_replace(coalesce(open_gift_card.pin, ''), '\D', '', 'g');
  -- Compared under a key of the moment: how long it takes tells nothing of what is stored, whichever byte differs first. A card
  -- that does not exist costs the same.
  key bytea := extensions.gen_random_bytes(32);
  g sales.gift_cards;
  found_card sales.gift_cards;
  n int := 0;
begin
  for g in select * from sales.gift_cards x where x.business_id = open_gift_card.business_id and x.ending = right(typed, 4) loop
    n := n + 1;
    if extensions.hmac(sales.gift_card_hash(typed, digits, g.salt), key, 'sha256') = extensions.hmac(g.secret_hash, key, 'sha256') then found_card := g; end if;
  end loop;
  if n = 0 then perform extensions.hmac(sales.gift_card_hash(typed, digits, key), key, 'sha256'); end if;
  return found_card;
end $$;

create function sales.try_gift_card(business_id uuid, code text, pin text, address text) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare
  of_card bytea := platform.token_hash('gift card:' || try_gift_card.business_id || ':' || sales.gift_card_code(try_gift_card.code));
  of_address bytea := platform.token_hash('gift card address:' || try_gift_card.address);
  wait int := greatest(platform.seconds_locked(of_card, 5), platform.seconds_locked(of_address, 20));
  g sales.gift_cards;
begin
  if wait > 0 then return jsonb_build_object('outcome', 'locked', 'seconds', wait); end if;
  g := sales.open_gift_card(try_gift_card.business_id, try_gift_card.code, try_gift_card.pin);
  if g.id is null then
    insert into platform.sign_in_failures (subject) values (of_card), (of_address);
    return jsonb_build_object('outcome', 'unknown');
  end if;
  delete from platform.sign_in_failures f where f.subject = of_card;
  return jsonb_build_object('outcome', 'found', 'card_id', g.id, 'ending', g.ending, 'amount_cents', g.amount_cents, 'balance_cents', sales.gift_card_balance(g), 'currency', g.currency, 'expires_at', g.expires_at, 'problem', sales.gift_card_problem(g.id));
end $$;
comment on function sales.try_gift_card is '{outcome: found | unknown | locked, …}. Values, not refusals, so that a failure is counted: five for a code, twenty for an address, then a wait that doubles. A card of another business is unknown.';

create function api.check_gift_card(business_id uuid, code text, pin text, address text) returns jsonb
language sql volatile security definer set search_path = '' as $$
  select sales.try_gift_card(check_gift_card.business_id, check_gift_card.code, check_gift_card.pin, check_gift_card.address);
$$;
comment on function api.check_gift_card is 'For the server, which knows the address that asks: what is on a card, for whoever has its code and PIN. See sales.try_gift_card.';
grant execute on function api.check_gift_card to service_role;

create function api.use_gift_card(business_id uuid, code text, pin text, address text, user_id uuid default null, cart_token text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  tried jsonb := sales.try_gift_card(use_gift_card.business_id, use_gift_card.code, use_gift_card.pin, use_gift_card.address);
  cart uuid;
begin
  if tried ->> 'outcome' <> 'found' then return tried; end if;
  if tried ? 'problem' and tried ->> 'problem' is not null then perform platform.refuse(409, tried ->> 'problem'); end if;
  if (tried ->> 'balance_cents')::bigint = 0 then perform platform.refuse(409, 'gift_card_empty'); end if;
  cart := coalesce((select o.id from sales.orders o join members.members m on m.id = o.member_id where o.business_id = use_gift_card.business_id and o.state = 'cart' and m.user_id = use_gift_card.user_id),
    (select o.id from sales.orders o where o.business_id = use_gift_card.business_id and o.state = 'cart' and o.member_id is null and o.cart_token_hash = platform.token_hash(use_gift_card.cart_token)));
  perform 1 from sales.orders o where o.id = cart and o.state = 'cart' for no key update;
  if not found or not exists (select from sales.order_lines l where l.order_id = cart) then perform platform.refuse(409, 'cart_empty'); end if;
  if exists (select from sales.order_lines l where l.order_id = cart and l.kind = 'gift_card') then perform platform.refuse(409, 'gift_card_needs_money'); end if;
  if exists (select from sales.order_lines l where l.order_id = cart and l.kind = 'membership') then perform platform.refuse(409, 'membership_needs_card'); end if;
  if (select count(*) from sales.cart_tenders t where t.order_id = cart) >= 5 then perform platform.refuse(409, 'too_many_tenders'); end if;
  insert into sales.cart_tenders (business_id, order_id, provider, gift_card_id) values (use_gift_card.business_id, cart, 'gift_card', (tried ->> 'card_id')::uuid) on conflict do nothing;
  return tried;
end $$;
comment on function api.use_gift_card is 'As api.check_gift_card, and the card pays its part of the cart of that user, or else of that token. Refuses 409 gift_card_blocked, gift_card_expired, gift_card_empty, gift_card_needs_money, membership_needs_card, cart_empty, too_many_tenders.';
grant execute on function api.use_gift_card to service_role;

-- Afterwards --------------------------------------------------------------------------------------------------------------
create function api.resend_gift_card(business_id uuid, card_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare g sales.gift_cards;
begin
  select x.* into g from sales.gift_cards x join sales.order_lines l on l.business_id = x.business_id and l.id = x.order_line_id join sales.orders o on o.business_id = l.business_id and o.id = l.order_id
  where x.id = resend_gift_card.card_id and x.business_id = resend_gift_card.business_id and o.member_id in (select members.mine()) for no key update of x;
  if g.id is null then perform platform.refuse(404, 'gift_card_not_found'); end if;
  if g.state <> 'active' then perform platform.refuse(409, 'gift_card_blocked'); end if;
  if exists (select from messages.emails e where e.business_id = g.business_id and e.id = g.letter_id and e.state = 'queued') then perform platform.refuse(409, 'letter_on_its_way'); end if;
  if g.issued_at > now() - interval '10 minutes' then perform platform.refuse(429, 'gift_card_sent_just_now', jsonb_build_object('seconds', ceil(extract(epoch from g.issued_at + interval '10 minutes' - now())))); end if;
  perform sales.step_gift_card(g, 'asked_again');
  perform sales.write_gift_card(g, now());
end $$;
comment on function api.resend_gift_card is 'The buyer has the letter sent once more, to the same address, with a new code and PIN: the ones before open the card no more. Refuses 404 gift_card_not_found, 409 gift_card_blocked, letter_on_its_way, 429 gift_card_sent_just_now.';
grant execute on function api.resend_gift_card to authenticated;

create function sales.void_gift_card(l sales.order_lines) returns void
language plpgsql volatile set search_path = '' as $$
declare g sales.gift_cards;
begin
  update sales.gift_cards x set state = 'voided' where x.business_id = l.business_id and x.order_line_id = l.id and x.state <> 'voided' returning * into g;
  if g.id is null then return; end if;
  perform sales.step_gift_card(g, 'voided');
  update messages.emails e set state = 'withheld', next_try_at = null where e.business_id = g.business_id and e.id = g.letter_id and e.state = 'queued';
end $$;

create function sales.restore_gift_card(l sales.order_lines) returns void
language plpgsql volatile set search_path = '' as $$
declare
  g sales.gift_cards;
  letter text;
begin
  -- Blocked before it was paid back, it is blocked again: somebody lost it.
  update sales.gift_cards x set state = case when (select s.act from sales.gift_card_steps s where s.business_id = x.business_id and s.gift_card_id = x.id and s.act in ('blocked', 'unblocked', 'reissued') order by s.id desc limit 1) = 'blocked' then 'blocked' else 'active' end
  where x.business_id = l.business_id and x.order_line_id = l.id and x.state = 'voided' returning * into g;
  if g.id is null then return; end if;
  perform sales.step_gift_card(g, 'restored');
  select e.state into letter from messages.emails e where e.business_id = g.business_id and e.id = g.letter_id;
  -- Whoever has its code can use it again; nobody has it where its letter was stopped.
  if letter = 'withheld' then perform sales.write_gift_card(g, greatest(now(), g.send_at)); end if;
end $$;
comment on function sales.restore_gift_card is 'The money for a card could not be paid back, so the card is good again, with what it held.';

create function api.expire_gift_cards(at_most int default 500) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare
  g sales.gift_cards;
  account bigint;
  rest bigint;
  done int := 0;
begin
  for g in select x.* from sales.gift_cards x join ledger.accounts a on a.business_id = x.business_id and a.unit = x.currency::text and a.kind = 'gift_card' and a.owner = x.id::text
      where x.expires_at <= now() and -a.balance - a.reserved > 0 order by x.expires_at, x.id limit expire_gift_cards.at_most loop
    -- The account before the card, as a refund does.
    -- What an order that waits for its payment keeps of it stays, and is taken the next time if it is let go.
    select a.id, -a.balance - a.reserved into account, rest from ledger.accounts a where a.business_id = g.business_id and a.unit = g.currency::text and a.kind = 'gift_card' and a.owner = g.id::text for no key update;
    continue when rest <= 0;
    select * into strict g from sales.gift_cards x where x.id = g.id;
    -- Money came back to it meanwhile (sales.extend_gift_card).
    continue when g.expires_at > now();
    perform ledger.transfer(g.business_id, 'gift_card_expired', 'gift_card:' || g.id || ':' || g.broken_cents, array[account, ledger.account(g.business_id, g.currency::text, 'breakage', 'gift_cards')], array[rest, -rest]);
    update sales.gift_cards x set broken_cents = x.broken_cents + rest where x.id = g.id;
    perform sales.step_gift_card(g, 'expired');
    done := done + 1;
  end loop;
  return done;
end $$;
comment on function api.expire_gift_cards is 'What is left on cards whose term is over is owed to nobody any more: it becomes income (breakage), untaxed, since nothing was supplied for it (a voucher for several purposes that lapses; EU directive 2016/1065, recital 9). Cards without an end (where the law forbids one) stay owed for ever. Run by a job.';
grant execute on function api.expire_gift_cards to service_role;

create function sales.extend_gift_card(r payments.refunds) returns void
language plpgsql volatile set search_path = '' as $$
declare
  g sales.gift_cards;
  old_end timestamptz;
begin
  select x.* into g from sales.gift_cards x join payments.payments p on p.business_id = x.business_id and p.gift_card_id = x.id where p.business_id = r.business_id and p.id = r.payment_id;
  if g.id is null or g.expires_at is null then return; end if;
  -- The account before the card, as where it expires.
  perform 1 from ledger.accounts a where a.business_id = g.business_id and a.unit = g.currency::text and a.kind = 'gift_card' and a.owner = g.id::text for no key update;
  select x.* into strict g from sales.gift_cards x where x.id = g.id for no key update;
  old_end := g.expires_at;
  if old_end >= now() + interval '30 days' or g.state = 'voided' then return; end if;
  update sales.gift_cards x set expires_at = now() + interval '30 days' where x.id = g.id returning * into g;
  perform sales.step_gift_card(g, 'extended', 'refund ' || r.id);
  -- Whoever lost it asked for it to be blocked: a letter would be to nobody.
  if g.state <> 'active' then return; end if;
  insert into messages.emails (business_id, to_address, locale, template, cause, data)
  values (g.business_id, g.to_email, g.locale, 'gift_card_back', r.id::text, jsonb_build_object('card_id', g.id, 'to_name', g.to_name, 'ending', g.ending, 'amount_cents', r.amount_cents, 'currency', g.currency, 'expires_at', g.expires_at, 'expired', old_end <= now()));
end $$;
comment on function sales.extend_gift_card is 'Money came back to a card that has less than thirty days left, or none: whoever holds it has thirty days to spend it, and is told so. It was theirs when they paid with it, and it is no fault of theirs that it comes back late; without a term of its own it would be the house''s again the next night. What had expired before stays so.';

create function sales.tg_refunds__gift_card() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform sales.extend_gift_card(new);
  return null;
end $$;
create trigger tg_refunds__gift_card after update of state on payments.refunds for each row when (old.state <> 'succeeded' and new.state = 'succeeded') execute function sales.tg_refunds__gift_card();

create function api.gift_cards(business_id uuid, only_state text default null, before_at timestamptz default null, before_id uuid default null, page_size int default 50)
returns table (card_id uuid, ending text, state text, amount_cents bigint, held_cents bigint, broken_cents bigint, currency text, to_name text, to_email text, from_name text, order_id uuid, reference text, created_at timestamptz, send_at timestamptz, issued_at timestamptz, expires_at timestamptz)
language plpgsql stable security definer set search_path = '' rows 50 as $$
#variable_conflict use_column
begin
  perform business.require_role(gift_cards.business_id, 'manager');
  return query
  select g.id, g.ending, g.state, g.amount_cents, coalesce(-a.balance, 0), g.broken_cents, g.currency::text, g.to_name, g.to_email::text, g.from_name, o.id, o.reference, g.created_at, g.send_at, g.issued_at, g.expires_at
  from (select * from sales.gift_cards x where x.business_id = gift_cards.business_id and (gift_cards.only_state is null or x.state = gift_cards.only_state)
      and (gift_cards.before_at is null or (x.created_at, x.id) < (gift_cards.before_at, gift_cards.before_id)) order by x.created_at desc, x.id desc limit least(greatest(gift_cards.page_size, 1), 1000)) g
  join sales.order_lines l on l.business_id = g.business_id and l.id = g.order_line_id join sales.orders o on o.business_id = l.business_id and o.id = l.order_id
  left join ledger.accounts a on a.business_id = g.business_id and a.unit = g.currency::text and a.kind = 'gift_card' and a.owner = g.id::text
  order by g.created_at desc, g.id desc;
end $$;
comment on function api.gift_cards is 'Cards that were sold, the latest first (keyset by created_at and id), without their codes. held_cents: what the business owes for it, from the ledger. For managers.';
grant execute on function api.gift_cards to authenticated;

create function api.gift_card_totals(business_id uuid) returns table (sold int, sold_cents bigint, owed_cents bigint, open_cards int, broken_cents bigint, currency text)
language plpgsql stable security definer set search_path = '' rows 1 as $$
#variable_conflict use_column
begin
  perform business.require_role(gift_card_totals.business_id, 'manager');
  return query
  select (select count(*)::int from sales.gift_cards g where g.business_id = b.id and g.state <> 'voided'), (select coalesce(sum(g.amount_cents), 0)::bigint from sales.gift_cards g where g.business_id = b.id and g.state <> 'voided'),
    coalesce(-sum(a.balance), 0)::bigint, count(a.id) filter (where a.balance < 0)::int, (select coalesce(sum(g.broken_cents), 0)::bigint from sales.gift_cards g where g.business_id = b.id), b.currency::text
  from business.businesses b left join ledger.accounts a on a.business_id = b.id and a.kind = 'gift_card' and a.unit = b.currency::text where b.id = gift_card_totals.business_id group by b.id;
end $$;
comment on function api.gift_card_totals is 'How many cards were sold and for how much, what of that is still owed to their holders, as the ledger has it, and what expired unused (broken_cents). For managers.';
grant execute on function api.gift_card_totals to authenticated;

create function api.change_gift_card(business_id uuid, card_id uuid, act text, reason text, to_email text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
  g sales.gift_cards;
  address text := lower(nullif(trim(change_gift_card.to_email), ''));
begin
  perform business.require_role(change_gift_card.business_id, 'manager');
  if change_gift_card.act is null or change_gift_card.act not in ('block', 'unblock', 'reissue') then perform platform.refuse(422, 'act_unknown', '{"field": "act"}'); end if;
  if length(trim(coalesce(change_gift_card.reason, ''))) not between 3 and 300 then perform platform.refuse(422, 'reason_invalid', '{"field": "reason"}'); end if;
  if address !~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' or length(address) > 254 then perform platform.refuse(422, 'email_invalid', '{"field": "to_email"}'); end if;
  select * into g from sales.gift_cards x where x.id = change_gift_card.card_id and x.business_id = change_gift_card.business_id for no key update;
  if g.id is null then perform platform.refuse(404, 'gift_card_not_found'); end if;
  if g.state = 'voided' or change_gift_card.act = 'block' and g.state = 'blocked' or change_gift_card.act = 'unblock' and g.state = 'active' then perform platform.refuse(409, 'gift_card_' || g.state); end if;
  update sales.gift_cards x set state = case change_gift_card.act when 'block' then 'blocked' else 'active' end, to_email = coalesce(address, x.to_email),
    -- From now on the old code opens nothing, whenever the letter with the new one leaves.
    secret_hash = case when change_gift_card.act = 'reissue' then null else x.secret_hash end, salt = case when change_gift_card.act = 'reissue' then null else x.salt end, ending = case when change_gift_card.act = 'reissue' then null else x.ending end
  where x.id = g.id returning * into g;
  perform sales.step_gift_card(g, case change_gift_card.act when 'reissue' then 'reissued' else change_gift_card.act || 'ed' end, trim(change_gift_card.reason));
  if change_gift_card.act = 'reissue' then
    update messages.emails e set state = 'withheld', next_try_at = null where e.business_id = g.business_id and e.id = g.letter_id and e.state = 'queued';
    perform sales.write_gift_card(g, now());
  end if;
  perform audit.note(g.business_id, 'gift_card_' || case change_gift_card.act when 'reissue' then 'reissued' else change_gift_card.act || 'ed' end, 'gift_card:' || g.id, jsonb_build_object('reason', trim(change_gift_card.reason), 'to_email', g.to_email));
  return jsonb_build_object('card_id', g.id, 'state', g.state, 'ending', g.ending);
end $$;
comment on function api.change_gift_card is 'A manager blocks a lost card, opens it again, or has a new code and PIN sent for it (reissue; to another address if one is given), with a reason for the trail. What it holds stays. Refuses 404 gift_card_not_found, 409 gift_card_blocked, gift_card_active, gift_card_voided, 422 act_unknown, reason_invalid, email_invalid.';
grant execute on function api.change_gift_card to authenticated;

create function api.set_gift_card_rules(business_id uuid, amounts bigint[], min_cents bigint, max_cents bigint, valid_months int default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
begin
  perform business.require_role(set_gift_card_rules.business_id, 'manager');
  if coalesce(set_gift_card_rules.min_cents, 0) < 1 or set_gift_card_rules.max_cents is null or set_gift_card_rules.max_cents not between set_gift_card_rules.min_cents and 1000000000
    or coalesce(cardinality(set_gift_card_rules.amounts), 0) not between 1 and 6 or exists (select from unnest(set_gift_card_rules.amounts) u where u is null or u not between set_gift_card_rules.min_cents and set_gift_card_rules.max_cents) then
    perform platform.refuse(422, 'gift_card_rules_invalid', '{"field": "amounts"}');
  end if;
  if set_gift_card_rules.valid_months not between 12 and 120 then perform platform.refuse(422, 'gift_card_rules_invalid', '{"field": "valid_months"}'); end if;
  insert into sales.gift_card_rules as r (business_id, amounts, min_cents, max_cents, valid_months)
  values (set_gift_card_rules.business_id, array(select distinct u from unnest(set_gift_card_rules.amounts) u order by u), set_gift_card_rules.min_cents, set_gift_card_rules.max_cents, set_gift_card_rules.valid_months)
  on conflict (business_id) do update set amounts = excluded.amounts, min_cents = excluded.min_cents, max_cents = excluded.max_cents, valid_months = excluded.valid_months;
  perform audit.note(set_gift_card_rules.business_id, 'gift_card_rules_set', 'business:' || set_gift_card_rules.business_id, jsonb_build_object('amounts', set_gift_card_rules.amounts, 'min_cents', set_gift_card_rules.min_cents, 'max_cents', set_gift_card_rules.max_cents, 'valid_months', set_gift_card_rules.valid_months));
end $$;
comment on function api.set_gift_card_rules is 'What gift cards the business sells from now on. For managers. Refuses 422 gift_card_rules_invalid.';
grant execute on function api.set_gift_card_rules to authenticated;
