import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Studio, column, openStudio, rowsOf } from './studio.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio();
});
afterAll(() => studio.stop());

beforeEach(async () => {
  await studio.backend.sql(
    `truncate studio.prices; insert into studio.prices values ('tea', 250, 'hot', 0), ('mat', 3000, null, 0)`,
  );
});

const prices = () => studio.mia.from('prices');
const stored = (code: string) =>
  rowsOf(studio.visitor.from('prices').select().eq('code', code).maybeSingle());

describe('insert', () => {
  it('writes one row or many and says nothing unless asked', async () => {
    const one = await prices().insert({ code: 'mug', cents: 900, note: 'blue' });
    expect([one.status, one.data]).toEqual([201, null]);
    expect(await stored('mug')).toEqual({ code: 'mug', cents: 900, note: 'blue', changed: 0 });
    const many = await prices()
      .insert([
        { code: 'a', cents: 1 },
        { code: 'b', cents: 2 },
      ])
      .select('code, cents');
    expect([many.status, many.data]).toEqual([
      201,
      [
        { code: 'a', cents: 1 },
        { code: 'b', cents: 2 },
      ],
    ]);
    expect((await prices().insert([])).status).toBe(201);
  });

  it('hands back what is selected, with aliases, order, computed columns and embeds', async () => {
    const asked = studio.mia
      .from('sessions')
      .insert([
        { name: 'Late Yin', instructor_id: 2, room_id: 1, price_cents: 990 },
        { name: 'Early Yin', instructor_id: 1, room_id: 1, price_cents: 990 },
      ])
      .select('title:name, price_text, instructors!instructor_id(name), room:rooms(name, sessions(id))')
      .eq('room.sessions.id', 3)
      .order('name');
    const room = { name: 'Lotus', sessions: [{ id: 3 }] };
    expect(await rowsOf(asked)).toEqual([
      { title: 'Early Yin', price_text: '9.90 EUR', instructors: { name: 'Ana' }, room },
      { title: 'Late Yin', price_text: '9.90 EUR', instructors: { name: 'Ben' }, room },
    ]);
    expect(
      await rowsOf(
        studio.mia.from('sessions').delete().like('name', '%y Yin').select('*, price_text, bookings(id)'),
      ),
    ).toMatchObject([{ name: 'Early Yin', price_text: '9.90 EUR', bookings: [] }]);
    await studio.mia.from('sessions').delete().eq('name', 'Late Yin');
  });

  it('uses the defaults for missing columns only when asked to', async () => {
    const rows = [
      { code: 'a', cents: 7 },
      { code: 'b', note: 'mine' },
    ];
    await rowsOf(prices().insert(rows, { defaultToNull: false }));
    expect(await stored('a')).toMatchObject({ cents: 7, note: 'list price' });
    expect(await stored('b')).toMatchObject({ cents: 100, note: 'mine' });
    const { error, status } = await prices().insert([{ code: 'c', cents: 7 }, { code: 'd' }]);
    expect([status, error?.code]).toEqual([400, '23502']);
    await rowsOf(prices().insert([{ code: 'e', cents: 5 }]));
    expect(await stored('e')).toMatchObject({ note: 'list price' });
  });

  it('keeps every digit of a number, and types that json does not have', async () => {
    const asked = studio.mia.from('room_plans').insert({ room_id: 3, area: '12.10' }).select();
    expect(await rowsOf(asked)).toEqual([{ room_id: 3, area: 12.1 }]);
    await studio.mia.from('room_plans').delete().eq('room_id', 3);
    const ana = studio.mia.from('instructors').insert({
      name: 'Dee',
      languages: ['en', 'with "quotes", and commas'],
      profile: { a: [1, null] },
      hired_on: '2026-01-31',
    });
    expect(await rowsOf(ana.select('languages, profile, hired_on'))).toEqual([
      { languages: ['en', 'with "quotes", and commas'], profile: { a: [1, null] }, hired_on: '2026-01-31' },
    ]);
  });

  it('refuses unknown columns, unlike rows and broken rules, in the words of PostgREST and Postgres', async () => {
    const unknown = await prices().insert({ code: 'x', colour: 'red' });
    expect(unknown.error).toEqual({
      code: 'PGRST204',
      message: "Could not find the 'colour' column of 'prices' in the schema cache",
      details: null,
      hint: null,
    });
    const twice = await prices().insert({ code: 'tea', cents: 1 });
    expect([twice.status, twice.error?.code, twice.error?.details]).toEqual([
      409,
      '23505',
      'Key (code)=(tea) already exists.',
    ]);
    const orphan = await studio.mia.from('session_tags').insert({ session_id: 1, tag_id: 999 });
    expect([orphan.status, orphan.error?.code]).toEqual([409, '23503']);
    const unlike = await fetch(`${studio.backend.url}/rest/v1/prices`, {
      method: 'POST',
      headers: {
        apikey: studio.backend.publishableKey,
        'content-type': 'application/json',
        'content-profile': 'studio',
      },
      body: '[{"code":"a"},{"cents":1}]',
    });
    expect([unlike.status, await unlike.json()]).toEqual([
      400,
      { code: 'PGRST102', message: 'All object keys must match', details: null, hint: null },
    ]);
  });

  it('undoes everything when a rule that is checked at the end is broken', async () => {
    const pairs = studio.visitor.from('pairs');
    const answers = await Promise.all([
      pairs.insert({ id: 1, partner: 2 }),
      studio.visitor.rpc('pair_up', { first: 1, second: 2 }).single(),
    ]);
    for (const { status, error } of answers) expect([status, error?.code]).toEqual([409, '23503']);
    expect(await rowsOf(pairs.select())).toEqual([]);
    expect(
      (
        await pairs.insert([
          { id: 1, partner: 2 },
          { id: 2, partner: 1 },
        ])
      ).status,
    ).toBe(201);
  });

  it('needs the right to see only what it is to show', async () => {
    const letters = () => studio.visitor.from('letters');
    expect((await letters().insert({ email: 'a@b.example' })).status).toBe(201);
    expect(await rowsOf(letters().insert({ email: 'c@d.example' }).select('email'))).toEqual([
      { email: 'c@d.example' },
    ]);
    // As PostgREST does, the key is always read along.
    const wish = await studio.visitor.from('wishes').insert({ wish: 'tea' }).select('wish');
    expect([wish.status, wish.error?.code]).toEqual([401, '42501']);
    expect((await studio.visitor.from('wishes').insert({ wish: 'tea' })).status).toBe(201);
    const all = await letters().insert({ email: 'e@f.example' }).select();
    expect([all.status, all.error?.code]).toEqual([401, '42501']);
    const secret = await letters().insert({ email: 'e@f.example', secret: 'mine' });
    expect([secret.status, secret.error?.code]).toEqual([401, '42501']);
    expect(await column('email', letters().select('email').order('id'))).toEqual([
      'a@b.example',
      'c@d.example',
    ]);
  });
});

