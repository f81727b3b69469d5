/** The timetable page, as a visitor and as a signed-in member see it. */
import { signedInCrowd } from './crowd.ts';
import { type Bench, type Figure, type Measurement, call, lotus, measure } from './measure.ts';

const clients = 64;

async function run(bench: Bench): Promise<Figure[]> {
  const people = await signedInCrowd(bench, clients);
  const page = async (headers: Record<string, string>) => {
    const answer = await call(`${bench.siteUrl}/schedule`, { headers: { accept: 'text/html', ...headers } });
    if (answer.status !== 200) throw new Error(`${answer.status}`);
  };
  const visitors = await measure('/schedule, visitors', { clients, seconds: bench.seconds }, () => page({}));
  const signedIn = (number: number) => {
    const who = people[number % people.length];
    return page({ cookie: who?.cookie ?? '', 'x-forwarded-for': who?.address ?? '' });
  };
  const members = await measure('/schedule, signed in', { clients, seconds: bench.seconds }, signedIn);
  const paced = await measure(
    '/schedule, signed in, each once a second',
    { clients, seconds: bench.seconds, every: 1000 },
    signedIn,
  );
  const from = new Date();
  const until = new Date(from.getTime() + 7 * 86_400_000);
  const ceiling = await measure(
    'the same rows through pg, 16 connections',
    { clients: 16, seconds: bench.seconds },
    () =>
      bench.pool.query({
        name: 'week',
        text: 'select * from api.timetable($1, $2, $3)',
        values: [lotus, from, until],
      }),
  );
  return [
    { ...visitors, ceiling: ceiling.perSecond },
    { ...members, ceiling: ceiling.perSecond },
    paced,
    ceiling,
  ];
}

const measurement: Measurement = { name: 'timetable', order: 1, run };
export default measurement;
