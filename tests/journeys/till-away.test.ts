/** The till on its own: the connection goes, people are served, and everything is in the books once when it returns. */
import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import type { Bar } from '../bar.ts';
import { aTill } from '../doors/a-till.ts';
import { type Buyer, aBuyer, aColleague } from '../doors/buyer.ts';
import { sql } from '../world.ts';
import { button, m, see, signInHere } from './acts.ts';
import { forgetTroubles, openWindow, visit } from './browsing.ts';

const words = m.till;
vi.setConfig({ testTimeout: 300_000 });

async function atTill(): Promise<{ bar: Bar; till: string; seller: Buyer; page: Page }> {
  const { bar, till, seller } = await aTill();
  const page = await openWindow({ size: { width: 1180, height: 820 } });
  await visit(page, '/signin');
  await signInHere(page, seller);
  await page.waitForURL('**/account');
  await visit(page, `/till/${till}`);
  await expect.poll(() => kept(page)).toContain(`/till/${till}`);
  return { bar, till, seller, page };
}

const kept = (page: Page) =>
  page.evaluate(async () => {
    const shelves = (await caches.keys()).filter((name) => name.startsWith('desk-pages-'));
    const pages = await Promise.all(shelves.map(async (name) => (await caches.open(name)).keys()));
    return pages.flat().map(({ url }) => new URL(url).pathname);
  });
const orders = (till: string) =>
  sql<{ total: number; pay: string; flags: string[]; tip: number; member: string }>(
    `select o.total_cents::int as total, s.pay_with as pay, s.flags, o.member_id as member,
       coalesce((select sum(l.total_cents) from sales.order_lines l where l.order_id = o.id and l.kind = 'tip'), 0)::int as tip
     from shop.till_sales s join sales.orders o on o.id = s.order_id where s.till_id = $1 order by s.told_at`,
    [till],
  );
const key = (page: Page, name: string) => page.locator(`#till [data-key="${name}"]`);
const total = (page: Page, text: string) =>
  expect.poll(() => page.locator('[data-total]').first().textContent()).toBe(text);
const waiting = (page: Page) => page.locator('#till-unsent [data-waiting]');

it('sells without a connection, survives a reload, and has sold each once when it returns', async () => {
  const { bar, till, page } = await atTill();
  const customer = await aBuyer('points');
  await customer.visitor.get('/account');
  const [member] = await sql<{ id: string }>('select id from members.members where user_id = $1', [
    customer.id,
  ]);
  await visit(page, `/till/${till}?member=${member?.id}`);
  await page.context().setOffline(true);
  await see(page.getByText(words.away.hasCustomer));
  await see(page.getByText(words.away.stays));

  await key(page, `p-${bar.bag.slug}`).click();
  await key(page, 'more-0').click();
  await key(page, `p-${bar.coffee.slug}`).click();
  await page.getByRole('radio', { name: /^Oat/ }).check();
  await page.getByLabel(words.ask.note).fill('less ~ foam');
  await button(page, words.ask.add).click();
  await total(page, '€26.50');
  await key(page, 'tip-10').click();
  await total(page, '€29.15');
  // A reload in the middle of it loses nothing.
  await page.reload();
  await total(page, '€29.15');
  await see(page.getByText('less ~ foam'));
  await key(page, 'cash').click();
  await page.getByLabel(words.pay.other).fill('29');
  await button(page, words.pay.otherAct).click();
  await see(page.getByText(words.away.tooLow));
  await page.getByLabel(words.pay.other).fill('50');
  await button(page, words.pay.otherAct).click();
  await expect.poll(() => page.locator('[data-amount]').textContent()).toBe('€20.85');
  await see(page.getByText(words.away.one));
  // On paper at once, and said to be for now.
  await page.evaluate(() => {
    window.print = () => (document.title = document.querySelector('.till-slip')?.textContent ?? '');
  });
  await page.locator('#till [data-slip]').click();
  const slip = await page.title();
  for (const text of [words.away.provisional, '€29.15', '€20.85', 'Oat']) expect(slip).toContain(text);

  await key(page, 'next').click();
  await key(page, `p-${bar.bag.slug}`).click();
  await button(page, words.pay.terminal).click();
  await see(page.getByText('2 sales not yet sent'));
  await visit(page, '/till');
  await page.waitForURL(`**/till/${till}*`);
  await see(page.getByText('2 sales not yet sent'));
  await waiting(page).locator('summary').click();
  expect(await waiting(page).locator('li').count()).toBe(2);
  expect(await orders(till)).toEqual([]);

  await page.context().setOffline(false);
  await expect.poll(() => orders(till)).toHaveLength(2);
  await expect.poll(() => waiting(page).isVisible()).toBe(false);
  const guest = expect.not.stringMatching(member?.id ?? '');
  expect(await orders(till)).toEqual([
    { total: 2915, pay: 'cash', flags: [], tip: 265, member: member?.id },
    { total: 1150, pay: 'terminal', flags: [], tip: 0, member: guest },
  ]);
  const [level] = await sql(
    'select on_hand::int, reserved::int from shop.stock_levels where stock_item_id = $1',
    [bar.bag.item],
  );
  expect(level).toEqual({ on_hand: 97, reserved: 0 });
  const [points] = await sql<{ sum: number }>(
    `select coalesce(sum(l.points), 0)::int as sum from loyalty.lots l join shop.till_sales s on s.order_id = l.order_id where s.till_id = $1`,
    [till],
  );
  expect(points?.sum).toBeGreaterThan(0);
  // And it is the server's till again.
  await key(page, `p-${bar.bag.slug}`).click();
  await total(page, '€11.50');
  forgetTroubles();
});

