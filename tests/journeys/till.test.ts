/** The till at its tablet: a coffee with oat, a bag, a customer by name, cash, the change. */
import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { type Bar, aBar } from '../bar.ts';
import { type Buyer, aBuyer, aColleague } from '../doors/buyer.ts';
import { tillScenes } from '../shots/till-scenes.ts';
import { button, m, see, signInHere } from './acts.ts';
import { openWindow, visit } from './browsing.ts';
import { readThrough } from './reading.ts';

const words = m.till;
vi.setConfig({ testTimeout: 300_000 });

async function aTill(): Promise<{ bar: Bar; till: string; seller: Buyer }> {
  const bar = await aBar();
  const { visitor } = await aColleague('manager');
  const made = await visitor.call('/api/coffee/till', { location_id: bar.location, name: 'Terrace' });
  return { bar, till: made.json.data.till_id, seller: await aColleague('barista') };
}

it('is opened, sells in a few taps however fast they come, says the change, and is closed with a count', async () => {
  const { bar, till, seller } = await aTill();
  const customer = await aBuyer('regular');
  await customer.visitor.get('/account');
  const page = await openWindow({ size: { width: 1180, height: 820 } });
  await visit(page, '/signin');
  await signInHere(page, seller);
  await page.waitForURL('**/account');

  await visit(page, `/till/${till}`);
  await page.getByRole('link', { name: words.drawer.link, exact: true }).click();
  await page.getByLabel(words.drawer.amount({ currency: 'EUR' })).fill('50');
  await button(page, words.drawer.openAct).click();
  await page.waitForURL(`**/till/${till}`);

  const tile = (slug: string) => page.locator(`[data-key="p-${slug}"]`);
  // Three taps before the first is answered are three bags.
  await tile(bar.bag.slug).evaluate((link: HTMLElement) => {
    for (let n = 0; n < 3; n++) link.click();
  });
  await expect.poll(() => page.locator('[data-total]').textContent()).toBe('€34.50');
  await page.locator('[data-key="less-0"]').click();
  await tile(bar.coffee.slug).click();
  await page.getByRole('radio', { name: /^Oat/ }).check();
  await button(page, words.ask.add).click();
  await expect.poll(() => page.locator('[data-total]').textContent()).toBe('€26.50');
  expect(new URL(page.url()).pathname).toBe(`/till/${till}`);

  await page.locator('[data-key="who"]').click();
  await page.getByLabel(words.customer.find).fill(customer.email.split('@')[0] ?? '');
  await page.keyboard.press('Enter');
  await page.locator('.till-found a').first().click();
  await see(page.locator('.till-customer'));
  await page.locator('[data-key="cash"]').click();
  await page.getByRole('button', { name: '€50.00' }).click();
  await page.waitForURL(`**/till/${till}/sold/*`);
  await expect.poll(() => page.locator('[data-change]').textContent()).toBe('€23.50');

  await page.getByRole('link', { name: words.sold.next }).click();
  await page.getByRole('link', { name: words.drawer.link, exact: true }).click();
  await see(page.getByText('€76.50').first());
  await page.getByLabel(words.drawer.counted).fill('76.50');
  await button(page, words.drawer.closeAct).click();
  await see(page.getByText(words.drawer.closedSays.even));
});

it('is fit for everyone', async () => {
  const { bar, till, seller } = await aTill();
  await seller.visitor.call(
    '/api/coffee/till/openings',
    { till_id: till, amount_cents: 5000 },
    { 'idempotency-key': randomUUID() },
  );
  const sale = randomUUID();
  const lines = [{ slug: bar.bag.slug }];
  const sold = await seller.visitor.call('/api/coffee/till/sales', {
    till_id: till,
    sale_id: sale,
    lines,
    pay_with: 'cash',
    tendered_cents: 2000,
  });
  expect(sold.status).toBe(201);
  const receipt = { name: 'till-receipt', path: `/receipts/${sold.json.data.receipt_token}` };
  expect(await readThrough({ scenes: [...tillScenes(till, sale, bar), receipt], who: seller })).toEqual([]);
});
