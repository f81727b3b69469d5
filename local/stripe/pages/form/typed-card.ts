import type Stripe from 'stripe';
import { createPaymentMethod } from '../../customers/payment-methods.ts';
import type { World } from '../../world.ts';
import { type CardInput, parseExpiry } from './fields.ts';

/** The payment method that a card typed into one of our pages makes; `checkCardInput` has found nothing wrong with it. */
export function methodOfCard(world: World, card: CardInput, email?: string): Stripe.PaymentMethod {
  const { exp_month, exp_year } = parseExpiry(card.expiry) ?? { exp_month: 0, exp_year: 0 };
  return createPaymentMethod(world, {
    type: 'card',
    card: { number: card.number, cvc: card.cvc, exp_month, exp_year },
    billing_details: { name: card.name, ...(email === undefined ? {} : { email }) },
  });
}
