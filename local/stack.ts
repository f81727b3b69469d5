import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSite } from './prepare/build.ts';
import { keepSecrets } from './prepare/secrets.ts';
import { siteSpec, standInSpec, workerSpec } from './parts/specs.ts';
import { reservePort } from './process/ports.ts';
import { quietSteps, type Steps } from './process/steps.ts';
import { createSupervisor, type Part } from './process/supervise.ts';
import { type Mail } from './mail/index.ts';
import { type Supabase } from './supabase/server.ts';

/** The ports that are tried first. */
export const usualPorts = {
  site: 4321,
  supabase: 54321,
  database: 54322,
  stripe: 12111,
  mail: 8025,
  smtp: 1025,
};

export interface StackOptions {
  /** Where data, secrets and logs are kept. One stack at a time uses it. */
  dir: string;
  /** Preferred ports; where one is taken the next free one, where none is named a random one. */
  ports?: Partial<typeof usualPorts>;
  /** False leaves the database as the migrations make it. */
  seed?: boolean;
  /** Name of a second database on the same server with the same migrations and seed, which no part of the stack uses. */
  copy?: string;
  /** False for throw-away data: faster, and a power cut may lose it. */
  durable?: boolean;
  /** `built` serves the production build, `dev` reloads on every change, `none` starts the backend alone. */
  site?: 'built' | 'dev' | 'none';
  /** More settings for the site and the worker, or others than usual. */
  settings?: Record<string, string>;
  steps?: Steps;
  /** Gives the start up; `startStack` then throws, with everything stopped. */
  signal?: AbortSignal;
  /** Told what a person should know: a part that ended and is back. */
  log?: (line: string) => void;
}

export type PartName = 'supabase' | 'stripe' | 'mail' | 'site' | 'worker';

export interface Stack {
  siteUrl: string;
  /** The same site under the second business's name. */
  barberiaUrl: string;
  supabase: Pick<Supabase, 'url' | 'publishableKey' | 'secretKey' | 'databaseUrl' | 'adminUrl' | 'migrated'>;
  stripe: { url: string; secretKey: string; webhookSecret: string };
  mail: Pick<Mail, 'url' | 'smtpUrl'>;
  /** What the site runs with; the worker has DATABASE_URL too. */
  env: Record<string, string>;
  logs: string;
  /** Ends a part as a crash would and waits until it is back. */
  kill(name: PartName, signal?: NodeJS.Signals): Promise<void>;
  /** Stops a part in good order and starts it again. */
  restart(name: PartName): Promise<void>;
  restartApp(): Promise<void>;
  stop(): Promise<void>;
  /** Rejects when a part cannot be kept running; everything is stopped by then. */
  failed: Promise<never>;
  /** Parts that ended without having been asked to. */
  crashes(): string[];
}

