/** A business's logo as the site's icon, in its own colours. Addressed like its stylesheet, `?v=<version>`. */
import type { APIRoute } from 'astro';
import { brandVersion, readBranding } from '#site/brand.ts';
import { drawing } from '#site/drawing.ts';

export const GET: APIRoute = ({ locals, params, url }) => {
  const branding = readBranding(locals.business.branding);
  const logo = drawing(`logo/${branding.logo}`) ?? drawing('logo/atrium');
  if (params.slug !== locals.business.slug || !logo) return new Response(null, { status: 404 });
  const { light, dark } = branding;
  const colours = ({ accent, accent_ink, second, background }: typeof light) =>
    `:root{color:${accent};--color-accent:${accent};--color-accent-ink:${accent_ink};--color-second:${second};--color-background:${background}}`;
  const style = `${colours(light)}@media(prefers-color-scheme:dark){${colours(dark)}}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${logo.viewBox}" fill="none"><style>${style}</style>${logo.body}</svg>`;
  const lasting = url.searchParams.get('v') === brandVersion(branding);
  return new Response(svg, {
    headers: {
      'Content-Type': 'image/svg+xml; charset=utf-8',
      'Cache-Control': lasting ? 'public, max-age=31536000, immutable' : 'public, max-age=60',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
    },
  });
};
