import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Studio, column, openStudio, rowsOf } from './studio.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio();
  await studio.backend.sql('analyze studio.sessions');
});
afterAll(() => studio.stop());

const sessions = () => studio.visitor.from('sessions');

describe('pages', () => {
  it('are cut by limit, offset, range and the Range header', async () => {
    expect(await column('id', sessions().select('id').order('id').limit(2))).toEqual([1, 2]);
    expect(await column('id', sessions().select('id').order('id', { ascending: false }).range(1, 2))).toEqual(
      [3, 2],
    );
    expect(await column('id', sessions().select('id').limit(0))).toEqual([]);
    const ranged = studio.visitorWith({ range: '1-2', 'range-unit': 'items' });
    expect(await column('id', ranged.from('sessions').select('id').order('id'))).toEqual([2, 3]);
    expect(await column('id', ranged.from('sessions').select('id').order('id').limit(2))).toEqual([2]);
    const open = studio.visitorWith({ range: '2-' });
    expect(await column('id', open.from('sessions').select('id').order('id'))).toEqual([3, 4]);
  });

  it('that cannot be are refused', async () => {
    const negative = await sessions().select('id').limit(-1);
    expect([negative.status, negative.error?.code, negative.error?.details]).toEqual([
      416,
      'PGRST103',
      'Limit should be greater than or equal to zero.',
    ]);
    const beyond = await sessions().select('id', { count: 'exact' }).range(50, 60);
    expect([beyond.status, beyond.error?.code, beyond.error?.details]).toEqual([
      416,
      'PGRST103',
      'An offset of 50 was requested, but there are only 4 rows.',
    ]);
    const backwards = await studio.visitorWith({ range: '5-2' }).from('sessions').select('id');
    expect([backwards.status, backwards.error?.code]).toEqual([416, 'PGRST103']);
  });
});

describe('counts', () => {
  it('are of all rows, whatever the page', async () => {
    const page = await sessions().select('id', { count: 'exact' }).order('id').limit(2);
    expect([page.count, page.data?.length, page.status]).toEqual([4, 2, 206]);
    const all = await sessions().select('id', { count: 'exact' });
    expect([all.count, all.status]).toEqual([4, 200]);
  });

  it('count what is left by filters, inner embeds, asked for presence, and words like limit in a value', async () => {
    const count = async (asked: PromiseLike<{ count: number | null; error: unknown }>) => (await asked).count;
    const exactly = (select = 'id') => sessions().select(select, { count: 'exact', head: true });
    expect(await count(exactly().gt('seats', 10).limit(1))).toBe(3);
    expect(await count(exactly('id, rooms!inner(id)').eq('rooms.name', 'Lotus').limit(1))).toBe(2);
    expect(await count(exactly('id, tags!inner(id)').limit(1))).toBe(3);
    expect(await count(exactly('id, tags(id)').is('tags', null).limit(1))).toBe(1);
    expect(await count(exactly('id, tags(id)').not('tags', 'is', null).limit(1))).toBe(3);
    expect(await count(exactly().neq('name', ' limit 1 offset 2 order by x').order('id').limit(1))).toBe(4);
    expect(
      await count(exactly('id, regulars:instructors!instructor_id!inner(regulars!inner(id))').limit(1)),
    ).toBe(3);
  });

  it('come without rows for head, and can be estimated by the planner', async () => {
    const head = await sessions().select('*', { count: 'exact', head: true });
    expect([head.count, head.data, head.status]).toEqual([4, null, 200]);
    expect((await sessions().select('id', { count: 'planned' })).count).toBe(4);
    expect((await sessions().select('id', { count: 'estimated' }).limit(1)).count).toBe(4);
  });

  it('are also given for what was written and for what a function returns', async () => {
    const added = await studio.mia.from('tags').insert(
      [
        { id: 50, label: 'a' },
        { id: 51, label: 'b' },
      ],
      { count: 'exact' },
    );
    expect([added.count, added.status]).toEqual([2, 201]);
    expect(
      (await studio.mia.from('tags').update({ label: 'c' }, { count: 'exact' }).gte('id', 50)).count,
    ).toBe(2);
    expect((await studio.mia.from('tags').delete({ count: 'exact' }).gte('id', 50)).count).toBe(2);
    const called = await studio.visitor.rpc('timetable', {}, { count: 'exact' }).limit(1);
    expect([called.count, (called.data as unknown[]).length]).toEqual([4, 1]);
    const head = await studio.visitor.rpc('timetable', {}, { count: 'exact', head: true }).gt('seats', 10);
    expect([head.count, head.data]).toEqual([3, null]);
  });
});

