/** What the parts of the stack use: processes below this one, added up by what they are. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

interface Process {
  pid: number;
  parent: number;
  command: string;
}

/** By part (site, supabase, postgres, …); this process, which makes the load, is `load`. */
export type ByPart = Record<string, number>;

const linux = process.platform === 'linux';

function everyProcess(): Process[] {
  if (!linux) {
    const lines = execFileSync('ps', ['-axo', 'pid=,ppid=,command='], { encoding: 'utf8' });
    return lines
      .trim()
      .split('\n')
      .map((line) => {
        const [pid, parent, ...command] = line.trim().split(/\s+/);
        return { pid: Number(pid), parent: Number(parent), command: command.join(' ') };
      });
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const parent = /^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1];
      const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
      return parent ? [{ pid: Number(pid), parent: Number(parent), command }] : [];
    });
}

/** Empty for a process that has just ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** @returns pids by part. */
function parts(): Map<number, string> {
  const all = everyProcess();
  const ours = new Map([[process.pid, 'load']]);
  for (let grown = true; grown;) {
    const found = all.filter(({ pid, parent }) => ours.has(parent) && !ours.has(pid));
    for (const { pid, command } of found) ours.set(pid, partOf(command));
    grown = found.length > 0;
  }
  return ours;
}

function partOf(command: string): string {
  const part = /parts\/(\w+)\.ts/.exec(command)?.[1];
  if (part) return part;
  if (/src\/server\.ts|astro\.mjs/.test(command)) return 'site';
  if (/jobs\/worker/.test(command)) return 'worker';
  return /postgres/.test(command) ? 'postgres' : 'other';
}

function sumUp(of: (pid: number) => number): ByPart {
  const sums: ByPart = {};
  for (const [pid, part] of parts()) sums[part] = (sums[part] ?? 0) + of(pid);
  return sums;
}

/** MB. Proportional, where the system tells it: Postgres's processes share most of theirs. */
export function memoryByPart(): ByPart {
  const sums = sumUp((pid) => {
    if (!linux)
      return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
    const kilobytes =
      /^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`)) ??
      /^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`));
    return Number(kilobytes?.[1] ?? 0) / 1024;
  });
  delete sums['load'];
  return sums;
}

/** Milliseconds of CPU used so far, also by children that have ended. Told by Linux only. */
export function cpuByPart(): ByPart {
  if (!linux) return {};
  return sumUp((pid) => {
    // proc(5): after the name in parentheses, utime, stime, cutime and cstime are the 12th to the 15th, in hundredths.
    const stat = read(`/proc/${pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [11, 12, 13, 14].reduce((sum, n) => sum + Number(fields[n] ?? 0) * 10, 0);
  });
}
