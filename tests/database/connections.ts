/** Connections for races: as many as it takes, closed when the test is over, and then the books must be right. */
import pg from 'pg';
import { afterEach, expect, inject } from 'vitest';
import { connectionOf, findings, sql } from '../world.ts';

const open: pg.Client[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.end()));
  expect(await findings()).toEqual([]);
});

/** SQL as one person. */
export async function connect(who: string | { id: string } | undefined): Promise<pg.Client> {
  if (!who) throw new Error('There is nobody to connect');
  const client = await connectionOf(typeof who === 'string' ? who : who.id);
  open.push(client);
  return client;
}

/** SQL past row-level security: a job's, or whoever is to hold rows that others want. */
export async function connectAsOwner(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: inject('stack').databaseUrl });
  await client.connect();
  open.push(client);
  return client;
}

/** Whether it stands still for something that somebody else has. */
export async function waits(client: pg.Client): Promise<boolean> {
  const { processID } = client as unknown as { processID: number };
  const found = `select from pg_stat_activity where wait_event_type = 'Lock' and pid = $1`;
  return (await sql(found, [processID])).length === 1;
}
