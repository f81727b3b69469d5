import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { scriptPath } from '../process/child.ts';
import { type PartSpec } from '../process/launch.ts';
import { root } from './root.ts';

const logFile = (logs: string, name: string) => ({ file: join(logs, `${name}.log`) });

/** One of the stand-ins for outside services: gets its options by message, and answers with what it became. */
export function standInSpec<Ready>(
  name: 'supabase' | 'stripe' | 'mail',
  logs: string,
  message: object,
): PartSpec<Ready> {
  return {
    name,
    layer: 1,
    script: scriptPath(`./${name}.ts`, import.meta.url),
    output: logFile(logs, name),
    message,
    ready: async ({ answer }) => (await answer) as Ready,
  };
}

/** The site, from a build's folder, or from the sources when there is none. */
export function siteSpec(env: Record<string, string>, logs: string, build: string | null): PartSpec<void> {
  const check = pathToFileURL(join(root, 'src/platform/check-config.ts')).href;
  const url = `http://127.0.0.1:${env.PORT}/api/health`;
  return {
    name: 'site',
    layer: 2,
    env: { ...env, ASTRO_DEV_BACKGROUND: '0', ASTRO_TELEMETRY_DISABLED: '1' },
    cwd: root,
    imports: [check],
    ready: (_child, ended) => untilHealthy(url, ended),
    ...(build === null
      ? {
          script: join(root, 'node_modules/astro/bin/astro.mjs'),
          args: ['dev', '--host', env.HOST ?? '127.0.0.1', '--port', env.PORT ?? '4321'],
          output: 'terminal' as const,
        }
      : { script: join(root, 'src/server.ts'), args: [build], output: logFile(logs, 'site') }),
  };
}

/** The job runner, which says that it is ready once it has reached the database. */
export function workerSpec(env: Record<string, string>, logs: string): PartSpec<void> {
  return {
    name: 'worker',
    layer: 2,
    env,
    cwd: root,
    script: join(root, 'src/platform/jobs/worker.ts'),
    output: logFile(logs, 'worker'),
    message: {},
    ready: async ({ answer }) => void (await answer),
  };
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).once('error', () => resolve(false));
  });
}

async function untilHealthy(url: string, ended: AbortSignal): Promise<void> {
  while (!ended.aborted && !(await answers(url))) await delay(25);
}
