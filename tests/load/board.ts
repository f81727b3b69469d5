/** The board: fifty screens at one counter hear each tap. From the tap to the last of them, over HTTP and from the database alone. */
import { randomUUID } from 'node:crypto';
import { get } from 'node:http';
import { type Person, signedInCrowd } from './crowd.ts';
import { type Bench, type Figure, type Measurement, call, figure, lotus, measure } from './measure.ts';

const screens = 50;
const tickets = 40;
const states = ['placed', 'accepted', 'making', 'ready', 'collected'] as const;

interface Told {
  ticket_id: string;
  version: number;
}

/** A counter of the bench's own, open round the clock, with as many paid orders. */
async function counter(
  bench: Bench,
  barista: Person,
  buyers: Person[],
): Promise<{ at: string; ids: string[] }> {
  const at = randomUUID();
  await bench.pool.query(`insert into business.locations (id, business_id, name) values ($1, $2, 'Bench')`, [
    at,
    lotus,
  ]);
  await bench.pool.query(
    `insert into shop.counters (location_id, business_id, hours, slot_seconds, position)
     values ($1, $2, (select jsonb_agg(jsonb_build_object('day', d, 'opens', '00:00', 'closes', '24:00')) from generate_series(1, 7) d), 36000, 1000)`,
    [at, lotus],
  );
  await bench.pool.query(
    `insert into business.staff (business_id, user_id, role) values ($1, $2, 'barista') on conflict do nothing`,
    [lotus, barista.id],
  );
  const ids: string[] = [];
  for (let n = 0; n < tickets; n++) {
    const client = await bench.pool.connect();
    try {
      await client.query('begin');
      await client.query(`select set_config('request.jwt.claims', $1, true)`, [
        JSON.stringify({ sub: buyers[n % buyers.length]?.id, role: 'authenticated' }),
      ]);
      const placed = await client.query<{ id: string }>(
        `select (api.order_products($1, $2, '[{"slug": "mint-tea"}, {"slug": "mint-tea", "quantity": 2, "note": "no leaves"}]', jsonb_build_object('location_id', $3::text)) ->> 'order_id')::uuid as id`,
        [lotus, randomUUID(), at],
      );
      await client.query(
        `select api.receive_payment_event('stripe', 'bench-' || p.payment_id, 'test', now(), jsonb_build_object('kind', 'payment', 'payment_id', p.payment_id, 'intent_ref', 'bench_' || p.payment_id, 'state', 'captured', 'amount_cents', p.amount_cents, 'currency', p.currency), '{}') from api.begin_payment($1, $2) p`,
        [lotus, placed.rows[0]?.id],
      );
      const made = await client.query<{ id: string }>('select id from shop.tickets where order_id = $1', [
        placed.rows[0]?.id,
      ]);
      await client.query('commit');
      ids.push(made.rows[0]?.id ?? '');
    } finally {
      client.release();
    }
  }
  return { at, ids };
}

function openScreen(bench: Bench, at: string, who: Person, heard: (told: Told) => void) {
  const headers = { accept: 'text/event-stream', cookie: who.cookie, 'x-forwarded-for': who.address };
  return new Promise<{ close(): void }>((resolve, reject) => {
    const url = `${bench.siteUrl}/api/live?topic=board:${at}`;
    const request = get(url, { headers, agent: false }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`/api/live answered ${response.statusCode}`));
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          if (block.includes('event: state')) resolve({ close: () => request.destroy() });
          const data = /event: ticket_changed\ndata: (.*)/.exec(block)?.[1];
          if (data) heard(JSON.parse(data) as Told);
        }
      });
    });
    request.on('error', reject);
  });
}

async function inStep(
  bench: Bench,
  what: string,
  at: string,
  who: Person,
  acts: [ticket: string, from: string, to: string, version: number][],
  tap: (ticket: string, from: string, to: string) => Promise<unknown>,
): Promise<Figure> {
  let wanted: Told = { ticket_id: '', version: 0 };
  let waiting = 0;
  let all = Promise.withResolvers<void>();
  const ears = await Promise.all(
    Array.from({ length: screens }, () =>
      openScreen(bench, at, who, ({ ticket_id, version }) => {
        if (ticket_id === wanted.ticket_id && version === wanted.version && --waiting === 0) all.resolve();
      }),
    ),
  );
  const times: number[] = [];
  const begin = performance.now();
  for (const [ticket_id, from, to, version] of acts) {
    wanted = { ticket_id, version };
    waiting = screens;
    all = Promise.withResolvers();
    const started = performance.now();
    await Promise.all([tap(ticket_id, from, to), all.promise]);
    times.push(performance.now() - started);
    // People do not act in step with us.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
  }
  for (const ear of ears) ear.close();
  return figure(what, screens, times, (performance.now() - begin) / 1000);
}

async function run(bench: Bench): Promise<Figure[]> {
  const [barista, ...buyers] = await signedInCrowd(bench, 9);
  if (!barista) throw new Error('Nobody came');
  const { at, ids } = await counter(bench, barista, buyers);
  const steps = (part: string[]) =>
    states
      .slice(1)
      .flatMap((to, n) =>
        part.map((id): [string, string, string, number] => [id, states[n] ?? '', to, n + 2]),
      );
  const act = (ticket_id: string, from: string, to: string) => ({ id: randomUUID(), ticket_id, from, to });
  const claims = JSON.stringify({ sub: barista.id, role: 'authenticated' });
  const inSql = await inStep(
    bench,
    `from the act in the database to the last of ${screens} screens`,
    at,
    barista,
    steps(ids.slice(0, 20)),
    (...how) =>
      bench.pool.query(`select set_config('request.jwt.claims', $1, false), api.advance_tickets($2, $3)`, [
        claims,
        lotus,
        JSON.stringify([act(...how)]),
      ]),
  );
  const headers = { cookie: barista.cookie, 'x-forwarded-for': barista.address };
  const tapped = await inStep(
    bench,
    `from the tap to the last of ${screens} screens`,
    at,
    barista,
    steps(ids.slice(20)),
    async (...how) => {
      const answer = await call(`${bench.siteUrl}/api/coffee/board`, {
        method: 'POST',
        headers,
        body: { acts: [act(...how)] },
      });
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body.slice(0, 200)}`);
    },
  );
  const page = await measure(
    '/board with forty tickets',
    { clients: 8, seconds: bench.seconds },
    async () => {
      const answer = await call(`${bench.siteUrl}/api/coffee/board?location_id=${at}`, { headers });
      if (answer.status !== 200) throw new Error(`${answer.status}`);
    },
  );
  return [inSql, tapped, page];
}

const measurement: Measurement = { name: 'board', order: 13, run };
export default measurement;
