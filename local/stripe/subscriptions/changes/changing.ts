import type Stripe from 'stripe';
import { amountOff } from '../../catalogue/coupons.ts';
import { productOf } from '../../catalogue/prices.ts';
import { periodLine, type LineDraft } from '../../invoicing/lines/invoice-lines.ts';
import { noSuch } from '../../wire/errors.ts';
import { timeFor, type World } from '../../world.ts';
import { currentPeriodEnd } from '../time/cycle.ts';
import { periodEnd } from '../time/periods.ts';
import { checkSameCycle, newItem, planOf, recurringPrice } from '../subscription-item.ts';

type Subscription = Readonly<Stripe.Subscription>;
type Item = Readonly<Stripe.SubscriptionItem>;

export interface Wanted {
  items?: Stripe.SubscriptionUpdateParams.Item[];
  /** Begin a new billing period now. */
  resetCycle?: boolean;
  behavior?: Stripe.SubscriptionUpdateParams.ProrationBehavior;
  /** The moment up to which the old plan counts, in seconds. */
  at?: number;
  trialEnd?: 'now' | number;
  /** What it is reduced by from now on; left out: by what it was. */
  discounts?: Stripe.SubscriptionUpdateParams['discounts'];
}

export interface Change {
  items: Stripe.SubscriptionItem[];
  /** Credits for what was paid and will not be used, and debits for what is used instead. */
  prorations: LineDraft[];
  /** A new period begins now and is invoiced at once. */
  reset: boolean;
  period: { start: number; end: number };
  trialing: boolean;
}

/** What a change would mean, without doing it: updating and previewing share it, so they agree to the cent. */
export function planChange(world: World, subscription: Subscription, wanted: Wanted): Change {
  const now = timeFor(world, subscription.customer as string);
  const changed = changeItems(world, subscription, wanted.items ?? []);
  checkSameCycle(changed.map(({ price }) => price));
  const recurring = changed[0]?.price.recurring as Stripe.Price.Recurring;
  const before = subscription.items.data[0]?.price.recurring as Stripe.Price.Recurring;
  const otherCycle =
    recurring.interval !== before.interval || recurring.interval_count !== before.interval_count;
  const endsTrial = wanted.trialEnd === 'now' && subscription.status === 'trialing';
  const trialing = typeof wanted.trialEnd === 'number' || (subscription.status === 'trialing' && !endsTrial);
  const reset = !trialing && (otherCycle || wanted.resetCycle === true || endsTrial);
  const period = reset
    ? { start: now, end: periodEnd(now, recurring, now) }
    : {
        start:
          typeof wanted.trialEnd === 'number'
            ? now
            : (subscription.items.data[0]?.current_period_start ?? now),
        end: typeof wanted.trialEnd === 'number' ? wanted.trialEnd : currentPeriodEnd(subscription),
      };
  const items = changed.map((item) => ({
    ...item,
    current_period_start: period.start,
    current_period_end: period.end,
  }));
  const prorate = wanted.behavior !== 'none' && subscription.status !== 'trialing' && !trialing;
  const at = Math.min(wanted.at ?? now, currentPeriodEnd(subscription));
  const prorations = prorate
    ? prorationsOf(world, subscription, items, { at, reset, discounts: wanted.discounts })
    : [];
  return { items, prorations, reset, period, trialing };
}

function changeItems(
  world: World,
  subscription: Subscription,
  wanted: Stripe.SubscriptionUpdateParams.Item[],
): Stripe.SubscriptionItem[] {
  let items: Item[] = [...subscription.items.data];
  wanted.forEach((given, at) => {
    const param = `items[${at}]`;
    const known = items.find(({ id }) => id === given.id);
    if (given.id !== undefined && !known) throw noSuch('subscription item', given.id, `${param}[id]`);
    if (known && given.deleted) items = items.filter((item) => item !== known);
    else if (known)
      items = items.map((item) => (item === known ? changeItem(world, item, given, param) : item));
    else {
      const period = { start: 0, end: 0, created: timeFor(world, subscription.customer as string) };
      items = [...items, newItem(subscription.id, recurringPrice(world, given, param), given, period)];
    }
  });
  return items;
}

