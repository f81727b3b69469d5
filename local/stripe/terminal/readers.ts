import type Stripe from 'stripe';
import { newId, randomText } from '../state/ids.ts';
import { invalidRequest, missingParam, noSuch } from '../wire/errors.ts';
import { listPage, paging } from '../lists/lists.ts';
import { merge } from '../wire/merge.ts';
import { emptiable, fields, metadata, oneOf, required, text } from '../wire/params.ts';
import { noParams, route, type Route } from '../wire/routes.ts';
import type { World } from '../world.ts';
import { needLocation } from './locations.ts';

export type AnyReader = Stripe.Terminal.Reader | Stripe.Terminal.DeletedReader;

/** The codes under which readers without a device are registered, and what they are. No other code is known here. */
const SIMULATED: Record<string, Stripe.Terminal.Reader.DeviceType> = {
  'simulated-wpe': 'simulated_wisepos_e',
  'simulated-s700': 'simulated_stripe_s700',
  'simulated-s710': 'simulated_stripe_s710',
  'simulated-v660p': 'simulated_verifone_v660p',
};

const createParams = fields<Stripe.Terminal.ReaderCreateParams>({
  registration_code: required(text),
  label: text,
  location: text,
  metadata,
});

const listParams = fields<Stripe.Terminal.ReaderListParams>({
  ...paging,
  device_type: text,
  location: text,
  serial_number: text,
  status: oneOf('offline', 'online'),
});

export function needReader(world: World, id: string): Readonly<Stripe.Terminal.Reader> {
  const reader = world.store.terminalReaders.get(id);
  if (!reader || reader.deleted) throw noSuch('terminal.reader', id);
  return reader;
}

function register(world: World, params: Stripe.Terminal.ReaderCreateParams): Stripe.Terminal.Reader {
  if (params.location === undefined) throw missingParam('location');
  needLocation(world, params.location, 'location');
  const device = SIMULATED[params.registration_code];
  if (!device)
    throw invalidRequest(
      `The registration code is not valid: ${params.registration_code}. Look at the code shown on the reader.`,
      { param: 'registration_code', code: 'resource_missing' },
    );
  const serial = `${params.registration_code}-${randomText(12)}`;
  return world.store.terminalReaders.put({
    id: newId('tmr', 14),
    object: 'terminal.reader',
    action: null,
    device_sw_version: '',
    device_type: device,
    ip_address: '0.0.0.0',
    label: params.label ?? serial,
    last_seen_at: world.clock.now() * 1000,
    livemode: false,
    location: params.location,
    metadata: (params.metadata || {}) as Stripe.Metadata,
    serial_number: serial,
    status: 'online',
  } satisfies Stripe.Terminal.Reader);
}

function forget(world: World, id: string): Stripe.Terminal.DeletedReader {
  const { device_type, serial_number } = needReader(world, id);
  return world.store.terminalReaders.put({
    id,
    object: 'terminal.reader',
    deleted: true,
    device_type,
    serial_number,
  });
}

/** Readers as they are registered and named: https://docs.stripe.com/api/terminal/readers. */
export const readerRoutes: Route[] = [
  route('POST', '/terminal/readers', createParams, ({ world, params }) => register(world, params)),
  route('GET', '/terminal/readers', listParams, ({ world, params, path }) =>
    listPage(
      world.store.terminalReaders,
      path,
      params,
      (reader) =>
        !reader.deleted &&
        reader.location === (params.location ?? reader.location) &&
        reader.device_type === (params.device_type ?? reader.device_type) &&
        reader.serial_number === (params.serial_number ?? reader.serial_number) &&
        reader.status === (params.status ?? reader.status),
    ),
  ),
  route('GET', '/terminal/readers/:id', noParams, ({ world }, id): object => {
    const reader = world.store.terminalReaders.get(id);
    if (!reader) throw noSuch('terminal.reader', id);
    return reader;
  }),
  route(
    'POST',
    '/terminal/readers/:id',
    fields<Stripe.Terminal.ReaderUpdateParams>({ label: emptiable(text), metadata }),
    ({ world, params }, id) => {
      const before = needReader(world, id);
      const { label, ...rest } = params;
      return world.store.terminalReaders.change(id, {
        ...merge(before, rest),
        ...(label !== undefined && { label: label || before.serial_number }),
      });
    },
  ),
  route('DELETE', '/terminal/readers/:id', noParams, ({ world }, id) => forget(world, id)),
];
