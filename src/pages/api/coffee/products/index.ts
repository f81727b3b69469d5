/** The menu as a program reads it. */
import { z } from 'zod';
import { endpoint } from '#platform/endpoint.ts';
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
