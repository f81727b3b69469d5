import type { Claims } from '../../keys.ts';
import { type Flow } from './sign-up.ts';
import { address, type AuthAnswer, AuthRefusal, type Fields, text } from '../wire.ts';

/**
 * lite says "not confirmed" before it has looked at the password, and answers at once when there is no account. Here a wrong
 * password is a wrong password, whoever asks, and costs a hash.
 */
export async function signInWithPassword(flow: Flow, fields: Fields): Promise<AuthAnswer> {
  const answer = await flow.lite('POST', '/token?grant_type=password', fields);
  if (answer.status !== 400) return answer;
  // An account that lite has compared with already is not compared again. pgcrypto knows bcrypt as $2a$, which for
  // passwords of up to 72 bytes is the $2b$ that lite writes.
  const { rows } = await flow.pool.query<{ right: boolean }>(
    `select substr(encrypted_password, 5) = substr(extensions.crypt($2, '$2a$' || substr(encrypted_password, 5)), 5) as right
     from auth.users
     where email = $1 and encrypted_password is not null and email_confirmed_at is null`,
    [address(fields), text(fields, 'password')],
  );
  if (rows[0]?.right) return answer;
  if (answer.body.includes('email_not_confirmed')) {
    throw new AuthRefusal(400, 'invalid_credentials', 'Invalid login credentials');
  }
  await flow.pool.query(
    `select extensions.crypt('', extensions.gen_salt('bf', 10))
     where not exists (select from auth.users where email = $1 and encrypted_password is not null)`,
    [address(fields)],
  );
  return answer;
}

/** Whoever changed a password wants everybody else out. */
export async function updateUser(
  flow: Flow,
  fields: Fields,
  jwt: string,
  claims: Claims,
): Promise<AuthAnswer> {
  const answer = await flow.lite('PUT', '/user', fields, jwt);
  if (answer.status === 200 && fields.password != null) {
    await flow.pool.query('delete from auth.sessions where user_id = $1 and id <> $2', [
      claims.sub,
      claims.session_id,
    ]);
  }
  if (answer.status === 200 && fields.email != null) {
    await flow.pool.query('update auth.users set email_change_confirm_status = 0 where id = $1', [
      claims.sub,
    ]);
  }
  return answer;
}
