import { z } from 'zod';
import { whole } from '#platform/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { obeyAgain } from '#till/outside/logs.ts';

export const POST = endpoint({
  summary: 'Take in once more what an outside till told and was refused, after what was wrong is put right',
  input: z.object({ inbox_id: whole(1, Number.MAX_SAFE_INTEGER) }),
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => obeyAgain(db, locals.business.id, input.inbox_id),
  message: (_data, { locals }) => locals.m.outside.in.againDone,
  form: {
    done: ({ connection_id }: { connection_id: string }) => `/admin/developers/${connection_id}/received`,
  },
});
