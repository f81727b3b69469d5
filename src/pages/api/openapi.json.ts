import type { APIRoute } from 'astro';
import { endpointFiles } from '#platform/http/methods.ts';
import { openApi } from '#platform/http/openapi.ts';

let modules: Promise<[string, Record<string, unknown>][]> | undefined;

const loadAll = () =>
  Promise.all(
    [...endpointFiles].map(async ([pattern, load]): Promise<[string, Record<string, unknown>]> => [
      pattern,
      await load(),
    ]),
  );

/** What this API can do (OpenAPI 3.1), written by the endpoints themselves. */
export const GET: APIRoute = async ({ locals }) => {
  modules ??= loadAll();
  return Response.json(openApi(await modules, locals.origin), {
    headers: { 'Cache-Control': 'public, max-age=60' },
  });
};
