import '../platform/settings.ts';
import { expect, test } from 'vitest';
import { calendarPath, readCalendarToken } from '#booking/calendars/link.ts';

const order = '90000000-0000-4000-8000-000000000001';
const tokenOf = (path: string) => path.replace(/^\/calendars\/|\.ics$/g, '');

test('a calendar’s address opens its order, in the language it was given out in', () => {
  expect(readCalendarToken(tokenOf(calendarPath(order, 'en')))).toEqual({ orderId: order, language: 'en' });
  expect(readCalendarToken(tokenOf(calendarPath(order, 'es-AR')))).toEqual({
    orderId: order,
    language: 'es',
  });
});

test('an address that somebody has changed opens nothing', () => {
  const token = tokenOf(calendarPath(order, 'en'));
  const other = token.replace(/^9/, '8');
  for (const text of [other, token.replace('.en.', '.es.'), token.slice(0, -1), `${token}x`, '', undefined])
    expect(readCalendarToken(text)).toBeNull();
});
