import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import type Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, installChromium } from '../../chromium.ts';
import { aClass, aMember, aPlan, idOf } from './goods.ts';
import { openTill, type Till } from './till.ts';

let till: Till;
let stripe: Stripe;
let browser: Browser;
beforeAll(async () => {
  const executablePath = (await findChromium()) ?? (await installChromium());
  [till, browser] = await Promise.all([
    openTill(),
    chromium.launch({ executablePath, args: ['--no-sandbox'] }),
  ]);
  stripe = till.stripe;
  // Where there is no Chromium yet, getting one can take minutes.
}, 600_000);
afterAll(async () => {
  await browser.close();
  await till.close();
});

const complaints: string[] = [];
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  complaints.length = 0;
});

async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, ...options });
  const page = await context.newPage();
  // The status of a refused form is told on the console too; what counts is what breaks the page's own rules.
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return page;
}

async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

const session = (more: Stripe.Checkout.SessionCreateParams = {}) =>
  stripe.checkout.sessions.create({
    success_url: `${till.shop.url}/thanks`,
    cancel_url: `${till.shop.url}/cart`,
    line_items: [aClass()],
    branding_settings: { display_name: 'Lotus & Bean' },
    allow_promotion_codes: true,
    ...more,
  });

const looks = [
  { colorScheme: 'light' as const, viewport: { width: 390, height: 844 } },
  { colorScheme: 'dark' as const, viewport: { width: 1280, height: 900 } },
];

describe.each(looks)('in $colorScheme at $viewport.width pixels', (look) => {
  it('the checkout, a declined card, the bank’s question and the end of it are accessible to everyone', async () => {
    const page = await newPage(look);
    const { url } = await session({ locale: look.colorScheme === 'dark' ? 'es' : 'en' });
    await page.goto(url ?? '');
    expect(await findings(page)).toEqual([]);
    await page.locator('#email').fill('nora@example.com');
    await page.getByRole('button', { name: /0002/ }).click();
    await page.locator('button.primary').click();
    await page.getByRole('alert').waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByRole('button', { name: /3155/ }).click();
    await page.locator('button.primary').click();
    await page.waitForURL(/3ds/);
    expect(await findings(page)).toEqual([]);
    await page.locator('button.primary').click();
    await page.waitForURL(/thanks/);
    await page.goto(url ?? '');
    expect(await findings(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('the portal, an invoice, a receipt, onboarding and the list of cards are too', async () => {
    const member = await aMember(till);
    const subscription = await stripe.subscriptions.create({
      customer: member.id,
      items: [{ price: await aPlan(till) }],
      expand: ['latest_invoice'],
    });
    const portal = await stripe.billingPortal.sessions.create({
      customer: member.id,
      return_url: till.shop.url,
    });
    const { hosted_invoice_url } = subscription.latest_invoice as Stripe.Invoice;
    const [charge] = (await stripe.charges.list({ customer: member.id })).data;
    const account = await stripe.accounts.create({ business_profile: { name: 'Ana' } });
    const link = await stripe.accountLinks.create({ account: account.id, type: 'account_onboarding' });
    const page = await newPage(look);
    for (const url of [portal.url, hosted_invoice_url, charge?.receipt_url, link.url, till.emulator.url]) {
      await page.goto(url ?? '');
      for (const summary of await page.locator('summary').all()) await summary.click();
      expect(await findings(page), url ?? '').toEqual([]);
    }
    expect(complaints).toEqual([]);
  });

  it('nothing is wider than the screen', async () => {
    const page = await newPage(look);
    await page.goto((await session()).url ?? '');
    const [inner, whole] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
    expect(whole).toBeLessThanOrEqual(inner ?? 0);
  });
});

describe('with a script', () => {
  it('typing is grouped, and a test card is filled in without leaving the page', async () => {
    const page = await newPage();
    await page.goto((await session()).url ?? '');
    await page.locator('#card_number').pressSequentially('4242424242424242');
    expect(await page.locator('#card_number').inputValue()).toBe('4242 4242 4242 4242');
    await page.locator('#card_expiry').pressSequentially('1234');
    expect(await page.locator('#card_expiry').inputValue()).toBe('12 / 34');
    await page.locator('#card_number').fill('');
    await page.locator('#card_number').pressSequentially('378282246310005');
    expect(await page.locator('#card_number').inputValue()).toBe('3782 822463 10005');
    await page.locator('#email').fill('nora@example.com');
    await page.getByRole('button', { name: /9995/ }).click();
    expect(await page.locator('#email').inputValue()).toBe('nora@example.com');
    expect(await page.locator('#card_number').inputValue()).toBe('4000 0000 0000 9995');
  });

  it('everything can be done from the keyboard', async () => {
    const page = await newPage();
    const { url, id } = await session();
    await page.goto(url ?? '');
    await page.locator('#email').focus();
    await page.keyboard.type('nora@example.com');
    for (const text of ['', '4242424242424242', '1234', '123', 'Nora Weiss']) {
      await page.keyboard.press('Tab');
      if (text) await page.keyboard.type(text);
    }
    await page.keyboard.press('Enter');
    await page.waitForURL(/thanks/);
    expect((await stripe.checkout.sessions.retrieve(id)).payment_status).toBe('paid');
  });

  it('only the fields of the chosen way to pay are shown', async () => {
    const page = await newPage();
    const { url, id } = await session();
    await page.goto(url ?? '');
    expect(await page.locator('#iban').isVisible()).toBe(false);
    await page.getByLabel('SEPA bank debit').check();
    expect(await page.locator('#card_number').isVisible()).toBe(false);
    await page.getByRole('button', { name: /AT61/ }).click();
    await page.locator('#email').fill('nora@example.com');
    await page.locator('button.primary').click();
    await page.waitForURL(/thanks/);
    const { payment_intent } = await stripe.checkout.sessions.retrieve(id);
    expect((await stripe.paymentIntents.retrieve(idOf(payment_intent))).status).toBe('succeeded');
  });
});

describe('without a script', () => {
  it('the browser itself fills the card in and pays', async () => {
    const page = await newPage({ javaScriptEnabled: false });
    await page.goto((await session()).url ?? '');
    await page.locator('#email').fill('nora@example.com');
    await page.getByRole('button', { name: /4242 4242/ }).click();
    expect(await page.locator('#email').inputValue()).toBe('nora@example.com');
    expect(await page.locator('#card_number').inputValue()).toBe('4242 4242 4242 4242');
    await page.locator('#card_name').press('Enter');
    await page.waitForURL(/thanks/);
  });
});
