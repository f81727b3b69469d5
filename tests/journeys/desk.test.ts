import { AxeBuilder } from '@axe-core/playwright';
import { expect, it } from 'vitest';
import { aBuyer, aColleague, book } from '../doors/buyer.ts';
import { aClass, sql } from '../world.ts';
import { button, see, signInHere, m } from './acts.ts';
import { forgetTroubles, openWindow, visit } from './browsing.ts';

const tablet = { width: 820, height: 1180 };

it('keeps check-ins while there is no connection, and sends each once when it returns', async () => {
  const session = await aClass({ price: 0, startsIn: '20 minutes' });
  for (let n = 0; n < 3; n++) expect((await book(await aBuyer(`offline-${n}`), session)).status).toBe(201);
  const desk = await aColleague('front_desk');
  const page = await openWindow({ size: tablet });
  await visit(page, '/signin');
  await signInHere(page, desk);
  await page.waitForURL('**/account');
  await visit(page, `/desk/${session}`);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await expect
    .poll(() => page.evaluate(async () => (await (await caches.open('desk-1')).keys()).map(({ url }) => url)))
    .toEqual(
      expect.arrayContaining([
        expect.stringContaining(`/desk/${session}`),
        expect.stringContaining('_astro'),
      ]),
    );
  await page.context().setOffline(true);
  const checkIn = page.locator('.desk-in:visible');
  for (let left = 3; left > 0; left--) {
    await checkIn.first().click();
    await expect.poll(() => checkIn.count()).toBe(left - 1);
  }
  await see(page.getByText('3 not yet sent'));
  await page.reload();
  await see(page.getByText('3 not yet sent'));
  await see(page.getByText(m.desk.roster.here({ here: 3, of: 3 })));
  expect(
    await sql(
      'select c.id from booking.check_ins c join booking.bookings b on b.id = c.booking_id where b.session_id = $1',
      [session],
    ),
  ).toEqual([]);
  await page.context().setOffline(false);
  const sent = () =>
    sql(
      'select b.state from booking.check_ins c join booking.bookings b on b.id = c.booking_id where b.session_id = $1',
      [session],
    );
  await expect.poll(sent, { timeout: 15_000 }).toEqual(Array(3).fill({ state: 'checked_in' }));
  await expect.poll(() => page.locator('#desk-unsent').textContent(), { timeout: 15_000 }).toBe('');
  await see(button(page, m.desk.roster.undo).first());
  forgetTroubles();
}, 120_000);

it('is fit for everyone on a tablet', async () => {
  const session = await aClass({ startsIn: '20 minutes' });
  const desk = await aColleague('front_desk');
  const page = await openWindow({ size: tablet });
  await visit(page, '/signin');
  await signInHere(page, desk);
  await page.waitForURL('**/account');
  for (const prefix of ['', '/es'])
    for (const path of ['/desk', `/desk/${session}`, `/desk/${session}/walk-in?who=an`]) {
      await visit(page, prefix + path);
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
      expect(violations.map(({ id, nodes }) => `${prefix}${path} ${id} ${String(nodes[0]?.target)}`)).toEqual(
        [],
      );
    }
}, 120_000);
