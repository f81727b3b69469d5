-- Referrals: who is a newcomer, what both have of the first paid order, what goes back with it, and who may see it.
begin;
select plan(41);

create function pg_temp.lotus() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000001'::uuid $$;
create function pg_temp.sur() returns uuid language sql immutable as $$ select '10000000-0000-4000-8000-000000000002'::uuid $$;
create function pg_temp.become(who text) returns void language sql as $$
  select set_config('request.jwt.claims', jsonb_build_object('sub', (select u.id from auth.users u where u.email = who), 'role', 'authenticated')::text, true);
$$;
insert into auth.users (id, email, raw_user_meta_data)
select ('45999999-0000-4000-8000-00000000000' || n)::uuid, who, jsonb_build_object('full_name', initcap(split_part(who, '@', 1)) || ' Tester')
from unnest(array['ida@refer.test', 'new@refer.test', 'second@refer.test', 'third@refer.test', 'old@refer.test', 'guest@refer.test', 'ida+again@refer.test', 'afar@refer.test']) with ordinality u (who, n);
create function pg_temp.member(who text) returns uuid language sql as $$ select m.id from members.members m where m.business_id = pg_temp.lotus() and m.email = who::extensions.citext and m.user_id is not null $$;
-- A paid order of so many cents with a tenth of tax on top: 1100 are 1000 for the programme.
create function pg_temp.pays(who uuid, cents bigint, kind text default 'product') returns uuid language plpgsql as $$
declare o sales.orders;
begin
  insert into sales.orders (business_id, member_id, state, channel, currency, reference, placed_at, payment_confirmed_at, total_cents, tax_cents)
  values ('10000000-0000-4000-8000-000000000001', who, 'paid', 'web', 'EUR', sales.new_reference(pg_temp.lotus()), clock_timestamp(), clock_timestamp(), cents, cents / 11) returning * into o;
  insert into sales.order_lines (business_id, order_id, position, kind, label, unit_price_cents, tax_rate_bp, tax_cents, total_cents, state, product_id)
  values (o.business_id, o.id, 1, kind, '{"en": "Tea"}', cents, 1000, cents / 11, cents, 'fulfilled', case when kind = 'product' then (select d.id from shop.products d where d.business_id = o.business_id and d.slug = 'refer-tea') end);
  perform loyalty.settle(o);
  return o.id;
end $$;
create function pg_temp.settle() returns void language sql as $$ select api.settle_referral(r.id) from loyalty.referrals r join members.members m on m.id = r.inviter_id where m.email = 'ida@refer.test' order by r.id $$;
create function pg_temp.balance(who text) returns int language plpgsql as $$
begin
  perform pg_temp.become(who);
  return (api.my_points(pg_temp.lotus()) ->> 'balance')::int;
end $$;
create function pg_temp.refunded(id uuid, cents bigint) returns void language sql as $$ update sales.order_lines l set refunded_cents = refunded.cents where l.order_id = refunded.id $$;
create function pg_temp.findings() returns bigint language sql as $$ select count(*) from ledger.findings(pg_temp.lotus()) f where f.finding like 'points%' $$;
with c as (insert into shop.categories (business_id, slug, name) values (pg_temp.lotus(), 'refer', '{"en": "Refer"}') returning id)
insert into shop.products (business_id, category_id, slug, name, price_cents, tax_rate_bp, published) select pg_temp.lotus(), c.id, 'refer-tea', '{"en": "Tea"}', 1100, 1000, true from c;

-- The terms ---------------------------------------------------------------------------------------------------------
select pg_temp.become('manager@lotus.test');
select throws_ok($$ select api.save_programme(pg_temp.lotus(), '{"inviter_points": -1}') $$, 'PT422', 'loyalty_terms_invalid', 'nobody is punished for bringing somebody');
select api.save_programme(pg_temp.lotus(), '{"unit": "points", "earn_points": 1, "earn_cents": 1000, "first_visit_points": 0, "inviter_points": null, "newcomer_points": null}', '[]', '[]');
select pg_temp.become('ida@refer.test');
select is(api.my_invitation(pg_temp.lotus()), null, 'where nothing is given for it nobody has a link');
select pg_temp.become('manager@lotus.test');
select lives_ok($$ select api.save_programme(pg_temp.lotus(), '{"inviter_points": 30, "newcomer_points": 20, "referral_min_cents": 900, "referral_month_cap": 2}') $$, 'the owner says what both have');

