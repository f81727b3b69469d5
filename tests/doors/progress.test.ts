import { describe, expect, test } from 'vitest';
import { aClass, lotus, sql } from '../world.ts';
import { type Buyer, aBuyer, aColleague, flashOf, wordsOf } from './buyer.ts';
import { letterTo, lettersTo } from './visitor.ts';

/** Checks the person in to a class of an hour that long ago, at this time of day where the studio is: weeks are counted there. */
async function was({ visitor, id }: Buyer, ago: string): Promise<string> {
  await visitor.get('/api/members/profile', {});
  const session = await aClass();
  const [made] = await sql<{ id: string }>(
    `with s as (update booking.sessions set starts_at = a.at, ends_at = a.at + interval '1 hour', seats_taken = seats_taken + 1
       from (select (now() at time zone 'Europe/Madrid' - $3::interval) at time zone 'Europe/Madrid' as at) a where id = $1 returning *)
     insert into booking.bookings (business_id, session_id, member_id, state, starts_at, free_cancel_until, late_refund_percent)
     select s.business_id, s.id, m.id, 'checked_in', s.starts_at, s.starts_at, 0 from s join members.members m on m.business_id = s.business_id and m.user_id = $2 returning id`,
    [session, id, ago],
  );
  return made?.id ?? '';
}

describe('progress', () => {
  test('shows what the visits come to, as a page and as data', async () => {
    const buyer = await aBuyer('regular');
    for (const ago of ['70 days', '28 days', '21 days', '14 days', '7 days']) await was(buyer, ago);
    const { data } = (await buyer.visitor.get('/api/yoga/progress', {})).json;
    expect(data).toMatchObject({ visits: 5, minutes: 300, streak: 4, best_streak: 4 });
    expect(data.days).toHaveLength(5);
    expect(data.weeks).toHaveLength(12);
    expect(data.milestones).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ measure: 'classes', count: 1 }),
        expect.objectContaining({ measure: 'weeks', count: 4 }),
      ]),
    );
    const words = wordsOf(await buyer.visitor.get('/account/progress'));
    expect(words).toContain('4 weeks');
    expect(words).toContain('Your first class');
    const lastYear = await buyer.visitor.get('/api/yoga/progress?year=2020', {});
    expect(lastYear.json.data).toMatchObject({ days: [], visits: 5 });
  });

  test('is one’s own and one’s children’s only', async () => {
    const [parent, stranger] = await Promise.all([aBuyer('proud'), aBuyer('curious')]);
    const { person_id } = (await parent.visitor.call('/api/members/people', { name: 'Pride' })).json.data;
    expect((await parent.visitor.get(`/account/progress?person=${person_id}`)).text).toContain('Pride');
    const refused = await stranger.visitor.get(`/api/yoga/progress?person_id=${person_id}`, {});
    expect([refused.status, refused.json.code]).toEqual([404, 'person_not_found']);
    expect((await stranger.visitor.get(`/account/progress?person=${person_id}`)).status).toBe(404);
  });

  test('has a goal for the week, which is set, changed and given up', async () => {
    const { visitor } = await aBuyer('aiming');
    const aim = (fields: Record<string, string>) =>
      visitor.submit('/api/yoga/progress/goal', fields, '/account/progress');
    const tooMuch = await aim({ measure: 'classes', target: '15' });
    expect([tooMuch.status, wordsOf(tooMuch)]).toEqual([
      422,
      expect.stringContaining('A goal is 1 to 14 classes, or 15 to 1,500 minutes a week.'),
    ]);
    expect((await aim({ measure: 'kilos', target: '3' })).status).toBe(422);
    const set = await aim({ measure: 'minutes', target: '120', nudge: 'yes' });
    expect([set.status, set.to]).toEqual([303, '/account/progress']);
    const page = await visitor.get('/account/progress');
    expect([flashOf(page), wordsOf(page)]).toEqual([
      'Your goal is set.',
      expect.stringContaining('0 of 120 minutes'),
    ]);
    expect((await visitor.get('/api/yoga/progress', {})).json.data.goal).toMatchObject({
      measure: 'minutes',
      target: 120,
      nudge: true,
    });
    expect((await visitor.call('/api/yoga/progress/goal/end', {})).status).toBe(200);
    const again = await visitor.call('/api/yoga/progress/goal/end', {});
    expect([again.status, again.json.code]).toEqual([404, 'goal_not_found']);
  });

  test('is a first page with an aim to set for who is new, and everything drawn is a table too for who is not', async () => {
    const newcomer = await aBuyer('newcomer');
    const empty = wordsOf(await newcomer.visitor.get('/account/progress'));
    expect(empty).toContain('Your first class starts this page');
    expect(empty).toContain('No goal set');
    const regular = await aBuyer('drawn');
    for (const ago of ['16 days', '9 days', '2 days']) await was(regular, ago);
    const page = await regular.visitor.get('/account/progress');
    const captions = [...page.text.matchAll(/<caption[^>]*>\s*([^<]*?)\s*<\/caption>/g)].map(
      ([, said]) => said,
    );
    // The year, the styles, the weeks.
    expect(captions).toHaveLength(3);
    expect(wordsOf(page)).toContain('3 h');
    const spanish = await regular.visitor.get('/es/account/progress');
    expect(wordsOf(spanish)).toContain('3 semanas');
  });

  test('nudges towards a goal once a week, those who asked for it, by e-mail and in the app, in their language', async () => {
    const [english, spanish, silent] = [
      await aBuyer('nudged'),
      await aBuyer('nudged'),
      await aBuyer('silent'),
    ];
    for (const { visitor } of [english, spanish, silent]) await visitor.get('/api/members/profile', {});
    await spanish.visitor.call('/api/members/profile', { name: 'Nudged', phone: '', locale: 'es' });
    for (const buyer of [english, spanish, silent])
      await buyer.visitor.call('/api/yoga/progress/goal', {
        measure: 'classes',
        target: 3,
        ...(buyer === silent ? {} : { nudge: 'yes' }),
      });
    // Thursday of next week, in the evening.
    const evening = `date_trunc('week', now() at time zone 'Europe/Madrid' + interval '7 days') + interval '3 days 18 hours 10 minutes'`;
    const nudge = () => sql(`select api.nudge_goals((${evening}) at time zone 'Europe/Madrid')`);
    await Promise.all([nudge(), nudge()]);
    await nudge();
    for (const [{ email, visitor }, language] of [
      [english, 'en'],
      [spanish, 'es'],
    ] as const) {
      const told = (await visitor.get(`${language === 'es' ? '/es' : ''}/api/members/notifications`, {})).json
        .data as {
        kind: string;
        title: string;
      }[];
      const nudges = told.filter(({ kind }) => kind === 'goal_nudge');
      expect(nudges).toHaveLength(1);
      const letter = await letterTo(email, { subject: nudges[0]?.title ?? '' });
      expect(letter.text).toMatch(language === 'es' ? /^Hola/ : /^Hello/);
      expect((await lettersTo(email)).filter(({ subject }) => subject === nudges[0]?.title)).toHaveLength(1);
    }
    expect((await silent.visitor.get('/api/members/notifications', {})).json.data).toEqual([]);
    expect(await lettersTo(silent.email)).toEqual([]);
  });
});

