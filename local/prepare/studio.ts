import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../parts/root.ts';
import { lockHolder, tryLock } from '../process/lock.mjs';
import { removePostgres } from '../postgres.ts';

/** The folder where one running studio keeps its data, held until released. */
export interface Studio {
  dir: string;
  /** 1 is the usual one; another is used while the ones before it are in use. */
  number: number;
  release(): void;
}

const place = (number: number) => join(root, '.local', number === 1 ? 'studio' : `studio-${number}`);

/** The first studio of this checkout that no living process uses. */
export function openStudio(): Studio {
  for (let number = 1; ; number++) {
    const release = tryLock(`${place(number)}.lock`);
    if (release) return { dir: place(number), number, release };
  }
}

const scratch = join(root, '.local/scratch');

/** A new, empty folder for a test or a measurement. What killed ones have left behind is removed first. */
export async function openScratch(): Promise<Studio> {
  await mkdir(scratch, { recursive: true });
  for (const name of readdirSync(scratch)) {
    const dir = join(scratch, name);
    if (name.endsWith('.lock') || lockHolder(`${dir}.lock`) !== null) continue;
    await wipe(dir);
    await rm(`${dir}.lock`, { force: true });
  }
  const dir = join(scratch, randomBytes(4).toString('hex'));
  const release = tryLock(`${dir}.lock`);
  // Locked before it is there, so that nobody takes it for a left-over.
  if (!release || existsSync(dir)) return openScratch();
  await mkdir(dir);
  return { dir, number: 1, release };
}

/** The usual studio, or the id of the process that has it. */
export function openUsualStudio(): Studio | { busy: number | null } {
  const release = tryLock(`${place(1)}.lock`);
  return release ? { dir: place(1), number: 1, release } : { busy: lockHolder(`${place(1)}.lock`) };
}

/** Throws away all data of a stopped stack: database, payments, mail, secrets and logs. */
export async function wipe(dir: string): Promise<void> {
  // The database may lie elsewhere, where its account can read it, with only a link to it here.
  await removePostgres(join(dir, 'supabase'));
  await rm(dir, { recursive: true, force: true });
}
