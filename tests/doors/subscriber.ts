/** Somebody with a membership, how it stands here, and the pushes that make its time pass at the provider. */
import { randomUUID } from 'node:crypto';
import { expect, inject } from 'vitest';
import { sql } from '../world.ts';
import { type Buyer, aBuyer, untilOrder } from './buyer.ts';
import { cards, dashboard, payAt } from './provider.ts';
import type { Reply } from './visitor.ts';

export interface PlacedCart {
  order_id: string;
  payment_url: string | null;
  total_cents: number;
}

export const putPlan = (buyer: Buyer, plan: string): Promise<Reply> =>
  buyer.visitor.call('/api/yoga/memberships', { plan });

export const checkOut = async (buyer: Buyer): Promise<PlacedCart> => {
  const reply = await buyer.visitor.call('/api/sales/orders', {}, { 'idempotency-key': randomUUID() });
  expect([reply.status, reply.json?.data?.state]).toEqual([201, 'placed']);
  return reply.json.data as PlacedCart;
};

/** Buys it with whatever else is in the cart. */
export async function buyPlan(buyer: Buyer, plan: string, card: string = cards.good): Promise<PlacedCart> {
  expect((await putPlan(buyer, plan)).status).toBe(201);
  const order = await checkOut(buyer);
  await payAt(order.payment_url ?? '', card);
  return order;
}

export interface Standing {
  id: string;
  state: string;
  plan: string;
  next_plan: string | null;
  provider_ref: string;
  customer_ref: string;
  cancel_at_period_end: boolean;
  passes: number;
  paid: number;
  period_end: number;
  access_until: Date;
}

/** How somebody's only membership stands; `period_end` in seconds, as the provider writes it. */
export const standing = async (buyer: Buyer): Promise<Standing | undefined> => {
  const [row] = await sql<Standing & Record<string, unknown>>(
    `select m.id, m.state, n.slug as plan, x.slug as next_plan, m.provider_ref, m.customer_ref, m.cancel_at_period_end, extract(epoch from m.period_end)::int as period_end, m.access_until,
       (select count(*)::int from members.passes p where p.membership_id = m.id) as passes,
       (select coalesce(sum(p.captured_cents), 0)::int from payments.payments p where p.subscription_ref = m.provider_ref) as paid
     from members.memberships m join members.members w on w.id = m.member_id join members.plans n on n.id = m.plan_id left join members.plans x on x.id = m.next_plan_id where w.user_id = $1`,
    [buyer.id],
  );
  return row;
};

export const untilStanding = (buyer: Buyer, expected: Partial<Standing>): Promise<void> =>
  expect.poll(() => standing(buyer), { interval: 100 }).toMatchObject(expected);

/** Somebody who has just begun a membership. */
export async function aSubscriber(
  plan: string,
  name = 'subscriber',
): Promise<{ buyer: Buyer; member: Standing }> {
  const buyer = await aBuyer(name);
  const order = await buyPlan(buyer, plan);
  await untilOrder(order.order_id, { state: 'paid' });
  await untilStanding(buyer, { customer_ref: expect.stringMatching(/^cus_/) as unknown as string });
  const member = await standing(buyer);
  if (!member) throw new Error('No membership began');
  return { buyer, member };
}

/** The emulator's control: what waits for its time about this object happens now. */
export async function due(about: string): Promise<void> {
  await fetch(new URL('/_emulator/due', inject('stack').stripeUrl), {
    method: 'POST',
    body: JSON.stringify({ about }),
  });
}

export const latestInvoice = async (subscription: string): Promise<string> =>
  String((await dashboard().subscriptions.retrieve(subscription)).latest_invoice);

/** When the provider charges next, in seconds. */
export const chargedAt = async (subscription: string): Promise<number | undefined> =>
  (await dashboard().subscriptions.retrieve(subscription)).items.data[0]?.current_period_end;

/** The next period begins, and its invoice is tried. What is warned of before is warned of first. */
export async function nextPeriod(subscription: string): Promise<string> {
  const before = await chargedAt(subscription);
  for (let step = 0; step < 3 && (await chargedAt(subscription)) === before; step += 1)
    await due(subscription);
  const invoice = await latestInvoice(subscription);
  await due(invoice);
  return invoice;
}
