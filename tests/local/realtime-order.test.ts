import { afterAll, beforeAll, expect, it } from 'vitest';
import { collect, joined, startRealtimeWorld, type RealtimeWorld } from './realtime-world.ts';

let world: RealtimeWorld;
beforeAll(async () => {
  // It looks often, so that cuts fall between, during and after its looks.
  world = await startRealtimeWorld({ pollMs: 2 });
});
afterAll(() => world.close());

/** Cuts the connection that listens; resolves once it is gone. */
async function cutListener(): Promise<number> {
  const { rows } = await world.admin.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'realtime listener'`,
  );
  return rows.length;
}

/** Several people sell one seat after another: each waits for the row, so the numbers are the order of the commits. */
async function sell(
  topic: string,
  people: number,
  times: number,
  betweenSales?: (sold: number) => Promise<unknown>,
) {
  await world.owner.query(
    'create table if not exists public.counters (topic text primary key, sold int not null)',
  );
  await world.owner.query('insert into public.counters values ($1, 0)', [topic]);
  let sold = 0;
  await Promise.all(
    Array.from({ length: people }, async () => {
      const connection = await world.owner.connect();
      for (let n = 0; n < times; n++) {
        await connection.query('begin');
        await connection.query(
          `with one as (update public.counters set sold = sold + 1 where topic = $1 returning sold)
           select realtime.send(jsonb_build_object('n', sold), 'sold', $1) from one`,
          [topic],
        );
        await connection.query('commit');
        await betweenSales?.(++sold);
      }
      connection.release();
    }),
  );
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

it('brings 500 messages of ten people in the order they were committed', async () => {
  const channel = world.client().channel('steady', { config: { private: true } });
  const { until } = collect(channel);
  await joined(channel);
  await sell('steady', 10, 50);
  expect((await until(500)).map((message) => message.payload['n'])).toEqual(numbers(500));
});

it('loses, repeats and swaps none of 500 messages while its connection to the database is cut again and again', async () => {
  const channel = world.client().channel('cut', { config: { private: true } });
  const { heard, until } = collect(channel);
  await joined(channel);
  let cuts = 0;
  await sell('cut', 10, 50, async (sold) => {
    if (sold % 25 === 0) cuts += await cutListener();
  });
  await world.send('cut', 'end', { n: 501 });
  await until(501);
  expect(heard.map((message) => message.payload['n'])).toEqual(numbers(501));
  expect(cuts).toBeGreaterThan(2);
  expect(world.log.some((line) => line.includes('caught up'))).toBe(true);
});

it('keeps the order of messages within one transaction, also after a cut', async () => {
  const channel = world.client().channel('one', { config: { private: true } });
  const { until } = collect(channel);
  await joined(channel);
  const connection = await world.owner.connect();
  await connection.query('begin');
  await connection.query(
    `select realtime.send(jsonb_build_object('n', n), 'step', 'one') from generate_series(1, 100) n`,
  );
  await cutListener();
  await connection.query('commit');
  connection.release();
  expect((await until(100)).map((message) => message.payload['n'])).toEqual(numbers(100));
});

it('lets nobody wait for a transaction that takes its time, and brings what it said when it is done', async () => {
  const channel = world.client().channel('slow', { config: { private: true } });
  const { heard, until } = collect(channel);
  await joined(channel);
  const connection = await world.owner.connect();
  await connection.query(`begin; select realtime.send('{"n":3}', 'slow', 'slow')`);
  await world.send('slow', 'quick', { n: 1 });
  await until(1);
  await cutListener();
  await world.send('slow', 'quick', { n: 2 });
  await until(2);
  await connection.query('commit');
  connection.release();
  await world.send('slow', 'end', { n: 4 });
  await until(4);
  // Both were committed before the end was; which of them is read first is no matter.
  expect(heard.slice(0, 2).map((message) => message.payload['n'])).toEqual([1, 2]);
  expect(new Set(heard.slice(2).map((message) => message.payload['n']))).toEqual(new Set([3, 4]));
});

it('catches up when the database says nothing for a moment while all its connections are cut', async () => {
  const channel = world.client().channel('all', { config: { private: true } });
  const { until } = collect(channel);
  await joined(channel);
  await world.admin.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name in ('realtime listener', 'realtime')`,
  );
  await world.send('all', 'after', { n: 1 });
  expect((await until(1)).map((message) => message.payload['n'])).toEqual([1]);
});
