/**
 * The session as a browser keeps it, read without a client, and its token checked once instead of with every
 * request. A client that reads the cookie itself (@supabase/ssr) does so for each of its requests to the database,
 * which cost more than all else a page did.
 */
import { parseCookieHeader } from '@supabase/ssr';
import { publicDb, SESSION_COOKIE, throwIfAway } from '../supabase.ts';

export interface StoredSession {
  access_token: string;
  /** Unix time, seconds. */
  expires_at: number;
}

/** @supabase/ssr's format: base64url of JSON behind a prefix, in one cookie or in numbered pieces. Null when there is none. */
export function storedSession(cookieHeader: string | null): StoredSession | null {
  const cookies = new Map(
    parseCookieHeader(cookieHeader ?? '').map(({ name, value }) => [name, value ?? '']),
  );
  let text = cookies.get(SESSION_COOKIE) ?? '';
  if (text === '') {
    for (let i = 0; cookies.has(`${SESSION_COOKIE}.${i}`); i++) text += cookies.get(`${SESSION_COOKIE}.${i}`);
  }
  if (!text.startsWith('base64-')) return null;
  try {
    const read = JSON.parse(
      Buffer.from(text.slice(7), 'base64url').toString(),
    ) as Partial<StoredSession> | null;
    if (typeof read?.access_token !== 'string' || typeof read.expires_at !== 'number') return null;
    return { access_token: read.access_token, expires_at: read.expires_at };
  } catch {
    return null;
  }
}

export interface Person {
  id: string;
  email: string;
}

// Tokens live for an hour; the oldest make room.
const most = 5000;
const checked = new Map<string, { person: Person; until: number }>();

/** Who a token is for, its signature checked with auth's public key (kept; no round trip). Null for a forged or ended one. */
export async function personOf(token: string): Promise<Person | null> {
  const now = Date.now() / 1000;
  const known = checked.get(token);
  if (known) return known.until > now ? known.person : null;
  const { data, error } = await publicDb().auth.getClaims(token);
  throwIfAway(error);
  const { sub, email, exp } = data?.claims ?? {};
  if (error || typeof sub !== 'string' || typeof exp !== 'number') return null;
  const person = { id: sub, email: typeof email === 'string' ? email : '' };
  if (checked.size >= most) checked.delete(checked.keys().next().value ?? '');
  checked.set(token, { person, until: exp });
  return person;
}
