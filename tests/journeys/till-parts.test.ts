/** Twenty-odd euros at the till: five with points, five from a gift card, the rest in cash with change. */
import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { aTill } from '../doors/a-till.ts';
import { aBuyer } from '../doors/buyer.ts';
import { aGiftCard, allAtOnce, findings, lotus, sql } from '../world.ts';
import { button, m, see, signInHere } from './acts.ts';
import { openWindow, visit } from './browsing.ts';
import { readThrough } from './reading.ts';

const words = m.till;
vi.setConfig({ testTimeout: 300_000 });

it('points, a gift card and cash pay one sale', async () => {
  const { bar, till, seller } = await aTill();
  const customer = await aBuyer('regular');
  await customer.visitor.get('/account');
  const card = await aGiftCard(500);
  const name = `Five off ${randomUUID().slice(0, 6)}`;
  const member = await allAtOnce(async (run) => {
    await run(`select set_config('request.jwt.claims', $1, true)`, [
      JSON.stringify({ sub: customer.id, role: 'authenticated' }),
    ]);
    const [me] = await run<{ id: string }>('select api.become_member($1) as id', [lotus]);
    await run(
      `select loyalty.make_lot(loyalty.lock_standing($1, $2), loyalty.current($1), 60, 'order:' || gen_random_uuid(), null, 'earned')`,
      [lotus, me!.id],
    );
    await run(
      `insert into loyalty.rewards (business_id, name, kind, amount_cents, price_points, position) values ($1, $2, 'money', 500, 7, 90)`,
      [lotus, JSON.stringify({ en: name })],
    );
    return me!.id;
  });

  const page = await openWindow({ size: { width: 1024, height: 768 } });
  await visit(page, '/signin');
  await signInHere(page, seller);
  await page.waitForURL('**/account');
  await visit(page, `/till/${till}?line=2~${bar.bag.slug}&member=${member}`);
  await page.locator('[data-key="rewards"]').click();
  await page.getByRole('link', { name: new RegExp(name) }).click();
  await expect.poll(() => page.locator('[data-total]').textContent()).toBe('€18.00');
  await button(page, words.split.way).click();
  await page.waitForURL(`**/till/${till}/open/*`);
  const due = page.locator('[data-due]');
  expect(await due.textContent()).toBe('€18.00');
  const sale = new URL(page.url()).pathname.split('/').at(-1) ?? '';

  // A wrong PIN first, as it happens.
  await page.getByLabel(m.giftCards.check.code).fill(card.code);
  await page
    .getByLabel(m.giftCards.check.pin, { exact: true })
    .fill(card.pin === '111111' ? '222222' : '111111');
  await button(page, words.split.takeCard).click();
  await see(page.getByText(m.refusals.gift_card_not_found).first());
  await page.getByLabel(m.giftCards.check.code).fill(card.code);
  await page.getByLabel(m.giftCards.check.pin, { exact: true }).fill(card.pin);
  await page.keyboard.press('Enter');
  await expect.poll(() => due.textContent()).toBe('€13.00');

  expect(
    await readThrough({
      scenes: [
        { name: 'till-parts', path: `/till/${till}/open/${sale}` },
        { name: 'till-parts-even', path: `/till/${till}/open/${sale}?people=3` },
      ],
      who: seller,
    }),
  ).toEqual([]);
  await page.getByRole('button', { name: '€20.00' }).click();
  await page.waitForURL(`**/till/${till}/sold/${sale}`);
  expect(await page.locator('[data-change]').textContent()).toBe('€7.00');
  await see(page.getByText(m.giftCards.tenders.card({ ending: card.code.slice(-4) })).first());

  const [spent] = await sql<{ state: string }>('select state from loyalty.redemptions where order_id = $1', [
    sale,
  ]);
  expect(spent?.state).toBe('spent');
  await sql(`update loyalty.rewards set published = false where name ->> 'en' = $1`, [name]);
  expect(await findings()).toEqual([]);
});
