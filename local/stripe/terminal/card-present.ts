import { hash } from 'node:crypto';
import type Stripe from 'stripe';
import { cardByNumber } from '../customers/cards.ts';
import { newId } from '../state/ids.ts';
import { invalidRequest } from '../wire/errors.ts';
import type { World } from '../world.ts';

/** A test card as a reader sees it, by the numbers of https://docs.stripe.com/terminal/references/testing. */
export function presentedCard(world: World, number: string): Stripe.PaymentMethod {
  const card = cardByNumber(number);
  if (!card)
    throw invalidRequest(`Not the number of a test card: ${number}`, { param: 'card_present[number]' });
  const method = {
    id: newId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: {
      address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
      email: null,
      name: null,
      phone: null,
      tax_id: null,
    },
    created: world.clock.now(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card_present',
    card_present: {
      brand: card.brand,
      brand_product: null,
      cardholder_name: null,
      country: card.country ?? 'US',
      exp_month: 12,
      exp_year: 2034,
      fingerprint: hash('sha256', number, 'base64url').slice(0, 16),
      funding: card.funding ?? 'credit',
      last4: number.slice(-4),
      networks: { available: [card.brand], preferred: null },
      offline: null,
      preferred_locales: null,
      read_method: 'contactless_emv',
    },
  } satisfies Stripe.PaymentMethod;
  world.store.instruments.put({ id: method.id, number, setUp: false });
  return world.store.paymentMethods.put(method);
}

/** What a charge tells of the card and of the reader it was held to. */
export function presentDetails(
  world: World,
  intent: Readonly<Stripe.PaymentIntent>,
  { card_present: card }: Readonly<Stripe.PaymentMethod>,
): Stripe.Charge.PaymentMethodDetails {
  const reader = world.store.terminalReaders.get(world.store.purposes.get(intent.id)?.reader);
  if (!card) return { type: 'card_present' };
  return {
    type: 'card_present',
    card_present: {
      amount_authorized: intent.amount,
      brand: card.brand,
      brand_product: null,
      cardholder_name: null,
      country: card.country,
      emv_auth_data: null,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      fingerprint: card.fingerprint,
      funding: card.funding,
      generated_card: null,
      incremental_authorization_supported: false,
      last4: card.last4,
      ...(reader && !reader.deleted && { location: reader.location as string, reader: reader.id }),
      network: card.brand,
      network_transaction_id: null,
      offline: null,
      overcapture_supported: false,
      preferred_locales: null,
      read_method: card.read_method,
      receipt: {
        application_cryptogram: 'F9E95EFDD9D01E4A',
        application_preferred_name: 'Test card',
        authorization_code: '123456',
        authorization_response_code: '3030',
        cardholder_verification_method: 'approval',
        dedicated_file_name: 'A000000003101001',
        terminal_verification_results: '8000008000',
        transaction_status_information: '6800',
      },
    } satisfies Stripe.Charge.PaymentMethodDetails.CardPresent,
  };
}