function changeItem(
  world: World,
  item: Item,
  given: Stripe.SubscriptionUpdateParams.Item,
  param: string,
): Stripe.SubscriptionItem {
  const price =
    given.price === undefined && given.price_data === undefined
      ? item.price
      : recurringPrice(world, given, param);
  return {
    ...item,
    price,
    plan: planOf(price),
    quantity: given.quantity ?? item.quantity ?? 1,
    metadata: (given.metadata as Stripe.Metadata | undefined) ?? item.metadata,
  };
}

const worth = (item: Item) => (item.price.unit_amount ?? 0) * (item.quantity ?? 1);

function prorationsOf(
  world: World,
  subscription: Subscription,
  items: Item[],
  { at, reset, discounts }: { at: number; reset: boolean; discounts: Wanted['discounts'] },
): LineDraft[] {
  const before = subscription.items.data;
  const touched = (item: Item) => {
    const other = [...before, ...items].filter(({ id }) => id === item.id);
    return (
      reset ||
      other.length < 2 ||
      new Set(other.map(({ price, quantity }) => `${price.id} ${quantity}`)).size > 1
    );
  };
  const credits = unusedTime(world, subscription, before.filter(touched), at);
  if (reset) return credits;
  const cost = pricesAfter(items, couponsAfter(world, subscription, discounts, at));
  const debits = items
    .filter(touched)
    .map((item) => partOf(world, subscription, item, at, cost.get(item.id) ?? 0));
  return [...credits, ...debits].filter(({ amount }) => amount !== 0);
}

/** What the rest of the paid period is worth, given back: of what was paid for it, not of its price. */
export function unusedTime(
  world: World,
  subscription: Subscription,
  items: readonly Item[],
  at: number,
): LineDraft[] {
  const began = subscription.items.data[0]?.current_period_start ?? at;
  const paid = pricesAfter(subscription.items.data, couponsAt(world, subscription, began));
  return items
    .map((item) => partOf(world, subscription, item, at, -(paid.get(item.id) ?? worth(item))))
    .filter(({ amount }) => amount !== 0);
}

/** The part of an item's period after `at`, of what the whole period costs (below zero: is given back), to the nearest minor unit. */
function partOf(world: World, subscription: Subscription, item: Item, at: number, cost: number): LineDraft {
  const [paid] = subscription.items.data;
  const [start, end] = [paid?.current_period_start ?? at, currentPeriodEnd(subscription)];
  const share = end > start ? Math.max(0, end - at) / (end - start) : 0;
  const { name } = productOf(world, item.price);
  const day = new Date(at * 1000).toISOString().slice(0, 10);
  return {
    ...periodLine(world, item, { start: at, end }),
    amount: Math.sign(cost) * Math.round(Math.abs(cost) * share),
    description: `${cost < 0 ? 'Unused time on' : 'Remaining time on'} ${name} after ${day}`,
    proration: true,
    discountable: false,
  };
}

type Coupon = Readonly<Stripe.Coupon>;

/** The coupons that reduced a subscription at a moment. */
function couponsAt(world: World, subscription: Subscription, at: number): Coupon[] {
  return (subscription.discounts as string[]).flatMap((id) => {
    const discount = world.store.discounts.get(id);
    if (!discount || discount.start > at || (discount.end !== null && discount.end <= at)) return [];
    return world.store.coupons.get(discount.source.coupon as string | undefined) ?? [];
  });
}

/** Those that reduce what is used instead. */
function couponsAfter(
  world: World,
  subscription: Subscription,
  given: Wanted['discounts'],
  at: number,
): Coupon[] {
  if (given === undefined) return couponsAt(world, subscription, at);
  return (given || []).flatMap(({ coupon, discount, promotion_code }) => {
    const kept = world.store.discounts.get(discount)?.source.coupon;
    const code = world.store.promotionCodes.get(promotion_code)?.promotion.coupon;
    return world.store.coupons.get(coupon ?? ((kept ?? code) as string | undefined)) ?? [];
  });
}

/** What each item's period costs once the coupons are taken off all of them by their share; not rounded. */
function pricesAfter(items: readonly Item[], coupons: Coupon[]): Map<string, number> {
  const costs = new Map(items.map((item) => [item.id, worth(item)]));
  for (const coupon of coupons) {
    const total = [...costs.values()].reduce((sum, cost) => sum + cost, 0);
    const off = amountOff(total, coupon);
    for (const [id, cost] of costs) costs.set(id, total === 0 ? 0 : cost - (off * cost) / total);
  }
  return costs;
}
