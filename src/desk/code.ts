/** By which the front desk finds a member. It opens nothing. */
import { readAnswer } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import { encode } from 'uqr';

export const codeOf = async (db: Db, businessId: string): Promise<string> =>
  readAnswer(await db.rpc('my_desk_code', { business_id: businessId }));

/** In two halves, as it is said. */
export const spokenCode = (code: string): string => `${code.slice(0, 3)} ${code.slice(3)}`;

/** The code as a QR picture with its quiet zone: `size` modules a side, its dark ones as the path of an SVG. */
export function pictureOf(code: string): { size: number; path: string } {
  // The standard asks for four modules around it; a quarter of them may be lost on a scratched screen.
  const { size, data } = encode(code, { ecc: 'Q', border: 4 });
  const path = data
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
  return { size, path };
}
