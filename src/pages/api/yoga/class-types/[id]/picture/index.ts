import { pictureInput } from '#booking/catalogue/inputs.ts';
import { mostBytes, setClassPicture } from '#booking/catalogue/pictures.ts';
import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';

export const POST = endpoint({
  summary:
    'Put up a picture of a class: PNG, JPEG or WebP of at most 2 MB (multipart), with what it shows in words',
  input: pictureInput,
  who: requireStaff('manager'),
  limit: 'write',
  body: 'files',
  // The words and what a form puts around a file come on top.
  maxBody: mostBytes + 64 * 1024,
  async act({ input, db, locals }) {
    const { id, picture, alt_en, alt_es } = input;
    const file = picture && picture.size > 0 ? new Uint8Array(await picture.arrayBuffer()) : null;
    const alt = { ...(alt_en !== undefined && { en: alt_en }), ...(alt_es !== undefined && { es: alt_es }) };
    return setClassPicture(db, locals.business.id, { id, file, alt });
  },
  message: (_data, { locals }) => locals.m.schedule.picture.set,
  form: { done: ({ slug }) => `/admin/classes/${slug}#picture` },
});
