import type Stripe from 'stripe';
import type { Till } from './till.ts';

/** Things to sell and people to sell them to. */

export const aClass = (
  unit_amount = 1400,
  currency = 'eur',
  name = 'Vinyasa Flow',
): Stripe.Checkout.SessionCreateParams.LineItem => ({
  quantity: 1,
  price_data: { currency, unit_amount, product_data: { name } },
});

export async function aPlan(
  { stripe }: Till,
  unit_amount = 3000,
  recurring: Stripe.PriceCreateParams.Recurring = { interval: 'month' },
): Promise<string> {
  const price = await stripe.prices.create({
    currency: 'eur',
    unit_amount,
    recurring,
    product_data: { name: 'Unlimited yoga' },
  });
  return price.id;
}

/** A customer whose card is saved and used unless something else is said. */
export async function aMember(
  { stripe }: Till,
  card = 'pm_card_visa',
  more: Stripe.CustomerCreateParams = {},
): Promise<Stripe.Customer> {
  const customer = await stripe.customers.create({ name: 'Nora Weiss', email: 'nora@example.com', ...more });
  const method = await stripe.paymentMethods.attach(card, { customer: customer.id });
  return stripe.customers.update(customer.id, {
    invoice_settings: { default_payment_method: method.id },
  });
}

/** The first of January 2027, noon UTC: where test clocks begin. */
export const START = Date.UTC(2027, 0, 1, 12) / 1000;
export const HOUR = 3600;
export const DAY = 24 * HOUR;

/** A customer on a clock of their own, and a way to let time pass for them. */
export async function aMemberOnAClock(till: Till, card = 'pm_card_visa') {
  const clock = await till.stripe.testHelpers.testClocks.create({ frozen_time: START });
  const member = await aMember(till, card, { test_clock: clock.id });
  let now = START;
  const pass = async (seconds: number) => {
    now += seconds;
    await till.stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: now });
  };
  return { member, clock, pass, passTo: (at: number) => pass(at - now), now: () => now };
}

export const idOf = (given: string | { id: string } | null | undefined): string =>
  typeof given === 'string' ? given : (given?.id ?? '');

/** An expanded property, which the types only know as an id or an object. */
export function whole<T extends { id: string }>(given: string | T | null | undefined): T {
  if (given == null || typeof given === 'string') throw new Error(`not expanded: ${String(given)}`);
  return given;
}