-- The link ----------------------------------------------------------------------------------------------------------
select pg_temp.become('ida@refer.test');
create temporary table ida as select api.my_invitation(pg_temp.lotus()) ->> 'code' as code;
select matches((select code from ida), '^[0-9A-HJKMNP-TV-Z]{8}$', 'a member has a code of eight characters that nobody mistakes');
select is(api.my_invitation(pg_temp.lotus()) ->> 'code', (select code from ida), 'always the same');
select is(api.invitation_code(pg_temp.lotus(), lower((select code from ida))) ->> 'inviter', 'Ida', 'it says the first name of who brings, and no more');
select is(api.invitation_code(pg_temp.lotus(), (select code from ida)) ->> 'problem', 'referral_own', 'to its owner, that it is theirs');
select is(api.invitation_code(pg_temp.sur(), (select code from ida)), null, 'at another business it is nothing');
select throws_ok($$ select api.accept_invitation_code(pg_temp.lotus(), (select code from ida)) $$, 'PT409', 'referral_own', 'nobody brings themselves');
select pg_temp.become('ida+again@refer.test');
select throws_ok($$ select api.accept_invitation_code(pg_temp.lotus(), (select code from ida)) $$, 'PT409', 'referral_own', 'nor from a second address of the same mailbox');
select pg_temp.become('new@refer.test');
select throws_ok($$ select api.accept_invitation_code(pg_temp.lotus(), '00000000') $$, 'PT404', 'referral_not_found', 'a code that is nobody''s is refused');
select throws_ok($$ select api.accept_invitation_code(pg_temp.sur(), (select code from ida)) $$, 'PT404', 'referral_not_found', 'and one of another business');
select ok(api.accept_invitation_code(pg_temp.lotus(), (select code from ida)), 'somebody new is brought');
select throws_ok($$ select api.accept_invitation_code(pg_temp.lotus(), (select code from ida)) $$, 'PT409', 'referral_known', 'once');
select pg_temp.become('old@refer.test');
select api.become_member(pg_temp.lotus());
select throws_ok($$ select api.accept_invitation_code(pg_temp.lotus(), (select code from ida)) $$, 'PT409', 'referral_known', 'who is a member is not new');
insert into members.members (business_id, name, email) values (pg_temp.lotus(), 'Guest', 'guest@refer.test');
select pg_temp.pays(m.id, 1100) from members.members m where m.email = 'guest@refer.test';
select pg_temp.become('guest@refer.test');
select throws_ok($$ select api.accept_invitation_code(pg_temp.lotus(), (select code from ida)) $$, 'PT409', 'referral_known', 'nor who bought as a guest');
select set_config('request.jwt.claims', '', true);
select throws_ok($$ select api.accept_invitation_code(pg_temp.lotus(), (select code from ida)) $$, 'PT401', 'sign_in_first', 'a visitor signs in first');

