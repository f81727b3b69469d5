/** The menu as a program reads it. */
import { z } from 'zod';
import { slugOf } from '#booking/catalogue/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { cameFrom } from '#platform/http/answers.ts';
import { requireStaff } from '#platform/guards.ts';
import { localised } from '#platform/i18n/index.ts';
import { isRefused } from '#platform/refusals.ts';
import { productFacts, productInput } from '#shop/products/inputs.ts';
import { saveProduct } from '#shop/products/keeping.ts';
import { diets, readMenu, searchMenu } from '#shop/menu/menu.ts';

export const GET = endpoint({
  summary: 'What the bar sells now, with what is asked about each and why it cannot be had, if so',
  input: z.object({ q: z.string().max(100).default(''), diet: z.enum(diets).optional() }),
  limit: 'read',
  cache: 'public, max-age=1',
  async act({ input, locals: { business } }) {
    return searchMenu(await readMenu(business.id), { words: input.q, diet: input.diet ?? null });
  },
});

export const POST = endpoint({
  summary: 'Make a product. It is not on the menu until it is published.',
  input: productInput,
  who: requireStaff('manager'),
  limit: 'write',
  status: 201,
  async act({ input, db, locals }) {
    const facts = productFacts(input, locals);
    if (isRefused(facts)) return facts;
    const slug = facts['slug'] ?? slugOf(localised(facts['name'], locals.locale));
    return saveProduct(db, locals.business.id, null, { ...facts, slug });
  },
  message: (_data, { locals }) => locals.m.products.made,
  form: {
    done: ({ product_id }) => `/admin/products/${product_id}`,
    refused: (context) => cameFrom(context) ?? '/admin/products/new',
  },
});
