import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Studio, column, openStudio, rowsOf } from './studio.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio();
});
afterAll(() => studio.stop());

const from = (relation: string) => studio.visitor.from(relation);

describe('select', () => {
  it('takes columns, aliases, casts and computed columns', async () => {
    expect(
      await rowsOf(from('sessions').select('id, title:name, seats::text, price_text').eq('id', 1)),
    ).toEqual([{ id: 1, title: 'Morning Vinyasa', seats: '20', price_text: '15.00 EUR' }]);
    expect(await rowsOf(from('rooms').select('*').eq('id', 1))).toEqual([{ id: 1, name: 'Lotus' }]);
    expect(await rowsOf(from('rooms').select('*, again:name').eq('id', 1))).toEqual([
      { id: 1, name: 'Lotus', again: 'Lotus' },
    ]);
    expect(await rowsOf(from('sessions').select('"name"').eq('id', 2))).toEqual([{ name: 'Slow Yin' }]);
  });

  it('keeps numbers, dates and instants as Postgres writes them in json', async () => {
    expect(await rowsOf(from('room_plans').select('area').eq('room_id', 1))).toEqual([{ area: 84.5 }]);
    expect(await rowsOf(from('sessions').select('starts_at').eq('id', 1))).toEqual([
      { starts_at: '2026-11-23T09:00:00+00:00' },
    ]);
  });
});