it('sends from two tabs what was sold once, and says what the server found amiss until it was read', async () => {
  const { bar, till, page } = await atTill();
  const other = await page.context().newPage();
  await visit(other, `/till/${till}`);
  await page.context().setOffline(true);
  for (const tab of [page, other]) {
    await key(tab, `p-${bar.bag.slug}`).click();
    await button(tab, words.pay.terminal).click();
    await see(key(tab, 'next'));
  }
  await see(page.getByText('2 sales not yet sent'));
  await sql('update shop.products set price_cents = 1200 where id = $1', [bar.bag.id]);
  await page.context().setOffline(false);
  await expect.poll(() => orders(till)).toHaveLength(2);
  expect((await orders(till)).map(({ total: cents, flags }) => [cents, flags])).toEqual([
    [1150, ['price_differs']],
    [1150, ['price_differs']],
  ]);
  const told = page.locator('#till-unsent [data-told]');
  await expect.poll(() => told.locator('li').count()).toBe(2);
  await see(told.getByText(words.away.flags.price_differs).first());
  await button(told, words.away.seen).first().click();
  await button(told, words.away.seen).first().click();
  await expect.poll(() => other.locator('#till-unsent').isVisible()).toBe(false);
  expect(await orders(till)).toHaveLength(2);
  forgetTroubles();
});

it('warns before signing out with unsent sales, and keeps them for whoever made them', async () => {
  const { bar, till, seller, page } = await atTill();
  const [next, answers] = [await aColleague('barista'), [false, true]];
  page.on('dialog', (dialog) => void (answers.shift() ? dialog.accept() : dialog.dismiss()));
  await page.context().route('**/api/coffee/till/sync', (route) => route.abort());
  await page.context().setOffline(true);
  await key(page, `p-${bar.bag.slug}`).click();
  await button(page, words.pay.terminal).click();
  await see(page.getByText(words.away.one));
  await page.context().setOffline(false);
  const signOut = async () => {
    await page.locator('[popovertarget=account-menu]').click();
    await button(page, m.site.account.signOut).click();
  };
  await signOut();
  await expect.poll(() => answers).toEqual([true]);
  expect(new URL(page.url()).pathname).toBe(`/till/${till}`);
  await page.keyboard.press('Escape');
  await signOut();
  await page.waitForURL((url) => url.pathname === '/');
  await page.context().unroute('**/api/coffee/till/sync');

  const signInAs = async (who: Buyer) => {
    await visit(page, '/signin');
    await signInHere(page, who);
    await page.waitForURL('**/account');
    await visit(page, `/till/${till}`);
  };
  await signInAs(next);
  await see(page.getByText(words.away.otherOne));
  // Wherever they are at the till, not only where it sells.
  for (const path of [`/till/${till}/drawer`, `/till/${till}/sold`, '/till']) {
    await visit(page, path);
    await see(page.getByText(words.away.otherOne));
  }
  expect(await orders(till)).toEqual([]);
  await signOut();
  await page.waitForURL((url) => url.pathname === '/');
  await signInAs(seller);
  await expect.poll(() => orders(till)).toHaveLength(1);
  const [sold] = await sql('select sold_by from shop.till_sales where till_id = $1', [till]);
  expect(sold).toEqual({ sold_by: seller.id });
  forgetTroubles();
});