-- The first paid order ----------------------------------------------------------------------------------------------
select pg_temp.settle();
select is(pg_temp.balance('ida@refer.test'), 0, 'nothing is given for coming alone');
create temporary table small as select pg_temp.pays(pg_temp.member('new@refer.test'), 550) as id;
select pg_temp.pays(pg_temp.member('new@refer.test'), 5500, 'top_up');
select ok(exists (select from graphile_worker.jobs j join loyalty.referrals r on j.key = 'referral:' || r.id where r.newcomer_id = pg_temp.member('new@refer.test')), 'whoever pays has a job look after it');
select pg_temp.settle();
select is(pg_temp.balance('ida@refer.test'), 0, 'a small order does not count, nor money put aside');
create temporary table first as select pg_temp.pays(pg_temp.member('new@refer.test'), 1100) as id;
select pg_temp.settle();
select pg_temp.settle();
select is(pg_temp.balance('ida@refer.test'), 30, 'the first that counts gives the inviter theirs, once');
select is(pg_temp.balance('new@refer.test'), 21, 'and the newcomer theirs, beside what it earned');
select is((api.my_points(pg_temp.lotus()) -> 'statement' -> 0 ->> 'kind'), 'invited', 'and the statement says so');
select pg_temp.become('ida@refer.test');
select is(api.my_points(pg_temp.lotus()) -> 'statement' -> 0 ->> 'order_id', null, 'the inviter is not told what was bought');
select is(api.my_invitation(pg_temp.lotus()) - 'code', '{"unit": "points", "inviter_points": 30, "newcomer_points": 20, "min_cents": 900, "month_cap": 2, "came": 1, "bought": 1}', 'they see how many came and bought');
create temporary table another as select pg_temp.pays(pg_temp.member('new@refer.test'), 1100) as id;
select pg_temp.refunded((select id from another), 1100);
select pg_temp.settle();
select is(pg_temp.balance('ida@refer.test'), 30, 'a later order changes nothing, nor its refund');
select pg_temp.refunded((select id from first), 50);
select pg_temp.settle();
select is(pg_temp.balance('ida@refer.test'), 30, 'it stands while enough of the first order is paid');
select pg_temp.refunded((select id from first), 1100);
select pg_temp.settle();
select is(pg_temp.balance('ida@refer.test') || ' ' || pg_temp.balance('new@refer.test'), '0 0', 'refunded, both go back to the point');
select pg_temp.refunded((select id from first), 0);
select pg_temp.settle();
select is(pg_temp.balance('ida@refer.test') || ' ' || pg_temp.balance('new@refer.test'), '30 21', 'and come again when the refund failed');
select is(pg_temp.findings(), 0::bigint, 'the books hold');

-- No more than so many a month ----------------------------------------------------------------------------------------
select pg_temp.become('second@refer.test');
select api.accept_invitation_code(pg_temp.lotus(), (select code from ida));
select pg_temp.become('third@refer.test');
select api.accept_invitation_code(pg_temp.lotus(), (select code from ida));
create temporary table second as select pg_temp.pays(pg_temp.member('second@refer.test'), 1100) as id;
select pg_temp.pays(pg_temp.member('third@refer.test'), 1100);
select pg_temp.settle();
select is(pg_temp.balance('ida@refer.test'), 60, 'of three newcomers in a month two count for the inviter');
select is(pg_temp.balance('third@refer.test'), 21, 'the third has theirs all the same');
select pg_temp.refunded((select id from second), 1100);
select pg_temp.settle();
select is(pg_temp.balance('ida@refer.test'), 60, 'when one goes back the third counts instead');
select is(pg_temp.balance('second@refer.test'), 0, 'and only the one whose order it was has nothing');
select is(pg_temp.findings(), 0::bigint, 'the books hold');

-- Who may see it ------------------------------------------------------------------------------------------------------
select throws_ok($$ select api.kept_referrals(pg_temp.lotus()) $$, 'PT403', 'not_your_role', 'a member does not see who brought whom');
select pg_temp.become('owner@sur.test');
select throws_ok($$ select api.kept_referrals(pg_temp.lotus()) $$, 'PT403', 'not_your_role', 'nor somebody else''s owner');
select pg_temp.become('manager@lotus.test');
select is((select x ->> 'newcomer' from jsonb_array_elements(api.kept_referrals(pg_temp.lotus()) -> 'referrals') x where x ->> 'inviter' = 'Ida Tester' and x ->> 'stands' = 'false'), 'Second Tester', 'the manager does, with what went back');
select ok((api.kept_referrals(pg_temp.lotus()) ->> 'bought')::int >= 3, 'and how many became customers');
select pg_temp.become('ida@refer.test');
set local role authenticated;
select is_empty($$ select from loyalty.referrals r where r.inviter_id in (select members.mine()) $$, 'an inviter reads no row: who it is and what they buy is the newcomer''s own');
reset role;
select throws_ok($$ insert into loyalty.referrals (business_id, inviter_id, newcomer_id) select r.business_id, pg_temp.member('third@refer.test'), r.newcomer_id from loyalty.referrals r where r.newcomer_id = pg_temp.member('new@refer.test') $$, '23505', null, 'nobody is brought twice');

select * from finish();
rollback;
