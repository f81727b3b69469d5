import { encode } from 'uqr';

/** A text as a QR picture with its quiet zone: `size` modules a side, its dark ones as the path of an SVG. */
export function pictureOf(text: string): { size: number; path: string } {
  // The standard asks for four modules around it; a quarter of them may be lost on a scratched screen.
  const { size, data } = encode(text, { ecc: 'Q', border: 4 });
  const path = data
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
  return { size, path };
}
