import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/**
 * Ends the Postgres that an earlier, killed Node left running on this data folder, and removes a lock file whose process is gone
 * (its number may meanwhile belong to another program). Throws when the Node that started it is still alive.
 */
export async function stopOrphan(data: string): Promise<void> {
  const lock = join(data, 'postmaster.pid');
  const pid = Number((await readFile(lock, 'utf8').catch(() => '')).split('\n')[0]);
  if (!pid) return;
  const found = await findPostgres(pid, data);
  if (!found) return await rm(lock, { force: true });
  const owner = Number(await readFile(ownerFile(data), 'utf8').catch(() => '0'));
  // Where an orphan is given another parent, the first half says it all; Windows leaves the dead one's number there.
  if (found.parent === owner && isAlive(owner)) {
    throw new Error(`The database in ${data} is already running (started by process ${owner}).`);
  }
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (await endPostgres(pid, data, signal)) return;
  }
  throw new Error(`The database left running in ${data} (process ${pid}) does not stop.`);
}

/** Holds the id of the Node process that runs this database. */
export const ownerFile = (data: string) => `${data}.owner`;

async function endPostgres(pid: number, data: string, signal: NodeJS.Signals): Promise<boolean> {
  const deadline = Date.now() + 15_000;
  try {
    process.kill(pid, signal);
  } catch {
    return true;
  }
  while (await findPostgres(pid, data)) {
    if (Date.now() > deadline) return false;
    await pause(20);
  }
  return true;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Null when that process is gone, a zombie (which has no command line) or another program. */
async function findPostgres(pid: number, data: string) {
  const found = await describe(pid);
  return found?.command.includes(data) ? found : null;
}

async function describe(pid: number): Promise<{ parent: number; command: string } | null> {
  if (process.platform === 'linux') {
    const [stat, command] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
      readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    ]);
    // "pid (name) state parent …", where the name may hold blanks and brackets.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    return stat ? { parent, command } : null;
  }
  if (process.platform === 'win32') return await describeOnWindows(pid);
  const { stdout } = await run('ps', ['-ww', '-o', 'ppid=,command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  const [, parent, command] = /^\s*(\d+)\s+(.*)$/m.exec(stdout) ?? [];
  return command ? { parent: Number(parent), command } : null;
}

async function describeOnWindows(pid: number) {
  const query = `Get-CimInstance Win32_Process -Filter "ProcessId=${pid}" | ForEach-Object { "$($_.ParentProcessId) $($_.CommandLine)" }`;
  const { stdout } = await run('powershell', ['-NoProfile', '-Command', query]).catch(() => ({ stdout: '' }));
  const [, parent, command] = /^(\d+) (.*)$/m.exec(stdout) ?? [];
  return command ? { parent: Number(parent), command } : null;
}

const run = promisify(execFile);
