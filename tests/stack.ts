// One running Atrium for all tests that need one (vitest's globalSetup of the projects database, doors, journeys).
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import pg from 'pg';
import { type TestProject } from 'vitest/node';
import { findChromium } from './chromium.ts';
import { inDatabase } from '../local/postgres/cluster.ts';
import { openScratch, wipe } from '../local/prepare/studio.ts';
import { startStack, type PartName, type Stack } from '../local/stack.ts';

/** What tests are told about the stack: `inject('stack')`. */
export interface TestStack {
  /** Lotus & Bean. */
  siteUrl: string;
  barberiaUrl: string;
  supabaseUrl: string;
  publishableKey: string;
  secretKey: string;
  /** As role `postgres`, which owns the schema. */
  databaseUrl: string;
  /** As the superuser, which RLS does not hold back. */
  adminUrl: string;
  /** The same two roles in a database of its own for pgTAP: a file is one transaction, and locks much for long. */
  pgTap: { ownerUrl: string; adminUrl: string };
  stripeUrl: string;
  stripeSecretKey: string;
  stripeWebhookSecret: string;
  /** `GET <mailUrl>/api/messages?to=…&wait=…` */
  mailUrl: string;
  /** Signs links to receipts and calendars. */
  atriumSecret: string;
  /** The folder of what each part writes to its log: `site.log`, `worker.log`, … */
  logs: string;
  /** See `killPart` and `restartPart`. */
  controlUrl: string;
  chromium: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    stack: TestStack;
  }
}

interface Shared {
  users: number;
  running: Promise<{ told: TestStack; stop(): Promise<void> }>;
}

// Each project that needs it calls the set-up, all in one process: the first starts it, the last stops it.
const place = Symbol.for('atrium.test-stack');
const shared = globalThis as { [place]?: Shared | undefined };

async function start() {
  const { dir, release } = await openScratch();
  const stack = await startStack({
    dir,
    durable: false,
    copy: 'pgtap',
    settings: { TRUST_PROXY: '1', MAIL_PER_SECOND: '1000' },
    log: (line) => console.log(line),
  });
  const control = await startControl(stack);
  const told: TestStack = {
    siteUrl: stack.siteUrl,
    barberiaUrl: stack.barberiaUrl,
    supabaseUrl: stack.supabase.url,
    publishableKey: stack.supabase.publishableKey,
    secretKey: stack.supabase.secretKey,
    databaseUrl: stack.supabase.databaseUrl,
    adminUrl: stack.supabase.adminUrl,
    pgTap: {
      ownerUrl: inDatabase(stack.supabase.databaseUrl, 'pgtap'),
      adminUrl: inDatabase(stack.supabase.adminUrl, 'pgtap'),
    },
    stripeUrl: stack.stripe.url,
    stripeSecretKey: stack.stripe.secretKey,
    stripeWebhookSecret: stack.stripe.webhookSecret,
    mailUrl: stack.mail.url,
    atriumSecret: stack.env.ATRIUM_SECRET ?? '',
    logs: stack.logs,
    controlUrl: `http://127.0.0.1:${(control.address() as AddressInfo).port}`,
    chromium: (await findChromium()) ?? '',
  };
  const stop = async () => {
    control.close();
    control.closeAllConnections();
    const circles = await countDeadlocks(told.adminUrl);
    await stack.stop();
    const crashes = stack.crashes();
    // What it logged is kept when something broke down that no test had broken.
    if (crashes.length > 0)
      throw new Error(`parts broke down during the tests: ${crashes.join(', ')} (logs in ${stack.logs})`);
    // A test may not see it: a job comes again, and of two who wait for each other only one is told.
    if (circles > 0)
      throw new Error(
        `${circles} times two acts waited for each other for ever (supabase.log in ${stack.logs})`,
      );
    await wipe(dir);
    release();
  };
  return { told, stop };
}

/** How often Postgres had to end somebody who waited in a circle, since it started. */
async function countDeadlocks(adminUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query('select sum(deadlocks)::int as n from pg_stat_database');
    return rows[0].n as number;
  } finally {
    await client.end();
  }
}

/** `POST /kill/<part>` and `POST /restart/<part>`: answers when the part is back. */
async function startControl(stack: Stack): Promise<Server> {
  const server = createServer((request, response) => {
    const [, act, name] = /^\/(kill|restart)\/(\w+)$/.exec(request.url ?? '') ?? [];
    const done = act === 'kill' ? stack.kill(name as PartName) : stack.restart(name as PartName);
    done.then(
      () => response.writeHead(204).end(),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const mine = (shared[place] ??= { users: 0, running: start() });
  mine.users++;
  project.provide('stack', (await mine.running).told);
  return async () => {
    if (--mine.users > 0) return;
    shared[place] = undefined;
    await (await mine.running).stop();
  };
}
