import type Stripe from 'stripe';
import { amountOff } from '../catalogue/coupons.ts';
import { createPrice, needPrice, productOf } from '../catalogue/prices.ts';
import { newId } from '../state/ids.ts';
import { invalidRequest } from '../wire/errors.ts';
import type { World } from '../world.ts';

type Params = Stripe.Checkout.SessionCreateParams;

/** The lines of a session, each with a stored price, before any discount. */
export function makeLines(world: World, params: Params, mode: string): Stripe.LineItem[] {
  const lines = (params.line_items ?? []).map((item, at) => {
    const param = `line_items[${at}]`;
    const quantity = item.quantity ?? 1;
    if (quantity < 1)
      throw invalidRequest('This value must be greater than or equal to 1.', { param: `${param}[quantity]` });
    const price = priceOf(world, item, param);
    if (mode === 'payment' && price.recurring)
      throw invalidRequest(
        'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
        { param: 'line_items' },
      );
    const amount = (price.unit_amount ?? 0) * quantity;
    return {
      id: newId('li'),
      object: 'item',
      adjustable_quantity: null,
      amount_discount: 0,
      amount_subtotal: amount,
      amount_tax: 0,
      amount_total: amount,
      currency: price.currency,
      description: productOf(world, price).name,
      metadata: (item.metadata ?? {}) as Stripe.Metadata,
      price,
      quantity,
    } satisfies Stripe.LineItem;
  });
  checkTogether(lines, mode);
  return lines;
}

function priceOf(
  world: World,
  item: NonNullable<Params['line_items']>[number],
  param: string,
): Readonly<Stripe.Price> {
  if ((item.price === undefined) === (item.price_data === undefined))
    throw invalidRequest(`You must pass either ${param}[price] or ${param}[price_data].`, { param });
  if (item.price !== undefined) {
    const price = needPrice(world, item.price, `${param}[price]`);
    if (price.active) return price;
    throw invalidRequest(`The price specified is inactive. This field only accepts active prices.`, {
      param: `${param}[price]`,
    });
  }
  return createPrice(world, item.price_data as Stripe.PriceCreateParams, {
    param: `${param}[price_data]`,
    inline: true,
  });
}

function checkTogether(lines: Stripe.LineItem[], mode: string): void {
  if (mode === 'setup') {
    if (lines.length)
      throw invalidRequest('You can not pass `line_items` in `setup` mode.', { param: 'line_items' });
    return;
  }
  if (!lines.length)
    throw invalidRequest(`You must provide line_items in \`${mode}\` mode.`, {
      param: 'line_items',
      code: 'parameter_missing',
    });
  const currencies = new Set(lines.map(({ currency }) => currency));
  if (currencies.size > 1)
    throw invalidRequest(
      `All prices on a Checkout Session must be expressed in the same currency. Prices with the following currencies were provided: ${[...currencies].join(', ')}.`,
      { param: 'line_items' },
    );
  if (mode === 'subscription' && !lines.some(({ price }) => price?.recurring))
    throw invalidRequest('You must provide at least one recurring price in `subscription` mode.', {
      param: 'line_items',
    });
}

/** Spreads a discount over the lines by their share, so that the lines add up to the total exactly. */
export function discountLines(
  lines: Stripe.LineItem[],
  coupon: Readonly<Stripe.Coupon> | null,
): Stripe.LineItem[] {
  const subtotal = lines.reduce((sum, { amount_subtotal }) => sum + amount_subtotal, 0);
  let left = amountOff(subtotal, coupon);
  let still = subtotal;
  return lines.map((line) => {
    const share = still === 0 ? 0 : Math.round((left * line.amount_subtotal) / still);
    left -= share;
    still -= line.amount_subtotal;
    return { ...line, amount_discount: share, amount_total: line.amount_subtotal - share };
  });
}
