import { expect, test } from 'vitest';
import { keptMenu } from '#till/away/facts.ts';
import { type KeptMenu, choiceProblem, chosenFrom, reckon } from '#till/away/reckoning.ts';
import { type KeptSale, codeOf, saleOf } from '#till/away/sales.ts';
import { type bodyOf, sendSales } from '#till/away/sending.ts';
import { syncInput } from '#till/inputs.ts';
import { readTicket } from '#till/ticket.ts';
import type { MenuProduct } from '#shop/menu/menu.ts';

const [oat, whole, shot] = [1, 2, 3].map((n) => `85000000-0000-4000-8000-00000000000${n}`) as [
  string,
  string,
  string,
];
const till = '8a000000-0000-4000-8000-000000000001';
const me = '8a000000-0000-4000-8000-000000000002';
const menu: KeptMenu = {
  currency: 'EUR',
  prices_include_tax: true,
  products: [
    {
      slug: 'flat-white',
      product_id: '8b000000-0000-4000-8000-000000000001',
      name: 'Flat white',
      price_cents: 333,
      tax_bp: { eat_in: 1000, takeaway: 400 },
      groups: [
        {
          min: 1,
          max: 1,
          options: [
            { id: whole, name: 'Whole', price_cents: 0, is_default: true },
            { id: oat, name: 'Oat', price_cents: 40, is_default: false },
          ],
        },
        { min: 0, max: 2, options: [{ id: shot, name: 'Shot', price_cents: -200, is_default: false }] },
      ],
    },
  ],
};
const ticketOf = (query: string) => readTicket(new URLSearchParams(query), () => crypto.randomUUID());
const flat = menu.products[0] as KeptMenu['products'][number];

test('a ticket is reckoned as the database does: options into the line, never below nothing, the tip last', () => {
  const usual = reckon(ticketOf('line=2~flat-white&tip=10'), menu);
  expect([usual.lines[0]?.modifier_ids, usual.tip_cents, usual.total_cents]).toEqual([[whole], 67, 733]);
  const free = reckon(ticketOf(`line=1~flat-white~${whole},${shot},${shot}`), menu);
  expect([free.lines[0]?.how, free.total_cents]).toEqual(['Whole, 2 × Shot', 0]);
  expect(reckon(ticketOf('line=1~gone'), menu).lines[0]?.product).toBeNull();
});

test('where prices are without tax it comes on top, half up, as it is for here or to take away', () => {
  const without = { ...menu, prices_include_tax: false };
  expect(reckon(ticketOf('line=1~flat-white'), without).total_cents).toBe(366);
  expect(reckon(ticketOf('line=1~flat-white&serving=takeaway'), without).total_cents).toBe(346);
  expect(reckon(ticketOf('line=5~flat-white&serving=takeaway'), without).total_cents).toBe(1732);
});

test('what is asked has an answer, and not too many', () => {
  const fields = (query: string) => chosenFrom(new URLSearchParams(query));
  expect(choiceProblem(flat, fields(`times-${shot}=2`))).toBe('missing');
  expect(choiceProblem(flat, fields(`choice-a=${oat}&times-${shot}=3`))).toBe('too_many');
  expect(choiceProblem(flat, fields(`choice-a=${oat}&times-${shot}=2&note=x`))).toBeNull();
});

test('a sold-out answer that is the usual one counts as the server counts it', () => {
  const option = { modifier_id: oat, name: { en: 'Oat' }, price_cents: 40, max_each: 1, is_default: true };
  const product = {
    slug: 'x',
    product_id: me,
    name: { en: 'X' },
    price_cents: 100,
    tax_rate_bp: 1000,
    takeaway_tax_rate_bp: null,
    groups: [{ min: 1, max: 1, options: [{ ...option, sold_out: true }] }],
  } as unknown as MenuProduct;
  const kept = keptMenu([product], menu, 'en');
  expect(reckon(ticketOf('line=1~x'), kept).total_cents).toBe(140);
  expect(kept.products[0]?.tax_bp).toEqual({ eat_in: 1000, takeaway: 1000 });
});