describe('upsert', () => {
  it('merges into what is there and says whether anything is new', async () => {
    const merged = await prices().upsert({ code: 'tea', cents: 300 });
    expect(merged.status).toBe(200);
    expect(await stored('tea')).toEqual({ code: 'tea', cents: 300, note: 'hot', changed: 0 });
    const both = await prices()
      .upsert([
        { code: 'tea', cents: 310 },
        { code: 'cup', cents: 5 },
      ])
      .select('code');
    expect([both.status, both.data]).toEqual([201, [{ code: 'tea' }, { code: 'cup' }]]);
  });

  it('leaves duplicates alone when told to', async () => {
    const asked = prices().upsert(
      [
        { code: 'tea', cents: 1 },
        { code: 'new', cents: 2 },
      ],
      { ignoreDuplicates: true },
    );
    expect(await column('code', asked.select('code'))).toEqual(['new']);
    expect(await stored('tea')).toMatchObject({ cents: 250 });
  });

  it('finds duplicates by other keys, and fills in defaults', async () => {
    const bookings = () => studio.mia.from('bookings');
    const again = bookings().upsert(
      { session_id: 1, member_id: 1, paid_cents: 7 },
      { onConflict: 'session_id,member_id' },
    );
    expect(await rowsOf(again.select('id, paid_cents'))).toEqual([{ id: 1, paid_cents: 7 }]);
    const filled = bookings().upsert(
      { session_id: 4, member_id: 1 },
      { onConflict: 'session_id, member_id', defaultToNull: false },
    );
    expect(await rowsOf(filled.select('state, paid_cents'))).toEqual([{ state: 'confirmed', paid_cents: 0 }]);
    await bookings().delete().eq('session_id', 4);
    const wrong = await prices().upsert({ code: 'tea', cents: 1 }, { onConflict: 'note' });
    expect([wrong.status, wrong.error?.code]).toEqual([400, '42P10']);
  });
});

