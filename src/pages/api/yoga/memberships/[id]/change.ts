/** Changing a membership for another: what it would cost, and doing it. */
import { z } from 'zod';
import { isId } from '#platform/ids.ts';
import { changePreview } from '#payments/change-preview.ts';
import { changePlan } from '#payments/plan-changes.ts';
import { formatShortDate } from '#platform/clock.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';
import { localised } from '#platform/i18n/index.ts';
import { Refusal } from '#platform/refusals.ts';

const whole = z
  .string()
  .regex(/^\d{1,12}$/)
  .transform(Number)
  .or(z.number().int().min(0));
const which = z.object({ id: z.string(), plan: z.string().min(2).max(60) });

export const GET = endpoint({
  summary: 'What changing a membership for another would cost now and next',
  input: which,
  who: requireMember,
  limit: 'read',
  act: ({ input, locals }) =>
    isId(input.id) ? changePreview(locals, input.id, input.plan) : new Refusal('membership_not_found', 404),
});

export const POST = endpoint({
  summary: 'Change a membership for another, as it was shown',
  input: which.extend({
    /** As the preview said. `counted_at` empty or null: it waits for the next charge. */
    plan_id: z.guid(),
    due_cents: whole,
    counted_at: z
      .literal('')
      .transform(() => null)
      .or(whole)
      .nullish(),
  }),
  who: requireMember,
  limit: 'money',
  idempotent: true,
  act: ({ input, locals, key }) =>
    isId(input.id)
      ? changePlan(locals, input.id, { ...input, counted_at: input.counted_at ?? null }, key)
      : new Refusal('membership_not_found', 404),
  message: ({ at_once, name, period_end }, { locals: { m, business, locale } }) =>
    at_once
      ? m.plans.change.done({ plan: localised(name, locale) })
      : m.plans.change.planned({
          plan: localised(name, locale),
          date: formatShortDate(period_end, business.time_zone, locale),
        }),
  form: { done: '/account/passes', refused: ({ params }) => `/account/memberships/${params.id}/change` },
});
