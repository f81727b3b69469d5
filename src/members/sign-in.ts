/** Signing in: slow for whoever guesses, the same for every address whether or not there is an account behind it. */
import type { APIContext } from 'astro';
import { setTimeout as pause } from 'node:timers/promises';
import { acceptInvitation, forgetInvitation, rememberedInvitation } from '#loyalty/referrals.ts';
import { cartToken, dropCart } from '#platform/http/cookies.ts';
import { log } from '#platform/log.ts';
import { Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import { type AuthProblem, authWithoutSession, serviceDb, throwIfAway } from '#platform/supabase.ts';

const locked = (seconds: number): Refusal => new Refusal('too_many_attempts', 429, { seconds });

/** Seconds until somebody may try this account, or from this address, again. */
const secondsLocked = async (locals: App.Locals, email: string): Promise<number> =>
  readAnswer(await serviceDb().rpc('sign_in_wait', { email, address: locals.address }));

/** Counts a try; the SQL function writes to the account's owner when it locks. */
export const noteSignIn = async (locals: App.Locals, email: string, succeeded: boolean): Promise<number> =>
  readAnswer(
    await serviceDb().rpc('note_sign_in', {
      business_id: locals.business.id,
      email,
      address: locals.address,
      succeeded,
    }),
  );

/**
 * Tries `check` (a sign-in) within the limits on guessing. Refuses 429 `too_many_attempts`, 403 `confirm_email_first`
 * (only after the right password), 401 `wrong_credentials`.
 */
async function guarded(
  locals: App.Locals,
  email: string,
  check: () => Promise<{ data: { user: { id: string } | null }; error: AuthProblem | null }>,
): Promise<{ id: string } | Refusal> {
  const wait = await secondsLocked(locals, email);
  if (wait > 0) return locked(wait);
  const started = performance.now();
  const { data, error } = await check();
  throwIfAway(error);
  if (data.user && !error) {
    await noteSignIn(locals, email, true);
    return { id: data.user.id };
  }
  if (error?.code === 'email_not_confirmed') return new Refusal('confirm_email_first', 403);
  const nowLocked = await noteSignIn(locals, email, false);
  await pause(Math.max(0, 500 - (performance.now() - started)));
  return nowLocked > 0 ? locked(nowLocked) : new Refusal('wrong_credentials', 401, { field: 'password' });
}

/** Opens a session for this browser. */
export async function signIn(
  context: APIContext,
  input: { email: string; password: string },
): Promise<{ id: string; email: string } | Refusal> {
  const { locals } = context;
  const user = await guarded(locals, input.email, () => locals.db.auth.signInWithPassword(input));
  if (isRefused(user)) return user;
  await welcome(context, { id: user.id, email: input.email });
  return { id: user.id, email: input.email };
}

/** Whether this is the password of the account, without opening a session here. Refuses like `signIn`. */
export async function checkOwnPassword(locals: App.Locals, password: string): Promise<true | Refusal> {
  const email = locals.user?.email ?? '';
  const auth = authWithoutSession();
  const user = await guarded(locals, email, () => auth.signInWithPassword({ email, password }));
  if (isRefused(user)) {
    return user.name === 'wrong_credentials'
      ? new Refusal('wrong_current_password', 403, { field: 'current' })
      : user;
  }
  await auth.signOut({ scope: 'local' });
  return true;
}

/** Before anything else makes them a member: whoever is brought is somebody new. */
async function arriveInvited({ locals, cookies }: APIContext, by: string | null): Promise<void> {
  const code = rememberedInvitation(cookies) ?? by;
  if (!code) return;
  const done = await acceptInvitation(locals.db, locals.business.id, code);
  // A link that was not for them is no reason to say anything to somebody who wanted to sign in.
  if (isRefused(done)) log.info('invitation_refused', { request_id: locals.requestId, refusal: done.name });
  forgetInvitation(cookies);
}

/**
 * After a session was opened: the person is a member of this business, and the cart they filled is theirs. `invitedBy`: the
 * code they signed up with, for a letter that is read in another browser than that.
 */
export async function welcome(
  context: APIContext,
  user: { id: string; email: string },
  invitedBy: string | null = null,
): Promise<void> {
  const { locals, cookies } = context;
  locals.user = user;
  const business_id = locals.business.id;
  await arriveInvited(context, invitedBy);
  const cart = cartToken(cookies);
  const done = cart
    ? answer(await locals.db.rpc('claim_cart', { business_id, cart_token: cart }))
    : answer(await locals.db.rpc('become_member', { business_id }));
  // The session stands whatever became of the cart; the next page makes them a member if this could not.
  if (isRefused(done)) log.warn('welcome_refused', { request_id: locals.requestId, refusal: done.name });
  else if (cart) dropCart(cookies);
  locals.forgetViewer();
}
