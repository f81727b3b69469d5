/** The cookies we set ourselves. The session's are written by @supabase/ssr (../supabase.ts). */
import { randomBytes } from 'node:crypto';
import type { APIContext } from 'astro';
import { config } from '../config.ts';

type Cookies = APIContext['cookies'];

/** HttpOnly, SameSite=Lax, Secure when the site is https, for the whole site. `maxAge` in seconds. */
export const cookieOptions = (maxAge: number) =>
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure: config.secure, maxAge }) as const;

const CART = 'cart';
const cartShape = /^[A-Za-z0-9_-]{43}$/;
const ninetyDays = 90 * 24 * 3600;

/** The cart's secret token, null when the visitor has no cart. Anything of another shape is not ours. */
export function cartToken(cookies: Cookies): string | null {
  const value = cookies.get(CART)?.value;
  return value && cartShape.test(value) ? value : null;
}

/** As `cartToken`, making one (256 random bits) when there is none: call it where the first thing is put in. */
export function ensureCartToken(cookies: Cookies): string {
  const token = cartToken(cookies) ?? randomBytes(32).toString('base64url');
  cookies.set(CART, token, cookieOptions(ninetyDays));
  return token;
}

export const dropCart = (cookies: Cookies): void => cookies.delete(CART, { path: '/' });

export type Flash = NonNullable<App.Locals['flash']>;
const FLASH = 'flash';

/** Keeps a message for the next page. It is the visitor's own cookie and is shown as text only, so it is not signed. */
export const setFlash = (cookies: Cookies, flash: Flash): void =>
  cookies.set(FLASH, Buffer.from(JSON.stringify(flash)).toString('base64url'), cookieOptions(60));

/** The message for this page, which is then forgotten. */
export function takeFlash(cookies: Cookies): Flash | null {
  const value = cookies.get(FLASH)?.value;
  if (value === undefined) return null;
  cookies.delete(FLASH, { path: '/' });
  try {
    const read = JSON.parse(Buffer.from(value, 'base64url').toString()) as Partial<Flash>;
    const kind = read.kind === 'error' || read.kind === 'info' ? read.kind : 'success';
    return typeof read.text === 'string' && read.text.length <= 500 ? { kind, text: read.text } : null;
  } catch {
    return null;
  }
}
