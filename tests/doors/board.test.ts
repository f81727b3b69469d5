import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { type Bar, aBar, anOrder, standingOf } from '../bar.ts';
import { eventsIn } from '../live/world.ts';
import { barberia, findings, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, flashOf, orderNow, untilOrder, wordsOf } from './buyer.ts';
import { payAt } from './provider.ts';
import { Visitor, letterTo } from './visitor.ts';

const m = messages('en');
const { siteUrl } = inject('stack');
afterEach(async () => expect(await findings()).toEqual([]));

interface Card {
  ticket_id: string;
  order_id: string;
  state: string;
  version: number;
  lines: { line_id: string; quantity: number; made: boolean }[];
}
const board = async (who: Buyer, bar: Bar) => {
  const reply = await who.visitor.get(`/api/coffee/board?location_id=${bar.location}`, {});
  return { status: reply.status, code: reply.json?.code, ...reply.json?.data } as {
    status: number;
    code?: string;
    tickets: Card[];
    counter: { takes_orders: boolean; delay_minutes: number };
  };
};
const step = (who: Buyer, ticket: string, from: string, to: string, act_id: string = randomUUID()) =>
  who.visitor.call(`/api/coffee/tickets/${ticket}`, { act_id, from, to });
const refuse = (who: Buyer, ticket: string, more: object = {}, act_id: string = randomUUID()) =>
  who.visitor.call(`/api/coffee/tickets/${ticket}/refuse`, { act_id, reason: 'Out of oat', ...more });

