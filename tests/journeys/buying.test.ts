import { expect, inject, it } from 'vitest';
import { aClass, seatsOf } from '../world.ts';
import { goodPassword, letterTo, linkIn, someEmail } from '../doors/visitor.ts';
import { bookToPay, button, cards, expectPaid, heading, link, m, payWith, see, signIn } from './acts.ts';
import { openWindow, visit } from './browsing.ts';

const { mailUrl } = inject('stack');
const order = m.sales.order;

it('lets a newcomer fill a cart, sign up through the e-mailed link, pay, and come back to a seat', async () => {
  const session = await aClass({ seats: 3 });
  const page = await openWindow();
  await visit(page, `/sessions/${session}`);
  await button(page, m.booking.act.book).click();
  await see(heading(page, m.sales.cart.title));
  await link(page, m.sales.cart.checkOut).click();
  await see(heading(page, m.auth.signIn.title));
  await link(page, m.auth.signIn.create).click();

  const email = someEmail('newcomer');
  await page.getByLabel(m.auth.fields.name).fill('Nova Example');
  await page.getByLabel(m.auth.fields.email).fill(email);
  await page.getByLabel(m.auth.fields.password, { exact: true }).fill(goodPassword);
  await button(page, m.auth.signUp.act).click();
  await see(heading(page, m.auth.confirm.inbox));
  await visit(page, linkIn(await letterTo(email)).path);
  await button(page, m.auth.confirm.acts.account).click();

  // Signed in now, and what was in the cart is still there.
  await see(heading(page, m.sales.checkout.title));
  await see(page.getByText(/Class \w{8}/).first());
  await button(page, 'Pay €16.00').click();
  await payWith(page, cards.good);
  await expectPaid(page);
  expect(await seatsOf(session)).toMatchObject({ taken: 1, states: { confirmed: 1 } });

  // The confirmation, as its reader opens it in the inbox.
  const letter = await letterTo(email, { subject: 'Class' });
  await visit(page, `${mailUrl}/messages/${letter.id}`);
  await see(page.frameLocator('iframe').getByText('€16.00').first());
  await see(page.getByRole('link', { name: /\.ics$/ }));

  await visit(page, '/account/bookings');
  await see(page.getByRole('link', { name: /^Class \w{8}/ }));
});

it('keeps the seat when a card is declined, says why, and takes a good one', async () => {
  const session = await aClass({ seats: 1 });
  const page = await openWindow();
  await signIn(page);
  await bookToPay(page, session);
  await payWith(page, cards.poor);
  await see(page.getByRole('alert'));
  // Back to the studio instead of trying at once.
  await page.locator('a.back').click();
  await see(heading(page, order.heads.declined));
  await see(page.getByText(m.sales.declined.insufficient_funds));
  await see(page.getByRole('timer'));
  expect(await seatsOf(session)).toMatchObject({ taken: 1, states: { held: 1 } });
  await button(page, order.tryAgain).click();
  await payWith(page, cards.good);
  await expectPaid(page);
  expect(await seatsOf(session)).toMatchObject({ taken: 1, states: { confirmed: 1 } });
});

it('lets a declined payer try another card on the payment page itself', async () => {
  const session = await aClass();
  const page = await openWindow();
  await signIn(page);
  await bookToPay(page, session);
  await payWith(page, cards.declined);
  await see(page.getByRole('alert'));
  await payWith(page, cards.good);
  await expectPaid(page);
});

it('goes through the bank’s question for cards that ask one (3-D Secure)', async () => {
  const session = await aClass();
  const page = await openWindow();
  await signIn(page);
  await bookToPay(page, session);
  await payWith(page, cards.secure);
  await page.locator('button[value=complete]').click();
  await expectPaid(page);
});

it('holds the seat when the bank’s question is answered wrongly', async () => {
  const session = await aClass();
  const page = await openWindow();
  await signIn(page);
  await bookToPay(page, session);
  await payWith(page, cards.secure);
  await page.locator('button[value=fail]').click();
  await see(page.getByRole('alert'));
  await page.locator('a.back').click();
  await see(heading(page, order.heads.declined));
  await see(page.getByText(m.sales.declined.authentication_required));
  expect(await seatsOf(session)).toMatchObject({ states: { held: 1 } });
});

it('counts down how long the seat is held', async () => {
  const session = await aClass();
  const page = await openWindow();
  await signIn(page);
  await bookToPay(page, session);
  await page.locator('a.back').click();
  await see(heading(page, order.heads.to_pay));
  const clock = page.getByRole('timer');
  const before = await clock.textContent();
  expect(before).toMatch(/^1[45]:\d\d$/);
  // It ticks.
  await page.waitForFunction((text) => document.querySelector('[role=timer]')?.textContent !== text, before);
});

it('shows what comes back before a booking is cancelled, and writes about it', async () => {
  const session = await aClass({ seats: 2 });
  const page = await openWindow();
  const { email } = await signIn(page);
  await bookToPay(page, session);
  await payWith(page, cards.good);
  await expectPaid(page);
  await link(page, m.account.bookings.title).click();
  await link(page.getByRole('main'), m.account.bookings.cancel).click();
  await see(page.getByText(m.account.cancel.fullRefund({ amount: '€16.00' })));
  await button(page, m.account.cancel.yes).click();
  await see(page.getByText(m.account.cancel.done({ amount: '€16.00' })));
  expect(await seatsOf(session)).toMatchObject({ taken: 0, states: { cancelled: 1 } });

  const letter = await letterTo(email, { subject: 'ancel' });
  await visit(page, `${mailUrl}/messages/${letter.id}`);
  await see(page.frameLocator('iframe').getByText('€16.00').first());

  // The order tells of the refund once the provider has made it.
  await visit(page, '/account/orders');
  await page.getByRole('main').getByRole('link').filter({ hasText: 'Class' }).first().click();
  await see(heading(page, order.heads.called_off));
  await see(page.getByText(order.refundStates.succeeded));
});
