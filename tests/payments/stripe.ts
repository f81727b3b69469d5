/** Objects and events as Stripe sends them, as far as we read them; the SDK's types hold their fields. */
import type Stripe from 'stripe';

export const paymentId = '7b9d6f1e-3a5c-4c1d-9e7f-000000000001';
export const refundId = '7b9d6f1e-3a5c-4c1d-9e7f-000000000002';
const at = 1_795_000_000;

export const session = (given: Partial<Stripe.Checkout.Session> = {}): Stripe.Checkout.Session =>
  ({
    id: 'cs_test_1',
    object: 'checkout.session',
    amount_total: 1600,
    created: at,
    currency: 'eur',
    metadata: { payment_id: paymentId },
    payment_intent: 'pi_1',
    payment_status: 'paid',
    status: 'complete',
    ...given,
  }) satisfies Partial<Stripe.Checkout.Session> as Stripe.Checkout.Session;

export const intent = (given: Partial<Stripe.PaymentIntent> = {}): Stripe.PaymentIntent =>
  ({
    id: 'pi_1',
    object: 'payment_intent',
    amount: 1600,
    amount_received: 1600,
    created: at,
    currency: 'eur',
    last_payment_error: null,
    metadata: { payment_id: paymentId },
    status: 'succeeded',
    ...given,
  }) satisfies Partial<Stripe.PaymentIntent> as Stripe.PaymentIntent;

export const refusedIntent = (error: Partial<Stripe.PaymentIntent.LastPaymentError>): Stripe.PaymentIntent =>
  intent({
    status: 'requires_payment_method',
    amount_received: 0,
    last_payment_error: { type: 'card_error', ...error } as Stripe.PaymentIntent.LastPaymentError,
  });

export const refund = (given: Partial<Stripe.Refund> = {}): Stripe.Refund =>
  ({
    id: 're_1',
    object: 'refund',
    amount: 700,
    created: at,
    currency: 'eur',
    metadata: { payment_id: paymentId, refund_id: refundId },
    payment_intent: 'pi_1',
    status: 'succeeded',
    ...given,
  }) satisfies Partial<Stripe.Refund> as Stripe.Refund;

export const dispute = (given: Partial<Stripe.Dispute> = {}): Stripe.Dispute =>
  ({
    id: 'du_1',
    object: 'dispute',
    amount: 1600,
    created: at,
    currency: 'eur',
    payment_intent: 'pi_1',
    status: 'needs_response',
    ...given,
  }) satisfies Partial<Stripe.Dispute> as Stripe.Dispute;

type ObjectOf<Type extends Stripe.Event['type']> = Extract<Stripe.Event, { type: Type }>['data']['object'];

export const event = <Type extends Stripe.Event['type']>(type: Type, object: ObjectOf<Type>): Stripe.Event =>
  ({
    id: 'evt_1',
    object: 'event',
    api_version: '2026-10-28.endive',
    created: at,
    livemode: false,
    pending_webhooks: 1,
    request: null,
    type,
    data: { object },
  }) as unknown as Stripe.Event;