describe('embeds', () => {
  it('shows a row of another table as an object, many rows as an array, to any depth', async () => {
    const asked = from('instructors')
      .select('name, sessions!sessions_instructor_id_fkey(id, rooms(name, room_plans(area)), tags(label))')
      .eq('id', 1);
    expect(await rowsOf(asked)).toEqual([
      {
        name: 'Ana',
        sessions: [
          { id: 1, rooms: { name: 'Lotus', room_plans: { area: 84.5 } }, tags: [{ label: 'sweat' }] },
          {
            id: 2,
            rooms: { name: 'Bean', room_plans: { area: 40.25 } },
            tags: [{ label: 'calm' }, { label: 'candles' }],
          },
        ],
      },
    ]);
  });

  it('is null or empty where there is nothing to show', async () => {
    const asked = from('sessions')
      .select('id, rooms(name), tags(label), plan:rooms(room_plans(area))')
      .eq('id', 4);
    expect(await rowsOf(asked)).toEqual([{ id: 4, rooms: null, tags: [], plan: null }]);
    expect(await rowsOf(from('rooms').select('id, room_plans(area)').eq('id', 3))).toEqual([
      { id: 3, room_plans: null },
    ]);
  });

  it('is told apart by constraint, by column, or by the column as the target', async () => {
    const columns =
      'by_key:instructors!sessions_substitute_id_fkey(name), by_column:instructors!instructor_id(name), instructor_id(name), sessions_substitute_id_fkey(name)';
    expect(await rowsOf(from('sessions').select(columns).eq('id', 1))).toEqual([
      {
        by_key: { name: 'Ben' },
        by_column: { name: 'Ana' },
        instructor_id: { name: 'Ana' },
        sessions_substitute_id_fkey: { name: 'Ben' },
      },
    ]);
  });

  it('asks which relationship is meant when there are several', async () => {
    const { error, status } = await from('sessions').select('id, instructors(name)');
    expect(status).toBe(300);
    expect(error).toMatchObject({
      code: 'PGRST201',
      message:
        "Could not embed because more than one relationship was found for 'sessions' and 'instructors'",
      hint: "Try changing 'instructors' to one of the following: 'instructors!sessions_instructor_id_fkey', 'instructors!sessions_substitute_id_fkey'. Find the desired relationship in the 'details' key.",
    });
    expect(error?.details).toEqual([
      {
        cardinality: 'many-to-one',
        embedding: 'sessions with instructors',
        relationship: 'sessions_instructor_id_fkey using sessions(instructor_id) and instructors(id)',
      },
      {
        cardinality: 'many-to-one',
        embedding: 'sessions with instructors',
        relationship: 'sessions_substitute_id_fkey using sessions(substitute_id) and instructors(id)',
      },
    ]);
  });

  it('asks the same about junctions', async () => {
    await studio.backend.sql(`
      create table studio.favourites (member_id int references studio.members on delete cascade, session_id int references studio.sessions on delete cascade, primary key (member_id, session_id));
      create table studio.waiting (member_id int references studio.members on delete cascade, session_id int references studio.sessions on delete cascade, primary key (member_id, session_id));
      insert into studio.favourites values (1, 2);
      grant select on studio.favourites, studio.waiting to anon;
    `);
    await studio.backend.reloadSchema();
    const { error } = await from('members').select('name, sessions(name)');
    expect(error).toMatchObject({
      code: 'PGRST201',
      hint: "Try changing 'sessions' to one of the following: 'sessions!favourites', 'sessions!waiting'. Find the desired relationship in the 'details' key.",
    });
    expect(error?.details).toContainEqual({
      cardinality: 'many-to-many',
      embedding: 'members with sessions',
      relationship:
        'favourites using favourites_member_id_fkey(member_id) and favourites_session_id_fkey(session_id)',
    });
    const chosen = from('members').select('name, sessions!favourites(name)').eq('id', 1);
    expect(await rowsOf(chosen)).toEqual([{ name: 'Mia', sessions: [{ name: 'Slow Yin' }] }]);
  });

  it('says so when there is no relationship, and what may have been meant', async () => {
    const unrelated = await from('rooms').select('id, members(name)');
    expect(unrelated.status).toBe(400);
    expect(unrelated.error).toEqual({
      code: 'PGRST200',
      message: "Could not find a relationship between 'rooms' and 'members' in the schema cache",
      details:
        "Searched for a foreign key relationship between 'rooms' and 'members' in the schema 'studio', but no matches were found.",
      hint: null,
    });
    const misspelt = await from('rooms').select('id, session(name)');
    expect(misspelt.error).toMatchObject({
      code: 'PGRST200',
      hint: "Perhaps you meant 'sessions' instead of 'session'.",
    });
  });

  it('goes both ways along a table that points at itself', async () => {
    const asked = from('members')
      .select('name, referred_by(name), guests:members!referred_by(name)')
      .eq('id', 2);
    expect(await rowsOf(asked)).toEqual([
      { name: 'Noor', referred_by: { name: 'Mia' }, guests: [{ name: 'Pia' }] },
    ]);
  });

  it('works on views by the keys of the tables they show, and on views of views', async () => {
    expect(await rowsOf(from('upcoming').select('title, instructors(name)').eq('session_id', 2))).toEqual([
      { title: 'Slow Yin', instructors: { name: 'Ana' } },
    ]);
    expect(
      await rowsOf(from('next_up').select('title, instructors(name), bookings(id)').order('session_id')),
    ).toEqual([
      { title: 'Power, hard', instructors: { name: 'Ben' }, bookings: [{ id: 4 }] },
      { title: 'Open "Gong" (free)', instructors: null, bookings: [] },
    ]);
    expect(await rowsOf(from('note_titles').select('title, sessions(name)'))).toEqual([
      { title: 'a se', sessions: { name: 'Morning Vinyasa' } },
    ]);
  });

  it('follows relationships that a function computes', async () => {
    expect(await rowsOf(from('instructors').select('name, regulars(name)').eq('id', 2))).toEqual([
      { name: 'Ben', regulars: [{ name: 'Otis' }] },
    ]);
    expect(
      await rowsOf(from('members').select('name, first_booking(state)').in('id', [1, 4]).order('id')),
    ).toEqual([
      { name: 'Mia', first_booking: { state: 'confirmed' } },
      { name: 'Pia', first_booking: null },
    ]);
  });

  it('narrows the rows when it is inner, or when its presence is asked for', async () => {
    const ids = (asked: PromiseLike<{ data: unknown; error: unknown }>) => column('id', asked);
    const sessions = (select: string) => from('sessions').select(select).order('id');
    expect(await ids(sessions('id, rooms!inner(name)').eq('rooms.name', 'Lotus'))).toEqual([1, 3]);
    expect(await ids(sessions('id, rooms(name)').eq('rooms.name', 'Lotus'))).toEqual([1, 2, 3, 4]);
    expect(await ids(sessions('id, bookings!inner(id)'))).toEqual([1, 3]);
    expect(await ids(sessions('id, tags!inner()').eq('tags.label', 'candles'))).toEqual([2]);
    expect(
      await ids(sessions('id, rooms!room_id!inner(room_plans!inner(area))').gt('rooms.room_plans.area', 50)),
    ).toEqual([1, 3]);
    expect(await ids(sessions('id, rooms()').is('rooms', null))).toEqual([4]);
    expect(await ids(sessions('id, rooms()').not('rooms', 'is', null))).toEqual([1, 2, 3]);
    expect(await ids(sessions('id, tags()').is('tags', null))).toEqual([4]);
    expect(await ids(sessions('id, tags(), rooms()').or('tags.is.null,rooms.not.is.null'))).toEqual([
      1, 2, 3, 4,
    ]);
    expect(
      await ids(
        sessions('id, b:bookings!inner(member_id)').or('member_id.eq.2,member_id.eq.3', {
          referencedTable: 'b',
        }),
      ),
    ).toEqual([1, 3]);
  });

  it('is filtered, ordered and cut on its own', async () => {
    const asked = from('instructors')
      .select('name, classes:sessions!instructor_id(id)')
      .order('seats', { referencedTable: 'classes', ascending: true })
      .limit(1, { referencedTable: 'classes' })
      .eq('id', 1);
    expect(await rowsOf(asked)).toEqual([{ name: 'Ana', classes: [{ id: 2 }] }]);
    const paged = from('members')
      .select('id, bookings(id)')
      .range(1, 5, { referencedTable: 'bookings' })
      .eq('id', 1);
    expect(await rowsOf(paged)).toEqual([{ id: 1, bookings: [] }]);
    const deep = from('rooms')
      .select('id, sessions(id, tags(label))')
      .eq('sessions.tags.label', 'sweat')
      .order('id', { referencedTable: 'sessions', ascending: false })
      .eq('id', 1);
    expect(await rowsOf(deep)).toEqual([
      {
        id: 1,
        sessions: [
          { id: 3, tags: [{ label: 'sweat' }] },
          { id: 1, tags: [{ label: 'sweat' }] },
        ],
      },
    ]);
  });

  it('orders the rows by a column of a related row, when there is one such row', async () => {
    const byRoom = from('sessions')
      .select('id, rooms(name)')
      .order('rooms(name)', { nullsFirst: true })
      .order('id');
    expect(await column('id', byRoom)).toEqual([4, 2, 1, 3]);
    const many = await from('instructors').select('id, sessions!instructor_id(id)').order('sessions(id)');
    expect(many.error).toMatchObject({
      code: 'PGRST118',
      message: "A related order on 'sessions' is not possible",
    });
    const absent = await from('sessions').select('id').order('rooms(name)');
    expect(absent.error).toMatchObject({
      code: 'PGRST108',
      message: "'rooms' is not an embedded resource in this request",
    });
    expect((await from('sessions').select('id').eq('rooms.name', 'x')).error?.code).toBe('PGRST108');
  });
});

