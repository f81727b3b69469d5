/** What a page must not have, whatever it is about. */
import { AxeBuilder } from '@axe-core/playwright';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';

const rules = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

/** What axe finds wrong, a line each. */
async function complaints(page: Page, theme: 'light' | 'dark'): Promise<string[]> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  const axe = new AxeBuilder({ page }).setLegacyMode();
  // What does not hang on colours has been looked at in the light.
  const { violations } = await (
    theme === 'light' ? axe.withTags(rules) : axe.withRules('color-contrast')
  ).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${theme}: ${id} at ${target.join(' ')}: ${failureSummary?.split('\n')[1]?.trim() ?? ''}`,
    ),
  );
}

/** What is wider than the window, by how much. */
const tooWide = (page: Page): Promise<string[]> =>
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

/** Everything that is wrong with the page as it stands, at 390 px: colours, names, structure, width. */
export async function examine(page: Page): Promise<string[]> {
  return [
    ...(await tooWide(page)),
    ...(await complaints(page, 'light')),
    ...(await complaints(page, 'dark')),
  ];
}
