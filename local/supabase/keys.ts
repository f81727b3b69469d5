import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { randomBytes, sign, verify as verifySignature } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What a token or an API key says of its bearer. `exp` in seconds since 1970. */
export interface Claims {
  role: string;
  sub?: string;
  exp?: number;
  [claim: string]: unknown;
}

export interface Keys {
  publishableKey: string;
  secretKey: string;
  /** The public half, as `/auth/v1/.well-known/jwks.json` answers it: clients check tokens without asking us. */
  jwks: { keys: JsonWebKey[] };
  /** For what signs with a shared secret and never leaves this machine. */
  internalSecret: string;
  claimsForKey(key: string | null | undefined): Claims | null;
  /** Throws when the token is malformed, not ours, or expired. */
  verify(jwt: string): Promise<Claims>;
  sign(claims: Claims): string;
}

interface Kept {
  publishableKey: string;
  secretKey: string;
  internalSecret: string;
  keyId: string;
  privateKey: JsonWebKey;
}

/** Tokens whose signature has been checked already; a page's requests all carry the same one. */
const REMEMBERED = 5_000;

/** Reads `<dir>/keys.json`, or makes it at the first start: tokens and keys stay valid over restarts. */
export async function openKeys(dir: string): Promise<Keys> {
  const kept = await readOrMake(join(dir, 'keys.json'));
  const privateKey = createPrivateKey({ key: kept.privateKey as never, format: 'jwk' });
  const publicKey = createPublicKey(privateKey);
  const header = encode({ alg: 'ES256', kid: kept.keyId, typ: 'JWT' });
  const checked = new Map<string, Claims>();
  const claimsByKey = new Map<string, Claims>([
    [kept.publishableKey, { role: 'anon' }],
    [kept.secretKey, { role: 'service_role' }],
  ]);

  return {
    publishableKey: kept.publishableKey,
    secretKey: kept.secretKey,
    internalSecret: kept.internalSecret,
    jwks: { keys: [publicJwk(publicKey, kept.keyId)] },
    claimsForKey: (key) => (key ? (claimsByKey.get(key) ?? null) : null),
    verify(jwt) {
      try {
        let claims = checked.get(jwt);
        if (!claims) {
          claims = check(jwt, publicKey, kept.keyId);
          if (checked.size >= REMEMBERED) checked.delete(checked.keys().next().value!);
          checked.set(jwt, claims);
        }
        if (claims.exp === undefined || claims.exp * 1000 <= Date.now()) {
          checked.delete(jwt);
          throw new Error('JWT expired');
        }
        return Promise.resolve(claims);
      } catch (error) {
        return Promise.reject(error as Error);
      }
    },
    sign(claims) {
      const unsigned = `${header}.${encode(claims)}`;
      const signature = sign('sha256', Buffer.from(unsigned), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return `${unsigned}.${signature.toString('base64url')}`;
    },
  };
}

function check(jwt: string, publicKey: KeyObject, keyId: string): Claims {
  const [header, payload, signature, ...more] = jwt.split('.');
  if (!header || !payload || !signature || more.length > 0) throw new Error('JWT is malformed');
  const { alg, kid } = decode<{ alg?: string; kid?: string }>(header);
  if (alg !== 'ES256' || kid !== keyId) throw new Error('JWT was signed with a key that is not known here');
  const options = { key: publicKey, dsaEncoding: 'ieee-p1363' as const };
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verifySignature('sha256', signed, options, Buffer.from(signature, 'base64url'))) {
    throw new Error('JWT signature is not valid');
  }
  const claims = decode<Claims>(payload);
  if (typeof claims.role !== 'string') throw new Error('JWT has no role');
  return claims;
}

async function readOrMake(file: string): Promise<Kept> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text) return JSON.parse(text) as Kept;
  const pair = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  const kept: Kept = {
    publishableKey: `sb_publishable_${randomBytes(24).toString('base64url')}`,
    secretKey: `sb_secret_${randomBytes(24).toString('base64url')}`,
    internalSecret: randomBytes(32).toString('base64url'),
    keyId: crypto.randomUUID(),
    privateKey: pair.privateKey.export({ format: 'jwk' }) as JsonWebKey,
  };
  await writeFile(file, JSON.stringify(kept, null, 2), { mode: 0o600 });
  return kept;
}

function publicJwk(key: KeyObject, kid: string): JsonWebKey {
  return {
    ...key.export({ format: 'jwk' }),
    kid,
    alg: 'ES256',
    use: 'sig',
    key_ops: ['verify'],
  } as JsonWebKey;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function decode<T>(part: string): T {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as T;
  } catch {
    throw new Error('JWT is malformed');
  }
}
