import { hashCode, newCode } from './codes.ts';
import { type Flow } from './sign-up.ts';
import { address, type AuthAnswer, AuthRefusal, type Fields, json, text } from '../wire.ts';

/**
 * A change of address must be confirmed from the old and from the new mailbox, in any order. lite finishes as soon as the old one has:
 * so the first confirmation ends here, and leaves the other one's hash in the column that lite finishes by.
 */
export async function confirmEmailChange(flow: Flow, fields: Fields): Promise<AuthAnswer> {
  const hash = text(fields, 'token_hash') || hashCode(address(fields), text(fields, 'token'));
  if (flow.config.doubleConfirmChanges) {
    const { rowCount } = await flow.pool.query(
      `update auth.users set
         email_change_confirm_status = 1,
         email_change_token_current = case when email_change_token_current = $1 then email_change_token_new else email_change_token_current end,
         email_change_token_new = null
       where $1 in (email_change_token_current, email_change_token_new)
         and email_change_confirm_status = 0
         and email_change_token_current is not null and email_change_token_new is not null
         and email_change_sent_at > now() - $2 * interval '1 second'`,
      [hash, flow.config.otpSeconds],
    );
    if (rowCount) {
      const msg = 'Confirmation link accepted. Please proceed to confirm link sent to the other email';
      return json(200, { code: 200, msg });
    }
  }
  await refuseTaken(flow, hash);
  const answer = await flow.lite('POST', '/verify', { type: 'email_change', token_hash: hash });
  if (answer.status === 200) {
    await flow.pool.query(
      'update auth.users set email_change_confirm_status = 0 where email_change is null and email_change_confirm_status = 1',
    );
  }
  return answer;
}

/** Since the change was asked for, somebody else may have signed up with that address. */
async function refuseTaken(flow: Flow, hash: string) {
  const { rowCount } = await flow.pool.query(
    `select from auth.users changing join auth.users other on other.email = changing.email_change
     where $1 in (changing.email_change_token_current, changing.email_change_token_new)`,
    [hash],
  );
  if (rowCount) {
    throw new AuthRefusal(422, 'email_exists', 'A user with this email address has already been registered');
  }
}

/** New links for the change under way of the account with this (old) address; nothing when there is none. */
export async function resendEmailChange(flow: Flow, email: string): Promise<AuthAnswer> {
  const { rows } = await flow.pool.query<{ id: string; email_change: string }>(
    'select id, email_change from auth.users where email = $1 and email_change is not null',
    [email],
  );
  const user = rows[0];
  if (!user) return json(200, {});
  const current = newCode(email, flow.config.otpLength);
  const changed = newCode(user.email_change, flow.config.otpLength);
  const both = flow.config.doubleConfirmChanges;
  await flow.pool.query(
    `update auth.users set email_change_token_current = $2, email_change_token_new = $3, email_change_sent_at = now(),
       email_change_confirm_status = 0 where id = $1`,
    [user.id, both ? current.hash : null, changed.hash],
  );
  const meta = { userId: user.id, currentEmail: email, newEmail: user.email_change };
  if (both) {
    const second = { tokenNew: changed.code, tokenHashNew: changed.hash };
    await flow.mailer.sendEmailChange(email, current.hash, current.code, { ...meta, ...second });
  } else {
    await flow.mailer.sendEmailChange(user.email_change, changed.hash, changed.code, meta);
  }
  return json(200, {});
}
