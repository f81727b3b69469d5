import { afterEach, describe, expect, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { aClass, allAtOnce, findings, lotus, seatsOf, sql } from '../world.ts';
import { type Buyer, aBuyer, signedIn } from './buyer.ts';
import { aPass, bookWith, creditsLeft, memberOf } from './studio.ts';

const m = messages('en');

afterEach(async () => expect(await findings()).toEqual([]));

describe('two devices', () => {
  test('that book different classes with the last credit of one pass at once: one has a place, the other is told', async () => {
    const phone = await aBuyer('lastcredit');
    const tablet = await signedIn(phone);
    const pass = await aPass(phone, 1);
    const classes = [await aClass(), await aClass({ startsIn: '21 days' })] as const;
    const replies = await Promise.all(
      [phone, tablet].map((device, at) =>
        bookWith(device, classes[at] ?? '', { pay_with: 'pass', pass_id: pass }),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409]);
    const lost = replies.find(({ status }) => status === 409)?.json;
    expect([lost.code, lost.error]).toEqual(['pass_used_up', m.refusals.pass_used_up]);
    expect(await creditsLeft(pass)).toBe(0);
    const taken = await Promise.all(classes.map(async (one) => (await seatsOf(one)).taken));
    expect(taken.sort()).toEqual([0, 1]);
  });
});

describe('a pass that does not pay says why', () => {
  /** Named, it is refused with its reason; left to choose, none is taken. */
  async function expectRefused(
    buyer: Buyer,
    pass: string,
    session: string,
    status: number,
    name: keyof typeof m.refusals,
  ): Promise<void> {
    const booked = await bookWith(buyer, session, { pay_with: 'pass', pass_id: pass });
    expect([booked.status, booked.json.code, booked.json.error]).toEqual([status, name, m.refusals[name]]);
    expect(booked.json.details).toMatchObject({ session_id: session, pass_id: pass });
    expect([(await seatsOf(session)).taken, await creditsLeft(pass)]).toEqual([0, 3]);
    expect((await bookWith(buyer, session, { pay_with: 'pass' })).json.code).toBe('no_pass_pays');
  }
  /** What is done to the pass before; and what the door answers. */
  const bad = [
    ['pass_expired', 'expires_at = now()', 409],
    ['pass_expires_before', `expires_at = now() + interval '2 days'`, 409],
    ['pass_frozen', `frozen_from = now(), frozen_until = now() + interval '60 days'`, 409],
    ['pass_not_begun', `starts_at = now() + interval '50 days'`, 409],
    ['pass_ended', `state = 'voided'`, 409],
  ] as const;
  test.each(bad)('%s', async (name, change, status) => {
    const buyer = await aBuyer('badpass');
    const pass = await aPass(buyer, 3);
    await sql(`update members.passes set ${change} where id = $1`, [pass]);
    const session = await aClass();
    await expectRefused(buyer, pass, session, status, name);
  });

  test('pass_for_other_classes', async () => {
    const buyer = await aBuyer('badpass');
    const member = await memberOf(buyer);
    // Of another plan from the beginning: others look at the books at any moment.
    const pass = await allAtOnce(async (run) => {
      const [made] = await run<{ id: string }>(
        `select members.grant_pass($1, $2, (select id from members.plans where business_id = $1 and slug = 'five-evenings'), null, 0) as id`,
        [lotus, member],
      );
      await run('update members.passes set credits = 3 where id = $1', [made?.id]);
      await run('select members.book_credits($1)', [made?.id]);
      return made?.id ?? '';
    });
    await expectRefused(buyer, pass, await aClass(), 409, 'pass_for_other_classes');
  });

  test('pass_used_up', async () => {
    const buyer = await aBuyer('badpass');
    const pass = await aPass(buyer, 1);
    expect((await bookWith(buyer, await aClass(), { pay_with: 'pass', pass_id: pass })).status).toBe(201);
    const session = await aClass({ startsIn: '21 days' });
    const booked = await bookWith(buyer, session, { pay_with: 'pass', pass_id: pass });
    expect([booked.status, booked.json.code]).toEqual([409, 'pass_used_up']);
    expect([(await seatsOf(session)).taken, await creditsLeft(pass)]).toEqual([0, 0]);
  });

  test('pass_not_found: somebody else’s is as if it were not there', async () => {
    const [owner, thief] = [await aBuyer('holder'), await aBuyer('badpass')];
    const pass = await aPass(owner, 3, true);
    const session = await aClass();
    const booked = await bookWith(thief, session, { pay_with: 'pass', pass_id: pass });
    expect([booked.status, booked.json.code, booked.json.error]).toEqual([
      404,
      'pass_not_found',
      m.refusals.pass_not_found,
    ]);
    expect([(await seatsOf(session)).taken, await creditsLeft(pass)]).toEqual([0, 3]);
  });

  test('pass_not_shareable: a guest needs another way to pay', async () => {
    const buyer = await aBuyer('badpass');
    const pass = await aPass(buyer, 3);
    const session = await aClass();
    await sql(
      'update booking.class_types set max_guests = 1 where id = (select class_type_id from booking.sessions where id = $1)',
      [session],
    );
    const booked = await bookWith(buyer, session, {
      pay_with: 'pass',
      pass_id: pass,
      participants: [{ guest_name: 'A friend' }],
    });
    expect([booked.status, booked.json.code]).toEqual([409, 'pass_not_shareable']);
    expect((await seatsOf(session)).taken).toBe(0);
  });

  test('with a form the sentence is on the page, in the language of who asks', async () => {
    const buyer = await aBuyer('badpass');
    const pass = await aPass(buyer, 3);
    await sql('update members.passes set expires_at = now() where id = $1', [pass]);
    const session = await aClass();
    const page = await buyer.visitor.submit(
      '/api/yoga/bookings',
      { session_id: session, pay_with: 'pass', pass_id: pass, idempotency_key: `bad-pass-${pass}` },
      `/es/sessions/${session}`,
    );
    expect(page.status).toBe(409);
    expect(page.text).toContain(messages('es').refusals.pass_expired);
  });
});
