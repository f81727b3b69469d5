import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PartSpec } from '../../local/process/launch.ts';
import { birth, lock, lockHolder, tryLock } from '../../local/process/lock.mjs';
import { reservePort } from '../../local/process/ports.ts';
import { createSupervisor } from '../../local/process/supervise.ts';

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'atrium-process-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

const gone = (pid: number) => expect.poll(() => birth(pid)).toBe('');

describe('A lock', () => {
  it('is held by one at a time', () => {
    const release = tryLock(join(dir, 'a'));
    expect(release).not.toBeNull();
    expect(tryLock(join(dir, 'a'))).toBeNull();
    expect(lockHolder(join(dir, 'a'))).toBe(process.pid);
    release!();
    expect(lockHolder(join(dir, 'a'))).toBeNull();
    expect(tryLock(join(dir, 'a'))).not.toBeNull();
  });

  it('passes on when it is given back', async () => {
    const release = tryLock(join(dir, 'a'))!;
    let told: number | null = null;
    const next = lock(join(dir, 'a'), (pid) => (told = pid));
    release();
    expect(await next).toBeTypeOf('function');
    expect(told).toBe(process.pid);
  });

  it('of a process that was killed is taken over', async () => {
    const module = new URL('../../local/process/lock.mjs', import.meta.url).href;
    const source = `import { tryLock } from '${module}'; tryLock(process.argv[1]); console.log('held'); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', source, join(dir, 'a')]);
    await once(holder.stdout, 'data');
    expect(tryLock(join(dir, 'a'))).toBeNull();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(tryLock(join(dir, 'a'))).not.toBeNull();
  });

  it('of a process whose number another one has got since is taken over', async () => {
    await writeFile(join(dir, 'a'), `${process.pid}\nlong ago\n`);
    expect(tryLock(join(dir, 'a'))).not.toBeNull();
  });
});

describe('A port', () => {
  it('that is taken is passed over for the next free one', async () => {
    const server = createServer();
    const first = await reservePort();
    await new Promise<void>((resolve) => server.listen(first.port, '127.0.0.1', resolve));
    first.release();
    const second = await reservePort(first.port);
    expect(second.port).toBeGreaterThan(first.port);
    second.release();
    server.close();
  });

  it('is given to one asker only, even before anybody listens on it', async () => {
    const first = await reservePort();
    const second = await reservePort(first.port);
    expect(second.port).not.toBe(first.port);
    first.release();
    second.release();
  });
});

/** A part that says its process id, and does `act` after that. */
async function part(name: string, act: string, layer = 1): Promise<PartSpec<{ pid: number }>> {
  const script = join(dir, `${name}.mjs`);
  await writeFile(
    script,
    `import { appendFileSync } from 'node:fs';
     setInterval(() => {}, 1000);
     const say = (what) => appendFileSync(process.env.DIARY, what + '\\n');
     process.on('SIGTERM', () => { say('${name} stopped'); process.exit(0); });
     process.once('message', (options) => { say('${name} started ' + options.word); process.send({ pid: process.pid }); ${act} });`,
  );
  return {
    name,
    layer,
    script,
    env: { DIARY: join(dir, 'diary') },
    output: { file: join(dir, `${name}.log`) },
    message: { word: 'well' },
    ready: async ({ answer }) => (await answer) as { pid: number },
  };
}

const diary = async () => (await readFile(join(dir, 'diary'), 'utf8')).trim().split('\n');

describe('The supervisor', () => {
  it('stops the upper layer before what it stands on', async () => {
    const supervisor = createSupervisor(() => {});
    await supervisor.run(await part('database', ''));
    await supervisor.run(await part('site', '', 2));
    await supervisor.stop();
    expect(await diary()).toEqual([
      'database started well',
      'site started well',
      'site stopped',
      'database stopped',
    ]);
    expect(supervisor.crashes()).toEqual([]);
  });

  it('starts a part again that was killed, and says so', async () => {
    const said: string[] = [];
    const supervisor = createSupervisor((line) => said.push(line));
    const spec = await part('site', '');
    const { ready } = await supervisor.run(spec);
    process.kill(ready.pid, 'SIGKILL');
    await expect.poll(() => said.at(-1)).toBe('site is back');
    expect(said[0]).toBe('site ended unexpectedly (SIGKILL): starting it again');
    expect(supervisor.crashes()).toEqual(['site: SIGKILL']);
    await supervisor.stop();
    expect(await diary()).toEqual(['site started well', 'site started well', 'site stopped']);
  });

  it('replaces a part on request, by force or in good order, and does not count that as a breakdown', async () => {
    const supervisor = createSupervisor(() => {});
    const site = await supervisor.run(await part('site', ''));
    await site.kill();
    await site.restart();
    expect(await diary()).toEqual([
      'site started well',
      'site started well',
      'site stopped',
      'site started well',
    ]);
    expect(supervisor.crashes()).toEqual([]);
    await supervisor.stop();
  });

  it('stops everything, with the end of its log, when a part cannot be kept running', async () => {
    const supervisor = createSupervisor(() => {});
    const other = await supervisor.run(await part('database', ''));
    await supervisor.run(await part('site', `console.error('no such table: classes'); process.exit(1);`, 2));
    await expect(supervisor.failed).rejects.toThrow(
      /site keeps ending \(exit code 1\)[^]*no such table: classes/,
    );
    await gone(other.ready.pid);
  });

  it('refuses a part that does not come up, and shows why', async () => {
    const supervisor = createSupervisor(() => {});
    const spec = await part('site', '');
    await writeFile(spec.script, `console.error('SITE_URL is missing'); process.exit(78);`);
    await expect(supervisor.run(spec)).rejects.toThrow(
      /site ended while starting \(exit code 78\)[^]*SITE_URL is missing/,
    );
    await supervisor.stop();
  });

  it('gives up what is still starting when it is told to stop', async () => {
    const supervisor = createSupervisor(() => {});
    const spec = await part('site', '');
    await writeFile(spec.script, 'setInterval(() => {}, 1000);');
    const starting = supervisor.run(spec);
    starting.catch(() => {});
    await supervisor.stop();
    await expect(starting).rejects.toThrow('ended while starting (SIGTERM)');
    await expect(supervisor.run(spec)).rejects.toThrow('stopped while starting');
  });

  it('makes a part stop that does not do so when asked', async () => {
    const supervisor = createSupervisor(() => {});
    const spec = await part(
      'site',
      `process.removeAllListeners('SIGTERM'); process.on('SIGTERM', () => {});`,
    );
    const { ready } = await supervisor.run({ ...spec, patience: 300 });
    await supervisor.stop();
    expect(birth(ready.pid)).toBe('');
  });

  it('leaves no part behind when it is killed itself', async () => {
    const spec = await part('site', '');
    await writeFile(
      join(dir, 'supervisor.mjs'),
      `import { createSupervisor } from '${new URL('../../local/process/supervise.ts', import.meta.url).href}';
       const { ready } = await createSupervisor(() => {}).run({
         ...${JSON.stringify(spec)}, ready: async ({ answer }) => await answer });
       console.log(ready.pid);`,
    );
    const supervisor = spawn(process.execPath, [join(dir, 'supervisor.mjs')]);
    const [said] = (await once(supervisor.stdout, 'data')) as [Buffer];
    supervisor.kill('SIGKILL');
    await gone(Number(said.toString()));
    expect((await diary()).at(-1)).toBe('site stopped');
  });
});
