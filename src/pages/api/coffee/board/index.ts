import { taps, which } from '#shop/board/inputs.ts';
import { advanceTickets, boardOf, requireBar } from '#shop/board/tickets.ts';
import { endpoint } from '#platform/endpoint.ts';
import { cameFrom, wantsJson } from '#platform/http/answers.ts';
import { Refusal, type RefusalName, isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'All that stands on the board of a counter',
  input: which,
  who: requireBar,
  limit: 'read',
  act: ({ input, db, locals }) => boardOf(db, locals.business.id, input.location_id),
});

export const POST = endpoint({
  summary: 'Taps of a screen behind the bar, each with an id of its own and answered by itself',
  input: taps,
  who: requireBar,
  limit: 'read',
  async act({ input, db, locals, context }) {
    const outcomes = await advanceTickets(db, locals.business.id, input.acts);
    if (isRefused(outcomes) || wantsJson(context.request)) return outcomes;
    const bad = outcomes.find(({ outcome }) => outcome !== 'applied' && outcome !== 'known');
    return bad ? new Refusal(bad.outcome as RefusalName, bad.ticket ? 409 : 404) : outcomes;
  },
  form: { done: (_, context) => cameFrom(context) ?? '/board' },
});
