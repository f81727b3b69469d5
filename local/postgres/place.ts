import { createHash } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Account, othersReach } from './account.ts';
import { ownerFile, stopOrphan } from './orphan.ts';

// Used as root only, when the checkout lies below a folder which the unprivileged account may not enter. Survives a reboot.
const OUTSIDE = ['/var/lib/atrium', '/var/tmp/atrium'];

/** A folder that `account` can reach, for what cannot stay in `dir`. */
export async function reachable(dir: string, account: Account | null): Promise<string> {
  if (!account || (await othersReach(dir))) return dir;
  for (const folder of OUTSIDE) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o755 });
      await chmod(folder, 0o755);
      if (await othersReach(folder)) return folder;
    } catch {
      // Read-only: the next one.
    }
  }
  throw new Error(
    `PostgreSQL cannot run as root, and no other account can reach ${dir} or ${OUTSIDE.join(' or ')}.`,
  );
}

/**
 * The data folder's real path. `<dir>/data` is it, or a link to it: removing `dir` means starting afresh in both cases,
 * so what is left outside without a link to it is thrown away.
 */
export async function placeData(
  dir: string,
  account: Account | null,
): Promise<{ data: string; exists: boolean }> {
  const data = join(dir, 'data');
  const found = await realpath(data).catch(() => null);
  if (found) return { data: found, exists: true };
  // A link whose target was removed leads nowhere any more.
  await rm(data, { force: true });
  const base = await reachable(dir, account);
  if (base === dir) return { data, exists: false };
  await sweep(base);
  const outside = join(base, createHash('sha256').update(dir).digest('hex').slice(0, 16));
  await discard(outside);
  return { data: outside, exists: false };
}

/** Runs `fill` on a half-made folder and puts it in place when it succeeded, so a crash never leaves half a database. */
export async function fillData(
  dir: string,
  data: string,
  account: Account | null,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const half = `${data}.half`;
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { recursive: true, mode: 0o700 });
  if (account) await chown(half, account.uid, account.gid);
  await fill(half);
  await rename(half, data);
  if (dirname(data) !== dir) {
    await symlink(data, join(dir, 'data'));
    await writeFile(homeFile(data), dir);
  }
  return await realpath(data);
}

/** Removes a stopped database: `dir`, and what of it lies elsewhere. */
export async function removeData(dir: string): Promise<void> {
  const outside = await readlink(join(dir, 'data')).catch(() => null);
  if (outside) await discard(outside);
  await rm(dir, { recursive: true, force: true });
}

/** Holds the `dir` of a database that lies outside of it. */
const homeFile = (data: string) => `${data}.home`;

/** Throws away databases whose `dir` was removed. */
async function sweep(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    if (!name.endsWith('.home')) continue;
    const data = join(base, name.slice(0, -'.home'.length));
    const home = await readFile(homeFile(data), 'utf8').catch(() => null);
    if (home === null || (await readlink(join(home, 'data')).catch(() => null)) === data) continue;
    await discard(data).catch(() => undefined); // Somebody runs it: theirs to end.
  }
}

async function discard(data: string): Promise<void> {
  await stopOrphan(data);
  for (const path of [data, ownerFile(data), homeFile(data)])
    await rm(path, { recursive: true, force: true });
}
