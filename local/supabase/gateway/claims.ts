import type { IncomingHttpHeaders } from 'node:http';
import type { Claims, Keys } from '../keys.ts';
import { RestError } from '../rest/errors.ts';

/**
 * Who is asking: the API key must be one of ours, a bearer token says more than the key. Throws a RestError 401 in PostgREST's
 * words and codes.
 */
export function requireClaims(keys: Keys): (headers: IncomingHttpHeaders) => Promise<Claims> {
  return async (headers) => {
    const keyClaims = requireKey(keys, headers['apikey']);
    const bearer = readBearer(headers.authorization);
    if (bearer === null) return keyClaims;
    if (bearer.startsWith('sb_')) return requireKey(keys, bearer);
    try {
      return await keys.verify(bearer);
    } catch (error) {
      const { message } = error as Error;
      const code = message === 'JWT expired' ? 'PGRST303' : 'PGRST301';
      throw unauthorized(code, message, null);
    }
  };
}

/** The claims of an API key, or a RestError 401. */
export function requireKey(keys: Keys, key: string | string[] | undefined): Claims {
  if (typeof key !== 'string' || key === '') {
    throw unauthorized('PGRST301', 'No API key found in request', 'No `apikey` request header was found.');
  }
  const claims = keys.claimsForKey(key);
  if (!claims) {
    throw unauthorized('PGRST301', 'Invalid API key', 'Double check the publishable or secret API key.');
  }
  return claims;
}

function readBearer(authorization: string | undefined): string | null {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? null;
}

const unauthorized = (code: string, message: string, hint: string | null) =>
  new RestError(401, code, message, { hint, headers: { 'www-authenticate': 'Bearer' } });
