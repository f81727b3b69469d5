/** The front desk at its tablet, with and without a connection. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { type Buyer, aBuyer, aColleague, book } from '../doors/buyer.ts';
import { sell, tap } from '../doors/desk.ts';
import { memberOf } from '../doors/studio.ts';
import { someEmail } from '../doors/visitor.ts';
import { deskScenes, rulesScenes } from '../shots/desk-scenes.ts';
import { aClass, aFee, sql } from '../world.ts';
import { button, m, see, signInHere } from './acts.ts';
import { forgetTroubles, openWindow, visit } from './browsing.ts';
import { readThrough } from './reading.ts';

const tablet = { width: 820, height: 1180 };
const words = m.desk.roster;

/** A class that begins soon, with so many people in it. */
async function expected(people: number): Promise<string> {
  const session = await aClass({ price: 0, startsIn: '20 minutes' });
  for (let n = 0; n < people; n++)
    expect((await book(await aBuyer(`offline-${n}`), session)).status).toBe(201);
  return session;
}

/** Signed in at the desk, on this page or a new one. */
async function atDesk(who: Buyer, path: string, page?: Page): Promise<Page> {
  const at = page ?? (await openWindow({ size: tablet }));
  await visit(at, '/signin');
  await signInHere(at, who);
  await at.waitForURL('**/account');
  await visit(at, path);
  return at;
}

const kept = (page: Page) =>
  page.evaluate(async () => {
    const shelves = (await caches.keys()).filter((name) => name.startsWith('desk-pages-'));
    const pages = await Promise.all(shelves.map(async (name) => (await caches.open(name)).keys()));
    return pages.flat().map(({ url }) => new URL(url).pathname);
  });
/** Until this device could show the page without a connection. */
const untilKept = (page: Page, path: string) => expect.poll(() => kept(page)).toContain(path);

const taps = (session: string) =>
  sql<{ act: string; by_user: string }>(
    'select c.act, c.by_user from booking.check_ins c join booking.bookings b on b.id = c.booking_id where b.session_id = $1',
    [session],
  );
async function signOut(page: Page): Promise<void> {
  await page.locator('[popovertarget=account-menu]').click();
  await button(page, m.site.account.signOut).click();
  await page.waitForURL((url) => url.pathname === '/');
}

const unsent = (page: Page) => page.locator('#desk-unsent');
const checkIns = (page: Page) => page.locator('.desk-in:visible');
const hereSays = (page: Page, here: number, of: number) => see(page.getByText(words.here({ here, of })));

async function checkIn(page: Page, people: number): Promise<void> {
  for (; people > 0; people--) {
    const left = await checkIns(page).count();
    await checkIns(page).first().click();
    await expect.poll(() => checkIns(page).count()).toBe(left - 1);
  }
}

it('keeps check-ins while there is no connection, and sends each once when it returns', async () => {
  const session = await expected(3);
  const page = await atDesk(await aColleague('front_desk'), `/desk/${session}`);
  await untilKept(page, `/desk/${session}`);
  await page.context().setOffline(true);
  await checkIn(page, 3);
  await see(page.getByText('3 not yet sent'));
  await page.reload();
  await see(page.getByText('3 not yet sent'));
  await hereSays(page, 3, 3);
  // It is still the page it was: with its styles, and with what a person's line says.
  expect(
    await page
      .locator('.desk-person')
      .first()
      .evaluate((row) => getComputedStyle(row).display),
  ).toBe('grid');
  expect(await taps(session)).toEqual([]);
  await page.context().setOffline(false);
  await expect.poll(() => taps(session)).toHaveLength(3);
  await expect.poll(() => unsent(page).textContent()).toBe('');
  await see(button(page, words.undo).first());
  // What is kept for the next time has heard of it.
  await page.reload();
  await hereSays(page, 3, 3);
  await page.context().setOffline(true);
  await page.reload();
  await hereSays(page, 3, 3);
  expect(await taps(session)).toHaveLength(3);
  forgetTroubles();
});

it('agrees with another desk that went on while it was away', async () => {
  const session = await expected(3);
  const away = await atDesk(await aColleague('front_desk'), `/desk/${session}`);
  const there = await atDesk(await aColleague('front_desk'), `/desk/${session}`);
  await untilKept(away, `/desk/${session}`);
  await away.context().setOffline(true);
  await checkIn(away, 2);
  await checkIn(there, 1);
  // The first of them is checked in at both, the third only here, and nobody is checked in twice.
  await there.locator('.desk-person').nth(2).locator('.desk-in').click();
  await hereSays(there, 2, 3);
  await away.context().setOffline(false);
  for (const page of [away, there]) await hereSays(page, 3, 3);
  await expect.poll(() => unsent(away).textContent()).toBe('');
  expect(await sql('select distinct state from booking.bookings where session_id = $1', [session])).toEqual([
    { state: 'checked_in' },
  ]);
  forgetTroubles();
});

