/**
 * What the REST part answers when it says no: PostgREST's own body, `{ code, message, details, hint }`.
 * Codes and wording: https://docs.postgrest.org/en/v16/references/errors.html
 */
export interface ErrorBody {
  code: string;
  message: string;
  details: unknown;
  hint: string | null;
}

interface ErrorExtras {
  details?: unknown;
  hint?: string | null;
  headers?: Record<string, string>;
  cause?: unknown;
}

export class RestError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: unknown;
  readonly hint: string | null;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, extras: ErrorExtras = {}) {
    super(message, { cause: extras.cause });
    this.name = 'RestError';
    this.status = status;
    this.code = code;
    this.details = extras.details ?? null;
    this.hint = extras.hint ?? null;
    this.headers = extras.headers ?? {};
  }

  toBody(): ErrorBody {
    return { code: this.code, message: this.message, details: this.details, hint: this.hint };
  }
}

/** PostgREST does it (or could), this stand-in does not: said by name instead of doing something else. */
export function notSupported(what: string): RestError {
  return new RestError(400, 'PGRST127', 'Feature not implemented', {
    details: `${what} is not supported by the embedded backend.`,
  });
}

export function invalidBody(message: string): RestError {
  return new RestError(400, 'PGRST102', message);
}

export function invalidRange(details: string): RestError {
  return new RestError(416, 'PGRST103', 'Requested range not satisfiable', { details });
}

export function notEmbedded(name: string): RestError {
  return new RestError(400, 'PGRST108', `'${name}' is not an embedded resource in this request`, {
    hint: `Verify that '${name}' is included in the 'select' query parameter.`,
  });
}

export function notSingular(rows: number): RestError {
  return new RestError(406, 'PGRST116', 'Cannot coerce the result to a single JSON object', {
    details: `The result contains ${rows} rows`,
  });
}

export function tooManyAffected(rows: number): RestError {
  return new RestError(400, 'PGRST124', 'Query result exceeds max-affected preference constraint', {
    details: `The query affects ${rows} rows`,
  });
}
