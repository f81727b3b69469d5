import { expect, inject, it } from 'vitest';
import { aClass, barberia, seatsOf } from '../world.ts';
import { goodPassword, letterTo, linkIn, someEmail } from '../doors/visitor.ts';
import {
  bookToPay,
  button,
  cards,
  expectPaid,
  heading,
  link,
  payWith,
  porteño,
  see,
  spanish,
  type Voice,
} from './acts.ts';
import { openWindow, visit } from './browsing.ts';
import type { Page } from 'playwright-core';

const { siteUrl, barberiaUrl } = inject('stack');

/** An account made through the pages, whose owner is written to in that language from then on. */
async function signUp(page: Page, { words, prefix }: Voice): Promise<string> {
  const email = someEmail('idioma');
  await visit(page, `${prefix}/signup`);
  await page.getByLabel(words.auth.fields.name).fill('Iris Ejemplo');
  await page.getByLabel(words.auth.fields.email).fill(email);
  await page.getByLabel(words.auth.fields.password, { exact: true }).fill(goodPassword);
  await button(page, words.auth.signUp.act).click();
  await see(heading(page, words.auth.confirm.inbox));
  const letter = await letterTo(email);
  expect(letter.links.some((address) => address.startsWith(`${new URL(page.url()).origin}/`))).toBe(true);
  await visit(page, linkIn(letter).path);
  await button(page, words.auth.confirm.acts.account).click();
  await page.waitForURL(`**${prefix}/account`);
  return email;
}

/** Amounts are written with spaces that do not break. */
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

const languageOf = (page: Page) => page.locator('html').getAttribute('lang');

it('sells a class in Spanish from the first page to the letter', async () => {
  const session = await aClass();
  const page = await openWindow({ language: 'es-ES' });
  const email = await signUp(page, spanish);
  await bookToPay(page, session, spanish);
  expect(await languageOf(page)).toMatch(/^es/);
  await see(page.getByText('16,00 €').first());
  await payWith(page, cards.good);
  await expectPaid(page, spanish);
  expect(await languageOf(page)).toBe('es-ES');
  expect(page.url()).toContain('/es/orders/');
  const letter = await letterTo(email, { subject: 'Clase' });
  expect(letter.subject).toContain('Tienes plaza');
  expect(plain(letter.text)).toContain('16,00 €');
  expect(letter.links).toContain(`${siteUrl}${new URL(page.url()).pathname}`);
});

it('sells Barbería Sur’s workshops in the voice of Buenos Aires, in pesos and by its clock', async () => {
  const session = await aClass({ business: barberia, price: 3_800_000 });
  const page = await openWindow({ site: barberiaUrl, language: 'es-AR' });
  const email = await signUp(page, porteño);
  await visit(page, `/sessions/${session}`);
  expect(await languageOf(page)).toBe('es-AR');
  await see(page.getByText(/Buenos Aires \(GMT-3\)/).first());
  await bookToPay(page, session, porteño);
  await see(page.getByText(/38\.000/).first());
  await payWith(page, cards.good);
  await expectPaid(page, porteño);
  expect(await seatsOf(session)).toMatchObject({ states: { confirmed: 1 } });
  const letter = await letterTo(email, { subject: 'Clase' });
  expect(letter.subject).toContain('Tenés');
  expect(plain(letter.text)).toContain('$ 38.000');
  expect(letter.text).toContain('Barbería Sur');
  expect(letter.links.every((address) => address.startsWith(barberiaUrl))).toBe(true);
});

it('keeps the page, its filters and the cart when the reader changes the language', async () => {
  const session = await aClass();
  const page = await openWindow();
  await visit(page, `/sessions/${session}`);
  await page.getByRole('banner').getByRole('link', { name: 'Español' }).click();
  await page.waitForURL(`**/es/sessions/${session}`);
  await button(page, spanish.words.booking.act.book).click();
  await see(heading(page, spanish.words.sales.cart.title));
  await page.getByRole('banner').getByRole('link', { name: 'English' }).click();
  await page.waitForURL((url) => url.pathname === '/cart');
  await see(link(page.getByRole('main'), 'Class '));
  await visit(page, '/schedule?level=beginner');
  await page.getByRole('banner').getByRole('link', { name: 'Español' }).click();
  await page.waitForURL('**/es/schedule?level=beginner');
});
