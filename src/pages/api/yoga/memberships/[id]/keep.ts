/** Taking back a change that waits for the next charge. */
import { z } from 'zod';
import { isId } from '#platform/ids.ts';
import { keepPlan } from '#payments/plan-changes.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';
import { localised } from '#platform/i18n/index.ts';
import { Refusal } from '#platform/refusals.ts';

export const POST = endpoint({
  summary: 'Keep a membership that was to become another with its next charge',
  input: z.object({ id: z.string() }),
  who: requireMember,
  limit: 'money',
  idempotent: true,
  act: ({ input, locals, key }) =>
    isId(input.id) ? keepPlan(locals, input.id, key) : new Refusal('membership_not_found', 404),
  message: ({ name }, { locals: { m, locale } }) => m.plans.change.kept({ plan: localised(name, locale) }),
  form: { done: '/account/passes', refused: ({ params }) => `/account/memberships/${params.id}/change` },
});
