import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import pg from 'pg';
import { WebSocketServer } from 'ws';
import type { Claims, Keys } from '../keys.ts';
import type { Backend } from './channel.ts';
import { createAuthorizer } from './database/authorize.ts';
import { startFeed } from './database/feed.ts';
import { pruneMessages, replayMessages } from './database/messages.ts';
import { answerBroadcast, type HttpAnswer } from './wire/http.ts';
import { defaultLimits, type Limits } from './wire/limits.ts';
import { createRooms } from './room.ts';
import { Socket } from './socket.ts';

export type { HttpAnswer } from './wire/http.ts';
export type { Limits } from './wire/limits.ts';

export interface Realtime {
  /** A WebSocket at /realtime/v1/websocket. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Broadcast over HTTP at /realtime/v1/api/broadcast. A body given as a string must not be binary. */
  handleHttp(req: IncomingMessage, body: string | Uint8Array): Promise<HttpAnswer>;
  close(): Promise<void>;
}

const lookEveryMs = 15_000;

/**
 * Supabase Realtime for one database, as far as supabase-js uses it: broadcast (from SQL, from clients, over HTTP),
 * presence, private channels by the policies of realtime.messages. postgres_changes is refused by name.
 * `adminUrl` is a superuser's: rights are asked by taking the asker's role. schema.sql must have been applied.
 */
export async function createRealtime(o: {
  adminUrl: string;
  keys: Keys;
  limits?: Partial<Limits>;
  log?: (line: string) => void;
}): Promise<Realtime> {
  const log = o.log ?? (() => undefined);
  const limits = { ...defaultLimits, ...o.limits };
  const pool = new pg.Pool({ connectionString: o.adminUrl, max: 4, application_name: 'realtime' });
  pool.on('error', (error) => log(`realtime: an idle database connection failed: ${error.message}`));
  const rooms = createRooms();
  const feed = await startFeed({
    url: o.adminUrl,
    deliver: (message) => rooms.broadcast(message.topic, message.private, message),
    wanted: () => !rooms.empty,
    pollMs: limits.pollMs,
    idlePollMs: limits.idlePollMs,
    log,
  });
  const backend: Backend = {
    keys: o.keys,
    rooms,
    authorizer: createAuthorizer(pool, log),
    replay: (topic, since, limit) => replayMessages(pool, topic, since, limit),
    listening: feed.listening,
    limits,
    log,
  };

  const wss = new WebSocketServer({ noServer: true, maxPayload: limits.payloadBytes * 2 });
  const sockets = new Set<Socket>();
  const prune = setInterval(() => {
    pruneMessages(pool, limits.keepMs).catch((error: unknown) =>
      log(`realtime: pruning failed: ${String(error)}`),
    );
  }, limits.pruneEveryMs);
  const look = setInterval(() => {
    for (const socket of sockets)
      if (performance.now() - socket.seenAt > limits.silenceMs) socket.close(1002, 'silent');
  }, lookEveryMs);
  prune.unref();
  look.unref();

  async function connect(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const url = new URL(req.url ?? '/', 'http://localhost');
    const version = url.searchParams.get('vsn') ?? '1.0.0';
    if (!url.pathname.endsWith('/websocket')) return refuse(socket, '404 Not Found', 'not found');
    if (version !== '1.0.0' && version !== '2.0.0')
      return refuse(socket, '400 Bad Request', `vsn ${version} is not known`);
    const key = url.searchParams.get('apikey') ?? header(req, 'x-api-key');
    if (!key) return refuse(socket, '401 Unauthorized', 'API key is missing');
    const claims: Claims | null = o.keys.claimsForKey(key) ?? (await o.keys.verify(key).catch(() => null));
    if (!claims?.role) return refuse(socket, '401 Unauthorized', 'The API key is not valid');
    wss.handleUpgrade(req, socket, head, (ws) => {
      const client = new Socket(backend, ws, version, claims);
      sockets.add(client);
      ws.on('close', () => sockets.delete(client));
    });
  }

  return {
    upgrade(req, socket, head) {
      socket.on('error', () => socket.destroy());
      connect(req, socket, head).catch((error: unknown) => {
        log(`realtime: a WebSocket could not be opened: ${String(error)}`);
        socket.destroy();
      });
    },
    handleHttp: (req, body) => answerBroadcast(backend, req, body),
    async close() {
      clearInterval(prune);
      clearInterval(look);
      for (const socket of sockets) socket.close(1001, 'the server is stopping');
      await feed.close();
      await pool.end();
      for (const ws of wss.clients) ws.terminate();
    },
  };
}

function header(req: IncomingMessage, name: string): string | null {
  const value = req.headers[name];
  return typeof value === 'string' ? value : null;
}

function refuse(socket: Duplex, status: string, error: string): void {
  const body = JSON.stringify({ error });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}
