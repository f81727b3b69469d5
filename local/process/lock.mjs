// Locks between processes, as files that name their holder. Plain JavaScript, because the first one is taken
// before the project's own Node is installed.
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';

/**
 * What tells one process from a later one that was given the same number: the time it began, in the system's
 * own words. Empty when there is no such process.
 * @param {number} pid
 */
export function birth(pid) {
  if (!Number.isSafeInteger(pid) || pid <= 0) return '';
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name in brackets may hold anything; the 22nd field is the 20th after it. Z and X are already dead.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? '' : (fields[19] ?? '');
    }
    process.kill(pid, 0);
    if (process.platform === 'win32') return 'alive';
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM' ? 'alive' : '';
  }
}

/** @param {string} text */
function holderOf(text) {
  const [pid = '', born = ''] = text.split('\n');
  return { pid: Number(pid), born };
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/**
 * The process that holds the lock now, or null.
 * @param {string} path
 */
export function lockHolder(path) {
  const text = read(path);
  if (text === null) return null;
  const { pid, born } = holderOf(text);
  return born !== '' && birth(pid) === born ? pid : null;
}

/**
 * Takes the lock, or answers null when a living process holds it. A lock whose holder is dead is taken over.
 * @param {string} path
 * @returns {(() => void) | null} gives the lock back
 */
export function tryLock(path) {
  mkdirSync(dirname(path), { recursive: true });
  const mine = `${process.pid}\n${birth(process.pid)}\n`;
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(draft, mine);
  try {
    for (;;) {
      try {
        // A link appears whole or not at all, and only for one of several that try.
        linkSync(draft, path);
        return () => {
          if (read(path) === mine) rmSync(path, { force: true });
        };
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      }
      const seen = read(path);
      if (seen === null) continue;
      if (lockHolder(path) !== null) return null;
      putAside(path, seen, `${draft}.old`);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Removes a dead process's lock, unless somebody else has put a new one in its place meanwhile.
 * @param {string} path
 * @param {string} seen
 * @param {string} aside
 */
function putAside(path, seen, aside) {
  try {
    renameSync(path, aside);
    if (read(aside) !== seen) linkSync(aside, path);
  } catch {
    // Another process was quicker; the caller looks again.
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * Takes the lock as soon as it is free.
 * @param {string} path
 * @param {(pid: number | null) => void} [onWait] told once, when there is somebody to wait for
 */
export async function lock(path, onWait) {
  for (let told = false; ; told = true) {
    const release = tryLock(path);
    if (release) return release;
    if (!told) onWait?.(lockHolder(path));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
