import type Stripe from 'stripe';

export type ErrorType =
  'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error' | 'rate_limit_error';

/** The inside of `{ error: {…} }`, the only shape the SDK recognises as a failure. */
export interface ErrorBody {
  type: ErrorType;
  message: string;
  code?: string;
  param?: string;
  decline_code?: string;
  charge?: string;
  payment_intent?: Stripe.PaymentIntent;
  payment_method?: Stripe.PaymentMethod;
  setup_intent?: Stripe.SetupIntent;
}

/** An answer other than success: thrown by whoever finds it, turned into `{ error }` by the server. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: ErrorBody;

  constructor(status: number, body: ErrorBody) {
    super(body.message);
    this.status = status;
    this.body = body;
  }
}

interface About {
  param?: string;
  code?: string;
  status?: number;
}

export function invalidRequest(message: string, { param, code, status = 400 }: About = {}): Refusal {
  return new Refusal(status, {
    type: 'invalid_request_error',
    message,
    ...(code !== undefined && { code }),
    ...(param !== undefined && { param }),
  });
}

/** An id in the path that leads nowhere is 404; the same id inside the parameters is 400. */
export function noSuch(kind: string, id: string, param?: string): Refusal {
  return invalidRequest(`No such ${kind}: '${id}'`, {
    param: param ?? 'id',
    code: 'resource_missing',
    status: param === undefined ? 404 : 400,
  });
}

export function missingParam(param: string): Refusal {
  return invalidRequest(`Missing required param: ${param}.`, { param, code: 'parameter_missing' });
}

export function unexpectedState(message: string, code: string): Refusal {
  return invalidRequest(message, { code });
}
