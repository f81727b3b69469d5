import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { aClass, findings, seatsOf, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, wordsOf } from './buyer.ts';
import { aPass, creditsLeft } from './studio.ts';
import { letterTo } from './visitor.ts';

afterEach(async () => expect(await findings()).toEqual([]));

const key = () => ({ 'idempotency-key': randomUUID() });

interface Family {
  parent: Buyer;
  child: string;
}
async function aFamily(name: string): Promise<Family> {
  const parent = await aBuyer(name);
  const made = await parent.visitor.call('/api/members/people', {
    name: `Kid ${name}`,
    birthday: '2016-03-04',
  });
  return { parent, child: made.json.data.person_id };
}
const bookFor = ({ visitor }: Buyer, session: string, person: string, how: object = {}) =>
  visitor.call(
    '/api/yoga/bookings',
    { session_id: session, participants: [{ person_id: person }], ...how },
    key(),
  );
const bookingOf = async (session: string, person: string) =>
  (
    await sql<{ id: string; state: string }>(
      'select id, state from booking.bookings where session_id = $1 and member_id = $2 order by created_at desc limit 1',
      [session, person],
    )
  )[0];

describe('a family', () => {
  test('has its child booked and cancelled by the parent, with the parent’s pass, and both letters say whom it is about', async () => {
    const { parent, child } = await aFamily('books');
    const pass = await aPass(parent, 5, true);
    const session = await aClass({ seats: 3 });
    const booked = await bookFor(parent, session, child, { pay_with: 'pass', pass_id: pass });
    expect([booked.status, booked.json.data?.state]).toEqual([201, 'paid']);
    expect((await bookingOf(session, child))?.state).toBe('confirmed');
    expect(await creditsLeft(pass)).toBe(4);
    expect(wordsOf(await parent.visitor.get('/account/bookings'))).toContain('Kid books');
    const statement = (await parent.visitor.get(`/api/members/statement?pass_id=${pass}`, {})).json.data;
    expect(statement[0]).toMatchObject({
      movement: 'credit_use',
      amount: -1,
      used_by: 'Kid books',
      session_id: session,
    });

    const booking = await bookingOf(session, child);
    const gone = await parent.visitor.call(`/api/yoga/bookings/${booking?.id}/cancel`, {}, key());
    expect(gone.status).toBe(200);
    expect((await bookingOf(session, child))?.state).toBe('cancelled');
    expect([await creditsLeft(pass), (await seatsOf(session)).taken]).toEqual([5, 0]);
    const letter = await letterTo(parent.email, { subject: 'Cancelled: Class' });
    expect(letter.text).toContain('This is about Kid books.');
    const [back, use] = (await parent.visitor.get(`/api/members/statement?pass_id=${pass}`, {})).json.data;
    expect([back, use]).toMatchObject([
      { movement: 'credit_return', amount: 1, balance_after: 5, used_by: 'Kid books', session_id: session },
      { movement: 'credit_use', balance_after: 4, order_id: booked.json.data.order_id },
    ]);
    const page = await parent.visitor.get(`/account/passes/${pass}`);
    expect(page.text).toContain(`href="/sessions/${session}"`);
    expect(wordsOf(page)).toMatch(/Came back .* Kid books .*Class booked/);
  });

  test('is nobody else’s: another member neither sees, books nor cancels for the child', async () => {
    const { parent, child } = await aFamily('guarded');
    const session = await aClass({ price: 0, seats: 3 });
    expect((await bookFor(parent, session, child)).status).toBe(201);
    const booking = await bookingOf(session, child);
    const stranger = await aBuyer('stranger');
    const asked = await bookFor(stranger, await aClass({ price: 0 }), child);
    expect([asked.status, asked.json.code]).toEqual([404, 'person_not_found']);
    const gone = await stranger.visitor.call(`/api/yoga/bookings/${booking?.id}/cancel`, {}, key());
    expect([gone.status, gone.json.code]).toEqual([404, 'booking_not_found']);
    for (const path of [
      `/account/family/${child}`,
      `/account/progress?person=${child}`,
      `/account/bookings/${booking?.id}/cancel`,
    ])
      expect((await stranger.visitor.get(path)).status, path).toBe(404);
    expect((await stranger.visitor.get('/account/bookings')).text).not.toContain('Kid guarded');
    expect((await bookingOf(session, child))?.state).toBe('confirmed');
  });

  test('shows the desk the child’s signature, and what teachers should know only while its parent agrees', async () => {
    const { parent, child } = await aFamily('told');
    const session = await aClass({ price: 0, startsIn: '3 hours' });
    expect((await bookFor(parent, session, child)).status).toBe(201);
    const desk = await aColleague('front_desk');
    const roster = async () => wordsOf(await desk.visitor.get(`/desk/${session}`));
    const member = async () => wordsOf(await desk.visitor.get(`/admin/members/${child}`));
    expect(await roster()).toContain('Kid told');
    expect(await roster()).not.toContain('Asthma spray');
    expect(await member()).toMatch(/Waiver (not signed|missing)/i);

    const say = (note: string, consent?: string) =>
      parent.visitor.submit(
        '/api/members/health-note',
        { person_id: child, note, ...(consent ? { consent } : {}) },
        `/account/family/${child}`,
      );
    expect((await say('Asthma spray in the bag')).status).toBe(422);
    expect(await roster()).not.toContain('Asthma spray');
    expect((await say('Asthma spray in the bag', 'yes')).status).toBe(303);
    expect(await roster()).toContain('Asthma spray');
    expect(await member()).toContain('Asthma spray');
    expect((await say('')).status).toBe(303);
    expect(await roster()).not.toContain('Asthma spray');
    expect(await member()).not.toContain('Asthma spray');

    const { version } = (await parent.visitor.get('/api/members/waiver', {})).json.data;
    const signed = await parent.visitor.call('/api/members/waiver', {
      version,
      typed_name: 'Told Parent',
      people: [child],
    });
    expect(signed.status).toBe(201);
    expect(await member()).toMatch(/Waiver signed/i);
    const barista = await aColleague('barista');
    expect((await barista.visitor.get(`/admin/members/${child}`)).status).toBe(403);
  });
});
