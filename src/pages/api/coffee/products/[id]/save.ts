/** Changing a product. What a form or program leaves out stays; orders that are placed keep what they were. */
import { z } from 'zod';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { productFacts, productInput } from '#shop/products/inputs.ts';
import { saveProduct } from '#shop/products/keeping.ts';

export const POST = endpoint({
  summary: 'Change a product, by its id',
  input: productInput.extend({ id: z.guid() }),
  who: requireStaff('manager'),
  limit: 'write',
  async act({ input: { id, ...input }, db, locals }) {
    const facts = productFacts(input, locals);
    return isRefused(facts) ? facts : saveProduct(db, locals.business.id, id, facts);
  },
  message: (_data, { locals }) => locals.m.products.saved,
  form: { done: ({ product_id }) => `/admin/products/${product_id}` },
});
