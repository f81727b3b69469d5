import type Stripe from 'stripe';
import { wholeAddress } from '../customers/params.ts';
import { newId } from '../state/ids.ts';
import { invalidRequest, missingParam, noSuch } from '../wire/errors.ts';
import { listPage, paging } from '../lists/lists.ts';
import { merge } from '../wire/merge.ts';
import { emptiable, fields, metadata, required, text } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import type { World } from '../world.ts';

const address = { city: text, line1: text, line2: text, postal_code: text, state: text } as const;

const createParams = fields<Stripe.Terminal.LocationCreateParams>({
  display_name: text,
  address: fields<Stripe.Terminal.LocationCreateParams.Address>({ ...address, country: required(text) }),
  phone: text,
  metadata,
});

const updateParams = fields<Stripe.Terminal.LocationUpdateParams>({
  display_name: emptiable(text),
  address: fields<Stripe.AddressParam>({ ...address, country: text }),
  phone: emptiable(text),
  metadata,
});

export function needLocation(world: World, id: string, param?: string): Readonly<Stripe.Terminal.Location> {
  const location = world.store.terminalLocations.get(id);
  if (!location) throw noSuch('location', id, param);
  return location;
}

function createLocation(
  world: World,
  params: Stripe.Terminal.LocationCreateParams,
): Stripe.Terminal.Location {
  if (!params.display_name) throw missingParam('display_name');
  if (!params.address?.line1) throw missingParam(params.address ? 'address[line1]' : 'address');
  return world.store.terminalLocations.put({
    id: newId('tml', 14),
    object: 'terminal.location',
    address: wholeAddress(params.address) as Stripe.Address,
    display_name: params.display_name,
    livemode: false,
    metadata: (params.metadata || {}) as Stripe.Metadata,
    ...(params.phone !== undefined && { phone: params.phone }),
  } satisfies Stripe.Terminal.Location);
}

function deleteLocation(world: World, id: string): Stripe.Terminal.DeletedLocation {
  needLocation(world, id);
  for (const reader of world.store.terminalReaders.values())
    if (!reader.deleted && reader.location === id)
      throw invalidRequest('You cannot delete a location that still has readers.', { param: 'location' });
  world.store.terminalLocations.delete(id);
  return { id, object: 'terminal.location', deleted: true };
}

/** Where readers stand: https://docs.stripe.com/api/terminal/locations. */
export const locationRoutes: Route[] = [
  route('POST', '/terminal/locations', createParams, ({ world, params }) => createLocation(world, params)),
  route(
    'GET',
    '/terminal/locations',
    fields<Stripe.Terminal.LocationListParams>(paging),
    ({ world, params, path }) => listPage(world.store.terminalLocations, path, params),
  ),
  route('GET', '/terminal/locations/:id', noParams, ({ world }, id) => needLocation(world, id)),
  route('POST', '/terminal/locations/:id', updateParams, ({ world, params }, id) => {
    const { address: moved, ...rest } = params;
    const before = needLocation(world, id);
    return world.store.terminalLocations.change(id, {
      ...merge(before, rest),
      ...(moved && { address: { ...before.address, ...wholeAddress(moved) } as Stripe.Address }),
    });
  }),
  route('DELETE', '/terminal/locations/:id', noParams, ({ world }, id) => deleteLocation(world, id)),
];
