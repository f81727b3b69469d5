/** Changing a pack or a membership. What a form or program leaves out stays; so do the terms of who has it. */
import { z } from 'zod';
import { keptPlans, savePlan } from '#members/plans/kept-plans.ts';
import { planFacts, planInput, planOpens } from '#members/plans/plan-inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { Refusal, isRefused } from '#platform/refusals.ts';

export const POST = endpoint({
  summary: 'Change a pack or a membership; terms that somebody has become a new version',
  input: planInput.extend({ id: z.guid() }),
  who: requireStaff('manager'),
  limit: 'write',
  async act({ input, db, locals }) {
    const facts = planFacts(input, locals);
    if (isRefused(facts)) return facts;
    const plans = await keptPlans(db, locals.business.id);
    if (isRefused(plans)) return plans;
    const before = plans.find(({ plan_id }) => plan_id === input.id);
    if (!before) return new Refusal('plan_not_found', 404);
    return savePlan(db, locals.business.id, {
      id: input.id,
      facts: { ...facts, ...(before.kind === 'pack' && { every: null }) },
      classes: planOpens(input, before.classes),
    });
  },
  message: ({ result }, { locals: { m } }) =>
    result === 'new_version' ? m.plans.kept.versioned : m.plans.kept.saved,
  form: { done: ({ slug }) => `/admin/plans/${slug}` },
});
export const PATCH = POST;
