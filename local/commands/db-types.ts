// `npm run db:types`: src/platform/database.types.ts from the migrations, by the supabase CLI. `--check` only compares.
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { root } from '../parts/root.ts';
import { openScratch, wipe } from '../prepare/studio.ts';
import { onStop } from '../process/signals.ts';
import { startSteps } from '../process/steps.ts';
import { startSupabase } from '../supabase/server.ts';

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const file = join(root, 'src/platform/database.types.ts');
/** What supabase-js can see; the other schemas are out of its reach. */
const schemas = ['api'];

async function generate(databaseUrl: string, home: string): Promise<string> {
  const cli = join(root, 'node_modules/supabase/dist/supabase.js');
  const args = [
    'gen',
    'types',
    '--lang',
    'typescript',
    `--remote=${databaseUrl}`,
    '--schema',
    schemas.join(','),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args, '--workdir', home], {
    // It keeps settings in the home folder, which may not be ours to write in, and tells its makers about its use.
    env: {
      ...process.env,
      HOME: home,
      SUPABASE_HOME: home,
      SUPABASE_TELEMETRY_DISABLED: '1',
      DO_NOT_TRACK: '1',
      NO_COLOR: '1',
      PGSSLMODE: 'disable',
    },
    maxBuffer: 2 ** 26,
  });
  const head = '// Written by `npm run db:types` from supabase/migrations. Not edited by hand.\n';
  // Whatever it has to say to a person comes before.
  return await format(head + stdout.slice(stdout.indexOf('export type Json')), {
    ...(await resolveConfig(file)),
    filepath: file,
  });
}

const steps = startSteps();
const studio = await openScratch();
const end = async () => {
  await wipe(studio.dir);
  studio.release();
};
onStop(end, 130);

const supabase = await steps.step('a database from the migrations', () =>
  startSupabase({
    dir: join(studio.dir, 'supabase'),
    smtpUrl: 'smtp://127.0.0.1:9',
    siteUrl: 'http://localhost',
  }),
);
try {
  const home = join(studio.dir, 'home');
  await mkdir(home);
  const types = await steps.step('its types', () => generate(supabase.databaseUrl, home));
  const present = await readFile(file, 'utf8').catch(() => '');
  if (types === present) steps.say('src/platform/database.types.ts is up to date');
  else if (options.check) {
    console.error('src/platform/database.types.ts is out of date: npm run db:types');
    process.exitCode = 1;
  } else {
    await writeFile(file, types);
    steps.say('src/platform/database.types.ts is written anew');
  }
} finally {
  await supabase.stop();
  await end();
}
