/** How wide a page is, and how much script it brings. */
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';

/** What is wider than the window, by how much. */
export const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    // Letters of the machine's own are wider than ours, which may still be on their way.
    await document.fonts.ready;
    const over = document.documentElement.scrollWidth - window.innerWidth;
    if (over <= 0) return [];
    const out = [...document.querySelectorAll('body *')].find(
      (element) => element.getBoundingClientRect().right > window.innerWidth + 1,
    );
    return [`${over} px too wide: ${out?.tagName.toLowerCase() ?? 'something'}.${out?.classList[0] ?? ''}`];
  });

const sizes = new Map<string, number>();

/** Bytes of script that a page brings, compressed: its files and what stands in it. Data is no script: it is as much as the house has. */
export async function scriptWeight(page: Page): Promise<number> {
  const { files, inline } = await page.evaluate(() => ({
    files: performance
      .getEntriesByType('resource')
      .flatMap(({ name }) => (/\.m?js(\?|$)/.test(name) ? [name] : [])),
    inline: [...document.scripts].flatMap((script) =>
      script.src || /^application\/(?:ld\+)?json$/.test(script.type) ? [] : [script.text],
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
