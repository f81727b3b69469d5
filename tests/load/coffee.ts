/** The bar over HTTP: the menu, and an order of three lines, placed and settled from a wallet in one command. */
import { randomUUID } from 'node:crypto';
import { type Person, signedInCrowd } from './crowd.ts';
import { type Bench, type Figure, type Measurement, call, lotus, measure } from './measure.ts';

const clients = 64;
/** With their usual milk and size: five products' worth of ingredients. */
const lines = [{ slug: 'flat-white', quantity: 2 }, { slug: 'croissant', quantity: 2 }, { slug: 'mint-tea' }];

/** The counter is open, has baristas and stock enough, and everybody has money in their wallet. */
async function prepare(bench: Bench, people: Person[]): Promise<void> {
  await bench.pool.query(
    `update shop.counters set slot_seconds = 36000, slot_minutes = 5, hours = (select jsonb_agg(jsonb_build_object('day', d, 'opens', '00:00', 'closes', '24:00')) from generate_series(1, 7) d) where business_id = $1`,
    [lotus],
  );
  // A cup of flat white takes a minute: a second's worth keeps the slots from running full while the clock stands still.
  await bench.pool.query(
    `update shop.products set make_seconds = 1 where business_id = $1 and make_seconds > 0`,
    [lotus],
  );
  await bench.pool.query(
    `select shop.move_stock(i.business_id, c.location_id, 'delivery', 'delivery:' || gen_random_uuid(), array[i.id], array[1000000000::bigint]) from shop.stock_items i join shop.counters c on c.business_id = i.business_id where i.business_id = $1`,
    [lotus],
  );
  await bench.pool.query(
    `with made as (
       insert into members.members (business_id, user_id, name, email) select $1, u.id, u.raw_user_meta_data ->> 'full_name', u.email from auth.users u where u.id = any ($2::uuid[]) on conflict do nothing returning id),
     members as (select id from made union select m.id from members.members m where m.business_id = $1 and m.user_id = any ($2::uuid[]))
     select ledger.transfer($1, 'gift', 'load:' || m.id, array[ledger.account($1, 'EUR', 'clearing', 'stripe'), ledger.account($1, 'EUR', 'wallet', m.id::text)], array[100000000, -100000000]) from members m`,
    [lotus, people.map(({ id }) => id)],
  );
  // As autovacuum does within a minute: nobody's database believes for long that it has no members.
  await bench.pool.query('analyze');
}

/** By as many as the site lets through at once (src/shop/ordering/turns.ts): more are slower. */
async function direct(bench: Bench, people: Person[], atOnce: number): Promise<Figure> {
  const connections = await Promise.all(Array.from({ length: atOnce }, () => bench.pool.connect()));
  const order = async (number: number, client: number) => {
    const claims = JSON.stringify({ sub: people[number % people.length]?.id, role: 'authenticated' });
    await connections[client]?.query({
      name: 'order',
      text: `select set_config('request.jwt.claims', $1, false), api.order_products($2, $3, $4, '{}', null, 'wallet')`,
      values: [claims, lotus, randomUUID(), JSON.stringify(lines)],
    });
  };
  try {
    await Promise.all(connections.map((_, client) => order(client, client)));
    return await measure(
      `the same order through pg, ${atOnce} connections`,
      { clients: atOnce, seconds: bench.seconds },
      order,
    );
  } finally {
    for (const connection of connections) connection.release();
  }
}

async function run(bench: Bench): Promise<Figure[]> {
  const people = await signedInCrowd(bench, 128);
  await prepare(bench, people);
  const as = (number: number) => {
    const who = people[number % people.length];
    return { cookie: who?.cookie ?? '', 'x-forwarded-for': who?.address ?? '' };
  };
  const page = async (headers: Record<string, string>) => {
    const answer = await call(`${bench.siteUrl}/menu`, { headers: { accept: 'text/html', ...headers } });
    if (answer.status !== 200) throw new Error(`${answer.status}`);
  };
  const order = async (number: number) => {
    const answer = await call(`${bench.siteUrl}/api/coffee/orders`, {
      method: 'POST',
      headers: { ...as(number), 'idempotency-key': randomUUID() },
      body: { lines, pay_with: 'wallet' },
    });
    if (answer.status !== 201 || !answer.body.includes('"paid"'))
      throw new Error(`${answer.status} ${answer.body.slice(0, 200)}`);
  };
  const { seconds } = bench;
  const menu = await measure('/menu, visitors', { clients, seconds }, () => page({}));
  const mine = await measure('/menu, signed in', { clients, seconds }, (number) => page(as(number)));
  const menuPaced = await measure(
    '/menu, signed in, each once a second',
    { clients, seconds, every: 1000 },
    (n) => page(as(n)),
  );
  const rows = await measure('the same rows through pg, 16 connections', { clients: 16, seconds }, () =>
    bench.pool.query({ name: 'menu', text: 'select * from api.menu($1)', values: [lotus] }),
  );
  const ceiling = await direct(bench, people, 3);
  // The first order of a database connection plans its hundred statements: a bar that is open has had those.
  await measure('the first orders', { clients, seconds: 3 }, order);
  const placed = await measure('three lines, placed and settled over HTTP', { clients, seconds }, order);
  const paced = await measure(
    'three lines over HTTP, each once a second',
    { clients, seconds, every: 1000 },
    order,
  );
  return [
    { ...menu, ceiling: rows.perSecond },
    { ...mine, ceiling: rows.perSecond },
    menuPaced,
    rows,
    { ...placed, ceiling: ceiling.perSecond },
    paced,
    ceiling,
  ];
}

const measurement: Measurement = { name: 'coffee', order: 12, run };
export default measurement;
