/** What classes earn. */
import { ruleInput } from '#booking/pay/inputs.ts';
import { addPayRule, payRules } from '#booking/pay/rules.ts';
import { Page, endpoint } from '#platform/endpoint.ts';
import { freshly, requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'Every version of every pay rule, the widest first',
  who: requireStaff('manager'),
  limit: 'read',
  async act({ db, locals }) {
    const rules = await payRules(db, locals.business.id);
    return isRefused(rules) ? rules : new Page(rules, null, rules.length);
  },
});

export const POST = endpoint({
  summary: 'A new version of a pay rule from a day on; the one before it ends. Amounts as people write them.',
  input: ruleInput,
  who: freshly(requireStaff('manager')),
  limit: 'write',
  status: 201,
  act: ({ input, db, locals }) => addPayRule(db, locals.business, locals.locale, input),
  message: (_data, { locals: { m } }) => m.instructors.said.ruleAdded,
  form: { done: '/admin/pay/rates', refused: '/admin/pay/rates' },
});
