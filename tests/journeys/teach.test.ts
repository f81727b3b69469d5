import { randomUUID } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { aClass, allAtOnce, connectionOf, crowd, lotus, sql } from '../world.ts';
import { aColleague } from '../doors/buyer.ts';
import { letterTo } from '../doors/visitor.ts';
import { teachScenes, timetableScenes } from '../shots/teach-scenes.ts';
import { button, heading, link, m, see, signInHere } from './acts.ts';
import { desk, openWindow, phone, visit } from './browsing.ts';
import { readThrough, share } from './reading.ts';

const subs = m.instructors.subs;
const { siteUrl } = inject('stack');

interface Teacher {
  id: string;
  email: string;
  instructor: string;
  name: string;
}

async function aTeacher(name: string): Promise<Teacher> {
  const [person] = await crowd(1, name.toLowerCase());
  const shown = `${name} ${randomUUID().slice(0, 8)}`;
  const [made] = await sql<{ id: string }>(
    `with f as (insert into business.staff (business_id, user_id, role) values ($1, $2, 'instructor'))
     insert into booking.instructors (business_id, slug, name, user_id, published) values ($1, $3, $4, $2, false) returning id`,
    [lotus, person!.id, `j-${randomUUID().slice(0, 12)}`, shown],
  );
  return { ...person!, instructor: made!.id, name: shown };
}

/** A class of the first one's that the second may teach too, with somebody in it whose calendar a program follows. */
async function classOf(asks: Teacher, takes: Teacher) {
  const session = await aClass({ price: 0 });
  await sql('update booking.sessions set instructor_id = $2 where id = $1', [session, asks.instructor]);
  await sql(
    `insert into booking.qualifications (business_id, instructor_id, class_type_id) select $1, i, class_type_id from booking.sessions, unnest($3::uuid[]) i where id = $2`,
    [lotus, session, [asks.instructor, takes.instructor]],
  );
  const [guest] = await crowd(1, 'sitter');
  const db = await connectionOf(guest!.id);
  await db.query('select api.book_session($1, $2, $3)', [lotus, session, randomUUID()]);
  const made = await db.query(`select api.make_calendar($1, 'member') ->> 'token' as token`, [lotus]);
  await db.end();
  return { session, guest: guest!, calendar: `${siteUrl}/calendars/${made.rows[0].token}.ics` };
}

const versionIn = (calendar: string): number => Number(/SEQUENCE:(\d+)/.exec(calendar)?.[1]);
const calendarOf = async (address: string): Promise<string> =>
  (await (await fetch(address)).text()).replaceAll('\r\n ', '');

async function asTeacher(who: Pick<Teacher, 'email'>, wish: Parameters<typeof openWindow>[0] = {}) {
  const page = await openWindow(wish);
  await visit(page, '/signin?next=/teach');
  await signInHere(page, who);
  await page.waitForURL('**/teach');
  return page;
}

it('lets a teacher ask for a substitute and a colleague take the class, and everybody’s pages, letters and calendars follow', async () => {
  const [asks, takes] = [await aTeacher('Asking'), await aTeacher('Taking')];
  const { session, guest, calendar } = await classOf(asks, takes);
  const before = await calendarOf(calendar);
  expect(before).toContain(asks.name);
  const hers = await asTeacher(asks, { size: phone, touch: true, script: false });
  await hers.locator(`a[href$="/teach/classes/${session}"]`).click();
  await see(hers.getByText('Sitter 1'));
  await hers.getByLabel(m.instructors.classPage.reason).fill('My train stands still');
  await button(hers, m.instructors.classPage.ask).click();
  await see(hers.getByText(subs.told({ count: 1, declined: 0 })));
  // Whoever accepts has it, though the studio may just be asking its managers first, in another test.
  await sql('update booking.substitutions set needs_approval = false where session_id = $1', [session]);

  const letter = await letterTo(takes.email);
  expect(letter.text).toContain(asks.name);
  const his = await asTeacher(takes, { size: phone, touch: true });
  await link(his, m.instructors.nav.substitutes).first().click();
  await see(heading(his, subs.title));
  await see(his.getByText('My train stands still'));
  await button(his, subs.take).click();
  await see(his.getByText(subs.offersNone));
  await visit(his, '/teach');
  await see(his.locator(`a[href$="/teach/classes/${session}"]`));
  // Who asked is free of it.
  await visit(hers, '/teach');
  expect(await hers.locator(`a[href$="/teach/classes/${session}"]`).count()).toBe(0);

  const theirs = await openWindow();
  await visit(theirs, `/sessions/${session}`);
  await see(theirs.getByText(takes.name).first());
  const told = await letterTo(guest.email, { subject: takes.name });
  expect(told.text).toContain(asks.name);
  const after = await calendarOf(calendar);
  expect([after.includes(takes.name), after.includes(asks.name)]).toEqual([true, false]);
  expect(versionIn(after)).toBeGreaterThan(versionIn(before));
});

