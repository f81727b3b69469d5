/** One thing of the menu. */
import { z } from 'zod';
import { endpoint } from '#platform/endpoint.ts';
import { Refusal } from '#platform/refusals.ts';
import { readMenu } from '#shop/menu/menu.ts';

export const GET = endpoint({
  summary: 'One product of the menu',
  input: z.object({ slug: z.string().max(60) }),
  limit: 'read',
  cache: 'public, max-age=1',
  async act({ input, locals: { business } }) {
    const found = (await readMenu(business.id)).find(({ slug }) => slug === input.slug);
    return found ?? new Refusal('product_not_found', 404);
  },
});
