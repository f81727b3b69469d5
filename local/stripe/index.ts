import { Api } from './api.ts';
import { createControl, type Control } from './control/control.ts';
import { Deliveries } from './events/deliveries.ts';
import { Faults } from './events/faults.ts';
import { connectApplication } from './events/webhook-endpoints.ts';
import { ROUTES, resumeAll } from './resources.ts';
import { createHttpServer, listen } from './server.ts';
import { Clock } from './state/clock.ts';
import { Deadlines } from './state/deadlines.ts';
import { randomText } from './state/ids.ts';
import { Journal } from './state/journal.ts';
import { Store } from './state/store.ts';
import { DEFAULT_DUNNING, type Dunning, type World } from './world.ts';

export { CARDS, SEPA_ACCOUNTS, type TestCard } from './customers/cards.ts';
export type { Control } from './control/control.ts';
export type { FaultRequest } from './events/faults.ts';

export interface StripeOptions {
  /** Where the state is kept; made when it is missing. */
  dir: string;
  /** The port to listen on. Without one: the port of the last start, so that links stay good, else any. */
  port?: number;
  /** Where the application takes webhooks. */
  webhookUrl?: string;
  /** Without one it is made up once and kept. */
  webhookSecret?: string;
  /** Milliseconds between the attempts of a webhook delivery. */
  retryDelays?: readonly number[];
  log?: (line: string) => void;
}

export interface StripeEmulator {
  /** Origin of the API and of the hosted pages. */
  url: string;
  secretKey: string;
  webhookSecret: string;
  control: Control;
  stop(): Promise<void>;
}

/** Starts a Stripe of one's own behind the real SDK: `new Stripe(secretKey, { host, port, protocol: 'http' })`. */
export async function startStripe(options: StripeOptions): Promise<StripeEmulator> {
  const { dir, log = () => undefined } = options;
  const store = new Store((collection, id) => journal.note(collection, id));
  const journal = new Journal(dir, store, log);
  await journal.load((line) => store.restore(line));
  const world = createWorld(store, options, log);
  const written = () => journal.written();
  world.deliveries.written = written;
  const keys = keysOf(store, options.webhookSecret);
  const control = createControl(world);
  const server = createHttpServer(world, new Api(world, ROUTES, written), control);
  const port = await listen(server, options.port ?? Number(store.settings.get('address')?.['port'] ?? 0));
  world.url = `http://127.0.0.1:${port}`;
  moveTo(world, port);
  if (options.webhookUrl !== undefined) connectApplication(world, options.webhookUrl, keys.webhookSecret);
  resumeAll(world);
  world.deliveries.resume();
  await journal.written();
  return {
    url: world.url,
    ...keys,
    control,
    async stop() {
      world.deadlines.stop();
      world.deliveries.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await journal.close();
    },
  };
}

function createWorld(store: Store, { retryDelays }: StripeOptions, log: (line: string) => void): World {
  const clock = new Clock();
  clock.offset = Number(store.settings.get('clock')?.['offset'] ?? 0);
  const dunning = store.settings.get('dunning') as unknown as Dunning | undefined;
  const world = {
    store,
    clock,
    deadlines: new Deadlines(clock, (error) =>
      log(`something due failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    ),
    frozen: new Map(),
    faults: new Faults(),
    request: null,
    dunning: dunning ? { retryDays: dunning.retryDays, then: dunning.then } : DEFAULT_DUNNING,
    url: '',
    log,
  } as unknown as World;
  return Object.assign(world, { deliveries: new Deliveries(world, retryDelays) });
}

function keysOf(store: Store, chosen: string | undefined): { secretKey: string; webhookSecret: string } {
  const kept = store.settings.get('keys');
  const secretKey = String(kept?.['secretKey'] ?? `sk_test_${randomText(48)}`);
  const webhookSecret = chosen ?? String(kept?.['webhookSecret'] ?? `whsec_${randomText(32)}`);
  store.settings.put({ id: 'keys', secretKey, webhookSecret });
  return { secretKey, webhookSecret };
}

/** Links handed out before keep working when the emulator comes up on another port. */
function moveTo({ store, url }: World, port: number): void {
  const before = store.settings.get('address')?.['port'];
  store.settings.put({ id: 'address', port });
  if (before === undefined || before === port) return;
  const old = `http://127.0.0.1:${String(before)}/`;
  for (const collection of store.collections())
    for (const value of [...collection.values()]) {
      const text = JSON.stringify(value);
      if (text.includes(old)) collection.put(JSON.parse(text.replaceAll(old, `${url}/`)) as { id: string });
    }
}