describe('the front desk', () => {
  test('finds members, reads their page, and writes notes the members never see', async () => {
    const desk = await aColleague('front_desk');
    const guest = await aBuyer('findable');
    await guest.visitor.call('/api/members/profile', {
      name: 'Zoë Findable',
      phone: '+34 677-12 34',
      locale: 'en',
    });
    const found = await desk.visitor.get('/api/members?q=zoe find', {});
    expect(found.json.data).toMatchObject([{ name: 'Zoë Findable', visits: 0, waiver: 'missing' }]);
    const { member_id } = found.json.data[0];
    expect((await desk.visitor.get('/api/members?q=677 1234', {})).json.data[0]?.member_id).toBe(member_id);
    expect(wordsOf(await desk.visitor.get('/admin/members?q=findable'))).toContain('Zoë Findable');
    const noted = await desk.visitor.submit(
      `/api/members/${member_id}/notes`,
      { body: 'Brings her own blanket', pinned: 'yes' },
      `/admin/members/${member_id}`,
    );
    expect([noted.status, noted.to]).toEqual([303, `/admin/members/${member_id}#notes`]);
    const page = await desk.visitor.get(`/api/members/${member_id}`, {});
    expect(page.json.data.flags).toMatchObject({
      first_timer: true,
      waiver: 'missing',
      pinned_notes: ['Brings her own blanket'],
    });
    const [note] = page.json.data.notes;
    await desk.visitor.call(`/api/members/notes/${note.note_id}`, { change: 'unpin' });
    expect((await desk.visitor.get(`/api/members/${member_id}`, {})).json.data.flags.pinned_notes).toEqual(
      [],
    );
    await desk.visitor.call(`/api/members/notes/${note.note_id}`, { change: 'remove' });
    expect((await desk.visitor.get(`/api/members/${member_id}`, {})).json.data.notes).toEqual([]);
    for (const path of ['/api/members', `/api/members/${member_id}`, '/api/members/at-risk'])
      expect((await guest.visitor.get(path, {})).status).toBe(403);
    expect((await guest.visitor.get('/admin/members')).status).toBe(403);
  });

  test('goes through a long list page by page', async () => {
    const desk = await aColleague('front_desk');
    const first = await desk.visitor.get('/api/members?limit=3', {});
    const second = await desk.visitor.get(`/api/members?limit=3&cursor=${first.json.page.next}`, {});
    const names = [...first.json.data, ...second.json.data].map(({ member_id }) => member_id);
    expect(new Set(names).size).toBe(6);
    expect((await desk.visitor.get('/admin/members/00000000-0000-4000-8000-000000000000')).status).toBe(404);
  });

  test('sees who with a habit stays away, and takes the list along', async () => {
    const [desk, lapsed] = await Promise.all([aColleague('front_desk'), aBuyer('lapsed')]);
    await lapsed.visitor.call('/api/members/profile', { name: '=cmd|lapsed', phone: '', locale: 'en' });
    for (const ago of ['60 days', '53 days', '46 days']) await was(lapsed, ago);
    const risk = await desk.visitor.get('/api/members/at-risk?days=30&visits=3&limit=200', {});
    const row = risk.json.data.find(({ name }: { name: string }) => name === '=cmd|lapsed');
    expect(row).toMatchObject({ visits: 3, next_booking_at: null, may_write: false });
    const file = await desk.visitor.get('/api/members/at-risk?days=30&visits=3&format=csv', {});
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(file.text).toContain("'=cmd|lapsed,");
    expect(wordsOf(await desk.visitor.get('/admin/members/at-risk?days=30'))).toContain('First visits');
    const firsts = await desk.visitor.get('/api/members/first-timers', {});
    expect(firsts.json.data).toHaveLength(12);
    expect((await desk.visitor.get('/api/members/first-timers?format=csv', {})).text).toContain('Week of,');
  });

  test('sees how many of the first visits of a week came again and bought a pass', async () => {
    const [desk, once, again] = [await aColleague('front_desk'), await aBuyer('once'), await aBuyer('again')];
    const weeks = async () =>
      (await desk.visitor.get('/api/members/first-timers', {})).json.data as Record<
        string,
        number | string
      >[];
    const sum = (rows: Record<string, number | string | boolean>[], name: string) =>
      rows.filter(({ complete }) => complete).reduce((all, row) => all + Number(row[name]), 0);
    const before = await weeks();
    await was(once, '50 days');
    await was(again, '50 days');
    await was(again, '43 days');
    const after = await weeks();
    for (const [name, more] of [
      ['first_visits', 2],
      ['came_again', 1],
      ['bought_pass', 0],
    ] as const)
      expect(sum(after, name) - sum(before, name), name).toBe(more);
    expect((await once.visitor.get('/api/members/first-timers', {})).status).toBe(403);
  });

  test('does not decide how visits are counted, a manager does', async () => {
    const [desk, manager] = await Promise.all([aColleague('front_desk'), aColleague('manager')]);
    const refused = await desk.visitor.call('/api/members/settings', { counts_unchecked: true });
    expect([refused.status, refused.json.code]).toEqual([403, 'not_your_role']);
    const said = await manager.visitor.submit('/api/members/settings', {}, '/admin/members/at-risk');
    expect([said.status, said.to]).toEqual([303, '/admin/members/at-risk']);
    const [setting] = await sql<{ counts: boolean }>(
      'select counts_unchecked as counts from members.settings where business_id = $1',
      [lotus],
    );
    expect(setting?.counts).toBe(false);
  });

  test('drafts no waiver; managers write one in every language and publish it', async () => {
    const [desk, manager] = await Promise.all([aColleague('front_desk'), aColleague('manager')]);
    expect((await desk.visitor.get('/api/members/waiver/versions', {})).status).toBe(403);
    expect((await desk.visitor.get('/admin/members/waiver')).status).toBe(403);
    const half = await manager.visitor.submit(
      '/api/members/waiver/versions',
      { en: 'Only English, and long enough for it.', es: '' },
      '/admin/members/waiver',
    );
    expect([half.status, wordsOf(half)]).toEqual([
      422,
      expect.stringContaining('Every language of your place needs its text'),
    ]);
    const none = await manager.visitor.call('/api/members/waiver/publish', { version: 77 });
    expect([none.status, none.json.code]).toEqual([409, 'no_such_draft']);
    expect(wordsOf(await manager.visitor.get('/admin/members/waiver'))).toContain('In force');
  });
});
