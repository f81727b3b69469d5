/**
 * The wrapper of every handler under pages/api: origin, limits, who may, reading the input, the idempotency key,
 * the act itself, and one shape of answer. See `EndpointOptions` for what a handler says, `/api/openapi.json` for
 * what all of them said.
 */
import type { APIContext, APIRoute } from 'astro';
import { z } from 'zod';
import { config } from './config.ts';
import { type Guard, anyone } from './guards.ts';
import {
  type Success,
  cameFrom,
  here,
  jsonRefusal,
  jsonSuccess,
  refusalHeaders,
  seeOther,
  shownPage,
  signInPath,
  wantsJson,
  withoutPrefix,
} from './http/answers.ts';
import { fieldsOf, readBytes, readFields, textOf } from './http/body.ts';
import { allAgain, fieldErrors, shownAgain } from './http/fields.ts';
import { isFromElsewhere } from './http/origin.ts';
import { secondsToWait } from './http/rate-limit.ts';
import { log } from './log.ts';
import { Refusal, Unavailable, isRefused, sentence } from './refusals.ts';
import { readKey } from './http/idempotency.ts';
import type { Endpoint, EndpointOptions } from './http/options.ts';

export { Page } from './http/answers.ts';
export { newIdempotencyKey } from './http/idempotency.ts';
export type { Endpoint } from './http/options.ts';

const sixtyFourKilobytes = 64 * 1024;

const slowDown = (seconds: number): Refusal => new Refusal('too_many_requests', 429, { seconds });

export function endpoint<Schema extends z.ZodType, Who, Data>(
  options: EndpointOptions<Schema, Who, Data>,
): Endpoint {
  type Input = z.output<Schema>;
  const guard = options.who ?? (anyone as Guard<unknown> as Guard<Who>);
  const raw = options.body === 'raw';

  /** Everything before the act and the act itself; `fields` is filled on the way, for the form's page. */
  async function run(
    context: APIContext,
    fields: Record<string, unknown>,
    errors: Record<string, string>,
  ): Promise<Data | Refusal | Response> {
    const { request, locals } = context;
    if (
      !raw &&
      isFromElsewhere(request.method, request.headers, here(context), config.secure ? 'https:' : 'http:')
    ) {
      return new Refusal('wrong_origin', 403);
    }
    const wait = await secondsToWait(options.limit, 'address', locals.address);
    if (wait > 0) return slowDown(wait);

    const who = await guard(context);
    if (isRefused(who)) return who;
    if (locals.user) {
      const memberWait = await secondsToWait(options.limit, 'member', locals.user.id);
      if (memberWait > 0) return slowDown(memberWait);
    }

    let body = '';
    if (raw) {
      const bytes = await readBytes(request, options.maxBody ?? sixtyFourKilobytes);
      if (isRefused(bytes)) return bytes;
      const text = textOf(bytes);
      if (isRefused(text)) return text;
      body = text;
    } else if (request.method === 'GET' || request.method === 'HEAD') {
      Object.assign(fields, fieldsOf(context.url.searchParams.entries()));
    } else {
      const sent = await readFields(request, options.maxBody ?? sixtyFourKilobytes, options.body === 'files');
      if (isRefused(sent)) return sent;
      Object.assign(fields, sent);
    }

    let key = '';
    if (options.idempotent) {
      const found = readKey(request, fields);
      if (isRefused(found)) return found;
      key = found;
    }

    const schema: z.ZodType = options.input ?? z.object({});
    const { idempotency_key: _key, ...sent } = fields;
    const checked = schema.safeParse({ ...sent, ...context.params }, { reportInput: true });
    if (!checked.success) {
      Object.assign(errors, fieldErrors(checked.error.issues, locals.m));
      return new Refusal('invalid_input', 422);
    }
    const input = checked.data as Input;
    if (options.account) {
      const accountWait = await secondsToWait(options.limit, 'account', options.account(input).toLowerCase());
      if (accountWait > 0) return slowDown(accountWait);
    }
    // Made only where it is used: a client costs as much as the rest of a short answer.
    return options.act({
      input,
      context,
      locals,
      who,
      key,
      body,
      get db() {
        return locals.db;
      },
    });
  }

  function accepted(context: APIContext, data: Data): Response {
    const message = typeof options.message === 'function' ? options.message(data, context) : options.message;
    if (raw || wantsJson(context.request)) {
      const success: Success = { data, status: options.status ?? 200, message, cache: options.cache };
      return jsonSuccess(context.request, success);
    }
    const done = options.form?.done;
    return seeOther(
      context,
      (typeof done === 'function' ? done(data, context) : done) ?? cameFrom(context) ?? '/',
      message,
    );
  }

  async function refused(
    context: APIContext,
    refusal: Refusal,
    fields: Record<string, unknown>,
    errors: Record<string, string>,
  ): Promise<Response> {
    const { locals } = context;
    locals.refusal = refusal.name;
    // SQL may say which field it means: detail {"field": "email"}.
    if (typeof refusal.details.field === 'string')
      errors[refusal.details.field] ??= sentence(refusal, locals.m);
    if (wantsJson(context.request) || raw) {
      return jsonRefusal(locals, refusal, Object.keys(errors).length > 0 ? errors : undefined);
    }
    const from = cameFrom(context);
    if (refusal.name === 'sign_in_first')
      return seeOther(context, signInPath(locals, from), sentence(refusal, locals.m), 'info');
    locals.form = {
      values: shownAgain(fields),
      all: allAgain(fields),
      errors,
      message: sentence(refusal, locals.m),
      status: refusal.status,
    };
    const again = options.form?.refused;
    // A page of another site that sent a form here is never shown as if it had been ours.
    const page =
      refusal.name === 'wrong_origin'
        ? '/refused'
        : ((typeof again === 'function' ? again(context) : again) ?? from ?? '/refused');
    const shown = await shownPage(context, withoutPrefix(page, locals.business.locales), refusal.status);
    for (const [name, value] of Object.entries(refusalHeaders(refusal))) shown.headers.set(name, value);
    return shown;
  }

  const handler: APIRoute = async (context) => {
    const fields: Record<string, unknown> = {};
    const errors: Record<string, string> = {};
    let outcome: Data | Refusal | Response;
    try {
      outcome = await run(context, fields, errors);
    } catch (error) {
      const gone = error instanceof Unavailable;
      log.error(gone ? 'unavailable' : 'endpoint_failed', error, {
        request_id: context.locals.requestId,
        route: context.routePattern,
        method: context.request.method,
      });
      outcome = gone
        ? new Refusal('unavailable', 503, { seconds: error.retryAfter })
        : new Refusal('unexpected', 500);
    }
    if (outcome instanceof Response) return outcome;
    if (isRefused(outcome)) return refused(context, outcome, fields, errors);
    return accepted(context, outcome as Data);
  };

  return Object.assign(handler, {
    spec: {
      summary: options.summary,
      input: options.input,
      output: options.output,
      open: options.who === undefined,
      limit: options.limit,
      idempotent: options.idempotent ?? false,
      raw,
      describes: options.describes,
      status: options.status ?? 200,
    },
  });
}
