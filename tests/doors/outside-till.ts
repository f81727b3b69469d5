/** Another maker's till at a bar of the test's own: what it sends, signed, and an ear for what it is told. */
import { randomUUID } from 'node:crypto';
import { type IncomingHttpHeaders, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { type Bar, aBar } from '../bar.ts';
import { sql } from '../world.ts';
import { type Buyer, aColleague } from './buyer.ts';
import { type Reply, Visitor } from './visitor.ts';
import { signatureHeaders, signatureProblem } from '#till/outside/signature.ts';

export interface OutsideTill {
  bar: Bar;
  manager: Buyer;
  id: string;
  secret: string;
}

/** Connected by a manager; told of `events` at `url`. Two ids are known: CUP is the bar's coffee, BAG its bag. */
export async function anOutsideTill({
  url = '',
  events = [] as string[],
  onShelf = 10,
  to_board = false,
} = {}): Promise<OutsideTill> {
  const bar = await aBar({ onShelf });
  const manager = await aColleague('manager');
  const name = `Truck ${randomUUID().slice(0, 8)}`;
  const made = await manager.visitor.call('/api/coffee/pos/connections', {
    location_id: bar.location,
    name,
    url,
    events,
    to_board,
  });
  expect([made.status, made.json.code]).toEqual([201, undefined]);
  const till = { bar, manager, id: made.json.data.connection_id, secret: made.json.data.secret };
  expect(made.json.data.url).toContain(`/api/coffee/pos?connection=${till.id}`);
  for (const [outside_id, what] of [
    ['CUP', { product_id: bar.coffee.id, modifier_ids: [bar.coffee.whole] }],
    ['BAG', { product_id: bar.bag.id }],
    ['BOX', { stock_item_id: bar.bag.item, units: 6 }],
  ] as const)
    expect(await asked(till, 'links', { outside_id, ...what })).toMatchObject({ status: 200 });
  return till;
}

/** What its manager does about it. */
export const asked = (till: OutsideTill, what: string, fields: object = {}): Promise<Reply> =>
  till.manager.visitor.call(`/api/coffee/pos/connections/${till.id}/${what}`.replace(/\/$/, ''), fields);

interface Sending {
  id?: string;
  /** Seconds ago that it was signed. */
  ago?: number;
  secret?: string;
  /** What is sent instead of what was signed. */
  instead?: string;
}

/** A message of the other till's. */
export async function tell(
  till: OutsideTill,
  type: string,
  data: object,
  { id = `msg_${randomUUID()}`, ago = 0, secret = till.secret, instead }: Sending = {},
): Promise<Reply> {
  const body = JSON.stringify({ type, data });
  const headers = signatureHeaders([secret], id, new Date(Date.now() - ago * 1000), body);
  return new Visitor().send('POST', `/api/coffee/pos?connection=${till.id}`, instead ?? body, {
    'content-type': 'application/json',
    ...headers,
  });
}

export const saleOf = (lines: object[], more: object = {}) => ({
  id: `S-${randomUUID()}`,
  at: new Date().toISOString(),
  tender: 'cash',
  lines,
  ...more,
});
export const bags = (quantity: unknown = 1) => [{ product: 'BAG', quantity, unit_cents: 1150 }];

export const onShelf = async ({ bar }: OutsideTill): Promise<number | undefined> =>
  (
    await sql<{ n: number }>('select on_hand::int as n from shop.stock_levels where stock_item_id = $1', [
      bar.bag.item,
    ])
  )[0]?.n;
export const sold = ({ bar }: OutsideTill) =>
  sql<{ id: string; state: string; channel: string; total: number; back: number }>(
    `select o.id, o.state, o.channel, o.total_cents::int as total, (select coalesce(sum(p.refunded_cents), 0)::int from payments.payments p where p.order_id = o.id) as back
     from sales.orders o where o.location_id = $1 and o.state <> 'cart' order by o.placed_at`,
    [bar.location],
  );

interface Heard {
  headers: IncomingHttpHeaders;
  body: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  message: any;
}

/** Listens until the test is over. `answers` are given one after the other, the last for ever. Of products, which are the whole business's, only those that the `bars` of the test sell are kept. */
export async function anEar(answers: number[] = [204]) {
  const heard: Heard[] = [];
  const bars: Bar[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      const message = JSON.parse(body);
      if (
        message.type !== 'product.changed' ||
        bars.some(({ coffee, bag }) => [coffee.id, bag.id].includes(message.data.product_id))
      )
        heard.push({ headers: request.headers, body, message });
      response.writeHead(answers.length > 1 ? (answers.shift() ?? 204) : (answers[0] ?? 204)).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    heard,
    bars,
    types: () => heard.map(({ message }) => message.type as string),
    until: (count: number) => expect.poll(() => heard.length, { interval: 50 }).toBeGreaterThanOrEqual(count),
  };
}

export const verified = ({ headers, body }: Heard, secret: string) =>
  signatureProblem(new Headers(headers as Record<string, string>), body, [secret]);

/** Its next try is due now. */
export const makeDue = (till: OutsideTill) =>
  sql(`update shop.pos_messages set next_try_at = now() where connection_id = $1 and state = 'queued'`, [
    till.id,
  ]);
/** `wait`: the seconds from the last try to the next one. */
export const sendings = (till: OutsideTill) =>
  sql<{ state: string; attempts: number; statuses: (number | null)[]; wait: number | null }>(
    `select m.state, m.attempts, array(select a.status from shop.pos_attempts a where a.message_id = m.id order by a.id) as statuses, extract(epoch from m.next_try_at - (select max(a.at) from shop.pos_attempts a where a.message_id = m.id))::float as wait
     from shop.pos_messages m where m.connection_id = $1 order by m.id`,
    [till.id],
  );
