/** What a page must not have, whatever it is about. */
import axeCore from 'axe-core';
import type { Page } from 'playwright-core';
import { tooWide } from './measures.ts';
import { shownOn, type Looks } from './shown.ts';
import { desk, phone } from './sizes.ts';

const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
const ofColours = ['color-contrast', 'link-in-text-block'];
const ofSize = ['target-size', 'scrollable-region-focusable'];
const all = axeCore
  .getRules(tags)
  .filter(({ tags: of }) => !of.includes('experimental') && !of.includes('deprecated'))
  .map(({ ruleId }) => ruleId);
const ofWords = all.filter((rule) => !ofColours.includes(rule));

interface Reading {
  rules: string[];
  /** Looks of parts to leave out. */
  without?: string[];
  /** Looks of texts that alone are read. */
  texts?: string[];
}
interface Found {
  wrong: string[];
  /** Looks of texts whose colours are good, or of which nobody can tell. */
  good: string[];
}

/** Every frame that can be read has axe in it, for the window that asks hears of its frames too. */
export async function bringAxe(page: Page): Promise<void> {
  await Promise.all(
    page.frames().map(async (frame) => {
      if (!(await frame.evaluate(() => 'axe' in window))) await frame.evaluate(axeCore.source);
    }),
  );
}

/** Runs axe in the page on what `shownOn` has found there. */
const read = (page: Page, reading: Reading): Promise<Found> =>
  page.evaluate(async ({ rules, without, texts }) => {
    const { axe, looks } = window as unknown as { axe: typeof axeCore; looks: Looks };
    const those = (of: Map<Element, string>, wanted: string[]) =>
      [...of].filter(([, look]) => wanted.includes(look)).map(([element]) => element);
    // One of each look is enough: the one that says most, for of a single letter nobody can tell. Frames have looks of their own.
    const once = (wanted: string[]) => {
      const length = (element: Element) =>
        (element instanceof HTMLInputElement ? element.value : element.textContent).trim().length;
      const best = new Map<string, Element>();
      for (const [element, look] of looks.texts) {
        const other = best.get(look);
        if (wanted.includes(look) && (!other || length(other) < length(element))) best.set(look, element);
      }
      return [...best.values(), ...document.querySelectorAll('iframe')];
    };
    const context = texts ? { include: once(texts) } : { exclude: those(looks.parts, without ?? []) };
    const { violations, passes, incomplete } = await axe.run(context as unknown as axeCore.ElementContext, {
      runOnly: { type: 'rule', values: rules },
      resultTypes: texts ? ['violations', 'passes', 'incomplete'] : ['violations'],
      elementRef: true,
    });
    const wrong = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => {
        const why = failureSummary?.split('\n')[1]?.trim() ?? '';
        return `${id} at ${String(target)}: ${why}`;
      }),
    );
    // What lies on a picture, or is out of sight by its own style, cannot be measured, wherever it looks the same.
    const settled = ['bgImage', 'bgGradient', 'pseudoContent', 'complexTextShadows', 'hidden'];
    const wrongAt = violations.flatMap(({ nodes }) => nodes.map(({ element }) => element));
    const good = [...passes, ...incomplete]
      .flatMap(({ id, nodes }) => (id === 'color-contrast' ? nodes : []))
      .flatMap(({ element, any }) => {
        const { contrastRatio, messageKey } = (any[0]?.data ?? {}) as Record<string, string>;
        const look = element && looks.texts.get(element as Element);
        if (!look || wrongAt.includes(element)) return [];
        return (messageKey ? settled.includes(messageKey) : contrastRatio) ? [look] : [];
      });
    return { wrong, good };
  }, reading);

/** Looks in which nothing was wrong: whatever shows the same again is not read again. */
const good = { anywhere: new Set<string>(), here: new Set<string>(), colours: new Set<string>() };

/** What is wrong with the page at its present size and in these colours, a line each. */
async function complaints(page: Page, theme: 'light' | 'dark', only?: 'colours'): Promise<string[]> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  const { origin } = new URL(page.url());
  const width = page.viewportSize()?.width ?? 0;
  const shown = await shownOn(page, only);
  const wrong: string[] = [];

  // What is said does not depend on colours, and on the width only where something else is shown there.
  if (!only) {
    const anywhere = (look: string) => `${origin} ${look}`;
    const here = (look: string) => `${origin} ${width} ${look}`;
    const isNew = shown.parts.some((look) => !good.anywhere.has(anywhere(look)));
    const without = shown.parts.filter((look) => good.here.has(here(look)));
    const found = await read(page, { rules: isNew ? ofWords : ofSize, without });
    wrong.push(...found.wrong);
    if (found.wrong.length === 0) {
      for (const look of shown.parts) {
        good.anywhere.add(anywhere(look));
        good.here.add(here(look));
      }
    }
  }

  const painted = (look: string) => `${origin} ${width} ${theme} ${look}`;
  const texts = shown.texts.filter((look) => !good.colours.has(painted(look)));
  if (texts.length > 0 || page.frames().length > 1) {
    const found = await read(page, { rules: ofColours, texts });
    wrong.push(...found.wrong);
    for (const look of found.good) good.colours.add(painted(look));
  }
  return wrong.map((what) => `${theme}, ${width} px: ${what}`);
}

/** Everything that is wrong with the page as it stands, on a phone and on a desk, in the light and in the dark. */
export async function examine(page: Page): Promise<string[]> {
  await page.setViewportSize(phone);
  const wrong = await tooWide(page);
  await bringAxe(page);
  wrong.push(...(await complaints(page, 'light')), ...(await complaints(page, 'dark', 'colours')));
  await page.setViewportSize(desk);
  wrong.push(...(await complaints(page, 'dark')), ...(await complaints(page, 'light', 'colours')));
  return wrong;
}
