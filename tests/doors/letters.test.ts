import { randomUUID } from 'node:crypto';
import { describe, expect, inject, test } from 'vitest';
import { aClass, barberia, lotus, passAboutToEnd, people, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, flashOf, runJob, signedIn, wordsOf } from './buyer.ts';
import { memberOf } from './studio.ts';
import { Visitor, letterTo, lettersTo } from './visitor.ts';

const { mailUrl } = inject('stack');
const messages = '/api/admin/messages';

interface Row {
  email_id: string;
  kind: string;
  state: string;
  subject: string | null;
  sent_again_as: string | null;
}

/** Tells a member of a milestone, in a transaction with what `and` says. */
const milestone = (member: string, count: number, and = '') =>
  sql(
    `select messages.notify('${lotus}', '${member}', 'milestone', 'letters ${count}', '{"measure": "classes", "count": ${count}}'); ${and}`,
  );
const later = (member: string) =>
  `update messages.emails set next_try_at = now() + interval '1 hour' where member_id = '${member}'`;
const rowsOf = (member: string) =>
  sql<{ id: string; state: string; attempts: number }>(
    'select id, state, attempts from messages.emails where member_id = $1 order by created_at',
    [member],
  );
const untilState = (id: string, state: string): Promise<void> =>
  expect
    .poll(
      async () =>
        (await sql<{ state: string }>('select state from messages.emails where id = $1', [id]))[0]?.state,
    )
    .toBe(state);

/** A member who was written one letter, which came. */
async function aReader(name: string): Promise<{ reader: Buyer; member: string; letter: string }> {
  const reader = await aBuyer(name);
  const member = await memberOf(reader);
  await milestone(member, 50);
  await letterTo(reader.email, { subject: '50 classes' });
  const [letter] = await rowsOf(member);
  await untilState(letter!.id, 'sent');
  return { reader, member, letter: letter!.id };
}
const listOf = async ({ visitor }: Buyer, query: string): Promise<Row[]> =>
  (await visitor.get(`${messages}?${query}`, {})).json.data;
/** The header lines of a letter as it went over the wire. */
async function headOf(id: string): Promise<string> {
  const raw = await (await fetch(`${mailUrl}/messages/${id}/source`)).text();
  return (raw.split('\r\n\r\n')[0] ?? '').replaceAll(/\r\n\s+/g, ' ');
}

