/**
 * Every setting, read from the environment once and checked as a whole. `.env.example` says what each is for.
 * Plain Node and Vite both import this file: it must not use `astro:*` or `import.meta.env`.
 */
import { z } from 'zod';

const url = z.url({ protocol: /^https?$/ });
const origin = url.transform((value) => new URL(value).origin);
const wholeNumber = z.string().regex(/^\d+$/, 'a whole number').transform(Number);

const settings = z
  .object({
    SITE_URL: origin,
    SUPABASE_URL: origin,
    SUPABASE_PUBLISHABLE_KEY: z.string().min(1),
    SUPABASE_SECRET_KEY: z.string().min(1),
    DATABASE_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'a postgresql:// address')
      .or(z.literal(''))
      .default(''),
    STRIPE_SECRET_KEY: z
      .string()
      .regex(/^(sk|rk)_(test|live)_/, 'a Stripe secret key (sk_test_… or sk_live_…)'),
    STRIPE_WEBHOOK_SECRET: z.string().regex(/^whsec_/, 'a Stripe webhook secret (whsec_…)'),
    STRIPE_API_URL: origin.or(z.literal('')).default(''),
    SMTP_URL: z.string().regex(/^smtps?:\/\//, 'an smtp:// or smtps:// address'),
    MAIL_FROM: z.string().min(3),
    MAIL_PER_SECOND: wholeNumber.refine((value) => value > 0, 'at least 1').default(14),
    ATRIUM_SECRET: z.string().min(32, 'at least 32 random characters'),
    TRUST_PROXY: wholeNumber.default(0),
    RATE_LIMIT_SCALE: z
      .string()
      .regex(/^\d+(\.\d+)?$/, 'a number')
      .transform(Number)
      .default(1),
    WEBHOOKS_MAY_STAY_LOCAL: z
      .enum(['true', 'false'], 'true or false')
      .transform((value) => value === 'true')
      .default(false),
    METRICS_TOKEN: z.string().min(16, 'at least 16 characters').or(z.literal('')).default(''),
    HOST: z.string().default('127.0.0.1'),
    PORT: wholeNumber.default(4321),
  })
  .superRefine((value, context) => {
    if (value.STRIPE_API_URL && /_live_/.test(value.STRIPE_SECRET_KEY)) {
      context.addIssue({
        code: 'custom',
        path: ['STRIPE_API_URL'],
        message:
          'names an emulator while STRIPE_SECRET_KEY is a live key. Real money never goes to an emulator',
      });
    }
  });

export type Config = Readonly<z.output<typeof settings>> & {
  /** Cookies are `Secure` and browsers are told to stay on https. */
  readonly secure: boolean;
  /** No real money moves: the emulator is on, or the Stripe key is a test key. */
  readonly testMode: boolean;
};

/** Everything that is wrong with the environment, one line each; thrown by `readConfig`. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: string[]) {
    super(
      `Atrium cannot start, its configuration is not complete:\n${problems.map((line) => `  - ${line}`).join('\n')}\n` +
        'See .env.example for what each setting is.',
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Reads and checks `env`. An empty value counts as absent. Throws `ConfigError`, which never quotes a value. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = settings.safeParse(given);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => {
      const name = String(issue.path[0] ?? 'environment');
      if (issue.code === 'custom') return `${name} ${issue.message}`;
      if (given[name] === undefined) return `${name} is missing`;
      return `${name} is not right: ${issue.code === 'invalid_union' ? 'not of the expected form' : issue.message}`;
    });
    throw new ConfigError([...new Set(problems)]);
  }
  return Object.freeze({
    ...result.data,
    secure: result.data.SITE_URL.startsWith('https:'),
    testMode: result.data.STRIPE_API_URL !== '' || /_test_/.test(result.data.STRIPE_SECRET_KEY),
  });
}

let read: Config | undefined;

/**
 * The settings of this process, checked when the first one is used. `check-config.ts` uses one at start-up, so
 * that a server with a bad configuration does not start instead of failing its first visitor.
 */
export const config: Config = new Proxy({} as Config, {
  get: (_target, name) => Reflect.get((read ??= readConfig(process.env)), name),
  has: (_target, name) => Reflect.has((read ??= readConfig(process.env)), name),
  ownKeys: () => Reflect.ownKeys((read ??= readConfig(process.env))),
});