describe('the board', () => {
  test('has an order from the moment it is paid, and the buyer follows it to the counter', async () => {
    const bar = await aBar();
    const [buyer, barista] = [await aBuyer('thirsty'), await aColleague('barista')];
    const placed = await buyer.visitor.call(
      '/api/coffee/orders',
      { location_id: bar.location, lines: [{ slug: bar.coffee.slug, quantity: 2 }] },
      { 'idempotency-key': randomUUID() },
    );
    expect(placed.status).toBe(201);
    const { order_id: order, payment_url } = placed.json.data;
    expect((await board(barista, bar)).tickets).toEqual([]);
    await payAt(payment_url);
    await untilOrder(order, { state: 'paid' });
    const [card] = (await board(barista, bar)).tickets;
    expect(card).toMatchObject({
      order_id: order,
      state: 'placed',
      call_number: 1,
      lines: [{ quantity: 2 }],
    });
    const ticket = card?.ticket_id ?? '';
    const page = () => buyer.visitor.get(`/orders/${order}`);
    expect(wordsOf(await page())).toContain(m.board.order.heads.placed);
    expect((await step(barista, ticket, 'placed', 'making')).json.data).toMatchObject({
      outcome: 'applied',
      ticket: { state: 'making', version: 2 },
    });
    expect(wordsOf(await page())).toContain(m.board.order.heads.making);
    await step(barista, ticket, 'making', 'ready');
    const ready = await page();
    expect(ready.text).toContain(`<title>${m.board.order.readyTitle({ number: 1 })}`);
    expect(wordsOf(ready)).toContain(m.board.order.heads.ready);
    const letter = await letterTo(buyer.email, { subject: 'Ready' });
    expect(letter.text).toContain('Your number is 1.');
    await step(barista, ticket, 'ready', 'collected');
    expect(wordsOf(await page())).toContain(m.board.order.heads.collected);
    expect((await orderNow(order)).state).toBe('closed');
  });

  test('obeys a tap once, and tells who comes second how the ticket stands', async () => {
    const bar = await aBar();
    const [a, b] = [await aColleague('barista'), await aColleague('barista')];
    const { ticket } = await anOrder(bar, await aBuyer());
    const id = randomUUID();
    expect((await step(a, ticket, 'placed', 'making', id)).json.data.outcome).toBe('applied');
    expect((await step(a, ticket, 'placed', 'making', id)).json.data.outcome).toBe('known');
    const second = await step(b, ticket, 'placed', 'making');
    expect([second.status, second.json.code, second.json.details.ticket.state]).toEqual([
      409,
      'ticket_moved',
      'making',
    ]);
    expect((await step(b, ticket, 'making', 'placed')).json.data.ticket.state).toBe('placed');
    expect((await step(b, randomUUID(), 'placed', 'making')).status).toBe(404);
    expect((await step(b, ticket, 'placed', 'somewhere')).status).toBe(422);
  });

  test('marks the same drink on several tickets in one call', async () => {
    const bar = await aBar();
    const barista = await aColleague('barista');
    const buyer = await aBuyer();
    const [one, two] = [await anOrder(bar, buyer), await anOrder(bar, buyer)];
    const acts = [one, two].map(({ ticket, lines }) => ({
      id: randomUUID(),
      ticket_id: ticket,
      line_ids: lines,
      made: true,
    }));
    const reply = await barista.visitor.call('/api/coffee/board', { acts });
    expect(reply.json.data.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'applied',
      'applied',
    ]);
    expect(await standingOf(one.ticket, two.ticket)).toEqual(['ready', 'ready']);
  });

  test('works with forms alone: a step, a drink, a refusal, sold out, a longer promise', async () => {
    const bar = await aBar();
    const barista = await aColleague('barista');
    const buyer = await aBuyer();
    const [one, two, three] = [
      await anOrder(bar, buyer),
      await anOrder(bar, buyer),
      await anOrder(bar, buyer),
    ];
    const from = `/board?location=${bar.location}`;
    const page = await barista.visitor.get(from);
    expect(page.text).toContain(`action="/api/coffee/tickets/${one.ticket}"`);
    const { visitor } = barista;
    const act_id = randomUUID();
    const pressed = { act_id, press: 'placed:making' };
    const moved = await visitor.submit(`/api/coffee/tickets/${one.ticket}`, pressed, from);
    expect([moved.status, moved.to]).toEqual([303, `${from}#t-${one.ticket}`]);
    const made = { act_id, made: `${two.ticket}=${two.lines.join('+')}` };
    expect((await visitor.submit('/api/coffee/board', made, from)).status).toBe(303);
    const why = { act_id, ready_reason: 'We are closing', reason: '', stock: 'back' };
    const refused = await visitor.submit(`/api/coffee/tickets/${three.ticket}/refuse`, why, from);
    expect(flashOf(await visitor.get(refused.to ?? ''))).toBe(m.board.refusedDone);
    expect(await standingOf(one.ticket, two.ticket, three.ticket)).toEqual(['making', 'ready', 'refused']);
    const gone = { location_id: bar.location, product_id: bar.bag.id, sold_out: 'true' };
    expect((await visitor.submit('/api/coffee/board/sold-out', gone, from)).status).toBe(303);
    const slow = { location_id: bar.location, delay_minutes: '20' };
    expect((await visitor.submit('/api/coffee/board/pace', slow, from)).status).toBe(303);
    expect((await board(barista, bar)).counter).toMatchObject({ delay_minutes: 20, takes_orders: true });
    const wanted = { location_id: bar.location, lines: [{ slug: bar.bag.slug }] };
    const order = (fields: object) =>
      buyer.visitor.call('/api/coffee/orders', fields, { 'idempotency-key': randomUUID() });
    expect((await order(wanted)).json.code).toBe('product_sold_out');
    const stop = { location_id: bar.location, takes_orders: 'false' };
    expect((await visitor.submit('/api/coffee/board/pace', stop, from)).status).toBe(303);
    expect((await order({ ...wanted, lines: [{ slug: bar.coffee.slug }] })).json.code).toBe('counter_closed');
    expect(wordsOf(await visitor.get(`/board/tickets/${one.ticket}`))).toContain('Being made');
  });

  test('is the bar’s: the front desk hands over, others do not see it', async () => {
    const bar = await aBar();
    const desk = await aColleague('front_desk');
    const buyer = await aBuyer();
    const { ticket } = await anOrder(bar, buyer);
    expect((await board(desk, bar)).status).toBe(200);
    expect((await step(desk, ticket, 'placed', 'making')).json.code).toBe('not_your_role');
    expect((await refuse(desk, ticket)).status).toBe(403);
    expect(await board(buyer, bar)).toMatchObject({ status: 403, code: 'not_your_role' });
    expect((await buyer.visitor.get('/board')).status).toBe(403);
    expect((await new Visitor().get('/api/coffee/board', {})).status).toBe(401);
    const site = siteUrl.replace('localhost', 'barberia.localhost');
    const elsewhere = await aColleague('barista', barberia, site);
    expect((await board(elsewhere, bar)).status).toBe(404);
    expect((await step(elsewhere, ticket, 'placed', 'making')).status).toBe(404);
    const live = await elsewhere.visitor.get(`/api/live?topic=board:${bar.location}`, {
      accept: 'text/event-stream',
    });
    expect(live.status).toBe(404);
  });
});

