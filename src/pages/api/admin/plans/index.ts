/** What is sold for many classes: all of it, and something new. */
import { slugOf } from '#booking/catalogue/inputs.ts';
import { keptPlans, savePlan } from '#members/plans/kept-plans.ts';
import { newPlanInput, planFacts, planOpens } from '#members/plans/plan-inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { localised } from '#platform/i18n/index.ts';
import { isRefused } from '#platform/refusals.ts';
import { wordsOf } from '#platform/inputs.ts';

export const GET = endpoint({
  summary: 'Every pack and membership with its terms, sold or not, and how many have it',
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ db, locals }) => keptPlans(db, locals.business.id),
});

export const POST = endpoint({
  summary: 'Make a pack or a membership. It is not sold until it is published.',
  input: newPlanInput,
  who: requireStaff('manager'),
  limit: 'write',
  status: 201,
  async act({ input, db, locals }) {
    const facts = planFacts(input, locals);
    if (isRefused(facts)) return facts;
    const first = locals.business.locales[0] ?? 'en';
    const slug = input.slug ?? slugOf(localised(wordsOf(input, 'name')?.[first], locals.locale));
    return savePlan(db, locals.business.id, {
      id: null,
      facts: { ...facts, kind: input.kind, slug, ...(input.kind === 'pack' && { every: null }) },
      classes: planOpens(input, null),
    });
  },
  message: (_data, { locals }) => locals.m.plans.kept.made,
  form: { done: ({ slug }) => `/admin/plans/${slug}`, refused: '/admin/plans/new' },
});
