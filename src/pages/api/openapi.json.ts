import type { APIRoute } from 'astro';
import { endpointFiles } from '#platform/http/methods.ts';
import { openApi } from '#platform/http/openapi.ts';

/** What this API can do (OpenAPI 3.1), written by the endpoints themselves. */
export const GET: APIRoute = async ({ locals }) => {
  const modules = await Promise.all(
    [...endpointFiles].map(async ([pattern, load]): Promise<[string, Record<string, unknown>]> => [
      pattern,
      await load(),
    ]),
  );
  return Response.json(openApi(modules, locals.origin), {
    headers: { 'Cache-Control': 'public, max-age=60' },
  });
};
