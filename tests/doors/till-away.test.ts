/** What a till reckons without a connection is what the database asks for. */
import { expect, test } from 'vitest';
import { findings, lotus, sql } from '../world.ts';
import { aTill } from './a-till.ts';
import { aColleague } from './buyer.ts';
import { randomUUID } from 'node:crypto';
import { type KeptMenu, reckon, usualOf } from '#till/away/reckoning.ts';
import { type TicketLine, readTicket } from '#till/ticket.ts';

test('the whole menu, as usual and with every option, here and to take away, with a tip', async () => {
  const manager = await aColleague('manager');
  const [counter] = await sql<{ location: string }>(
    'select location_id as location from shop.counters where business_id = $1 order by position limit 1',
    [lotus],
  );
  const made = await manager.visitor.call('/api/coffee/till', {
    location_id: counter?.location,
    name: `T ${randomUUID().slice(0, 8)}`,
  });
  const till = made.json.data.till_id as string;
  const page = await manager.visitor.get(`/till/${till}`);
  const raw = /data-menu="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const text = raw
    .replaceAll('&quot;', '"')
    .replaceAll('&#34;', '"')
    .replaceAll(/&(?:amp|#38);/g, '&');
  const menu = JSON.parse(text) as KeptMenu;
  // The seed's products: what others put on it they change and take off meanwhile.
  const seeded = await sql<{ slug: string }>(
    `select slug from shop.products where business_id = $1 and id::text like '83000000-%'`,
    [lotus],
  );
  const products = menu.products.filter(({ slug: on }) => seeded.some(({ slug }) => slug === on));
  expect(products.length).toBeGreaterThan(10);

  const lines = products.flatMap((product): TicketLine[] => {
    const usual = usualOf(product);
    const options = product.groups.flatMap(({ options: each }) => each.map(({ id }) => id));
    return [
      { slug: product.slug, quantity: 3 },
      ...options.map((id) => ({ slug: product.slug, quantity: 1, modifier_ids: [...usual, id], note: id })),
    ];
  });
  const blank = readTicket(new URLSearchParams(), randomUUID);
  for (let at = 0, serving: 'eat_in' | 'takeaway' = 'eat_in'; at < lines.length; at += 19) {
    serving = serving === 'eat_in' ? 'takeaway' : 'eat_in';
    const ticket = { ...blank, lines: lines.slice(at, at + 19), serving, tip: 15 };
    const asked = { till_id: till, lines: ticket.lines, serving, tip: 15 };
    const { status, json } = await manager.visitor.call('/api/coffee/till/prices', asked);
    expect([status, json.code]).toEqual([200, undefined]);
    const reckoned = reckon(ticket, menu);
    expect(reckoned.total_cents).toBe(json.data.total_cents);
    expect(reckoned.lines.map(({ unit_cents: cents }) => cents)).toEqual(
      json.data.lines
        .filter(({ kind }: { kind: string }) => kind === 'product')
        .map(({ unit_cents: cents }: { unit_cents: number }) => cents),
    );
  }
});

test('a tip given without a connection is booked as it was given, and only by whoever sold', async () => {
  const { bar, till, seller } = await aTill({ open: false });
  const other = await aColleague('barista');
  const lines = [{ product_id: bar.bag.id, quantity: 1, unit_cents: 1150 }];
  const sale = { sale_id: randomUUID(), at: new Date().toISOString(), lines, pay_with: 'terminal' };
  const body = (tip: number) => ({
    till_id: till,
    sold_by: seller.id,
    sales: [{ ...sale, tip_cents: tip, total_cents: 1265 }],
  });
  const send = async (who: typeof seller, tip: number) => {
    const { status, json } = await who.visitor.call('/api/coffee/till/sync', body(tip));
    return [status, json.code ?? json.data];
  };
  expect(await send(other, 115)).toEqual([409, 'signed_in_as_another']);
  expect(await send(seller, -1)).toEqual([422, 'invalid_input']);
  const settled = { sale_id: sale.sale_id, outcome: 'settled', flags: [], total_cents: 1265 };
  expect(await send(seller, 115)).toEqual([200, [settled]]);
  expect(await send(seller, 115)).toEqual([200, [{ ...settled, outcome: 'known' }]]);
  const [tip] = await sql<{ cents: number }>(
    `select total_cents::int as cents from sales.order_lines where order_id = $1 and kind = 'tip'`,
    [sale.sale_id],
  );
  expect(tip?.cents).toBe(115);
  expect(await findings()).toEqual([]);
});
