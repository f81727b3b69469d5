import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import pg from 'pg';
import { type Bench, type Figure, type Measurement, call, expectStatus, measure } from './measure.ts';

const clients = 32;

interface Target {
  what: string;
  name: string;
  args: Record<string, unknown>;
}

async function findTargets(bench: Pick<Bench, 'pool'>): Promise<Target[]> {
  const host = 'localhost';
  const { rows } = await bench.pool.query<{ id: string; monday: Date }>(
    `select id, date_trunc('week', now()) as monday from api.business_for_host($1)`,
    [host],
  );
  const [business] = rows;
  if (!business) throw new Error('There is no business to ask for: is the database seeded?');
  const week = 7 * 24 * 3_600_000;
  return [
    { what: 'rpc, one row', name: 'business_for_host', args: { at_host: host } },
    {
      what: "rpc, a week's timetable",
      name: 'timetable',
      args: {
        business_id: business.id,
        from_at: business.monday.toISOString(),
        until_at: new Date(business.monday.getTime() + week).toISOString(),
      },
    },
  ];
}

/** The same function through `pg` directly, prepared, as rows: what REST cannot exceed. */
async function measureDirectly(
  bench: Pick<Bench, 'pool' | 'seconds'>,
  { name, args }: Target,
): Promise<Figure> {
  const named = Object.keys(args).map((key, index) => `"${key}" => $${index + 1}`);
  const query = { name: `bench_${name}`, text: `select * from api.${name}(${named.join(', ')})` };
  const values = Object.values(args);
  return measure(name, { clients, seconds: bench.seconds }, () => bench.pool.query({ ...query, values }));
}

/** Functions called over HTTP at `/rest/v1/rpc/…`, as a visitor, with their ceilings. */
export async function benchRest(
  bench: Pick<Bench, 'supabaseUrl' | 'publishableKey' | 'pool' | 'seconds'>,
): Promise<Figure[]> {
  const headers = { apikey: bench.publishableKey, 'content-profile': 'api' };
  const figures: Figure[] = [];
  for (const target of await findTargets(bench)) {
    const url = `${bench.supabaseUrl}/rest/v1/rpc/${target.name}`;
    const directly = await measureDirectly(bench, target);
    const overHttp = await measure(target.what, { clients, seconds: bench.seconds }, () =>
      expectStatus(call(url, { headers, body: target.args }), 200),
    );
    figures.push({ ...overHttp, ceiling: directly.perSecond });
  }
  return figures;
}

type Address = Pick<Bench, 'supabaseUrl' | 'publishableKey' | 'databaseUrl'>;

/** In a thread of its own, as the stack has it in a process of its own: it must not wait for the load generator. */
async function serve(): Promise<void> {
  const { startBackend } = await import('../local/backend.ts');
  const backend = await startBackend({ migrations: true, seed: true, durable: true, authThread: true });
  const { url: supabaseUrl, publishableKey, databaseUrl } = backend;
  parentPort?.once('message', () => void backend.stop().then(() => parentPort?.close()));
  parentPort?.postMessage({ supabaseUrl, publishableKey, databaseUrl } satisfies Address);
}

/** `node tests/load/rest.ts`: on a backend of its own, without the rest of the stack. */
async function runAlone(): Promise<void> {
  const { table } = await import('./index.ts');
  const backend = new Worker(new URL(import.meta.url));
  const [address] = (await once(backend, 'message')) as [Address];
  const pool = new pg.Pool({ connectionString: address.databaseUrl, max: 16 });
  try {
    const figures = await benchRest({ ...address, pool, seconds: 5 });
    console.log(table(figures.map((figure) => ({ group: 'rest', ...figure }))));
  } finally {
    await pool.end();
    backend.postMessage('stop');
    await once(backend, 'exit');
  }
}

export default { name: 'rest', run: benchRest } satisfies Measurement;

if (!isMainThread && parentPort) await serve();
else if (process.argv[1] === fileURLToPath(import.meta.url)) await runAlone();
