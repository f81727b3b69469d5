/** A business's colours: kept as jsonb in `branding`, served as a stylesheet by src/pages/brand/[slug].css.ts. */
import { createHash } from 'node:crypto';

/**
 * ink and muted are text on background and surface; accent carries the main act, with accent_ink upon it; second is
 * its companion in pictures and patterns, never text. Every text colour keeps 4.5:1 (tests/site/contrast.test.ts).
 */
export const tokens = [
  'background',
  'surface',
  'ink',
  'muted',
  'accent',
  'accent_ink',
  'second',
  'positive',
  'warning',
  'danger',
] as const;
export type Palette = Record<(typeof tokens)[number], string>;

export interface Branding {
  /** The name of the drawing in pictures/logo. */
  logo: string;
  /** round: soft corners and light headings; square: crisp corners and heavier headings. */
  shape: 'round' | 'square';
  light: Palette;
  dark: Palette;
}

const colour = /^#[0-9a-f]{6}$/i;
const own: Branding = {
  logo: 'atrium',
  shape: 'round',
  light: {
    background: '#faf6ee',
    surface: '#fffdf8',
    ink: '#27282a',
    muted: '#5f6063',
    accent: '#2f5a55',
    accent_ink: '#f8fbf7',
    second: '#b9925b',
    positive: '#2f6444',
    warning: '#805200',
    danger: '#a22b2b',
  },
  dark: {
    background: '#171918',
    surface: '#212423',
    ink: '#f0ece3',
    muted: '#b2b0a8',
    accent: '#8fc7bd',
    accent_ink: '#0c211e',
    second: '#8f7a54',
    positive: '#97cba6',
    warning: '#e8ba5e',
    danger: '#f29d93',
  },
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function palette(value: unknown, fallback: Palette): Palette {
  const given = isRecord(value) ? value : {};
  const read = (token: keyof Palette) => {
    const found = given[token];
    return typeof found === 'string' && colour.test(found) ? found.toLowerCase() : fallback[token];
  };
  return Object.fromEntries(tokens.map((token) => [token, read(token)])) as Palette;
}

/** Reads `business.branding`. Only six-digit colours pass, so that nothing a business types can become other CSS. */
export function readBranding(value: unknown): Branding {
  const given = isRecord(value) ? value : {};
  return {
    logo: typeof given['logo'] === 'string' && /^[a-z-]+$/.test(given['logo']) ? given['logo'] : own.logo,
    shape: given['shape'] === 'square' ? 'square' : 'round',
    light: palette(given['light'], own.light),
    dark: palette(given['dark'], own.dark),
  };
}

const declarations = (values: Palette, scheme: 'light' | 'dark'): string =>
  `color-scheme:${scheme};` +
  tokens.map((token) => `--color-${token.replace('_', '-')}:${values[token]}`).join(';');

/**
 * Light by default, dark where the device or `data-theme` asks for it, always light on paper. `.night` is a part of a
 * page that is dark in both.
 */
export function brandStylesheet({ light, dark }: Branding): string {
  return [
    `:root{${declarations(light, 'light')}}`,
    `@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){${declarations(dark, 'dark')}}}`,
    `@media screen{[data-theme=dark],.night{${declarations(dark, 'dark')}}}`,
    '',
  ].join('\n');
}

/** Ten hexadecimal digits that change whenever the stylesheet does: its ETag and the `?v=` in its address. */
export const brandVersion = (branding: Branding): string =>
  createHash('sha256').update(brandStylesheet(branding)).digest('hex').slice(0, 10);
