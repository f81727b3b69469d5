import type { Claims, Keys } from '../keys.ts';
import type { Authorizer, Extension, Rights } from './database/authorize.ts';

/** An expected no: `Code: sentence`, as the hosted service words them. */
export class Refusal extends Error {}

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

  /** Milliseconds since 1970, or null when it does not expire (keys do not). */
  get expiresAt(): number | null {
    return this.#claims.exp === undefined ? null : this.#claims.exp * 1000;
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
