import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { aClass, barberia, findings, sql } from '../world.ts';
import { aBuyer, aColleague, book, flashOf, runJob, wordsOf } from './buyer.ts';
import { begunAgo } from './desk.ts';

afterEach(async () => expect(await findings()).toEqual([]));

// The rules are Barbería Sur's, and nobody but the tests of this file changes them: one after the other, and back at the end.
const rulesAre = (rules: object) =>
  sql(
    `update booking.settings s set (waitlist_per_day, quiet_from, quiet_until, late_entry_minutes, auto_no_show, grace_days)
       = (select r.waitlist_per_day, r.quiet_from, r.quiet_until, r.late_entry_minutes, r.auto_no_show, r.grace_days from jsonb_populate_record(s, $2) r) where s.business_id = $1`,
    [barberia, JSON.stringify(rules)],
  );
let before: object;
beforeAll(async () => {
  const [row] = await sql<{ rules: object }>('select to_jsonb(s) as rules from booking.settings_of($1) s', [
    barberia,
  ]);
  before = row!.rules;
});
afterAll(() => rulesAre(before));

test('a manager decides how the desk works, the front desk does not', async () => {
  const site = inject('stack').barberiaUrl;
  const manager = await aColleague('manager', barberia, site);
  const desk = await aColleague('front_desk', barberia, site);
  expect((await desk.visitor.get('/admin/booking')).status).toBe(403);
  expect((await desk.visitor.call('/api/desk/rules', { grace_days: 1 })).status).toBe(403);
  const rules = async () => (await manager.visitor.get('/api/desk/rules', {})).json.data;
  const form = {
    ticks: 'auto_no_show',
    late_entry_minutes: '25',
    waitlist_per_day: '2',
    quiet_from: '23:00',
    quiet_until: '08:30',
    grace_days: '9',
  };
  const saved = await manager.visitor.submit(
    '/api/desk/rules',
    { ...form, auto_no_show: 'yes' },
    '/admin/booking',
  );
  expect([saved.status, saved.to]).toEqual([303, '/admin/booking']);
  const page = await manager.visitor.get('/admin/booking');
  expect(flashOf(page)).toBe('Guardado. Vale desde ahora.');
  expect(page.text).toMatch(/name="auto_no_show"[^>]*checked/);
  expect(page.text).toContain('value="08:30"');
  expect(await rules()).toMatchObject({
    auto_no_show: true,
    late_entry_minutes: 25,
    waitlist_per_day: 2,
    quiet_from: '23:00',
    grace_days: 9,
  });

  // A program says what changes; a form says which boxes it had.
  await manager.visitor.call('/api/desk/rules', { grace_days: 3 });
  expect(await rules()).toMatchObject({ auto_no_show: true, grace_days: 3 });
  await manager.visitor.submit('/api/desk/rules', form, '/admin/booking');
  expect(await rules()).toMatchObject({ auto_no_show: false, grace_days: 9 });
  const wrong = await manager.visitor.submit(
    '/api/desk/rules',
    { ...form, late_entry_minutes: '121' },
    '/admin/booking',
  );
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain('aria-invalid="true"');
  const changes = await sql<{ n: number }>(
    "select count(*)::int as n from audit.events where business_id = $1 and act = 'booking_settings_changed' and by_user = $2",
    [barberia, manager.id],
  );
  expect(changes[0]?.n).toBe(3);
  await rulesAre(before);
  // What is read is what may be written.
  expect((await manager.visitor.call('/api/desk/rules', { ...(await rules()) })).status).toBe(200);
});

test('where a business wants it, absences are noted by themselves', async () => {
  const site = inject('stack').barberiaUrl;
  const session = await aClass({ price: 0, startsIn: '20 minutes', business: barberia });
  expect((await book(await aBuyer('ausente', site), session)).status).toBe(201);
  await begunAgo(session, '50 minutes');
  await rulesAre({ auto_no_show: true });
  await runJob('mark_absent');
  const state = () => sql('select state from booking.bookings where session_id = $1', [session]);
  await expect.poll(state).toEqual([{ state: 'no_show' }]);
});

test('nobody behind the counter is led to a page that refuses them', async () => {
  const led = async (role: Parameters<typeof aColleague>[0], path: string) =>
    [
      ...(await (await aColleague(role)).visitor.get(path)).text.matchAll(
        /href="(\/(?:admin|desk)[a-z/-]*)"/g,
      ),
    ].map(([, to]) => to);
  expect(new Set(await led('front_desk', '/admin/members'))).toEqual(
    new Set(['/admin/members', '/admin/members/at-risk', '/desk']),
  );
  expect(await led('barista', '/account')).toEqual(expect.not.arrayContaining(['/admin', '/desk']));
  const parts = await led('manager', '/admin/members');
  expect(parts).toEqual(expect.arrayContaining(['/admin', '/admin/schedule', '/admin/staff', '/desk']));
  expect(await led('manager', '/admin/schedule')).toContain('/admin/booking');
  expect(await led('manager', '/admin/ledger')).not.toContain('/admin/audit');
  expect(await led('owner', '/admin/ledger')).toContain('/admin/audit');
});

test('who teaches a class gets from it to its roster', async () => {
  const teacher = await aColleague('instructor');
  const session = await aClass({ startsIn: '20 minutes' });
  await sql(
    'update booking.instructors set user_id = $1 where id = (select instructor_id from booking.sessions where id = $2)',
    [teacher.id, session],
  );
  const page = await teacher.visitor.get(`/teach/classes/${session}`);
  expect(page.text).toContain(`href="/desk/${session}"`);
  expect(wordsOf(await teacher.visitor.get(`/desk/${session}`))).toContain('Nobody has booked yet');
});
