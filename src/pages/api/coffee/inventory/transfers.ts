import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { linesOrOne, transferInput } from '#shop/stock/move-inputs.ts';
import { transferStock } from '#shop/stock/moves.ts';

export const POST = endpoint({
  summary: 'Carry stock from `location_id` to `to_location_id`, all or nothing',
  input: transferInput,
  who: requireStaff('manager'),
  limit: 'write',
  idempotent: true,
  status: 201,
  act: ({ input, db, locals, key }) =>
    transferStock(db, locals.business.id, key, {
      from_location_id: input.location_id,
      to_location_id: input.to_location_id,
      lines: linesOrOne(input),
      why: input.why,
    }),
  message: (_data, { locals }) => locals.m.stock.item_.transferred,
});
