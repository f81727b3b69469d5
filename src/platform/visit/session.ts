/** Who is asking. */
import type { APIContext } from 'astro';
import type { Stretch } from '../clock.ts';
import type { Viewer } from '../guards.ts';
import { cartToken } from '../http/cookies.ts';
import { log } from '../log.ts';
import { Unavailable, readAnswer } from '../refusals.ts';
import { type Db, hasSessionCookie, throwIfAway, visitorDb } from '../supabase.ts';
import { personOf, storedSession } from './stored-session.ts';

const nobody: Viewer = {
  user_id: null,
  member_id: null,
  name: null,
  email: null,
  locale: null,
  roles: [],
  cart_count: 0,
  unread: 0,
  marks: [],
};

/** The checked token of each request that is somebody's. */
const tokens = new WeakMap<App.Locals, string>();

/** Gives `locals` its client, made at first use; what refreshing the session says about caching lands in `headers`. */
export function giveDb(context: APIContext, headers: Headers): void {
  const { locals } = context;
  let db: Db | undefined;
  Object.defineProperty(locals, 'db', {
    configurable: true,
    enumerable: true,
    get: () => (db ??= visitorDb(context, headers, () => tokens.get(locals) ?? null)),
  });
}

/** Seconds before its end at which a session is renewed; auth-js asks for a new token from then on, too. */
const margin = 90;

/** auth-js tries for half a minute to renew a session while auth is away; nobody waits that long for a page. */
const patience = 3000; // ms

async function soon<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Unavailable('Auth did not renew the session in time.')), patience);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Reads and, when its token is about to end, renews the session, before anything is rendered: later the cookies
 * could not be written any more.
 */
export async function giveUser(context: APIContext): Promise<void> {
  const { locals, request } = context;
  locals.user = null;
  if (!hasSessionCookie(request)) return;
  const stored = storedSession(request.headers.get('cookie'));
  if (stored && stored.expires_at - margin > Date.now() / 1000) {
    locals.user = await personOf(stored.access_token);
    if (locals.user) tokens.set(locals, stored.access_token);
    return;
  }
  const { data, error } = await soon(locals.db.auth.getClaims());
  throwIfAway(error);
  if (error) log.info('session_dropped', { request_id: locals.requestId, reason: error.code ?? error.name });
  const { sub, email } = data?.claims ?? {};
  if (typeof sub === 'string') locals.user = { id: sub, email: typeof email === 'string' ? email : '' };
}

/** Gives `locals` its `viewer()`. */
export function giveViewer(context: APIContext): void {
  const { locals, cookies } = context;
  let asked: Promise<Viewer> | null = null;
  let marked = '';
  const ask = async (stretch?: Stretch): Promise<Viewer> => {
    const cart = cartToken(cookies);
    if (!locals.user && !cart) return nobody;
    const found: unknown = readAnswer(
      await locals.db.rpc('viewer', {
        business_id: locals.business.id,
        ...(cart ? { cart_token: cart } : {}),
        ...(stretch ? { from_at: stretch.from, until_at: stretch.until } : {}),
      }),
    );
    const row = (Array.isArray(found) ? found[0] : found) as Viewer | undefined;
    return row ? { ...nobody, ...row, roles: row.roles ?? [], marks: row.marks ?? [] } : nobody;
  };
  locals.viewer = (stretch) => {
    const marks = stretch ? `${stretch.from} ${stretch.until}` : marked;
    if (marks !== marked) asked = null;
    marked = marks;
    return (asked ??= ask(stretch));
  };
  locals.forgetViewer = () => {
    asked = null;
    marked = '';
  };
}
