import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { AuthConfig } from '../../config.ts';
import { newCode } from './codes.ts';
import { type Mailer } from '../mail/mailer.ts';
import { address, type AuthAnswer, AuthRefusal, type Fields, json } from '../wire.ts';

/** What the flows that lite lacks are made of. */
export interface Flow {
  config: AuthConfig;
  pool: pg.Pool;
  mailer: Mailer;
  lite(method: string, path: string, fields?: Fields, jwt?: string): Promise<AuthAnswer>;
}

interface Known {
  id: string;
  confirmed: boolean;
  recent: boolean;
}

/**
 * As on the hosted service, a known address gets the answer a new one gets, with an account that does not exist; an
 * unconfirmed one is sent another link. The password and metadata of the first sign-up stay.
 */
export async function signUp(flow: Flow, fields: Fields): Promise<AuthAnswer> {
  const answer = await inTurn(address(fields), () => flow.lite('POST', '/signup', fields));
  // lite refuses a known address in words that say so.
  if (answer.status !== 429 && answer.status !== 422) return answer;
  const known = await find(flow, address(fields));
  if (!known || (answer.status === 422 && !answer.body.includes('user_already_exists'))) return answer;
  // The time a new account's password takes to hash.
  await flow.pool.query("select extensions.crypt('', extensions.gen_salt('bf', 10))");
  if (known.confirmed) return json(200, { ...userAnswer(fields, randomUUID()), role: '', identities: [] });
  await sendConfirmation(flow, known, address(fields));
  return json(200, userAnswer(fields, known.id));
}

const turns = new Map<string, Promise<unknown>>();

/** One sign-up of an address after the other: lite looks whether it is free and takes it in two steps. */
async function inTurn<T>(email: string, act: () => Promise<T>): Promise<T> {
  const before = turns.get(email);
  const turn = (before ?? Promise.resolve()).then(act, act);
  turns.set(email, turn);
  try {
    return await turn;
  } finally {
    if (turns.get(email) === turn) turns.delete(email);
  }
}

/** A link to sign in with; for an address without an account, unless `create_user` is false, one to confirm it. */
export async function signInByLink(flow: Flow, fields: Fields): Promise<AuthAnswer> {
  const known = await find(flow, address(fields));
  if (known?.confirmed || (!known && fields.create_user === false)) {
    return await flow.lite('POST', '/otp', { ...fields, create_user: false });
  }
  if (known) {
    await sendConfirmation(flow, known, address(fields));
    return json(200, {});
  }
  const password = `${randomBytes(24).toString('base64url')}aA1!`;
  const answer = await signUp(flow, { email: fields.email, data: fields.data, password });
  return answer.status === 200 ? json(200, {}) : answer;
}

export async function resendConfirmation(flow: Flow, email: string): Promise<AuthAnswer> {
  const known = await find(flow, email);
  if (known && !known.confirmed) await sendConfirmation(flow, known, email);
  return json(200, {});
}

async function sendConfirmation(flow: Flow, known: Known, email: string) {
  if (known.recent) {
    const seconds = flow.config.mailEverySeconds;
    const message = `For security purposes, you can only request this after ${seconds} seconds.`;
    throw new AuthRefusal(429, 'over_email_send_rate_limit', message);
  }
  const { code, hash } = newCode(email, flow.config.otpLength);
  await flow.pool.query(
    'update auth.users set confirmation_token = $2, confirmation_sent_at = now(), updated_at = now() where id = $1',
    [known.id, hash],
  );
  await flow.mailer.sendConfirmation(email, hash, code, { userId: known.id });
}

async function find(flow: Flow, email: string): Promise<Known | null> {
  const { rows } = await flow.pool.query<Known>(
    `select id, email_confirmed_at is not null as confirmed,
            coalesce(confirmation_sent_at > now() - $2 * interval '1 second', false) as recent
     from auth.users where email = $1 and not is_sso_user`,
    [email, flow.config.mailEverySeconds],
  );
  return rows[0] ?? null;
}

function userAnswer(fields: Fields, id: string) {
  const now = new Date().toISOString();
  const email = address(fields);
  const times = { created_at: now, updated_at: now };
  return {
    id,
    aud: 'authenticated',
    role: 'authenticated',
    email,
    phone: '',
    confirmation_sent_at: now,
    app_metadata: { provider: 'email', providers: ['email'] },
    user_metadata: fields.data ?? {},
    identities: [{ id, user_id: id, identity_data: { sub: id, email }, provider: 'email', email, ...times }],
    is_anonymous: false,
    ...times,
  };
}
