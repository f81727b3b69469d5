import { oneTap } from '#shop/board/inputs.ts';
import { advanceTickets, requireBar, ticketOf } from '#shop/board/tickets.ts';
import { endpoint } from '#platform/endpoint.ts';
import { cameFrom } from '#platform/http/answers.ts';
import { Refusal, type RefusalName, isRefused } from '#platform/refusals.ts';
import { z } from 'zod';

export const GET = endpoint({
  summary: 'One ticket, and how it went',
  input: z.object({ id: z.string() }),
  who: requireBar,
  limit: 'read',
  act: ({ input, db, locals }) => ticketOf(db, locals.business.id, input.id),
});

export const POST = endpoint({
  summary: 'A ticket goes on, goes back a step, or some of its lines are done',
  input: oneTap,
  who: requireBar,
  limit: 'read',
  async act({ input: { id: ticket_id, act_id: id, ...act }, db, locals }) {
    const outcomes = await advanceTickets(db, locals.business.id, [{ id, ticket_id, ...act }]);
    if (isRefused(outcomes)) return outcomes;
    const [{ outcome, ticket }] = outcomes as [(typeof outcomes)[0]];
    if (outcome === 'applied' || outcome === 'known') return { outcome, ticket };
    const status = { ticket_not_found: 404, not_your_role: 403, act_reused: 422 }[outcome] ?? 409;
    return new Refusal(outcome as RefusalName, status, ticket ? { ticket } : {});
  },
  form: { done: ({ ticket }, context) => `${cameFrom(context) ?? '/board'}#t-${ticket?.ticket_id}` },
});
