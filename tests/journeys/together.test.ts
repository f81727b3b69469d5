import { expect, it } from 'vitest';
import { aClass, seatsOf, sql } from '../world.ts';
import { bookToPay, button, cards, expectPaid, m, payWith, see, signIn } from './acts.ts';
import { openWindow, visit } from './browsing.ts';

const { act } = m.booking;

/** The day of a session in the studio's zone, as the timetable's address names it. */
async function dayOf(session: string): Promise<string> {
  const [row] = await sql<{ day: string }>(
    `select to_char(s.starts_at at time zone b.time_zone, 'YYYY-MM-DD') as day from booking.sessions s
     join business.businesses b on b.id = s.business_id where s.id = $1`,
    [session],
  );
  return row?.day ?? '';
}

it('takes the last seat off the other’s screen the moment it is held, and brings it back', async () => {
  const session = await aClass({ seats: 1, startsIn: '6 days' });
  const watcher = await openWindow();
  await visit(watcher, `/schedule?day=${await dayOf(session)}`);
  const row = watcher.locator(`li[data-session="${session}"]`);
  await see(button(row, act.book));
  await see(row.getByText(m.site.seats.left({ count: 1 }), { exact: true }));

  const onItsPage = await openWindow();
  await visit(onItsPage, `/sessions/${session}`);
  await see(button(onItsPage, act.book));

  // Told, not asked for: without a connection a page asks again every few seconds.
  const asked: string[] = [];
  for (const page of [watcher, onItsPage]) {
    page.on('request', (request) => {
      if (request.resourceType() === 'fetch') asked.push(request.url());
    });
  }
  const buyer = await openWindow();
  await signIn(buyer);
  await bookToPay(buyer, session);
  await button(row, act.book).waitFor({ state: 'hidden' });
  await see(row.getByText(act.full, { exact: true }).first());
  await button(onItsPage, act.book).waitFor({ state: 'hidden' });

  await buyer.locator('a.back').click();
  await button(buyer, m.sales.order.giveUp).click();
  await see(button(row, act.book));
  await see(button(onItsPage, act.book));
  expect(asked).toEqual([]);
});

it('refuses the second of two who go for one seat, and says what to do', async () => {
  const session = await aClass({ seats: 1 });
  const [quick, slow] = [await openWindow(), await openWindow()];
  await signIn(quick);
  await signIn(slow);
  // Both have it in the cart and stand before the button.
  for (const page of [quick, slow]) {
    await visit(page, `/sessions/${session}`);
    await button(page, act.book).click();
    await page.waitForURL('**/cart');
    await visit(page, '/checkout');
  }
  await button(quick, 'Pay').click();
  await payWith(quick, cards.good);
  await expectPaid(quick);
  await button(slow, 'Pay').click();
  await see(slow.getByText(m.refusals.session_full).first());
  expect(await seatsOf(session)).toMatchObject({ taken: 1, states: { confirmed: 1 } });
});
