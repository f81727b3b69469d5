import type Stripe from 'stripe';
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
  const prorations = prorate ? prorationsOf(world, subscription, items, { at, reset }) : [];
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
  { at, reset }: { at: number; reset: boolean },
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
  const debits = items.filter(touched).map((item) => partOf(world, subscription, item, at, 1));
  return [...credits, ...debits].filter(({ amount }) => amount !== 0);
}

/** What the rest of the paid period is worth, given back. */
export function unusedTime(
  world: World,
  subscription: Subscription,
  items: readonly Item[],
  at: number,
): LineDraft[] {
  return items.map((item) => partOf(world, subscription, item, at, -1)).filter(({ amount }) => amount !== 0);
}

/** The part of an item's period after `at`, less the subscription's percentage discounts, to the nearest minor unit. */
function partOf(world: World, subscription: Subscription, item: Item, at: number, sign: 1 | -1): LineDraft {
  const [paid] = subscription.items.data;
  const [start, end] = [paid?.current_period_start ?? at, currentPeriodEnd(subscription)];
  const share = end > start ? Math.max(0, end - at) / (end - start) : 0;
  const { name } = productOf(world, item.price);
  const day = new Date(at * 1000).toISOString().slice(0, 10);
  return {
    ...periodLine(world, item, { start: at, end }),
    amount: sign * Math.round(discounted(world, subscription, worth(item)) * share),
    description: `${sign < 0 ? 'Unused time on' : 'Remaining time on'} ${name} after ${day}`,
    proration: true,
    discountable: false,
  };
}

function discounted(world: World, subscription: Subscription, amount: number): number {
  return (subscription.discounts as string[]).reduce((left, id) => {
    const coupon = world.store.coupons.get(
      world.store.discounts.get(id)?.source.coupon as string | undefined,
    );
    return coupon?.percent_off ? (left * (100 - coupon.percent_off)) / 100 : left;
  }, amount);
}
