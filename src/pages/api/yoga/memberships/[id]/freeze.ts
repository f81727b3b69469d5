/** Letting a membership rest: what it would mean, and doing it. */
import { isId } from '#platform/ids.ts';
import { freezeDays, freezeInput, freezeMembership, freezePreview } from '#members/plans/freezes.ts';
import { formatShortDate } from '#platform/clock.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';
import { Refusal } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'What freezing a membership would do to its next charge, its expiry and access',
  input: freezeDays,
  who: requireMember,
  limit: 'read',
  act: ({ input, db, locals }) =>
    isId(input.id)
      ? freezePreview(db, locals.business.id, input.id, { from_on: input.from_on, until_on: input.until_on })
      : new Refusal('membership_not_found', 404),
});

export const POST = endpoint({
  summary: 'Freeze a membership as it was shown',
  input: freezeInput,
  who: requireMember,
  limit: 'money',
  idempotent: true,
  act: ({ input, db, key, locals }) =>
    isId(input.id)
      ? freezeMembership(db, locals.business.id, input, key)
      : new Refusal('membership_not_found', 404),
  message: ({ opens_at }, { locals: { m, business, locale } }) =>
    m.plans.freeze.done({ date: formatShortDate(opens_at, business.time_zone, locale) }),
  form: { done: '/account/passes', refused: ({ params }) => `/account/memberships/${params.id}/freeze` },
});
