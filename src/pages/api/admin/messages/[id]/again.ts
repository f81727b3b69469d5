import { sendAgain } from '#messages/post/letters.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireStaff } from '#platform/guards.ts';
import { z } from 'zod';

export const POST = endpoint({
  summary: 'Send an e-mail once more that got lost or was given up. Asked for twice, it goes once.',
  input: z.object({ id: z.guid() }),
  who: freshly(requireStaff('manager')),
  limit: 'write',
  act: ({ input: { id }, db, locals }) => sendAgain(db, locals.business.id, id),
  message: (_data, { locals }) => locals.m.letters.one.againDone,
  form: {
    done: ({ email_id }) => `/admin/messages/${email_id}`,
    refused: ({ params }) => `/admin/messages/${params.id}`,
  },
});
