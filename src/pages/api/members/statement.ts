import { z } from 'zod';
import { myStatement, placeAfter, readPlace } from '#members/statement.ts';
import { Page, endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';

export const GET = endpoint({
  summary:
    'Every movement of the member’s class credits and wallet, and every place a pass without limit paid for, the latest first; of one pass (pass_id), or of the wallet alone (only=wallet).',
  input: z.object({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().max(40).optional(),
    pass_id: z.guid().optional(),
    only: z.literal('wallet').optional(),
  }),
  who: requireMember,
  limit: 'read',
  async act({ input, db, locals }) {
    const of = input.pass_id ? { pass: input.pass_id } : input.only;
    const before = readPlace(input.cursor);
    const rows = await myStatement(db, locals.business.id, { before, size: input.limit, ...(of && { of }) });
    return new Page(rows, rows.length === input.limit ? placeAfter(rows, before) : null);
  },
});
