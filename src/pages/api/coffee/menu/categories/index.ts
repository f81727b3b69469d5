import { slugOf } from '#booking/catalogue/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { localised } from '#platform/i18n/index.ts';
import { isRefused } from '#platform/refusals.ts';
import { moveOnMenu, saveCategory } from '#shop/products/keeping.ts';
import { categoryFacts, categoryInput } from '#shop/products/part-inputs.ts';

export const POST = endpoint({
  summary: 'Make or change (`category_id`) a part of the menu; with `step` move it up (-1) or down (1)',
  input: categoryInput,
  who: requireStaff('manager'),
  limit: 'write',
  async act({ input, db, locals }) {
    const { category_id, step } = input;
    if (category_id && step !== undefined) {
      const moved = await moveOnMenu(db, locals.business.id, { what: 'category', id: category_id, step });
      return isRefused(moved) ? moved : { category_id, slug: '' };
    }
    const facts = categoryFacts(input);
    if (!category_id) facts['slug'] ??= slugOf(localised(facts['name'], locals.locale));
    return saveCategory(db, locals.business.id, category_id ?? null, facts);
  },
  message: (_data, { locals }) => locals.m.menuOffice.saved,
  form: { done: '/admin/products/categories' },
});
