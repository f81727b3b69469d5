/** The beginnings of picture files, as far as anybody looks at them. */
const filled = (...parts: (string | number[])[]): Uint8Array => {
  const bytes = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );
  return new Uint8Array(Buffer.concat([bytes, Buffer.alloc(Math.max(0, 64 - bytes.byteLength))]));
};
const big = (number: number, length: number): number[] =>
  Array.from({ length }, (_, i) => (number >>> (8 * (length - 1 - i))) & 0xff);
const little = (number: number, length: number): number[] => big(number, length).reverse();

export const png = (width: number, height: number): Uint8Array =>
  filled([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], big(13, 4), 'IHDR', big(width, 4), big(height, 4));

/** With a part of the camera's before the frame, and padding between. */
export const jpeg = (width: number, height: number): Uint8Array =>
  filled(
    ...[[0xff, 0xd8], [0xff, 0xe1, ...big(8, 2)], 'Exif\0\0'],
    ...[[0xff, 0xff, 0xc2, ...big(11, 2), 8], big(height, 2), big(width, 2)],
  );

export function webp(kind: 'VP8 ' | 'VP8L' | 'VP8X', width: number, height: number): Uint8Array {
  const head = ['RIFF', little(100, 4), 'WEBP', kind, little(50, 4)];
  if (kind === 'VP8X') return filled(...head, [0, 0, 0, 0], little(width - 1, 3), little(height - 1, 3));
  if (kind === 'VP8 ')
    return filled(...head, [0, 0, 0, 0x9d, 0x01, 0x2a], little(width, 2), little(height, 2));
  return filled(...head, [0x2f], little(width - 1 + (height - 1) * 2 ** 14, 4));
}
