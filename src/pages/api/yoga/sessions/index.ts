import { newFactsOf, newSessionInput } from '#booking/series/inputs.ts';
import { createSession } from '#booking/series/series.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';

export const POST = endpoint({
  summary: 'Put one class on the timetable; refused where the room or the teacher has another one',
  input: newSessionInput,
  who: requireStaff('manager'),
  limit: 'write',
  idempotent: true,
  status: 201,
  async act({ input, db, locals, key }) {
    const facts = newFactsOf(input, locals);
    return isRefused(facts) ? facts : createSession(db, locals.business.id, facts, key);
  },
  message: (_data, { locals }) => locals.m.schedule.new.madeOne,
  form: {
    done: ({ starts_at }) => `/admin/schedule?week=${starts_at.slice(0, 10)}`,
    refused: '/admin/schedule/new',
  },
});
