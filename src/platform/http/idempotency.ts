/** The key that makes a repeated command the same command. What it was first answered with is kept in SQL. */
import { Refusal } from '../refusals.ts';

/** 8 to 100 visible ASCII characters; a UUID is what we send ourselves. */
export const isIdempotencyKey = (key: string): boolean => /^[\x21-\x7e]{8,100}$/.test(key);

/** For the hidden field of a form: `<input type="hidden" name="idempotency_key" value={newIdempotencyKey()} />`. */
export const newIdempotencyKey = (): string => crypto.randomUUID();

/** From the `Idempotency-Key` header, or a form's hidden field. */
export function readKey(request: Request, fields: Record<string, unknown>): string | Refusal {
  const key = request.headers.get('idempotency-key') ?? fields.idempotency_key;
  if (key === undefined || key === '') return new Refusal('idempotency_key_required', 400);
  return typeof key === 'string' && isIdempotencyKey(key) ? key : new Refusal('idempotency_key_invalid', 400);
}
