/** A request to auth, its path beginning after `/auth/v1`. Plain data: it crosses to another thread. */
export interface AuthRequest {
  method: string;
  path: string;
  authorization: string | null;
  body: string;
}

export interface AuthAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export type Fields = Record<string, unknown>;

/** An expected no, in the hosted service's shape: clients read `error_code`. */
export class AuthRefusal extends Error {
  readonly status: number;
  readonly errorCode: string;

  constructor(status: number, errorCode: string, message: string) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): AuthAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

export function refusal({ status, errorCode, message }: AuthRefusal): AuthAnswer {
  const body = { code: status, error_code: errorCode, msg: message };
  return json(status, body, { 'x-sb-error-code': errorCode });
}

/** The body as an object whose texts are texts. Throws AuthRefusal; lite would fail on what this refuses. */
export function readFields(body: string): Fields {
  let fields: unknown;
  try {
    fields = body === '' ? {} : JSON.parse(body);
  } catch {
    throw new AuthRefusal(400, 'bad_json', 'Could not parse request body as JSON');
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw new AuthRefusal(400, 'bad_json', 'The request body must be a JSON object');
  }
  for (const name of ['email', 'password', 'token', 'token_hash', 'type', 'refresh_token', 'scope']) {
    const value = (fields as Fields)[name];
    // Postgres cannot store a zero character in a text.
    if (value != null && (typeof value !== 'string' || value.includes('\0'))) {
      throw new AuthRefusal(400, 'validation_failed', `${name} must be a text`);
    }
  }
  const { data } = fields as Fields;
  if (data != null && (typeof data !== 'object' || Array.isArray(data))) {
    throw new AuthRefusal(400, 'validation_failed', 'data must be an object');
  }
  return fields as Fields;
}

/** A text field, or '' when it is absent. */
export const text = (fields: Fields, name: string): string => (fields[name] as string | undefined) ?? '';

/** The e-mail field as accounts are kept. */
export const address = (fields: Fields): string => text(fields, 'email').toLowerCase();
