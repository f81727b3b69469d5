import type { Claims, Keys } from '../keys.ts';
import type { Authorizer, Extension, Rights } from './database/authorize.ts';

/** An expected no: `Code: sentence`, as the hosted service words them. */
export class Refusal extends Error {}

/** setTimeout takes at most this many ms. */
const maxTimer = 2 ** 31 - 1;

/** What one client may hear and send on one topic, by its token. Asked once and kept until the token changes. */
export class Pass {
  hears: Rights = { broadcast: true, presence: true };
  readonly #topic: string;
  readonly #private: boolean;
  readonly #keyClaims: Claims;
  readonly #keys: Keys;
  readonly #authorizer: Authorizer;
  #claims: Claims;
  #token: unknown = null;
  #sends: Rights | null = null;
  #expiry: NodeJS.Timeout | undefined;

  constructor(o: {
    topic: string;
    private: boolean;
    /** Who the socket's key speaks for; what a channel without a token of its own goes by. */
    keyClaims: Claims;
    keys: Keys;
    authorizer: Authorizer;
  }) {
    this.#topic = o.topic;
    this.#private = o.private;
    this.#keyClaims = o.keyClaims;
    this.#claims = o.keyClaims;
    this.#keys = o.keys;
    this.#authorizer = o.authorizer;
  }

  /** Checks a token and asks again what it may hear. @returns false when it is the token known already. @throws Refusal */
  async present(token: unknown): Promise<boolean> {
    if (typeof token === 'string' && token === this.#token) return false;
    this.#claims = await this.#claimsOf(token);
    this.#token = token;
    this.#sends = null;
    if (this.#private) this.hears = await this.#authorizer.read(this.#topic, this.#claims);
    return true;
  }

  async maySend(extension: Extension): Promise<boolean> {
    if (!this.#private) return true;
    this.#sends ??= await this.#authorizer.write(this.#topic, this.#claims);
    return this.#sends[extension];
  }

  /** Calls back when the token runs out, unless another one is presented before. Keys do not run out. */
  onExpiry(expired: () => void): void {
    clearTimeout(this.#expiry);
    if (this.#claims.exp === undefined) return;
    const left = this.#claims.exp * 1000 - Date.now();
    const ring = left > maxTimer ? () => this.onExpiry(expired) : expired;
    this.#expiry = setTimeout(ring, Math.min(left, maxTimer)).unref();
  }

  end(): void {
    clearTimeout(this.#expiry);
  }

  async #claimsOf(token: unknown): Promise<Claims> {
    if (typeof token !== 'string' || token === '' || token.startsWith('sb_')) return this.#keyClaims;
    const claims = await this.#keys.verify(token).catch((error: unknown) => {
      throw new Refusal(`InvalidJWTToken: ${error instanceof Error ? error.message : 'Token is not valid'}`);
    });
    if (claims.role && claims.exp !== undefined) return claims;
    throw new Refusal('InvalidJWTToken: Fields `role` and `exp` are required in JWT');
  }
}