/**
 * Starts everything that Atrium needs on one machine, each part as a process of its own, and keeps it running. A
 * part that ends is started again with its data; one that keeps ending stops everything. When this process is gone,
 * so are they.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dir, site = 'built', steps = quietSteps, log = () => {} } = options;
  await mkdir(dir, { recursive: true });

  const supervisor = createSupervisor(log);
  options.signal?.addEventListener('abort', () => void supervisor.stop());
  const ports = Object.fromEntries(
    await Promise.all(
      Object.keys(usualPorts).map(async (name) => [name, await reservePort(options.ports?.[name as 'site'])]),
    ),
  ) as Record<keyof typeof usualPorts, Awaited<ReturnType<typeof reservePort>>>;
  const ends: (() => void)[] = Object.values(ports).map(({ release }) => release);
  const stop = async () => {
    await supervisor.stop();
    for (const end of ends.splice(0)) end();
  };

  const logs = join(dir, 'logs');
  const siteUrl = `http://localhost:${ports.site.port}`;
  const smtpUrl = `smtp://127.0.0.1:${ports.smtp.port}`;

  try {
    const secrets = await keepSecrets(dir);
    const standIn = <Ready>(name: 'supabase' | 'stripe' | 'mail', message: object) =>
      supervisor.run<Ready>(standInSpec(name, logs, { dir: join(dir, name), ...message }));

    const [supabase, stripe, mail, build] = await Promise.all([
      steps.step('starting the database, its API, sign-in and live updates', () =>
        standIn<Stack['supabase']>('supabase', {
          port: ports.supabase.port,
          postgresPort: ports.database.port,
          smtpUrl,
          siteUrl,
          seed: options.seed ?? true,
          copy: options.copy,
          durable: options.durable ?? true,
        }),
      ),
      steps.step('starting the Stripe emulator', () =>
        standIn<Stack['stripe']>('stripe', {
          port: ports.stripe.port,
          webhookUrl: `${siteUrl}/api/payments/webhooks`,
          webhookSecret: secrets.webhook,
        }),
      ),
      steps.step('starting the inbox', () =>
        standIn<Stack['mail']>('mail', { webPort: ports.mail.port, smtpPort: ports.smtp.port }),
      ),
      site === 'built'
        ? steps.step('the site’s build', () => buildSite(join(logs, 'build.log'), (text) => steps.say(text)))
        : null,
    ]);
    // Migrations are edited in place until the first release, and one that has run does not run again.
    const { changed } = supabase.ready.migrated;
    if (changed.length > 0) throw new OldDataError(changed);

    const env = {
      NODE_ENV: site === 'dev' ? 'development' : 'production',
      SITE_URL: siteUrl,
      SUPABASE_URL: supabase.ready.url,
      SUPABASE_PUBLISHABLE_KEY: supabase.ready.publishableKey,
      SUPABASE_SECRET_KEY: supabase.ready.secretKey,
      STRIPE_SECRET_KEY: stripe.ready.secretKey,
      STRIPE_WEBHOOK_SECRET: stripe.ready.webhookSecret,
      STRIPE_API_URL: stripe.ready.url,
      SMTP_URL: smtpUrl,
      MAIL_FROM: 'Atrium <hello@atrium.test>',
      ATRIUM_SECRET: secrets.atrium,
      WEBHOOKS_MAY_STAY_LOCAL: 'true',
      TRUST_PROXY: '0',
      HOST: '127.0.0.1',
      PORT: String(ports.site.port),
      ...options.settings,
    };
    if (build) ends.push(build.release);
    const parts = new Map<PartName, Part<unknown>>([
      ['supabase', supabase],
      ['stripe', stripe],
      ['mail', mail],
    ]);
    if (site !== 'none') {
      await steps.step('starting the site and the worker', async () => {
        const [served, worker] = await Promise.all([
          supervisor.run(siteSpec(env, logs, build?.folder ?? null)),
          supervisor.run(workerSpec({ ...env, DATABASE_URL: supabase.ready.databaseUrl }, logs)),
        ]);
        parts.set('site', served).set('worker', worker);
      });
    }
    const find = (name: PartName) => {
      const part = parts.get(name);
      if (!part) throw new Error(`this stack has no ${name}`);
      return part;
    };
    return {
      siteUrl,
      barberiaUrl: siteUrl.replace('localhost', 'barberia.localhost'),
      supabase: supabase.ready,
      stripe: stripe.ready,
      mail: mail.ready,
      env,
      logs,
      kill: (name, signal) => find(name).kill(signal),
      restart: (name) => find(name).restart(),
      restartApp: () => find('site').restart(),
      stop,
      failed: supervisor.failed,
      crashes: supervisor.crashes,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The data was made by migrations that have been edited since. */
export class OldDataError extends Error {
  constructor(changed: string[]) {
    super(
      `The data here was made from an older version of the database's schema (${changed.join(', ')} changed). ` +
        'Begin again from the seed: npm run db:reset',
    );
  }
}
