// `npm run db:reset`: the studio's data as migrations and seed make it. Payments and mail begin again too.
import { openUsualStudio, wipe } from '../prepare/studio.ts';
import { startSteps } from '../process/steps.ts';
import { startStack } from '../stack.ts';

const steps = startSteps();
const studio = openUsualStudio();
if ('busy' in studio) {
  console.error(
    `A studio is running with this data (process ${studio.busy ?? 'unknown'}). Stop it first, or run npm start -- --fresh.`,
  );
  process.exit(1);
}
await steps.step('emptying', () => wipe(studio.dir));
const stack = await startStack({ dir: studio.dir, site: 'none', steps });
await stack.stop();
studio.release();
steps.say('npm start or npm run dev goes on from here');
