import pg from 'pg';
import type { AuthConfig } from '../config.ts';
import type { Claims, Keys } from '../keys.ts';
import { confirmEmailChange, resendEmailChange } from './flows/email-change.ts';
import { openLite } from './lite.ts';
import { createMailer, redirectWanted } from './mail/mailer.ts';
import { signInWithPassword, updateUser } from './flows/password.ts';
import { openPost } from './mail/post.ts';
import { type Flow, resendConfirmation, signInByLink, signUp } from './flows/sign-up.ts';
import { exchangeTokens } from './tokens.ts';
import {
  address,
  type AuthAnswer,
  AuthRefusal,
  type AuthRequest,
  json,
  readFields,
  refusal,
  text,
} from './wire.ts';

export interface AuthOptions {
  /** Signs in as supabase_auth_admin. */
  databaseUrl: string;
  smtpUrl: string;
  siteUrl: string;
  /** `iss` of tokens: this server's address and `/auth/v1`. */
  issuer: string;
  config: AuthConfig;
}

export interface Auth {
  handle(request: AuthRequest): Promise<AuthAnswer>;
  close(): Promise<void>;
}

/** Supabase Auth as far as supabase-js uses it with e-mail and password: @supabase/lite's, and what that lacks. */
export function createAuth(o: AuthOptions & { keys: Keys; log: (line: string) => void }): Auth {
  const pool = new pg.Pool({ connectionString: o.databaseUrl, max: 4, application_name: 'auth' });
  let closing = false;
  pool.on('error', (error) => {
    if (!closing) o.log(`auth: an idle database connection failed: ${error.message}`);
  });
  const post = openPost(o.smtpUrl, o.config.sender, o.log);
  const mailer = createMailer({ ...o, pool, post });
  const lite = openLite({ ...o, url: o.databaseUrl, secret: o.keys.internalSecret, mailer });
  const tokens = exchangeTokens(o.keys, o.issuer);
  const flow: Flow = {
    config: o.config,
    pool,
    mailer,
    async lite(method, path, fields, jwt) {
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (jwt) headers.authorization = `Bearer ${jwt}`;
      const body = fields ? JSON.stringify(fields) : null;
      const response = await lite.fetch(new Request(`http://auth/auth/v1${path}`, { method, headers, body }));
      const answer = await response.text();
      if (response.status === 204) return { status: 204, headers: {}, body: '' };
      const errorCode = response.headers.get('x-sb-error-code');
      return json(
        response.status,
        tokens.outward(JSON.parse(answer || '{}')),
        errorCode ? { 'x-sb-error-code': errorCode } : {},
      );
    },
  };

  async function signedIn(request: AuthRequest): Promise<{ claims: Claims; jwt: string }> {
    const jwt = /^Bearer (?!sb_)(\S+)$/.exec(request.authorization ?? '')?.[1];
    if (!jwt) throw new AuthRefusal(401, 'no_authorization', 'This endpoint requires a valid Bearer token');
    return await tokens.inward(jwt).catch((error: unknown) => {
      const message = `invalid JWT: unable to parse or verify signature, ${(error as Error).message}`;
      throw new AuthRefusal(403, 'bad_jwt', message);
    });
  }

  async function answer(request: AuthRequest, url: URL): Promise<AuthAnswer> {
    const fields = readFields(request.body);
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /health':
      case 'GET /settings':
        return await flow.lite('GET', url.pathname);
      case 'POST /signup':
        return await signUp(flow, fields);
      case 'POST /token':
        if (url.searchParams.get('grant_type') === 'password') return await signInWithPassword(flow, fields);
        return await flow.lite('POST', `/token${url.search}`, fields);
      case 'POST /otp':
      case 'POST /magiclink':
        return await signInByLink(flow, fields);
      case 'POST /recover':
        return await flow.lite('POST', '/recover', fields);
      case 'POST /resend':
        if (text(fields, 'type') === 'signup') return await resendConfirmation(flow, address(fields));
        if (text(fields, 'type') === 'email_change') return await resendEmailChange(flow, address(fields));
        throw new AuthRefusal(400, 'validation_failed', 'Missing one of these types: signup, email_change');
      case 'POST /verify':
        if (text(fields, 'type') === 'email_change') return await confirmEmailChange(flow, fields);
        // `email` stands for whatever the link was sent for: a sign-up's or a sign-in's.
        if (text(fields, 'type') === 'email') fields.type = 'magiclink';
        return await flow.lite('POST', '/verify', fields);
      case 'GET /user':
        return await flow.lite('GET', '/user', undefined, (await signedIn(request)).jwt);
      case 'PUT /user': {
        const { jwt, claims } = await signedIn(request);
        return await updateUser(flow, fields, jwt, claims);
      }
      case 'POST /logout':
        return await flow.lite('POST', `/logout${url.search}`, {}, (await signedIn(request)).jwt);
      default:
        throw new AuthRefusal(
          501,
          'not_supported',
          `${request.method} /auth/v1${url.pathname} is not supported by the embedded backend.`,
        );
    }
  }

  return {
    async handle(request) {
      const url = new URL(request.path, 'http://auth');
      try {
        return await redirectWanted.run(url.searchParams.get('redirect_to'), () => answer(request, url));
      } catch (error) {
        if (error instanceof AuthRefusal) return refusal(error);
        o.log(`auth: ${request.method} ${url.pathname} failed: ${String((error as Error).stack ?? error)}`);
        return refusal(new AuthRefusal(500, 'unexpected_failure', 'Internal server error'));
      }
    },
    async close() {
      closing = true;
      await post.close();
      await lite.close();
      await pool.end();
    },
  };
}
