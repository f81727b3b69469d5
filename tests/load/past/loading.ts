/** How a past is loaded: straight into the tables, so that it takes minutes, and yet as if everything had happened. */
import pg from 'pg';
import { lotus } from '../measure.ts';

/** One statement of the load. */
export type Run = (text: string, ...values: unknown[]) => Promise<pg.QueryResult>;

/** Takes away the indexes that no constraint needs; the result makes them again, in a fraction of what keeping them costs. */
async function withoutIndexes(client: pg.Client, tables: string[]): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
     where i.indrelid = any ($1::regclass[]) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    [tables],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return async () => {
    for (const { definition } of rows) await client.query(definition);
  };
}

/**
 * Runs `load` in one transaction, as the superuser with triggers off: through the functions it would take hours. Most of what it
 * writes goes to `tables`, whose indexes are made anew at the end.
 */
export async function loadPast(
  adminUrl: string,
  tables: string[],
  load: (run: Run) => Promise<void>,
): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const run: Run = (text, ...values) => client.query(text, values);
  try {
    await run('begin');
    await run(`set local session_replication_role = replica`);
    await run(`set local synchronous_commit = off`);
    await run(`set local work_mem = '256MB'`);
    await run(`set local maintenance_work_mem = '1GB'`);
    // What the seed sold has its numbers before.
    await run(`select sales.number_orders($1::uuid)`, lotus);
    const index = await withoutIndexes(client, tables);
    await load(run);
    await index();
    await run('commit');
    await run('vacuum analyze');
    // What is measured afterwards does not share the disk with what was loaded.
    await run('checkpoint');
  } finally {
    await client.end();
  }
}

/** `size` members called `name` and a number, in `h_members (id, n)`. */
export async function loadMembers(run: Run, name: string, size: number): Promise<void> {
  await run(
    `create temporary table h_members on commit drop as select gen_random_uuid() as id, n from generate_series(0, $1::int - 1) n`,
    size,
  );
  await run(
    `insert into members.members (id, business_id, name, email) select id, $1::uuid, $2::text || ' ' || n, lower($2::text) || n || '@example.test' from h_members`,
    lotus,
    name,
  );
}

/**
 * A posted transfer for each row of `h (i, payment_id, at)`, all of the same `legs`, which sum to zero; each account's balance
 * and version grow with every entry, as `api.audit_ledger()` wants them.
 */
export async function loadSales(
  run: Run,
  legs: { kind: string; owner: string; cents: number }[],
): Promise<void> {
  // Made before they are read: a statement does not see what it makes itself.
  await run(
    `create temporary table h_accounts on commit drop as
       select ledger.account($1::uuid, 'EUR', l.kind, l.owner) as id, l.cents as amount from jsonb_to_recordset($2::jsonb) l (kind text, owner text, cents bigint)`,
    lotus,
    JSON.stringify(legs),
  );
  await run(
    `create temporary table h_legs on commit drop as
       select a.id, a.balance, a.version, l.amount from h_accounts l join ledger.accounts a on a.id = l.id`,
  );
  await run(
    `create temporary table h_transfers on commit drop as
       with made as (
         insert into ledger.transfers (business_id, kind, source, state, occurred_at, created_at, settled_at, account_ids, amounts)
         select $1::uuid, 'sale', 'payment:' || payment_id, 'posted', at, at, at, (select array_agg(id order by id) from h_legs), (select array_agg(amount order by id) from h_legs) from h order by i
         returning id)
       select id, row_number() over (order by id) as n from made`,
    lotus,
  );
  await run(
    `insert into ledger.entries (business_id, transfer_id, account_id, amount, balance_before, balance_after, version)
       select $1::uuid, t.id, g.id, g.amount, g.balance + (t.n - 1) * g.amount, g.balance + t.n * g.amount, g.version + t.n from h_transfers t cross join h_legs g`,
    lotus,
  );
  await run(
    `update ledger.accounts a set balance = g.balance + z.n * g.amount, version = g.version + z.n from h_legs g, (select count(*) as n from h) z where a.id = g.id`,
  );
}
