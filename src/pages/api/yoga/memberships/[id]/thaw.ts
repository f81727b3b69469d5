/** Coming back before a freeze is over, or taking it back before it begins. */
import { z } from 'zod';
import { isId } from '#platform/ids.ts';
import { thawMembership } from '#members/plans/freezes.ts';
import { formatShortDate } from '#platform/clock.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';
import { Refusal } from '#platform/refusals.ts';

export const POST = endpoint({
  summary: 'Open a frozen membership again',
  input: z.object({ id: z.string() }),
  who: requireMember,
  limit: 'money',
  idempotent: true,
  act: ({ input, db, key, locals }) =>
    isId(input.id)
      ? thawMembership(db, locals.business.id, input.id, key)
      : new Refusal('membership_not_found', 404),
  message: ({ next_charge_at }, { locals: { m, business, locale } }) =>
    m.plans.freeze.thawed({ date: formatShortDate(next_charge_at, business.time_zone, locale) }),
  form: { done: '/account/passes', refused: '/account/passes' },
});
