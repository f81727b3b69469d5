/** Following a link from an e-mail. */
import type { APIContext } from 'astro';
import { z } from 'zod';
import { codeIn } from '#loyalty/referrals.ts';
import { cookieOptions } from '#platform/http/cookies.ts';
import { ownPath } from '#platform/http/origin.ts';
import { Refusal } from '#platform/refusals.ts';
import { isSigned, signed } from '#platform/signature.ts';
import { throwIfAway } from '#platform/supabase.ts';
import { welcome } from './sign-in.ts';

export const linkTypes = ['signup', 'email', 'magiclink', 'recovery', 'email_change', 'invite'] as const;
export const linkInput = z.object({
  token_hash: z
    .string()
    .min(8)
    .max(200)
    .regex(/^[\w-]+$/),
  type: z.enum(linkTypes),
});

const RECOVERY = 'recovery';
const quarterOfAnHour = 15 * 60; // seconds

/** Remembers that this browser followed a recovery link just now, which is what lets it set a password without the old one. */
function allowReset(cookies: APIContext['cookies'], userId: string): void {
  const until = Math.floor(Date.now() / 1000) + quarterOfAnHour;
  const text = `${userId}.${until}`;
  cookies.set(RECOVERY, `${text}.${signed('recovery', text)}`, cookieOptions(quarterOfAnHour));
}

export function mayReset(cookies: APIContext['cookies'], userId: string | undefined): boolean {
  const [id = '', until = '', signature = ''] = (cookies.get(RECOVERY)?.value ?? '').split('.');
  const stands = Number(until) > Date.now() / 1000 && id !== '' && id === userId;
  return stands && isSigned('recovery', `${id}.${until}`, signature);
}

export const endReset = (cookies: APIContext['cookies']): void => cookies.delete(RECOVERY, { path: '/' });

const AFTER = 'after_confirm';

/** Where this browser wanted to go when it asked for a link; the link itself carries nothing. */
export function rememberNext(cookies: APIContext['cookies'], next: string | undefined): void {
  if (next) cookies.set(AFTER, next, cookieOptions(24 * 3600));
}

function takeNext(cookies: APIContext['cookies']): string | null {
  const next = ownPath(cookies.get(AFTER)?.value);
  cookies.delete(AFTER, { path: '/' });
  return next;
}

/** `half`: the other mailbox has to confirm too. */
export type Followed = { next: string; type: (typeof linkTypes)[number]; half: boolean };

/** Redeems a link's token and opens the session it stands for. Refuses 409 `link_expired`. */
export async function followLink(
  context: APIContext,
  input: z.output<typeof linkInput>,
): Promise<Followed | Refusal> {
  const { locals, cookies } = context;
  const { data, error } = await locals.db.auth.verifyOtp(input);
  throwIfAway(error);
  if (error) return new Refusal('link_expired', 409);
  const { type } = input;
  if (!data.session || !data.user) return { next: '/account/security', type, half: true };
  const invitedBy = type === 'signup' ? codeIn(data.user.user_metadata['invited_by']) : null;
  await welcome(context, { id: data.user.id, email: data.user.email ?? '' }, invitedBy);
  if (type === 'recovery') {
    allowReset(cookies, data.user.id);
    return { next: '/reset', type, half: false };
  }
  if (type === 'email_change') return { next: '/account/security', type, half: false };
  return { next: takeNext(cookies) ?? '/account', type, half: false };
}