/** A device with so many sales, and what its door was sent. */
function device(count: number) {
  const ticket = ticketOf('line=1~flat-white~~less foam');
  const reckoned = reckon(ticket, menu);
  const kept = new Map<string, KeptSale>();
  for (let n = 0; n < count; n++) {
    const at = new Date(1e12 + n * 1000).toISOString();
    const pay = { with: 'cash' as const, tendered: 500 };
    const one = { ...ticket, sale: crypto.randomUUID() };
    const sale = saleOf({ user: me, till, ticket: one, reckoned, pay, at });
    kept.set(sale.id, sale);
  }
  const store = {
    of: (user: string) => Promise.resolve([...kept.values()].filter((sale) => sale.user === user)),
    put: (sale: KeptSale) => Promise.resolve(kept.set(sale.id, sale).size),
    drop: (id: string) => Promise.resolve(kept.delete(id) ? undefined : undefined),
  };
  const sent: string[][] = [];
  const ids = [...kept.keys()];
  type Body = ReturnType<typeof bodyOf>;
  const answering = (answer: (body: Body) => { status: number; outcome?: string; flags?: string[] } | null) =>
    sendSales(me, store, (body) => {
      sent.push(body.sales.map(({ sale_id: id }) => id));
      const said = answer(body);
      if (!said) return Promise.resolve(null);
      const { status, outcome = 'settled', flags = [] } = said;
      const answers = body.sales.map(({ sale_id }) => ({ sale_id, outcome, flags }));
      return Promise.resolve({ status, answers });
    });
  return { kept, sent, ids, answering };
}

test('sales go out in order, fifty at a time, in words the door understands, and leave when they were answered', async () => {
  const { kept, sent, ids, answering } = device(120);
  const read: unknown[] = [];
  const ended = await answering((body) => {
    read.push(syncInput.safeParse(JSON.parse(JSON.stringify(body))).error);
    return { status: 200 };
  });
  expect([ended, kept.size, sent.map(({ length }) => length)]).toEqual(['sent', 0, [50, 50, 20]]);
  expect(sent.flat()).toEqual(ids);
  expect(read).toEqual([undefined, undefined, undefined]);
});

test('what was not answered stays, and nobody else sends it', async () => {
  for (const [status, ended] of [
    [null, 'away'],
    [503, 'away'],
    [429, 'away'],
    [401, 'signed out'],
    [409, 'signed out'],
  ] as const) {
    const { kept, answering } = device(3);
    expect([await answering(() => status && { status }), kept.size]).toEqual([ended, 3]);
  }
  const { kept, sent } = device(2);
  const of = (user: string) => Promise.resolve([...kept.values()].filter((sale) => sale.user === user));
  expect(await sendSales('somebody-else', { of } as never, () => Promise.resolve(null))).toBe('sent');
  expect([sent, kept.size]).toEqual([[], 2]);
});

test('what the server flags stays to be read, and is not sent again', async () => {
  const { kept, sent, answering } = device(2);
  expect(await answering(() => ({ status: 200, flags: ['price_differs'] }))).toBe('sent');
  expect([...kept.values()].map(({ told }) => told?.flags)).toEqual([['price_differs'], ['price_differs']]);
  await answering(() => ({ status: 200 }));
  expect(sent).toHaveLength(1);
});

test('one that cannot be read does not hold up the others', async () => {
  const { kept, ids, answering } = device(4);
  const ended = await answering(({ sales }) => ({
    status: sales.some(({ sale_id: id }) => id === ids[2]) ? 422 : 200,
  }));
  expect(ended).toBe('sent');
  expect([...kept.values()].map(({ id, told }) => [id, told?.outcome])).toEqual([[ids[2], 'sale_invalid']]);
  expect(codeOf(ids[2] ?? '')).toMatch(/^[0-9A-F]{6}$/);
});
