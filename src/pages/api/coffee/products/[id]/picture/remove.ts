import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { idInput } from '#shop/products/fields.ts';
import { dropProductPicture } from '#shop/products/keeping.ts';

export const POST = endpoint({
  summary: 'Show a product by its drawing again',
  input: idInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => dropProductPicture(db, locals.business.id, input.id),
  message: (_data, { locals }) => locals.m.site.ownPicture.dropped,
  form: { done: ({ product_id }) => `/admin/products/${product_id}#picture` },
});
