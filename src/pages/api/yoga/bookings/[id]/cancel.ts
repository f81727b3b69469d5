/** Cancelling from a form, which knows no DELETE. */
import { type Cancelled, cancelBooking } from '#booking/bookings.ts';
import { idParam } from '#booking/inputs.ts';
import { isId } from '#booking/sessions.ts';
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
  message: ({ refund_cents, currency }: Cancelled, { locals: { m, locale } }) =>
    refund_cents > 0
      ? m.account.cancel.done({ amount: formatMoney(refund_cents, currency, locale) })
      : m.account.cancel.doneNoRefund,
  form: {
    done: '/account/bookings',
    refused: ({ params }) => `/account/bookings/${params.id}/cancel`,
  },
  act: ({ input, db, key, locals: { business } }) =>
    isId(input.id)
      ? cancelBooking(db, business.id, { id: input.id, key })
      : new Refusal('booking_not_found', 404),
});
