import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { aClass, seatsOf } from '../world.ts';
import { button, cards, expectPaid, heading, link, m, payWith, see, signIn } from './acts.ts';
import { openWindow, phone, visit } from './browsing.ts';

/** Whether a person can see what has the focus: it, or the box it stands in, looks other than without, within the window. */
const seenFocus = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return 'nothing';
    const look = () =>
      [element, element.parentElement]
        .map((one) => one && getComputedStyle(one))
        .map(
          (style) =>
            style && [style.outline, style.boxShadow, style.borderColor, style.backgroundColor].join(),
        )
        .join();
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const inside = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
    const focused = look();
    element.blur();
    const differs = look() !== focused;
    element.focus({ preventScroll: true });
    const name = `${element.tagName.toLowerCase()} "${element.textContent.trim().slice(0, 40)}"`;
    return differs && inside ? 'seen' : `${name} has the focus, which cannot be seen`;
  });

/** Tab until `target` has the focus; everything on the way shows that it has it. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let steps = 0; steps < 150; steps++) {
    await page.keyboard.press('Tab');
    const focus = await seenFocus(page);
    if (focus !== 'nothing') expect(focus).toBe('seen');
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab never came to ${String(target)}`);
}

async function press(page: Page, target: Locator): Promise<void> {
  await see(target);
  await tabTo(page, target);
  await page.keyboard.press('Enter');
}

it('books and pays with the keyboard alone, the focus always in sight', async () => {
  const session = await aClass();
  const page = await openWindow();
  await signIn(page);
  await visit(page, `/sessions/${session}`);
  // The first stop leads past the header.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
  await press(page, button(page, m.booking.act.book));
  await press(page, link(page, m.sales.cart.checkOut));
  await press(page, button(page, 'Pay'));
  await page.waitForURL(/\/c\/pay\//);
  for (const [field, text] of [
    ['card_number', cards.good],
    ['card_expiry', '12 / 39'],
    ['card_cvc', '123'],
    ['card_name', 'Keys Example'],
  ] as const) {
    await tabTo(page, page.locator(`#${field}`));
    await page.keyboard.type(text);
  }
  await press(page, page.locator('button[name=pay]'));
  await expectPaid(page);
  expect(await seatsOf(session)).toMatchObject({ states: { confirmed: 1 } });
});

it('opens and leaves the menu, and goes from day to day, with the keyboard', async () => {
  const page = await openWindow({ size: phone });
  await visit(page, '/schedule');
  const menu = page.locator('#site-menu');
  await press(page, page.getByRole('button', { name: m.site.nav.menu }));
  await see(menu);
  await page.keyboard.press('Escape');
  await menu.waitFor({ state: 'hidden' });
  const days = page.locator('.week-day');
  await tabTo(page, days.first());
  await page.keyboard.press('ArrowRight');
  expect(await days.nth(1).evaluate((day) => day === document.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  await page.waitForURL(/day=/);
});

it('sells a class on a phone, with a thumb, nothing wider than the screen', async () => {
  const session = await aClass();
  const page = await openWindow({ size: phone, touch: true });
  const fits = async () =>
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
    ).toBeLessThanOrEqual(0);
  await signIn(page);
  await fits();
  await visit(page, '/');
  await page.getByRole('button', { name: m.site.nav.menu }).tap();
  await link(page.locator('#site-menu'), m.site.nav.schedule).tap();
  await see(heading(page, m.booking.schedule.title));
  await fits();
  await visit(page, `/sessions/${session}`);
  await fits();
  await button(page, m.booking.act.book).tap();
  await see(heading(page, m.sales.cart.title));
  await fits();
  await link(page, m.sales.cart.checkOut).tap();
  await see(heading(page, m.sales.checkout.title));
  await fits();
  await button(page, 'Pay').tap();
  await page.waitForURL(/\/c\/pay\//);
  await fits();
  await payWith(page, cards.good);
  await expectPaid(page);
  await fits();
  await link(page, m.account.bookings.title).tap();
  await see(heading(page, m.account.bookings.title));
  await fits();
});
