/** People at a real browser. One Chromium for all tests of a file; everybody has a window, cookies and address of their own. */
import { randomInt } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  chromium,
  type Browser,
  type BrowserContextOptions,
  type Page,
  type Response,
} from 'playwright-core';
import { afterAll, afterEach, expect, inject } from 'vitest';
import { root } from '../../local/parts/root.ts';
import { findings } from '../world.ts';
import { desk } from './sizes.ts';

export { desk, phone } from './sizes.ts';

const { siteUrl, chromium: executablePath } = inject('stack');

let launched: Promise<Browser> | undefined;
/** What went wrong in any window and was nobody's intention. */
let troubles: string[] = [];

export interface Wish {
  site?: string;
  size?: { width: number; height: number };
  /** False switches JavaScript off. */
  script?: boolean;
  theme?: 'light' | 'dark';
  /** A touch screen, as phones have. */
  touch?: boolean;
  /** The browser's own language. */
  language?: string;
}

/** Notes errors in the console (a violation of the content security policy is one) and of scripts. */
function watch(page: Page): void {
  // A page that answers 404 or 422 is what was asked for, though the browser writes it down as an error.
  const refused = new Set<string>();
  page.on('response', (answer) => {
    const isPage = answer.request().isNavigationRequest();
    if (isPage && answer.status() >= 400 && answer.status() < 500) refused.add(answer.url());
    if (answer.status() >= 500) troubles.push(`${answer.url()} answered ${answer.status()}`);
  });
  page.on('console', (message) => {
    if (message.type() !== 'error' || refused.has(message.location().url)) return;
    troubles.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`${page.url()}: ${error.message}`));
}

/** A window of somebody's own. */
export async function openWindow(wish: Wish = {}): Promise<Page> {
  launched ??= chromium.launch({ executablePath });
  const options: BrowserContextOptions = {
    baseURL: wish.site ?? siteUrl,
    viewport: wish.size ?? desk,
    colorScheme: wish.theme ?? 'light',
    reducedMotion: 'reduce',
    locale: wish.language ?? 'en-GB',
    hasTouch: wish.touch ?? false,
    isMobile: wish.touch ?? false,
    javaScriptEnabled: wish.script ?? true,
    // Limits by address are each person's own.
    extraHTTPHeaders: { 'x-forwarded-for': `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}` },
  };
  const context = await (await launched).newContext(options);
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  watch(page);
  return page;
}

/** As `page.goto`, for addresses that must answer with a page. */
export async function visit(page: Page, path: string): Promise<Response> {
  const answer = await page.goto(path);
  if (!answer) throw new Error(`${path} is where ${page.url()} is already`);
  return answer;
}

/** Only for tests in which something is meant to break. */
export function forgetTroubles(): void {
  troubles = [];
}

/** What a failed test's windows showed, in .local/journeys. */
async function keepPictures(browser: Browser, name: string): Promise<void> {
  const folder = join(root, '.local/journeys');
  await mkdir(folder, { recursive: true });
  const pages = browser.contexts().flatMap((context) => context.pages());
  for (const [number, page] of pages.entries()) {
    const file = join(folder, `${name.replaceAll(/\W+/g, '-').slice(0, 80)}-${number + 1}.png`);
    await page.screenshot({ path: file }).catch(() => undefined);
    console.log(`${page.url()} is shown in ${file}`);
  }
}

afterEach(async ({ task }) => {
  const browser = await launched;
  if (browser && task.result?.state === 'fail') await keepPictures(browser, task.name);
  await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
  const found = troubles;
  forgetTroubles();
  expect(found).toEqual([]);
  expect(await findings()).toEqual([]);
});

afterAll(async () => {
  await (await launched)?.close();
});
