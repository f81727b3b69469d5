import { givingUp } from '#shop/board/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireMember } from '#platform/guards.ts';
import { answer } from '#platform/refusals.ts';

export const POST = endpoint({
  summary: 'The buyer no longer wants what the bar has not begun to make, and gets their money back',
  input: givingUp,
  who: requireMember,
  limit: 'write',
  act: async ({ input, db, locals }) =>
    answer(
      await db.rpc('cancel_ticket', {
        business_id: locals.business.id,
        ticket_id: input.id,
        act_id: input.act_id,
      }),
    ),
  message: (_, { locals }) => locals.m.board.order.cancelled,
});
