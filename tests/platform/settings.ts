/** A complete environment for tests of what reads the configuration. No value in it reaches anything. */
export const environment: Record<string, string> = {
  SITE_URL: 'http://localhost:4321',
  SUPABASE_URL: 'http://127.0.0.1:1',
  SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_test',
  SUPABASE_SECRET_KEY: 'sb_secret_test',
  STRIPE_SECRET_KEY: 'sk_test_nothing',
  STRIPE_WEBHOOK_SECRET: 'whsec_nothing',
  SMTP_URL: 'smtp://127.0.0.1:1',
  MAIL_FROM: 'Atrium <hello@studio.example>',
  ATRIUM_SECRET: 'a-secret-of-at-least-thirty-two-characters',
};

/** Import this file before anything that reads a setting. */
Object.assign(process.env, environment);
