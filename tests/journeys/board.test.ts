/** The bar at its screens: several at once, with and without a connection, by touch and by keys; and who waits for their coffee. */
import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { type Bar, aBar, anOrder, standingOf } from '../bar.ts';
import { type Buyer, aBuyer, aColleague } from '../doors/buyer.ts';
import { boardScenes } from '../shots/board-scenes.ts';
import { sql } from '../world.ts';
import { button, heading, m, see, signInHere } from './acts.ts';
import { forgetTroubles, openWindow, visit } from './browsing.ts';
import { readThrough } from './reading.ts';

const words = m.board;
const tablet = { width: 1180, height: 820 };
vi.setConfig({ testTimeout: 300_000 });

async function signedIn(who: Buyer, path: string, size = tablet): Promise<Page> {
  const page = await openWindow({ size });
  await visit(page, '/signin');
  await signInHere(page, who);
  await page.waitForURL('**/account');
  await visit(page, path);
  return page;
}
async function screen(who: Buyer, bar: Bar): Promise<Page> {
  const page = await signedIn(who, `/board?location=${bar.location}`);
  await see(page.getByText(words.screen.live, { exact: true }));
  return page;
}

const card = (page: Page, lane: string, number: number) =>
  page
    .locator(`[data-lane=${lane}] .ticket`)
    .filter({ has: page.locator('.ticket-number', { hasText: new RegExp(`^${number}$`) }) });
const numbers = (page: Page) => page.locator('[data-lane] .ticket .ticket-number').allTextContents();

it('keeps several screens in step, and takes a tap back', async () => {
  const bar = await aBar();
  const [a, b] = [
    await screen(await aColleague('barista'), bar),
    await screen(await aColleague('barista'), bar),
  ];
  const { ticket, number } = await anOrder(bar, await aBuyer());
  for (const page of [a, b]) await see(card(page, 'todo', number));
  await button(card(a, 'todo', number), words.card.start).click();
  for (const page of [a, b]) await see(card(page, 'making', number));
  await button(a.locator('#board-undo'), words.screen.undo).click();
  for (const page of [a, b]) await see(card(page, 'todo', number));
  // The same drink on two tickets, in one tap.
  const other = await anOrder(bar, await aBuyer());
  await b.getByRole('link', { name: words.view.drinks }).click();
  await see(b.locator('.batch .ticket-number', { hasText: '2×' }));
  await button(b.locator('.batch').first(), words.card.doneAll).click();
  for (const one of [number, other.number]) await see(card(a, 'ready', one));
  await expect.poll(() => standingOf(ticket, other.ticket)).toEqual(['ready', 'ready']);
  expect((await numbers(a)).sort()).toEqual([String(number), String(other.number)]);
});

it('goes on without a connection, and neither loses nor doubles a ticket when it is back', async () => {
  const bar = await aBar();
  const a = await screen(await aColleague('barista'), bar);
  const b = await screen(await aColleague('barista'), bar);
  const buyer = await aBuyer();
  const [one, two] = [await anOrder(bar, buyer), await anOrder(bar, buyer)];
  await see(card(a, 'todo', two.number));
  await a.context().setOffline(true);
  await button(card(a, 'todo', one.number), words.card.start).click();
  await see(card(a, 'making', one.number));
  await see(a.getByText(`1 ${words.screen.unsent}`));
  await button(card(b, 'todo', two.number), words.card.start).click();
  await see(card(b, 'making', two.number));
  const three = await anOrder(bar, buyer);
  await see(card(b, 'todo', three.number));
  expect(await standingOf(one.ticket)).toEqual(['placed']);
  await a.context().setOffline(false);
  await see(card(a, 'making', two.number));
  await see(card(a, 'todo', three.number));
  await see(card(b, 'making', one.number));
  for (const page of [a, b])
    await expect
      .poll(async () => (await numbers(page)).sort())
      .toEqual([one, two, three].map(({ number }) => String(number)).sort());
  const steps = 'select count(*)::int as n from shop.ticket_steps where ticket_id = $1';
  expect(await sql(steps, [one.ticket])).toEqual([{ n: 2 }]);
  forgetTroubles();
});

it('is worked by keys alone, refuses with a reason, and says what is sold out', async () => {
  const bar = await aBar();
  const page = await screen(await aColleague('barista'), bar);
  const buyer = await aBuyer();
  const [one, two] = [await anOrder(bar, buyer), await anOrder(bar, buyer)];
  await see(card(page, 'todo', two.number));
  await page.locator('body').press('2');
  await see(card(page, 'making', two.number));
  await page.locator('body').press('u');
  await see(card(page, 'todo', two.number));
  await page.locator('body').press('ArrowDown');
  await page.keyboard.press('Enter');
  await see(card(page, 'making', one.number));
  await page.keyboard.press('m');
  await expect.poll(() => standingOf(one.ticket, two.ticket)).toEqual(['making', 'placed']);
  const left = card(page, 'todo', two.number);
  if (!(await left.locator('.ticket-refuse').isVisible())) await left.locator('.ticket-more summary').click();
  await button(left, words.card.reasons[0] ?? '').click();
  await expect.poll(() => standingOf(two.ticket)).toEqual(['refused']);
  await see(card(page, 'done', two.number).getByText(words.card.outcome_refused));
  await page.locator('#sold-out > summary').click();
  const bag = page.locator(`[data-sells="${bar.bag.id}"]`);
  await bag.click();
  await expect.poll(() => bag.getAttribute('aria-pressed')).toBe('true');
  await expect
    .poll(() => sql('select 1 from shop.sold_out where product_id = $1 and back_at is null', [bar.bag.id]))
    .toHaveLength(1);
});

it('tells who waits, by heading and title, when it is ready', async () => {
  const bar = await aBar();
  const buyer = await aBuyer('waiting');
  const { order, number } = await anOrder(bar, buyer);
  const page = await signedIn(buyer, `/orders/${order}`, { width: 390, height: 844 });
  await see(heading(page, words.order.heads.placed));
  await button(page, words.order.soundOn).click();
  await see(button(page, words.order.soundOff));
  const barista = await screen(await aColleague('barista'), bar);
  await button(card(barista, 'todo', number), words.card.start).click();
  await see(heading(page, words.order.heads.making));
  await button(card(barista, 'making', number), words.card.ready).click();
  await see(heading(page, words.order.heads.ready));
  expect(await page.title()).toContain(words.order.readyTitle({ number }));
});

it('is fit for everyone, in every state', async () => {
  const bar = await aBar();
  const buyer = await aBuyer('fit');
  const lines = [{ slug: bar.coffee.slug, quantity: 2, modifier_ids: [bar.coffee.oat], note: 'not too hot' }];
  const { ticket, order } = await anOrder(bar, buyer, lines, { serving: 'eat_in', table_label: '3' });
  await anOrder(bar, buyer);
  const scenes = boardScenes(bar.location, ticket);
  expect(await readThrough({ scenes, who: await aColleague('barista') })).toEqual([]);
  expect(
    await readThrough({ scenes: [{ name: 'order-at-bar', path: `/orders/${order}` }], who: buyer }),
  ).toEqual([]);
});
