import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { startChild, lastLines } from '../process/child.ts';
import { lock, lockHolder, tryLock } from '../process/lock.mjs';
import { root } from '../parts/root.ts';

const builds = join(root, '.local/builds');

/** Everything a build is made from; two builds with the same hash are the same site. */
async function hashSources(): Promise<string> {
  const files = ['package.json', 'package-lock.json', 'astro.config.mjs', 'tsconfig.json'].map((name) =>
    join(root, name),
  );
  for (const folder of ['src', 'public']) {
    // A checkout without a single public file has no such folder.
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    files.push(
      ...entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)),
    );
  }
  const hash = createHash('sha256').update(process.version);
  for (const file of files.sort()) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(await readFile(file))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

export interface Build {
  /** Holds server/entry.mjs and client/. */
  folder: string;
  /** Says that this process no longer serves it. */
  release(): void;
}

/**
 * The site built from the present sources: an earlier build when nothing has changed. Builds lie side by side, so
 * that a test can build while a site is served, and are removed when they are neither new nor in use.
 */
export async function buildSite(log: string, say: (text: string) => void): Promise<Build> {
  const name = await hashSources();
  const folder = join(builds, name);
  return await alone(async () => {
    const fresh = !existsSync(join(folder, 'server/entry.mjs'));
    if (fresh) await runBuild(folder, log);
    else say('nothing has changed since the last build');
    await utimes(folder, new Date(), new Date());
    const uses = join(builds, `${name}.uses`);
    const release = tryLock(join(uses, String(process.pid))) ?? (() => {});
    await removeOld(name);
    return { folder, release };
  }, say);
}

/** Runs `act` when no other process of this checkout is in Astro's files and caches, which all share. */
export async function alone<Result>(
  act: () => Promise<Result>,
  say?: (text: string) => void,
): Promise<Result> {
  const done = await lock(join(builds, 'build.lock'), (pid) =>
    say?.(`waiting for another build (process ${pid})`),
  );
  try {
    return await act();
  } finally {
    done();
  }
}

async function runBuild(folder: string, log: string): Promise<void> {
  const half = `${folder}.half`;
  await rm(half, { recursive: true, force: true });
  await mkdir(dirname(log), { recursive: true });
  await writeFile(log, '');
  const astro = join(root, 'node_modules/astro/bin/astro.mjs');
  const { exited } = startChild({
    script: astro,
    args: ['build'],
    cwd: root,
    output: { file: log },
    env: {
      ATRIUM_OUT_DIR: half,
      NODE_ENV: 'production',
      ASTRO_TELEMETRY_DISABLED: '1',
      NO_COLOR: '1',
      FORCE_COLOR: '',
    },
  });
  const { code, signal } = await exited;
  if (code !== 0) {
    throw new Error(`The site could not be built (${signal ?? `exit code ${code}`}):\n${lastLines(log, 40)}`);
  }
  // The finished build appears whole or not at all.
  await rm(folder, { recursive: true, force: true });
  await rename(half, folder);
}

/** Keeps the three latest and those that a living process serves; nobody else is building meanwhile. */
async function removeOld(present: string): Promise<void> {
  const names = (await readdir(builds, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  for (const { name } of names) if (name.endsWith('.half')) await rm(join(builds, name), { recursive: true });
  const found = await Promise.all(
    names
      .filter(({ name }) => /^[0-9a-f]{16}$/.test(name) && name !== present)
      .map(async ({ name }) => ({ name, at: (await stat(join(builds, name))).mtimeMs })),
  );
  for (const { name } of found.sort((a, b) => b.at - a.at).slice(2)) {
    const uses = join(builds, `${name}.uses`);
    const users = await readdir(uses).catch(() => []);
    if (users.some((user) => lockHolder(join(uses, user)) !== null)) continue;
    await rm(join(builds, name), { recursive: true, force: true });
    await rm(uses, { recursive: true, force: true });
  }
}
