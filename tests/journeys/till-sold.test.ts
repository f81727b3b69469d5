/** At the tablet, after the sale: one of two coffees goes back in cash, and the drawer says what is in it. */
import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { aTill } from '../doors/a-till.ts';
import { button, m, see, signInHere } from './acts.ts';
import { openWindow, visit } from './browsing.ts';

const words = m.counter;
vi.setConfig({ testTimeout: 300_000 });

it('finds the sale, takes one of two coffees back in cash, and shows the drawer with as much less', async () => {
  const { bar, till, seller } = await aTill();
  const call = (what: string, body: object) =>
    seller.visitor.call(
      `/api/coffee/till/${what}`,
      { till_id: till, ...body },
      { 'idempotency-key': randomUUID() },
    );
  const lines = [{ slug: bar.coffee.slug, quantity: 2 }];
  const sale = { sale_id: randomUUID(), lines, pay_with: 'cash', tendered_cents: 1000 };
  expect((await call('sales', sale)).status).toBe(201);

  const page = await openWindow({ size: { width: 1180, height: 820 } });
  await visit(page, '/signin');
  await signInHere(page, seller);
  await page.waitForURL('**/account');
  await visit(page, `/till/${till}`);
  await page.getByRole('link', { name: words.link, exact: true }).click();
  await page.locator('.sold-link').first().click();
  await page.getByRole('link', { name: m.refunds.open }).click();
  const count = page.locator('.pieces-count');
  await count.fill('1');
  await page.getByLabel(m.refunds.reason).fill('Too cold');
  await button(page, words.refund.some).click();
  await see(page.getByText(words.refund.says.cash({ amount: '€3.10' })));
  await see(page.getByText(words.refund.left({ left: 1, of: 2 })));

  await visit(page, `/till/${till}/drawer`);
  // 50 at the start, 6.20 for two, less 3.10.
  await expect.poll(() => page.locator('.drawer-amount').textContent()).toBe('€53.10');
  await visit(page, `/till/${till}/sold/${sale.sale_id}`);
  await see(page.getByText(words.returned({ count: 1, of: 2 })));
});