describe('update', () => {
  it('hands back relationships that a function computes', async () => {
    const asked = studio.mia.from('instructors').update({ hired_on: '2023-09-02' }).eq('id', 2);
    expect(await rowsOf(asked.select('name, regulars(name)'))).toEqual([
      { name: 'Ben', regulars: [{ name: 'Otis' }] },
    ]);
  });

  it('changes the rows that the filters name', async () => {
    const changed = await prices().update({ cents: 260, note: null }).eq('code', 'tea');
    expect([changed.status, changed.data]).toEqual([204, null]);
    expect(await stored('tea')).toEqual({ code: 'tea', cents: 260, note: null, changed: 0 });
    expect(await stored('mat')).toMatchObject({ cents: 3000 });
    const shown = await prices()
      .update({ changed: 1 })
      .or('code.eq.tea,cents.gt.1000')
      .select('code, changed')
      .order('code');
    expect([shown.status, shown.data]).toEqual([
      200,
      [
        { code: 'mat', changed: 1 },
        { code: 'tea', changed: 1 },
      ],
    ]);
    expect(await rowsOf(prices().update({ changed: 2 }).eq('code', 'none').select())).toEqual([]);
    expect(await rowsOf(prices().update({}).eq('code', 'tea').select('code'))).toEqual([]);
  });

  it('affects no more rows than allowed', async () => {
    const { error, status } = await prices().update({ cents: 1 }).gte('cents', 0).maxAffected(1);
    expect(status).toBe(400);
    expect(error).toEqual({
      code: 'PGRST124',
      message: 'Query result exceeds max-affected preference constraint',
      details: 'The query affects 2 rows',
      hint: null,
    });
    expect(await stored('tea')).toMatchObject({ cents: 250 });
    expect((await prices().update({ cents: 1 }).gte('cents', 0).maxAffected(2)).status).toBe(204);
    expect((await prices().delete().gte('cents', 0).maxAffected(1)).error?.code).toBe('PGRST124');
    const called = await studio.mia.rpc('raise_price', { by_cents: 1 }).maxAffected(1);
    expect([called.status, called.error?.code]).toEqual([400, 'PGRST124']);
    expect(await stored('tea')).toMatchObject({ cents: 1 });
    expect((await studio.mia.rpc('ping').maxAffected(1)).error?.code).toBe('PGRST128');
  });
});

describe('delete', () => {
  it('removes the rows that the filters name, and can show them a last time', async () => {
    expect((await prices().delete().eq('code', 'mat')).status).toBe(204);
    expect(await rowsOf(prices().delete().in('code', ['tea']).select('code, cents'))).toEqual([
      { code: 'tea', cents: 250 },
    ]);
    expect(await rowsOf(prices().select())).toEqual([]);
  });
});

describe('row level security', () => {
  it('is that of the token', async () => {
    expect(await column('id', studio.visitor.from('bookings').select('id').order('id'))).toEqual([1, 2, 4]);
    expect(await column('id', studio.mia.from('bookings').select('id').order('id'))).toEqual([1, 2, 3, 4]);
    const forOthers = await studio.mia.from('bookings').insert({ session_id: 4, member_id: 2 });
    expect([forOthers.status, forOthers.error?.code, forOthers.error?.message]).toEqual([
      403,
      '42501',
      'new row violates row-level security policy for table "bookings"',
    ]);
    expect((await studio.visitor.from('bookings').delete().eq('id', 1)).status).toBe(401);
  });

  it('does not leak from one request to the next on the same connection', async () => {
    const asked = Array.from({ length: 60 }, (_, index) => {
      const client = index % 2 === 0 ? studio.mia : studio.visitor;
      return rowsOf(client.rpc('who_writes')) as Promise<{ role: string; claims: { member?: number } }>;
    });
    for (const [index, { role, claims }] of (await Promise.all(asked)).entries()) {
      expect([role, claims.member]).toEqual(index % 2 === 0 ? ['authenticated', 1] : ['anon', undefined]);
    }
  });
});

describe('rolling back', () => {
  it('is refused unless the service allows it, and then leaves nothing behind', async () => {
    const refused = await prices().insert({ code: 'ghost' }).select().rollback();
    expect([refused.status, refused.error?.code]).toEqual([400, 'PGRST127']);
    await studio.backend.sql(
      "alter role authenticator set pgrst.db_tx_end = 'commit-allow-override'",
      [],
      'admin',
    );
    await studio.backend.reloadSchema();
    expect(await rowsOf(prices().insert({ code: 'ghost', cents: 1 }).select('code').rollback())).toEqual([
      { code: 'ghost' },
    ]);
    expect((await prices().select().eq('code', 'ghost')).data).toEqual([]);
    await studio.backend.sql('alter role authenticator reset pgrst.db_tx_end', [], 'admin');
    await studio.backend.reloadSchema();
  });
});
