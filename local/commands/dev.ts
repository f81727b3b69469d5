// `npm run dev`: the site from its sources, reloading at every change, with the same backend and data as `npm start`.
import { watch } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { addDemoReader } from '../demo-reader.ts';
import { root } from '../parts/root.ts';
import { openStudio, wipe } from '../prepare/studio.ts';
import { onStop } from '../process/signals.ts';
import { startSteps } from '../process/steps.ts';
import { welcome } from '../welcome.ts';
import { startStack, usualPorts } from '../stack.ts';

const { values: options } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } });
const steps = startSteps();
const studio = openStudio();
const giveUp = new AbortController();
let starting: ReturnType<typeof startStack> | null = null;
const stopping = onStop(async () => {
  giveUp.abort();
  await (await starting?.catch(() => null))?.stop();
  studio.release();
});
try {
  if (options.fresh) await steps.step('beginning again', () => wipe(studio.dir));
  starting = startStack({
    dir: studio.dir,
    ports: usualPorts,
    site: 'dev',
    signal: giveUp.signal,
    steps,
    log: (line) => steps.say(line),
  });
  const stack = await starting;
  await addDemoReader({ siteUrl: stack.siteUrl, databaseUrl: stack.supabase.adminUrl }).catch(
    (error: Error) => steps.say(`the demonstration till has no card reader: ${error.message}`),
  );
  console.log(welcome({ ...stack, inboxUrl: stack.mail.url, logs: relative(root, stack.logs) }));
  restartWorkerOnChange(() => stack.restart('worker'));
  await stack.failed;
} catch (error) {
  if (!stopping.begun) {
    console.error((error as Error).message);
    studio.release();
    process.exit(1);
  }
}

/** Astro reloads the site by itself; the worker is plain Node. */
function restartWorkerOnChange(restart: () => Promise<void>) {
  let timer: NodeJS.Timeout | undefined;
  watch(join(root, 'src'), { recursive: true }, (_event, file) => {
    if (!file?.endsWith('.ts') || file.startsWith('pages')) return;
    clearTimeout(timer);
    timer = setTimeout(() => void restart().catch((error: Error) => steps.say(error.message)), 300);
  });
}
