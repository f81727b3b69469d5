import { expect, test } from 'vitest';
import { messages } from '#platform/i18n/index.ts';
import { specialDayWords } from '#shop/menu/special-days.ts';

const say = (locale: 'en' | 'es', on_date: string, hours: [string, string][], why: object = {}) =>
  specialDayWords(
    { on_date, hours: hours.map(([opens, closes]) => ({ opens, closes })), why },
    '2026-12-24',
    { m: messages(locale), locale },
  );

test('a closed day is told with its reason, today or by its date', () => {
  expect(say('en', '2026-12-24', [], { en: 'Christmas Eve', es: 'Nochebuena' })).toBe(
    'Closed today: Christmas Eve',
  );
  expect(say('es', '2026-12-24', [])).toBe('Hoy cerrado');
  expect(say('en', '2026-12-25', [])).toContain('Closed on Friday');
  expect(say('es', '2026-12-25', [], { es: 'Navidad', en: 'Christmas' })).toBe(
    'Cerrado el viernes, 25 de diciembre: Navidad',
  );
});

test('other hours are told as they are', () => {
  const twice: [string, string][] = [
    ['10:00', '14:00'],
    ['17:00', '20:00'],
  ];
  expect(say('en', '2026-12-24', twice, { es: 'Short day' })).toBe(
    'Open today 10:00–14:00, 17:00–20:00: Short day',
  );
  expect(say('en', '2027-01-01', [['10:00', '14:00']])).toMatch(/^Open on Friday.*January, 10:00–14:00$/);
});
