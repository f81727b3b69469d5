/** `npm run worker`: runs the jobs, sends the letters and tells the outside tills of every business until told to stop. As many may run as one likes. */
import { drainOutbox } from '#messages/emails.ts';
import { drainDeliveries } from '#till/outside/deliveries.ts';
import { config } from '#platform/config.ts';
import { log } from '#platform/log.ts';
import { Logger, run } from 'graphile-worker';
import { constants, setPriority } from 'node:os';
import { crontab, tasks } from './tasks.ts';

if (!config.DATABASE_URL) {
  log.error('worker_cannot_start', 'DATABASE_URL is missing: the worker needs a direct connection');
  process.exit(1);
}

// On a machine it shares with the site, a customer who waits comes before an e-mail that may go a second later.
setPriority(constants.priority.PRIORITY_LOW);

const logger = new Logger((scope) => (level, message) => {
  // Starts and successes are too many to read; failures and the worker's own life are not.
  if (level === 'error') log.error('job', message, { task: scope.taskIdentifier, job_id: scope.jobId });
  else if (level === 'warning') log.warn('job', { message, task: scope.taskIdentifier });
});

const runner = await run({
  connectionString: config.DATABASE_URL,
  taskList: tasks,
  crontab,
  concurrency: 4,
  pollInterval: 2000,
  logger,
  noHandleSignals: true,
});
const outbox = drainOutbox();
const deliveries = drainDeliveries();

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  // What was begun is finished first. Asked a second time, it ends as it stands.
  process.once(signal, () => void Promise.all([runner.stop(), outbox.stop(), deliveries.stop()]));
}
log.info('worker_ready');
// `npm start` waits for this line of its child.
process.send?.('ready');
await runner.promise;
await Promise.all([outbox.stop(), deliveries.stop()]);
process.exit(0);