it('keeps names and taps for whoever made them, whoever signs in next on the same tablet', async () => {
  const session = await expected(2);
  const [one, two] = [await aColleague('front_desk'), await aColleague('front_desk')];
  const page = await atDesk(one, `/desk/${session}`);
  await untilKept(page, `/desk/${session}`);
  await page.context().route('**/api/desk/check-ins', (route) => route.abort());
  await checkIn(page, 1);
  await see(page.getByText('1 not yet sent'));

  await signOut(page);
  expect(await kept(page)).toEqual([]);
  await page.context().setOffline(true);
  await expect(page.goto(`/desk/${session}`)).rejects.toThrow('net::ERR_');
  await page.context().setOffline(false);

  await page.context().unroute('**/api/desk/check-ins');
  await atDesk(two, `/desk/${session}`, page);
  await hereSays(page, 0, 2);
  expect(await unsent(page).textContent()).toBe('');
  await checkIn(page, 1);
  await expect.poll(async () => (await taps(session)).map(({ by_user }) => by_user)).toEqual([two.id]);
  await untilKept(page, `/desk/${session}`);
  await signOut(page);
  await atDesk(one, '/desk', page);
  await expect
    .poll(async () => (await taps(session)).map(({ by_user }) => by_user).sort())
    .toEqual([one.id, two.id].sort());
  // And a sign-in by itself is enough: what was kept before it is gone.
  await untilKept(page, '/desk');
  await page.evaluate(() => fetch('/api/auth/signin', { method: 'POST' }));
  expect(await kept(page)).toEqual([]);
  forgetTroubles();
});

it('lets somebody in by their code, typed by a scanner or seen by the camera', async () => {
  const session = await aClass({ price: 0, startsIn: '20 minutes' });
  const [typed, shown] = [await aBuyer('typed'), await aBuyer('shown')];
  const codes: string[] = [];
  for (const buyer of [typed, shown]) {
    expect((await book(buyer, session)).status).toBe(201);
    const account = await buyer.visitor.get('/account');
    expect(account.text).toContain('class="desk-qr"');
    codes.push(/<strong>([0-9A-Z]{3} [0-9A-Z]{3})<\/strong>/.exec(account.text)?.[1] ?? '');
  }
  const page = await openWindow({ size: tablet });
  // As in browsers that read codes: this one cannot, and has no camera.
  await page.addInitScript(
    (code) => {
      Object.assign(window, {
        BarcodeDetector: class {
          detect = () => Promise.resolve([{ rawValue: code }]);
        },
      });
      navigator.mediaDevices.getUserMedia = () => {
        const picture = document.createElement('canvas');
        setInterval(() => picture.getContext('2d')?.fillRect(0, 0, 9, 9), 50);
        return Promise.resolve(picture.captureStream(20));
      };
    },
    codes[1]?.replace(' ', '') ?? '',
  );
  await atDesk(await aColleague('front_desk'), `/desk/${session}`, page);
  const field = page.getByLabel(words.find);
  await field.fill(codes[0] ?? '');
  expect(await page.locator('.desk-person:visible').count()).toBe(1);
  await field.press('Enter');
  await hereSays(page, 1, 2);
  await button(page, words.scan).click();
  await hereSays(page, 2, 2);
  await expect.poll(() => taps(session)).toHaveLength(2);
  // Whose code is not on the roster is found at the door.
  const stranger = await aBuyer('stranger');
  const code = /<strong>([0-9A-Z]{3} [0-9A-Z]{3})<\/strong>/.exec(
    (await stranger.visitor.get('/account')).text,
  )?.[1];
  await field.fill(code ?? '');
  await field.press('Enter');
  await see(page.getByText(stranger.email));
});

it('sells a place to somebody who stands there, in three taps', async () => {
  const session = await aClass({ startsIn: '20 minutes' });
  const member = await aBuyer('walking-in');
  expect((await book(member, await aClass({ price: 0 }))).status).toBe(201);
  const page = await atDesk(await aColleague('front_desk'), `/desk/${session}`);
  await page.getByLabel(words.find).fill(member.email);
  await page.keyboard.press('Enter');
  await page.locator('.desk-found').getByText(m.desk.walkIn.packs).click();
  await page
    .locator('.desk-found')
    .getByRole('button', { name: /Ten classes.*Card machine/ })
    .click();
  await page.waitForURL(`**/desk/${session}#b-*`);
  await hereSays(page, 1, 1);
  await see(page.getByText('Ten classes'));
});

it('takes what somebody owes in two taps, or by keyboard', async () => {
  const session = await aClass({ price: 0, startsIn: '20 minutes' });
  const member = await aBuyer('owing');
  expect((await book(member, session)).status).toBe(201);
  await aFee(await memberOf(member));
  const page = await atDesk(await aColleague('front_desk'), `/desk/${session}`);
  const owes = page.locator('.desk-owes summary');
  await see(owes.getByText(m.desk.fees.owes({ amount: '€8.00' })));
  await owes.click();
  await page.getByRole('button', { name: /Missed class.*Card machine €8\.00$/ }).click();
  await page.waitForURL(`**/desk/${session}#b-*`);
  await see(page.getByText(/gets a receipt by e-mail/));
  expect(await owes.count()).toBe(0);

  await aFee(await memberOf(member));
  await page.reload();
  await owes.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/desk/${session}#b-*`);
  await expect.poll(() => owes.count()).toBe(0);
  expect(
    await sql(
      'select p.provider from payments.payments p join sales.orders o on o.id = p.order_id where o.member_id = $1 order by p.created_at',
      [await memberOf(member)],
    ),
  ).toEqual([{ provider: 'terminal' }, { provider: 'cash' }]);
});

it('is fit for everyone', async () => {
  const session = await aClass({ startsIn: '20 minutes' });
  const desk = await aColleague('front_desk');
  for (const name of ['Anna Early', 'Ivan Late']) {
    const fields = { session_id: session, name, email: someEmail('an'), pay: 'cash' };
    const sold = await sell(desk, fields);
    if (name === 'Ivan Late') await tap(desk, sold.json.data.booking_id, 'undo');
    if (name === 'Ivan Late') await aFee(sold.json.data.member_id);
  }
  expect(await readThrough({ scenes: deskScenes(session), who: desk })).toEqual([]);
  expect(await readThrough({ scenes: rulesScenes, who: await aColleague('manager') })).toEqual([]);
});
