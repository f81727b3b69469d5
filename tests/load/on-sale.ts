/** A class that everybody waits for: two thousand members press "Book" within the second after it goes on sale. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { classes, signedInCrowd, type Person } from './crowd.ts';
import { type Answer, type Bench, type Figure, type Measurement, call, figure, lotus } from './measure.ts';
import { type ByPart, cpuByPart } from './processes.ts';

const members = 2000;
const seats = 30;
/** Milliseconds in which they press. */
const rush = 1000;

const press = (bench: Bench, who: Person, session: string): Promise<Answer> =>
  call(`${bench.siteUrl}/api/yoga/bookings`, {
    method: 'POST',
    headers: { cookie: who.cookie, 'x-forwarded-for': who.address, 'idempotency-key': randomUUID() },
    body: { session_id: session },
  });

/** What the database says of it: seats given, and what the books find wrong. */
async function outcome(bench: Bench, session: string): Promise<{ taken: number; wrong: number }> {
  const { rows } = await bench.pool.query<{ taken: number; wrong: number }>(
    `select (select count(*)::int from booking.bookings where session_id = $1 and state in ('held', 'confirmed')) as taken,
       (select count(*)::int from ledger.findings()) as wrong`,
    [session],
  );
  return rows[0] ?? { taken: -1, wrong: -1 };
}

/** Everybody presses at their moment of the rush; how each was answered, and how long it took. */
async function rushed(act: (number: number) => Promise<string>) {
  const times: number[] = [];
  const answers: Record<string, number> = {};
  const before = cpuByPart();
  const began = performance.now();
  await Promise.all(
    Array.from({ length: members }, async (_, number) => {
      await pause((number / members) * rush);
      const from = performance.now();
      const name = await act(number).catch((error: Error) => error.message);
      times.push(performance.now() - from);
      answers[name] = (answers[name] ?? 0) + 1;
    }),
  );
  const elapsed = (performance.now() - began) / 1000;
  const used = Object.entries(cpuByPart()).map(([part, ms]) => [part, (ms - (before[part] ?? ms)) / members]);
  return { times, answers, elapsed, cpu: Object.fromEntries(used) as ByPart };
}

/** The same rush on the bare function: what the site cannot exceed. */
async function direct(bench: Bench, people: Person[], session: string): Promise<Figure> {
  const { times, elapsed, cpu } = await rushed(async (number) => {
    const connection = await bench.pool.connect();
    try {
      await connection.query({
        name: 'book',
        text: `select set_config('request.jwt.claims', $1, false), api.book_session($2, $3, $4)`,
        values: [
          JSON.stringify({ sub: people[number]?.id, role: 'authenticated' }),
          lotus,
          session,
          randomUUID(),
        ],
      });
      return 'booked';
    } finally {
      connection.release();
    }
  });
  return { ...figure('the same function through pg, 16 connections', members, times, elapsed), cpu };
}

async function overHttp(bench: Bench, people: Person[], what: string, session: string): Promise<Figure> {
  const { times, answers, elapsed, cpu } = await rushed(async (number) => {
    const { status, body } = await press(bench, people[number] as Person, session);
    return status === 201 ? '201' : `${status} ${/"code":"(\w+)"/.exec(body)?.[1] ?? ''}`;
  });
  const { taken, wrong } = await outcome(bench, session);
  const told = (answers['201'] ?? 0) + (answers['409 session_full'] ?? 0);
  const faults = members - told + Math.abs(taken - seats) + Math.abs((answers['201'] ?? 0) - seats) + wrong;
  const note = `${taken} of ${seats} seats taken; ${JSON.stringify(answers)}; ${wrong} findings`;
  return { ...figure(what, members, times, elapsed, faults, note), cpu };
}

async function run(bench: Bench): Promise<Figure[]> {
  const people = await signedInCrowd(bench, members);
  const [first = '', second = '', third = ''] = await classes(bench, 3, 0, seats);
  const ceiling = await direct(bench, people, first);
  const what = `${members} members, ${seats} seats, within ${rush} ms`;
  const fresh = await overHttp(bench, people, `${what}: a server's first, on new connections`, second);
  const again = await overHttp(bench, people, what, third);
  return [{ ...again, ceiling: ceiling.perSecond }, { ...fresh, ceiling: ceiling.perSecond }, ceiling];
}

const measurement: Measurement = { name: 'on-sale', order: 11, run };
export default measurement;
