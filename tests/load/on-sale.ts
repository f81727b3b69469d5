/** A class that everybody waits for: two thousand members press "Book" within the second after it goes on sale. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { classes, signedInCrowd, type Person } from './crowd.ts';
import { type Answer, type Bench, type Figure, type Measurement, call, figure } from './measure.ts';

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

async function run(bench: Bench): Promise<Figure[]> {
  const people = await signedInCrowd(bench, members);
  const [session = ''] = await classes(bench, 1, 0, seats);
  const times: number[] = [];
  const answers: Record<string, number> = {};
  const began = performance.now();
  await Promise.all(
    people.map(async (who, i) => {
      await pause((i / members) * rush);
      const from = performance.now();
      const name = await press(bench, who, session).then(
        ({ status, body }) =>
          status === 201 ? '201' : `${status} ${/"code":"(\w+)"/.exec(body)?.[1] ?? ''}`,
        (error: Error) => error.message,
      );
      times.push(performance.now() - from);
      answers[name] = (answers[name] ?? 0) + 1;
    }),
  );
  const elapsed = (performance.now() - began) / 1000;
  const { taken, wrong } = await outcome(bench, session);
  const told = (answers['201'] ?? 0) + (answers['409 session_full'] ?? 0);
  const faults = members - told + Math.abs(taken - seats) + Math.abs((answers['201'] ?? 0) - seats) + wrong;
  const note = `${taken} of ${seats} seats taken; ${JSON.stringify(answers)}; ${wrong} findings`;
  return [
    figure(`${members} members, ${seats} seats, within ${rush} ms`, members, times, elapsed, faults, note),
  ];
}

const measurement: Measurement = { name: 'on-sale', order: 11, run };
export default measurement;
