import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { categoryInput } from '#shop/products/inputs.ts';
import { moveOnMenu, saveCategory } from '#shop/products/keeping.ts';

export const POST = endpoint({
  summary: 'Make or change (`category_id`) a part of the menu; with `step` move it up (-1) or down (1)',
  input: categoryInput,
  who: requireStaff('manager'),
  limit: 'write',
  async act({ input: { category_id, step, ...facts }, db, locals }) {
    if (category_id && step !== undefined) {
      const moved = await moveOnMenu(db, locals.business.id, { what: 'category', id: category_id, step });
      return isRefused(moved) ? moved : { category_id, slug: '' };
    }
    return saveCategory(db, locals.business.id, category_id ?? null, facts);
  },
});
