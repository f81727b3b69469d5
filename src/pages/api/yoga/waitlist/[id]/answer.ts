/** Yes or no to a place that is offered. A yes that costs money goes on to its payment page, like any booking. */
import { answerInput } from '#booking/inputs.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { answerOffer } from '#booking/waitlist/waitlist.ts';
import { endpoint } from '#platform/endpoint.ts';
import { cameFrom } from '#platform/http/answers.ts';
import { type Refusal, isRefused } from '#platform/refusals.ts';
import { type PlacedOrder, payOrder } from '#sales/placing.ts';

type Answer = { entry_id: string; state: 'declined' } | (PlacedOrder & { entry_id: string });

export const POST = endpoint({
  summary: 'Take or decline a place that is offered; answers where to pay it when it costs something',
  input: answerInput,
  who: requireSignIn,
  limit: 'booking',
  idempotent: true,
  message: (data: Answer, { locals: { m } }) =>
    'order_id' in data
      ? data.state === 'placed' && data.payment_url === null
        ? m.sales.checkout.unpaid
        : ''
      : m.waitlist.declined,
  form: {
    done: (data: Answer, context) =>
      'order_id' in data
        ? (data.payment_url ?? `/orders/${data.order_id}`)
        : (cameFrom(context) ?? '/account'),
  },
  async act({ input, db, key, locals }): Promise<Answer | Refusal> {
    const answered = await answerOffer(db, locals.business.id, { ...input, key });
    if (isRefused(answered)) return answered;
    return 'order_id' in answered
      ? { ...(await payOrder(locals, answered)), entry_id: answered.entry_id }
      : answered;
  },
});
