/** A fee that waits to be paid, and paying it from the wallet or with credits. By card: api/payments/create-intent. */
import { isId } from '#platform/ids.ts';
import { requireSignIn } from '#booking/signed-in.ts';
import { endpoint } from '#platform/endpoint.ts';
import { Refusal } from '#platform/refusals.ts';
import { feeWays, payFee, payFeeInput } from '#sales/fees.ts';

export const GET = endpoint({
  summary: 'What a fee of yours can be paid with besides a card',
  input: payFeeInput.pick({ id: true }),
  who: requireSignIn,
  limit: 'read',
  act: ({ input, db, locals: { business } }) =>
    isId(input.id) ? feeWays(db, business.id, input.id) : new Refusal('order_not_found', 404),
});

export const POST = endpoint({
  summary:
    'Pay a fee of yours from your wallet, or settle it with credits of a pass where its policy allows it',
  input: payFeeInput,
  who: requireSignIn,
  limit: 'money',
  idempotent: true,
  act: ({ input: { id, with: way, pass_id }, db, locals: { business }, key }) =>
    isId(id)
      ? payFee(db, business.id, { order_id: id, with: way, pass_id }, key)
      : new Refusal('order_not_found', 404),
  message: (_, { locals: { m } }) => m.sales.fees.paid,
  form: {
    done: (_, { params }) => `/orders/${params.id}`,
    refused: ({ params }) => `/orders/${params.id}`,
  },
});
