import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { type ByPart, cpuByPart } from './processes.ts';

/** Lotus & Bean, whom all of it is about. */
export const lotus = '10000000-0000-4000-8000-000000000001';

/** What a measurement may use. The load comes from this one process, beside what it measures. */
export interface Bench {
  siteUrl: string;
  supabaseUrl: string;
  publishableKey: string;
  secretKey: string;
  stripeUrl: string;
  /** Signs events as the provider would. */
  webhookSecret: string;
  mailUrl: string;
  /** Straight to Postgres as role `postgres`: the ceiling, and a way to prepare data. Not counted. */
  pool: pg.Pool;
  databaseUrl: string;
  adminUrl: string;
  /** How many bookings and orders of the past were loaded first. */
  history: number;
  /** Seconds that each measurement lasts. */
  seconds: number;
  say(text: string): void;
}

/** One line of the table. */
export interface Figure {
  what: string;
  /** How many acts ran at the same time. */
  clients: number;
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p95: number;
  p99: number;
  acts: number;
  errors: number;
  /** The figure of the same function through `pg` directly, if there is one, as `perSecond`. */
  ceiling?: number;
  /** Milliseconds of CPU for one act, by part of the stack. What a busy machine changes least. */
  cpu?: ByPart;
  note?: string;
}

/** A file in this folder exports one of these as its default: `npm run bench -- --only <name>` runs it alone. */
export interface Measurement {
  name: string;
  /** Lower first; those that fill the database come last. */
  order?: number;
  run(bench: Bench): Promise<Figure[]>;
}

const share = (sorted: Float64Array, part: number) =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0;

/**
 * Runs `act` by `clients` at once for `seconds`, after a short warm-up that is not counted. A thrown act counts as
 * an error and not as work done; the first one's message goes into the note. `act` gets a number that no other act
 * of this measurement has. `every`: milliseconds from one act of a client to its next, as people have them; without it
 * each client acts again as soon as it is answered, and the figure says how much the machine can bear.
 */
export async function measure(
  what: string,
  options: { clients: number; seconds: number; warmUp?: number; limit?: number; every?: number },
  act: (number: number, client: number) => Promise<unknown>,
): Promise<Figure> {
  const { clients, seconds, warmUp = seconds / 3, limit = Infinity, every = 0 } = options;
  let number = 0;
  let errors = 0;
  let firstError = '';
  const times: number[] = [];
  const begin = performance.now() + warmUp * 1000;
  const end = begin + seconds * 1000;
  let last = begin;
  let before: ByPart = {};
  const counting = setTimeout(() => (before = cpuByPart()), warmUp * 1000);
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      // People do not all come in the same instant.
      if (every > 0) await pause((client / clients) * every);
      for (;;) {
        const from = performance.now();
        if (from >= end || number >= limit) return;
        try {
          await act(number++, client);
          const now = performance.now();
          // Whatever ends after the clock has stopped is not work done in that time.
          if (from >= begin && now <= end) times.push(now - from);
          last = Math.min(now, end);
        } catch (error) {
          errors++;
          firstError ||= error instanceof Error ? error.message : String(error);
        }
        if (every > 0) await pause(Math.max(0, from + every - performance.now()));
      }
    }),
  );
  clearTimeout(counting);
  const after = cpuByPart();
  const line = figure(what, clients, times, Math.max(last - begin, 1) / 1000, errors, firstError);
  const used = Object.entries(after).map(([part, ms]) => [part, (ms - (before[part] ?? ms)) / times.length]);
  return { ...line, cpu: Object.fromEntries(used) as ByPart };
}

/** A line from times measured elsewhere (milliseconds), over `elapsed` seconds. */
export function figure(
  what: string,
  clients: number,
  times: number[],
  elapsed: number,
  errors = 0,
  note = '',
): Figure {
  const sorted = Float64Array.from(times).sort();
  return {
    what,
    clients,
    perSecond: sorted.length / elapsed,
    p50: share(sorted, 0.5),
    p95: share(sorted, 0.95),
    p99: share(sorted, 0.99),
    acts: sorted.length,
    errors,
    ...(note ? { note: note.slice(0, 120) } : {}),
  };
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

// Nobody's address is looked up: all of it is this machine, under whatever name.
const agent = new Agent({
  keepAlive: true,
  maxSockets: 4096,
  lookup: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
});

/** A request that costs the load generator little: kept connections, no parsing. `body` is sent as JSON. */
export function call(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: unknown } = {},
): Promise<Answer> {
  const body = options.body === undefined ? undefined : JSON.stringify(options.body);
  const headers = {
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { agent, method: options.method ?? (body === undefined ? 'GET' : 'POST'), headers },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** An answer that must have the given status, so that refusals and faults are not counted as work. */
export async function expectStatus(answer: Promise<Answer>, status: number): Promise<Answer> {
  const got = await answer;
  if (got.status !== status) throw new Error(`answered ${got.status}: ${got.body.slice(0, 100)}`);
  return got;
}
