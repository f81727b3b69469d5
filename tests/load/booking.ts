/** Booking over HTTP: a free seat placed and settled in one command; a paid one placed, and settled by its webhook. */
import { createHmac, randomUUID } from 'node:crypto';
import { classes, signedInCrowd } from './crowd.ts';
import { type Bench, type Figure, type Measurement, call, lotus, measure } from './measure.ts';

const clients = 64;

/** Each (person, class) once; neighbours in time are different people in different classes, as on an ordinary day. */
const pairs = (people: number, sessions: number, number: number) => ({
  session: number % sessions,
  person: (Math.floor(number / sessions) + (number % sessions)) % people,
});

async function direct(
  bench: Bench,
  people: { id: string }[],
  sessions: string[],
  atOnce: number,
): Promise<Figure> {
  const connections = await Promise.all(Array.from({ length: atOnce }, () => bench.pool.connect()));
  try {
    return await measure(
      `the same function through pg, ${atOnce} connections`,
      { clients: atOnce, seconds: bench.seconds, limit: people.length * sessions.length },
      async (number, client) => {
        const { person, session } = pairs(people.length, sessions.length, number);
        const claims = JSON.stringify({ sub: people[person]?.id, role: 'authenticated' });
        await connections[client]?.query({
          name: 'book',
          text: `select set_config('request.jwt.claims', $1, false), api.book_session($2, $3, $4)`,
          values: [claims, lotus, sessions[session], randomUUID()],
        });
      },
    );
  } finally {
    for (const connection of connections) connection.release();
  }
}

async function run(bench: Bench): Promise<Figure[]> {
  const people = await signedInCrowd(bench, 256);
  const [free, paid, forCeiling] = [
    await classes(bench, 200, 0),
    await classes(bench, 200, 1600),
    await classes(bench, 400, 0),
  ];
  const book = async (number: number, sessions: string[]) => {
    const { person, session } = pairs(people.length, sessions.length, number);
    const who = people[person];
    const answer = await call(`${bench.siteUrl}/api/yoga/bookings`, {
      method: 'POST',
      headers: {
        cookie: who?.cookie ?? '',
        'x-forwarded-for': who?.address ?? '',
        'idempotency-key': randomUUID(),
      },
      body: { session_id: sessions[session] },
    });
    if (answer.status !== 201) throw new Error(`${answer.status} ${answer.body.slice(0, 100)}`);
    return answer;
  };
  const ceiling = await direct(bench, people, forCeiling, 16);
  const placed = await measure(
    'free seat, placed and settled over HTTP',
    { clients, seconds: bench.seconds, limit: people.length * free.length },
    (number) => book(number, free),
  );

  const pacedFor = await classes(bench, 200, 0);
  const paced = await measure(
    'free seat over HTTP, each once a second',
    { clients, seconds: bench.seconds, every: 1000, limit: people.length * pacedFor.length },
    (number) => book(number, pacedFor),
  );

  const bought = await measure(
    'paid seat: placed, payment page opened, webhook settles',
    { clients, seconds: bench.seconds, limit: people.length * paid.length },
    async (number) => {
      const answer = await book(number, paid);
      const page = /cs_test_\w+/.exec(answer.body)?.[0];
      if (!page) throw new Error(`No payment page in ${answer.body.slice(0, 200)}`);
      await settle(bench, page);
    },
  );
  return [
    { ...placed, ceiling: ceiling.perSecond },
    paced,
    { ...bought, ceiling: ceiling.perSecond },
    ceiling,
  ];
}

/** What Stripe would send, signed as Stripe signs. */
async function settle(bench: Bench, page: string): Promise<void> {
  const at = Math.floor(Date.now() / 1000);
  const payload = {
    id: `evt_${randomUUID()}`,
    object: 'event',
    api_version: '2026-10-28.endive',
    created: at,
    livemode: false,
    type: 'checkout.session.completed',
    data: {
      object: {
        id: page,
        object: 'checkout.session',
        payment_status: 'paid',
        status: 'complete',
        amount_total: 1600,
        currency: 'eur',
        payment_intent: `pi_${page}`,
        metadata: {},
      },
    },
  };
  const body = JSON.stringify(payload);
  const signature = createHmac('sha256', bench.webhookSecret).update(`${at}.${body}`).digest('hex');
  const answer = await call(`${bench.siteUrl}/api/payments/webhooks`, {
    method: 'POST',
    headers: { 'stripe-signature': `t=${at},v1=${signature}` },
    body: payload,
  });
  if (answer.status !== 200 || !answer.body.includes('settled'))
    throw new Error(`webhook: ${answer.status} ${answer.body.slice(0, 100)}`);
}

const measurement: Measurement = { name: 'booking', order: 10, run };
export default measurement;
