/** Accounts: making one, and the links by e-mail that open one. None of these tells whether an address is known. */
import { log } from '#platform/log.ts';
import { Refusal } from '#platform/refusals.ts';
import { authWithoutSession, throwIfAway } from '#platform/supabase.ts';
import { passwordProblem } from './password-rules.ts';
import { evenly } from '#platform/evenly.ts';

/** Links in e-mails begin with this; supabase/templates go on with `/confirm?…`. */
const linkBase = (locals: App.Locals): string => `${locals.origin}${locals.href('/')}`.replace(/\/$/, '');

/** Errors that would tell an address apart are not passed on: the answer is the same, and the log has the reason. */
function quietly(locals: App.Locals, event: string, error: Parameters<typeof throwIfAway>[0]): null {
  throwIfAway(error);
  if (error) log.info(event, { request_id: locals.requestId, reason: error.code ?? error.name });
  return null;
}

const linkTo = async (locals: App.Locals, email: string) =>
  authWithoutSession().signInWithOtp({
    email,
    options: { shouldCreateUser: false, emailRedirectTo: linkBase(locals) },
  });

/**
 * Makes a customer's account, whatever else was sent, and writes to the address. Somebody who has one already is
 * written to as well, with a link that signs them in. Refuses what has nothing to do with who they are: 422
 * `password_refused`, `email_invalid`, 403 `sign_up_closed`.
 */
export async function signUp(
  locals: App.Locals,
  input: { email: string; password: string; name: string; invitedBy?: string | null },
): Promise<null | Refusal> {
  const make = async (): Promise<null | Refusal> => {
    const { data, error } = await authWithoutSession().signUp({
      email: input.email,
      password: input.password,
      options: {
        // The business's name is what the letters of auth carry at their top.
        data: {
          full_name: input.name,
          locale: locals.locale,
          business: locals.business.name,
          ...(input.invitedBy ? { invited_by: input.invitedBy } : {}),
        },
        emailRedirectTo: linkBase(locals),
      },
    });
    throwIfAway(error);
    if (error?.code === 'weak_password') return new Refusal('password_refused', 422, { field: 'password' });
    if (error?.code === 'signup_disabled' || error?.code === 'email_provider_disabled') {
      return new Refusal('sign_up_closed', 403);
    }
    if (error?.code === 'email_address_invalid' || error?.code === 'validation_failed') {
      return new Refusal('email_invalid', 422, { field: 'email' });
    }
    // Auth's way of saying "known already" without saying it: a user without identities.
    const known = error?.code === 'user_already_exists' || data.user?.identities?.length === 0;
    if (known) return quietly(locals, 'sign_up_known', (await linkTo(locals, input.email)).error);
    return quietly(locals, 'sign_up_refused', error);
  };
  return evenly(make());
}

/** Sends a link that signs in, if there is an account. */
export const sendMagicLink = (locals: App.Locals, email: string): Promise<null> =>
  evenly(linkTo(locals, email).then(({ error }) => quietly(locals, 'magic_link_refused', error)));

/** Sends a link that leads to choosing a new password, if there is an account. */
export const sendRecovery = (locals: App.Locals, email: string): Promise<null> =>
  evenly(
    authWithoutSession()
      .resetPasswordForEmail(email, { redirectTo: linkBase(locals) })
      .then(({ error }) => quietly(locals, 'recovery_refused', error)),
  );

/** Sends the first confirmation again, if it is still wanted. */
export const resendConfirmation = (locals: App.Locals, email: string): Promise<null> =>
  evenly(
    authWithoutSession()
      .resend({ type: 'signup', email, options: { emailRedirectTo: linkBase(locals) } })
      .then(({ error }) => quietly(locals, 'resend_refused', error)),
  );

/**
 * Changes the password of who is signed in, and ends their sessions elsewhere. Refuses 422 `password_refused`,
 * `same_password`, 403 `sign_in_again`.
 */
export async function changePassword(
  locals: App.Locals,
  password: string,
  who: { email: string; name: string | null },
): Promise<null | Refusal> {
  const refused = new Refusal('password_refused', 422, { field: 'password' });
  if (passwordProblem(password, { email: who.email, name: who.name ?? '' })) return refused;
  const { error } = await locals.db.auth.updateUser({ password });
  throwIfAway(error);
  if (error?.code === 'same_password') return new Refusal('same_password', 422, { field: 'password' });
  if (error?.code === 'weak_password') return refused;
  if (error?.code === 'reauthentication_needed' || error?.status === 401 || error?.status === 403) {
    return new Refusal('sign_in_again', 403);
  }
  if (error) throw new Error('The password could not be changed', { cause: error });
  await locals.db.auth.signOut({ scope: 'others' });
  return null;
}

/** Writes to the new address (and, where auth is set so, to the old one); the change happens when it is confirmed. */
export async function changeEmail(locals: App.Locals, email: string): Promise<null | Refusal> {
  const change = locals.db.auth.updateUser({ email }, { emailRedirectTo: linkBase(locals) });
  return evenly(
    change.then(({ error }) => {
      if (error?.code === 'email_address_invalid')
        return new Refusal('email_invalid', 422, { field: 'email' });
      // That somebody else has this address is not told.
      return quietly(locals, 'email_change_refused', error);
    }),
  );
}
