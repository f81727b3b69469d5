import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { bare } from '#site/own-picture/bare.ts';

const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')];
const bytes = (...parts: (number[] | string)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? ascii(part) : part)));
const two = (number: number): number[] => [number >> 8, number & 255];
const four = (number: number): number[] => [
  number >>> 24,
  (number >> 16) & 255,
  (number >> 8) & 255,
  number & 255,
];
const words = (picture: Uint8Array): string => Buffer.from(picture).toString('latin1');

/** What a telephone writes down: how it was held, and where. */
const tiff = (turn: number): number[] => [
  ...ascii('II*\0'),
  ...[8, 0, 0, 0, 2, 0],
  ...[0x12, 0x01, 3, 0, 1, 0, 0, 0, turn, 0, 0, 0],
  ...[0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0],
  ...[0, 0, 0, 0],
  ...ascii('GPS 40.4085 N 3.7003 W'),
];
const segment = (marker: number, data: number[]): number[] => [
  0xff,
  marker,
  ...two(data.length + 2),
  ...data,
];
const scan = [...segment(0xda, [1, 2, 3]), 7, 0xff, 0, 8, 0xff, 0xd3, 9];

const jpeg = (turn: number): Uint8Array =>
  bytes(
    [0xff, 0xd8],
    segment(0xe0, ascii('JFIF\0.......')),
    segment(0xe1, [...ascii('Exif\0\0'), ...tiff(turn)]),
    segment(0xe1, ascii('http://ns.adobe.com/xap/1.0/\0 taken by Ada')),
    segment(0xe2, ascii('ICC_PROFILE\0colours')),
    segment(0xe2, ascii('MPF\0more')),
    segment(0xed, ascii('Photoshop 3.0\0Ada')),
    segment(0xfe, ascii('Ada was here')),
    segment(0xdb, [0, 1, 2]),
    segment(0xc2, [8, 0, 4, 0, 6, 1]),
    scan,
    segment(0xc4, [5, 5]),
    scan,
    [0xff, 0xd9],
    'a film behind the end, GPS 40.4085',
  );
const chunk = (type: string, data: number[]): number[] => {
  const named = [...ascii(type), ...data];
  return [...four(data.length), ...named, ...four(crc32(Uint8Array.from(named)))];
};
const png = (turn: number): Uint8Array =>
  bytes(
    [0x89, ...ascii('PNG\r\n\x1a\n')],
    chunk('IHDR', [0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0]),
    chunk('gAMA', [0, 0, 1, 0]),
    chunk('tEXt', ascii('Author\0Ada')),
    chunk('eXIf', tiff(turn)),
    chunk('IDAT', [1, 2, 3]),
    chunk('IEND', []),
    'GPS behind the end',
  );
const riff = (type: string, data: number[]): number[] => [
  ...ascii(type),
  ...four(data.length).reverse(),
  ...data,
  ...(data.length % 2 ? [0] : []),
];
const webp = (turn: number): Uint8Array => {
  const parts = [
    ...riff('VP8X', [0x2c, 0, 0, 0, 1, 0, 0, 1, 0, 0]),
    ...riff('ICCP', ascii('colours')),
    ...riff('VP8 ', [1, 2, 3]),
    ...riff('EXIF', tiff(turn)),
    ...riff('XMP ', ascii('taken by Ada')),
  ];
  return bytes('RIFF', four(parts.length + 4).reverse(), 'WEBP', parts);
};

test.each([
  ['JPEG', 'image/jpeg', jpeg],
  ['PNG', 'image/png', png],
  ['WebP', 'image/webp', webp],
] as const)('a %s is kept without where, when and by whom it was taken', (_kind, type, picture) => {
  for (const turn of [1, 6]) {
    expect(words(picture(turn))).toMatch(/GPS/);
    const kept = bare(picture(turn), type);
    expect(words(kept)).not.toMatch(/GPS|Ada|adobe|MPF|film/);
    // What is bare already stays as it is, to the byte.
    expect(bare(kept, type)).toEqual(kept);
  }
});

test('its colours and its pixels stay, and it stands as it was held', () => {
  const upright = bare(jpeg(1), 'image/jpeg');
  expect(words(upright)).toContain('ICC_PROFILE');
  expect(words(upright)).not.toContain('Exif');
  expect(words(upright).split(words(Uint8Array.from(scan)))).toHaveLength(3);
  expect([...upright.slice(-2)]).toEqual([0xff, 0xd9]);
  const turned = bare(jpeg(6), 'image/jpeg');
  expect(turned.byteLength - upright.byteLength).toBe(36);
  expect(words(turned)).toContain(
    words(bytes('Exif\0\0MM\0*', [0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6])),
  );

  expect(words(bare(png(1), 'image/png'))).toMatch(/^.PNG[^]*IHDR[^]*gAMA[^]*IDAT[^]*IEND....$/);
  expect(words(bare(png(8), 'image/png'))).toContain('eXIfMM');

  const lying = bare(webp(6), 'image/webp');
  expect(words(bare(webp(1), 'image/webp'))).toMatch(/^RIFF[^]*WEBPVP8X[^]*ICCP[^]*VP8 /);
  // The flags: colours yes, XMP no, Exif only where it says a turn.
  expect([bare(webp(1), 'image/webp')[20], lying[20]]).toEqual([0x20, 0x28]);
  expect(new DataView(lying.buffer, lying.byteOffset).getUint32(4, true)).toBe(lying.byteLength - 8);
});

test('whatever is broken in it, it comes to an end', () => {
  for (const [type, picture] of [
    ['image/jpeg', jpeg(6)],
    ['image/png', png(6)],
    ['image/webp', webp(6)],
  ] as const)
    for (let length = 12; length < picture.byteLength; length++)
      expect(bare(picture.subarray(0, length), type).byteLength).toBeLessThanOrEqual(length + 60);
});
