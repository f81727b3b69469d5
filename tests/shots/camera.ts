/** Takes a view's pictures: each page is loaded once and shown in every theme and width. */
import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Scene, View } from './scenes.ts';

export const themes = ['light', 'dark'] as const;
export const widths = [390, 1440] as const;
const heights = { 390: 844, 1440: 900 };

export interface Shot {
  view: string;
  scene: string;
  theme: (typeof themes)[number];
  width: (typeof widths)[number];
  /** Below the folder of all pictures. */
  file: string;
  /** What a person need not look for: the page answered an error, or is wider than the screen. */
  remarks: string[];
}

/** Refusals are pages too, and a page that changes its size while it fades in is only our doing. */
const expected = /status of 4\d\d|Transition was (aborted|skipped)/;

async function signIn(page: Page, site: string, email: string): Promise<void> {
  await page.goto(`${site}/signin`);
  await page.locator('input[name=email]').fill(email);
  await page.locator('input[name=password]').fill('atrium-demo-1');
  await page.locator('form[action="/api/auth/signin"] button[data-busy]:not([formaction])').click();
  await page.waitForURL((url) => !url.pathname.includes('signin'));
}

/** Elements that stick out of the page's right edge, as short selectors. */
const overflowOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wide = document.documentElement.scrollWidth;
    if (wide <= window.innerWidth) return [];
    const out = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > window.innerWidth + 1,
    );
    return out
      .slice(0, 3)
      .map(
        (element) => `${element.tagName.toLowerCase()}.${element.classList[0] ?? ''} sticks out (${wide} px)`,
      );
  });

async function shootScene(
  page: Page,
  site: string,
  { view, scene, folder }: { view: View; scene: Scene; folder: string },
): Promise<Shot[]> {
  const problems: string[] = [];
  const note = (text: string) => problems.push(text);
  const hear = (message: { type(): string; text(): string }) =>
    message.type() === 'error' && !expected.test(message.text()) && note(message.text().slice(0, 200));
  page.on('console', hear);
  const fail = (error: Error) => expected.test(error.message) || note(error.message.slice(0, 200));
  page.on('pageerror', fail);
  const shots: Shot[] = [];
  try {
    await page.setViewportSize({ width: 1440, height: heights[1440] });
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    const path = `${view.prefix}${scene.path}`.replace(/^(\/e[ns])\/$/, '$1');
    const answer = await page.goto(URL.canParse(scene.path) ? scene.path : `${site}${path}`);
    if (answer && answer.status() >= 500) note(`answered ${answer.status()}`);
    await scene.act?.(page);
  } catch (error) {
    note(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
  page.off('console', hear);
  page.off('pageerror', fail);
  for (const width of widths) {
    await page.setViewportSize({ width, height: heights[width] });
    const remarks = [...problems, ...(await overflowOf(page))];
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      const file = join(`${view.name}-${theme}-${width}`, `${scene.name}.png`);
      const path = join(folder, file);
      // A browser that hangs costs one picture, not all of them.
      await page
        .screenshot({ path, fullPage: true, animations: 'disabled', caret: 'hide' })
        .catch((error: unknown) => remarks.push(`no picture: ${String(error).split('\n')[0] ?? ''}`));
      shots.push({ view: view.name, scene: scene.name, theme, width, file, remarks });
    }
  }
  return shots;
}

/** In the order of the view's scenes: some build upon what the ones before have done. */
export async function shootView(
  browser: Browser,
  site: string,
  { view, folder, number }: { view: View; folder: string; number: number },
): Promise<Shot[]> {
  const context: BrowserContext = await browser.newContext({
    locale: view.name.endsWith('en') ? 'en-GB' : 'es-ES',
    extraHTTPHeaders: { 'x-forwarded-for': `10.77.0.${number + 1}` },
  });
  try {
    for (const theme of themes)
      for (const width of widths)
        await mkdir(join(folder, `${view.name}-${theme}-${width}`), { recursive: true });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    if (view.email) await signIn(page, site, view.email);
    const shots: Shot[] = [];
    for (const scene of view.scenes) shots.push(...(await shootScene(page, site, { view, scene, folder })));
    return shots;
  } finally {
    await context.close();
  }
}
