import { z } from 'zod';
import { saveWaiver, waiverVersions } from '#members/papers/waivers.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const GET = endpoint({
  summary: 'Every version of the waiver, the draft first.',
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ db, locals }) => waiverVersions(db, locals.business.id),
});

const text = z.string().max(20_000).optional();

export const POST = endpoint({
  summary: 'Write the draft of the next version, a text for each language of the business.',
  input: z.object({ en: text, es: text }),
  who: requireStaff('manager'),
  limit: 'write',
  message: (_data, { locals }) => locals.m.members.waiver.saved,
  form: { done: '/admin/members/waiver', refused: '/admin/members/waiver' },
  act({ input, db, locals: { business } }) {
    const written = Object.entries(input).filter((entry): entry is [string, string] => !!entry[1]);
    return saveWaiver(db, business.id, Object.fromEntries(written));
  },
});
