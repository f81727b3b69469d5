/** Cancelling from a form, which knows no DELETE. */
import { type Cancelled, cancelBooking } from '#booking/cancelling.ts';
import { idParam } from '#booking/inputs.ts';
import { isId } from '#platform/ids.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';
import { formatMoney } from '#platform/money.ts';
import { Refusal } from '#platform/refusals.ts';

export const POST = endpoint({
  summary: 'Cancel a booking, with the refund its policy gives',
  input: idParam,
  who: requireSignIn,
  limit: 'booking',
  idempotent: true,
  message: (done: Cancelled, { locals: { m, locale } }) => {
    const words = m.account.cancel;
    const money = (cents: number) => formatMoney(cents, done.currency, locale);
    if (done.refund_cents > 0) return words.done({ amount: money(done.refund_cents) });
    if (done.credits_back > 0) return words.doneCredits;
    if (done.fee_cents > 0) return words.doneFee({ amount: money(done.fee_cents) });
    return words.doneNoRefund;
  },
  form: {
    done: '/account/bookings',
    refused: ({ params }) => `/account/bookings/${params.id}/cancel`,
  },
  act: ({ input, db, key, locals: { business } }) =>
    isId(input.id)
      ? cancelBooking(db, business.id, { id: input.id, key })
      : new Refusal('booking_not_found', 404),
});
