import { endpoint } from '#platform/endpoint.ts';
import { isRefused } from '#platform/refusals.ts';
import { sendPart } from '#till/reader-parts.ts';
import { readerSalePage } from '#till/reader-sales.ts';
import { readPart, readerPartInput } from '#till/splits/inputs.ts';
import { requireSeller } from '#till/tills.ts';

export const POST = endpoint({
  summary:
    'Send a part of an open sale to the till’s card reader; its own id makes it one however often it is sent',
  input: readerPartInput,
  who: requireSeller,
  limit: 'write',
  status: 201,
  async act({ input: { part_id, ...said }, db, locals }) {
    const part = readPart({ ...said, way: 'terminal', code: '', pin: '' }, locals);
    return isRefused(part) ? part : sendPart(db, locals.business.id, { ...part, part_id });
  },
  form: { done: readerSalePage },
});
