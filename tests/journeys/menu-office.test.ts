/** An owner puts something new on the menu: a part of it, a question with two answers, a product with a picture. */
import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { aColleague } from '../doors/buyer.ts';
import { button, link, m, see, signInHere } from './acts.ts';
import { openWindow, phone, visit } from './browsing.ts';

vi.setConfig({ testTimeout: 300_000 });
const words = m.menuOffice;
const inEnglish = (what: string) => m.site.language.of({ what, language: m.site.language.names.en });
/** One dot, as a browser would send any picture. */
const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

test.each([true, false])('with a script: %s', async (script) => {
  const tag = randomUUID().slice(0, 6);
  const owner = await aColleague('owner');
  const page = await openWindow({ script, size: phone });
  await visit(page, '/signin');
  await signInHere(page, owner);
  await page.waitForURL('**/account');

  await visit(page, '/admin/products/categories');
  await link(page, words.categories.new).click();
  await page.getByLabel(inEnglish(words.name)).fill(`Ices ${tag}`);
  await button(page, words.make).click();
  await page.waitForURL('**/admin/products/categories');
  await see(link(page, `Ices ${tag}`));

  await link(page.getByRole('navigation', { name: words.pages.label }), words.pages.groups).click();
  await link(page, words.groups.new).click();
  await page.getByLabel(inEnglish(words.name)).fill(`Scoops ${tag}`);
  for (const [number, name, price] of [
    [1, 'One', ''],
    [2, 'Two', '1.50'],
  ] as const) {
    const answer = words.groups.answerAnother({ number });
    await page.getByLabel(inEnglish(answer)).fill(name);
    await page.locator(`[name="answer_${number}_price"]`).fill(price);
  }
  await page.locator('[name="usual"][value="1"]').check();
  await button(page, words.make).click();
  await see(page.getByRole('heading', { name: `Scoops ${tag}`, level: 1 }));

  await link(page.getByRole('navigation', { name: words.pages.label }), words.pages.products).click();
  await link(page, m.products.new).click();
  await page.getByLabel(inEnglish(m.products.name)).fill(`Lemon ice ${tag}`);
  await page.getByLabel(m.products.category).selectOption({ label: `Ices ${tag}` });
  await page.getByLabel(`${m.products.price} (EUR)`).fill('3.20');
  await page.getByRole('checkbox', { name: `Scoops ${tag}` }).check();
  await button(page, m.products.make).click();
  await see(page.getByRole('heading', { name: `Lemon ice ${tag}`, level: 1 }));

  await page.locator('[name="picture"][type="file"]').setInputFiles({
    ...{ name: 'ice.png', mimeType: 'image/png', buffer: dot },
  });
  await page.getByLabel(inEnglish(m.site.ownPicture.alt)).fill('A cup of lemon ice');
  await button(page, m.site.ownPicture.act).click();
  await see(page.getByRole('img', { name: 'A cup of lemon ice' }));
  await button(page, m.products.publish).click();
  await link(page, m.products.see).click();

  await see(page.getByRole('img', { name: 'A cup of lemon ice' }));
  await see(page.getByRole('radio', { name: /^Two/ }));
  expect(await page.getByRole('radio', { name: /^One/ }).isChecked()).toBe(true);
  await visit(page, '/menu');
  await see(page.getByRole('heading', { name: `Ices ${tag}` }));
  await see(link(page, `Lemon ice ${tag}`));

  await owner.visitor.call(`/api/coffee/products/${await idOf(owner.visitor, `lemon-ice-${tag}`)}/retire`, {
    retired: true,
  });
});

async function idOf(
  visitor: Awaited<ReturnType<typeof aColleague>>['visitor'],
  slug: string,
): Promise<string> {
  const { json } = await visitor.get('/api/coffee/menu', { accept: 'application/json' });
  const found = (json.data.products as { slug: string; product_id: string }[]).find(
    (one) => one.slug === slug,
  );
  return found?.product_id ?? '';
}
