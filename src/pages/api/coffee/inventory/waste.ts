import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { linesOrOne, wasteInput } from '#shop/stock/move-inputs.ts';
import { recordWaste } from '#shop/stock/moves.ts';

export const POST = endpoint({
  summary: 'Something was thrown away: `lines` of items or products, or one `item_id` and `quantity`',
  input: wasteInput,
  who: requireStaff('barista'),
  limit: 'write',
  idempotent: true,
  status: 201,
  act: ({ input, db, locals, key }) =>
    recordWaste(db, locals.business.id, key, {
      location_id: input.location_id,
      lines: linesOrOne(input),
      why: input.why,
    }),
  message: (_data, { locals }) => locals.m.stock.waste.done,
});
