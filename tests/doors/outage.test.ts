import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScratch, wipe } from '../../local/prepare/studio.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { aClass, crowd, findings, lotus, seatsOf, sql, useDatabase } from '../world.ts';
import { type Reply, Visitor } from './visitor.ts';

// A stack of its own: others must not notice that this one breaks down.
let stack: Stack;
let scratch: Awaited<ReturnType<typeof openScratch>>;
beforeAll(async () => {
  scratch = await openScratch();
  stack = await startStack({
    dir: scratch.dir,
    durable: true,
    settings: { TRUST_PROXY: '1', MAIL_PER_SECOND: '1000' },
  });
  await useDatabase(stack.supabase.databaseUrl);
});
afterAll(async () => {
  await useDatabase(null);
  await stack.stop();
  await wipe(scratch.dir);
  scratch.release();
});

/** As a browser or program that means it: asks again, with the same key, until there is an answer. */
async function insist(visitor: Visitor, session: string): Promise<{ reply: Reply; tries: number }> {
  const key = randomUUID();
  for (let tries = 1; ; tries++) {
    const reply = await visitor
      .call('/api/yoga/bookings', { session_id: session }, { 'idempotency-key': key })
      .catch(() => null);
    if (reply && reply.status !== 503) return { reply, tries };
    // Waits for the site to answer anything at all; there is nothing to listen to while it is gone.
    await expect
      .poll(
        () =>
          visitor.get('/api/health').then(
            ({ status }) => status,
            () => 0,
          ),
        { interval: 100 },
      )
      .toBe(200);
  }
}

test.each(['site', 'supabase'] as const)(
  'seats are sold exactly once while the %s is killed and comes back',
  async (part) => {
    const members = await Promise.all(
      (await crowd(200, 'outage')).map(async ({ email }) => {
        const visitor = new Visitor(stack.siteUrl);
        expect((await visitor.signIn(email)).status).toBe(200);
        return visitor;
      }),
    );
    const session = await aClass({ seats: 30, price: 0, startsIn: part === 'site' ? '25 days' : '26 days' });
    let answered = 0;
    let killed: Promise<void> | undefined;
    const answers = await Promise.all(
      members.map(async (member) => {
        const answer = await insist(member, session);
        // In the middle: some have their seat, most are on the way.
        if (++answered === 5) killed = stack.kill(part);
        return answer;
      }),
    );
    await killed;
    const statuses = answers.map(({ reply }) => reply.status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(30);
    expect(statuses.filter((status) => status === 409)).toHaveLength(170);
    expect(answers.some(({ tries }) => tries > 1)).toBe(true);
    expect(await seatsOf(session)).toEqual({ taken: 30, capacity: 30, states: { confirmed: 30 } });
    expect(await findings()).toEqual([]);
  },
);

test('letters are neither lost nor doubled when the worker is killed in the middle of sending them', async () => {
  const to = 'everybody@example.test';
  const letters = 200;
  await sql(
    `insert into messages.emails (business_id, to_address, locale, template, cause, data)
     select $1, $2, 'en', 'account_locked', 'outage ' || n, '{"name": "Ada", "minutes": 2}' from generate_series(1, $3::int) n`,
    [lotus, to, letters],
  );
  const inbox = async () =>
    (await (await fetch(`${stack.mail.url}/api/messages?to=${to}&limit=1000`)).json()) as { id: string }[];
  await expect.poll(async () => (await inbox()).length, { interval: 10 }).toBeGreaterThan(20);
  await stack.kill('worker');
  // Three minutes later: what the dead one had taken is due again.
  await sql(`update messages.emails set next_try_at = now() where to_address = $1 and state = 'queued'`, [
    to,
  ]);
  await expect
    .poll(() =>
      sql('select state, count(*)::int as n from messages.emails where to_address = $1 group by 1', [to]),
    )
    .toEqual([{ state: 'sent', n: letters }]);
  // One that went out just before its worker could note it comes again under the same Message-ID: mail programs show it once.
  const ids = await Promise.all(
    (await inbox()).map(async ({ id }) => {
      const source = await (await fetch(`${stack.mail.url}/messages/${id}/source`)).text();
      return /^Message-ID: <([0-9a-f-]{36})@/m.exec(source)?.[1];
    }),
  );
  const wanted = await sql<{ id: string }>('select id from messages.emails where to_address = $1', [to]);
  expect([...new Set(ids)].sort()).toEqual(wanted.map(({ id }) => id).sort());
  expect(ids.length - letters).toBeLessThanOrEqual(4);
});
