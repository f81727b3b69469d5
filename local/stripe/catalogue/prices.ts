import type Stripe from 'stripe';
import { emit } from '../events/events.ts';
import { checkCurrency } from '../payments/amounts.ts';
import { newId } from '../state/ids.ts';
import { invalidRequest, noSuch } from '../wire/errors.ts';
import { inRange, listPage, paging, range } from '../lists/lists.ts';
import { merge } from '../wire/merge.ts';
import { fields, flag, listOf, metadata, oneOf, required, text, whole, type Field } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import { searchPage, searchParams } from '../lists/search.ts';
import type { World } from '../world.ts';
import { decimalOnWire, recurringParams, taxBehavior } from './params.ts';
import { createProduct, needProduct } from './products.ts';

/** Whole minor units only: `12` or `12.0`, as prices in fractions of a cent are not emulated. */
const wholeDecimal: Field<Stripe.Decimal> = {
  read(raw, path) {
    if (typeof raw === 'string' && /^\d{1,12}(\.0+)?$/.test(raw))
      return decimalOnWire(Number.parseInt(raw, 10));
    throw invalidRequest(`Invalid decimal: ${String(raw)} (the emulator takes whole minor units only)`, {
      param: path,
    });
  },
};

const createParams = fields<Stripe.PriceCreateParams>({
  currency: required(text),
  active: flag,
  billing_scheme: oneOf('per_unit'),
  lookup_key: text,
  metadata,
  nickname: text,
  product: text,
  product_data: fields<Stripe.PriceCreateParams.ProductData>({
    id: text,
    name: required(text),
    active: flag,
    metadata,
    statement_descriptor: text,
    tax_code: text,
    unit_label: text,
  }),
  recurring: recurringParams,
  tax_behavior: taxBehavior,
  transfer_lookup_key: flag,
  unit_amount: whole,
  unit_amount_decimal: wholeDecimal,
});

const updateParams = fields<Stripe.PriceUpdateParams>({
  active: flag,
  lookup_key: text,
  metadata,
  nickname: text,
  tax_behavior: taxBehavior,
  transfer_lookup_key: flag,
});

/** Made on the spot for one checkout or subscription: nobody is told of it, and nobody else can use it. */
interface Inline {
  /** Where it stands in the request. */
  param: string;
  inline: true;
}

export function createPrice(world: World, params: Stripe.PriceCreateParams, made?: Inline): Stripe.Price {
  const at = (name: string) => (made ? `${made.param}[${name}]` : name);
  const currency = checkCurrency(params.currency, at('currency'));
  const amount =
    params.unit_amount ??
    (params.unit_amount_decimal === undefined ? undefined : Number(params.unit_amount_decimal));
  if (amount === undefined)
    throw invalidRequest(`Missing required param: ${at('unit_amount')}.`, {
      param: at('unit_amount'),
      code: 'parameter_missing',
    });
  if (amount < 0)
    throw invalidRequest('This value must be greater than or equal to 0.', {
      param: at('unit_amount'),
      code: 'parameter_invalid_integer',
    });
  if ((params.product === undefined) === (params.product_data === undefined))
    throw invalidRequest(`You must pass either ${at('product')} or ${at('product_data')}.`, {
      param: at('product'),
      code: 'parameter_missing',
    });
  takeLookupKey(world, params.lookup_key, params.transfer_lookup_key);
  const product =
    params.product === undefined
      ? createProduct(world, params.product_data as Stripe.ProductCreateParams, Boolean(made)).id
      : needProduct(world, params.product, at('product')).id;
  const { recurring } = params;
  const price = world.store.prices.put({
    id: newId('price'),
    object: 'price',
    active: made ? false : (params.active ?? true),
    billing_scheme: 'per_unit',
    created: world.clock.now(),
    currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: params.lookup_key ?? null,
    metadata: (params.metadata ?? {}) as Stripe.Metadata,
    nickname: params.nickname ?? null,
    product,
    recurring: recurring
      ? {
          interval: recurring.interval,
          interval_count: recurring.interval_count ?? 1,
          meter: null,
          trial_period_days: null,
          usage_type: 'licensed',
        }
      : null,
    tax_behavior: params.tax_behavior ?? 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: recurring ? 'recurring' : 'one_time',
    unit_amount: amount,
    unit_amount_decimal: decimalOnWire(amount),
  } satisfies Stripe.Price);
  if (!made) emit(world, 'price.created', price);
  return price;
}

function takeLookupKey(world: World, key: string | undefined, transfer = false): void {
  if (key === undefined) return;
  for (const price of world.store.prices.values()) {
    if (price.lookup_key !== key) continue;
    if (!transfer)
      throw invalidRequest(`A price (\`${price.id}\`) already uses that lookup key.`, {
        param: 'lookup_key',
      });
    world.store.prices.change(price.id, { lookup_key: null });
  }
}

export function needPrice(world: World, id: string, param?: string): Readonly<Stripe.Price> {
  const price = world.store.prices.get(id);
  if (!price) throw noSuch('price', id, param);
  return price;
}

export const productOf = (world: World, price: Readonly<Stripe.Price>): Readonly<Stripe.Product> =>
  world.store.products.need(price.product as string);

function updatePrice(world: World, id: string, params: Stripe.PriceUpdateParams) {
  const before = needPrice(world, id);
  const { transfer_lookup_key, ...rest } = params;
  if (rest.lookup_key !== before.lookup_key) takeLookupKey(world, rest.lookup_key, transfer_lookup_key);
  const after = world.store.prices.change(id, merge(before, rest));
  emit(world, 'price.updated', after, before);
  return after;
}

const listParams = fields<Stripe.PriceListParams>({
  ...paging,
  active: flag,
  created: range,
  currency: text,
  lookup_keys: listOf(text),
  product: text,
  type: oneOf('one_time', 'recurring'),
});

function listPrices(world: World, params: Stripe.PriceListParams, path: string) {
  return listPage(
    world.store.prices,
    path,
    params,
    (price) =>
      price.active === (params.active ?? price.active) &&
      price.currency === (params.currency ?? price.currency) &&
      price.product === (params.product ?? price.product) &&
      price.type === (params.type ?? price.type) &&
      (params.lookup_keys?.includes(price.lookup_key ?? '') ?? true) &&
      inRange(price.created, params.created),
  );
}

export const priceRoutes: Route[] = [
  route('POST', '/prices', createParams, ({ world, params }) => createPrice(world, params)),
  route('GET', '/prices', listParams, ({ world, params, path }) => listPrices(world, params, path)),
  route('GET', '/prices/search', searchParams, ({ world, params, path }) =>
    searchPage(world.store.prices, path, params),
  ),
  route('GET', '/prices/:id', noParams, ({ world }, id) => needPrice(world, id)),
  route('POST', '/prices/:id', updateParams, ({ world, params }, id) => updatePrice(world, id, params)),
];
