/**
 * Renewing a session once, however many requests of one browser find at the same moment that it is about to end:
 * a refresh token is good for one use, and the others would be signed out by coming second.
 */

interface Renewed {
  status: number;
  body: string;
}

const kept = new Map<string, Promise<Renewed>>();
// ms; as long as auth itself lets a used token pass (refresh_token_reuse_interval in supabase/config.toml).
const keptFor = 10_000;

async function renew(input: RequestInfo | URL, init: RequestInit | undefined): Promise<Renewed> {
  const response = await fetch(input, init);
  return { status: response.status, body: await response.text() };
}

/** `fetch` for supabase-js. Everything but the renewal of a session passes as it is. */
export async function fetchRenewingOnce(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const address = input instanceof Request ? input.url : String(input);
  if (!address.includes('/auth/v1/token?grant_type=refresh_token') || typeof init?.body !== 'string') {
    return fetch(input, init);
  }
  const token = init.body;
  let renewal = kept.get(token);
  if (!renewal) {
    renewal = renew(input, init);
    kept.set(token, renewal);
    const forget = () => kept.delete(token);
    renewal.then(({ status }) => (status < 400 ? setTimeout(forget, keptFor).unref() : forget()), forget);
  }
  const { status, body } = await renewal;
  return new Response(body, { status, headers: { 'content-type': 'application/json' } });
}
