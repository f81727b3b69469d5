import { spawn } from 'node:child_process';

/**
 * A shell that waits for our end of its pipe to close, which even `kill -9` of Node does, and then asks Postgres to stop. Windows has
 * none; there, as anywhere, the next start finds what was left (see orphan.ts).
 */
export function watchOver(postgres: number): { end(): void } {
  if (process.platform === 'win32') return { end: () => undefined };
  const shell = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1"', 'watchdog', String(postgres)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => undefined);
  // Neither may keep Node alive.
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  return { end: () => void shell.kill('SIGKILL') };
}
