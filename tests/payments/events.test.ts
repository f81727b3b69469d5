import fc from 'fast-check';
import type Stripe from 'stripe';
import { describe, expect, test } from 'vitest';
import type { PaymentFacts } from '#payments/facts.ts';
import { paymentEvent, refundFacts, sessionFacts } from '#payments/stripe/events.ts';
import { dispute, event, intent, paymentId, refund, refundId, refusedIntent, session } from './stripe.ts';

const factsOf = (sent: Stripe.Event): PaymentFacts => paymentEvent(sent).facts;
const ours = { kind: 'payment', payment_id: paymentId, intent_ref: 'pi_1', currency: 'EUR' };
const page = { ...ours, provider_ref: 'cs_test_1', amount_cents: 1600 };
const refunded = {
  kind: 'refund',
  payment_id: paymentId,
  refund_id: refundId,
  refund_ref: 're_1',
  intent_ref: 'pi_1',
  amount_cents: 700,
  currency: 'EUR',
};
const disputed = {
  kind: 'dispute',
  dispute_ref: 'du_1',
  intent_ref: 'pi_1',
  amount_cents: 1600,
  currency: 'EUR',
};

test('an event keeps its id, its type, its time and itself', () => {
  const sent = event('payment_intent.succeeded', intent());
  expect(paymentEvent(sent)).toMatchObject({
    provider: 'stripe',
    id: 'evt_1',
    type: 'payment_intent.succeeded',
    occurredAt: '2026-11-18T11:06:40.000Z',
    payload: sent,
  });
});

describe('what Stripe tells of a payment page', () => {
  test.each<[string, Stripe.Event, PaymentFacts | object]>([
    ['paid', event('checkout.session.completed', session()), { ...page, state: 'captured' }],
    [
      'done, with the money on its way',
      event('checkout.session.completed', session({ payment_status: 'unpaid' })),
      { ...page, state: 'processing' },
    ],
    [
      'the money has come',
      event('checkout.session.async_payment_succeeded', session()),
      { ...page, state: 'captured' },
    ],
    [
      'the money did not come',
      event('checkout.session.async_payment_failed', session({ payment_status: 'unpaid' })),
      { ...page, state: 'failed', failure_code: 'payment_failed', closed: true },
    ],
    [
      'closed unpaid, before anybody tried',
      event(
        'checkout.session.expired',
        session({ status: 'expired', payment_status: 'unpaid', payment_intent: null }),
      ),
      {
        kind: 'payment',
        payment_id: paymentId,
        provider_ref: 'cs_test_1',
        state: 'canceled',
        amount_cents: 1600,
        currency: 'EUR',
      },
    ],
  ])('%s', (_what, sent, facts) => expect(factsOf(sent)).toEqual(facts));

  test('asked for, while it is open, is that nothing happened', () => {
    expect(sessionFacts(session({ status: 'open', payment_status: 'unpaid' })).state).toBe('pending');
  });

  test.each<[Stripe.PaymentIntent.Status, object]>([
    ['processing', { state: 'processing' }],
    ['requires_payment_method', { state: 'failed', failure_code: 'payment_failed', closed: true }],
  ])('asked for in full, tells of a debit that is %s', (status, facts) => {
    const asked = session({ payment_status: 'unpaid', payment_intent: intent({ status }) });
    expect(sessionFacts(asked)).toEqual({ ...page, ...facts });
  });

  test('names the movement of money also where it is told in full', () => {
    expect(sessionFacts(session({ payment_intent: intent({ id: 'pi_9' }) })).intent_ref).toBe('pi_9');
  });
});

describe('what Stripe tells of a movement of money', () => {
  test.each<[string, Stripe.Event, object]>([
    [
      'it succeeded',
      event('payment_intent.succeeded', intent()),
      { ...ours, state: 'captured', amount_cents: 1600 },
    ],
    [
      'it is on its way',
      event('payment_intent.processing', intent({ status: 'processing', amount_received: 0 })),
      { ...ours, state: 'processing' },
    ],
    [
      'the bank wants to be sure',
      event('payment_intent.requires_action', intent({ status: 'requires_action', amount_received: 0 })),
      { ...ours, state: 'requires_action' },
    ],
    [
      'it is set aside',
      event(
        'payment_intent.amount_capturable_updated',
        intent({ status: 'requires_capture', amount_received: 0 }),
      ),
      { ...ours, state: 'authorized' },
    ],
    [
      'the bank said why not',
      event(
        'payment_intent.payment_failed',
        refusedIntent({
          code: 'card_declined',
          decline_code: 'insufficient_funds',
          message: 'Your card has insufficient funds.',
        }),
      ),
      {
        ...ours,
        state: 'failed',
        failure_code: 'insufficient_funds',
        failure_message: 'Your card has insufficient funds.',
      },
    ],
    [
      'only a code said why not',
      event('payment_intent.payment_failed', refusedIntent({ code: 'expired_card' })),
      { ...ours, state: 'failed', failure_code: 'expired_card' },
    ],
    [
      'nobody said why not',
      event(
        'payment_intent.payment_failed',
        intent({ status: 'requires_payment_method', amount_received: 0 }),
      ),
      { ...ours, state: 'failed', failure_code: 'card_declined' },
    ],
  ])('%s', (_what, sent, facts) => expect(factsOf(sent)).toEqual(facts));

  test('an old refusal it still carries is no news when it succeeded', () => {
    const later = intent({
      last_payment_error: {
        type: 'card_error',
        code: 'card_declined',
      } as Stripe.PaymentIntent.LastPaymentError,
    });
    expect(factsOf(event('payment_intent.succeeded', later))).not.toHaveProperty('failure_code');
  });

  test('the amount is what was received, in the currency’s own units, not what was asked for', () => {
    const facts = factsOf(
      event('payment_intent.succeeded', intent({ amount: 5000, amount_received: 4200, currency: 'jpy' })),
    );
    expect([facts.amount_cents, facts.currency]).toEqual([4200, 'JPY']);
  });
});

