import type Stripe from 'stripe';
import { emit } from '../events/events.ts';
import { checkCurrency } from '../payments/amounts.ts';
import { randomText } from '../state/ids.ts';
import { invalidRequest, noSuch } from '../wire/errors.ts';
import { inRange, listPage, paging, range } from '../lists/lists.ts';
import { merge } from '../wire/merge.ts';
import { decimal, fields, listOf, metadata, oneOf, text, whole } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import type { World } from '../world.ts';

const createParams = fields<Stripe.CouponCreateParams>({
  id: text,
  amount_off: whole,
  applies_to: fields<Stripe.CouponCreateParams.AppliesTo>({ products: listOf(text) }),
  currency: text,
  duration: oneOf('forever', 'once', 'repeating'),
  duration_in_months: whole,
  max_redemptions: whole,
  metadata,
  name: text,
  percent_off: decimal,
  redeem_by: whole,
});

export function createCoupon(world: World, params: Stripe.CouponCreateParams): Stripe.Coupon {
  const { amount_off = null, percent_off = null, duration = 'once' } = params;
  if ((amount_off === null) === (percent_off === null))
    throw invalidRequest('You must pass either percent_off or amount_off.', { param: 'percent_off' });
  if (percent_off !== null && !(percent_off > 0 && percent_off <= 100))
    throw invalidRequest('Invalid percent_off: must be above 0 and at most 100.', { param: 'percent_off' });
  if (amount_off !== null && (amount_off < 1 || params.currency === undefined))
    throw invalidRequest('amount_off must be positive and needs a currency.', { param: 'currency' });
  if ((duration === 'repeating') !== (params.duration_in_months !== undefined))
    throw invalidRequest('duration_in_months goes with duration=repeating, and only with it.', {
      param: 'duration_in_months',
    });
  const id = params.id ?? randomText(8);
  if (world.store.coupons.get(id))
    throw invalidRequest('Coupon already exists.', { param: 'id', code: 'resource_already_exists' });
  const coupon = world.store.coupons.put({
    id,
    object: 'coupon',
    amount_off,
    ...(params.applies_to?.products && { applies_to: { products: params.applies_to.products } }),
    created: world.clock.now(),
    currency: params.currency === undefined ? null : checkCurrency(params.currency),
    duration,
    duration_in_months: params.duration_in_months ?? null,
    livemode: false,
    max_redemptions: params.max_redemptions ?? null,
    metadata: (params.metadata || {}) as Stripe.Metadata,
    name: params.name ?? null,
    percent_off,
    redeem_by: params.redeem_by ?? null,
    times_redeemed: 0,
    valid: true,
  } satisfies Stripe.Coupon);
  emit(world, 'coupon.created', coupon);
  return coupon;
}

export function needCoupon(world: World, id: string, param?: string): Readonly<Stripe.Coupon> {
  const coupon = world.store.coupons.get(id);
  if (!coupon) throw noSuch('coupon', id, param);
  return readCoupon(world, coupon);
}

/** A coupon stops being valid when its time or its redemptions are over. */
function readCoupon(world: World, coupon: Readonly<Stripe.Coupon>): Readonly<Stripe.Coupon> {
  const over =
    (coupon.redeem_by !== null && coupon.redeem_by <= world.clock.now()) ||
    (coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions);
  return over ? { ...coupon, valid: false } : coupon;
}

/** Minor units taken off an amount; half a unit counts as one. */
export function amountOff(amount: number, coupon: Readonly<Stripe.Coupon> | null): number {
  if (!coupon) return 0;
  const off =
    coupon.percent_off === null
      ? (coupon.amount_off ?? 0)
      : Math.round((amount * coupon.percent_off) / 100 + Number.EPSILON);
  return Math.min(Math.max(amount, 0), off);
}

export function countRedemption(world: World, coupon: string, promotionCode: string | null): void {
  const found = world.store.coupons.get(coupon);
  if (found) world.store.coupons.change(coupon, { times_redeemed: found.times_redeemed + 1 });
  const code = world.store.promotionCodes.get(promotionCode);
  if (code) world.store.promotionCodes.change(code.id, { times_redeemed: code.times_redeemed + 1 });
}

export const couponRoutes: Route[] = [
  route('POST', '/coupons', createParams, ({ world, params }) => createCoupon(world, params)),
  route(
    'GET',
    '/coupons',
    fields<Stripe.CouponListParams>({ ...paging, created: range }),
    ({ world, params, path }) => {
      const page = listPage(world.store.coupons, path, params, ({ created }) =>
        inRange(created, params.created),
      );
      return { ...page, data: page.data.map((coupon) => readCoupon(world, coupon)) };
    },
  ),
  route('GET', '/coupons/:id', noParams, ({ world }, id) => needCoupon(world, id)),
  route(
    'POST',
    '/coupons/:id',
    fields<Stripe.CouponUpdateParams>({ metadata, name: text }),
    ({ world, params }, id) => {
      const before = needCoupon(world, id);
      const after = world.store.coupons.change(id, merge(before, params));
      emit(world, 'coupon.updated', after, before);
      return after;
    },
  ),
  route('DELETE', '/coupons/:id', noParams, ({ world }, id) => {
    const coupon = needCoupon(world, id);
    world.store.coupons.delete(id);
    emit(world, 'coupon.deleted', coupon);
    return { id, object: 'coupon', deleted: true } satisfies Stripe.DeletedCoupon;
  }),
];
