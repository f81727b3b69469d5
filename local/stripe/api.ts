import type { IncomingHttpHeaders } from 'node:http';
import type { CallFault } from './events/faults.ts';
import { newId } from './state/ids.ts';
import { API_VERSION } from './wire/api-version.ts';
import { invalidRequest, Refusal } from './wire/errors.ts';
import { expand, view } from './lists/expand.ts';
import { parseForm, type RawFields } from './wire/form.ts';
import { fingerprintOf, IdempotencyKeys } from './wire/idempotency.ts';
import { listOf, text } from './wire/params.ts';
import { Router, type Route } from './wire/routes.ts';
import type { World } from './world.ts';

export interface ApiRequest {
  method: string;
  path: string;
  query: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface ApiAnswer {
  /** 0: close the connection without a word. */
  status: number;
  headers: Record<string, string>;
  body: string;
}

const expandParam = listOf(text);

/** The HTTP side of `api.stripe.com/v1`: keys, versions, idempotency, expansion, errors and faults. */
export class Api {
  readonly #world: World;
  readonly #router: Router;
  readonly #keys: IdempotencyKeys;
  readonly #written: () => Promise<void>;

  constructor(world: World, routes: Route[], written: () => Promise<void>) {
    this.#world = world;
    this.#router = new Router(routes);
    this.#keys = new IdempotencyKeys(world);
    this.#written = written;
  }

  async serve(request: ApiRequest): Promise<ApiAnswer> {
    const id = newId('req', 14);
    const headers: Record<string, string> = { 'request-id': id, 'stripe-version': API_VERSION };
    try {
      checkHeaders(request.headers);
      const fault = this.#world.faults.forCall(request);
      if (fault && !fault.after) return failed(fault, headers);
      const answer = await this.#keyed(request, id, headers);
      return fault ? failed(fault, headers) : answer;
    } catch (error) {
      return this.#refused(error, headers);
    }
  }

  async #keyed(request: ApiRequest, id: string, headers: Record<string, string>): Promise<ApiAnswer> {
    const key = request.method === 'POST' ? request.headers['idempotency-key'] : undefined;
    if (typeof key !== 'string') return this.#run(request, id, headers, null);
    if (key.length > 255)
      throw invalidRequest('Idempotency keys can be at most 255 characters long.', {
        code: 'idempotency_key_too_long',
      });
    headers['idempotency-key'] = key;
    const earlier = this.#keys.enter(key, fingerprintOf(request.method, request.path, request.body));
    if (earlier) {
      headers['idempotent-replayed'] = 'true';
      headers['original-request'] = earlier.request;
      return { status: earlier.status, headers, body: earlier.body };
    }
    try {
      return await this.#run(request, id, headers, key);
    } finally {
      this.#keys.leave(key);
    }
  }

  async #run(
    request: ApiRequest,
    id: string,
    headers: Record<string, string>,
    key: string | null,
  ): Promise<ApiAnswer> {
    const delay = this.#world.faults.settings.delay.api;
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    const { route, ids } = this.#router.find(request.method, request.path);
    const { expand: paths = [], ...params } = readParams(request) as RawFields & { expand?: never };
    const wanted = expandParam.read(paths as never, 'expand');
    const act = route.prepare(this.#world, params, ids, request.path);
    const { status, body } = this.#act(act, wanted, { id, idempotency_key: key });
    if (key !== null)
      this.#keys.remember({
        id: key,
        fingerprint: fingerprintOf(request.method, request.path, request.body),
        status,
        body,
        request: id,
      });
    await this.#written();
    return { status, headers, body };
  }

  /** Carries the request out, from start to end in one go. What it refuses is an answer like any other. */
  #act(act: () => object, paths: string[], request: { id: string; idempotency_key: string | null }) {
    const world = this.#world;
    world.request = request;
    try {
      return { status: 200, body: JSON.stringify(expand(world, view(world, act()), paths)) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, body: errorBody(error, request.id) };
    } finally {
      world.request = null;
    }
  }

  #refused(error: unknown, headers: Record<string, string>): ApiAnswer {
    if (error instanceof Refusal)
      return { status: error.status, headers, body: errorBody(error, headers['request-id'] ?? '') };
    this.#world.log(
      `the emulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    const unexpected = new Refusal(500, {
      type: 'api_error',
      message: 'The Stripe emulator failed; its log says where.',
    });
    return { status: 500, headers, body: errorBody(unexpected, headers['request-id'] ?? '') };
  }
}

/** SDKs send a DELETE's parameters in the query or in the body. */
function readParams({ method, query, body }: ApiRequest): RawFields {
  try {
    if (method === 'POST') return parseForm(body);
    return { ...parseForm(query), ...parseForm(body) };
  } catch {
    throw invalidRequest('The request could not be read: it is not form-encoded.');
  }
}

function checkHeaders(headers: IncomingHttpHeaders): void {
  checkKey(keyOf(headers.authorization));
  const version = headers['stripe-version'];
  if (version !== undefined && version !== API_VERSION)
    throw invalidRequest(
      `Invalid Stripe API version: ${String(version)}. The emulator speaks ${API_VERSION} only.`,
    );
  for (const name of ['stripe-account', 'stripe-context'])
    if (headers[name] !== undefined && headers[name] !== '')
      throw invalidRequest(
        `The emulator does not act on behalf of connected accounts (${name}); use transfer_data or transfers.`,
        { param: name },
      );
}

function keyOf(authorization = ''): string {
  const [scheme, value = ''] = authorization.split(' ');
  if (scheme === 'Basic') return Buffer.from(value, 'base64').toString().split(':')[0] ?? '';
  return scheme === 'Bearer' ? value : '';
}

function checkKey(key: string): void {
  if (/^(sk|rk)_test_\w+$/.test(key)) return;
  const refuse = (message: string) => invalidRequest(message, { status: 401 });
  if (/^(sk|rk|pk)_live_/.test(key))
    throw refuse('The Stripe emulator refuses live keys: a live key here means that a setting is wrong.');
  if (key.startsWith('pk_test_'))
    throw refuse('This API call cannot be made with a publishable API key. Please use a secret API key.');
  throw refuse(
    key === ''
      ? 'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth.'
      : `Invalid API Key provided: ${key.slice(0, 8)}…`,
  );
}

function failed(fault: CallFault, headers: Record<string, string>): ApiAnswer {
  const { status, code } = fault;
  const type = status === 429 ? 'rate_limit_error' : status < 500 ? 'invalid_request_error' : 'api_error';
  const refusal = new Refusal(status, {
    type,
    message: fault.message ?? `The emulator was asked to fail this call with ${status}.`,
    ...(code === undefined ? status === 429 && { code: 'rate_limit' } : { code }),
  });
  return { status, headers, body: errorBody(refusal, headers['request-id'] ?? '') };
}

function errorBody({ body }: Refusal, request: string): string {
  return JSON.stringify({
    error: {
      ...body,
      ...(body.code !== undefined && {
        doc_url: `https://docs.stripe.com/error-codes/${body.code.replaceAll('_', '-')}`,
      }),
      request_log_url: `https://dashboard.stripe.com/test/logs/${request}`,
    },
  });
}
