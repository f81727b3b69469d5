import { endpoint } from '#platform/endpoint.ts';
import { requireStaff } from '#platform/guards.ts';
import { isRefused } from '#platform/refusals.ts';
import { setProductPicture } from '#shop/products/keeping.ts';
import { mostSent, pictureInput, sentPicture } from '#site/own-picture/files.ts';

export const POST = endpoint({
  summary:
    'Put up a picture of a product: PNG, JPEG or WebP of at most 2 MB (multipart), with what it shows in words',
  input: pictureInput,
  who: requireStaff('manager'),
  limit: 'write',
  body: 'files',
  maxBody: mostSent,
  async act({ input, db, locals }) {
    const picture = await sentPicture(input);
    return isRefused(picture) ? picture : setProductPicture(db, locals.business.id, input.id, picture);
  },
  message: (_data, { locals }) => locals.m.site.ownPicture.set,
  form: { done: ({ product_id }) => `/admin/products/${product_id}#picture` },
});
