/** A pass for nothing. */
import { givePass, givePassInput } from '#members/plans/passes-by-hand.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireStaff } from '#platform/guards.ts';
import { cameFrom } from '#platform/http/answers.ts';

export const POST = endpoint({
  summary: 'Give a member a pack for nothing, with a reason',
  input: givePassInput,
  who: freshly(requireStaff('manager')),
  limit: 'money',
  idempotent: true,
  status: 201,
  act: ({ input, db, locals, key }) => givePass(db, locals.business.id, input, key),
  message: (_data, { locals: { m } }) => m.plans.kept.given,
  form: {
    done: ({ member_id }) => `/admin/members/${member_id}#passes`,
    refused: (context) => cameFrom(context) ?? '/admin/members',
  },
});
