import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryLock } from './lock.mjs';

export interface ReservedPort {
  port: number;
  release(): void;
}

// Below the range from which systems lend ports to outgoing connections, which would steal one between a crash
// and the restart.
const random = { from: 20_000, until: 32_000 };

function reservation(port: number): string {
  const user = process.getuid?.() ?? 0;
  return join(tmpdir(), `atrium-ports-${user}`, String(port));
}

function listens(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.unref();
    // A machine without IPv6 has nobody listening there either.
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT'),
    );
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Free on both loopback addresses: a browser that asks for `localhost` may try either first. */
async function isFree(port: number): Promise<boolean> {
  return (await listens(port, '127.0.0.1')) && (await listens(port, '::1'));
}

/**
 * Finds a free loopback port, `preferred` or the next one after it, a random one without a preference, and keeps
 * it from every other Atrium on the machine until released: the server that will listen on it starts later.
 */
export async function reservePort(preferred?: number): Promise<ReservedPort> {
  for (let tried = 0; tried < 200; tried++) {
    const port = preferred === undefined ? randomInt(random.from, random.until) : preferred + tried;
    const release = tryLock(reservation(port));
    if (!release) continue;
    if (await isFree(port)) return { port, release };
    release();
  }
  throw new Error(`no free port found${preferred === undefined ? '' : ` from ${preferred} on`}`);
}
