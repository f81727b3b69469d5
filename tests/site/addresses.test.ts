import { expect, test } from 'vitest';
import { currentMark, inLanguage, plainPath } from '#site/addresses.ts';

const at = (path: string) => new URL(path, 'https://studio.example');

test.each([
  ['/schedule?style=yin', 'es', ['en', 'es'], '/es/schedule?style=yin'],
  ['/schedule?style=yin', 'en', ['en', 'es'], '/schedule?style=yin'],
  ['/es/schedule', 'en', ['en', 'es'], '/schedule'],
  ['/', 'es', ['en', 'es'], '/es'],
  ['/es', 'en', ['en', 'es'], '/'],
  ['/', 'en', ['es', 'en'], '/en'],
] as const)('%s in %s, where %j are spoken, is %s', (path, language, languages, expected) => {
  expect(inLanguage(at(path), language, languages)).toBe(expected);
});

test('only a whole part of a path is a language', () => {
  expect(plainPath('/essentials', ['en', 'es'])).toBe('/essentials');
  expect(plainPath('/es/cart', ['en', 'es'])).toBe('/cart');
});

test('the header marks the page one is on, and the one above it', () => {
  expect(currentMark('/instructors', '/instructors')).toBe('page');
  expect(currentMark('/instructors/ana', '/instructors')).toBe('true');
  expect(currentMark('/instructorship', '/instructors')).toBeUndefined();
  expect(currentMark('/visit', '/')).toBeUndefined();
});
