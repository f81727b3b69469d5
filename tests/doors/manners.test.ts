import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { describe, expect, inject, test } from 'vitest';
import { Visitor, demoPassword, newMember } from './visitor.ts';

/** A request in pieces, as a program writes it: it stops when it has been answered. */
async function inPieces(path: string, headers: Record<string, string>, pieces: Iterable<string>) {
  const sending = request(new URL(path, inject('stack').siteUrl), {
    method: 'POST',
    headers,
    agent: new Agent(),
  });
  const answered = new Promise<{ status: number; text: string }>((resolve, reject) => {
    sending.on('error', reject);
    sending.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
  });
  let open = true;
  answered.then(
    () => (open = false),
    () => (open = false),
  );
  for (const piece of pieces) {
    if (!open) break;
    if (!sending.write(piece)) await Promise.race([answered, once(sending, 'drain')]);
  }
  if (open) sending.end();
  const answer = await answered;
  sending.destroy();
  return answer;
}

/** Asked until it is: beside a thousand who book, the database does not answer within health's two seconds. */
const health = async () => {
  const { status, json } = await new Visitor().get('/api/health', {});
  return [status, json];
};
const well = [200, { status: 'ok', database: true }];

describe('every answer', () => {
  test('carries the id of its request, ours or the one it came with', async () => {
    const visitor = new Visitor();
    expect((await visitor.get('/signin')).headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
    const named = await visitor.get('/signin', { 'x-request-id': 'trace-0123456789' });
    expect(named.headers.get('x-request-id')).toBe('trace-0123456789');
    const nonsense = await visitor.get('/signin', { 'x-request-id': '<script>' });
    expect(nonsense.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  });

  test('tells browsers to be careful with it', async () => {
    for (const path of ['/signin', '/api/health', '/nowhere']) {
      const { headers } = await new Visitor().get(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBeTruthy();
      expect(headers.get('permissions-policy')).toContain('camera=()');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    }
  });

  test('of a refusal names it for programs and says it for people, in their language', async () => {
    const english = await new Visitor().call('/api/members/profile', {});
    expect(english.status).toBe(401);
    expect(english.json).toEqual({
      error: 'Please sign in first.',
      code: 'sign_in_first',
      request_id: expect.any(String),
    });
    const spanish = await new Visitor().call('/api/members/profile', {}, { 'accept-language': 'es' });
    expect(spanish.json.error).toBe('Primero inicia sesión, por favor.');
    const porteño = await new Visitor(inject('stack').barberiaUrl).call('/api/members/profile', {});
    expect(porteño.json.error).toBe('Primero ingresá, por favor.');
  });
});

describe('bad input', () => {
  const json = { 'content-type': 'application/json' };
  const sign = '/api/auth/signin';

  test.each([
    ['broken JSON', '{"email":', json, 400, 'malformed_body'],
    ['a list where an object belongs', '[]', json, 400, 'malformed_body'],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe]), json, 400, 'malformed_body'],
    ['XML', '<email/>', { 'content-type': 'application/xml' }, 415, 'wrong_type'],
    ['plain text', '{"email":"a@b.example"}', { 'content-type': 'text/plain' }, 415, 'wrong_type'],
    ['nothing at all', '', json, 422, 'invalid_input'],
    ['a number for a name', '{"email":7,"password":"x"}', json, 422, 'invalid_input'],
    [
      'an endless address',
      `{"email":"${'a'.repeat(300)}@b.example","password":"x"}`,
      json,
      422,
      'invalid_input',
    ],
  ])('%s is answered with its own status and code', async (_what, body, headers, status, code) => {
    const answered = await new Visitor().send('POST', sign, body as BodyInit, {
      accept: 'application/json',
      ...headers,
    });
    expect([answered.status, answered.json.code]).toEqual([status, code]);
    expect(answered.json.request_id).toBe(answered.headers.get('x-request-id'));
  });

  test('names each field that is missing', async () => {
    const answered = await new Visitor().call('/api/auth/signup', {});
    expect(Object.keys(answered.json.details.fields).sort()).toEqual(['email', 'name', 'password']);
    expect(answered.json.details.fields.email).toBe('Please fill this in.');
  });

  test('of five megabytes is refused, whether or not it says how big it is', async () => {
    const headers = { ...json, accept: 'application/json' };
    const pieces = Array.from({ length: 80 }, () => 'x'.repeat(64 * 1024));
    const length = { 'content-length': String(5 * 1024 * 1024) };
    for (const framing of [length, { 'transfer-encoding': 'chunked' }]) {
      const answered = await inPieces(sign, { ...headers, ...framing } as Record<string, string>, pieces);
      expect([framing, answered.status, JSON.parse(answered.text).code]).toEqual([framing, 413, 'too_big']);
    }
    await expect.poll(health).toEqual(well);
  });

  test('in an address is a page that is not there, not a broken one', async () => {
    for (const path of [
      '/invitations/%00',
      '/invitations/x',
      '/es/nowhere',
      '/%E0%A4%A',
      '/..%2f..%2fetc',
      '/api/nowhere',
    ]) {
      const { status } = await new Visitor().get(path);
      expect([path, [400, 404].includes(status)]).toEqual([path, true]);
    }
    const program = await new Visitor().get('/api/nowhere', { accept: 'application/json' });
    expect([program.status, program.json.code]).toEqual([404, 'not_found']);
  });

  test('in cookies is no cookie', async () => {
    const visitor = new Visitor();
    for (const [name, value] of Object.entries({
      session: 'base64-x',
      cart: '../../',
      flash: 'e30',
      recovery: '..',
      theme: '<x>',
    })) {
      visitor.jar.set(name, value);
    }
    expect((await visitor.get('/signin')).status).toBe(200);
  });
});

