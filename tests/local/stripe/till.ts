import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Stripe from 'stripe';
import { startStripe, type StripeEmulator, type StripeOptions } from '../../../local/stripe/index.ts';

/** An emulator of its own with the official SDK in front of it, and a shop that takes its webhooks. */
export interface Till {
  stripe: Stripe;
  emulator: StripeEmulator;
  shop: Shop;
  dir: string;
  /** Stops the emulator and starts it again over the same files. */
  restart(options?: Partial<StripeOptions>): Promise<void>;
  close(): Promise<void>;
}

export async function openTill(options: Partial<StripeOptions> = {}): Promise<Till> {
  const dir = await mkdtemp(join(tmpdir(), 'atrium-stripe-'));
  const shop = await openShop();
  const till = { dir, shop } as Till;
  const start = async (more: Partial<StripeOptions> = {}) => {
    till.emulator = await startStripe({ dir, webhookUrl: `${shop.url}/webhooks`, ...options, ...more });
    shop.secret = till.emulator.webhookSecret;
    till.stripe = sdkFor(till.emulator.url, till.emulator.secretKey);
  };
  await start();
  till.restart = async (more) => {
    await till.emulator.stop();
    await start(more);
  };
  till.close = async () => {
    await till.emulator.stop();
    await shop.close();
    await rm(dir, { recursive: true, force: true });
  };
  return till;
}

export function sdkFor(url: string, key: string, more: object = {}): Stripe {
  const { hostname, port } = new URL(url);
  return new Stripe(key, {
    host: hostname,
    port: Number(port),
    protocol: 'http',
    telemetry: false,
    maxNetworkRetries: 0,
    ...more,
  });
}

/** Takes webhooks, checking every signature, and remembers them in the order they came. */
export interface Shop {
  url: string;
  secret: string;
  received: Stripe.Event[];
  /** Signatures that did not hold. */
  forged: string[];
  /** What to answer from now on; 200 unless said otherwise. */
  answer: (event: Stripe.Event) => number;
  /** The first event of a type (that fits), also one that came already. */
  event(type: string, fits?: (event: Stripe.Event) => boolean): Promise<Stripe.Event>;
  /** Resolves once as many have come in all. */
  count(events: number): Promise<void>;
  close(): Promise<void>;
}

async function openShop(): Promise<Shop> {
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'GET') return response.end(`<!doctype html><title>shop</title>${request.url}`);
      const body = Buffer.concat(chunks).toString();
      try {
        const signature = String(request.headers['stripe-signature']);
        const event = Stripe.webhooks.constructEvent(body, signature, shop.secret);
        response.writeHead(shop.answer(event)).end();
        shop.received.push(event);
      } catch (error) {
        shop.forged.push(String(error));
        response.writeHead(400).end();
      }
      for (const look of waiting) look();
      return response;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const until = <T>(look: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const check = () => {
        const found = look();
        if (found === undefined) return;
        waiting.splice(waiting.indexOf(check), 1);
        resolve(found);
      };
      waiting.push(check);
      check();
    });
  const shop: Shop = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secret: '',
    received: [],
    forged: [],
    answer: () => 200,
    event: (type, fits = () => true) =>
      until(() => shop.received.find((event) => event.type === type && fits(event))),
    count: (events) => until(() => (shop.received.length >= events ? true : undefined)).then(() => undefined),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return shop;
}

/** About one object: the id of what the event tells of. */
export const about =
  (id: string) =>
  (event: Stripe.Event): boolean =>
    (event.data.object as { id?: string }).id === id;

/** What the emulator tells of one object, oldest first. */
export const historyOf = ({ emulator }: Till, id: string): string[] =>
  emulator.control
    .events({ object: id })
    .map(({ type }) => type)
    .reverse();

/** The refusal a call answers with. */
export async function refusalOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('The call was expected to be refused, and was not.');
}
