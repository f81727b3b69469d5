import type Stripe from 'stripe';
import { needCustomer } from '../customers/customers.ts';
import { emit } from '../events/events.ts';
import { newId, randomText } from '../state/ids.ts';
import { invalidRequest, noSuch } from '../wire/errors.ts';
import { inRange, listPage, paging, range } from '../lists/lists.ts';
import { merge } from '../wire/merge.ts';
import { fields, flag, metadata, oneOf, required, text, whole } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import type { World } from '../world.ts';
import { needCoupon } from './coupons.ts';

const restrictions = fields<Stripe.PromotionCodeCreateParams.Restrictions>({
  first_time_transaction: flag,
  minimum_amount: whole,
  minimum_amount_currency: text,
});

const createParams = fields<Stripe.PromotionCodeCreateParams>({
  promotion: required(
    fields<Stripe.PromotionCodeCreateParams.Promotion>({
      type: required(oneOf('coupon')),
      coupon: required(text),
    }),
  ),
  active: flag,
  code: text,
  customer: text,
  expires_at: whole,
  max_redemptions: whole,
  metadata,
  restrictions,
});

function createPromotionCode(world: World, params: Stripe.PromotionCodeCreateParams): Stripe.PromotionCode {
  const coupon = needCoupon(world, params.promotion.coupon ?? '', 'promotion[coupon]');
  const code = params.code ?? randomText(8).toUpperCase();
  if (findPromotionCode(world, code))
    throw invalidRequest(`An active promotion code with \`code: ${code}\` already exists.`, {
      param: 'code',
    });
  if (params.customer !== undefined) needCustomer(world, params.customer, 'customer');
  const made = world.store.promotionCodes.put({
    id: newId('promo'),
    object: 'promotion_code',
    active: params.active ?? true,
    code,
    created: world.clock.now(),
    customer: params.customer ?? null,
    customer_account: null,
    expires_at: params.expires_at ?? null,
    livemode: false,
    max_redemptions: params.max_redemptions ?? null,
    metadata: (params.metadata ?? {}) as Stripe.Metadata,
    promotion: { coupon: coupon.id, type: 'coupon' },
    restrictions: {
      first_time_transaction: params.restrictions?.first_time_transaction ?? false,
      minimum_amount: params.restrictions?.minimum_amount ?? null,
      minimum_amount_currency: params.restrictions?.minimum_amount_currency?.toLowerCase() ?? null,
    },
    times_redeemed: 0,
  } satisfies Stripe.PromotionCode);
  emit(world, 'promotion_code.created', made);
  return made;
}

/** By what a customer types; capital letters make no difference. */
export function findPromotionCode(world: World, code: string): Readonly<Stripe.PromotionCode> | undefined {
  for (const each of world.store.promotionCodes.newestFirst())
    if (each.active && each.code.toLowerCase() === code.toLowerCase()) return each;
  return undefined;
}

/** Throws when the code cannot be used for this purchase. */
export function checkPromotionCode(
  world: World,
  code: Readonly<Stripe.PromotionCode>,
  { customer, amount, currency }: { customer: string | null; amount: number; currency: string },
): void {
  const refuse = (why: string) =>
    invalidRequest(why, { param: 'promotion_code', code: 'promotion_code_invalid' });
  if (!code.active || (code.expires_at !== null && code.expires_at <= world.clock.now()))
    throw refuse('This promotion code has expired.');
  if (code.max_redemptions !== null && code.times_redeemed >= code.max_redemptions)
    throw refuse('This promotion code has been redeemed too many times.');
  if (code.customer !== null && code.customer !== customer)
    throw refuse('This promotion code is for another customer.');
  const { minimum_amount, minimum_amount_currency, first_time_transaction } = code.restrictions;
  if (minimum_amount !== null && (minimum_amount_currency !== currency || amount < minimum_amount))
    throw refuse('This promotion code needs a larger purchase.');
  if (first_time_transaction && customer !== null)
    for (const charge of world.store.charges.values())
      if (charge.customer === customer && charge.paid)
        throw refuse('This promotion code is for a first purchase.');
}

function need(world: World, id: string): Readonly<Stripe.PromotionCode> {
  const code = world.store.promotionCodes.get(id);
  if (!code) throw noSuch('promotion code', id);
  return code;
}

const listParams = fields<Stripe.PromotionCodeListParams>({
  ...paging,
  active: flag,
  code: text,
  coupon: text,
  created: range,
  customer: text,
});

export const promotionCodeRoutes: Route[] = [
  route('POST', '/promotion_codes', createParams, ({ world, params }) => createPromotionCode(world, params)),
  route('GET', '/promotion_codes', listParams, ({ world, params, path }) =>
    listPage(
      world.store.promotionCodes,
      path,
      params,
      (code) =>
        code.active === (params.active ?? code.active) &&
        code.code.toLowerCase() === (params.code ?? code.code).toLowerCase() &&
        code.promotion.coupon === (params.coupon ?? code.promotion.coupon) &&
        code.customer === (params.customer ?? code.customer) &&
        inRange(code.created, params.created),
    ),
  ),
  route('GET', '/promotion_codes/:id', noParams, ({ world }, id) => need(world, id)),
  route(
    'POST',
    '/promotion_codes/:id',
    fields<Stripe.PromotionCodeUpdateParams>({ active: flag, metadata }),
    ({ world, params }, id) => {
      const before = need(world, id);
      const after = world.store.promotionCodes.change(id, merge(before, params));
      emit(world, 'promotion_code.updated', after, before);
      return after;
    },
  ),
];
