/** The way around the office: on a phone one line that opens, on a wide screen rows; also without a script, and by keyboard. */
import type { Page } from 'playwright-core';
import { expect, test, vi } from 'vitest';
import { aColleague } from '../doors/buyer.ts';
import { link, m, see, signInHere } from './acts.ts';
import { desk, openWindow, phone, visit } from './browsing.ts';
import { readThrough } from './reading.ts';

vi.setConfig({ testTimeout: 300_000 });
const { nav } = m.admin;

test('on a phone one line says where one is, and opens every page by keyboard, without a script', async () => {
  const manager = await aColleague('manager');
  const page = await openWindow({ script: false, size: phone });
  await visit(page, '/signin');
  await signInHere(page, manager);
  await page.waitForURL('**/account');
  await visit(page, '/admin/stock/new');
  const office = page.getByRole('navigation', { name: nav.label });
  const line = office.locator('summary');
  expect((await line.innerText()).replaceAll('\n', ' ')).toBe(`${nav.parts.bar} · ${m.stock.nav}`);
  expect((await office.boundingBox())?.height).toBeLessThan(60);
  expect(await office.getByRole('link').count()).toBe(0);
  await line.focus();
  await page.keyboard.press('Enter');
  await see(office.getByRole('list', { name: nav.parts.team }));
  // Below the page that is in the list, not on it.
  expect(await link(office, m.stock.nav).getAttribute('aria-current')).toBe('true');
  await link(office, m.instructors.pay.title).click();
  await page.waitForURL('**/admin/pay');
  expect(await line.innerText()).toContain(m.instructors.pay.title);
  expect(await office.getByRole('link').count()).toBe(0);
});

test('where there is room the parts stand in a row, and nothing has to be opened', async () => {
  const manager = await aColleague('manager');
  const page = await openWindow({ size: desk });
  await visit(page, '/signin');
  await signInHere(page, manager);
  await page.waitForURL('**/account');
  await visit(page, '/admin/stock');
  const office = page.getByRole('navigation', { name: nav.label });
  await see(link(office, nav.parts.team));
  expect(await office.locator('summary').isVisible()).toBe(false);
  expect(await link(office, m.stock.nav).getAttribute('aria-current')).toBe('page');
});

test('opened, it is fit for everyone', async () => {
  const owner = await aColleague('owner');
  const open = (page: Page) =>
    page.locator('.office-menu').evaluate((menu: HTMLDetailsElement) => (menu.open = true));
  const scenes = [{ name: 'office-nav', path: '/admin/audit', act: open }];
  expect(await readThrough({ scenes, who: owner })).toEqual([]);
});
