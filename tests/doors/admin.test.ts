import { afterEach, describe, expect, inject, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { aClass, barberia, findings, lotus } from '../world.ts';
import { type Role, aBuyer, aColleague, book, placedOrder, signedIn, untilOrder, wordsOf } from './buyer.ts';
import { payAt } from './provider.ts';
import { Visitor } from './visitor.ts';

const m = messages('en');

afterEach(async () => expect(await findings()).toEqual([]));

const pages = ['/admin', '/admin/staff', '/admin/ledger', '/admin/jobs'];
const reads = ['/api/business/staff', '/api/business/invitations'];

describe('the owner’s pages', () => {
  test('send nobody in particular to sign in, and back', async () => {
    for (const path of pages) {
      const { status, to } = await new Visitor().get(path);
      expect([status, to]).toEqual([303, `/signin?next=${encodeURIComponent(path)}`]);
    }
    for (const path of reads) expect((await new Visitor().get(path, {})).status).toBe(401);
  });

  test.each<[string, Role | null, string]>([
    ['a member', null, lotus],
    ['an instructor', 'instructor', lotus],
    ['a barista', 'barista', lotus],
    ['the front desk', 'front_desk', lotus],
    ['the manager of another business', 'manager', barberia],
    ['the owner of another business', 'owner', barberia],
  ])('say to %s that they are not theirs, and show nothing', async (_who, role, business) => {
    const { visitor } = role ? await aColleague(role, business) : await aBuyer();
    for (const path of pages) {
      const page = await visitor.get(path);
      expect([path, page.status, wordsOf(page).includes(m.refusals.not_your_role)]).toEqual([
        path,
        403,
        true,
      ]);
      expect(page.text).not.toMatch(/€\d|clearing|owner@lotus/);
    }
    for (const path of reads) {
      const { status, json } = await visitor.get(path, {});
      expect([path, status, json.code]).toEqual([path, 403, 'not_your_role']);
    }
    for (const [path, body] of [
      ['/api/business/invitations', { email: 'friend@example.test', role: 'owner' }],
      ['/api/business/staff/end', { staff_id: '10000000-0000-4000-8000-000000000001' }],
      ['/api/business/invitations/revoke', { invitation_id: '10000000-0000-4000-8000-000000000001' }],
    ] as const)
      expect([path, (await visitor.call(path, body)).status]).toEqual([path, 403]);
  });

  test.each<Role>(['manager', 'owner'])(
    'open for the %s, in both languages, and are kept by nobody',
    async (role) => {
      const { visitor } = await aColleague(role);
      for (const path of pages) {
        const page = await visitor.get(path);
        expect([path, page.status, page.headers.get('cache-control')]).toEqual([
          path,
          200,
          'private, no-store',
        ]);
        expect([path, (await visitor.get(`/es${path}`)).status]).toEqual([path, 200]);
      }
      for (const path of reads) expect((await visitor.get(path, {})).status).toBe(200);
    },
  );

  test('close the moment a role ends', async () => {
    const manager = await aColleague('manager');
    const owner = await aColleague('owner');
    expect((await manager.visitor.get('/admin')).status).toBe(200);
    const { data } = (await owner.visitor.get('/api/business/staff', {})).json;
    const found = data.find(({ user_id }: { user_id: string }) => user_id === manager.id);
    expect(
      (await owner.visitor.call('/api/business/staff/end', { staff_id: found.staff_id })).status,
    ).toBeLessThan(300);
    expect((await manager.visitor.get('/admin')).status).toBe(403);
    expect((await manager.visitor.get('/admin/ledger')).status).toBe(403);
  });
});

describe('the books', () => {
  test('are said to agree, sum to zero, and show a sale where it belongs', async () => {
    const { visitor } = await aColleague('manager');
    const order = await placedOrder(await aBuyer(), await aClass({ price: 1600 }));
    await payAt(order.payment_url);
    await untilOrder(order.order_id, { state: 'paid' });
    const words = wordsOf(await visitor.get('/admin/ledger'));
    expect(words).toContain(m.admin.ledger.proved);
    expect(words).toMatch(/Received, not yet paid out Stripe [\d,]+ €[\d,.]+/);
    expect(words).toMatch(/Earned Classes [\d,]+ -€[\d,.]+/);
    expect(words).toMatch(/Tax owed 21 % [\d,]+ -€[\d,.]+/);
    expect(words).toMatch(/Together €0\.00/);
    // A drawer is its till's by name and place.
    expect(words).toMatch(/Till drawer Bar · Lavapiés [\d,]+ /);
    expect(words).not.toMatch(/Till drawer [0-9a-f]{8}-/);
    expect(wordsOf(await visitor.get('/es/admin/ledger'))).toContain(messages('es').admin.ledger.proved);
  });

  test('of one business show nothing of the other', async () => {
    const site = inject('stack').barberiaUrl;
    const owner = await aColleague('owner', barberia, site);
    await book(await aBuyer('pibe', site), await aClass({ price: 0, business: barberia }));
    const words = wordsOf(await owner.visitor.get('/admin/ledger'));
    expect(words).not.toContain('EUR');
    expect((await (await signedIn(owner)).visitor.get('/admin/ledger')).status).toBe(403);
  });
});

test('the overview counts what waits to be paid, and has a chart of the days', async () => {
  const { visitor } = await aColleague('manager');
  await placedOrder(await aBuyer(), await aClass({ price: 1600 }));
  const page = await visitor.get('/admin');
  const waiting = /Waiting to be paid\s+(\d+)/.exec(wordsOf(page))?.[1];
  expect(Number(waiting)).toBeGreaterThanOrEqual(1);
  expect(wordsOf(page)).toContain(m.admin.overview.lead({ business: 'Lotus & Bean' }));
});