describe('an order the bar cannot make', () => {
  test('is refused with a reason, paid back by the card, and its buyer told', async () => {
    const bar = await aBar({ onShelf: 3 });
    const [buyer, barista] = [await aBuyer('unlucky'), await aColleague('barista')];
    const placed = await buyer.visitor.call(
      '/api/coffee/orders',
      { location_id: bar.location, lines: [{ slug: bar.bag.slug, quantity: 2 }] },
      { 'idempotency-key': randomUUID() },
    );
    const { order_id: order, payment_url } = placed.json.data;
    await payAt(payment_url);
    await untilOrder(order, { state: 'paid' });
    const ticket = (await board(barista, bar)).tickets[0]?.ticket_id ?? '';
    expect((await refuse(barista, ticket, { reason: '' })).status).toBe(422);
    const id = randomUUID();
    expect((await refuse(barista, ticket, {}, id)).json.data).toMatchObject({
      outcome: 'applied',
      refund_cents: 2300,
    });
    expect((await refuse(barista, ticket, {}, id)).json.data.outcome).toBe('known');
    await untilOrder(order, { refunded: 2300, payments: ['refunded'] });
    const page = wordsOf(await buyer.visitor.get(`/orders/${order}`));
    expect(page).toContain(m.board.order.heads.refused);
    expect(page).toContain('Out of oat');
    expect((await letterTo(buyer.email, { subject: 'could not make' })).text).toContain('Out of oat');
    const level = 'select on_hand::int as n from shop.stock_levels where location_id = $1';
    expect(await sql(level, [bar.location])).toEqual([{ n: 3 }]);
  });

  test('can be given up by its buyer until the bar begins with it', async () => {
    const bar = await aBar();
    const [buyer, barista] = [await aBuyer(), await aColleague('barista')];
    const [one, two] = [await anOrder(bar, buyer), await anOrder(bar, buyer)];
    const giveUp = (ticket: string, who = buyer) =>
      who.visitor.call(`/api/coffee/tickets/${ticket}/cancel`, { act_id: randomUUID() });
    expect((await giveUp(one.ticket, await aBuyer('stranger'))).status).toBe(404);
    expect((await giveUp(one.ticket)).json.data).toMatchObject({ state: 'cancelled', refund_cents: 310 });
    await step(barista, two.ticket, 'placed', 'making');
    expect((await giveUp(two.ticket)).json.code).toBe('order_being_made');
    expect(wordsOf(await buyer.visitor.get(`/orders/${one.order}`))).toContain(m.board.order.heads.cancelled);
  });
});

test('every screen hears the whole ticket as it changes, and one that comes back misses none', async () => {
  const bar = await aBar();
  const barista = await aColleague('barista');
  const { ticket } = await anOrder(bar, await aBuyer());
  const hear = async (until: (text: string) => boolean, headers: Record<string, string> = {}) => {
    const leave = new AbortController();
    const cookie = [...barista.visitor.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${siteUrl}/api/live?topic=board:${bar.location}`, {
      signal: leave.signal,
      headers: { accept: 'text/event-stream', cookie, ...headers },
    });
    expect(response.status).toBe(200);
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (until(text)) break;
    }
    leave.abort();
    return eventsIn(text);
  };
  const [state] = await hear((text) => eventsIn(text).length > 0);
  expect(state).toMatchObject({ event: 'state', data: { tickets: [{ ticket_id: ticket, version: 1 }] } });
  await step(barista, ticket, 'placed', 'making');
  await step(barista, ticket, 'making', 'ready');
  const isReady = (text: string) =>
    eventsIn(text).some(({ data }) => (data as { state?: string }).state === 'ready');
  const missed = await hear(isReady, { 'last-event-id': state!.id });
  expect(missed.some(({ event }) => event === 'state')).toBe(false);
  expect(missed.at(-1)).toMatchObject({
    event: 'ticket_changed',
    data: { ticket_id: ticket, state: 'ready', version: 3 },
  });
});
