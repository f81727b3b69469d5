import { DatabaseError } from 'pg';
import { RestError } from './errors.ts';

/** SQLSTATEs whose status differs from their class (PostgREST: references/errors.html#http-status-codes). */
const STATUS_BY_STATE: Record<string, number> = {
  '23503': 409,
  '23505': 409,
  '25006': 405,
  '42883': 404,
  '42P01': 404,
  '42P17': 500,
  '53400': 500,
  '57P01': 503,
  P0001: 400,
};

const STATUS_BY_CLASS: Record<string, number> = {
  '08': 503,
  '09': 500,
  '0L': 403,
  '0P': 403,
  '25': 500,
  '28': 403,
  '2D': 500,
  '38': 500,
  '39': 500,
  '3B': 500,
  '40': 500,
  '53': 503,
  '54': 500,
  '55': 500,
  '57': 500,
  '58': 500,
  F0: 500,
  HV: 500,
  P0: 500,
  XX: 500,
};

function statusOf({ code = '', message }: DatabaseError, anonymous: boolean): number {
  // "PTnnn": the raising function chooses the status itself.
  if (code.startsWith('PT')) return /^[1-9]\d\d$/.test(code.slice(2)) ? Number(code.slice(2)) : 500;
  if (code === '42501') return anonymous ? 401 : 403;
  if (code === '21000') return message.endsWith('requires a WHERE clause') ? 400 : 500;
  if (code === '22023') return /^role ".*" does not exist$/.test(message) ? 401 : 400;
  return STATUS_BY_STATE[code] ?? STATUS_BY_CLASS[code.slice(0, 2)] ?? 400;
}

function parseObject(text: string | undefined): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/**
 * `raise sqlstate 'PGRST' using message = '{"code","message","details","hint"}', detail = '{"status","headers"}'`:
 * the function writes the whole answer (PostgREST: references/errors.html#raise-errors-with-http-status-codes).
 */
function customAnswer({ message, detail }: DatabaseError): RestError {
  const cannotParse = (details: string, hint: string): RestError =>
    new RestError(500, 'PGRST121', `Could not parse JSON in the "RAISE SQLSTATE 'PGRST'" error`, {
      details,
      hint,
    });
  const said = parseObject(message);
  if (!said || typeof said.code !== 'string' || typeof said.message !== 'string') {
    return cannotParse(
      `Invalid JSON value for MESSAGE: '${message}'`,
      "MESSAGE must be a JSON object with obligatory keys: 'code', 'message' and optional keys: 'details', 'hint'.",
    );
  }
  const how = parseObject(detail);
  if (!how || typeof how.status !== 'number' || typeof how.headers !== 'object' || how.headers === null) {
    return cannotParse(
      detail === undefined
        ? 'DETAIL is missing in the RAISE statement'
        : `Invalid JSON value for DETAIL: '${detail}'`,
      "DETAIL must be a JSON object with obligatory keys: 'status', 'headers' and optional key: 'status_text'.",
    );
  }
  return new RestError(how.status, said.code, said.message, {
    details: said.details ?? null,
    hint: typeof said.hint === 'string' ? said.hint : null,
    headers: Object.fromEntries(Object.entries(how.headers).map(([name, value]) => [name, String(value)])),
  });
}

/**
 * Turns whatever running a request's statements threw into the answer PostgREST gives.
 * `anonymous`: nobody is signed in, so "insufficient privilege" means 401 rather than 403.
 */
export function answerToFailure(error: unknown, anonymous: boolean): RestError {
  if (error instanceof RestError) return error;
  if (!(error instanceof DatabaseError)) {
    return new RestError(500, 'PGRSTX00', 'Internal server error', { cause: error });
  }
  if (error.code === 'PGRST') return customAnswer(error);
  const status = statusOf(error, anonymous);
  return new RestError(status, error.code ?? 'XX000', error.message, {
    details: error.detail ?? null,
    hint: error.hint ?? null,
    headers: status === 401 ? { 'www-authenticate': 'Bearer' } : {},
    cause: error,
  });
}
