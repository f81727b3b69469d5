import { type Outcome, syncCheckIns } from '#desk/check-ins.ts';
import { taps } from '#desk/inputs.ts';
import { requireRosterKeeper } from '#desk/roster.ts';
import { endpoint } from '#platform/endpoint.ts';
import { cameFrom, wantsJson } from '#platform/http/answers.ts';
import { Refusal, type RefusalName, isRefused } from '#platform/refusals.ts';

const isDone = ({ outcome }: Outcome): boolean => outcome === 'applied' || outcome === 'known';

export const POST = endpoint({
  summary: 'Who has come: taps of a device, each with an id of its own and answered by itself',
  input: taps,
  who: requireRosterKeeper,
  limit: 'read',
  maxBody: 128 * 1024,
  async act({ input, db, locals, context, who }) {
    if (input.tapped_by && input.tapped_by !== who.user_id) return new Refusal('signed_in_as_another', 409);
    const outcomes = await syncCheckIns(db, locals.business.id, input);
    if (isRefused(outcomes) || wantsJson(context.request)) return outcomes;
    // A button without script is one tap: what stands in its way is said on the page.
    const refused = outcomes.find((outcome) => !isDone(outcome));
    return refused
      ? new Refusal(refused.outcome as RefusalName, refused.outcome === 'booking_not_found' ? 404 : 409)
      : outcomes;
  },
  form: { done: ([first], context) => `${cameFrom(context) ?? '/desk'}#b-${first?.booking_id}` },
});
