import { expect, test } from 'vitest';
import { hrefIn, readingOf, readingOfCommand } from '#platform/visit/language.ts';

const lotus = { locales: ['en' as const, 'es' as const], country: 'ES' };
const barberia = { locales: ['es' as const, 'en' as const], country: 'AR' };

test("a business's first language has no prefix", () => {
  expect(readingOf('/schedule', lotus)).toMatchObject({ locale: 'en', path: '/schedule', prefixed: false });
  expect(readingOf('/schedule', barberia)).toMatchObject({ locale: 'es-AR', path: '/schedule' });
});

test('a prefix chooses the language and is taken off the path', () => {
  expect(readingOf('/es/schedule', lotus)).toMatchObject({ locale: 'es', path: '/schedule', prefixed: true });
  expect(readingOf('/es', lotus).path).toBe('/');
  expect(readingOf('/en/cart', barberia)).toMatchObject({ locale: 'en', path: '/cart' });
});

test('a word that only begins like a language is not one', () => {
  expect(readingOf('/essentials', lotus)).toMatchObject({ locale: 'en', path: '/essentials' });
  expect(readingOf('/es/x', { locales: ['en'], country: 'ES' })).toMatchObject({
    locale: 'en',
    path: '/es/x',
  });
});

test('a form is answered in the language of its page', () => {
  expect(readingOfCommand('/api/cart', lotus, '/es/cart', 'en')).toMatchObject({
    locale: 'es',
    path: '/api/cart',
  });
  expect(readingOfCommand('/api/cart', lotus, '/cart', 'es')).toMatchObject({ locale: 'en' });
});

test('a program is answered in the language it asks for, if the business speaks it', () => {
  expect(readingOfCommand('/api/cart', lotus, null, 'fr, es;q=0.8').locale).toBe('es');
  expect(readingOfCommand('/api/cart', barberia, null, 'fr').locale).toBe('es-AR');
});

test('links keep the language, once', () => {
  const es = hrefIn('es', lotus);
  expect(['/cart', '/', '/?a=1', '/es/cart'].map(es)).toEqual(['/es/cart', '/es', '/es?a=1', '/es/cart']);
  expect(['/api/cart', 'https://x.example/', '//x.example', '#top'].map(es)).toEqual([
    '/api/cart',
    'https://x.example/',
    '//x.example',
    '#top',
  ]);
  expect(hrefIn('en', lotus)('/cart')).toBe('/cart');
});
