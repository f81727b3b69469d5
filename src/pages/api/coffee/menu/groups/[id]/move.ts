import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { moveInput } from '#shop/products/fields.ts';
import { moveOnMenu } from '#shop/products/keeping.ts';

export const POST = endpoint({
  summary: 'One step up (-1) or down (1) among what is asked',
  input: moveInput,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => moveOnMenu(db, locals.business.id, { what: 'group', ...input }),
});
