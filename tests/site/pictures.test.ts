import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = 'src/site/pictures/';
const names = globSync('**/*.svg', { cwd: folder }).map((path) =>
  path.replace(/\.svg$/, '').replaceAll('\\', '/'),
);
const sheet = readFileSync('src/site/styles/tokens.css', 'utf8');
const seed = readFileSync('supabase/seed.sql', 'utf8');

test.each(names)('%s is painted with the tokens, and brings neither ids, styles nor scripts', (name) => {
  const svg = readFileSync(`${folder}${name}.svg`, 'utf8');
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 \d+ \d+">/);
  expect(svg).not.toMatch(/\sid=|style=|<style|<script|<image|href=|NaN|undefined/);
  for (const [, variable] of svg.matchAll(/var\((--[\w-]+)\)/g)) expect(sheet).toContain(`${variable}:`);
});

test('no drawing costs more than a photograph’s thumbnail', () => {
  for (const name of names) expect(readFileSync(`${folder}${name}.svg`).length).toBeLessThan(8000);
});

test('every style, instructor, map, hero and logo of the seed has been drawn', () => {
  const styles = [...seed.matchAll(/'(vinyasa|hatha|yin|power|restorative|prenatal|shaving|beard|cuts)'/g)];
  const wanted = [
    ...styles.map(([, style]) => `style/${style}`),
    ...[...seed.matchAll(/'(portrait\/\w+)'/g)].map(([, portrait]) => portrait),
    ...[...seed.matchAll(/"logo": "(\w+)"/g)].flatMap(([, logo]) => [`logo/${logo}`, `hero/${logo}`]),
    'map/lotus',
    'map/barberia-sur',
  ];
  expect(new Set(styles.map(([, style]) => style)).size).toBe(9);
  expect(wanted.filter((name) => !names.includes(name ?? ''))).toEqual([]);
});

test('everything the menus of the seed sell has been drawn', () => {
  const menu = readFileSync('supabase/seeds/menu.sql', 'utf8');
  const sold = [...menu.matchAll(/'((?:drink|food|shelf)\/[\w-]+)'/g)].map(([, name]) => name ?? '');
  expect(sold.length).toBeGreaterThan(10);
  expect(sold.filter((name) => !names.includes(name))).toEqual([]);
});

test('every picture a page names is there', () => {
  const sources = globSync('src/**/*.astro').map((path) => readFileSync(path, 'utf8'));
  const named = sources.flatMap((text) =>
    [...text.matchAll(/["'`]((?:empty|error|mark)\/[\w-]+)["'`]/g)].map(([, name]) => name ?? ''),
  );
  expect(named.length).toBeGreaterThan(2);
  expect(named.filter((name) => !names.includes(name))).toEqual([]);
});
