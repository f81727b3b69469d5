/**
 * Stripe Terminal, driven from the server: https://docs.stripe.com/terminal/payments/collect-card-payment?terminal-sdk-platform=server-driven.
 * What Stripe says no to comes back as a word; what cannot be reached is thrown.
 */
import Stripe from 'stripe';
import type { PaymentFacts } from '../facts.ts';
import { stripe } from './client.ts';

type Reader = Stripe.Terminal.Reader;
const invalid = Stripe.errors.StripeInvalidRequestError;
const codeOf = (error: unknown): string | undefined => (error instanceof invalid ? error.code : undefined);

export interface Place {
  name: string;
  /** ISO, two letters. */
  country: string;
  line1: string;
  city: string | undefined;
  postcode: string | undefined;
}

/** Stripe's name for a counter; or what is in the way: an `address` it wants more of, a `country` without readers. */
export async function makePlace(place: Place, key: string): Promise<{ ref: string } | 'address' | 'country'> {
  const { name, country, line1, city, postcode } = place;
  try {
    const made = await stripe().terminal.locations.create(
      {
        display_name: name,
        address: { country, line1, ...(city && { city }), ...(postcode && { postal_code: postcode }) },
        metadata: { location_id: key },
      },
      { idempotencyKey: `place:${key}:${[country, line1, city, postcode, name].join('|')}`.slice(0, 255) },
    );
    return { ref: made.id };
  } catch (error) {
    if (codeOf(error) === 'terminal_location_country_unsupported') return 'country';
    if (error instanceof invalid && error.param?.startsWith('address')) return 'address';
    throw error;
  }
}

/** Null: no reader shows this code. */
export async function registerReader(asked: {
  readerId: string;
  code: string;
  name: string;
  place: string;
}): Promise<Reader | null> {
  try {
    return await stripe().terminal.readers.create(
      {
        registration_code: asked.code,
        label: asked.name,
        location: asked.place,
        metadata: { reader_id: asked.readerId },
      },
      { idempotencyKey: `reader:${asked.readerId}` },
    );
  } catch (error) {
    if (error instanceof invalid && error.param !== 'location') return null;
    throw error;
  }
}

/** One that Stripe has forgotten already is forgotten. */
export async function forgetReader(readerRef: string): Promise<void> {
  await stripe()
    .terminal.readers.del(readerRef)
    .catch((error: unknown) => {
      if (codeOf(error) !== 'resource_missing') throw error;
    });
}

/** Whether the reader answers; null when Stripe does not say. */
export async function isOnline(readerRef: string): Promise<boolean | null> {
  const reader = await stripe()
    .terminal.readers.retrieve(readerRef)
    .catch(() => null);
  return !reader || reader.deleted ? null : reader.status === 'online';
}

/** The movement of money for one payment, made once. */
export async function openIntent(asked: {
  paymentId: string;
  orderId: string;
  businessId: string;
  /** Minor units. */
  amountCents: number;
  currency: string;
}): Promise<string> {
  const made = await stripe().paymentIntents.create(
    {
      amount: asked.amountCents,
      currency: asked.currency.toLowerCase(),
      allowed_payment_method_types: ['card_present'],
      capture_method: 'automatic',
      metadata: { payment_id: asked.paymentId, order_id: asked.orderId, business_id: asked.businessId },
    },
    { idempotencyKey: `intent:${asked.paymentId}` },
  );
  return made.id;
}

/** What became of asking a reader for a card; `over`: the payment is not one to ask a card for (paid, or called off). */
export type Handed = 'waiting' | 'busy' | 'offline' | 'gone' | 'over';

const refused: Record<string, Handed> = {
  terminal_reader_busy: 'busy',
  terminal_reader_offline: 'offline',
  terminal_reader_timeout: 'offline',
  terminal_reader_hardware_fault: 'offline',
  resource_missing: 'gone',
  intent_invalid_state: 'over',
  payment_intent_unexpected_state: 'over',
};

