import { createHmac } from 'node:crypto';
import type { Claims, Keys } from '../keys.ts';

/**
 * lite signs with a shared secret, which would make every check of a token a question to this server. What goes out is signed
 * with our key pair, so that `auth.getClaims()` needs nobody; what comes in is given back to lite in its own hand.
 */
export interface Tokens {
  /** A token for lite in exchange for ours. Throws when ours is not valid. */
  inward(jwt: string): Promise<{ claims: Claims; jwt: string }>;
  /** An answer with lite's access_token replaced by ours; any other answer as it is. */
  outward(answer: unknown): unknown;
}

export function exchangeTokens(keys: Keys, issuer: string): Tokens {
  return {
    async inward(jwt) {
      const claims = await keys.verify(jwt);
      const { sub, role, aud, email, session_id, iat, exp } = claims;
      return {
        claims,
        jwt: signShared({ sub, role, aud, email, session_id, iat, exp }, keys.internalSecret),
      };
    },
    outward(answer) {
      if (!isSession(answer)) return answer;
      const payload = answer.access_token.split('.')[1]!;
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims;
      const access_token = keys.sign({
        iss: issuer,
        ...claims,
        phone: '',
        app_metadata: answer.user.app_metadata,
        user_metadata: answer.user.user_metadata,
        aal: 'aal1',
        is_anonymous: false,
      });
      return { ...answer, access_token };
    },
  };
}

interface Session {
  access_token: string;
  user: { app_metadata: unknown; user_metadata: unknown };
}

function isSession(answer: unknown): answer is Session {
  return typeof answer === 'object' && answer !== null && 'access_token' in answer && 'user' in answer;
}

function signShared(claims: object, secret: string): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
}
