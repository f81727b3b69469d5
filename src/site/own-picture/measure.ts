/** What a file is, by its bytes and never by its name. */
export interface Measured {
  type: 'image/png' | 'image/jpeg' | 'image/webp';
  width: number;
  height: number;
}

const text = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));

/** The frame of a JPEG says its size; other parts before it are passed over. */
function jpegSize(view: DataView): [number, number] | null {
  for (let at = 2; at + 9 < view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at += 1;
    // SOF0 to SOF15, without the tables that lie among them.
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return [view.getUint16(at + 7), view.getUint16(at + 5)];
    else at += 2 + view.getUint16(at + 2);
  }
  return null;
}

function webpSize(bytes: Uint8Array, view: DataView): [number, number] | null {
  const kind = text(bytes, 12, 4);
  const three = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
  if (kind === 'VP8X') return [three(24) + 1, three(27) + 1];
  if (kind === 'VP8 ') return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
  if (kind !== 'VP8L') return null;
  const bits = view.getUint32(21, true);
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
}

/** What the bytes are and how large a picture; null for anything else than PNG, JPEG and WebP. */
export function measure(bytes: Uint8Array): Measured | null {
  if (bytes.byteLength < 32) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let found: Measured['type'];
  let size: [number, number] | null;
  if (view.getUint32(0) === 0x89504e47 && view.getUint32(4) === 0x0d0a1a0a && text(bytes, 12, 4) === 'IHDR') {
    [found, size] = ['image/png', [view.getUint32(16), view.getUint32(20)]];
  } else if (view.getUint32(0) >>> 8 === 0xffd8ff) {
    [found, size] = ['image/jpeg', jpegSize(view)];
  } else if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 4) === 'WEBP') {
    [found, size] = ['image/webp', webpSize(bytes, view)];
  } else return null;
  if (!size || size.some((side) => side < 1 || side > 10_000)) return null;
  return { type: found, width: size[0], height: size[1] };
}
