import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ChildOptions {
  /** What Node is to run, with its arguments. */
  script: string;
  args?: string[];
  /** Beside or instead of this process's own; `undefined` takes one away. */
  env?: Record<string, string | undefined>;
  /** A file that gets both outputs, or the terminal. A file, not a pipe: a dead parent must not break a child's last words. */
  output: { file: string } | 'terminal';
  cwd?: string;
  /** Modules to load before the script, as file URLs. */
  imports?: string[];
  /** Sent to the child first; it then answers once, with what the parent needs to know. */
  message?: object;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Child {
  pid: number;
  /** The answer to `message`; never settles when the child ends without one. */
  answer: Promise<unknown>;
  exited: Promise<Exit>;
  signal(name: NodeJS.Signals): void;
  /** Asks it to stop, and makes it stop after `patience` milliseconds. Resolves when it is gone. */
  stop(patience?: number): Promise<Exit>;
}

const leash = new URL('./leash.ts', import.meta.url).href;

/** This process's environment without what a test runner adds to it for its own use. */
function ownEnvironment(): Record<string, string | undefined> {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|TEST$|NODE_V8_COVERAGE$)/.test(name),
  );
  return Object.fromEntries(entries);
}

/**
 * Starts a Node process that cannot outlive this one. It has a process group of its own, so a Ctrl-C in the
 * terminal reaches only this process, which stops its children in order.
 */
export function startChild({
  script,
  args = [],
  env,
  output,
  cwd,
  imports = [],
  message,
}: ChildOptions): Child {
  if (output !== 'terminal') mkdirSync(dirname(output.file), { recursive: true });
  const file = output === 'terminal' ? null : openSync(output.file, 'a');
  const ownGroup = process.platform !== 'win32';
  const child = spawn(
    process.execPath,
    [
      '--enable-source-maps',
      ...[leash, ...imports].flatMap((module) => ['--import', module]),
      script,
      ...args,
    ],
    {
      cwd,
      detached: ownGroup,
      env: { ...ownEnvironment(), ...env, ATRIUM_LEASH: '3' },
      stdio: ['ignore', file ?? 'inherit', file ?? 'inherit', 'pipe', ...(message ? ['ipc' as const] : [])],
    },
  );
  if (file !== null) closeSync(file);
  // The pipe is the leash: nothing is ever sent through it, and a child that closes its end is no error here.
  child.stdio[3]?.on('error', () => {});

  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', (error) => (child.pid === undefined ? reject(error) : undefined));
  });
  const answer = new Promise<unknown>((resolve) => child.once('message', resolve));
  if (message) child.send(message, () => {});

  const pid = child.pid ?? 0;
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(ownGroup && name === 'SIGKILL' ? -pid : pid, name);
    } catch {
      // Gone already.
    }
  };
  return {
    pid,
    answer,
    exited,
    signal,
    async stop(patience = 10_000) {
      const force = setTimeout(() => signal('SIGKILL'), patience);
      if (child.exitCode === null && child.signalCode === null) signal('SIGTERM');
      const exit = await exited;
      clearTimeout(force);
      return exit;
    },
  };
}

/** The end of a log file, for a message about the process that wrote it. */
export function lastLines(file: string, count = 20): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}

/** A module's path from its URL, for `script`. */
export function scriptPath(relative: string, base: string): string {
  return fileURLToPath(new URL(relative, base));
}
