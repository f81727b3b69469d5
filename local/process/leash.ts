// Loaded before everything else in each child (`node --import`): when the parent is gone, however it went, the
// child asks itself to stop. The parent holds the other end of a pipe, which the system closes for it.
import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';

const fd = Number(process.env.ATRIUM_LEASH ?? '');
// Neither threads nor grandchildren are on this leash: they go with the process they belong to.
delete process.env.ATRIUM_LEASH;

/** Milliseconds between being asked to stop and being made to. */
const patience = 10_000;

if (isMainThread && fd > 2) {
  const parent = new Socket({ fd, readable: true, writable: false });
  parent.on('error', () => {});
  parent.once('close', () => {
    setTimeout(() => process.exit(1), patience).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  parent.resume();
  parent.unref();
}
