/** A business's colours as a stylesheet. Addressed with `?v=<version>`, so that browsers may keep it for a year. */
import type { APIRoute } from 'astro';
import { brandStylesheet, brandVersion, readBranding } from '#site/brand.ts';

export const GET: APIRoute = ({ locals, params, request, url }) => {
  if (params.slug !== locals.business.slug) return new Response(null, { status: 404 });
  const branding = readBranding(locals.business.branding);
  const version = brandVersion(branding);
  const headers = {
    ETag: `"${version}"`,
    'Cache-Control':
      url.searchParams.get('v') === version ? 'public, max-age=31536000, immutable' : 'public, max-age=60',
  };
  if (request.headers.get('if-none-match')?.includes(`"${version}"`)) {
    return new Response(null, { status: 304, headers });
  }
  return new Response(brandStylesheet(branding), {
    headers: { ...headers, 'Content-Type': 'text/css; charset=utf-8' },
  });
};
