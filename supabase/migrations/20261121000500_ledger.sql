-- Ledger: one double-entry, append-only book for everything of value. Only SQL writes here.
-- Sign rule: what a business has is positive, what it owes or has earned is negative; every transfer sums to zero per unit.

create schema ledger;
grant usage on schema ledger to anon, authenticated, service_role;

create table ledger.account_kinds (
  kind text primary key,
  -- +1: the balance is normally above zero (assets, costs); -1: below (liabilities, revenue).
  side smallint not null check (side in (1, -1)),
  may_go_negative boolean not null,
  meaning text not null
);
comment on table ledger.account_kinds is 'The chart of accounts. may_go_negative: whether the balance may cross to the other side of zero.';
insert into ledger.account_kinds (kind, side, may_go_negative, meaning) values
  ('clearing', 1, true, 'captured by a provider, not yet paid out; owner = provider'),
  ('bank', 1, true, 'money at the bank'),
  ('drawer', 1, false, 'cash in a till; owner = till'),
  ('revenue', -1, true, 'earned; owner = line of business'),
  ('unearned', -1, false, 'sold, not yet used; owner = pass or membership period'),
  ('unapplied', -1, false, 'received for goods that could no longer be had; owed back to the payer; owner = payment'),
  ('gift_card', -1, false, 'owed to the holder; owner = card'),
  ('wallet', -1, false, 'owed to the holder; owner = member'),
  ('tax', -1, true, 'owed to the state; owner = rate'),
  ('tips', -1, false, 'owed to staff; owner = staff or pool'),
  ('platform_fee', -1, true, 'owed to the platform'),
  ('commission', -1, true, 'owed to members; owner = member'),
  ('provider_fee', 1, true, 'cost of being paid'),
  ('rounding', 1, true, 'what rounding left over'),
  ('loss', 1, true, 'lost disputes and write-offs'),
  ('frozen', 1, false, 'reserved by a dispute or withdrawal; owner = its id'),
  ('points_issued', 1, true, 'counterpart of points in hands'),
  ('points', -1, false, 'points a member holds; owner = lot'),
  ('credits_issued', 1, true, 'counterpart of class credits in hands'),
  ('credits', -1, false, 'uses left; owner = pass');

create table ledger.accounts (
  id bigint generated always as identity primary key,
  business_id uuid not null references business.businesses on delete restrict,
  unit text not null check (unit ~ '^([A-Z]{3}|points|credits)$'),
  kind text not null references ledger.account_kinds on delete restrict,
  owner text not null default '',
  side smallint not null,
  may_go_negative boolean not null,
  balance bigint not null default 0,
  reserved bigint not null default 0 check (reserved >= 0),
  version bigint not null default 0,
  unique (business_id, unit, kind, owner),
  unique (business_id, id),
  constraint enough_left check (may_go_negative or balance * side - reserved >= 0)
);
comment on table ledger.accounts is 'balance is the sum of the entries, version their number; reserved is what pending transfers will take out.';
create index accounts_kind_idx on ledger.accounts (kind);
create index accounts_owner_idx on ledger.accounts (owner) where owner <> '';

create table ledger.transfers (
  id bigint generated always as identity primary key,
  business_id uuid not null references business.businesses on delete restrict,
  kind text not null,
  source text not null,
  state text not null default 'posted' check (state in ('pending', 'posted', 'voided')),
  occurred_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  reverses bigint,
  account_ids bigint[] not null,
  amounts bigint[] not null,
  check (cardinality(account_ids) = cardinality(amounts) and cardinality(amounts) >= 2),
  unique (business_id, id),
  unique (business_id, kind, source),
  foreign key (business_id, reverses) references ledger.transfers (business_id, id) on delete restrict
);
comment on table ledger.transfers is 'One movement of value. (kind, source) is unique: nothing is credited twice. account_ids and amounts: the plan, equal to the entries once posted.';
create unique index transfers_reversed_once on ledger.transfers (business_id, reverses) where reverses is not null;
create index transfers_pending_idx on ledger.transfers (business_id, created_at) where state = 'pending';

create table ledger.entries (
  id bigint generated always as identity primary key,
  business_id uuid not null,
  transfer_id bigint not null,
  account_id bigint not null,
  amount bigint not null check (amount <> 0),
  balance_before bigint not null,
  balance_after bigint not null,
  version bigint not null,
  foreign key (business_id, transfer_id) references ledger.transfers (business_id, id) on delete restrict,
  foreign key (business_id, account_id) references ledger.accounts (business_id, id) on delete restrict,
  check (balance_after = balance_before + amount),
  unique (business_id, account_id, version)
);
create index entries_transfer_id_idx on ledger.entries (business_id, transfer_id);

