import { mkdtemp, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type RealtimeChannel, type SupabaseClient } from '@supabase/supabase-js';
import pg from 'pg';
import { removePostgres, startPostgres } from '../../local/postgres.ts';
import { type Claims, openKeys } from '../../local/supabase/keys.ts';
import { createRealtime, type Limits } from '../../local/supabase/realtime/index.ts';

export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

export interface RealtimeWorld {
  url: string;
  publishableKey: string;
  /** A signed token, good for an hour unless the claims say otherwise. */
  tokenFor(claims: Claims): string;
  /** Role postgres: what migrations and the application's functions run as. */
  owner: pg.Pool;
  /** Superuser, for what only tests do: cutting connections, looking at the table. */
  admin: pg.Pool;
  client(options?: { key?: string; token?: () => string; vsn?: '1.0.0' | '2.0.0' }): SupabaseClient;
  /** Sends from SQL in a transaction of its own. */
  send(topic: string, event: string, payload: object, isPrivate?: boolean): Promise<void>;
  /** Stops the server, does what is asked, and starts it again at the same address. The database goes on. */
  restart(between?: () => Promise<unknown>): Promise<void>;
  /** Lines the server logged. */
  log: string[];
  close(): Promise<void>;
}

/** Realtime alone, on its own Postgres, with limits of the test's choosing. */
export async function startRealtimeWorld(limits: Partial<Limits> = {}): Promise<RealtimeWorld> {
  const dir = await mkdtemp(join(tmpdir(), 'atrium-realtime-'));
  const postgres = await startPostgres({ dir, durable: false });
  const admin = new pg.Pool({ connectionString: postgres.adminUrl, max: 5 });
  const owner = new pg.Pool({ connectionString: postgres.ownerUrl, max: 10 });
  // Ending connections is what some of the tests do.
  for (const pool of [admin, owner]) pool.on('error', () => undefined);
  for (const file of ['roles.sql', 'realtime/schema.sql']) {
    await admin.query(await readFile(new URL(`../../local/supabase/${file}`, import.meta.url), 'utf8'));
  }
  const keys = await openKeys(dir);
  const log: string[] = [];
  const serve = async (port: number) => {
    const realtime = await createRealtime({
      adminUrl: postgres.adminUrl,
      keys,
      limits,
      log: (line) => log.push(line),
    });
    const server = createServer(async (req, res) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of req) chunks.push(chunk as Uint8Array);
      const answer = await realtime.handleHttp(req, Buffer.concat(chunks));
      res.writeHead(answer.status, answer.headers).end(answer.body);
    });
    server.on('upgrade', (req, socket, head) => realtime.upgrade(req, socket, head));
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    return {
      port: (server.address() as AddressInfo).port,
      async stop() {
        await realtime.close();
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      },
    };
  };
  let serving = await serve(0);
  const url = `http://127.0.0.1:${serving.port}`;
  const clients: SupabaseClient[] = [];

  return {
    url,
    publishableKey: keys.publishableKey,
    tokenFor: (claims) => keys.sign({ exp: inSeconds(3600), ...claims }),
    owner,
    admin,
    log,
    client({ key = keys.secretKey, token, vsn = '2.0.0' } = {}) {
      const client = createClient(url, key, {
        realtime: { vsn, reconnectAfterMs: () => 50, timeout: 30_000 },
        ...(token !== undefined && { accessToken: async () => token() }),
      });
      clients.push(client);
      return client;
    },
    async send(topic, event, payload, isPrivate = true) {
      await owner.query('select realtime.send($1, $2, $3, $4)', [payload, event, topic, isPrivate]);
    },
    async restart(between = async () => undefined) {
      await serving.stop();
      await between();
      serving = await serve(serving.port);
    },
    async close() {
      await Promise.all(clients.map((client) => client.realtime.disconnect()));
      await serving.stop();
      await Promise.all([admin.end(), owner.end()]);
      await postgres.stop();
      await removePostgres(dir);
    },
  };
}

/** Resolves when subscribed. @throws the reason when it is refused. */
export async function joined(channel: RealtimeChannel): Promise<RealtimeChannel> {
  // Without this a private channel may be asked for before the client has fetched its token.
  await channel.socket.setAuth();
  return new Promise((resolve, reject) => {
    channel.subscribe((status, error) => {
      if (status === 'SUBSCRIBED') resolve(channel);
      else if (status !== 'CLOSED') reject(error ?? new Error(status));
    });
  });
}

export interface Heard {
  event: string;
  payload: Record<string, unknown>;
  meta?: { id: string; replayed?: boolean };
}

/** Collects broadcasts; `until(n)` resolves once n have come. */
export function collect(channel: RealtimeChannel): {
  heard: Heard[];
  until(count: number): Promise<Heard[]>;
} {
  const heard: Heard[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  channel.on('broadcast', { event: '*' }, (message) => {
    heard.push(message as unknown as Heard);
    for (const one of waiting) if (heard.length >= one.count) one.resolve();
  });
  return {
    heard,
    async until(count) {
      if (heard.length < count) await new Promise<void>((resolve) => waiting.push({ count, resolve }));
      return heard;
    },
  };
}
