import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { deliveryInput, deliveryLines } from '#shop/stock/move-inputs.ts';
import { receiveDelivery } from '#shop/stock/moves.ts';

export const POST = endpoint({
  summary: 'A delivery came: `lines` of item_id, quantity and cost_cents of the whole line',
  input: deliveryInput,
  who: requireStaff('manager'),
  limit: 'write',
  idempotent: true,
  status: 201,
  async act({ input, db, locals, key }) {
    const lines = deliveryLines(input, locals);
    if (isRefused(lines)) return lines;
    const { location_id, note } = input;
    return receiveDelivery(db, locals.business.id, key, { location_id, lines, note });
  },
  message: ({ levels }, { locals }) => locals.m.stock.delivery.done({ count: levels.length }),
  form: { done: '/admin/stock' },
});
