import { publishInput } from '#booking/catalogue/inputs.ts';
import { publishPlan } from '#members/plans/kept-plans.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Begin or stop to sell a pack or a membership. Whoever has it keeps it.',
  input: publishInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => publishPlan(db, locals.business.id, input),
  message: ({ published }, { locals: { m } }) => (published ? m.plans.kept.published : m.plans.kept.hidden),
});
