import fc from 'fast-check';
import { expect, test } from 'vitest';
import { measure } from '#site/own-picture/measure.ts';
import { jpeg, png, webp } from './picture-files.ts';

test.each([
  ['a PNG', png(640, 480), { type: 'image/png', width: 640, height: 480 }],
  ['a JPEG, after what its camera says', jpeg(1200, 900), { type: 'image/jpeg', width: 1200, height: 900 }],
  ['a WebP that loses nothing', webp('VP8L', 33, 1), { type: 'image/webp', width: 33, height: 1 }],
  ['a WebP that does', webp('VP8 ', 800, 600), { type: 'image/webp', width: 800, height: 600 }],
  ['a WebP with more to it', webp('VP8X', 5000, 300), { type: 'image/webp', width: 5000, height: 300 }],
])('%s is known by its bytes, with its size', (_what, bytes, is) => expect(measure(bytes)).toEqual(is));

test.each([
  [
    'a drawing that can hold scripts',
    '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
  ],
  ['a page', '<!doctype html><title>Not a picture, whatever it is called</title>'],
  ['a GIF', 'GIF89a'.padEnd(64, '\0')],
  ['a name and nothing else', '\u0089PNG'],
  ['nothing', ''],
])('%s is no picture', (_what, text) => expect(measure(Buffer.from(text, 'latin1'))).toBeNull());

test('nor is one without a size, one larger than any wall, or one that ends too soon', () => {
  expect([measure(png(0, 10)), measure(png(10, 20_000)), measure(jpeg(0, 1))]).toEqual([null, null, null]);
  for (const whole of [png(64, 48), jpeg(64, 48), webp('VP8X', 64, 48)])
    for (let length = 0; length < 20; length++) expect(measure(whole.subarray(0, length))).toBeNull();
});

test('whatever bytes come, they are looked at and nothing breaks', () => {
  const begins = fc.constantFrom(png(1, 1), jpeg(1, 1), webp('VP8X', 1, 1), new Uint8Array());
  fc.assert(
    fc.property(begins, fc.nat(40), fc.uint8Array({ maxLength: 200 }), (begin, kept, rest) => {
      const found = measure(new Uint8Array([...begin.subarray(0, kept), ...rest]));
      expect(found === null || (found.width > 0 && found.height > 0)).toBe(true);
    }),
  );
});
