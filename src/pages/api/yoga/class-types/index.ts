/** What the studio teaches: all of it, and a new class. */
import { catalogue, saveClassType } from '#booking/catalogue/class-types.ts';
import { factsOf, newClassTypeInput, slugOf } from '#booking/catalogue/inputs.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { localised } from '#platform/i18n/index.ts';
import { isRefused } from '#platform/refusals.ts';
import { wordsOf } from '#platform/inputs.ts';

export const GET = endpoint({
  summary: 'Every class with all its facts, published or not, and the styles',
  who: requireStaff('manager'),
  limit: 'read',
  act: ({ db, locals }) => catalogue(db, locals.business.id),
});

export const POST = endpoint({
  summary: 'Make a class. It is not shown until it is published.',
  input: newClassTypeInput,
  who: requireStaff('manager'),
  limit: 'write',
  status: 201,
  async act({ input, db, locals }) {
    const facts = factsOf(input, locals);
    if (isRefused(facts)) return facts;
    const first = locals.business.locales[0] ?? 'en';
    const slug = input.slug ?? slugOf(localised(wordsOf(input, 'name')?.[first], locals.locale));
    return saveClassType(db, locals.business.id, {
      id: null,
      facts: { level: 'all', price_cents: 0, ...facts, slug },
    });
  },
  message: (_data, { locals }) => locals.m.schedule.classes.made,
  form: { done: ({ slug }) => `/admin/classes/${slug}`, refused: '/admin/classes/new' },
});
