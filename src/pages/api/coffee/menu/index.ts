/** The menu's other side. */
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { keptMenu } from '#shop/products/kept.ts';

export const GET = endpoint({
  summary: 'The whole menu as managers keep it: categories, products, what is asked, day parts, counters',
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ db, locals }) => keptMenu(db, locals.business.id),
});
