import type Stripe from 'stripe';
import { emit } from '../events/events.ts';
import { newId } from '../state/ids.ts';
import { invalidRequest, noSuch } from '../wire/errors.ts';
import { inRange, listPage, paging, range } from '../lists/lists.ts';
import { merge } from '../wire/merge.ts';
import { emptiable, fields, flag, listOf, metadata, required, text, whole } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import { searchPage, searchParams } from '../lists/search.ts';
import type { World } from '../world.ts';
import { recurringParams, taxBehavior } from './params.ts';
import { createPrice } from './prices.ts';

const createParams = fields<Stripe.ProductCreateParams>({
  id: text,
  name: required(text),
  active: flag,
  description: text,
  images: listOf(text),
  metadata,
  statement_descriptor: text,
  tax_code: text,
  unit_label: text,
  url: text,
  shippable: flag,
  default_price_data: fields<Stripe.ProductCreateParams.DefaultPriceData>({
    currency: required(text),
    unit_amount: whole,
    recurring: recurringParams,
    tax_behavior: taxBehavior,
    metadata,
  }),
});

const updateParams = fields<Stripe.ProductUpdateParams>({
  name: text,
  active: flag,
  default_price: text,
  description: emptiable(text),
  images: listOf(text),
  metadata,
  statement_descriptor: text,
  tax_code: emptiable(text),
  unit_label: emptiable(text),
  url: emptiable(text),
  shippable: flag,
});

export function createProduct(
  world: World,
  params: Stripe.ProductCreateParams,
  inline = false,
): Stripe.Product {
  const id = params.id ?? newId('prod', 14);
  if (world.store.products.get(id))
    throw invalidRequest('Product already exists.', { param: 'id', code: 'resource_already_exists' });
  const now = world.clock.now();
  const product = world.store.products.put({
    id,
    object: 'product',
    active: inline ? false : (params.active ?? true),
    created: now,
    default_price: null,
    description: params.description || null,
    images: params.images ?? [],
    livemode: false,
    marketing_features: [],
    metadata: (params.metadata ?? {}) as Stripe.Metadata,
    name: params.name,
    package_dimensions: null,
    shippable: params.shippable ?? null,
    statement_descriptor: params.statement_descriptor ?? null,
    tax_code: params.tax_code ?? null,
    tax_details: null,
    type: 'service',
    unit_label: params.unit_label ?? null,
    updated: now,
    url: params.url ?? null,
  } satisfies Stripe.Product);
  if (!inline) emit(world, 'product.created', product);
  if (!params.default_price_data) return product;
  const price = createPrice(world, { ...params.default_price_data, product: id });
  return world.store.products.change(id, { default_price: price.id });
}

export function needProduct(world: World, id: string, param?: string): Readonly<Stripe.Product> {
  const product = world.store.products.get(id);
  if (!product) throw noSuch('product', id, param);
  return product;
}

function updateProduct(world: World, id: string, params: Stripe.ProductUpdateParams) {
  const before = needProduct(world, id);
  if (params.default_price !== undefined && world.store.prices.get(params.default_price)?.product !== id)
    throw noSuch('price', params.default_price, 'default_price');
  const after = world.store.products.change(id, { ...merge(before, params), updated: world.clock.now() });
  emit(world, 'product.updated', after, before);
  return after;
}

function deleteProduct(world: World, id: string): Stripe.DeletedProduct {
  const product = needProduct(world, id);
  for (const price of world.store.prices.values())
    if (price.product === id)
      throw invalidRequest(
        'This product cannot be deleted because it has one or more user-created prices. Archive it instead.',
        { param: 'id' },
      );
  world.store.products.delete(id);
  emit(world, 'product.deleted', product);
  return { id, object: 'product', deleted: true };
}

const listParams = fields<Stripe.ProductListParams>({
  ...paging,
  active: flag,
  created: range,
  ids: listOf(text),
});

export const productRoutes: Route[] = [
  route('POST', '/products', createParams, ({ world, params }) => createProduct(world, params)),
  route('GET', '/products', listParams, ({ world, params, path }) =>
    listPage(
      world.store.products,
      path,
      params,
      (product) =>
        product.active === (params.active ?? product.active) &&
        (params.ids?.includes(product.id) ?? true) &&
        inRange(product.created, params.created),
    ),
  ),
  route('GET', '/products/search', searchParams, ({ world, params, path }) =>
    searchPage(world.store.products, path, params),
  ),
  route('GET', '/products/:id', noParams, ({ world }, id) => needProduct(world, id)),
  route('POST', '/products/:id', updateParams, ({ world, params }, id) => updateProduct(world, id, params)),
  route('DELETE', '/products/:id', noParams, ({ world }, id) => deleteProduct(world, id)),
];
