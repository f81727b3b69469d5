import { gzipSync } from 'node:zlib';
import { describe, expect, inject, test } from 'vitest';
import { Visitor } from './visitor.ts';

const atBarberia = () => new Visitor(inject('stack').barberiaUrl);
const customerPages = [
  '/',
  '/schedule',
  '/instructors',
  '/visit',
  '/cart',
  '/signin',
  '/signup',
  '/legal/terms',
];

describe('colours', () => {
  const sheetOf = async (visitor: Visitor) =>
    /href="(\/brand\/[\w-]+\.css\?v=\w+)"/.exec((await visitor.get('/')).text)?.[1] ?? '';

  test('each business answers with its own, kept for a year under an address that changes with them', async () => {
    const [lotus, barberia] = [new Visitor(), atBarberia()];
    const [ours, theirs] = [
      await lotus.get(await sheetOf(lotus)),
      await barberia.get(await sheetOf(barberia)),
    ];
    expect(ours.text).toContain('--color-accent:#9a472c');
    expect(theirs.text).toContain('--color-accent:#173357');
    expect(ours.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(ours.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  test('an old address is asked for again soon, an unchanged sheet is not sent twice', async () => {
    const visitor = new Visitor();
    const old = await visitor.get('/brand/lotus.css?v=0000000000');
    expect(old.headers.get('cache-control')).toBe('public, max-age=60');
    const again = await visitor.get('/brand/lotus.css', { 'if-none-match': old.headers.get('etag') ?? '' });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  test('another business’s colours are not found here', async () => {
    expect((await new Visitor().get('/brand/barberia-sur.css')).status).toBe(404);
    expect((await new Visitor().get('/brand/barberia-sur.svg')).status).toBe(404);
  });

  test('the icon is the logo in those colours', async () => {
    const icon = await new Visitor().get('/brand/lotus.svg');
    expect(icon.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    expect(icon.text).toMatch(/^<svg .*#9a472c.*<\/svg>$/s);
  });

  test('a choice of dark is kept, and the visitor is back on the page in the same language', async () => {
    const visitor = new Visitor();
    const chosen = await visitor.submit(
      '/api/site/theme',
      { theme: 'dark', back: '/visit?from=x' },
      '/es/visit',
    );
    expect([chosen.status, chosen.to]).toEqual([303, '/es/visit?from=x']);
    expect((await visitor.get('/')).text).toContain('data-theme="dark"');
    await visitor.submit('/api/site/theme', { theme: 'auto' });
    expect((await visitor.get('/')).text).not.toContain('data-theme');
  });

  test.each(['//evil.example', 'https://evil.example/', '/\\evil.example'])(
    'a choice that asks to go on to %s goes to the start',
    async (back) => {
      const chosen = await new Visitor().submit('/api/site/theme', { theme: 'light', back });
      expect([chosen.status, chosen.to]).toEqual([303, '/']);
    },
  );

  test('a colour nobody offers is refused', async () => {
    expect((await new Visitor().call('/api/site/theme', { theme: 'pink' })).status).toBe(422);
  });
});

describe.each(customerPages)('%s', (path) => {
  test('says what may be loaded, and holds itself to it', async () => {
    const page = await new Visitor().get(path);
    const policy = page.headers.get('content-security-policy') ?? '';
    for (const part of [
      "default-src 'self'",
      "object-src 'none'",
      "frame-ancestors 'none'",
      "form-action 'self'",
    ]) {
      expect(policy).toContain(part);
    }
    expect(policy).not.toContain('unsafe');
    expect(page.text).not.toMatch(/\sstyle="|<style|\son\w+="/);
  });

  test('carries at most 30 kB of compressed script', async () => {
    const visitor = new Visitor();
    const { text } = await visitor.get(path);
    const inline = [...text.matchAll(/<script[^>]*>(.+?)<\/script>/gs)].map(([, code]) => code ?? '');
    const waiting = [...text.matchAll(/<script[^>]*\ssrc="([^"]+)"/g)].map(([, address]) => address ?? '');
    const loaded = new Map<string, string>();
    while (waiting.length > 0) {
      const address = waiting.pop() ?? '';
      if (loaded.has(address)) continue;
      const code = (await visitor.get(address)).text;
      loaded.set(address, code);
      for (const [, next] of code.matchAll(/from\s*["']\.\/([\w.-]+\.js)["']/g))
        waiting.push(`/_astro/${next}`);
    }
    const bytes = [...inline, ...loaded.values()].reduce((sum, code) => sum + gzipSync(code).length, 0);
    expect(bytes).toBeLessThan(30_000);
  });

  test('leads to itself in the other language', async () => {
    const page = await new Visitor().get(path);
    const [, address] = /class="frame-language" href="([^"]+)" lang="es"/.exec(page.text) ?? [];
    expect(address).toBe(path === '/' ? '/es' : `/es${path}`);
    const other = await new Visitor().get(address ?? '');
    expect(other.status).toBe(200);
    expect(other.text).toContain('<html lang="es-ES"');
  });
});

test('the front door shows the promise, the styles, the people and the way, in the visitor’s language', async () => {
  const page = await atBarberia().get('/');
  for (const words of ['El oficio, a mano.', 'Afeitado', 'Ramiro Sosa', 'Defensa 1024', 'lang="es-AR"']) {
    expect(page.text).toContain(words);
  }
  const english = await new Visitor().get('/');
  for (const words of ['Breathe in. Coffee after.', 'Vinyasa', 'Noor Haddad', 'Calle del Olivar 24']) {
    expect(english.text).toContain(words);
  }
});

test('a page that is not there says so kindly, with a way on', async () => {
  const page = await new Visitor().get('/es/nada');
  expect(page.status).toBe(404);
  expect(page.text).toContain('Esta página no está aquí');
  expect(page.text).toContain('href="/es/schedule"');
});
