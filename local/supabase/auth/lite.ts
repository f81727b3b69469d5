import { App, getAuthSchemaSql } from '@supabase/lite';
import { createPostgresConnection } from '@supabase/lite/postgres';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import type { AuthConfig } from '../config.ts';
import { type Mailer } from './mail/mailer.ts';

/** Makes or completes schema auth. `url` signs in as supabase_auth_admin. */
export async function prepareAuthSchema(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(getAuthSchemaSql());
    await client.query(await readFile(new URL('./schema.sql', import.meta.url), 'utf8'));
  } finally {
    await client.end();
  }
}

/** @supabase/lite with nothing but its auth. It signs tokens with a shared secret; ours go out signed anew (see tokens.ts). */
export function openLite(o: {
  url: string;
  config: AuthConfig;
  siteUrl: string;
  secret: string;
  mailer: Mailer;
}) {
  const { config } = o;
  const connection = createPostgresConnection({
    url: o.url,
    postgresOptions: {
      max: 4,
      onnotice: () => undefined,
      types: {
        // lite serialises jsonb itself: a second time would store a string instead of an object.
        json: { to: 114, from: [114], serialize: (value: unknown) => value, parse: JSON.parse },
        jsonb: { to: 3802, from: [3802], serialize: (value: unknown) => value, parse: JSON.parse },
        timestamptz: {
          to: 1184,
          from: [1184],
          serialize: String,
          parse: (text: string) => new Date(text).toISOString(),
        },
      },
    },
  });
  const app = new App({
    connection,
    auth: {
      enabled: true,
      jwt_secret: o.secret,
      site_url: o.siteUrl,
      jwt_expiry: config.tokenSeconds,
      enable_signup: config.signUps,
      enable_refresh_token_rotation: config.rotateRefreshTokens,
      minimum_password_length: config.passwordLength,
      password_requirements: config.passwordRequirements,
      email: {
        enable_signup: config.signUps,
        enable_confirmations: config.confirmations,
        double_confirm_changes: config.doubleConfirmChanges,
        otp_length: config.otpLength,
        otp_expiry: config.otpSeconds,
      },
    },
    db: { migrations: { enabled: false } },
    // Keys are checked before a request gets here.
    options: { server: { apiKeys: false } },
  });
  app._mailer = o.mailer;
  return { fetch: (request: Request) => app.fetch(request), close: () => connection.close() };
}
