import { copyOf, oneLetter } from '#messages/post/letters.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { z } from 'zod';

export const GET = endpoint({
  summary:
    'One e-mail as its reader got it, and what became of it. For managers, and for the front desk about members.',
  input: z.object({ id: z.guid() }),
  who: requireStaff('front_desk'),
  limit: 'read',
  async act({ input: { id }, db, locals: { business } }) {
    const letter = await oneLetter(db, business.id, id);
    if (isRefused(letter)) return letter;
    const { data: _data, business: _business, ...facts } = letter;
    const copy = copyOf(letter);
    return { ...facts, subject: copy?.subject ?? null, text: copy?.text ?? null };
  },
});
