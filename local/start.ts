// `npm start`: the whole studio on this machine, until Ctrl-C.
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { addDemoReader } from './demo-reader.ts';
import { root } from './parts/root.ts';
import { openStudio, wipe } from './prepare/studio.ts';
import { onStop } from './process/signals.ts';
import { paint, startSteps } from './process/steps.ts';
import { welcome } from './welcome.ts';
import { startStack, usualPorts, type Stack } from './stack.ts';

const { values: options } = parseArgs({
  options: { fresh: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (options.help) {
  console.log(
    'npm start            everything, with the data of the last time\nnpm start -- --fresh begins again from the seed',
  );
  process.exit(0);
}

const steps = startSteps();
const studio = openStudio();
const shown = relative(root, studio.dir);
if (studio.number > 1)
  steps.say(`a studio of this folder is running already; this one has its own data, in ${shown}`);

const giveUp = new AbortController();
let stack: Promise<Stack> | null = null;
const stopping = onStop(async () => {
  console.log('');
  giveUp.abort();
  await steps.step('stopping', async () => await (await stack?.catch(() => null))?.stop());
  studio.release();
});

try {
  if (options.fresh) await steps.step(`beginning again: emptying ${shown}`, () => wipe(studio.dir));
  const { signal } = giveUp;
  stack = startStack({ dir: studio.dir, ports: usualPorts, signal, steps, log: (line) => steps.say(line) });
  const { siteUrl, barberiaUrl, supabase, mail, logs, failed } = await stack;
  await addDemoReader({ siteUrl, databaseUrl: supabase.adminUrl }).catch((error: Error) =>
    steps.say(`the demonstration till has no card reader: ${error.message}`),
  );
  steps.say(paint('bold', `ready after ${steps.elapsed()}`));
  console.log(welcome({ siteUrl, barberiaUrl, inboxUrl: mail.url, logs: relative(root, logs) }));
  await failed;
} catch (error) {
  if (!stopping.begun) {
    console.error(`\n${paint('red', (error as Error).message)}`);
    studio.release();
    process.exit(1);
  }
}