describe('one row', () => {
  it('comes as an object, and only when there is exactly one', async () => {
    expect(await rowsOf(sessions().select('id, name').eq('id', 2).single())).toEqual({
      id: 2,
      name: 'Slow Yin',
    });
    expect(await rowsOf(sessions().select('id').eq('id', 2).maybeSingle())).toEqual({ id: 2 });
    expect((await sessions().select('id').eq('id', 99).maybeSingle()).data).toBeNull();
    const none = await sessions().select('id').eq('id', 99).single();
    expect(none.status).toBe(406);
    expect(none.error).toEqual({
      code: 'PGRST116',
      details: 'The result contains 0 rows',
      hint: null,
      message: 'Cannot coerce the result to a single JSON object',
    });
    expect((await sessions().select('id').single()).error?.details).toBe('The result contains 4 rows');
    expect((await sessions().select('id').maybeSingle()).error?.code).toBe('PGRST116');
  });

  it('that must be one undoes the writing of several', async () => {
    const { error, status } = await studio.mia
      .from('tags')
      .update({ label: 'x' })
      .gte('id', 1)
      .select()
      .single();
    expect([status, error?.code]).toEqual([406, 'PGRST116']);
    expect(await column('label', studio.visitor.from('tags').select('label').order('id'))).toEqual([
      'calm',
      'sweat',
      'candles',
    ]);
    expect(
      await rowsOf(studio.mia.from('tags').update({ label: 'calmer' }).eq('id', 1).select().single()),
    ).toEqual({ id: 1, label: 'calmer' });
    await rowsOf(studio.mia.from('tags').update({ label: 'calm' }).eq('id', 1).select());
  });
});

describe('other shapes', () => {
  it('are csv and json without nulls', async () => {
    expect(await rowsOf(studio.visitor.from('sessions').select('id, name, level').order('id').csv())).toBe(
      'id,name,level\n1,"Morning Vinyasa",intermediate\n2,"Slow Yin",beginner\n3,"Power, hard",advanced\n4,"Open ""Gong"" (free)",',
    );
    expect(await rowsOf(sessions().select('id, level, open').eq('id', 4).stripNulls())).toEqual([{ id: 4 }]);
    expect(await rowsOf(sessions().select('id, level').eq('id', 4).single().stripNulls())).toEqual({ id: 4 });
    expect(await rowsOf(studio.visitor.rpc('summary', { min_seats: 20 }).select('session_id').csv())).toBe(
      'session_id\n1\n4',
    );
  });

  it('that are not there are refused by name', async () => {
    const geojson = await sessions().select('id').geojson();
    expect([geojson.status, geojson.error?.code, geojson.error?.message]).toEqual([
      406,
      'PGRST107',
      'None of these media types are available: application/geo+json',
    ]);
    const plan = await sessions().select('id').explain();
    expect([plan.status, plan.error?.code]).toEqual([406, 'PGRST107']);
  });

  it('include the plan, where the service is told to give it away', async () => {
    await studio.backend.sql("alter role authenticator set pgrst.db_plan_enabled = 'true'", [], 'admin');
    await studio.backend.reloadSchema();
    expect(await rowsOf(sessions().select('id').eq('id', 1).explain())).toContain('Scan');
    const json = (await rowsOf(sessions().select('id').explain({ format: 'json', analyze: true }))) as {
      Plan: object;
    }[];
    expect(json[0]?.Plan).toHaveProperty('Actual Rows');
    await studio.backend.sql(
      "alter role authenticator set pgrst.db_tx_end = 'commit-allow-override'",
      [],
      'admin',
    );
    await studio.backend.reloadSchema();
    const tried = studio.mia.from('tags').delete().eq('id', 1).select().rollback().explain({ analyze: true });
    expect(await rowsOf(tried)).toContain('Delete on');
    expect(await column('id', studio.visitor.from('tags').select('id').eq('id', 1))).toEqual([1]);
    await studio.backend.sql('alter role authenticator reset pgrst.db_tx_end', [], 'admin');
    await studio.backend.sql('alter role authenticator reset pgrst.db_plan_enabled', [], 'admin');
    await studio.backend.reloadSchema();
  });
});

describe('max_rows', () => {
  it('cuts every answer and every embed, but no count', async () => {
    await studio.backend.sql("alter role authenticator set pgrst.db_max_rows = '2'", [], 'admin');
    await studio.backend.reloadSchema();
    const cut = await sessions().select('id, tags(id)', { count: 'exact' }).order('id').limit(3);
    expect([cut.data?.length, cut.count, cut.status]).toEqual([2, 4, 206]);
    expect(await column('id', sessions().select('id').order('id').limit(1))).toEqual([1]);
    // So few rows are counted; of more there would be an estimate.
    expect((await sessions().select('id', { count: 'estimated' }).eq('id', 1)).count).toBe(1);
    expect((await sessions().select('id', { count: 'estimated' })).count).toBe(4);
    await studio.backend.sql('alter role authenticator reset pgrst.db_max_rows', [], 'admin');
    await studio.backend.reloadSchema();
  });
});

describe('schemas', () => {
  it('are chosen by profile, and only exposed ones', async () => {
    expect(await rowsOf(studio.visitor.schema('desk').from('shifts').select())).toEqual([
      { id: 1, person: 'Front desk Fran' },
    ]);
    const hidden = await studio.visitor.schema('vault').from('notes').select();
    expect(hidden.status).toBe(406);
    expect(hidden.error).toEqual({
      code: 'PGRST106',
      message: 'Invalid schema: vault',
      details: null,
      hint: 'Only the following schemas are exposed: studio, desk',
    });
    const posted = await studio.visitor.schema('vault').rpc('anything');
    expect(posted.error?.code).toBe('PGRST106');
  });
});
