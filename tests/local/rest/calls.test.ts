import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Studio, column, openStudio, rowsOf } from './studio.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio();
});
afterAll(() => studio.stop());

const call = (
  name: string,
  args: object = {},
  options: { get?: boolean; head?: boolean; count?: 'exact' } = {},
) => studio.visitor.rpc(name, args, options);

/** For bodies that supabase-js does not send. */
const post = (name: string, type: string, body: string) =>
  fetch(`${studio.backend.url}/rest/v1/rpc/${name}`, {
    method: 'POST',
    headers: { apikey: studio.backend.publishableKey, 'content-type': type, 'content-profile': 'studio' },
    body,
  });

describe('calls', () => {
  it('answer with a value, null, nothing, a row or rows, as the function does', async () => {
    expect(await rowsOf(call('seats_left', { session_id: 1 }))).toBe(18);
    expect(await rowsOf(call('now_utc'))).toBe('2026-11-23T09:00:00+00:00');
    expect(await call('nothing')).toMatchObject({ data: null, error: null, status: 200 });
    expect(await call('ping')).toMatchObject({ data: null, error: null, status: 204 });
    expect(await rowsOf(call('numbers', { up_to: 3 }))).toEqual([1, 2, 3]);
    expect(await rowsOf(call('session_by_id', { id: 2 }))).toMatchObject({ id: 2, name: 'Slow Yin' });
    expect(await rowsOf(call('timetable', { only_level: 'beginner' }))).toMatchObject([{ id: 2 }]);
    expect(await rowsOf(call('summary', { min_seats: 30 }))).toEqual([
      { session_id: 4, title: 'Open "Gong" (free)', seats: 30 },
    ]);
    expect(await rowsOf(call('split_name', { full_name: 'Ana Lopez' }))).toEqual({
      first: 'Ana',
      last: 'Lopez',
    });
    expect(await rowsOf(call('numbers', { up_to: 0 }))).toEqual([]);
  });

  it('take arguments of every type, defaults, and any number of them', async () => {
    expect(await rowsOf(call('add', { a: 1 }))).toBe(11);
    expect(await rowsOf(call('add', { a: 1, b: 2 }))).toBe(3);
    expect(await rowsOf(call('total', { amounts: [1, 2, 3] }))).toBe(6);
    expect(await rowsOf(call('echo', { value: { a: [1, 'x', null], b: true } }))).toEqual({
      a: [1, 'x', null],
      b: true,
    });
    expect(await rowsOf(call('echo', { value: 'text' }))).toBe('text');
    expect(await rowsOf(call('echo', { value: null }))).toBeNull();
    expect(
      await rowsOf(call('echo_list', { list: ['a', 'b,c', '"'], pair: { id: 9, name: 'Loft' } })),
    ).toEqual({
      list: ['a', 'b,c', '"'],
      pair: { id: 9, name: 'Loft' },
    });
    const digits = await post('echo', 'application/json', '{"value": 12345678901234567890.10}');
    expect(await digits.text()).toBe('12345678901234567890.10');
  });

  it('can be made by GET and HEAD, and then only read', async () => {
    expect(await rowsOf(call('add', { a: 1, b: 2 }, { get: true }))).toBe(3);
    expect(await rowsOf(call('echo_text', { value: 'a b&c=d+e' }, { get: true }))).toBe('a b&c=d+e');
    expect((await call('add', { a: 1 }, { head: true })).status).toBe(200);
    const written = await call('add_tag', { id: 70, label: 'x' }, { get: true });
    expect([written.status, written.error?.code, written.error?.message]).toEqual([
      405,
      '25006',
      'cannot execute INSERT in a read-only transaction',
    ]);
    expect(await rowsOf(studio.mia.rpc('add_tag', { id: 70, label: 'x' }))).toEqual({ id: 70, label: 'x' });
  });

  it('repeat an argument of a variadic function in the address', async () => {
    const url = `${studio.backend.url}/rest/v1/rpc/total?amounts=1&amounts=2&amounts=39`;
    const answer = await fetch(url, {
      headers: { apikey: studio.backend.publishableKey, 'accept-profile': 'studio' },
    });
    expect(await answer.json()).toBe(42);
  });

  it('can be filtered, ordered, cut and embedded like a table', async () => {
    const asked = call('timetable')
      .select('id, rooms(name), instructors!instructor_id(name), price_text')
      .gt('seats', 8)
      .order('name')
      .limit(2);
    expect(await rowsOf(asked)).toEqual([
      { id: 1, rooms: { name: 'Lotus' }, instructors: { name: 'Ana' }, price_text: '15.00 EUR' },
      { id: 4, rooms: null, instructors: null, price_text: '0.00 EUR' },
    ]);
    expect(await column('title', call('summary', { min_seats: 1 }).select('title').eq('seats', 8))).toEqual([
      'Power, hard',
    ]);
    expect(await column('id', call('timetable').select('id').order('price_cents'))).toEqual([4, 2, 1, 3]);
    expect(
      await column('id', call('timetable', {}, { get: true }).select('id').eq('level', 'advanced')),
    ).toEqual([3]);
    expect(
      await rowsOf(call('timetable').select('id, tags!inner(label)').eq('tags.label', 'calm').single()),
    ).toEqual({ id: 2, tags: [{ label: 'calm' }] });
    expect(await rowsOf(call('teachers').select('name, regulars(name)').eq('id', 2))).toEqual([
      { name: 'Ben', regulars: [{ name: 'Otis' }] },
    ]);
    const nothing = await call('timetable').select('id, tags(nope)');
    expect(nothing.error?.code).toBe('42703');
    const many = await call('timetable').single();
    expect([many.status, many.error?.code]).toEqual([406, 'PGRST116']);
    expect(await rowsOf(call('seats_left', { session_id: 1 }).single())).toBe(18);
  });

  it('take the whole body as one unnamed argument', async () => {
    expect(await rowsOf(call('whole', { any: ['thing'] }))).toEqual({ got: { any: ['thing'] } });
    expect(await (await post('whole', 'application/json', '[{"a":1},{"a":2}]')).json()).toEqual({
      got: [{ a: 1 }, { a: 2 }],
    });
    expect(await (await post('shout', 'text/plain', 'quiet, "please"')).json()).toBe('QUIET, "PLEASE"');
    expect(await (await post('add', 'application/x-www-form-urlencoded', 'a=4&b=5')).json()).toBe(9);
  });
});

