import { rulesInput, rulesOf, saveRules } from '#desk/rules.ts';
import { endpoint } from '#platform/endpoint.ts';
import { freshly, requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';

export const GET = endpoint({
  summary: 'How the business books and runs its desk',
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ db, locals }) => rulesOf(db, locals.business.id),
});

export const POST = endpoint({
  summary: 'Change how the business books and runs its desk; what is left out stays',
  input: rulesInput,
  who: freshly(requireStaff('manager')),
  limit: 'write',
  async act({ input, db, locals }) {
    const refused = await saveRules(db, locals.business.id, input);
    return isRefused(refused) ? refused : rulesOf(db, locals.business.id);
  },
  message: (_data, { locals }) => locals.m.desk.rules.saved,
  form: { done: '/admin/booking', refused: '/admin/booking' },
});
