/** The payment provider: its hosted pages as a payer without script meets them, its events, its dashboard, its faults. */
import { createHmac } from 'node:crypto';
import Stripe from 'stripe';
import { inject } from 'vitest';
import { type Reply, Visitor } from './visitor.ts';

/** Test cards and what becomes of paying with them. */
export const cards = {
  good: '4242424242424242',
  declined: '4000000000000002',
  noMoney: '4000000000009995',
  secure: '4000002500003155',
  disputed: '4000000000000259',
  questioned: '4000000000001976',
  refundFailsLater: '4000000000005126',
  refundComesLater: '4000000000007726',
} as const;

let client: Stripe | undefined;
/** What staff could do in the provider's own dashboard. */
export function dashboard(): Stripe {
  const { hostname, port } = new URL(inject('stack').stripeUrl);
  return (client ??= new Stripe(inject('stack').stripeSecretKey, {
    host: hostname,
    port: Number(port),
    protocol: 'http',
    telemetry: false,
  }));
}

interface Shown {
  status: number;
  text: string;
  /** Where the page sends the payer on to. */
  to: string | null;
}

async function visit(url: string, fields?: Record<string, string>): Promise<Shown> {
  const response = await fetch(url, {
    redirect: 'manual',
    ...(fields && { method: 'POST', body: new URLSearchParams(fields) }),
  });
  const location = response.headers.get('location');
  return {
    status: response.status,
    text: await response.text(),
    to: location && new URL(location, url).href,
  };
}

const payer = { email: 'payer@example.test', pay: '1' };

/** Fills in the hosted page at `url` and sends it; 3-D Secure is answered as told. */
export async function payAt(
  url: string,
  card: string = cards.good,
  secure: 'complete' | 'fail' = 'complete',
): Promise<Shown> {
  const sent = await visit(url, {
    ...payer,
    method: 'card',
    card_number: card,
    card_expiry: '12 / 34',
    card_cvc: '123',
    card_name: 'Payer Example',
  });
  return sent.to?.includes('/3ds/') ? visit(sent.to, { result: secure }) : sent;
}

/** Pays from a bank account; the money comes, or does not, three minutes later. */
export const debitAt = (url: string, iban: string): Promise<Shown> =>
  visit(url, { ...payer, method: 'sepa_debit', iban, account_name: 'Payer Example' });

/** As the payer's browser: the hosted page without pressing anything. */
export const lookAt = (url: string): Promise<Shown> => visit(url);

async function emulator<T>(method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(new URL(`/_emulator${path}`, inject('stack').stripeUrl), {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`The emulator answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** From now on no event that mentions `about` arrives by itself. */
export const loseEvents = (about: string): Promise<unknown> =>
  emulator('POST', '/faults', { drop: { times: 10_000, forever: true, about } });

/** The next calls that mention `about` fail; the SDK tries each of its calls three times. */
export const failCalls = (
  about: string,
  fault: { times: number; status: number; code?: string; path?: string; after?: boolean },
) => emulator('POST', '/faults', { fail: { ...fault, about } });

export const accounts = { comesLater: 'AT321904300235473204', failsLater: 'AT051904300235473205' } as const;

/** What happened at the provider about any of these, oldest first; only the last few hundred events are looked at. */
export async function eventsAbout(...about: string[]): Promise<Stripe.Event[]> {
  const { data } = await emulator<{ data: Stripe.Event[] }>('GET', '/events?limit=500');
  return data.filter((event) => about.some((id) => JSON.stringify(event).includes(id))).reverse();
}

/** The movement of money behind a payment page that was used. */
export async function intentOf({ checkout }: { checkout: string }): Promise<string> {
  return String((await dashboard().checkout.sessions.retrieve(checkout)).payment_intent);
}

/** Everything that happened about one payment, oldest first. */
export const eventsOf = async (payment: { checkout: string; payment_id: string }): Promise<Stripe.Event[]> =>
  eventsAbout(payment.payment_id, await intentOf(payment));

/** What waits for its time about this object, a debit or a refund, happens now. */
export async function makeDue(about: string): Promise<void> {
  const { due } = await emulator<{ due: number }>('POST', '/due', { about });
  if (due === 0) throw new Error(`Nothing waits for its time about ${about}`);
}

/** As the provider signs: https://docs.stripe.com/webhooks#verify-manually. */
export function signature(
  body: string,
  at = Date.now() / 1000,
  secret = inject('stack').stripeWebhookSecret,
) {
  const t = Math.floor(at);
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`;
}

export const webhook = '/api/payments/webhooks';

/** A request to the webhook's door as it comes. */
export const knock = (body: string, headers: Record<string, string> = {}): Promise<Reply> =>
  new Visitor().send('POST', webhook, body, { 'content-type': 'application/json', ...headers });

/** One event, well signed. */
export function deliver(event: object): Promise<Reply> {
  const body = JSON.stringify(event);
  return knock(body, { 'stripe-signature': signature(body) });
}

let made = 0;
/** An event of our own making, with an id nobody else uses. */
export const anEvent = (type: string, object: object, created = Math.floor(Date.now() / 1000)) => ({
  id: `evt_test_${process.pid}_${Date.now()}_${made++}`,
  object: 'event',
  api_version: '2026-10-28.endive',
  created,
  livemode: false,
  pending_webhooks: 1,
  request: null,
  type,
  data: { object },
});