export async function handToReader(readerRef: string, intent: string): Promise<Handed> {
  try {
    await stripe().terminal.readers.processPaymentIntent(readerRef, {
      payment_intent: intent,
      process_config: { enable_customer_cancellation: true },
    });
    return 'waiting';
  } catch (error) {
    const said = refused[codeOf(error) ?? ''];
    if (said) return said;
    throw error;
  }
}

const intentAt = ({ action }: Reader): string | undefined => {
  const intent = action?.process_payment_intent?.payment_intent;
  return typeof intent === 'string' ? intent : intent?.id;
};

/** Takes the payment off the reader and ends it. `deciding`: a card is being looked at just now; `paid`: it was too late. */
export async function stopAtReader(
  readerRef: string,
  intent: string | null,
): Promise<'stopped' | 'deciding' | 'paid'> {
  try {
    const reader = await stripe().terminal.readers.retrieve(readerRef);
    // Another sale may have the reader by now.
    if (!reader.deleted && intentAt(reader) === intent && reader.action?.status === 'in_progress')
      await stripe().terminal.readers.cancelAction(readerRef);
  } catch (error) {
    if (codeOf(error) === 'terminal_reader_busy') return 'deciding';
    // A reader that is off or gone asks nobody for a card.
    if (!refused[codeOf(error) ?? '']) throw error;
  }
  if (!intent) return 'stopped';
  try {
    await stripe().paymentIntents.cancel(intent);
    return 'stopped';
  } catch (error) {
    if (codeOf(error) !== 'payment_intent_unexpected_state') throw error;
    const { status } = await stripe().paymentIntents.retrieve(intent);
    return status === 'canceled' ? 'stopped' : 'paid';
  }
}

/** Why a card was not taken: the bank's word where there is one. */
const failureOf = ({
  action,
}: Reader): Pick<PaymentFacts, 'failure_code' | 'failure_message' | 'failure_ref'> => ({
  failure_code: action?.api_error?.decline_code ?? action?.failure_code ?? 'card_declined',
  ...(action?.failure_message && { failure_message: action.failure_message }),
  ...(action?.api_error?.charge && { failure_ref: action.api_error.charge }),
});

/** How a payment at a reader stands now. */
export async function askIntent(intent: string, readerRef: string): Promise<PaymentFacts> {
  const { id, status, amount_received, currency } = await stripe().paymentIntents.retrieve(intent);
  const about = { kind: 'payment', intent_ref: id, currency: currency.toUpperCase() } as const;
  if (status === 'succeeded') return { ...about, state: 'captured', amount_cents: amount_received };
  if (status === 'canceled') return { ...about, state: 'canceled' };
  if (status === 'processing') return { ...about, state: 'processing' };
  const reader = await stripe()
    .terminal.readers.retrieve(readerRef)
    .catch((error: unknown) => {
      if (codeOf(error) === 'resource_missing') return null;
      throw error;
    });
  if (!reader || reader.deleted || intentAt(reader) !== intent)
    return { ...about, state: 'failed', failure_code: 'reader_stopped' };
  if (reader.action?.status === 'failed') return { ...about, state: 'failed', ...failureOf(reader) };
  return { ...about, state: 'pending' };
}

/** What a reader's event is about: the payment as it stands now, because a newer try may be under way. */
export async function askedOfReader(told: Reader): Promise<PaymentFacts> {
  const intent = intentAt(told);
  return intent ? askIntent(intent, told.id) : { kind: 'other' };
}

/** Holds a test card to a simulated reader. False: it was not waiting for one. */
export async function presentCard(readerRef: string, number: string): Promise<boolean> {
  try {
    await stripe().testHelpers.terminal.readers.presentPaymentMethod(readerRef, {
      type: 'card_present',
      card_present: { number },
    });
    return true;
  } catch (error) {
    if (error instanceof invalid) return false;
    throw error;
  }
}
