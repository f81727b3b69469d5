/** Who is asking. */
import type { APIContext } from 'astro';
import type { Viewer } from '../guards.ts';
import { cartToken } from '../http/cookies.ts';
import { log } from '../log.ts';
import { readAnswer } from '../refusals.ts';
import { type Db, hasSessionCookie, visitorDb } from '../supabase.ts';

const nobody: Viewer = {
  user_id: null,
  member_id: null,
  name: null,
  email: null,
  locale: null,
  roles: [],
  cart_count: 0,
};

/** Gives `locals` its client, made at first use; what refreshing the session says about caching lands in `headers`. */
export function giveDb(context: APIContext, headers: Headers): void {
  let db: Db | undefined;
  Object.defineProperty(context.locals, 'db', {
    configurable: true,
    enumerable: true,
    get: () => (db ??= visitorDb(context, headers)),
  });
}

/**
 * Reads and, when its token is about to expire, refreshes the session, before anything is rendered: later the
 * cookies could not be written any more. The token's signature is checked here, without a round trip.
 */
export async function giveUser(context: APIContext): Promise<void> {
  const { locals } = context;
  locals.user = null;
  if (!hasSessionCookie(context.request)) return;
  const { data, error } = await locals.db.auth.getClaims();
  if (error) log.info('session_dropped', { request_id: locals.requestId, reason: error.code ?? error.name });
  const { sub, email } = data?.claims ?? {};
  if (typeof sub === 'string') locals.user = { id: sub, email: typeof email === 'string' ? email : '' };
}

/** Gives `locals` its `viewer()`. */
export function giveViewer(context: APIContext): void {
  const { locals, cookies } = context;
  let asked: Promise<Viewer> | null = null;
  const ask = async (): Promise<Viewer> => {
    const cart = cartToken(cookies);
    if (!locals.user && !cart) return nobody;
    const found: unknown = readAnswer(
      await locals.db.rpc('viewer', {
        business_id: locals.business.id,
        ...(cart ? { cart_token: cart } : {}),
      }),
    );
    const row = (Array.isArray(found) ? found[0] : found) as Viewer | undefined;
    return row ? { ...nobody, ...row, roles: row.roles ?? [] } : nobody;
  };
  locals.viewer = () => (asked ??= ask());
  locals.forgetViewer = () => {
    asked = null;
  };
}
