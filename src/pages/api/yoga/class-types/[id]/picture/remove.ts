import { idParam } from '#booking/inputs.ts';
import { dropClassPicture } from '#booking/catalogue/pictures.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary: 'Show a class by its drawing again',
  input: idParam,
  who: requireStaff('manager'),
  limit: 'write',
  act: ({ input, db, locals }) => dropClassPicture(db, locals.business.id, input.id),
  message: (_data, { locals }) => locals.m.site.ownPicture.dropped,
  form: { done: ({ slug }) => `/admin/classes/${slug}#picture` },
});
