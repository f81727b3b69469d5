import type { APIRoute } from 'astro';
import { log } from '#platform/log.ts';
import { publicDb } from '#platform/supabase.ts';

const patience = 2000; // ms

/** Alive, and whether the database answers: 200 or 503, for load balancers and monitors. Says nothing else about us. */
export const GET: APIRoute = async ({ locals }) => {
  let database = false;
  try {
    const asked = await publicDb()
      .rpc('business_for_host', { at_host: 'localhost' }, { get: true })
      .abortSignal(AbortSignal.timeout(patience));
    database = asked.error === null;
    if (asked.error) log.error('unhealthy', new Error(asked.error.message), { request_id: locals.requestId });
  } catch (error) {
    log.error('unhealthy', error, { request_id: locals.requestId });
  }
  return Response.json(
    { status: database ? 'ok' : 'unavailable', database },
    {
      status: database ? 200 : 503,
      headers: { 'Cache-Control': 'no-store', ...(database ? {} : { 'Retry-After': '5' }) },
    },
  );
};
