// `npm test`: everything that proves the whole, two things at a time on two cores, with one closing line.
import { parseArgs } from 'node:util';
import { findChromium, installChromium } from './chromium.ts';
import { alone } from '../local/prepare/build.ts';
import { openScratch, wipe } from '../local/prepare/studio.ts';
import { onStop } from '../local/process/signals.ts';
import { paint, startSteps } from '../local/process/steps.ts';
import { runTool, runVitest, stopAll, type Outcome } from './outcome.ts';

const { positionals, tokens } = parseArgs({ strict: false, allowPositionals: true, tokens: true });
const [part] = positionals;
// What follows the part goes to vitest as it is.
const first = tokens.find((token) => token.kind === 'positional');
const extra = process.argv.slice(2 + (first ? first.index + 1 : 0));

const steps = startSteps();
const scratch = await openScratch();
const failures: { what: string; output: string }[] = [];
const total = { passed: 0, failed: 0, skipped: 0 };

async function end(): Promise<void> {
  await stopAll();
  await wipe(scratch.dir);
  scratch.release();
}
const stopping = onStop(end, 130);

/** Says how a step ended, keeps its output for the end when it failed, and counts. */
async function judge(what: string, act: () => Promise<Outcome>): Promise<boolean> {
  const begun = performance.now();
  steps.tell('begun', what);
  const progress = setInterval(() => steps.say(`still at it: ${what}`), 30_000);
  const outcome = await act().catch((error: unknown): Outcome => ({
    passed: 0,
    failed: 1,
    skipped: 0,
    output: String(error),
  }));
  clearInterval(progress);
  if (stopping.begun) return false;
  const { passed, failed, skipped, output } = outcome;
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  const good = failed === 0;
  const counts = [`${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`]
    .filter(Boolean)
    .join(', ');
  steps.tell(good ? 'good' : 'bad', `${what}: ${counts}`, begun);
  if (!good) failures.push({ what, output });
  return good;
}

const tool = (what: string, bin: string, args: string[]) => () =>
  judge(what, () => runTool(bin, args, scratch.dir));
const tests = (what: string, projects: string[]) => () =>
  judge(what, () => runVitest({ projects, extra, dir: scratch.dir, live: part !== undefined }));

let ready: Promise<void> | undefined;
/** Found or installed once, however many parts need it. */
const chromium = (): Promise<void> => (ready ??= provideChromium());

async function provideChromium(): Promise<void> {
  let found = await findChromium();
  if (!found) {
    await judge('installing a Chromium', async () => {
      found = await installChromium();
      return { passed: 1, failed: 0, skipped: 0, output: '' };
    });
  }
  if (found) process.env.CHROMIUM_PATH = found;
}

const parts: Record<string, () => Promise<unknown>> = {
  unit: tests('unit tests', ['unit']),
  local: async () => {
    await chromium();
    await tests('the embedded backend', ['local'])();
  },
  db: tests('the database', ['database']),
  doors: tests('doors', ['doors']),
  journeys: async () => {
    await chromium();
    await tests('journeys', ['journeys'])();
  },
};

async function everything(): Promise<void> {
  // Astro writes it, others read it. Two runs of these tests at once take turns.
  await alone(tool('declarations of pages', 'astro/bin/astro.mjs', ['sync']));
  // The long ones first, so that neither core is idle at the end.
  const waiting = [
    // Pages and plain TypeScript alike.
    tool('types', 'astro/bin/astro.mjs', ['check', '--noSync', '--minimumFailingSeverity', 'error']),
    async () => {
      await chromium();
      await tests('the database, doors and journeys', ['database', 'doors', 'journeys'])();
    },
    async () => {
      await chromium();
      await tests('the embedded backend', ['local'])();
    },
    tool('lint', 'eslint/bin/eslint.js', ['-c', 'tests/lint/eslint.config.mjs', '.']),
    tool('format', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
    tests('unit tests', ['unit']),
    tool('generated database types', '../local/commands/db-types.ts', ['--check']),
  ];
  const work = async () => {
    for (let next = waiting.shift(); next && !stopping.begun; next = waiting.shift()) await next();
  };
  await Promise.all([work(), work()]);
}

const chosen = part === undefined ? everything : parts[part];
if (!chosen) {
  console.error(`There is no part "${part}". There are: ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}
await chosen();
if (!stopping.begun) {
  await end();
  for (const { what, output } of failures) console.log(`\n${paint('red', `✗ ${what}`)}\n${output}`);
  const { passed, failed, skipped } = total;
  console.log(
    `\n${failed === 0 ? paint('green', 'All is well.') : paint('red', 'Not all is well.')} ${steps.elapsed()}`,
  );
  console.log(`Tests: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed === 0 ? 0 : 1);
}
