/** What a till reckons without a connection is what the database asks for. */
import { expect, test } from 'vitest';
import { lotus, sql } from '../world.ts';
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
  expect(menu.products.length).toBeGreaterThan(10);

  const lines = menu.products.flatMap((product): TicketLine[] => {
    const usual = usualOf(product);
    const options = product.groups.flatMap(({ options: each }) => each.map(({ id }) => id));
    return [
      { slug: product.slug, quantity: 3 },
      ...options.map((id) => ({ slug: product.slug, quantity: 1, modifier_ids: [...usual, id], note: id })),
    ];
  });
  const blank = readTicket(new URLSearchParams(), randomUUID);
  for (let at = 0, serving: 'eat_in' | 'takeaway' = 'eat_in'; at < lines.length; at += 20) {
    serving = serving === 'eat_in' ? 'takeaway' : 'eat_in';
    const ticket = { ...blank, lines: lines.slice(at, at + 20), serving, tip: 15 };
    const asked = { till_id: till, lines: ticket.lines, serving, tip: 15 };
    const { status, json } = await manager.visitor.call('/api/coffee/till/prices', asked);
    expect(status).toBe(200);
    const reckoned = reckon(ticket, menu);
    expect(reckoned.total_cents).toBe(json.data.total_cents);
    expect(reckoned.lines.map(({ unit_cents: cents }) => cents)).toEqual(
      json.data.lines
        .filter(({ kind }: { kind: string }) => kind === 'product')
        .map(({ unit_cents: cents }: { unit_cents: number }) => cents),
    );
  }
});
