import type Stripe from 'stripe';
import { newId } from '../state/ids.ts';
import { invalidRequest, noSuch } from '../wire/errors.ts';
import type { World } from '../world.ts';
import { amountOff, countRedemption, needCoupon } from './coupons.ts';
import { checkPromotionCode } from './promotion-codes.ts';

export interface ChosenDiscount {
  coupon: Readonly<Stripe.Coupon>;
  promotionCode: string | null;
}

/** Finds and checks what a purchase is to be reduced by. */
export function chooseDiscount(
  world: World,
  given: { coupon?: string; promotion_code?: string },
  purchase: { customer: string | null; amount: number; currency: string },
  param = 'discounts[0]',
): ChosenDiscount {
  let coupon: Readonly<Stripe.Coupon>;
  let promotionCode: string | null = null;
  if (given.promotion_code !== undefined) {
    const code = world.store.promotionCodes.get(given.promotion_code);
    if (!code) throw noSuch('promotion code', given.promotion_code, `${param}[promotion_code]`);
    checkPromotionCode(world, code, purchase);
    promotionCode = code.id;
    coupon = needCoupon(world, code.promotion.coupon as string, `${param}[promotion_code]`);
  } else if (given.coupon !== undefined) coupon = needCoupon(world, given.coupon, `${param}[coupon]`);
  else throw invalidRequest('A discount needs a coupon or a promotion_code.', { param });
  if (!coupon.valid)
    throw invalidRequest(`Coupon expired: ${coupon.id}`, {
      param: `${param}[coupon]`,
      code: 'coupon_expired',
    });
  if (coupon.currency !== null && coupon.currency !== purchase.currency)
    throw invalidRequest(`The coupon is in ${coupon.currency}, the purchase in ${purchase.currency}.`, {
      param: `${param}[coupon]`,
    });
  return { coupon, promotionCode };
}

/** Redeems it for a subscription or a checkout session, from `start` on. */
export function redeem(
  world: World,
  { coupon, promotionCode }: ChosenDiscount,
  holder: { customer: string | null; subscription?: string; session?: string },
  start: number,
): Stripe.Discount {
  countRedemption(world, coupon.id, promotionCode);
  const end = coupon.duration === 'repeating' ? monthsAfter(start, coupon.duration_in_months ?? 1) : null;
  return world.store.discounts.put({
    id: newId('di'),
    object: 'discount',
    checkout_session: holder.session ?? null,
    customer: holder.customer,
    customer_account: null,
    end,
    invoice: null,
    invoice_item: null,
    promotion_code: promotionCode,
    source: { coupon: coupon.id, type: 'coupon' },
    start,
    subscription: holder.subscription ?? null,
    subscription_item: null,
  } satisfies Stripe.Discount);
}

export interface Taken {
  discount: string;
  amount: number;
}

/**
 * What each discount, one after the other, takes off amounts that are sold together: by their share, so that it adds
 * up exactly. Amounts of zero or less take no part.
 */
export function spreadDiscounts(
  world: World,
  discounts: readonly string[],
  amounts: readonly number[],
  at: number,
): Taken[][] {
  const taken: Taken[][] = amounts.map(() => []);
  const rest = amounts.map((amount) => Math.max(0, amount));
  for (const id of discounts) {
    const discount = world.store.discounts.get(id);
    if (!discount || (discount.end !== null && discount.end <= at)) continue;
    const coupon = world.store.coupons.get(discount.source.coupon as string) ?? null;
    let still = rest.reduce((sum, amount) => sum + amount, 0);
    let left = amountOff(still, coupon);
    rest.forEach((amount, line) => {
      const share = still === 0 ? 0 : Math.round((left * amount) / still);
      still -= amount;
      left -= share;
      rest[line] = amount - share;
      if (share > 0) taken[line]?.push({ discount: id, amount: share });
    });
  }
  return taken;
}

/** A coupon for one purchase is used up by it. */
export function useUp(world: World, discounts: readonly string[], at: number): string[] {
  return discounts.filter((id) => {
    const coupon = world.store.coupons.get(
      world.store.discounts.get(id)?.source.coupon as string | undefined,
    );
    if (coupon?.duration !== 'once') return true;
    world.store.discounts.change(id, { end: at });
    return false;
  });
}

function monthsAfter(start: number, months: number): number {
  const date = new Date(start * 1000);
  date.setUTCMonth(date.getUTCMonth() + months);
  return Math.floor(date.getTime() / 1000);
}
