import { endpoint } from '#platform/endpoint.ts';
import { saleIdInput } from '#till/splits/inputs.ts';
import { splitById } from '#till/splits/splits.ts';
import { requireSeller } from '#till/tills.ts';

export const GET = endpoint({
  summary: 'A sale that is paid in parts: its lines, its parts, and what is still due',
  input: saleIdInput,
  who: requireSeller,
  limit: 'read',
  act: ({ input, db, locals }) => splitById(db, locals.business.id, input.sale_id),
});
