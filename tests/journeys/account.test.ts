import { expect, inject, it } from 'vitest';
import { aColleague } from '../doors/buyer.ts';
import { aClass, crowd } from '../world.ts';
import { demoPassword, goodPassword, letterTo, linkIn, someEmail } from '../doors/visitor.ts';
import { button, heading, link, m, see, signInHere } from './acts.ts';
import { openWindow, visit } from './browsing.ts';

const { siteUrl } = inject('stack');
const { auth } = m;

it('joins what a visitor gathered with what the member had gathered before', async () => {
  const [atHome, onTheTrain] = [await aClass({ startsIn: '20 days' }), await aClass({ startsIn: '21 days' })];
  const [member] = await crowd(1, 'gatherer');
  const home = await openWindow();
  await visit(home, '/signin');
  await signInHere(home, member!);
  await home.waitForURL('**/account');
  const phone = await openWindow();
  for (const [page, session] of [
    [home, atHome],
    [phone, onTheTrain],
  ] as const) {
    await visit(page, `/sessions/${session}`);
    await button(page, m.booking.act.book).click();
    await see(heading(page, m.sales.cart.title));
  }
  await link(phone, m.sales.cart.checkOut).click();
  await signInHere(phone, member!);
  await see(heading(phone, m.sales.checkout.title));
  const names = phone.getByRole('main').getByRole('heading', { level: 2, name: /^Class / });
  await expect.poll(() => names.count()).toBe(2);
  await see(button(phone, 'Pay €32.00'));
});

it('finds a way back in for whoever forgot the password', async () => {
  const [member] = await crowd(1, 'forgetful');
  const page = await openWindow();
  await visit(page, '/signin');
  await link(page, auth.signIn.forgot).click();
  await page.getByLabel(auth.fields.email).fill(member!.email);
  await button(page, auth.forgot.act).click();
  await see(page.getByText(auth.confirm.sentIfKnown));
  await visit(page, linkIn(await letterTo(member!.email)).path);
  await button(page, auth.confirm.acts.recovery).click();
  await see(heading(page, auth.reset.title));
  await page.getByLabel(auth.fields.newPassword, { exact: true }).fill(goodPassword);
  await button(page, auth.reset.act).click();
  await see(page.getByText(auth.reset.done));

  // The old password is no good any more, the new one is.
  const elsewhere = await openWindow();
  await visit(elsewhere, '/signin');
  await signInHere(elsewhere, member!);
  await see(elsewhere.getByRole('alert').first());
  await elsewhere.getByLabel(auth.fields.password, { exact: true }).fill(goodPassword);
  await elsewhere.getByRole('button', { name: auth.signIn.act, exact: true }).click();
  await elsewhere.waitForURL('**/account');
});

it('takes an invited teacher on the team, and nobody else', async () => {
  const owner = await openWindow();
  await visit(owner, '/signin?next=/admin/staff');
  await signInHere(owner, await aColleague('owner'));
  await owner.waitForURL('**/admin/staff');
  const email = someEmail('invited');
  await owner.getByRole('main').getByLabel(auth.fields.email).fill(email);
  await button(owner, auth.staff.inviteAct).click();
  await see(owner.getByText(auth.staff.invited));

  const letter = await letterTo(email);
  const address = letter.links.find((one) => one.includes('/invitations/'));
  expect(address).toContain(siteUrl);
  const [other] = await crowd(1, 'curious');
  const stranger = await openWindow();
  await visit(stranger, address!);
  await link(stranger.getByRole('main'), auth.invitation.signIn).click();
  await signInHere(stranger, other!);
  await see(stranger.getByText(auth.invitation.other({ email: other!.email })));

  const teacher = await openWindow();
  await visit(teacher, address!);
  await link(teacher.getByRole('main'), auth.invitation.signUp).click();
  await teacher.getByLabel(auth.fields.name).fill('Invited Example');
  await teacher.getByLabel(auth.fields.password, { exact: true }).fill(demoPassword);
  await button(teacher, auth.signUp.act).click();
  await see(heading(teacher, auth.confirm.inbox));
  await visit(teacher, linkIn(await letterTo(email, { after: letter.id })).path);
  await button(teacher, auth.confirm.acts.account).click();
  await button(teacher, auth.invitation.accept).click();
  await see(teacher.getByText(/Welcome to Lotus & Bean/));
});
