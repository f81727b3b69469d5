import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { countedLines, keepCountInput } from '#shop/stock/count-inputs.ts';
import { keepCounted } from '#shop/stock/moves.ts';

export const POST = endpoint({
  summary: 'Write down what was found so far; nothing moves until the count is closed',
  input: keepCountInput,
  who: requireStaff('barista'),
  limit: 'write',
  async act({ input, db, locals }) {
    const lines = countedLines(input);
    return isRefused(lines) ? lines : keepCounted(db, locals.business.id, input.id, lines);
  },
  message: (_data, { locals }) => locals.m.stock.count.kept,
});
