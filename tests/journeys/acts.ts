/** What people do on the site, by what they read on it. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { messages, type Messages } from '../../src/platform/i18n/index.ts';
import { crowd, type Somebody } from '../world.ts';
import { demoPassword } from '../doors/visitor.ts';
import { visit } from './browsing.ts';

export const m: Messages = messages('en');

/** What somebody reads, and what stands before the paths of pages in their language. */
export interface Voice {
  words: Messages;
  prefix: '' | '/en' | '/es';
}
export const english: Voice = { words: m, prefix: '' };
export const spanish: Voice = { words: messages('es'), prefix: '/es' };
/** Barbería Sur's own first language. */
export const porteño: Voice = { words: messages('es-AR'), prefix: '' };

export const cards = {
  good: '4242 4242 4242 4242',
  declined: '4000 0000 0000 0002',
  poor: '4000 0000 0000 9995',
  secure: '4000 0025 0000 3155',
};

export const heading = (page: Page, name: string): Locator => page.getByRole('heading', { name, level: 1 });
const begins = (words: string): RegExp => new RegExp(`^${words.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
/** By the words that are seen; what is said to screen readers besides may follow. */
export const button = (page: Page | Locator, name: string): Locator =>
  page.getByRole('button', { name: begins(name) });
export const link = (page: Page | Locator, name: string): Locator =>
  page.getByRole('link', { name: begins(name) });

/** Waits until it is seen. */
export const see = (what: Locator): Promise<void> => what.waitFor({ state: 'visible' });

/** Somebody with an account, signed in through the page. */
export async function signIn(page: Page, voice: Voice = english): Promise<Somebody> {
  const [somebody] = await crowd(1, 'journey');
  if (!somebody) throw new Error('Nobody came');
  await visit(page, `${voice.prefix}/signin`);
  await signInHere(page, somebody, voice);
  await page.waitForURL(`**${voice.prefix}/account`);
  return somebody;
}

/** On the sign-in page. */
export async function signInHere(
  page: Page,
  who: Pick<Somebody, 'email'>,
  { words }: Voice = english,
): Promise<void> {
  await page.getByLabel(words.auth.fields.email).fill(who.email);
  await page.getByLabel(words.auth.fields.password, { exact: true }).fill(demoPassword);
  await page.getByRole('button', { name: words.auth.signIn.act, exact: true }).click();
}

/** From the page of a class to the payment page. The member is signed in and the cart was empty. */
export async function bookToPay(page: Page, session: string, voice: Voice = english): Promise<void> {
  const { booking, sales } = voice.words;
  await visit(page, `${voice.prefix}/sessions/${session}`);
  await button(page, booking.act.book).click();
  await see(heading(page, sales.cart.title));
  await link(page, sales.cart.checkOut).click();
  await see(heading(page, sales.checkout.title));
  await button(page.getByRole('main'), sales.checkout.pay({ amount: '' }).trim()).click();
  await page.waitForURL(/\/c\/pay\//);
}

/** On the hosted payment page. */
export async function payWith(page: Page, card: string): Promise<void> {
  await page.locator('#card_number').fill(card);
  await page.locator('#card_expiry').fill('12 / 39');
  await page.locator('#card_cvc').fill('123');
  await page.locator('#card_name').fill('Journey Example');
  await page.locator('button[name=pay]').click();
}

export async function expectPaid(page: Page, { words }: Voice = english): Promise<void> {
  await see(heading(page, words.sales.order.heads.paid));
  expect(new URL(page.url()).search).toBe('');
}
