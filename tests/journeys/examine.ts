/** What a page must not have, whatever it is about. */
import { AxeBuilder } from '@axe-core/playwright';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { desk, phone } from './browsing.ts';

const rules = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

interface Complaint {
  id: string;
  nodes: { target: unknown; failureSummary?: string | undefined }[];
}

/** The first look brings axe into the page; further ones find it there. */
async function look(page: Page, runOnly: string[]): Promise<Complaint[]> {
  if (!(await page.evaluate(() => 'axe' in window))) {
    const axe = new AxeBuilder({ page }).setLegacyMode();
    return (await axe.options({ runOnly, resultTypes: ['violations'] }).analyze()).violations;
  }
  return page.evaluate(async (only) => {
    const { axe } = window as unknown as {
      axe: { run(of: Document, options: object): Promise<{ violations: Complaint[] }> };
    };
    return (await axe.run(document, { runOnly: only, resultTypes: ['violations'] })).violations;
  }, runOnly);
}

/** What axe finds wrong in these colours, a line each. */
async function complaints(page: Page, theme: 'light' | 'dark', runOnly = rules): Promise<string[]> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  const where = `${theme}, ${page.viewportSize()?.width ?? 0} px`;
  return (await look(page, runOnly)).flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => {
      const why = failureSummary?.split('\n')[1]?.trim() ?? '';
      return `${where}: ${id} at ${String(target)}: ${why}`;
    }),
  );
}

/** What is wider than the window, by how much. */
export const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const over = document.documentElement.scrollWidth - window.innerWidth;
    if (over <= 0) return [];
    const out = [...document.querySelectorAll('body *')].find(
      (element) => element.getBoundingClientRect().right > window.innerWidth + 1,
    );
    return [`${over} px too wide: ${out?.tagName.toLowerCase() ?? 'something'}.${out?.classList[0] ?? ''}`];
  });

const sizes = new Map<string, number>();

/** Bytes of script that a page brings, compressed: its files and what stands in it. */
export async function scriptWeight(page: Page): Promise<number> {
  const { files, inline } = await page.evaluate(() => ({
    files: performance
      .getEntriesByType('resource')
      .flatMap(({ name }) => (/\.m?js(\?|$)/.test(name) ? [name] : [])),
    inline: [...document.scripts].flatMap((script) =>
      script.src || script.type === 'application/ld+json' ? [] : [script.text],
    ),
  }));
  let sum = inline.reduce((bytes, text) => bytes + gzipSync(text).length, 0);
  for (const file of new Set(files)) {
    let size = sizes.get(file);
    if (size === undefined) {
      size = gzipSync(await (await fetch(file)).text()).length;
      sizes.set(file, size);
    }
    sum += size;
  }
  return sum;
}

/** Everything that is wrong with the page as it stands, on a phone and on a desk, in the light and in the dark. */
export async function examine(page: Page): Promise<string[]> {
  await page.setViewportSize(phone);
  const wrong = await tooWide(page);
  wrong.push(...(await complaints(page, 'light')), ...(await complaints(page, 'dark', ['color-contrast'])));
  await page.setViewportSize(desk);
  wrong.push(...(await complaints(page, 'dark')), ...(await complaints(page, 'light', ['color-contrast'])));
  return wrong;
}