create function ledger.tg_entries__append_only() returns trigger
language plpgsql set search_path = '' as $$
begin
  raise exception 'ledger.% is append-only: reverse, do not edit', tg_table_name using errcode = '55000';
end $$;
create trigger tg_entries__append_only before update or delete or truncate on ledger.entries for each statement execute function ledger.tg_entries__append_only();

create function ledger.tg_transfers__once() returns trigger
language plpgsql set search_path = '' as $$
begin
  if tg_op = 'DELETE' or old.state <> 'pending' or new.state not in ('posted', 'voided') or (new.kind, new.source, new.business_id) is distinct from (old.kind, old.source, old.business_id) then
    raise exception 'ledger.transfers are settled once and never edited' using errcode = '55000';
  end if;
  return new;
end $$;
create trigger tg_transfers__once before update or delete on ledger.transfers for each row execute function ledger.tg_transfers__once();

alter table ledger.account_kinds enable row level security;
alter table ledger.accounts enable row level security;
alter table ledger.transfers enable row level security;
alter table ledger.entries enable row level security;
grant select on ledger.account_kinds, ledger.accounts, ledger.transfers, ledger.entries to authenticated;
create policy "The chart of accounts is no secret" on ledger.account_kinds for select to authenticated using (true);
create policy "Managers read their business's accounts" on ledger.accounts for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Managers read their business's transfers" on ledger.transfers for select to authenticated using (business_id in (select business.where_i_am('manager')));
create policy "Managers read their business's entries" on ledger.entries for select to authenticated using (business_id in (select business.where_i_am('manager')));

-- Writing: three functions, no other way in ------------------------------------------------------------------------------
create function ledger.account(business_id uuid, unit text, kind text, owner text default '') returns bigint
language plpgsql volatile set search_path = '' as $$
#variable_conflict use_column
declare found_id bigint;
begin
  select a.id into found_id from ledger.accounts a
  where a.business_id = account.business_id and a.unit = account.unit and a.kind = account.kind and a.owner = account.owner;
  if found_id is not null then return found_id; end if;
  insert into ledger.accounts as a (business_id, unit, kind, owner, side, may_go_negative)
  select account.business_id, account.unit, k.kind, account.owner, k.side, k.may_go_negative from ledger.account_kinds k where k.kind = account.kind
  on conflict (business_id, unit, kind, owner) do nothing returning a.id into found_id;
  if found_id is not null then return found_id; end if;
  -- Somebody opened it at the same moment.
  select a.id into strict found_id from ledger.accounts a
  where a.business_id = account.business_id and a.unit = account.unit and a.kind = account.kind and a.owner = account.owner;
  return found_id;
end $$;
comment on function ledger.account is 'The account''s id; opened at its first use.';

create function ledger.lock(business_id uuid, account_ids bigint[], amounts bigint[]) returns void
language plpgsql volatile set search_path = '' as $$
begin
  -- Always in one order, so that no two transfers wait for each other: first what must not run out (cards, wallets, drawers, passes),
  -- which is often reserved before anything moves, then what everybody's sales need, each by id. Whoever locks rows for several
  -- transfers at once does it in this order too.
  if exists (
    with locked as materialized (
      select a.id, a.balance, a.reserved, a.side, a.may_go_negative from ledger.accounts a where a.business_id = lock.business_id and a.id = any (lock.account_ids) order by a.may_go_negative, a.id for no key update)
    select from unnest(lock.account_ids, lock.amounts) u (id, amount) left join locked k on k.id = u.id where k.id is null or not k.may_go_negative and (k.balance + u.amount) * k.side < k.reserved) then
    perform platform.refuse(409, 'not_enough_balance');
  end if;
end $$;
comment on function ledger.lock is 'Holds the rows of a movement, each account once, and looks whether they bear it. Refuses 409 not_enough_balance: said here rather than caught from the constraint enough_left, which would cost every transfer a subtransaction.';

create function ledger.write_entries(business_id uuid, transfer_id bigint, account_ids bigint[], amounts bigint[]) returns void
language plpgsql volatile set search_path = '' as $$
begin
  with moved as (
    update ledger.accounts a set balance = a.balance + l.amount, version = a.version + 1
    from unnest(write_entries.account_ids, write_entries.amounts) l (account_id, amount)
    where a.id = l.account_id and a.business_id = write_entries.business_id
    returning a.id, a.balance, a.version, l.amount)
  insert into ledger.entries (business_id, transfer_id, account_id, amount, balance_before, balance_after, version)
  select write_entries.business_id, write_entries.transfer_id, m.id, m.amount, m.balance - m.amount, m.balance, m.version from moved m;
end $$;
comment on function ledger.write_entries is 'The entries of a transfer, and the balances after them. The caller holds the rows: ledger.lock.';

