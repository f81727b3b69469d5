/** A picture the house put up, by the hash of its bytes: it is what it is for ever, so everybody may keep it. */
import { z } from 'zod';
import { endpoint } from '#platform/endpoint.ts';
import { Refusal } from '#platform/refusals.ts';
import { pictureFile } from '#site/own-picture/files.ts';

export const GET = endpoint({
  summary: 'A picture of the studio’s own, kept by browsers for a year',
  input: z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/) }),
  limit: 'read',
  async act({ input, db, context, locals }) {
    const etag = `"${input.hash}"`;
    const headers = {
      'Cache-Control': 'public, max-age=31536000, immutable',
      ETag: etag,
      // Whatever somebody makes of the bytes: a picture, and nothing that runs.
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'X-Content-Type-Options': 'nosniff',
    };
    if (context.request.headers.get('if-none-match')?.includes(etag))
      return new Response(null, { status: 304, headers });
    const file = await pictureFile(db, locals.business.id, input.hash);
    if (!file) return new Refusal('not_found', 404);
    return new Response(file.bytes, { headers: { ...headers, 'Content-Type': file.type } });
  },
});
