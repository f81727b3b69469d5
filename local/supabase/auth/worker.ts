import { parentPort, workerData } from 'node:worker_threads';
import { openKeys } from '../keys.ts';
import { type AuthOptions, createAuth } from './index.ts';
import type { FromThread, ToThread } from './thread.ts';

const options = workerData as AuthOptions & { dir: string };
const port = parentPort!;
const tell = (message: FromThread) => port.postMessage(message);
const log = (line: string) => tell({ log: line });

const auth = createAuth({ ...options, keys: await openKeys(options.dir), log });
port.on('message', (message: ToThread) => {
  if (message === 'close') return void auth.close().then(() => port.close());
  void auth.handle(message.request).then((answer) => tell({ id: message.id, answer }));
});
tell('ready');
