import { saveStyle } from '#booking/catalogue/class-types.ts';
import { slugOf, styleInput } from '#booking/catalogue/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { localised } from '#platform/i18n/index.ts';
import { wordsOf } from '#platform/inputs.ts';

export const POST = endpoint({
  summary: 'Make a style, or change the one with this slug',
  input: styleInput,
  who: requireStaff('manager'),
  limit: 'write',
  act({ input, db, locals }) {
    const name = wordsOf(input, 'name') ?? {};
    return saveStyle(db, locals.business.id, {
      slug: input.slug ?? slugOf(localised(name, locals.locale), 40),
      name,
      summary: wordsOf(input, 'summary') ?? {},
      position: input.position ?? 0,
    });
  },
  message: (_data, { locals }) => locals.m.schedule.styles.saved,
  form: { done: '/admin/classes#styles', refused: '/admin/classes#styles' },
});
