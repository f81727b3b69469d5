// A simulated card reader for the demonstration till. The seed is SQL and cannot ask Stripe for one; a manager can.
import pg from 'pg';
import { demoAccounts } from './demo-accounts.ts';

/** The counter of Lotus & Bean in supabase/seed.sql. */
const counter = '20000000-0000-4000-8000-000000000001';
/** What Stripe takes for a reader's code in test mode (https://docs.stripe.com/terminal/references/testing). */
const code = 'simulated-wpe';

/**
 * Registers it through the site, as a manager does, unless that counter has or ever had one: who removed it is not
 * contradicted at the next start. Answers whether it was added now; throws when the site says no.
 */
export async function addDemoReader({
  siteUrl,
  databaseUrl,
}: {
  siteUrl: string;
  databaseUrl: string;
}): Promise<boolean> {
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  try {
    const { rowCount } = await db.query('select from shop.readers where location_id = $1', [counter]);
    if (rowCount) return false;
  } finally {
    await db.end();
  }
  const manager = demoAccounts().find(({ role }) => role === 'manager')!;
  const signedIn = await send(siteUrl, '/api/auth/signin', manager);
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  await send(siteUrl, '/api/coffee/till/readers', { location_id: counter, name: 'Bar', code }, cookie);
  return true;
}

async function send(siteUrl: string, path: string, body: object, cookie = ''): Promise<Response> {
  const answer = await fetch(new URL(path, siteUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}
