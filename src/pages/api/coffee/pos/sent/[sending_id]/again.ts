import { z } from 'zod';
import { whole } from '#platform/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { sendPosAgain } from '#till/outside/logs.ts';

export const POST = endpoint({
  summary: 'Send a message to an outside till once more, now, under the id it had',
  input: z.object({ sending_id: whole(1, Number.MAX_SAFE_INTEGER) }),
  who: requireStaff('manager'),
  limit: 'write',
  status: 202,
  act: ({ input, db, locals }) => sendPosAgain(db, locals.business.id, input.sending_id),
  message: (_data, { locals }) => locals.m.outside.out.againDone,
  form: { done: ({ connection_id }: { connection_id: string }) => `/admin/developers/${connection_id}/sent` },
});
