/** The till at its tablet: a coffee with oat, a bag, a customer by name, cash, the change. */
import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { aTill } from '../doors/a-till.ts';
import { aBuyer } from '../doors/buyer.ts';
import { anEar, anOutsideTill, asked, bags, saleOf, sendings, tell } from '../doors/outside-till.ts';
import { tillScenes } from '../shots/till-scenes.ts';
import { button, m, see, signInHere } from './acts.ts';
import { openWindow, visit } from './browsing.ts';
import { readThrough } from './reading.ts';

const words = m.till;
vi.setConfig({ testTimeout: 300_000 });

it('is opened, sells in a few taps however fast they come, says the change, and is closed with a count', async () => {
  const { bar, till, seller } = await aTill({ open: false });
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

it('shows its managers what a till of another maker told and heard, fit for everyone', async () => {
  const ear = await anEar([500]);
  const other = await anOutsideTill({ url: ear.url, onShelf: 1 });
  const unknown = { product: 'CAKE-OF-THE-DAY', quantity: 2, unit_cents: 450 };
  await tell(other, 'sale.made', saleOf([...bags(3), unknown], { total_cents: 1 }));
  await tell(other, 'sale.made', saleOf(bags(0)));
  await tell(other, 'sale.refunded', { id: 'R', sale_id: 'not-yet' });
  await tell(other, 'sale.made', saleOf(bags()), { ago: 3600 });
  await asked(other, 'secret');
  await asked(other, 'tests');
  await expect.poll(() => sendings(other)).toMatchObject([{ statuses: [500] }]);
  const path = `/admin/developers/${other.id}`;
  const scenes = [
    { name: 'other-tills', path: '/admin/developers' },
    { name: 'other-till', path },
    { name: 'other-till-told', path: `${path}/received` },
    { name: 'other-till-heard', path: `${path}/sent` },
  ];
  expect(await readThrough({ scenes, who: other.manager })).toEqual([]);

  // Connected in the browser: the secret is there once, and copied by a tap or by hand.
  const page = await openWindow();
  await visit(page, '/signin');
  await signInHere(page, other.manager);
  await page.waitForURL('**/account');
  await visit(page, '/admin/developers');
  await page.getByRole('combobox', { name: m.outside.connect.place }).selectOption(other.bar.location);
  await page.getByLabel(m.outside.fields.name, { exact: true }).fill(`Kiosk ${other.id.slice(0, 6)}`);
  await button(page, m.outside.connect.act).click();
  await see(page.getByText(m.outside.fresh.title));
  expect(await page.getByLabel(m.outside.fresh.secret, { exact: true }).inputValue()).toMatch(/^whsec_/);
  await visit(page, path);
  expect(await page.getByText(m.outside.fresh.title).count()).toBe(0);
});
