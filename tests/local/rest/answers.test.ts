import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Studio, openStudio, rowsOf } from './studio.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio();
});
afterAll(() => studio.stop());

/** What supabase-js keeps to itself: headers, and methods and paths it never uses. */
async function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
) {
  const { headers, ...rest } = options;
  const profile = { 'accept-profile': 'studio', 'content-profile': 'studio' };
  const answer = await fetch(`${studio.backend.url}/rest/v1${path}`, {
    ...rest,
    headers: {
      apikey: studio.backend.publishableKey,
      'content-type': 'application/json',
      ...profile,
      ...headers,
    },
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text };
}

describe('refusals and faults', () => {
  it('of a function keep their status, name, details and hint', async () => {
    const refused = await studio.visitor.rpc('refuse', {
      status: 409,
      name: 'session_full',
      detail: '{"seats":0}',
      hint: 'Try Tuesday',
    });
    expect(refused.status).toBe(409);
    expect(refused.error).toEqual({
      code: 'PT409',
      message: 'session_full',
      details: '{"seats":0}',
      hint: 'Try Tuesday',
    });
    expect((await studio.visitor.rpc('refuse', { status: 422, name: 'no' })).status).toBe(422);
  });

  it('can be written by the function in full', async () => {
    const { error, status } = await studio.visitor.rpc('refuse_in_full');
    expect([status, error]).toEqual([
      451,
      { code: 'TOO_LATE', message: 'The class has begun', details: 'since 9:00', hint: 'Come tomorrow' },
    ]);
    const answer = await ask('/rpc/refuse_in_full', { method: 'POST' });
    expect(answer.headers.get('x-next')).toBe('tomorrow');
    const badly = await studio.visitor.rpc('refuse_badly');
    expect([badly.status, badly.error?.code, badly.error?.details]).toEqual([
      500,
      'PGRST121',
      "Invalid JSON value for MESSAGE: 'not json'",
    ]);
  });

  it('of Postgres have the status of their SQLSTATE', async () => {
    const expected: Record<string, number> = {
      '08000': 503,
      '0L000': 403,
      '21000': 500,
      '22P02': 400,
      '23503': 409,
      '23505': 409,
      '23514': 400,
      '25000': 500,
      '25006': 405,
      '28000': 403,
      '40001': 500,
      '42501': 401,
      '42883': 404,
      '42P01': 404,
      '42P17': 500,
      '53000': 503,
      '53400': 500,
      '54000': 500,
      '57014': 500,
      P0001: 400,
      P0002: 500,
      XX000: 500,
    };
    for (const [state, status] of Object.entries(expected)) {
      const answer = await studio.visitor.rpc('fail', { state });
      expect([state, answer.status, answer.error?.code, answer.error?.message]).toEqual([
        state,
        status,
        state,
        'as you wish',
      ]);
    }
    expect((await studio.mia.rpc('fail', { state: '42501' })).status).toBe(403);
  });

  it('leave nothing of a failed request behind', async () => {
    const { error } = await studio.mia.from('tags').insert([
      { id: 60, label: 'x' },
      { id: 1, label: 'again' },
    ]);
    expect(error?.code).toBe('23505');
    expect(await rowsOf(studio.visitor.from('tags').select('id').gte('id', 60))).toEqual([]);
  });

  it('say what was not understood, and where', async () => {
    const complaints = await Promise.all([
      studio.visitor
        .from('rooms')
        .select('id,sessions(name')
        .then(({ error }) => error),
      studio.visitor
        .from('rooms')
        .select('id')
        .filter('id', 'equals', 1)
        .then(({ error }) => error),
      studio.visitor
        .from('rooms')
        .select('id')
        .order('id.up')
        .then(({ error }) => error),
      studio.visitor
        .from('rooms')
        .select('id')
        .or('id.eq.1,xor(id.eq.2)')
        .then(({ error }) => error),
    ]);
    expect(complaints.map((error) => [error?.code, error?.message, error?.details])).toEqual([
      [
        'PGRST100',
        '"failed to parse select parameter (id,sessions(name)" (line 1, column 17)',
        'unexpected end of input expecting ")"',
      ],
      [
        'PGRST100',
        '"failed to parse filter (equals.1)" (line 1, column 1)',
        'unexpected "e" expecting "not" or operator (eq, gt, ...)',
      ],
      [
        'PGRST100',
        '"failed to parse order (id.up.asc)" (line 1, column 4)',
        'unexpected "u" expecting "asc", "desc", "nullsfirst" or "nullslast"',
      ],
      [
        'PGRST100',
        '"failed to parse logic tree (or(id.eq.1,xor(id.eq.2)))" (line 1, column 15)',
        'unexpected "(" expecting "."',
      ],
    ]);
    const table = await studio.visitor.from('session').select();
    expect([table.status, table.error]).toEqual([
      404,
      {
        code: 'PGRST205',
        message: "Could not find the table 'studio.session' in the schema cache",
        details: null,
        hint: "Perhaps you meant the table 'studio.sessions'",
      },
    ]);
    const columnMissing = await studio.visitor.from('rooms').select('colour');
    expect([columnMissing.status, columnMissing.error?.code, columnMissing.error?.message]).toEqual([
      400,
      '42703',
      'column rooms.colour does not exist',
    ]);
    const wrongType = await studio.visitor.from('rooms').select().eq('id', 'one');
    expect([wrongType.status, wrongType.error?.code]).toEqual([400, '22P02']);
  });

  it('of the body, path or method are told from each other', async () => {
    const cases: [string, Parameters<typeof ask>[1], number, string][] = [
      ['/rooms', { method: 'POST', body: '{"id": 1' }, 400, 'PGRST102'],
      ['/rooms', { method: 'POST', body: '' }, 400, 'PGRST102'],
      ['/rooms', { method: 'POST', body: 'id\n1', headers: { 'content-type': 'text/csv' } }, 400, 'PGRST102'],
      [
        '/rpc/echo',
        { method: 'POST', body: 'x', headers: { 'content-type': 'application/octet-stream' } },
        400,
        'PGRST102',
      ],
      ['/rpc/echo', { method: 'DELETE' }, 405, 'PGRST101'],
      ['/rooms', { method: 'PROPFIND' }, 405, 'PGRST117'],
      ['/rooms/1', {}, 404, 'PGRST125'],
      ['/', {}, 404, 'PGRST126'],
      ['/rooms?id=eq.%E0%A4%A', {}, 400, 'PGRST100'],
      ['/rooms', { headers: { accept: 'image/png' } }, 406, 'PGRST107'],
    ];
    for (const [path, options, status, code] of cases) {
      const answer = await ask(path, options);
      expect([path, answer.status, (JSON.parse(answer.text) as { code: string }).code]).toEqual([
        path,
        status,
        code,
      ]);
    }
  });

  it('of an unknown key or token are 401', async () => {
    const stranger = studio.visitorWith({
      apikey: 'sb_publishable_wrong',
      authorization: 'Bearer sb_publishable_wrong',
    });
    expect((await stranger.from('rooms').select()).status).toBe(401);
    const forged = studio.visitorWith({
      authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.c2lnbmVk',
    });
    expect((await forged.from('rooms').select()).status).toBe(401);
    const ghost = studio.visitorWith({ authorization: `Bearer ${studio.backend.sign({ role: 'ghost' })}` });
    const { status, error } = await ghost.from('rooms').select();
    expect([status, error?.code]).toEqual([401, '22023']);
    const superuser = studio.visitorWith({
      authorization: `Bearer ${studio.backend.sign({ role: 'supabase_admin' })}`,
    });
    expect((await superuser.from('rooms').select()).status).toBe(403);
  });
});

describe('answers', () => {
  it('take the status and headers that a function sets', async () => {
    const answer = await ask('/rpc/teapot', { method: 'POST' });
    expect([answer.status, answer.text]).toEqual([418, '"short and stout"']);
    expect(answer.headers.get('x-tea')).toBe('oolong');
    expect(answer.headers.get('cache-control')).toBe('max-age=60');
    const wrong = await Promise.all([studio.visitor.rpc('bad_headers'), studio.visitor.rpc('bad_status')]);
    expect(wrong.map(({ status, error }) => [status, error?.code])).toEqual([
      [500, 'PGRST111'],
      [500, 'PGRST112'],
    ]);
    expect(await rowsOf(studio.visitor.rpc('add', { a: 1 }))).toBe(11);
  });

  it('say which preferences were followed', async () => {
    const insert = (prefer: string) =>
      ask('/tags', {
        method: 'POST',
        body: '{"id": 1, "label": "calm"}',
        headers: { prefer, authorization: `Bearer ${studio.backend.tokenFor('a', { member: 1 })}` },
      });
    const upserted = await insert(
      'resolution=merge-duplicates, return=headers-only, missing=default, count=exact, handling=lenient, nonsense',
    );
    expect([upserted.status, upserted.text]).toEqual([200, '']);
    expect(upserted.headers.get('preference-applied')).toBe(
      'resolution=merge-duplicates, missing=default, return=headers-only, count=exact, handling=lenient',
    );
    expect(upserted.headers.get('location')).toBe('/tags?id=eq.1');
    expect(upserted.headers.get('content-range')).toBe('*/1');
    const strict = await insert('handling=strict, return=minimal, nonsense, anything=else');
    expect([strict.status, JSON.parse(strict.text)]).toEqual([
      400,
      {
        code: 'PGRST122',
        message: 'Invalid preferences given with handling=strict',
        details: 'Invalid preferences: nonsense, anything=else',
        hint: null,
      },
    ]);
    expect((await ask('/tags')).headers.get('preference-applied')).toBeNull();
  });

  it('name the page, the address and the schema of what was read', async () => {
    const { headers, status } = await ask('/tags?select=id&order=id&limit=2', {
      headers: { prefer: 'count=exact' },
    });
    expect(status).toBe(206);
    expect(headers.get('content-range')).toBe('0-1/3');
    expect(headers.get('content-location')).toBe('/tags?limit=2&order=id&select=id');
    expect(headers.get('content-profile')).toBe('studio');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect((await ask('/tags?id=eq.99')).headers.get('content-range')).toBe('*/*');
  });

  it('to PUT write the one row that the address names', async () => {
    const put = (address: string, body: object, prefer = 'return=representation') =>
      ask(`/prices${address}`, { method: 'PUT', body: JSON.stringify(body), headers: { prefer } });
    const made = await put('?code=eq.put', { code: 'put', cents: 5, note: null, changed: 0 });
    expect([made.status, JSON.parse(made.text)]).toEqual([
      201,
      [{ code: 'put', cents: 5, note: null, changed: 0 }],
    ]);
    expect((await put('?code=eq.put', { code: 'put', cents: 6, note: null, changed: 0 })).status).toBe(200);
    expect((await put('?code=eq.put', { code: 'put', cents: 6 }, 'return=minimal')).status).toBe(204);
    const code = (answer: { text: string }) => (JSON.parse(answer.text) as { code: string }).code;
    expect(code(await put('?code=eq.other', { code: 'put' }))).toBe('PGRST115');
    expect(code(await put('?cents=eq.5', { code: 'put' }))).toBe('PGRST105');
    expect(code(await put('?code=eq.put&limit=1', { code: 'put' }))).toBe('PGRST114');
  });
});
