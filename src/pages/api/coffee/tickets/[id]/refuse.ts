import { refusal } from '#shop/board/inputs.ts';
import { requireBar } from '#shop/board/tickets.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly } from '#platform/guards.ts';
import { answer } from '#platform/refusals.ts';

export const POST = endpoint({
  summary: 'The bar cannot make an order: it says why, and everything paid for it goes back',
  input: refusal,
  who: freshly(requireBar),
  limit: 'write',
  act: async ({ input, db, locals }) =>
    answer(
      await db.rpc('refuse_ticket', {
        business_id: locals.business.id,
        ticket_id: input.id,
        act_id: input.act_id,
        reason: input.reason,
        stock: input.stock,
      }),
    ),
  message: (_, { locals }) => locals.m.board.refusedDone,
  form: { done: '/board' },
});
