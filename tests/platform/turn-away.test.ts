import { visit } from './visit.ts';
import { expect, test } from 'vitest';
import { Refusal } from '#platform/refusals.ts';
import { turnAway } from '#platform/turn-away.ts';

const page = (path = '/admin/staff?tab=open') => visit({ method: 'GET', path });

test('somebody who is not signed in is sent to do so, and back to the very page', async () => {
  const { context } = page();
  const answered = await turnAway(context, new Refusal('sign_in_first', 401));
  expect([answered.status, answered.headers.get('location')]).toEqual([
    303,
    '/signin?next=%2Fadmin%2Fstaff%3Ftab%3Dopen',
  ]);
});

test('what is not there and what is not theirs look the same', async () => {
  const { context, shown } = page();
  expect((await turnAway(context, new Refusal('order_not_found', 404))).status).toBe(404);
  expect(shown.map(({ path }) => path)).toEqual(['/404']);
});

test('a role that is missing is said on a page of its own', async () => {
  const { context, shown } = page();
  const answered = await turnAway(context, new Refusal('not_your_role', 403));
  expect(answered.status).toBe(403);
  expect(shown).toMatchObject([{ path: '/refused', form: { message: expect.stringContaining('role') } }]);
  expect(context.locals.refusal).toBe('not_your_role');
});
