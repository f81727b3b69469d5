/** Somebody who books and pays, what becomes of it in the database, and the pushes that make time pass there. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject } from 'vitest';
import { type Somebody, crowd, lotus, sql } from '../world.ts';
import { type Reply, Visitor } from './visitor.ts';

export interface Buyer extends Somebody {
  visitor: Visitor;
}

export async function signedIn({ id, email }: Somebody, site?: string): Promise<Buyer> {
  const visitor = new Visitor(site);
  const reply = await visitor.signIn(email);
  if (reply.status !== 200) throw new Error(`${email}: ${reply.status} ${reply.text.slice(0, 200)}`);
  return { id, email, visitor };
}

/** Somebody with an account nobody else uses, signed in. */
export async function aBuyer(name = 'buyer', site?: string): Promise<Buyer> {
  const [person] = await crowd(1, name);
  if (!person) throw new Error('Nobody was made');
  return signedIn(person, site);
}

export type Role = 'owner' | 'manager' | 'front_desk' | 'barista' | 'instructor';

/** Somebody with a role at a business, signed in at the site they are given. */
export async function aColleague(role: Role, business: string = lotus, site?: string): Promise<Buyer> {
  const colleague = await aBuyer(role.replace('_', '-'), site);
  await sql('insert into business.staff (business_id, user_id, role) values ($1, $2, $3)', [
    business,
    colleague.id,
    role,
  ]);
  return colleague;
}

export const book = (buyer: Buyer, session: string, key: string = randomUUID()): Promise<Reply> =>
  buyer.visitor.call('/api/yoga/bookings', { session_id: session }, { 'idempotency-key': key });

export interface Placed {
  order_id: string;
  reference: string;
  payment_url: string;
  payment_id: string;
  /** The provider's name of the payment page. */
  checkout: string;
}

/** Books and gets as far as the payment page. */
export async function placedOrder(buyer: Buyer, session: string): Promise<Placed> {
  const { status, json } = await book(buyer, session);
  expect([status, json?.data?.state]).toEqual([201, 'placed']);
  const [payment] = await sql<{ id: string; provider_ref: string }>(
    'select id, provider_ref from payments.payments where order_id = $1',
    [json.data.order_id],
  );
  return { ...json.data, payment_id: payment?.id, checkout: payment?.provider_ref };
}

export interface OrderNow {
  state: string;
  /** States of the payments, in the order of the attempts. */
  payments: string[];
  /** Minor units over all payments. */
  captured: number;
  refunded: number;
  refunds: { cents: number; reason: string; state: string }[];
  /** States of the bookings ever made for it, line by line. */
  seats: string[];
  /** E-mails in the outbox by template. */
  emails: Record<string, number>;
  /** Times the sale was booked. */
  sales: number;
}

/** How an order stands in the database. */
export async function orderNow(orderId: string): Promise<OrderNow> {
  const [order] = await sql<OrderNow & Record<string, unknown>>(
    `select o.state,
       array(select p.state from payments.payments p where p.order_id = o.id order by p.attempt) as payments,
       (select coalesce(sum(p.captured_cents), 0)::int from payments.payments p where p.order_id = o.id) as captured,
       (select coalesce(sum(p.refunded_cents), 0)::int from payments.payments p where p.order_id = o.id) as refunded,
       coalesce((select jsonb_agg(jsonb_build_object('cents', r.amount_cents, 'reason', r.reason, 'state', r.state) order by r.created_at) from payments.refunds r where r.order_id = o.id), '[]') as refunds,
       array(select b.state from booking.bookings b join sales.order_lines l on l.id = b.order_line_id where l.order_id = o.id order by l.position, b.created_at) as seats,
       coalesce((select jsonb_object_agg(e.template, e.n) from (select template, count(*) as n from messages.emails where data ->> 'order_id' = o.id::text group by 1) e), '{}') as emails,
       (select count(*)::int from ledger.transfers t join payments.payments p on t.source = 'payment:' || p.id where p.order_id = o.id and t.kind = 'sale' and t.state = 'posted') as sales
     from sales.orders o where o.id = $1`,
    [orderId],
  );
  if (!order) throw new Error('No such order');
  return order;
}

/** Waits for webhooks and jobs: until the order has come to stand like this. */
export const untilOrder = (orderId: string, expected: Partial<OrderNow>): Promise<void> =>
  expect.poll(() => orderNow(orderId), { interval: 50 }).toMatchObject(expected);

/** The hold of an unpaid order is over as of now. */
export async function endHold(orderId: string): Promise<void> {
  await sql(
    `with o as (update sales.orders set hold_expires_at = now() - interval '1 second' where id = $1 and state = 'placed' returning id),
       b as (update booking.bookings k set held_until = now() - interval '1 second' from sales.order_lines l
         where l.order_id = $1 and k.order_line_id = l.id and k.state = 'held' returning k.session_id)
     update booking.sessions s set hold_ends_at = now() - interval '1 second' from b where s.id = b.session_id`,
    [orderId],
  );
}

/** Has the worker do a chore now instead of when its hour comes. */
export const runJob = (task: string) => sql('select graphile_worker.add_job($1)', [task]);

/** What the site has logged with this request's id. Waits for a line to come. */
export async function logged(requestId: string, event = 'request'): Promise<Record<string, unknown>> {
  let line: Record<string, unknown> | undefined;
  const found = async () =>
    (line = (await readFile(join(inject('stack').logs, 'site.log'), 'utf8'))
      .split('\n')
      .filter((text) => text.includes(requestId) && text.startsWith('{'))
      .map((text) => JSON.parse(text) as Record<string, unknown>)
      .find((told) => told.event === event && told.request_id === requestId));
  // One that is half written is no JSON yet, and is read again.
  await expect.poll(found).toBeDefined();
  return line ?? {};
}

const entities: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#x27;': "'",
};

/** What a page says, without its drawings and its frame. */
export const wordsOf = ({ text }: Reply): string =>
  (/<main[^>]*>([\s\S]*)<\/main>/.exec(text)?.[1] ?? text)
    .replaceAll(/<(svg|script|style)[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/&(?:amp|lt|gt|quot|#39|#x27);/g, (entity) => entities[entity] ?? entity)
    .replaceAll(/\s+/g, ' ');

/** The message shown once, on the page after a form. */
export const flashOf = ({ text }: Reply): string | undefined =>
  /id="flash-text"[^>]*>\s*([^<]*?)\s*</.exec(text)?.[1];
