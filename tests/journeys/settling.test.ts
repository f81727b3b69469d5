import { expect, inject, it } from 'vitest';
import { aClass, seatsOf, sql } from '../world.ts';
import { endHold } from '../doors/buyer.ts';
import { letterTo } from '../doors/visitor.ts';
import { bookToPay, button, cards, expectPaid, heading, m, payWith, see, signIn } from './acts.ts';
import { openWindow, visit } from './browsing.ts';

const { stripeUrl } = inject('stack');
const { order } = m.sales;

/** The emulator is told how to misbehave. */
const misbehave = (faults: object) =>
  fetch(`${stripeUrl}/_emulator/faults`, { method: 'POST', body: JSON.stringify(faults) });

/** The newest order of somebody, who has one only. */
async function orderOf(person: string): Promise<string> {
  const [row] = await sql<{ id: string }>(
    `select o.id from sales.orders o join members.members m on m.id = o.member_id where m.user_id = $1 and o.state <> 'cart'`,
    [person],
  );
  if (!row) throw new Error('There is no order');
  return row.id;
}

it('settles the order when the payer comes back, though the provider’s message never arrives', async () => {
  const session = await aClass();
  const page = await openWindow();
  const { id } = await signIn(page);
  await bookToPay(page, session);
  await misbehave({ drop: { times: 20, about: await orderOf(id), forever: true } });
  await payWith(page, cards.good);
  await expectPaid(page);
  expect(await seatsOf(session)).toMatchObject({ states: { confirmed: 1 } });
});

it('settles the order by the provider’s message, though the payer never comes back', async () => {
  const session = await aClass();
  const page = await openWindow();
  const { id, email } = await signIn(page);
  await bookToPay(page, session);
  // Paid on another device, which is not signed in and so cannot ask about the order.
  const elsewhere = await openWindow();
  await visit(elsewhere, page.url());
  await payWith(elsewhere, cards.good);
  await see(heading(elsewhere, m.auth.signIn.title));
  await letterTo(email, { subject: 'Class' });
  expect(await seatsOf(session)).toMatchObject({ states: { confirmed: 1 } });
  await visit(page, `/orders/${await orderOf(id)}`);
  await see(heading(page, order.heads.paid));
});

it('tells a payer who waits on the order’s page as soon as the payment is through', async () => {
  const session = await aClass();
  const page = await openWindow();
  const { id } = await signIn(page);
  await bookToPay(page, session);
  // The order stands open in a second tab while the first one pays.
  const tab = await page.context().newPage();
  await visit(tab, `/orders/${await orderOf(id)}`);
  await see(heading(tab, order.heads.to_pay));
  await payWith(page, cards.good);
  await see(heading(tab, order.heads.paid));
});

it('gives an abandoned seat to the next one who comes, and tells the first why', async () => {
  const session = await aClass({ seats: 1 });
  const first = await openWindow();
  const { id } = await signIn(first);
  await bookToPay(first, session);
  const abandoned = await orderOf(id);

  const second = await openWindow();
  await signIn(second);
  await visit(second, `/sessions/${session}`);
  await see(second.getByText(m.waitlist.full));
  await endHold(abandoned);
  await bookToPay(second, session);
  await payWith(second, cards.good);
  await expectPaid(second);

  await visit(first, `/orders/${abandoned}`);
  await see(heading(first, order.heads.expired));
  expect(await seatsOf(session)).toMatchObject({ taken: 1, states: { confirmed: 1 } });
});

it('turns the page over by itself when the time to pay has run out', async () => {
  const session = await aClass();
  const page = await openWindow();
  const { id } = await signIn(page);
  await bookToPay(page, session);
  const waiting = await orderOf(id);
  await page.clock.install();
  await visit(page, `/orders/${waiting}`);
  await see(heading(page, order.heads.to_pay));
  await endHold(waiting);
  await page.clock.fastForward('16:00');
  await see(heading(page, order.heads.expired));
});

it('pays back at once, and says so, when the money comes after the seat has gone', async () => {
  const session = await aClass({ seats: 1 });
  const slow = await openWindow();
  const { id, email } = await signIn(slow);
  await bookToPay(slow, session);
  const late = await orderOf(id);
  // Paid in time, and nobody here hears of it: the provider's messages are lost, and the browser is long on its way back.
  // Once a hold has ended, the sweep of that minute closes the payment page.
  await misbehave({ drop: { times: 20, about: late, forever: true } });
  const [paid, back] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await slow.route(/\/c\/pay\//, async (route) => {
    const response = await route.fetch({ maxRedirects: 0 });
    paid.resolve();
    await back.promise;
    await route.fulfill({ response });
  });
  const paying = payWith(slow, cards.good);
  await paid.promise;
  await endHold(late);
  const quick = await openWindow();
  await signIn(quick);
  await bookToPay(quick, session);
  await payWith(quick, cards.good);
  await expectPaid(quick);

  back.resolve();
  await paying;
  await see(heading(slow, order.heads.given_back));
  await see(slow.getByText(order.refundReasons.paid_too_late));
  await letterTo(email);
  expect(await seatsOf(session)).toMatchObject({ taken: 1, states: { confirmed: 1 } });
});

it('gives the seat back at once when the order is given up', async () => {
  const session = await aClass({ seats: 1 });
  const page = await openWindow();
  await signIn(page);
  await bookToPay(page, session);
  await page.locator('a.back').click();
  await button(page, order.giveUp).click();
  await see(heading(page, order.heads.cancelled));
  expect(await seatsOf(session)).toMatchObject({ taken: 0 });
});
