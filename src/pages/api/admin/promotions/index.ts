/** Codes that make an order cost less: all of them, and a new one. */
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { newPromotionInput, promotionFacts } from '#sales/promotions/inputs.ts';
import { keptPromotions, savePromotion } from '#sales/promotions/promotions.ts';

export const GET = endpoint({
  summary: 'Every promotion with its terms and how often it was used',
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ db, locals }) => keptPromotions(db, locals.business.id),
});

export const POST = endpoint({
  summary: 'Make a promotion: a code that takes per cent or an amount off the whole, or off certain products',
  input: newPromotionInput,
  who: requireStaff('manager'),
  limit: 'write',
  status: 201,
  act({ input, db, locals }) {
    const facts = promotionFacts(input, locals);
    return isRefused(facts) ? facts : savePromotion(db, locals.business.id, { id: null, facts });
  },
  message: ({ code }, { locals: { m } }) => m.promotions.kept.made({ code }),
  form: {
    done: ({ promotion_id }) => `/admin/promotions/${promotion_id}`,
    refused: '/admin/promotions/new',
  },
});
