import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { promotionFacts, promotionInput } from '#sales/promotions/inputs.ts';
import { savePromotion } from '#sales/promotions/promotions.ts';

const change = endpoint({
  summary: 'Change a promotion. Orders that used it keep what they were given.',
  input: promotionInput,
  who: requireStaff('manager'),
  limit: 'write',
  act({ input: { id, ...said }, db, locals }) {
    const facts = promotionFacts(said, locals);
    return isRefused(facts) ? facts : savePromotion(db, locals.business.id, { id, facts });
  },
  message: (_data, { locals: { m } }) => m.promotions.kept.saved,
  form: {
    done: ({ promotion_id }) => `/admin/promotions/${promotion_id}`,
    refused: ({ params }) => `/admin/promotions/${params.id}`,
  },
});
export const POST = change;
export const PATCH = change;
