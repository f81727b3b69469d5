import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '#platform/config.ts';
import { environment } from './settings.ts';

function problems(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('a complete environment is accepted, and what may be left out has a value', () => {
  const config = readConfig(environment);
  expect(config).toMatchObject({ TRUST_PROXY: 0, STRIPE_API_URL: '', secure: false, testMode: true });
});

test('everything that is missing is named at once', () => {
  expect(problems({})).toEqual(
    expect.arrayContaining([
      'SITE_URL is missing',
      'SUPABASE_SECRET_KEY is missing',
      'ATRIUM_SECRET is missing',
    ]),
  );
});

test('an empty value is a missing one', () => {
  expect(problems({ ...environment, SMTP_URL: '' })).toEqual(['SMTP_URL is missing']);
});

test('the emulator and a live key never go together', () => {
  const mixed = {
    ...environment,
    STRIPE_SECRET_KEY: 'sk_live_real',
    STRIPE_API_URL: 'http://127.0.0.1:12111',
  };
  expect(problems(mixed)[0]).toMatch(/^STRIPE_API_URL names an emulator/);
});

test('a complaint names the setting and never says its value', () => {
  const wrong = problems({ ...environment, STRIPE_SECRET_KEY: 'oops-a-secret', TRUST_PROXY: 'two' });
  expect(wrong.map((line) => line.split(' ')[0])).toEqual(['STRIPE_SECRET_KEY', 'TRUST_PROXY']);
  expect(wrong.join()).not.toContain('oops-a-secret');
});

test('a site with a certificate has secure cookies, and a live key is not test mode', () => {
  const live = readConfig({
    ...environment,
    SITE_URL: 'https://studio.example/',
    STRIPE_SECRET_KEY: 'sk_live_x',
  });
  expect(live).toMatchObject({ secure: true, testMode: false, SITE_URL: 'https://studio.example' });
});

test('a server with a bad configuration does not start, and says why', () => {
  const start = (env: Record<string, string>) =>
    spawnSync(
      process.execPath,
      ['--import', './src/platform/check-config.ts', '-e', 'console.log("started")'],
      {
        env: { PATH: process.env.PATH ?? '', ...env },
        encoding: 'utf8',
      },
    );
  const refused = start({});
  expect(refused.status).toBe(78);
  expect(refused.stderr).toContain('SITE_URL is missing');
  expect(refused.stdout).toBe('');
  expect(start(environment).stdout).toBe('started\n');
});
