/**
 * The three ways we speak to Supabase. `visitorDb` is the asking person, so that row-level security applies;
 * `serviceDb` is us, for what no visitor may do; `authWithoutSession` asks auth for something that must leave no
 * cookie behind. They are never interchangeable: a client that holds a session is made for one request only.
 */
import { createServerClient, parseCookieHeader } from '@supabase/ssr';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import type { APIContext } from 'astro';
import { config } from './config.ts';
import type { Database } from './database.types.ts';
import { fetchKeptAlive } from './http/kept-alive.ts';
import { Unavailable } from './refusals.ts';
import { fetchRenewingOnce } from './visit/renewal.ts';

export type Db = SupabaseClient<Database, 'api'>;

/** The session lives in `session` or, when it is long, in `session.0`, `session.1` … */
export const SESSION_COOKIE = 'session';
const sessionCookie = /(?:^|;\s*)session(?:\.\d+)?=/;
export const hasSessionCookie = (request: Request): boolean =>
  sessionCookie.test(request.headers.get('cookie') ?? '');

const stateless = { autoRefreshToken: false, persistSession: false, detectSessionInUrl: false } as const;

let service: Db | undefined;

/** Ourselves, past row-level security. Only for what the SQL contract marks [service]. Holds no session, so it is shared. */
export const serviceDb = (): Db =>
  (service ??= createClient<Database, 'api'>(config.SUPABASE_URL, config.SUPABASE_SECRET_KEY, {
    db: { schema: 'api' },
    auth: stateless,
    global: { fetch: fetchKeptAlive },
  }));

let nobody: Db | undefined;

/** A visitor without a session, shared: for public reads outside of a request's own client. Never sign in with it. */
export const publicDb = (): Db =>
  (nobody ??= createClient<Database, 'api'>(config.SUPABASE_URL, config.SUPABASE_PUBLISHABLE_KEY, {
    db: { schema: 'api' },
    auth: stateless,
    global: { fetch: fetchKeptAlive },
  }));

/** A fresh client that keeps what it learns to itself: to ask for e-mails, or to check a password. */
export const authWithoutSession = (): Db['auth'] =>
  createClient<Database, 'api'>(config.SUPABASE_URL, config.SUPABASE_PUBLISHABLE_KEY, {
    db: { schema: 'api' },
    auth: stateless,
  }).auth;

/**
 * The asking person, for one request. Queries go out with `token` (null: as nobody) until something of `auth` is used,
 * which reads the session from the request's cookies, writes changes of it to the answer's, and puts the headers that
 * keep shared caches from storing the answer into `headers`, to be copied onto it.
 */
export function visitorDb(context: APIContext, headers: Headers, token: () => string | null): Db {
  let session: Db | undefined;
  const db = createClient<Database, 'api'>(config.SUPABASE_URL, config.SUPABASE_PUBLISHABLE_KEY, {
    db: { schema: 'api' },
    global: { fetch: fetchKeptAlive },
    accessToken: async () =>
      session ? ((await session.auth.getSession()).data.session?.access_token ?? null) : token(),
  });
  return Object.defineProperty(db, 'auth', { get: () => (session ??= sessionDb(context, headers)).auth });
}

function sessionDb(context: APIContext, headers: Headers): Db {
  return createServerClient<Database, 'api'>(config.SUPABASE_URL, config.SUPABASE_PUBLISHABLE_KEY, {
    db: { schema: 'api' },
    global: { fetch: fetchRenewingOnce },
    cookieOptions: {
      name: SESSION_COOKIE,
      httpOnly: true,
      secure: config.secure,
      sameSite: 'lax',
      path: '/',
    },
    cookies: {
      // AstroCookies cannot list; the header is what the browser sent.
      getAll: () =>
        parseCookieHeader(context.request.headers.get('cookie') ?? '').map(({ name, value }) => ({
          name,
          value: value ?? '',
        })),
      setAll: (cookies, noCache) => {
        // No browser code of ours reads the session, so none may.
        for (const { name, value, options } of cookies) {
          context.cookies.set(name, value, {
            path: '/',
            httpOnly: true,
            secure: config.secure,
            sameSite: 'lax',
            ...(options.maxAge === undefined ? {} : { maxAge: options.maxAge }),
          });
        }
        for (const [name, value] of Object.entries(noCache)) headers.set(name, value);
      },
    },
  });
}

/** What auth answers with when it refuses. */
export interface AuthProblem {
  name: string;
  message: string;
  code?: string | undefined;
  status?: number | undefined;
}

/** Throws `Unavailable` when auth could not be asked, so that nobody is told a wrong password for it. */
export function throwIfAway(error: AuthProblem | null): void {
  if (!error) return;
  if (error.name === 'AuthRetryableFetchError' || (error.status ?? 500) >= 500 || error.status === 0) {
    throw new Unavailable(`Sign-in could not be asked: ${error.message}`, 5, error);
  }
}
