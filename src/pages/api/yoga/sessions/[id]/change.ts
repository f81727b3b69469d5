/** Changing a class, or many of its series: first what it would do, then exactly that. */
import { applyChange, previewChange, type Applied } from '#booking/series/changes.ts';
import { applyInput, changeInput, changeOf } from '#booking/series/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'What a change would do to each class and to everyone who booked, with the hash to apply it by',
  input: changeInput,
  who: requireStaff('manager'),
  limit: 'read',
  async act({ input, db, locals }) {
    const change = changeOf(input, locals);
    return isRefused(change) ? change : previewChange(db, locals.business.id, input.id, change);
  },
});

export const POST = endpoint({
  summary:
    'Apply a change exactly as it was previewed; everyone whose time, room or teacher changes is told, once',
  input: applyInput,
  who: requireStaff('manager'),
  limit: 'write',
  idempotent: true,
  async act({ input, db, locals, key }) {
    const change = changeOf(input, locals);
    if (isRefused(change)) return change;
    return applyChange(db, locals.business.id, { id: input.id, change, hash: input.effect_hash, key });
  },
  message: ({ sessions, told }: Applied, { locals }) => locals.m.schedule.change.done({ sessions, told }),
  form: { done: ({ session_id }: Applied) => `/admin/schedule/${session_id}` },
});
