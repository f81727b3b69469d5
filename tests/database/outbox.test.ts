import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { lotus, sql } from '../world.ts';
import { connectAsOwner } from './connections.ts';

/** A worker that never commits: what it takes is the next one's again, so tests beside this one get their letters. */
async function aWorker(): Promise<{ take(count: number): Promise<string[]> }> {
  const client = await connectAsOwner();
  await client.query('begin');
  return {
    take: async (count) =>
      (await client.query<{ id: string }>('select id from api.take_emails($1)', [count])).rows.map(
        ({ id }) => id,
      ),
  };
}

test('several workers that take letters at once never take the same one', async () => {
  // They stand ready: the house's own worker takes of these letters too, and must not have sent most of them before.
  const workers = await Promise.all([aWorker(), aWorker(), aWorker()]);
  const tag = randomUUID();
  // Due for so long that they come first.
  await sql(
    `insert into messages.emails (business_id, to_address, locale, template, cause, data, next_try_at)
     select $1, $2 || '@example.test', 'en', 'account_locked', $2 || n, '{"name": "Ada", "minutes": 2}', '2020-01-01' from generate_series(1, 60) n`,
    [lotus, tag],
  );
  const taken = (await Promise.all(workers.map(({ take }) => take(15)))).flat();
  expect(taken.length).toBeGreaterThan(30);
  expect(new Set(taken).size).toBe(taken.length);
});

test('a letter that waits for its cause to be committed is not handed out before', async () => {
  const tag = randomUUID();
  const client = await connectAsOwner();
  await client.query('begin');
  const { rows } = await client.query<{ id: string }>(
    `insert into messages.emails (business_id, to_address, locale, template, cause, data, next_try_at)
     values ($1, $2 || '@example.test', 'en', 'account_locked', $2, '{"name": "Ada", "minutes": 2}', '2020-01-01') returning id`,
    [lotus, tag],
  );
  expect(await (await aWorker()).take(100)).not.toContain(rows[0]?.id);
});

test.each([
  ['everybody', '', 'emails_created_at_idx'],
  [
    'one member',
    `and x.member_id = '00000000-0000-4000-8000-000000000001' and x.member_id is not null`,
    'emails_member_id_idx',
  ],
  ['one kind', `and x.template = 'milestone'`, 'emails_template_idx'],
  ['what failed', `and x.state = 'failed'`, 'emails_unsent_idx'],
])(
  'the post of %s is read in its order from an index of its own, page by page',
  async (_whose, which, index) => {
    const client = await connectAsOwner();
    // So few rows are sorted as fast: what matters is that they need not be.
    await client.query(
      'begin; set local enable_seqscan = off; set local enable_sort = off; set local enable_bitmapscan = off',
    );
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `explain select x.* from messages.emails x where x.business_id = '${lotus}' ${which} and (x.created_at, x.id) < (now(), '${lotus}') order by x.created_at desc, x.id desc limit 50`,
    );
    const plan = rows.map((line) => line['QUERY PLAN']).join('\n');
    expect(plan).toMatch(new RegExp(`Index Scan Backward using ${index}`));
    expect(plan).not.toContain('Sort');
  },
);
