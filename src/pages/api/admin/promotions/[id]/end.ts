import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { promotionParam } from '#sales/promotions/inputs.ts';
import { endPromotion } from '#sales/promotions/promotions.ts';

export const POST = endpoint({
  summary: 'End a promotion now. Orders that used it keep what they were given.',
  input: promotionParam,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => endPromotion(db, locals.business.id, input.id),
  message: (_data, { locals: { m } }) => m.promotions.kept.ended,
  form: { done: ({ id }) => `/admin/promotions/${id}` },
});
