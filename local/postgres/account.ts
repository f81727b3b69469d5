import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The unprivileged account Postgres runs as when we are root; it refuses to run as root itself. */
export interface Account {
  uid: number;
  gid: number;
}

/** Null when we are not root: Postgres then runs as we do. `initdb` wants a name for its uid, so it must be in passwd. */
export function postgresAccount(): Account | null {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return null;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: unsigned(uid ?? '65534'), gid: unsigned(gid ?? '65534') };
}

// macOS writes nobody's ids as -2.
const unsigned = (id: string) => Number(id) >>> 0;

/** Whether others may walk down to this folder: every part of its path has the search bit for others. */
export async function othersReach(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => null);
    if (found && (found.mode & 0o001) === 0) return false;
    if (dirname(folder) === folder) return true;
  }
}
