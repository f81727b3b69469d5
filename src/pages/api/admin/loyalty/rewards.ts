/** What points buy. */
import { rewardFacts, rewardInput } from '#loyalty/inputs.ts';
import { saveReward } from '#loyalty/programme.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';

export const POST = endpoint({
  summary:
    'Make a reward, or change the one that `id` names. Orders that hold one keep what they were given.',
  input: rewardInput,
  who: requireStaff('manager'),
  limit: 'write',
  act({ input, db, locals }) {
    const facts = rewardFacts(input, locals);
    return isRefused(facts) ? facts : saveReward(db, locals.business.id, { id: input.id ?? null, facts });
  },
  message: (_data, { locals: { m } }) => m.loyalty.kept.rewardSaved,
  form: { done: '/admin/loyalty#rewards', refused: '/admin/loyalty' },
});
