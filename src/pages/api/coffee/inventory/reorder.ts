import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { reorderQuery } from '#shop/stock/inputs.ts';
import { reorderList } from '#shop/stock/stockroom.ts';

export const GET = endpoint({
  summary: 'What is low at a location, and how many packs fill it up, by supplier',
  input: reorderQuery,
  who: requireStaff('barista'),
  limit: 'read',
  act: ({ input, db, locals }) => reorderList(db, locals.business.id, input.location_id),
});
