import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { aClass, allAtOnce, crowd, lotus, sql } from '../world.ts';
import { connect, waits } from './connections.ts';

/** A code that nobody else uses. */
async function aPromotion(facts: Record<string, unknown> = {}): Promise<{ id: string; code: string }> {
  const code = `T-${randomUUID().slice(0, 8)}`;
  const columns = { kind: 'percent', percent: 10, published: true, ...facts };
  const [made] = await sql<{ id: string }>(
    `insert into sales.promotions (business_id, code, kind, percent, amount_cents, goods, max_uses, max_per_member, published)
     select $1, $2, x.kind, x.percent, x.amount_cents, coalesce(x.goods, 'both'), x.max_uses, x.max_per_member, x.published
     from jsonb_populate_record(null::sales.promotions, $3) x returning id`,
    [lotus, code, JSON.stringify(columns)],
  );
  return { id: made!.id, code };
}

/** Somebody with a seat and a code in their cart. */
async function aBuyer(userId: string, session: string, code: string): Promise<pg.Client> {
  const client = await connect(userId);
  const token = randomUUID() + randomUUID();
  await client.query('select api.add_seat_to_cart($1, $2, $3)', [lotus, session, token]);
  await client.query('select api.set_cart_promotion($1, $2, $3)', [lotus, token, code]);
  return client;
}

type Answer = { order_id: string; state: string; total_cents: number } | { refused: string };
const place = async (client: pg.Client): Promise<Answer> => {
  try {
    const { rows } = await client.query('select api.place_order($1, $2) as answer', [lotus, randomUUID()]);
    return rows[0].answer as Answer;
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith('PT')) return { refused: (error as Error).message };
    throw error;
  }
};
const usesOf = async (id: string) =>
  (
    await sql<{ uses: number; rows: number }>(
      'select p.uses, (select count(*)::int from sales.promotion_uses u where u.promotion_id = p.id and u.given_back_at is null) as rows from sales.promotions p where p.id = $1',
      [id],
    )
  )[0];

test('two people who use the last of a code at once: one has it, one is told', async () => {
  const session = await aClass({ seats: 5 });
  const promotion = await aPromotion({ max_uses: 1, percent: 50 });
  const people = await crowd(2, 'code');
  const [first, second] = await Promise.all(people.map(({ id }) => aBuyer(id, session, promotion.code)));
  await first!.query('begin');
  const won = await place(first!);
  const waiting = place(second!);
  await expect.poll(() => waits(second!)).toBe(true);
  await first!.query('commit');
  expect(won).toMatchObject({ state: 'placed', total_cents: 800 });
  expect(await waiting).toEqual({ refused: 'promotion_used_up' });
  expect(await usesOf(promotion.id)).toEqual({ uses: 1, rows: 1 });
});

test('twenty people, seven uses: seven have it, thirteen are told', async () => {
  const session = await aClass({ seats: 30 });
  const promotion = await aPromotion({ max_uses: 7 });
  const people = await crowd(20, 'rush');
  const buyers = await Promise.all(people.map(({ id }) => aBuyer(id, session, promotion.code)));
  const answers = await Promise.all(buyers.map(place));
  expect(answers.filter((answer) => 'order_id' in answer)).toHaveLength(7);
  expect(
    answers.filter((answer) => 'refused' in answer && answer.refused === 'promotion_used_up'),
  ).toHaveLength(13);
  expect(await usesOf(promotion.id)).toEqual({ uses: 7, rows: 7 });
});

test('a use whose order ran out is had by the next, and paid for after all it is refused to the first', async () => {
  const session = await aClass({ seats: 5 });
  const promotion = await aPromotion({ max_uses: 1 });
  const [a, b] = await crowd(2, 'late');
  const first = await place(await aBuyer(a!.id, session, promotion.code));
  if ('refused' in first) throw new Error(first.refused);
  await sql(`update sales.orders set hold_expires_at = now() - interval '1 second' where id = $1`, [
    first.order_id,
  ]);
  expect(await place(await aBuyer(b!.id, session, promotion.code))).toMatchObject({ state: 'placed' });
  expect(await usesOf(promotion.id)).toEqual({ uses: 1, rows: 1 });
  const outcome = await allAtOnce(async (run) => {
    await run(
      `insert into payments.payments (business_id, order_id, provider, attempt, state, amount_cents, currency, captured_cents)
       select business_id, id, 'cash', 1, 'captured', total_cents, currency, total_cents from sales.orders where id = $1`,
      [first.order_id],
    );
    const [settled] = await run<{ outcome: string }>(
      'select payments.settle_order(o, p) as outcome from sales.orders o join payments.payments p on p.order_id = o.id where o.id = $1',
      [first.order_id],
    );
    return settled?.outcome;
  });
  expect(outcome).toBe('paid_too_late');
  expect(await usesOf(promotion.id)).toEqual({ uses: 1, rows: 1 });
});

