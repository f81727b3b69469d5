import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { correctionInput } from '#shop/stock/move-inputs.ts';
import { correctStock } from '#shop/stock/moves.ts';

export const POST = endpoint({
  summary: 'Put an earlier mistake right; `quantity` may be below zero',
  input: correctionInput,
  who: requireStaff('manager'),
  limit: 'write',
  idempotent: true,
  status: 201,
  act: ({ input, db, locals, key }) => correctStock(db, locals.business.id, key, input),
  message: (_data, { locals }) => locals.m.stock.item_.corrected,
});
