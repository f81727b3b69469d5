import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

interface Process {
  pid: number;
  parent: number;
  /** Resident memory in MB. */
  memory: number;
  command: string;
}

function everyProcess(): Process[] {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-axo', 'pid=,ppid=,rss=,command='], { encoding: 'utf8' })
      .trim()
      .split('\n');
    return lines.map((line) => {
      const [pid, parent, rss, ...command] = line.trim().split(/\s+/);
      return {
        pid: Number(pid),
        parent: Number(parent),
        memory: Number(rss) / 1024,
        command: command.join(' '),
      };
    });
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        // Proportional, where the system tells it: Postgres's processes share most of theirs.
        const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
        const kilobytes = Number(
          /^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? /^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0,
        );
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [
          {
            pid: Number(pid),
            parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]),
            memory: kilobytes / 1024,
            command,
          },
        ];
      } catch {
        return [];
      }
    });
}

/** Memory in MB of each process below this one, added up by what it is. */
export function memoryByPart(): Record<string, number> {
  const all = everyProcess();
  const ours = new Set([process.pid]);
  for (let grown = true; grown;) {
    const found = all.filter(({ pid, parent }) => ours.has(parent) && !ours.has(pid));
    found.forEach(({ pid }) => ours.add(pid));
    grown = found.length > 0;
  }
  ours.delete(process.pid);
  const sums: Record<string, number> = {};
  for (const { memory, command } of all.filter(({ pid }) => ours.has(pid))) {
    const name =
      /parts\/(\w+)\.ts/.exec(command)?.[1] ??
      (/server\/entry\.mjs|astro\.mjs/.test(command)
        ? 'site'
        : /jobs\/worker/.test(command)
          ? 'worker'
          : /postgres/.test(command)
            ? 'postgres'
            : 'other');
    sums[name] = (sums[name] ?? 0) + memory;
  }
  return sums;
}
