import { Worker } from 'node:worker_threads';
import type { Auth, AuthOptions } from './index.ts';
import type { AuthAnswer } from './wire.ts';

/** What the thread is told first; then requests, each with an id that its answer repeats; then 'close'. */
export type ToThread = { id: number; request: Parameters<Auth['handle']>[0] } | 'close';
export type FromThread = { id: number; answer: AuthAnswer } | { log: string } | 'ready';

/**
 * Auth on a thread of its own: hashing one password takes some 60 ms of processor time, in which no other request would be
 * answered. `failed` rejects when the thread dies.
 */
export async function startAuthThread(
  options: AuthOptions & { dir: string },
  log: (line: string) => void,
): Promise<Auth & { failed: Promise<never> }> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: options });
  const waiting = new Map<number, PromiseWithResolvers<AuthAnswer>>();
  let next = 0;
  let closing = false;
  const ended = new Promise<void>((done) => worker.once('exit', () => done()));
  const failed = new Promise<never>((_, reject) => {
    worker.once('error', reject);
    void ended.then(() => closing || reject(new Error('The auth thread ended by itself.')));
  });
  const ready = new Promise<void>((done) => {
    worker.on('message', (message: FromThread) => {
      if (message === 'ready') return done();
      if ('log' in message) return log(message.log);
      waiting.get(message.id)?.resolve(message.answer);
      waiting.delete(message.id);
    });
  });
  await Promise.race([ready, failed]);
  // Whoever wants to know listens; a failure nobody listens to must not end the process by itself.
  failed.catch((error: unknown) => {
    for (const { reject } of waiting.values()) reject(error);
  });
  return {
    failed,
    handle(request) {
      const id = next++;
      const answer = Promise.withResolvers<AuthAnswer>();
      waiting.set(id, answer);
      worker.postMessage({ id, request } satisfies ToThread);
      return answer.promise;
    },
    async close() {
      closing = true;
      worker.postMessage('close' satisfies ToThread);
      await ended;
    },
  };
}
