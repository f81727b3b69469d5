import type Stripe from 'stripe';
import { decimalOnWire } from '../catalogue/params.ts';
import { createPrice, needPrice } from '../catalogue/prices.ts';
import { newId } from '../state/ids.ts';
import { invalidRequest } from '../wire/errors.ts';
import type { World } from '../world.ts';

interface Given {
  price?: string;
  price_data?: Stripe.SubscriptionCreateParams.Item.PriceData;
  quantity?: number;
  metadata?: unknown;
}

/** The recurring price an item names or describes. */
export function recurringPrice(world: World, given: Given, param: string): Readonly<Stripe.Price> {
  const price =
    given.price_data === undefined
      ? needPrice(world, given.price ?? '', `${param}[price]`)
      : createPrice(world, given.price_data, { param: `${param}[price_data]`, inline: true });
  if (price.recurring) return price;
  throw invalidRequest(
    'The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.',
    { param: `${param}[price]` },
  );
}

export function newItem(
  subscription: string,
  price: Readonly<Stripe.Price>,
  given: Given,
  period: { start: number; end: number; created: number },
): Stripe.SubscriptionItem {
  return {
    id: newId('si', 14),
    object: 'subscription_item',
    billing_thresholds: null,
    created: period.created,
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata: (given.metadata ?? {}) as Stripe.Metadata,
    plan: planOf(price),
    price,
    quantity: given.quantity ?? 1,
    subscription,
    tax_rates: [],
  } satisfies Stripe.SubscriptionItem;
}

/** All prices of a subscription share a currency and an interval. */
export function checkSameCycle(prices: readonly Readonly<Stripe.Price>[]): void {
  const [first] = prices;
  if (!first) throw invalidRequest('A subscription needs at least one item.', { param: 'items' });
  for (const { currency, recurring } of prices) {
    if (currency !== first.currency)
      throw invalidRequest('All prices of a subscription must have the same currency.', { param: 'items' });
    if (
      recurring?.interval !== first.recurring?.interval ||
      recurring?.interval_count !== first.recurring?.interval_count
    )
      throw invalidRequest(
        'All prices of a subscription must have the same interval (the emulator bills them together).',
        {
          param: 'items',
        },
      );
  }
}

/** The older view of a recurring price, still part of every subscription item. */
export function planOf(price: Readonly<Stripe.Price>): Stripe.Plan {
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: decimalOnWire(price.unit_amount ?? 0),
    billing_scheme: 'per_unit',
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? 'month',
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: false,
    metadata: price.metadata,
    meter: null,
    nickname: price.nickname,
    product: price.product as string,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: 'licensed',
  } satisfies Stripe.Plan;
}
