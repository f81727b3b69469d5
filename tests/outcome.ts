import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild, type Child } from '../local/process/child.ts';
import { root } from '../local/parts/root.ts';

/** How one step of the run ended. */
export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  /** What it printed. */
  output: string;
}

const running = new Set<Child>();

/** Ends every step that is still at it. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((child) => child.stop(20_000)));
}

const colours = (): Record<string, string | undefined> =>
  process.stdout.isTTY && process.env.NO_COLOR === undefined
    ? { FORCE_COLOR: '1' }
    : { FORCE_COLOR: undefined, NO_COLOR: '1' };

/** Runs `script` (below node_modules) to its end. What it prints goes to the file, or to the terminal without one. */
async function run(script: string, args: string[], log: string | null, env: Record<string, string> = {}) {
  const child = startChild({
    script: join(root, 'node_modules', script),
    args,
    cwd: root,
    output: log === null ? 'terminal' : { file: log },
    env: { ASTRO_TELEMETRY_DISABLED: '1', ...colours(), ...env },
  });
  running.add(child);
  const { code, signal } = await child.exited;
  running.delete(child);
  const output = log === null ? '' : await readFile(log, 'utf8').catch(() => '');
  return {
    good: code === 0,
    output: code === 0 ? output : `${output}\n(ended by ${signal ?? `exit code ${code}`})`,
  };
}

/** A tool that is either content or not counts as one test. `script` is below node_modules. */
export async function runTool(script: string, args: string[], dir: string): Promise<Outcome> {
  const log = join(
    dir,
    `${script.replaceAll(/\W+/g, '-')}-${args.join('-').replaceAll(/\W+/g, '-').slice(0, 40)}.log`,
  );
  const { good, output } = await run(script, args, log);
  return { passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: 0, output };
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

export interface VitestRun {
  projects: string[];
  /** More arguments for vitest. */
  extra: string[];
  /** Where reports and logs go. */
  dir: string;
  /** A person watches it alone: it prints to the terminal. */
  live: boolean;
}

/** Runs vitest projects and counts their tests. A run that breaks down outside of a test counts as one failure. */
export async function runVitest({ projects, extra, dir, live }: VitestRun): Promise<Outcome> {
  const name = projects.join('-');
  const file = join(dir, `${name}.json`);
  const args = ['run', ...projects.flatMap((project) => ['--project', project])];
  args.push('--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...extra);
  const { good, output } = await run('vitest/vitest.mjs', args, live ? null : join(dir, `${name}.log`), {
    NODE_ENV: 'test',
  });
  const report = JSON.parse(await readFile(file, 'utf8').catch(() => 'null')) as VitestReport | null;
  if (!report) return { passed: 0, failed: 1, skipped: 0, output };
  // A file that could not even be loaded has no failed test in it.
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length;
  const failed = report.numFailedTests + unloaded;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !good ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
    output,
  };
}
