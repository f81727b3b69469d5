/** Pictures of the house's own, of classes and of what the bar sells: as they are sent, kept and shown. */
import { z } from 'zod';
import { Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import { bare } from './bare.ts';
import { measure } from './measure.ts';

const mostBytes = 2 * 1024 * 1024;
/** The words and what a form puts around a file come on top. */
export const mostSent = mostBytes + 64 * 1024;

/** A file as a form sends it, with what it shows; without a file only the words are changed. */
export const pictureInput = z.object({
  id: z.guid(),
  picture: z.instanceof(File).optional(),
  alt_en: z.string().trim().max(200).optional(),
  alt_es: z.string().trim().max(200).optional(),
});

/** What the database is told of a picture: base64, pixels and words. */
export interface SentPicture {
  bytes: string;
  width: number;
  height: number;
  alt: Record<string, string>;
}

/** Refuses 413 picture_too_big, 422 picture_unreadable. What a camera wrote beside the picture is not kept. */
export async function sentPicture(input: z.output<typeof pictureInput>): Promise<SentPicture | Refusal> {
  const { picture, alt_en, alt_es } = input;
  const alt = { ...(alt_en !== undefined && { en: alt_en }), ...(alt_es !== undefined && { es: alt_es }) };
  // The types do not know that these may be null; left out, no function would be found.
  const none = null as unknown as number;
  if (!picture || picture.size === 0)
    return { bytes: null as unknown as string, width: none, height: none, alt };
  if (picture.size > mostBytes) return new Refusal('picture_too_big', 413, { field: 'picture' });
  const file = new Uint8Array(await picture.arrayBuffer());
  const measured = measure(file);
  if (!measured) return new Refusal('picture_unreadable', 422, { field: 'picture' });
  const { type, width, height } = measured;
  return { bytes: Buffer.from(bare(file, type)).toString('base64'), width, height, alt };
}

/** The file behind a hash; null when the business has none of that name. */
export async function pictureFile(
  db: Db,
  businessId: string,
  hash: string,
): Promise<{ type: string; bytes: Uint8Array<ArrayBuffer> } | null> {
  const got = answer(await db.rpc('picture', { business_id: businessId, hash }, { get: true }));
  if (isRefused(got)) return null;
  const [row] = got as unknown as { type: string; bytes: string }[];
  return row ? { type: row.type, bytes: new Uint8Array(Buffer.from(row.bytes, 'base64')) } : null;
}
