import { randomUUID } from 'node:crypto';
import { afterEach, expect, inject, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { aClass, barberia, findings, lotus, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, untilOrder, wordsOf } from './buyer.ts';
import { payAt } from './provider.ts';
import { checkOut } from './subscriber.ts';
import { Visitor, goodPassword, letterTo, linkIn, someEmail } from './visitor.ts';

const m = messages('en');
afterEach(async () => expect(await findings()).toEqual([]));

const points = async ({ visitor }: { visitor: Visitor }) =>
  (await visitor.get('/api/coffee/loyalty', {})).json.data as {
    balance: number;
    statement: { kind: string; points: number }[];
  };
const kindsOf = async (who: { visitor: Visitor }) =>
  (await points(who)).statement.map(({ kind }) => kind).sort();
const linkOf = async ({ visitor }: Buyer): Promise<string> => {
  const mine = (await visitor.get('/api/coffee/referrals', {})).json.data;
  expect(mine.link).toBe(`${visitor.site}/invited/${mine.code}`);
  return `/invited/${mine.code}`;
};

/** Somebody who follows a link, makes an account and confirms it; in another browser, where `elsewhere` says so. */
async function comesBy(
  link: string,
  { elsewhere = false, site }: { elsewhere?: boolean; site?: string } = {},
) {
  const visitor = new Visitor(site);
  const page = await visitor.get(link);
  const email = someEmail('brought');
  const form = { name: 'Nova Brought', email, password: goodPassword };
  expect((await visitor.submit('/api/auth/signup', form, '/signup')).status).toBe(303);
  const reader = elsewhere ? new Visitor(site) : visitor;
  const { fields } = linkIn(await letterTo(email));
  expect((await reader.submit('/api/auth/confirm', fields, '/confirm')).status).toBe(303);
  const [user] = await sql<{ id: string }>('select id from auth.users where email = $1', [email]);
  return { id: user!.id, email, visitor: reader, page };
}

test('by a link to an account and a first paid order: both have their points once, and lose them with the refund', async () => {
  const inviter = await aBuyer('bringer');
  const link = await linkOf(inviter);
  const own = wordsOf(await inviter.visitor.get('/account/points'));
  expect(own).toContain(m.referrals.mine.title);
  expect(own).toContain(m.referrals.mine.none);
  const newcomer = await comesBy(link);
  expect(wordsOf(newcomer.page)).toContain(
    m.referrals.invited.title({ name: 'Bringer', business: 'Lotus & Bean' }),
  );
  expect(newcomer.page.cookies.find((line) => line.startsWith('invited_by='))).toMatch(/HttpOnly/i);
  expect(newcomer.visitor.jar.has('invited_by')).toBe(false);
  expect(await kindsOf(inviter)).toEqual([]);

  await newcomer.visitor.submit(
    '/api/sales/cart',
    { session_id: await aClass({ price: 1600 }) },
    '/schedule',
  );
  const order = await checkOut(newcomer);
  await payAt(order.payment_url ?? '');
  await untilOrder(order.order_id, { state: 'paid', captured: 1600 });
  await expect.poll(() => kindsOf(inviter)).toEqual(['referral']);
  expect(await kindsOf(newcomer)).toEqual(['earned', 'first_visit', 'invited']);
  const statement = wordsOf(await newcomer.visitor.get('/account/points'));
  expect(statement).toContain(m.loyalty.mine.kinds.invited);
  expect(wordsOf(await newcomer.visitor.get('/es/account/points'))).toContain(
    messages('es').loyalty.mine.kinds.invited,
  );
  expect(wordsOf(await inviter.visitor.get('/account/points'))).toContain(
    m.referrals.mine.came({ came: 1, bought: 1 }),
  );

  const manager = await aColleague('manager');
  const kept = (await manager.visitor.get('/api/admin/loyalty/referrals', {})).json.data;
  expect(kept.referrals.find((row: { order_id: string }) => row.order_id === order.order_id)).toMatchObject({
    newcomer: 'Nova Brought',
    stands: true,
  });
  expect(wordsOf(await manager.visitor.get('/admin/loyalty'))).toContain(m.referrals.kept.title);
  expect((await inviter.visitor.get('/api/admin/loyalty/referrals', {})).status).toBe(403);

  const [booking] = await sql<{ id: string }>(
    'select b.id from booking.bookings b join sales.order_lines l on l.id = b.order_line_id where l.order_id = $1',
    [order.order_id],
  );
  const cancelled = await newcomer.visitor.call(
    `/api/yoga/bookings/${booking!.id}/cancel`,
    {},
    { 'idempotency-key': randomUUID() },
  );
  expect(cancelled.status).toBe(200);
  await expect.poll(async () => (await points(inviter)).balance).toBe(0);
  expect(await kindsOf(inviter)).toEqual(['referral', 'referral_back']);
  await expect.poll(async () => (await points(newcomer)).balance).toBe(0);
});

test('who reads the letter in another browser is brought all the same', async () => {
  const inviter = await aBuyer('bringer');
  const newcomer = await comesBy(await linkOf(inviter), { elsewhere: true });
  expect(
    await sql(
      'select from loyalty.referrals r join members.members m on m.id = r.newcomer_id where m.user_id = $1',
      [newcomer.id],
    ),
  ).toHaveLength(1);
});

test('somebody signed in accepts with a button; their own link, a member and a wrong code hear why not', async () => {
  const inviter = await aBuyer('bringer');
  const link = await linkOf(inviter);
  expect(wordsOf(await inviter.visitor.get(link))).toContain(m.refusals.referral_own);
  const code = link.slice(-8);
  const ask = async (who: Buyer, said: string) => {
    const reply = await who.visitor.call('/api/coffee/referrals', { code: said });
    return [reply.status, reply.json.code];
  };
  expect(await ask(inviter, code)).toEqual([409, 'referral_own']);
  const member = await aBuyer('regular');
  expect(await ask(member, code)).toEqual([409, 'referral_known']);
  expect(await ask(member, '00000000')).toEqual([404, 'referral_not_found']);
  expect((await member.visitor.call('/api/coffee/referrals', { code: 'short' })).status).toBe(422);
  expect(wordsOf(await member.visitor.get(link))).toContain(m.refusals.referral_known);
  const wrong = await member.visitor.submit('/api/coffee/referrals', { code }, link);
  expect([wrong.status, wordsOf(wrong).includes(m.refusals.referral_known)]).toEqual([409, true]);
  expect((await new Visitor().get('/invited/00000000')).status).toBe(404);
  expect((await new Visitor().call('/api/coffee/referrals', { code })).status).toBe(401);
});

test('at another business the link is nothing, and somebody of there is new here', async () => {
  const site = inject('stack').barberiaUrl;
  const link = await linkOf(await aBuyer('bringer'));
  expect((await new Visitor(site).get(link)).status).toBe(404);
  const elsewhere = await aBuyer('cliente', site);
  const here = new Visitor();
  // Signing in here without a link would make them a member; with one they come as somebody new.
  await here.get(link);
  await here.signIn(elsewhere.email);
  expect(
    await sql(
      'select from loyalty.referrals r join members.members m on m.id = r.newcomer_id where m.user_id = $1 and r.business_id = $2',
      [elsewhere.id, lotus],
    ),
  ).toHaveLength(1);
});

test('with a stamp card both have a stamp', async () => {
  const site = inject('stack').barberiaUrl;
  const inviter = await aBuyer('pibe', site);
  const newcomer = await comesBy(await linkOf(inviter), { site });
  await newcomer.visitor.submit(
    '/api/sales/cart',
    { session_id: await aClass({ price: 200000, business: barberia }) },
    '/schedule',
  );
  const order = await checkOut(newcomer);
  await payAt(order.payment_url ?? '');
  await untilOrder(order.order_id, { state: 'paid' });
  await expect.poll(async () => (await points(inviter)).balance).toBe(1);
  expect((await points(newcomer)).balance).toBe(2);
  expect(wordsOf(await inviter.visitor.get('/account/points'))).toContain(
    messages('es-AR').loyalty.mine.kinds.referral,
  );
});
