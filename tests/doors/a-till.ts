/** A till of the test's own at a bar nobody else uses, with somebody to work it. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { type Bar, aBar } from '../bar.ts';
import { type Buyer, aColleague } from './buyer.ts';
import type { Reply } from './visitor.ts';

export interface ATill {
  bar: Bar;
  till: string;
  manager: Buyer;
  seller: Buyer;
}

export const openDrawer = (who: Buyer, till: string, cents = 5000): Promise<Reply> =>
  who.visitor.call(
    '/api/coffee/till/openings',
    { till_id: till, amount_cents: cents },
    { 'idempotency-key': randomUUID() },
  );

/** `open`: its drawer is, with 50 in it. */
export async function aTill({
  open = true,
  name = 'Bar',
  ...of
}: { open?: boolean; name?: string; onShelf?: number } = {}): Promise<ATill> {
  const bar = await aBar(of);
  const manager = await aColleague('manager');
  const made = await manager.visitor.call('/api/coffee/till', { location_id: bar.location, name });
  expect(made.status).toBe(201);
  const till = made.json.data.till_id as string;
  const seller = await aColleague('barista');
  if (open) expect((await openDrawer(seller, till)).status).toBe(200);
  return { bar, till, manager, seller };
}
