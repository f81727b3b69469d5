import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { countedLines, keepCountInput } from '#shop/stock/count-inputs.ts';
import { closeCount } from '#shop/stock/moves.ts';

export const POST = endpoint({
  summary: 'End a count: every difference becomes a movement',
  input: keepCountInput,
  who: requireStaff('barista'),
  limit: 'write',
  idempotent: true,
  async act({ input, db, locals, key }) {
    const lines = countedLines(input);
    return isRefused(lines) ? lines : closeCount(db, locals.business.id, key, input.id, lines);
  },
  message: ({ counted, differences }, { locals }) =>
    locals.m.stock.count.finished({ counted, differences: differences.length }),
  form: { done: '/admin/stock' },
});
