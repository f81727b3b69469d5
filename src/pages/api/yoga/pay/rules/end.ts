import { endRuleInput } from '#booking/pay/inputs.ts';
import { endPayRule } from '#booking/pay/rules.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'End a pay rule after a day; on a day before its first it never held',
  input: endRuleInput,
  who: freshly(requireStaff('manager')),
  limit: 'write',
  act: ({ input, db, locals }) => endPayRule(db, locals.business.id, input),
  message: (_data, { locals: { m } }) => m.instructors.said.ruleEnded,
  form: { done: '/admin/pay/rates', refused: '/admin/pay/rates' },
});
