import { afterEach, describe, expect, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { aClass, findings, sql } from '../world.ts';
import { type Buyer, aBuyer, book } from './buyer.ts';
import { Visitor } from './visitor.ts';

const { act } = messages('en').booking;
afterEach(async () => expect(await findings()).toEqual([]));

/** The line of a session on a page, as words. */
function lineOf(html: string, session: string): string {
  const begin = html.indexOf(`data-session="${session}"`);
  if (begin < 0) throw new Error('The session is not on the page');
  return html.slice(begin, html.indexOf('</li>', begin));
}
const dayOf = async (session: string): Promise<string> =>
  (
    await sql<{ day: string }>(
      `select to_char(s.starts_at at time zone b.time_zone, 'YYYY-MM-DD') as day from booking.sessions s join business.businesses b on b.id = s.business_id where s.id = $1`,
      [session],
    )
  )[0]?.day ?? '';

/** The page of its day, once the class is on it: others may have looked at that week a moment ago, and it is kept so long. */
async function dayWith(session: string): Promise<string> {
  const address = `/schedule?day=${await dayOf(session)}`;
  const look = async () => (await new Visitor().get(address)).text.includes(`data-session="${session}"`);
  await expect.poll(look).toBe(true);
  return address;
}

describe('the timetable of a member', () => {
  test('is everybody’s with their own marks, and never somebody else’s, however they come mixed', async () => {
    const session = await aClass({ startsIn: '33 days', price: 0 });
    const address = await dayWith(session);
    const [booked, bystander] = [await aBuyer('booked'), await aBuyer('bystander')];
    const nobody = new Visitor();
    expect((await book(booked, session)).status).toBe(201);
    const looks: [Visitor, boolean, string][] = [];
    for (let n = 0; n < 6; n++) {
      looks.push(
        [booked.visitor, true, booked.email],
        [bystander.visitor, false, bystander.email],
        [nobody, false, ''],
      );
    }
    const pages = await Promise.all(looks.map(([visitor]) => visitor.get(address)));
    for (const [n, page] of pages.entries()) {
      const [, mine] = looks[n] ?? [];
      const line = lineOf(page.text, session);
      expect([n, line.includes('seat-mine'), line.includes(`value="${session}"`)]).toEqual([n, mine, !mine]);
    }
    expect(pages[2]?.text).toContain('/signin');
    expect(pages[0]?.text).toContain('account-menu');
    expect(pages[2]?.text).not.toContain('account-menu');
  });

  test('shows a booking, a hold and a cancellation at once, and the cart’s number', async () => {
    const [free, paid] = [
      await aClass({ startsIn: '34 days', price: 0 }),
      await aClass({ startsIn: '35 days', price: 1600 }),
    ];
    const buyer: Buyer = await aBuyer('marks');
    const line = async (session: string) =>
      lineOf((await buyer.visitor.get(await dayWith(session))).text, session);
    expect(await line(free)).not.toContain('seat-mine');
    await book(buyer, free);
    expect(await line(free)).toContain(act.booked);
    await book(buyer, paid);
    expect(await line(paid)).toContain(act.held);
    const { data } = (await buyer.visitor.get('/api/yoga/bookings', {})).json;
    const { booking_id } = data.find((one: { session_id: string }) => one.session_id === free);
    await buyer.visitor.call(
      `/api/yoga/bookings/${booking_id}/cancel`,
      {},
      { 'idempotency-key': crypto.randomUUID() },
    );
    expect(await line(free)).not.toContain('seat-mine');
    await buyer.visitor.call('/api/sales/cart', { session_id: free });
    expect((await buyer.visitor.get('/schedule')).text).toContain(messages('en').site.cart({ count: 1 }));
  });

  test('speaks their language', async () => {
    const session = await aClass({ startsIn: '36 days', price: 0 });
    const buyer = await aBuyer('lengua');
    await book(buyer, session);
    const address = await dayWith(session);
    const spanish = async () => (await buyer.visitor.get(`/es${address}`)).text;
    await expect.poll(spanish).toContain(`data-session="${session}"`);
    expect(lineOf(await spanish(), session)).toContain(messages('es').booking.act.booked);
    const english = await buyer.visitor.get(address);
    expect(lineOf(english.text, session)).toContain(act.booked);
  });
});
