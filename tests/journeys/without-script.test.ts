import { expect, inject, it } from 'vitest';
import { aClass, seatsOf } from '../world.ts';
import { goodPassword, letterTo, linkIn, someEmail } from '../doors/visitor.ts';
import { bookToPay, button, cards, expectPaid, heading, link, m, payWith, see, signIn } from './acts.ts';
import { openWindow, visit } from './browsing.ts';

const { mailUrl } = inject('stack');

it('sells a class to a newcomer whose browser runs no JavaScript', async () => {
  const session = await aClass();
  const page = await openWindow({ script: false });
  await visit(page, `/sessions/${session}`);
  await button(page, m.booking.act.book).click();
  await link(page, m.sales.cart.checkOut).click();
  await link(page, m.auth.signIn.create).click();
  const email = someEmail('plain');
  await page.getByLabel(m.auth.fields.name).fill('Plain Example');
  await page.getByLabel(m.auth.fields.email).fill(email);
  await page.getByLabel(m.auth.fields.password, { exact: true }).fill(goodPassword);
  await button(page, m.auth.signUp.act).click();
  await see(heading(page, m.auth.confirm.inbox));
  await visit(page, linkIn(await letterTo(email)).path);
  await button(page, m.auth.confirm.acts.account).click();
  await see(heading(page, m.sales.checkout.title));
  await button(page, 'Pay €16.00').click();
  await payWith(page, cards.declined);
  await see(page.getByRole('alert'));
  // A test card fills itself in, here by a trip to the server.
  await page.locator('button[name=fill]').first().click();
  await page.locator('button[name=pay]').click();
  await expectPaid(page);
  expect(await seatsOf(session)).toMatchObject({ states: { confirmed: 1 } });
});

it('cancels, filters, changes the language and the colours, and signs out without JavaScript', async () => {
  const session = await aClass();
  const page = await openWindow({ script: false });
  const { email } = await signIn(page);
  await bookToPay(page, session);
  await payWith(page, cards.good);
  await expectPaid(page);
  await link(page, m.sales.order.cancelBooking).click();
  await button(page, m.account.cancel.yes).click();
  await see(page.getByText(m.account.cancel.done({ amount: '€16.00' })));
  expect(await seatsOf(session)).toMatchObject({ taken: 0 });
  const letter = await letterTo(email, { subject: 'ancel' });
  await visit(page, `${mailUrl}/messages/${letter.id}`);

  await visit(page, '/schedule');
  await page
    .getByRole('link', { name: m.site.styles['yin'] ?? 'Yin' })
    .first()
    .click();
  await page.waitForURL(/style=yin/);
  await page.getByRole('link', { name: 'Español' }).first().click();
  await page.waitForURL('**/es/schedule?*');
  await page.locator('form[action="/api/site/theme"] button[value=dark]').click();
  await page.locator('html[data-theme=dark]').waitFor();
  await visit(page, '/signout');
  await page.getByRole('main').getByRole('button').first().click();
  await see(page.getByText(m.auth.signedOut));
});