describe('what Stripe tells of a refund', () => {
  test.each<[string, Stripe.Event, string]>([
    ['made', event('refund.created', refund()), 'succeeded'],
    ['made, on its way', event('refund.created', refund({ status: 'pending' })), 'pending'],
    ['waiting for somebody', event('refund.updated', refund({ status: 'requires_action' })), 'pending'],
    ['without a state', event('refund.updated', refund({ status: null })), 'pending'],
    ['arrived', event('refund.updated', refund()), 'succeeded'],
    ['called off', event('refund.updated', refund({ status: 'canceled' })), 'canceled'],
  ])('%s', (_what, sent, refund_state) => expect(factsOf(sent)).toEqual({ ...refunded, refund_state }));

  test('failed, and why', () => {
    const sent = event(
      'refund.failed',
      refund({ status: 'failed', failure_reason: 'expired_or_canceled_card' }),
    );
    expect(factsOf(sent)).toEqual({
      ...refunded,
      refund_state: 'failed',
      failure_message: 'expired_or_canceled_card',
    });
  });

  test('made in the dashboard names none of ours', () => {
    expect(refundFacts(refund({ metadata: {} }))).toEqual({
      kind: 'refund',
      refund_ref: 're_1',
      intent_ref: 'pi_1',
      refund_state: 'succeeded',
      amount_cents: 700,
      currency: 'EUR',
    });
    expect(refundFacts(refund({ metadata: null, payment_intent: null }))).not.toHaveProperty('intent_ref');
  });
});

describe('what Stripe tells of a dispute', () => {
  test.each<[Stripe.Event['type'], Stripe.Dispute.Status, string]>([
    ['charge.dispute.created', 'needs_response', 'open'],
    ['charge.dispute.updated', 'under_review', 'open'],
    ['charge.dispute.closed', 'won', 'won'],
    ['charge.dispute.closed', 'lost', 'lost'],
  ])('%s, %s', (type, status, dispute_state) => {
    const sent = event(type as 'charge.dispute.created', dispute({ status }));
    expect(factsOf(sent)).toEqual({ ...disputed, dispute_state });
  });

  test.each<Stripe.Dispute.Status>(['warning_needs_response', 'warning_under_review', 'warning_closed'])(
    'a mere question (%s) moves no money',
    (status) => expect(factsOf(event('charge.dispute.created', dispute({ status }))).kind).toBe('other'),
  );
});

test.each([
  'customer.created',
  'charge.succeeded',
  'charge.refunded',
  'payout.paid',
  'charge.dispute.funds_withdrawn',
] as const)('%s is none of our business', (type) =>
  expect(factsOf(event(type, {} as never))).toEqual({ kind: 'other' }),
);

test('what somebody else wrote into the metadata is no id of ours, whatever it is', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const facts = factsOf(event('payment_intent.succeeded', intent({ metadata: { payment_id: text } })));
      expect(facts.payment_id).toBeUndefined();
    }),
  );
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      const facts = factsOf(event('payment_intent.succeeded', intent({ metadata: { payment_id: id } })));
      expect(facts.payment_id).toBe(id);
    }),
  );
});

test('no fact is there without a value: what SQL does not find it does not read', () => {
  const bare = [
    event(
      'checkout.session.completed',
      session({ metadata: null, payment_intent: null, amount_total: null, currency: null }),
    ),
    event('payment_intent.payment_failed', refusedIntent({})),
    event('refund.created', refund({ metadata: null })),
    event('charge.dispute.created', dispute({ payment_intent: null })),
  ];
  for (const sent of bare)
    expect(Object.values(factsOf(sent)).filter((value) => value === undefined || value === null)).toEqual([]);
});
