import '../platform/settings.ts';
import Stripe from 'stripe';
import { beforeEach, expect, test, vi } from 'vitest';
import { makeRefund, reconcilePayments } from '#payments/payments.ts';
import { paymentId, refund, refundId, session } from './stripe.ts';

const { create, retrieve, rpc } = vi.hoisted(() => ({ create: vi.fn(), retrieve: vi.fn(), rpc: vi.fn() }));
vi.mock('#payments/stripe/client.ts', () => ({
  stripe: () => ({ refunds: { create }, checkout: { sessions: { retrieve } } }),
}));
vi.mock('#platform/supabase.ts', async (original) => ({
  ...(await original<object>()),
  serviceDb: () => ({ rpc }),
}));

const asked = {
  refund_id: refundId,
  payment_id: paymentId,
  intent_ref: 'pi_1',
  amount_cents: 700,
  currency: 'EUR',
};
/** What SQL is told of events. */
const told = () =>
  rpc.mock.calls.filter(([name]) => name === 'receive_payment_event').map(([, values]) => values);
let open: object[];
let toMake: object[];

beforeEach(() => {
  vi.resetAllMocks();
  [open, toMake] = [[], [asked]];
  rpc.mockImplementation(async (name: string) => ({
    data: name === 'refund_to_make' ? toMake : name === 'open_payments' ? open : { outcome: 'done' },
    error: null,
  }));
});

const refusal = (code: string) =>
  new Stripe.errors.StripeInvalidRequestError({
    code,
    message: `No: ${code}`,
    type: 'invalid_request_error',
  });

test('a refund is asked for under its own name, so that asking twice makes one', async () => {
  create.mockResolvedValue(refund());
  expect(await makeRefund(refundId)).toBe('done');
  expect(create).toHaveBeenCalledWith(
    { payment_intent: 'pi_1', amount: 700, metadata: { refund_id: refundId, payment_id: paymentId } },
    { idempotencyKey: `refund:${refundId}` },
  );
  expect(told()).toMatchObject([
    { event_id: 'asked:re_1:succeeded', facts: { refund_id: refundId, refund_state: 'succeeded' } },
  ]);
});

test('one that is made already is not asked for', async () => {
  toMake = [];
  expect(await makeRefund(refundId)).toBe('nothing_to_do');
  expect(create).not.toHaveBeenCalled();
});

test.each(['charge_already_refunded', 'charge_disputed', 'resource_missing'])(
  'one that will never be made (%s) has failed, with the reason',
  async (code) => {
    create.mockRejectedValue(refusal(code));
    expect(await makeRefund(refundId)).toBe('done');
    expect(told()).toMatchObject([
      {
        facts: {
          kind: 'refund',
          payment_id: paymentId,
          refund_id: refundId,
          refund_state: 'failed',
          failure_message: `No: ${code}`,
        },
      },
    ]);
  },
);

test.each([
  ['there is too little in our balance', refusal('balance_insufficient')],
  ['the line is dead', new Stripe.errors.StripeConnectionError({ message: 'no answer', type: 'api_error' })],
  [
    'the key is wrong',
    new Stripe.errors.StripeAuthenticationError({ message: 'who?', type: 'invalid_request_error' }),
  ],
])('one that cannot be made because %s is tried again later', async (_why, error) => {
  create.mockRejectedValue(error);
  await expect(makeRefund(refundId)).rejects.toBe(error);
  expect(told()).toEqual([]);
});

test('a payment that cannot be looked up does not keep the others from being settled', async () => {
  open = [
    { payment_id: 'p1', provider_ref: 'cs_gone' },
    { payment_id: 'p2', provider_ref: 'cs_test_1' },
  ];
  retrieve.mockRejectedValueOnce(refusal('resource_missing')).mockResolvedValueOnce(session());
  await expect(reconcilePayments()).rejects.toThrow('1 payments could not be looked up');
  expect(told()).toMatchObject([{ event_id: 'asked:cs_test_1:captured', facts: { state: 'captured' } }]);
});