create function ledger.transfer(business_id uuid, kind text, source text, account_ids bigint[], amounts bigint[], state text default 'posted', reverses bigint default null, occurred_at timestamptz default now()) returns bigint
language plpgsql volatile set search_path = '' as $$
declare
  made bigint;
  ids bigint[];
  sums bigint[];
  odd boolean;
begin
  -- The same account named twice is one leg; legs of nothing fall away; what is left sums to zero in each unit.
  select array_agg(l.id order by l.id), array_agg(l.amount order by l.id), bool_or(l.unit is null or l.rest <> 0) into ids, sums, odd
  from (select x.id, sum(x.amount)::bigint as amount, a.unit, sum(sum(x.amount)) over (partition by a.unit) as rest
    from unnest(transfer.account_ids, transfer.amounts) as x (id, amount) left join ledger.accounts a on a.id = x.id and a.business_id = transfer.business_id
    group by x.id, a.unit having sum(x.amount) <> 0) l;
  if ids is null then return null; end if;
  if odd then raise exception 'ledger transfer % % does not sum to zero', transfer.kind, transfer.source; end if;
  insert into ledger.transfers as x (business_id, kind, source, state, occurred_at, reverses, account_ids, amounts, settled_at)
  values (transfer.business_id, transfer.kind, transfer.source, transfer.state, transfer.occurred_at, transfer.reverses, ids, sums, case when transfer.state = 'posted' then now() end)
  returning x.id into made;
  if transfer.state = 'posted' then
    perform ledger.lock(transfer.business_id, ids, sums);
    perform ledger.write_entries(transfer.business_id, made, ids, sums);
  else
    perform ledger.reserve(ids, sums, 1);
  end if;
  return made;
end $$;
comment on function ledger.transfer is 'Writes one transfer in minor units of each account''s unit. state ''pending'' reserves what it takes from accounts that may not be overdrawn, until ledger.settle. A second transfer of the same (kind, source) is a unique violation. Refuses 409 not_enough_balance.';

create function ledger.reserve(account_ids bigint[], amounts bigint[], direction int) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform 1 from ledger.accounts a where a.id = any (reserve.account_ids) and not a.may_go_negative order by a.may_go_negative, a.id for no key update;
  update ledger.accounts a set reserved = a.reserved + reserve.direction * abs(l.amount)
  from (select unnest(reserve.account_ids) as account_id, unnest(reserve.amounts) as amount) l
  where a.id = l.account_id and not a.may_go_negative and l.amount * a.side < 0;
exception when check_violation then
  perform platform.refuse(409, 'not_enough_balance');
end $$;

create function ledger.settle(transfer_id bigint, post boolean, amounts bigint[] default null) returns void
language plpgsql volatile set search_path = '' as $$
declare t ledger.transfers;
begin
  select * into strict t from ledger.transfers x where x.id = settle.transfer_id for no key update;
  if t.state <> 'pending' then perform platform.refuse(409, 'transfer_settled_before'); end if;
  perform ledger.reserve(t.account_ids, t.amounts, -1);
  if settle.post and settle.amounts is not null then
    if cardinality(settle.amounts) <> cardinality(t.amounts)
      or exists (select from unnest(settle.amounts, t.amounts) as u (part, whole) where abs(u.part) > abs(u.whole) or u.part * u.whole <= 0)
      or exists (select from unnest(t.account_ids, settle.amounts) as u (id, amount) join ledger.accounts a on a.id = u.id group by a.unit having sum(u.amount) <> 0) then
      raise exception 'ledger: not a part of pending transfer %', t.id;
    end if;
  end if;
  update ledger.transfers x set state = case when settle.post then 'posted' else 'voided' end, settled_at = now(), amounts = coalesce(settle.amounts, x.amounts)
  where x.id = t.id returning * into t;
  if settle.post then
    perform ledger.lock(t.business_id, t.account_ids, t.amounts);
    perform ledger.write_entries(t.business_id, t.id, t.account_ids, t.amounts);
  end if;
end $$;
comment on function ledger.settle is 'Posts a pending transfer (whole, or in part by smaller amounts in the same order) or voids it: once.';

create function ledger.reverse(transfer_id bigint, kind text, source text) returns bigint
language plpgsql volatile set search_path = '' as $$
declare t ledger.transfers;
begin
  select * into strict t from ledger.transfers x where x.id = reverse.transfer_id;
  if t.state <> 'posted' then perform platform.refuse(409, 'transfer_not_posted'); end if;
  return ledger.transfer(t.business_id, reverse.kind, reverse.source, t.account_ids, array(select -a from unnest(t.amounts) with ordinality u(a, n) order by n), 'posted', t.id);
end $$;
comment on function ledger.reverse is 'The exact opposite of a posted transfer, once (unique index).';
