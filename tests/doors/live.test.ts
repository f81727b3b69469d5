import { afterAll, expect, inject, it } from 'vitest';
import pg from 'pg';
import { eventsIn, type Told } from '../live/world.ts';
import { aClass } from '../world.ts';
import { type Buyer, aBuyer, placedOrder } from './buyer.ts';

const { siteUrl, databaseUrl } = inject('stack');
const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
afterAll(() => pool.end());

const listen = (topic: string, headers: Record<string, string> = {}, signal: AbortSignal | null = null) =>
  fetch(`${siteUrl}/api/live?topic=${topic}`, {
    signal,
    headers: { accept: 'text/event-stream', ...headers },
  });

/** Reads a stream until one of its events satisfies `is`, then leaves. */
async function hear(
  topic: string,
  is: (told: Told) => boolean,
  headers: Record<string, string> = {},
): Promise<Told[]> {
  const leave = new AbortController();
  const response = await listen(topic, headers, leave.signal);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const told = eventsIn(text);
    if (told.some(is)) {
      leave.abort();
      return told;
    }
  }
  throw new Error(`the stream ended after ${text}`);
}

/** A class of the coming days gets one more place, and loses it again. It is this test's own: others call theirs off meanwhile. */
async function changeSeats(): Promise<string> {
  const id = await aClass({ startsIn: '3 days' });
  await pool.query('update booking.sessions set capacity = capacity + 1 where id = $1', [id]);
  await pool.query('update booking.sessions set capacity = capacity - 1 where id = $1', [id]);
  return id;
}

const isState = ({ event }: Told) => event === 'state';
/** Other tests sell seats meanwhile. */
const isChangeOf = (session: string) => (told: Told) =>
  told.event === 'seats_changed' && (told.data as { session_id: string }).session_id === session;

it('tells a visitor the seats of the coming two weeks, then each change, and resumes where it was', async () => {
  const [state] = await hear('timetable', isState);
  const rows = state!.data as { session_id: string; seats_left: number; state: string }[];
  expect(rows.length).toBeGreaterThan(10);
  const id = await changeSeats();
  const missed = await hear('timetable', isChangeOf(id), { 'last-event-id': state!.id });
  expect(missed.some(isState)).toBe(false);
  expect(missed.find(isChangeOf(id))!.data).toMatchObject({ state: 'scheduled' });
});

const cookieOf = ({ visitor }: Buyer) => ({
  cookie: [...visitor.jar].map(([name, value]) => `${name}=${value}`).join('; '),
});

it('tells whoever placed an order of its changes, and nobody else', async () => {
  const buyer = await aBuyer();
  const { order_id: order } = await placedOrder(buyer, await aClass());
  const buyers = cookieOf(buyer);
  const [state] = await hear(`order:${order}`, isState, buyers);
  expect(state!.data).toMatchObject({ order_id: order, state: 'placed' });
  await pool.query('select payments.tell_order($1)', [order]);
  const changed = await hear(`order:${order}`, ({ event }) => event === 'order_changed', {
    ...buyers,
    'last-event-id': state!.id,
  });
  expect(changed.at(-1)!.data).toMatchObject({ order_id: order });
  expect((await listen(`order:${order}`, cookieOf(await aBuyer('stranger')))).status).toBe(404);
  expect((await listen(`order:${order}`)).status).toBe(404);
});

it.each([
  ['a topic that is not there', 'topic=weather', 404, 'not_found'],
  ['no topic', '', 422, 'invalid_input'],
  ['an order that is not there', 'topic=order:0197a7f0-0000-7000-8000-000000000000', 404, 'order_not_found'],
  ['an order that is no order', 'topic=order:1', 404, 'not_found'],
  ['their own news, without having signed in', 'topic=member', 401, 'sign_in_first'],
])('refuses a visitor who asks for %s', async (_, query, status, code) => {
  const response = await fetch(`${siteUrl}/api/live?${query}`, { headers: { accept: 'text/event-stream' } });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ code });
});

it('does not listen for somebody who only asks for the headers', async () => {
  const response = await fetch(`${siteUrl}/api/live?topic=timetable`, { method: 'HEAD' });
  expect(response.status).toBe(200);
});
