import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../parts/root.ts';

const folder = join(root, 'supabase/migrations');

async function fingerprints(): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const hash = async (name: string) =>
    createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex')
      .slice(0, 16);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await hash(name)])));
}

const note = (dir: string) => join(dir, 'migrations.json');

/**
 * The migrations that this data was made from and that read otherwise now. They are edited in place until the first
 * release, and one that has run does not run again.
 */
export async function changedMigrations(dir: string): Promise<string[]> {
  const before = JSON.parse(await readFile(note(dir), 'utf8').catch(() => '{}')) as Record<string, string>;
  const now = await fingerprints();
  return Object.keys(before).filter((name) => now[name] !== before[name]);
}

/** Notes what the data in `dir` is made from, once all of it has run. */
export async function noteMigrations(dir: string): Promise<void> {
  await writeFile(note(dir), JSON.stringify(await fingerprints(), null, 2));
}
