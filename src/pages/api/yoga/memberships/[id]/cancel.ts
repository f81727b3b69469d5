/** End a membership with the period that is paid. */
import { z } from 'zod';
import { endWithPeriod } from '#payments/memberships.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';
import { isId } from '#platform/ids.ts';
import { Refusal } from '#platform/refusals.ts';

export const POST = endpoint({
  summary: 'End a membership with the period that is paid',
  input: z.object({ id: z.string() }),
  who: requireMember,
  limit: 'money',
  message: (_done, { locals: { m } }) => m.plans.membership.cancelled,
  form: { done: '/account/passes', refused: '/account/passes' },
  act: ({ input, locals }) =>
    isId(input.id) ? endWithPeriod(locals, input.id, true) : new Refusal('membership_not_found', 404),
});