describe('the studio’s post', () => {
  test('is the managers’, by member, kind and state, page by page; the front desk looks up one member', async () => {
    const { reader, member, letter } = await aReader('posted');
    for (const count of [1, 10]) await milestone(member, count);
    const manager = await aColleague('manager');
    expect(await listOf(manager, `member_id=${member}&kind=session_reminder`)).toEqual([]);
    const first = (await manager.visitor.get(`${messages}?member_id=${member}&limit=2`, {})).json;
    const second = (
      await manager.visitor.get(`${messages}?member_id=${member}&limit=2&cursor=${first.page.next}`, {})
    ).json;
    expect([...first.data, ...second.data].map(({ subject }: Row) => subject)).toEqual([
      '10 classes',
      'Your first class',
      '50 classes',
    ]);
    expect(second.data[0]).toMatchObject({ email_id: letter, state: 'sent', kind: 'milestone' });
    expect((await listOf(manager, 'kind=milestone&state=sent')).length).toBeGreaterThan(0);

    const page = await manager.visitor.get(`/admin/messages?member=${member}&kind=milestone`);
    expect([page.status, wordsOf(page)]).toEqual([200, expect.stringContaining('50 classes')]);
    const all = await manager.visitor.get('/admin/messages');
    expect(wordsOf(all)).toContain('Reminders before class');

    const desk = await aColleague('front_desk');
    expect((await desk.visitor.get('/admin/messages')).status).toBe(403);
    expect((await desk.visitor.get(messages, {})).json.code).toBe('not_your_role');
    const looked = await desk.visitor.get(`/admin/messages?member=${member}`);
    expect(wordsOf(looked)).toContain('50 classes');
    expect(wordsOf(looked)).not.toContain('Reminders before class');
    expect((await reader.visitor.get(`/admin/messages?member=${member}`)).status).toBe(403);
    expect((await new Visitor().get(messages, {})).status).toBe(401);
  });

  test('shows a letter as it was sent: a document of its own, without our origin, scripts or loose styles', async () => {
    const { letter } = await aReader('framed');
    const manager = await aColleague('manager');
    const page = await manager.visitor.get(`/admin/messages/${letter}`);
    expect(page.text).toMatch(new RegExp(`<iframe[^>]* src="${messages}/${letter}/page"[^>]* sandbox=""`));
    expect(page.text).not.toContain('unsafe-inline');
    const frame = await manager.visitor.get(`${messages}/${letter}/page`);
    const policy = frame.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/default-src 'none'.*; frame-ancestors 'self'; sandbox$/);
    expect(policy).not.toContain('unsafe-inline');
    expect(frame.headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(frame.text).toContain('50 classes');
    expect(frame.text).not.toContain('href=');
    const { data } = (await manager.visitor.get(`${messages}/${letter}`, {})).json;
    expect(data).toMatchObject({ subject: '50 classes', state: 'sent', email_id: letter });
    expect(data.text).toContain('Hello Framed');
    expect(JSON.stringify(data)).not.toContain('"data"');
    const elsewhere = await signedIn(people.ownerElsewhere, inject('stack').barberiaUrl);
    const asked = await elsewhere.visitor.get(`${messages}/${letter}`, {});
    expect([asked.status, asked.json.code]).toEqual([404, 'letter_not_found']);
  });

  test('keeps a confirmation as it was, though the class is moved afterwards', async () => {
    const reader = await aBuyer('kept');
    const session = await aClass({ price: 0 });
    await reader.visitor.call(
      '/api/yoga/bookings',
      { session_id: session },
      { 'idempotency-key': randomUUID() },
    );
    await letterTo(reader.email, { subject: "You're in" });
    const member = await memberOf(reader);
    const [sent] = await rowsOf(member);
    await untilState(sent!.id, 'sent');
    const manager = await aColleague('manager');
    const [before] = await listOf(manager, `member_id=${member}`);
    await sql(
      `update booking.sessions set starts_at = starts_at + interval '3 hours', ends_at = ends_at + interval '3 hours' where id = $1`,
      [session],
    );
    const [after] = await listOf(manager, `member_id=${member}`);
    expect(after?.subject).toMatch(/^You're in: Class /);
    expect(after?.subject).toBe(before?.subject);
    const { data } = (await manager.visitor.get(`${messages}/${sent!.id}`, {})).json;
    expect(data.text).toContain(
      (await letterTo(reader.email, { subject: "You're in" })).text.split('\n\n')[2],
    );
  });

  test('sends a lost letter again, once, however many ask at once, and says who had it sent', async () => {
    const { reader, member, letter } = await aReader('lost');
    const manager = await aColleague('manager');
    const [one, two] = await Promise.all([
      manager.visitor.call(`${messages}/${letter}/again`, {}),
      (await aColleague('manager')).visitor.call(`${messages}/${letter}/again`, {}),
    ]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(two.json.data).toEqual(one.json.data);
    await untilState(one.json.data.email_id, 'sent');
    const came = (await lettersTo(reader.email)).filter(({ subject }) => subject === '50 classes');
    expect(came).toHaveLength(2);
    const again = await manager.visitor.submit(
      `${messages}/${letter}/again`,
      {},
      `/admin/messages/${letter}`,
    );
    expect([again.status, again.to]).toEqual([303, `/admin/messages/${one.json.data.email_id}`]);
    expect(await rowsOf(member)).toHaveLength(2);
    expect(
      await sql(
        `select count(*)::int as n from audit.events where act = 'letter_sent_again' and about = $1`,
        [`email:${letter}`],
      ),
    ).toEqual([{ n: 1 }]);
    expect(wordsOf(await manager.visitor.get(`/admin/messages/${letter}`))).toContain('It was sent again');
  });

  test('has what was given up among the work that failed, until it is sent again', async () => {
    const { member, letter } = await aReader('bounced');
    const why = `550 no such mailbox ${letter}`;
    await sql(
      `update messages.emails set state = 'failed', attempts = 25, next_try_at = null, sent_at = null, last_error = $2 where id = $1`,
      [letter, why],
    );
    const manager = await aColleague('manager');
    const jobs = await manager.visitor.get('/admin/jobs');
    expect(wordsOf(jobs)).toContain(why);
    expect(jobs.text).toMatch(/href="\/admin\/messages\?kind=milestone&(amp;|#38;)?state=failed"/);
    expect(
      (await listOf(manager, `member_id=${member}&state=failed`)).map(({ email_id }) => email_id),
    ).toEqual([letter]);
    expect(wordsOf(await manager.visitor.get(`/admin/messages/${letter}`))).toContain(why);
    expect((await manager.visitor.call(`${messages}/${letter}/again`, {})).status).toBe(200);
    expect(wordsOf(await manager.visitor.get('/admin/jobs'))).not.toContain(why);
  });

  test('never doubles one that is on its way, nor sends one its reader does not want, and says why', async () => {
    const { reader, member } = await aReader('careful');
    const manager = await aColleague('manager');
    await milestone(member, 10, later(member));
    const waiting = (await rowsOf(member)).find(({ state }) => state === 'queued');
    const early = await manager.visitor.submit(
      `${messages}/${waiting?.id}/again`,
      {},
      `/admin/messages/${waiting?.id}`,
    );
    expect([early.status, wordsOf(early)]).toEqual([409, expect.stringContaining('on its way already')]);
    // Switched off a moment before it leaves.
    await reader.visitor.call('/api/members/notifications/choices', {
      asked: ['progress'],
      wanted: ['progress:in_app'],
    });
    await sql('update messages.emails set next_try_at = now() where id = $1', [waiting?.id]);
    await untilState(waiting!.id, 'withheld');
    const unwanted = await manager.visitor.call(`${messages}/${waiting?.id}/again`, {});
    expect([unwanted.status, unwanted.json.code]).toEqual([409, 'letter_unwanted']);
    expect((await lettersTo(reader.email)).map(({ subject }) => subject)).toEqual(['50 classes']);
    expect(await listOf(manager, `member_id=${member}&state=withheld`)).toHaveLength(1);
  });

  test('has the studio’s own hours of reminding, for whoever chose none', async () => {
    // Where no other test waits for a reminder.
    const site = inject('stack').barberiaUrl;
    const owner = await aColleague('owner', barberia, site);
    const desk = await aColleague('front_desk', barberia, site);
    const before = (await owner.visitor.get(`${messages}/settings`, {})).json.data.reminder_hours as number;
    const wrong = await owner.visitor.call(`${messages}/settings`, { reminder_hours: 5 });
    expect(wrong.status).toBe(422);
    expect((await desk.visitor.call(`${messages}/settings`, { reminder_hours: 3 })).status).toBe(403);
    const reader = await aBuyer('default', site);
    const reminded = async () =>
      (
        (await reader.visitor.get('/api/members/notifications/choices', {})).json.data as {
          reminder_hours: number;
        }[]
      )[0]?.reminder_hours;
    try {
      const set = await owner.visitor.submit(
        `${messages}/settings`,
        { reminder_hours: '3' },
        '/admin/messages',
      );
      expect([set.status, set.to]).toEqual([303, '/admin/messages#reminders']);
      expect(flashOf(await owner.visitor.get('/admin/messages'))).toContain('Guardado.');
      expect(await reminded()).toBe(3);
    } finally {
      await owner.visitor.call(`${messages}/settings`, { reminder_hours: before });
    }
    expect(await reminded()).toBe(before);
  });
});

describe('consent', () => {
  test('is asked before each letter that needs it; what concerns money or a seat goes all the same', async () => {
    const { reader, member } = await aReader('silent');
    await reader.visitor.call('/api/members/consents', { given: ['sms:service', 'email:marketing'] });
    await milestone(member, 100);
    await sql(`select messages.notify($1, $2, 'membership_ended', 'letters', $3)`, [
      lotus,
      member,
      JSON.stringify({
        membership_id: randomUUID(),
        plan_name: { en: 'Monthly' },
        ended_at: '2026-12-01T00:00:00Z',
      }),
    ]);
    const essential = await letterTo(reader.email, { subject: 'Monthly' });
    expect(await headOf(essential.id)).not.toMatch(/list-unsubscribe/i);
    expect((await lettersTo(reader.email)).map(({ subject }) => subject)).not.toContain('100 classes');
    const told = (await reader.visitor.get('/api/members/notifications', {})).json.data as {
      title: string;
    }[];
    expect(told.map(({ title }) => title)).toContain('100 classes');
  });

  test('is withdrawn with one click, signed out, by the link in the letter, and given again on its page', async () => {
    const { reader, member } = await aReader('clicking');
    const letter = await letterTo(reader.email, { subject: '50 classes' });
    const head = await headOf(letter.id);
    expect(head).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);
    const address = /^List-Unsubscribe: <([^>]+)>$/m.exec(head)?.[1] ?? '';
    expect(letter.text).toContain('No more e-mails like this: ');
    // As a provider's machine posts it: from elsewhere, without cookies.
    const machine = new Visitor();
    const post = (to: string) =>
      machine.send('POST', to, 'List-Unsubscribe=One-Click', {
        'content-type': 'application/x-www-form-urlencoded',
        origin: 'https://mail.example',
        'sec-fetch-site': 'cross-site',
      });
    const path = new URL(address).pathname;
    for (const forged of [
      `${path.slice(0, -1)}${path.endsWith('A') ? 'B' : 'A'}`,
      path.replace('.progress.', '.bookings.'),
      '/api/members/notifications/stop/x',
    ])
      expect((await post(forged)).status).toBe(404);
    expect((await post(path)).status).toBe(200);
    expect((await post(path)).status).toBe(200);
    await milestone(member, 100);
    expect((await rowsOf(member)).length).toBe(1);

    const followed = await machine.get(path);
    expect(followed.status).toBe(303);
    const page = await machine.get(followed.to ?? '');
    expect([page.status, wordsOf(page)]).toEqual([
      200,
      expect.stringContaining('You get no e-mails about: Your progress.'),
    ]);
    const token = path.split('/').at(-1) ?? '';
    const resumed = await machine.submit(
      '/api/members/notifications/stop',
      { token, wish: 'resume' },
      followed.to ?? '',
    );
    expect([resumed.status, resumed.to]).toEqual([303, followed.to]);
    const again = await machine.get(followed.to ?? '');
    expect([flashOf(again), wordsOf(again)]).toEqual([
      'Done. They come again.',
      expect.stringContaining('You get e-mails about'),
    ]);
    await milestone(member, 250);
    expect((await letterTo(reader.email, { subject: '250 classes' })).text).toContain('/unsubscribe/');
    await machine.submit('/api/members/notifications/stop', { token, wish: 'stop_all' }, followed.to ?? '');
    const { data } = (await reader.visitor.get('/api/members/consents', {})).json;
    expect(data).toContainEqual(
      expect.objectContaining({ channel: 'email', purpose: 'service', given: false }),
    );
    expect((await machine.get('/unsubscribe/nothing')).status).toBe(404);
  });
});

test('a chore that runs twice at once, and once more, writes each letter once', async () => {
  const reader = await aBuyer('once');
  const member = await memberOf(reader);
  await passAboutToEnd(member);
  await Promise.all([
    sql('select api.tell_expiring_passes()'),
    sql('select api.tell_expiring_passes()'),
    runJob('tell_expiring_passes'),
  ]);
  await letterTo(reader.email);
  await runJob('tell_expiring_passes');
  await sql('select api.tell_expiring_passes()');
  expect(await rowsOf(member)).toHaveLength(1);
  expect(await lettersTo(reader.email)).toHaveLength(1);
});
