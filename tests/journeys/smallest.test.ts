/** The smallest phones, in the language with the longer words. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { aColleague } from '../doors/buyer.ts';
import { lotus, type Somebody } from '../world.ts';
import { signInHere, spanish } from './acts.ts';
import { openWindow, visit } from './browsing.ts';
import { tooWide } from './measures.ts';
import { arrange, type Place } from './reading.ts';

const smallest = { width: 320, height: 568 };

let place: Place;
beforeAll(async () => {
  place = await arrange(lotus);
});

async function asOn(who: Pick<Somebody, 'email'> | null): Promise<Page> {
  const page = await openWindow({ size: smallest });
  if (!who) return page;
  await visit(page, '/es/signin');
  await signInHere(page, who, spanish);
  await page.waitForURL('**/es/account');
  return page;
}

/** Texts in lines of the agenda that something else lies on. */
const covered = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('.agenda-row')].flatMap((row) => {
      row.scrollIntoView({ block: 'center' });
      const texts = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
      const hidden: string[] = [];
      for (let text = texts.nextNode(); text; text = texts.nextNode()) {
        const of = text.parentElement;
        if (!of?.checkVisibility() || of.closest('.sr-only')) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        for (const { right, top, height, width } of range.getClientRects()) {
          const there = width > 2 && document.elementFromPoint(right - 2, top + height / 2);
          if (there && !there.contains(of) && !of.contains(there)) hidden.push(text.textContent ?? '');
        }
      }
      return hidden;
    }),
  );

it('no button lies on what a class is called or who gives it', async () => {
  const page = await asOn(null);
  for (const path of ['/es', '/es/schedule', `/es/classes/${place.studio.classSlug}`]) {
    await visit(page, path);
    expect([path, await page.locator('.agenda-row').count()]).not.toEqual([path, 0]);
    expect([path, await covered(page)]).toEqual([path, []]);
  }
});

it.each([
  ['a member', 'member', ['', '/bookings', '/notifications/choices', '/family'].map((of) => `/account${of}`)],
  [
    'a manager',
    'manager',
    ['/admin', '/admin/promotions/new', '/admin/products/counters', '/board?view=drinks'],
  ],
])('the pages of %s fit', async (_whose, role, paths) => {
  const page = await asOn(role === 'member' ? place.member : await aColleague('manager'));
  const wrong: string[] = [];
  for (const path of paths) {
    await visit(page, `/es${path}`);
    wrong.push(...(await tooWide(page)).map((what) => `${path}: ${what}`));
  }
  expect(wrong).toEqual([]);
});
