/**
 * A picture without what a camera or a program wrote beside it: where it was taken, when, by whom and with what. Colours and,
 * since telephones save every picture lying down, the way it is turned stay.
 *
 * JPEG: ITU-T T.81 B.1; Exif: CIPA DC-008; PNG: W3C PNG 11.3; WebP: RFC 9649.
 */
import { crc32 } from 'node:zlib';
import type { Measured } from './measure.ts';

const text = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));
const bytesOf = (ascii: string): Uint8Array => Uint8Array.from(ascii, (letter) => letter.charCodeAt(0));
const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The tag Orientation, 1 to 8, of what Exif writes down; 1, upright, where it says nothing. */
function turnOf(tiff: Uint8Array): number {
  const view = viewOf(tiff);
  if (tiff.byteLength < 14) return 1;
  const little = view.getUint16(0) === 0x4949;
  const start = view.getUint32(4, little);
  if (start + 2 > tiff.byteLength) return 1;
  for (
    let i = 0, at = start + 2;
    i < view.getUint16(start, little) && at + 12 <= tiff.byteLength;
    i++, at += 12
  )
    if (view.getUint16(at, little) === 0x0112) {
      const turn = view.getUint16(at + 8, little);
      return turn >= 1 && turn <= 8 ? turn : 1;
    }
  return 1;
}

/** As little Exif as says how a picture is turned. */
const tiffOf = (turn: number): Uint8Array =>
  Uint8Array.from([
    ...[0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1],
    ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turn, 0, 0, 0, 0, 0, 0],
  ]);

const exif = bytesOf('Exif\0\0');

/** Where the coded pixels that begin at `at` end: at the next marker that is not part of them. */
function endOfScan(bytes: Uint8Array, at: number): number {
  for (let i = at; i + 1 < bytes.byteLength; i++) {
    const next = bytes[i + 1] ?? 0;
    if (bytes[i] === 0xff && next !== 0 && !(next >= 0xd0 && next <= 0xd7) && next !== 0xff) return i;
  }
  return bytes.byteLength;
}

/** Application parts that decoders need: JFIF, the colour profile, Adobe's colour transform. */
const isNeeded = (marker: number, bytes: Uint8Array, at: number): boolean =>
  (marker === 0xe0 && text(bytes, at, 4) === 'JFIF') ||
  (marker === 0xe2 && text(bytes, at, 11) === 'ICC_PROFILE') ||
  (marker === 0xee && text(bytes, at, 5) === 'Adobe');

function bareJpeg(bytes: Uint8Array): Uint8Array[] {
  const view = viewOf(bytes);
  const [heads, rest]: [Uint8Array[], Uint8Array[]] = [[bytes.subarray(0, 2)], []];
  let turn = 1;
  for (let at = 2; at + 1 < bytes.byteLength;) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || marker === 0xff || marker === 0) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) {
      // Telephones append films and further pictures, with places of their own, behind the end.
      rest.push(bytes.subarray(at, at + 2));
      break;
    }
    if (at + 4 > bytes.byteLength) break;
    const end = at + 2 + view.getUint16(at + 2);
    if (marker === 0xe1 && text(bytes, at + 4, 6) === 'Exif\0\0') turn = turnOf(bytes.subarray(at + 10, end));
    const part = bytes.subarray(at, end);
    if (marker === 0xe0 && isNeeded(marker, bytes, at + 4)) heads.push(part);
    else if (!((marker >= 0xe0 && marker <= 0xef) || marker === 0xfe) || isNeeded(marker, bytes, at + 4))
      rest.push(part);
    at = end;
    if (marker === 0xda) {
      const scanned = endOfScan(bytes, end);
      rest.push(bytes.subarray(end, scanned));
      at = scanned;
    }
  }
  if (turn > 1) heads.push(Uint8Array.from([0xff, 0xe1, 0, 34]), exif, tiffOf(turn));
  return [...heads, ...rest];
}

const pngExtras = new Set(
  'tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT'.split(' '),
);

function pngPart(type: string, data: Uint8Array): Uint8Array {
  const part = new Uint8Array(12 + data.byteLength);
  part.set(bytesOf(type), 4);
  part.set(data, 8);
  viewOf(part).setUint32(0, data.byteLength);
  viewOf(part).setUint32(8 + data.byteLength, crc32(part.subarray(4, 8 + data.byteLength)));
  return part;
}

function barePng(bytes: Uint8Array): Uint8Array[] {
  const view = viewOf(bytes);
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8; at + 12 <= bytes.byteLength;) {
    const end = at + 12 + view.getUint32(at);
    const type = text(bytes, at + 4, 4);
    const turn = type === 'eXIf' ? turnOf(bytes.subarray(at + 8, end - 4)) : 1;
    if (/^[A-Z]/.test(type) || pngExtras.has(type)) kept.push(bytes.subarray(at, end));
    else if (turn > 1) kept.push(pngPart('eXIf', tiffOf(turn)));
    if (type === 'IEND') break;
    at = end;
  }
  return kept;
}

const webpParts = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);

function bareWebp(bytes: Uint8Array): Uint8Array[] {
  const view = viewOf(bytes);
  const head = bytes.slice(0, 12);
  const kept: Uint8Array[] = [head];
  let turn = 1;
  for (let at = 12; at + 8 <= bytes.byteLength;) {
    const type = text(bytes, at, 4);
    const size = view.getUint32(at + 4, true);
    const end = at + 8 + size + (size % 2);
    if (type === 'EXIF') {
      const data = bytes.subarray(at + 8, at + 8 + size);
      turn = turnOf(text(data, 0, 6) === 'Exif\0\0' ? data.subarray(6) : data);
    }
    if (webpParts.has(type)) kept.push(bytes.slice(at, end));
    at = end;
  }
  if (turn > 1) kept.push(Uint8Array.from([...bytesOf('EXIF'), 26, 0, 0, 0]), tiffOf(turn));
  const extended = kept.find((part) => text(part, 0, 4) === 'VP8X');
  // Its flags say what comes along: nothing of XMP, of Exif only a turn.
  if (extended) extended[8] = ((extended[8] ?? 0) & ~0x0c) | (turn > 1 ? 0x08 : 0);
  viewOf(head).setUint32(4, kept.reduce((sum, { byteLength }) => sum + byteLength, 0) - 8, true);
  return kept;
}

export const bare = (bytes: Uint8Array, type: Measured['type']): Uint8Array =>
  Buffer.concat(
    type === 'image/jpeg' ? bareJpeg(bytes) : type === 'image/png' ? barePng(bytes) : bareWebp(bytes),
  );