describe('a request from another site', () => {
  const fields = { email: 'ada@example.test', password: demoPassword };

  test('changes nothing, whether it sends a form or JSON', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' };
    for (const headers of [
      { ...form, origin: 'https://evil.example' },
      { ...form, origin: 'null' },
      { ...form, 'sec-fetch-site': 'cross-site' },
      { ...form, origin: inject('stack').barberiaUrl },
    ]) {
      const refused = await new Visitor().send(
        'POST',
        '/api/auth/signin',
        new URLSearchParams(fields).toString(),
        headers,
      );
      expect([refused.status, refused.cookies]).toEqual([403, []]);
      expect(refused.text).toContain('came from another site');
    }
    const program = await new Visitor().call('/api/auth/signin', fields, { origin: 'https://evil.example' });
    expect([program.status, program.json.code]).toEqual([403, 'wrong_origin']);
  });
});

describe('a method', () => {
  test('that an address does not know is answered with those it does', async () => {
    for (const [method, path, allow] of [
      ['GET', '/api/auth/signin', 'POST'],
      ['DELETE', '/api/members/profile', 'GET, HEAD, POST'],
      ['POST', '/signin', 'GET, HEAD'],
      ['PUT', '/', 'GET, HEAD'],
    ] as const) {
      const refused = await new Visitor().send(method, path, null, { accept: 'application/json' });
      expect([method, path, refused.status, refused.headers.get('allow')]).toEqual([
        method,
        path,
        405,
        allow,
      ]);
    }
  });

  test('HEAD says what GET would', async () => {
    const head = await new Visitor().send('HEAD', '/signin', null, {});
    expect([head.status, head.text]).toEqual([200, '']);
  });
});

describe('limits', () => {
  test('make somebody who guesses wait, and say how long', async () => {
    const visitor = new Visitor();
    let last = await visitor.call('/api/auth/forgot', { email: 'a@example.test' });
    for (let i = 0; i < 20; i++) last = await visitor.call('/api/auth/signin', {});
    expect([last.status, last.json.code]).toEqual([429, 'too_many_requests']);
    const wait = Number(last.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    // Another visitor is not held up.
    expect((await new Visitor().call('/api/auth/signin', {})).status).toBe(422);
  });

  test('count a person wherever they come from', async () => {
    const { visitor } = await newMember('busy');
    const statuses = [];
    for (let i = 0; i < 61; i++) {
      visitor.address = `10.9.8.${i}`;
      statuses.push((await visitor.call('/api/members/profile', {})).status);
    }
    expect(statuses.at(-1)).toBe(429);
    expect(statuses.slice(0, 50).every((status) => status === 422)).toBe(true);
  });
});

describe('languages', () => {
  test('are chosen by the address, and each page links to the same page in the other', async () => {
    const english = await new Visitor().get('/forgot');
    expect(english.text).toContain('lang="en-GB"');
    expect(english.text).toContain('href="/es/forgot"');
    const spanish = await new Visitor().get('/es/forgot');
    expect(spanish.text).toContain('lang="es-ES"');
    const porteño = await new Visitor(inject('stack').barberiaUrl).get('/forgot');
    expect(porteño.text).toContain('lang="es-AR"');
    expect(porteño.text).toContain('Mandame el enlace');
  });

  test('stay when a form is refused or accepted', async () => {
    const refused = await new Visitor().submit('/api/auth/forgot', { email: 'x' }, '/es/forgot');
    expect(refused.text).toContain('lang="es-ES"');
    const done = await new Visitor().submit('/api/auth/forgot', { email: 'x@example.test' }, '/es/forgot');
    expect(done.to).toBe('/es/confirm?sent=recovery');
  });
});

describe('a business', () => {
  test('is the one whose host name was asked for', async () => {
    expect((await new Visitor().get('/signin')).text).toContain('Lotus &amp; Bean');
    expect((await new Visitor(inject('stack').barberiaUrl).get('/signin')).text).toContain('Barbería Sur');
  });
});

describe('a message after a form', () => {
  test('waits for the next page that somebody looks at, and is shown there once', async () => {
    const visitor = new Visitor();
    await visitor.submit('/api/auth/forgot', { email: 'somebody@example.test' }, '/forgot');
    const stylesheet = /href="(\/brand\/[^"]+\.css[^"]*)"/.exec(
      (await new Visitor().get('/signin')).text,
    )?.[1];
    await visitor.get(stylesheet ?? '', { accept: 'text/css' });
    await visitor.get('/confirm', { accept: 'text/html', 'sec-purpose': 'prefetch' });
    expect((await visitor.get('/confirm')).text).toContain('a letter is on its way');
    expect((await visitor.get('/confirm')).text).not.toContain('a letter is on its way');
  });
});

describe('machines', () => {
  test('hear whether we are well', async () => {
    await expect.poll(health).toEqual(well);
  });

  test('behind a proxy read the metrics with a token only', async () => {
    expect((await new Visitor().get('/api/metrics', {})).status).toBe(404);
  });

  test('can read what the API does', async () => {
    const { json } = await new Visitor().get('/api/openapi.json', {});
    expect(json.openapi).toBe('3.1.0');
    const signup = json.paths['/api/auth/signup'].post;
    const { schema } = signup.requestBody.content['application/json'];
    expect(Object.keys(schema.properties).sort()).toEqual(['email', 'name', 'next', 'password']);
    expect(json.paths['/api/business/staff'].get.security).toEqual([{ session: [] }]);
    expect(Object.keys(json.paths)).toEqual(
      expect.arrayContaining(['/api/auth/signin', '/api/members/profile']),
    );
  });
});