test('a whole is spread to the last cent, nobody bears more than their share, and the order of the lines is no matter', async () => {
  const shares = fc.array(fc.integer({ min: 0, max: 2_000_000 }), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(shares, fc.double({ min: 0, max: 1, noNaN: true }), async (lines, part) => {
      const total = lines.reduce((sum, cents) => sum + cents, 0);
      const whole = Math.round(total * part);
      const [row] = await sql<{ cuts: string[]; turned: string[] }>(
        'select sales.spread($1, $2) as cuts, sales.spread($1, $3) as turned',
        [whole, lines, [...lines].reverse()],
      );
      const cuts = row!.cuts.map(Number);
      expect(cuts.reduce((sum, cents) => sum + cents, 0)).toBe(whole);
      for (const [i, cents] of cuts.entries()) {
        expect(cents).toBeGreaterThanOrEqual(0);
        expect(cents).toBeLessThanOrEqual(lines[i]!);
        // Never further than a cent from the exact share.
        expect(Math.abs(cents - (total ? (whole * lines[i]!) / total : 0))).toBeLessThan(1);
      }
      const sorted = (amounts: string[]) => amounts.map(Number).sort((a, b) => a - b);
      expect(sorted(row!.turned)).toEqual(sorted(row!.cuts));
    }),
    { numRuns: 200 },
  );
});

test('whatever is in a cart and whatever the code: what is shown is what is placed, and the cents add up', async () => {
  const thing = fc.record({
    cents: fc.integer({ min: 0, max: 30_000 }),
    quantity: fc.integer({ min: 1, max: 9 }),
    rate: fc.constantFrom(0, 400, 1000, 2100),
  });
  const off = fc.oneof(
    fc.record({ kind: fc.constant('percent'), percent: fc.integer({ min: 1, max: 100 }) }),
    fc.record({ kind: fc.constant('amount'), amount_cents: fc.integer({ min: 1, max: 100_000 }) }),
  );
  const things = fc.array(thing, { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      things,
      off,
      fc.boolean(),
      fc.integer({ min: 0, max: 20 }),
      async (lines, facts, inclusive, tip) => {
        const seen = await allAtOnce(async (run) => {
          // Undone at the end: the shop's prices and taxes are everybody's.
          await run('savepoint before');
          await run('update business.businesses set prices_include_tax = $2 where id = $1', [
            lotus,
            inclusive,
          ]);
          const [order] = await run<{ id: string }>(
            `with p as (insert into sales.promotions (business_id, code, kind, percent, amount_cents, published) values ($1, $2, $3, $4, $5, true) returning id)
           insert into sales.orders (business_id, currency, promotion_id) select $1, 'EUR', id from p returning id`,
            [
              lotus,
              `P-${randomUUID().slice(0, 8)}`,
              facts.kind,
              'percent' in facts ? facts.percent : null,
              'amount_cents' in facts ? facts.amount_cents : null,
            ],
          );
          await run(
            `with p as (insert into shop.products (business_id, category_id, slug, name, price_cents, tax_rate_bp)
             select $1, (select id from shop.categories where business_id = $1 order by position limit 1), 'p-' || n || '-' || left($2, 8), '{}', (t ->> 'cents')::bigint, (t ->> 'rate')::int
             from jsonb_array_elements($3::jsonb) with ordinality u (t, n) returning id, slug, price_cents)
           insert into sales.order_lines (business_id, order_id, position, kind, product_id, label, quantity, unit_price_cents)
           select $1, $2::uuid, n, 'product', p.id, '{}', (t ->> 'quantity')::int, 0 from jsonb_array_elements($3::jsonb) with ordinality u (t, n) join p on p.slug = 'p-' || n || '-' || left($2, 8)`,
            [lotus, order!.id, JSON.stringify(lines)],
          );
          if (tip > 0) {
            await run(
              `insert into sales.order_lines (business_id, order_id, position, kind, label, unit_price_cents, details) values ($1, $2, 90, 'tip', '{}', 0, jsonb_build_object('percent', $3::int))`,
              [lotus, order!.id, tip],
            );
          }
          const priced = await run<
            Record<'gross_cents' | 'discount_cents' | 'tax_cents' | 'total_cents', string> & {
              kind: string;
              rate_bp: number;
              told: string;
            }
          >(
            `select y.*, coalesce((select sum((d ->> 'cents')::bigint) from jsonb_array_elements(y.discounts) d), 0) as told from sales.orders o cross join lateral sales.price(o) y where o.id = $1`,
            [order!.id],
          );
          await run('rollback to savepoint before');
          return priced;
        });
        const goods = seen.filter(({ kind }) => kind === 'product');
        const sum = (of: 'gross_cents' | 'discount_cents' | 'total_cents') =>
          goods.reduce((all, line) => all + Number(line[of]), 0);
        const gross = sum('gross_cents');
        const wanted =
          'percent' in facts
            ? Math.floor((gross * facts.percent) / 100 + 0.5)
            : Math.min(gross, facts.amount_cents);
        expect(sum('discount_cents')).toBe(wanted);
        for (const line of goods) {
          const net = Number(line.gross_cents) - Number(line.discount_cents);
          expect(net).toBeGreaterThanOrEqual(0);
          expect(Number(line.told)).toBe(Number(line.discount_cents));
          const share = inclusive ? line.rate_bp / (10_000 + line.rate_bp) : line.rate_bp / 10_000;
          expect(Math.abs(Number(line.tax_cents) - net * share)).toBeLessThanOrEqual(0.5 + 1e-6);
          expect(Number(line.total_cents)).toBe(net + (inclusive ? 0 : Number(line.tax_cents)));
        }
        const tips = seen.filter(({ kind }) => kind === 'tip');
        if (tip > 0)
          expect(Number(tips[0]!.total_cents)).toBe(Math.floor((sum('total_cents') * tip) / 100 + 0.5));
      },
    ),
    { numRuns: 60 },
  );
});
