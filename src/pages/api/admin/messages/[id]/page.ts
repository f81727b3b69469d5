import { letterPage } from '#messages/post/page.ts';
import { copyOf, oneLetter } from '#messages/post/letters.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { Refusal, isRefused } from '#platform/refusals.ts';
import { z } from 'zod';

export const GET = endpoint({
  summary: 'One e-mail as a document for a frame: sandboxed, without scripts, its links leading nowhere.',
  input: z.object({ id: z.guid() }),
  who: requireStaff('front_desk'),
  limit: 'read',
  async act({ input: { id }, db, locals: { business } }) {
    const letter = await oneLetter(db, business.id, id);
    if (isRefused(letter)) return letter;
    const copy = copyOf(letter);
    return copy ? letterPage(copy.html) : new Refusal('letter_not_found', 404);
  },
});