it('waits for the manager where the studio wants that', async () => {
  const [asks, takes] = [await aTeacher('Asking'), await aTeacher('Taking')];
  const { session, guest, calendar } = await classOf(asks, takes);
  const boss = await aColleague('manager');
  // Asked while the studio's rule is this one, which nobody else ever sees: others ask for substitutes meanwhile.
  await allAtOnce(async (run) => {
    const become = ({ id }: { id: string }) =>
      run(`select set_config('request.jwt.claims', $1, true)`, [
        JSON.stringify({ sub: id, role: 'authenticated' }),
      ]);
    const rules = (approval: boolean) =>
      run('select api.set_substitution_rules($1, 24, 4, $2)', [lotus, approval]);
    await become(boss);
    await rules(true);
    await become(asks);
    await run('select api.ask_substitute($1, $2, $3)', [lotus, session, 'A wedding']);
    await become(boss);
    await rules(false);
  });

  const his = await asTeacher(takes);
  await visit(his, '/teach/substitutions');
  await button(his, subs.take).click();
  await see(his.getByText(subs.waiting));
  expect(await calendarOf(calendar)).toContain(asks.name);

  const manager = await openWindow({ size: desk });
  await visit(manager, '/signin?next=/admin/instructors');
  await signInHere(manager, boss);
  await manager.waitForURL('**/admin/instructors');
  const wish = manager
    .locator('li, article', { hasText: takes.name })
    .filter({ has: manager.locator('form[action$="/decide"]') });
  await wish.getByRole('button', { name: m.instructors.team.confirm }).first().click();
  await see(manager.locator('#flash-text'));
  await visit(his, '/teach');
  await see(his.locator(`a[href$="/teach/classes/${session}"]`));
  expect((await letterTo(guest.email, { subject: takes.name })).text).toContain(asks.name);
  expect(await calendarOf(calendar)).toContain(takes.name);
});

it('is fit for everyone where teachers see their classes', async () => {
  // Not the very next one: she may be teaching it by the time the page is read.
  const [at] = await sql<{ id: string }>(
    `select s.id from booking.sessions s join booking.instructors i on i.id = s.instructor_id where i.slug = 'noor' and i.business_id = $1 and s.starts_at > now() + interval '2 days' and s.state = 'scheduled' order by s.starts_at limit 1`,
    [lotus],
  );
  expect(await readThrough({ scenes: teachScenes(at!.id), who: { email: 'teacher@lotus.test' } })).toEqual(
    [],
  );
});

it.each([1, 2])(
  'is fit for everyone where managers keep the timetable, the teachers and their pay, part %i of 2',
  async (part) => {
    const [at] = await sql<{ session: string; series: string; instructor: string; room: string }>(
      `select s.id as session, s.series_id as series, s.instructor_id as instructor, s.room_id as room from booking.sessions s join booking.instructors i on i.id = s.instructor_id
       where i.slug = 'noor' and i.business_id = $1 and s.series_id is not null and s.starts_at > now() + interval '2 days' and s.state = 'scheduled' and s.seats_taken > 0 order by s.starts_at limit 1`,
      [lotus],
    );
    const scenes = share(timetableScenes(at!), part, 2);
    expect(await readThrough({ scenes, who: await aColleague('owner') })).toEqual([]);
  },
);
