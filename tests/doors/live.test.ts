import { afterAll, expect, inject, it } from 'vitest';
import { createClient } from '@supabase/supabase-js';
import pg from 'pg';
import { eventsIn, type Told } from '../live/world.ts';
import { aClass, lotus } from '../world.ts';

const { siteUrl, databaseUrl, supabaseUrl, publishableKey } = inject('stack');
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

const password = 'atrium-demo-1';
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

/** Signed in as one of the demo people: the cookie of their browser. */
async function signIn(email: string): Promise<{ cookie: string }> {
  const response = await fetch(`${siteUrl}/api/auth/signin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: siteUrl },
    body: JSON.stringify({ email, password }),
  });
  expect(response.status).toBe(200);
  return {
    cookie: response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; '),
  };
}

/** A seat booked and not yet paid. */
async function bookedBy(email: string): Promise<string> {
  const db = createClient(supabaseUrl, publishableKey, {
    db: { schema: 'api' },
    auth: { persistSession: false },
  });
  await db.auth.signInWithPassword({ email, password });
  const { data, error } = await db.rpc('book_session', {
    business_id: lotus,
    session_id: await aClass(),
    idempotency_key: crypto.randomUUID(),
    pay_with: 'card',
  });
  expect(error).toBeNull();
  return (data as { order_id: string }).order_id;
}

it('tells whoever placed an order of its changes, and nobody else', async () => {
  const order = await bookedBy('ada@example.test');
  const ada = await signIn('ada@example.test');
  const [state] = await hear(`order:${order}`, isState, ada);
  expect(state!.data).toMatchObject({ order_id: order, state: 'placed' });
  await pool.query('select payments.tell_order($1)', [order]);
  const changed = await hear(`order:${order}`, ({ event }) => event === 'order_changed', {
    ...ada,
    'last-event-id': state!.id,
  });
  expect(changed.at(-1)!.data).toMatchObject({ order_id: order });
  expect((await listen(`order:${order}`, await signIn('bruno@example.test'))).status).toBe(404);
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
