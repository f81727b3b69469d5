import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Palette, readBranding, tokens } from '#site/brand.ts';
import { contrast, mix, read } from './colour.ts';

const seed = readFileSync('supabase/seed.sql', 'utf8');
const seeded = [...seed.matchAll(/'(\{"logo": "(\w+)".*?\}\})'/g)].map((found) => ({
  name: found[2] ?? '',
  written: JSON.parse(found[1] ?? '{}') as Record<'light' | 'dark', Record<string, string>>,
}));

test('both businesses of the seed bring every colour, and each is kept as written', () => {
  expect(seeded.map(({ name }) => name)).toEqual(['lotus', 'barberia']);
  for (const { written } of seeded) {
    const branding = readBranding(written);
    for (const theme of ['light', 'dark'] as const) {
      expect(Object.keys(written[theme]).sort()).toEqual([...tokens].sort());
      expect(branding[theme]).toEqual(written[theme]);
    }
  }
});

const palettes: [string, Palette][] = [
  { name: 'a business without colours', written: {} },
  ...seeded,
].flatMap(({ name, written }) => {
  const { light, dark } = readBranding(written);
  return [
    [`${name}, light`, light],
    [`${name}, dark`, dark],
  ] as [string, Palette][];
});

describe.each(palettes)('%s', (_name, palette) => {
  const colour = Object.fromEntries(tokens.map((token) => [token, read(palette[token])])) as Record<
    keyof Palette,
    ReturnType<typeof read>
  >;
  const grounds = {
    background: colour.background,
    surface: colour.surface,
    wash: mix(colour.accent, 0.09, colour.background),
    secondWash: mix(colour.second, 0.2, colour.background),
    footer: mix(colour.ink, 0.03, colour.background),
  };

  test.each(Object.entries(grounds))('text can be read on the %s', (_ground, ground) => {
    expect(contrast(colour.ink, ground)).toBeGreaterThanOrEqual(7);
    expect(contrast(colour.muted, ground)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour.accent, ground)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['positive', 'warning', 'danger'] as const)('%s can be read where it is written', (token) => {
    expect(contrast(colour[token], colour.background)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour[token], colour.surface)).toBeGreaterThanOrEqual(4.5);
  });

  test('the main button can be read, and a dark strip on the page', () => {
    expect(contrast(colour.accent_ink, colour.accent)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour.background, colour.ink)).toBeGreaterThanOrEqual(7);
  });

  test('the edge of a field can be seen', () => {
    const edge = mix(colour.ink, 0.48, colour.background);
    expect(contrast(edge, colour.background)).toBeGreaterThanOrEqual(3);
    expect(contrast(edge, colour.surface)).toBeGreaterThanOrEqual(3);
  });
});
