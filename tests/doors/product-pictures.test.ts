/** A product's own picture: put up by managers, seen on the menu by everybody, without what the camera wrote into it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { jpeg } from '../booking/picture-files.ts';
import { barberia, lotus, sql } from '../world.ts';
import { type Buyer, aColleague, wordsOf } from './buyer.ts';
import { Visitor } from './visitor.ts';

let manager: Buyer;
let id: string;
const slug = `pictured-${randomUUID().slice(0, 8)}`;
const words = { alt_en: 'A cup on a blue table', alt_es: 'Una taza en una mesa azul' };

beforeAll(async () => {
  manager = await aColleague('manager');
  const [category] = await sql<{ id: string }>(
    'select id from shop.categories where business_id = $1 order by position limit 1',
    [lotus],
  );
  const made = await manager.visitor.call('/api/coffee/products', {
    ...{ category_id: category?.id, slug, name: { en: slug }, price_cents: 300 },
  });
  id = made.json.data.product_id as string;
  await manager.visitor.call(`/api/coffee/products/${id}/publish`, { published: true });
});
afterAll(() => manager.visitor.call(`/api/coffee/products/${id}/retire`, { retired: true }));

/** As a browser sends a file from the page of the product. */
function send(who: Visitor, file: Blob | null, said: Record<string, string>) {
  const form = new FormData();
  if (file) form.set('picture', file, 'cup.jpg');
  for (const [field, value] of Object.entries(said)) form.set(field, value);
  return who.send('POST', `/api/coffee/products/${id}/picture`, form, {
    accept: 'text/html',
    origin: who.site,
    referer: new URL(`/admin/products/${id}`, who.site).href,
    'sec-fetch-site': 'same-origin',
  });
}
const photograph = () => new Blob([new Uint8Array(jpeg(640, 480))]);

test('it is on the menu and its page in both languages, told to who does not see it, and comes down again', async () => {
  const sent = await send(manager.visitor, photograph(), words);
  expect([sent.status, sent.to]).toEqual([303, `/admin/products/${id}#picture`]);
  const everybody = new Visitor();
  const page = (path: string) => async () => (await everybody.get(path)).text;
  await expect.poll(page(`/menu/${slug}`)).toContain('alt="A cup on a blue table"');
  await expect.poll(page(`/es/menu/${slug}`)).toContain('alt="Una taza en una mesa azul"');
  const [, address = ''] =
    /<img[^>]*src="(\/pictures\/[0-9a-f]{64})"/.exec(await page(`/menu/${slug}`)()) ?? [];
  await expect.poll(page('/menu')).toContain(`src="${address}"`);
  const file = await everybody.get(address, {});
  expect([file.status, file.headers.get('content-type'), file.text.includes('Exif')]).toEqual([
    200,
    'image/jpeg',
    false,
  ]);
  // Only the words.
  await send(manager.visitor, null, { alt_en: 'A cup' });
  await expect.poll(page(`/menu/${slug}`)).toContain('alt="A cup"');
  await manager.visitor.submit(`/api/coffee/products/${id}/picture/remove`, {}, `/admin/products/${id}`);
  await expect.poll(page(`/menu/${slug}`)).not.toContain('/pictures/');
  expect(
    await sql('select act from audit.events where about = $1 and act like $2 order by id', [
      `product:${id}`,
      'product_picture%',
    ]),
  ).toEqual([
    { act: 'product_picture_set' },
    { act: 'product_picture_set' },
    { act: 'product_picture_dropped' },
  ]);
});

test('refused, its words come back; it is the managers’ of that house', async () => {
  for (const [file, said, status, sentence] of [
    [new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>']), words, 422, 'a PNG, JPEG or WebP file'],
    [null, words, 422, 'a PNG, JPEG or WebP file'],
    [photograph(), { alt_es: words.alt_es }, 422, 'what the picture shows'],
    [
      new Blob([new Uint8Array(jpeg(640, 480)), Buffer.alloc(2 * 1024 * 1024)]),
      words,
      413,
      'larger than 2 MB',
    ],
  ] as const) {
    const refused = await send(manager.visitor, file, said);
    expect([refused.status, wordsOf(refused).includes(sentence)]).toEqual([status, true]);
    expect(refused.text).toContain(`value="${words.alt_es}"`);
  }
  expect((await send((await aColleague('barista')).visitor, photograph(), words)).status).toBe(403);
  const elsewhere = await aColleague('manager', barberia, inject('stack').barberiaUrl);
  expect((await send(elsewhere.visitor, photograph(), words)).status).toBe(404);
  expect(await sql('select picture_hash from shop.products where id = $1', [id])).toEqual([
    { picture_hash: null },
  ]);
});