describe('finding the function', () => {
  it('goes by the names of the arguments', async () => {
    expect(await rowsOf(call('greet', { name: 'Mia' }))).toBe('Hello Mia');
    expect(await rowsOf(call('greet', { name: 'Mia', title: 'Dr' }))).toBe('Hello Dr Mia');
    const { error, status } = await call('mixed', { value: 1 });
    expect(status).toBe(300);
    expect(error).toEqual({
      code: 'PGRST203',
      message:
        'Could not choose the best candidate function between: studio.mixed(value => integer), studio.mixed(value => text)',
      details: null,
      hint: 'Try renaming the parameters or the function itself in the database so function overloading can be resolved',
    });
  });

  it('says what was looked for when there is none, and what may have been meant', async () => {
    const wrongArguments = await call('greet', { nam: 'Mia', title: 'Dr' });
    expect(wrongArguments.status).toBe(404);
    expect(wrongArguments.error).toEqual({
      code: 'PGRST202',
      message: 'Could not find the function studio.greet(nam, title) in the schema cache',
      details:
        'Searched for the function studio.greet with parameters nam, title or with a single unnamed json/jsonb parameter, but no matches were found in the schema cache.',
      hint: 'Perhaps you meant to call the function studio.greet(name, title)',
    });
    const misspelt = await call('seat_left');
    expect(misspelt.error).toMatchObject({
      message: 'Could not find the function studio.seat_left without parameters in the schema cache',
      hint: 'Perhaps you meant to call the function studio.seats_left',
    });
    expect((await call('add', { b: 1 })).error?.code).toBe('PGRST202');
    expect((await call('nothing', { extra: 1 })).error?.code).toBe('PGRST202');
  });
});

describe('what the function is told', () => {
  it('is who asks, how, and with which headers and cookies', async () => {
    const client = studio.miaWith({ 'x-client': 'tests', cookie: 'a=1; b=two' });
    const told = (await rowsOf(client.rpc('who_writes'))) as Record<string, unknown>;
    expect(told).toMatchObject({
      role: 'authenticated',
      claims: { role: 'authenticated', member: 1, sub: '11111111-1111-4111-8111-111111111111' },
      method: 'POST',
      path: '/rpc/who_writes',
      client: 'tests',
      cookies: { a: '1', b: 'two' },
      read_only: 'off',
      search_path: '"studio", "public", "extensions"',
      isolation: 'read committed',
    });
    expect(await rowsOf(call('who', {}, { get: true }))).toMatchObject({
      role: 'anon',
      method: 'GET',
      read_only: 'on',
    });
    expect(await rowsOf(call('who'))).toMatchObject({ method: 'POST', read_only: 'on' });
    const secret = studio.visitorWith({
      apikey: studio.backend.secretKey,
      authorization: `Bearer ${studio.backend.secretKey}`,
    });
    expect(await rowsOf(secret.rpc('who'))).toMatchObject({ role: 'service_role' });
  });

  it('includes the settings of its role and its own, and a preferred time zone', async () => {
    expect(await rowsOf(call('who'))).toMatchObject({ timeout: '3s' });
    expect(await rowsOf(studio.mia.rpc('who'))).toMatchObject({ timeout: '8s' });
    expect(await rowsOf(call('who_serializable'))).toMatchObject({ isolation: 'serializable' });
    const elsewhere = studio.visitorWith({ prefer: 'timezone=America/Argentina/Buenos_Aires' });
    expect(await rowsOf(elsewhere.rpc('who'))).toMatchObject({ zone: 'America/Argentina/Buenos_Aires' });
    const nowhere = await studio.visitorWith({ prefer: 'timezone=Mars/Base' }).rpc('who');
    expect([nowhere.status, nowhere.error?.code]).toEqual([400, '22023']);
  });

  it('ends what takes longer than its role or the function may', async () => {
    await studio.backend.sql("alter role anon set statement_timeout = '150ms'", [], 'admin');
    await studio.backend.reloadSchema();
    const ofRole = await call('nap', { seconds: 30 });
    expect([ofRole.status, ofRole.error?.code, ofRole.error?.message]).toEqual([
      500,
      '57014',
      'canceling statement due to statement timeout',
    ]);
    expect((await studio.mia.rpc('short_nap', { seconds: 30 })).error?.code).toBe('57014');
    expect(await rowsOf(studio.mia.rpc('nap', { seconds: 0 }))).toBe('rested');
    await studio.backend.sql("alter role anon set statement_timeout = '3s'", [], 'admin');
    await studio.backend.reloadSchema();
  });
});
