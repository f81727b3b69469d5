import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { aBuyer, book, untilOrder } from '../doors/buyer.ts';
import { payAt } from '../doors/provider.ts';
import { aBusyClass, aPass, cancelIn, creditsLeft, joined, leave, neverQuiet } from '../doors/studio.ts';
import { letterTo } from '../doors/visitor.ts';
import { aClass, seatsOf } from '../world.ts';
import { button, cards, expectPaid, heading, link, m, payWith, see, signIn } from './acts.ts';
import { openWindow, phone, visit } from './browsing.ts';
import { examine } from './examine.ts';

beforeAll(() => neverQuiet());

const fit = async (page: Page) => expect(await examine(page)).toEqual([]);

it('books with a pass in one act, and gives the credit back when cancelled, on a phone without script', async () => {
  const session = await aClass({ seats: 3 });
  const page = await openWindow({ size: phone, script: false, touch: true });
  const member = await signIn(page);
  const pass = await aPass(member, 3);
  await visit(page, `/sessions/${session}`);
  await see(page.getByText(m.booking.pay.credits({ count: 1, left: 3 })));
  await button(page, m.booking.pay.with({ pass: '' }).trim()).click();
  await expectPaid(page);
  expect(await creditsLeft(pass)).toBe(2);
  expect(await seatsOf(session)).toMatchObject({ taken: 1, states: { confirmed: 1 } });

  await visit(page, '/account/bookings');
  await link(page.getByRole('main'), m.account.bookings.cancel).click();
  await see(page.getByText(m.account.cancel.creditBack({ count: 1 })));
  await button(page, m.account.cancel.yes).click();
  await see(page.getByText(m.account.cancel.doneCredits));
  expect(await creditsLeft(pass)).toBe(3);
});

it('books for oneself and a guest by name, and pays once', async () => {
  const session = await aBusyClass('automatic', { seats: 4, guests: 2 });
  const page = await openWindow();
  const { email } = await signIn(page);
  await visit(page, `/sessions/${session}`);
  await page.getByText(m.booking.others.title).click();
  await page.getByLabel(m.booking.others.guest({ nth: 1 })).fill('Rosa Guest');
  await button(page, m.booking.others.add).click();
  await see(heading(page, m.sales.cart.title));
  await see(page.getByText(m.sales.line.guest({ name: 'Rosa Guest' })));
  await fit(page);
  await link(page, m.sales.cart.checkOut).click();
  await button(page.getByRole('main'), 'Pay €32.00').click();
  await payWith(page, cards.good);
  await expectPaid(page);
  expect(await seatsOf(session)).toMatchObject({ taken: 2, states: { confirmed: 2 } });
  await visit(page, '/account/bookings');
  await see(page.getByText(m.account.bookings.guest({ name: 'Rosa Guest' })));
  expect((await letterTo(email, { subject: 'Class' })).text).toContain('Rosa Guest');
});

it('waits in line, moves up, is offered the place by itself, takes it and pays', async () => {
  const session = await aBusyClass();
  const [seated, before] = [await aBuyer('seated'), await aBuyer('before')];
  const { data } = (await book(seated, session)).json;
  await payAt(data.payment_url);
  await untilOrder(data.order_id, { state: 'paid' });
  const entry = await joined(before, session);
  const page = await openWindow({ size: phone });
  await signIn(page);
  await visit(page, `/sessions/${session}`);
  await see(page.getByText(m.waitlist.full));
  await fit(page);
  await button(page, m.waitlist.join).click();
  await see(page.getByText(m.waitlist.position({ position: 2 }), { exact: true }));
  await fit(page);

  // Nobody touches this window: the line moves by what others do.
  await leave(before, entry);
  await see(page.getByText(m.waitlist.position({ position: 1 }), { exact: true }));
  await cancelIn(session, seated);
  await see(page.getByText(m.waitlist.offer.title));
  await see(page.getByRole('timer'));
  await fit(page);
  await button(page, m.waitlist.offer.takeCard({ amount: '€16.00' })).click();
  await payWith(page, cards.good);
  await expectPaid(page);
  expect(await seatsOf(session)).toMatchObject({ taken: 1, states: { cancelled: 1, confirmed: 1 } });
});