describe('spreads', () => {
  it('puts the columns of one related row into the row itself', async () => {
    const asked = from('sessions').select('id, ...rooms(room:name, ...room_plans(area))').eq('id', 1);
    expect(await rowsOf(asked)).toEqual([{ id: 1, room: 'Lotus', area: 84.5 }]);
    expect(await rowsOf(from('sessions').select('title:name, ...rooms(*)').eq('id', 2))).toEqual([
      { title: 'Slow Yin', id: 2, name: 'Bean' },
    ]);
  });

  it('gathers the columns of many related rows into arrays, in order', async () => {
    const asked = from('sessions')
      .select('id, ...tags(label, key:id)')
      .order('label', { referencedTable: 'tags', ascending: false })
      .in('id', [2, 4])
      .order('id');
    expect(await rowsOf(asked)).toEqual([
      { id: 2, label: ['candles', 'calm'], key: [3, 1] },
      { id: 4, label: [], key: [] },
    ]);
    expect(await rowsOf(from('sessions').select('id, ...tags(*)').eq('id', 1))).toEqual([
      { id: [2], label: ['sweat'] },
    ]);
  });
});

describe('aggregates', () => {
  it('are off until switched on, as on the hosted service', async () => {
    const { error, status } = await from('sessions').select('count()');
    expect(status).toBe(400);
    expect(error).toMatchObject({ code: 'PGRST123', message: 'Use of aggregate functions is not allowed' });
  });

  it('count, sum, average and group by what else is selected, also through spreads', async () => {
    await studio.backend.sql(
      "alter role authenticator set pgrst.db_aggregates_enabled = 'true'",
      [],
      'admin',
    );
    await studio.backend.reloadSchema();
    expect(await rowsOf(from('sessions').select('count()'))).toEqual([{ count: 4 }]);
    expect(
      await rowsOf(
        from('sessions')
          .select('level, n:count(), seats.sum(), low:seats.min(), high:seats.max()::text, price_cents.avg()')
          .order('level'),
      ),
    ).toEqual([
      { level: 'beginner', n: 1, sum: 12, low: 12, high: '12', avg: 1200 },
      { level: 'intermediate', n: 1, sum: 20, low: 20, high: '20', avg: 1500 },
      { level: 'advanced', n: 1, sum: 8, low: 8, high: '8', avg: 1800 },
      { level: null, n: 1, sum: 30, low: 30, high: '30', avg: 0 },
    ]);
    expect(await rowsOf(from('rooms').select('name, sessions(seats.sum())').order('name'))).toEqual([
      { name: 'Attic', sessions: [{ sum: null }] },
      { name: 'Bean', sessions: [{ sum: 12 }] },
      { name: 'Lotus', sessions: [{ sum: 28 }] },
    ]);
    const ungrouped = await from('sessions').select('rooms(name), seats.sum()').order('room_id');
    expect(ungrouped.error?.code).toBe('42803');
    const byRoom = (await rowsOf(from('sessions').select('rooms(name), seats.sum()'))) as unknown[];
    expect(byRoom).toHaveLength(3);
    expect(byRoom).toContainEqual({ rooms: { name: 'Lotus' }, sum: 28 });
    const spread = (await rowsOf(
      from('bookings').select('state, ...sessions(seats.sum(), n:count())'),
    )) as unknown[];
    expect(spread).toEqual([{ state: 'confirmed', sum: 48, n: 3 }]);
    const { error } = await from('sessions').select('id, ...tags(id.sum())');
    expect(error).toMatchObject({ code: 'PGRST127', message: 'Feature not implemented' });
    await studio.backend.sql('alter role authenticator reset pgrst.db_aggregates_enabled', [], 'admin');
    await studio.backend.reloadSchema();
  });
});
