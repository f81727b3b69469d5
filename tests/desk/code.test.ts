import { expect, test } from 'vitest';
import { spokenCode } from '#desk/code.ts';
import { codeIn } from '#desk/offline/rows.ts';
import { pay } from '#desk/inputs.ts';
import { pictureOf } from '#site/qr.ts';

test('a code is said in two halves, and read in whatever halves and capitals it comes', () => {
  expect(spokenCode('K7M2QX')).toBe('K7M 2QX');
  for (const typed of ['K7M2QX', 'k7m 2qx', ' K7M-2QX\n']) expect(codeIn(typed)).toBe('K7M2QX');
  // Letters that are mistaken for digits are in no code; names are none.
  for (const typed of ['K7M2Q', 'K7M2QXX', 'ILOU22', 'Anna B']) expect(codeIn(typed)).toBeNull();
});

test('its picture is one small square with a quiet zone of four modules', () => {
  const { size, path } = pictureOf('K7M2QX');
  expect(size).toBe(21 + 2 * 4);
  const modules = [...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => [Number(x), Number(y)]);
  expect(modules.length).toBeGreaterThan(150);
  expect(modules.flat().every((at) => at >= 4 && at < size - 4)).toBe(true);
  expect(pictureOf('K7M2QY').path).not.toBe(path);
});

test('a button says how it is paid, with which pass, or which pack it buys', () => {
  const id = '80000000-0000-4000-8000-000000000002';
  expect(pay.parse('cash')).toEqual({ pay_with: 'cash' });
  expect(pay.parse(`pass:${id}`)).toEqual({ pay_with: 'pass', pass_id: id });
  expect(pay.parse(`terminal:${id}`)).toEqual({ pay_with: 'terminal', pack_id: id });
  for (const nonsense of ['', 'card', 'cash:me', `gift:${id}`])
    expect(pay.safeParse(nonsense).success).toBe(false);
});
