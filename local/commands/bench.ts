// `npm run bench [-- --history 1000000] [-- --orders 5000000] [-- --sessions 500] [-- --only rest,realtime] [-- --seconds 5]`
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { findMeasurements, runMeasurements, save, table } from '../../tests/load/index.ts';
import { loadHistory } from '../../tests/load/past/bookings.ts';
import { loadOrders } from '../../tests/load/past/orders.ts';
import { memoryByPart } from '../../tests/load/processes.ts';
import { loadWeek } from '../../tests/load/week.ts';
import { openScratch, wipe } from '../prepare/studio.ts';
import { onStop } from '../process/signals.ts';
import { startSteps } from '../process/steps.ts';
import { startStack } from '../stack.ts';

const { values } = parseArgs({
  options: {
    history: { type: 'string', default: '0' },
    orders: { type: 'string', default: '0' },
    sessions: { type: 'string', default: '0' },
    only: { type: 'string', default: '' },
    seconds: { type: 'string', default: '5' },
  },
});
const history = Number(values.history);
const orders = Number(values.orders);
const sessions = Number(values.sessions);
const seconds = Number(values.seconds);
const isCount = (n: number) => Number.isSafeInteger(n) && n >= 0;
if (!isCount(history) || !isCount(orders) || !isCount(sessions) || !(seconds > 0)) {
  throw new Error('--history, --orders and --sessions want a whole number, --seconds a number');
}

const steps = startSteps();
const measurements = await findMeasurements(values.only.split(',').filter(Boolean));
const studio = await openScratch();
const giveUp = new AbortController();
const end = async () => {
  giveUp.abort();
  await (await starting.catch(() => null))?.stop();
  await wipe(studio.dir);
  studio.release();
};
onStop(end, 130);

// Limits are there to slow down people who hammer the site, which is just what this does.
const starting = startStack({
  dir: studio.dir,
  settings: { TRUST_PROXY: '1', RATE_LIMIT_SCALE: '1000000' },
  signal: giveUp.signal,
  steps,
  log: (line) => steps.say(line),
});
const stack = await starting;
const idle = memoryByPart();
const pool = new pg.Pool({ connectionString: stack.supabase.databaseUrl, max: 16 });
const bench = {
  siteUrl: stack.siteUrl,
  supabaseUrl: stack.supabase.url,
  publishableKey: stack.supabase.publishableKey,
  secretKey: stack.supabase.secretKey,
  stripeUrl: stack.stripe.url,
  webhookSecret: stack.stripe.webhookSecret,
  mailUrl: stack.mail.url,
  databaseUrl: stack.supabase.databaseUrl,
  adminUrl: stack.supabase.adminUrl,
  pool,
  history,
  seconds,
  say: steps.say,
};
try {
  if (history > 0) {
    const past = history.toLocaleString('en-US');
    await steps.step(`loading a past of ${past} bookings and orders`, () =>
      loadHistory(bench.adminUrl, history),
    );
  }
  if (orders > 0) {
    await steps.step(`loading ${orders.toLocaleString('en-US')} past orders of the bar`, () =>
      loadOrders(bench.adminUrl, orders),
    );
  }
  if (sessions > 0) {
    await steps.step(`adding ${sessions} classes to the week`, () => loadWeek(pool, sessions));
  }
  const figures = await runMeasurements(measurements, bench);
  const memory = memoryByPart();
  const machine = {
    cores: cpus().length,
    model: cpus()[0]?.model ?? '',
    memory_gb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  const file = await save({
    at: new Date().toISOString(),
    machine,
    history,
    orders,
    sessions,
    seconds,
    figures,
    memory_mb: { idle, loaded: memory },
  });
  console.log(`\n${table(figures)}\n`);
  console.log(
    `Memory in MB, idle → at the end: ${Object.entries(memory)
      .map(([name, mb]) => `${name} ${Math.round(idle[name] ?? 0)} → ${Math.round(mb)}`)
      .join(', ')}`,
  );
  console.log(
    `${machine.cores} cores (${machine.model}), everything on this machine, ${history.toLocaleString('en-US')} bookings of history, ${orders.toLocaleString('en-US')} past orders, ${sessions} classes added to the week. ${file}`,
  );
} finally {
  await pool.end();
  await end();
}
