import { get } from 'node:http';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { type Bench, type Figure, type Measurement } from './measure.ts';

const messages = 300;
const crowd = 200;

/** Somebody who listens; `heard` is called with the number of each message. */
interface Ear {
  close(): void;
}
type Open = (heard: (n: number) => void) => Promise<Ear>;

/**
 * From the start of the transaction that says something to the moment the last listener has it, and how many messages a
 * second get through. `socket`: a supabase-js client on a private channel. `browser`: /api/live as a page uses it.
 */
export async function benchRealtime(bench: Bench): Promise<Figure[]> {
  const topic = 'bench:live';
  const [business] = (
    await bench.pool.query<{ id: string }>('select id from api.business_for_host($1)', [
      new URL(bench.siteUrl).hostname,
    ])
  ).rows;
  const timetable = `business:${business?.id}:timetable`;
  const socket: Open = (heard) => openSocket(bench, topic, heard);
  const browser: Open = (heard) => openBrowser(`${bench.siteUrl}/api/live?topic=timetable`, heard);
  return [
    await latency(bench, 'transaction to one socket', 1, topic, socket),
    await latency(bench, `transaction to the last of ${crowd} sockets`, crowd, topic, socket),
    await latency(bench, 'transaction to one browser', 1, timetable, browser),
    // One address may open 100 streams.
    await latency(bench, 'transaction to the last of 90 browsers', 90, timetable, browser),
    await throughput(bench, topic, socket),
  ];
}

async function latency(
  bench: Bench,
  what: string,
  listeners: number,
  topic: string,
  open: Open,
): Promise<Figure> {
  let waiting = 0;
  let all = Promise.withResolvers<void>();
  let current = 0;
  const ears = await openAll(listeners, open, (n) => {
    if (n === current && --waiting === 0) all.resolve();
  });
  const times: number[] = [];
  const begin = performance.now();
  for (current = 1; current <= messages; current++) {
    waiting = listeners;
    all = Promise.withResolvers<void>();
    const started = performance.now();
    await send(bench, topic, current);
    await all.promise;
    times.push(performance.now() - started);
    // People do not act in step with us.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
  }
  const seconds = (performance.now() - begin) / 1000;
  for (const ear of ears) ear.close();
  return figure(what, listeners, times, (messages * listeners) / seconds);
}

async function throughput(bench: Bench, topic: string, open: Open): Promise<Figure> {
  const [count, senders] = [4000, 8];
  const done = Promise.withResolvers<void>();
  const sentAt: number[] = [];
  const times: number[] = [];
  const [ear] = await openAll(1, open, (n) => {
    times.push(performance.now() - (sentAt[n] ?? 0));
    if (times.length === count) done.resolve();
  });
  const begin = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: senders }, async () => {
      for (let n = next++; n < count; n = next++) {
        sentAt[n] = performance.now();
        await send(bench, topic, n);
      }
    }),
  );
  await done.promise;
  const seconds = (performance.now() - begin) / 1000;
  ear?.close();
  return figure('messages of 8 senders to one socket', senders, times, count / seconds);
}

function figure(what: string, clients: number, times: number[], perSecond: number): Figure {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0;
  return {
    what,
    clients,
    perSecond,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    acts: times.length,
    errors: 0,
  };
}

async function send(bench: Bench, topic: string, n: number): Promise<void> {
  await bench.pool.query({
    name: 'bench_live_send',
    text: `select realtime.send(jsonb_build_object('n', $1::int), 'bench', $2)`,
    values: [n, topic],
  });
}

async function openAll(count: number, open: Open, heard: (n: number) => void): Promise<Ear[]> {
  const ears: Ear[] = [];
  for (let at = 0; at < count; at += 20) {
    ears.push(...(await Promise.all(Array.from({ length: Math.min(20, count - at) }, () => open(heard)))));
  }
  return ears;
}

function openSocket(bench: Bench, topic: string, heard: (n: number) => void): Promise<Ear> {
  const client: SupabaseClient = createClient(bench.supabaseUrl, bench.secretKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  return new Promise((resolve, reject) => {
    client
      .channel(topic, { config: { private: true } })
      .on('broadcast', { event: 'bench' }, ({ payload }) => heard((payload as { n: number }).n))
      .subscribe((status, error) => {
        if (status === 'SUBSCRIBED') resolve({ close: () => void client.realtime.disconnect() });
        else if (status !== 'CLOSED') reject(error ?? new Error(status));
      });
  });
}

function openBrowser(url: string, heard: (n: number) => void): Promise<Ear> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { accept: 'text/event-stream' }, agent: false }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`/api/live answered ${response.statusCode}`));
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          if (block.includes('event: state')) resolve({ close: () => request.destroy() });
          const data = /event: bench\ndata: (.*)/.exec(block)?.[1];
          if (data) heard((JSON.parse(data) as { n: number }).n);
        }
      });
    });
    request.on('error', reject);
  });
}

export default { name: 'live', run: benchRealtime } satisfies Measurement;
