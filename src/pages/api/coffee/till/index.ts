import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { addTill } from '#till/drawers.ts';
import { tillInput } from '#till/inputs.ts';
import { allTills, requireSeller } from '#till/tills.ts';

export const GET = endpoint({
  summary: 'The tills, and since when each drawer is open',
  who: requireSeller,
  limit: 'read',
  act: ({ db, locals }) => allTills(db, locals.business.id),
});

export const POST = endpoint({
  summary: 'A new till at a counter',
  input: tillInput,
  who: requireStaff('manager'),
  limit: 'write',
  status: 201,
  act: ({ input, db, locals }) => addTill(db, locals.business.id, input),
  form: { done: ({ till_id }: { till_id: string }) => `/till/${till_id}/drawer`, refused: '/till' },
});
