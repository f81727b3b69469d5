/**
 * Auth and the database as they answer over HTTP, for what a real one does only when something is wrong with it.
 * Each person's e-mail address says how auth answers about them.
 */
import '../platform/settings.ts';
import { vi } from 'vitest';
import { visit } from '../platform/visit.ts';
import { visitorDb } from '#platform/supabase.ts';

type Answer = { status?: number; body: unknown };
export interface Asked {
  path: string;
  body: Record<string, unknown>;
}

const user = {
  id: '00000000-0000-4000-8000-000000000001',
  email: 'someone@x.example',
  identities: [{ id: 'i' }],
  user_metadata: {},
};
const token = `e30.${Buffer.from('{"sub":"00000000-0000-4000-8000-000000000001","exp":9999999999}').toString('base64url')}.c2ln`;
export const session = {
  access_token: token,
  refresh_token: 'refresh',
  token_type: 'bearer',
  expires_in: 3600,
  expires_at: 9999999999,
  user,
};
export const problem = (status: number, code: string): Answer => ({
  status,
  body: { code, error_code: code, msg: code },
});

/** Answers every request with `answers` of its path (`/auth/v1/signup`, `/rest/v1/rpc/viewer`); null is an empty one. */
export function fakeAuth(answers: (asked: Asked) => Answer | 'away' | null): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const url = new URL(String(input instanceof Request ? input.url : input));
    const body = typeof init?.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : {};
    const one = { path: url.pathname, body };
    asked.push(one);
    const answer = answers(one);
    if (answer === 'away') throw new TypeError('fetch failed');
    return Response.json(answer?.body ?? null, { status: answer?.status ?? 200 });
  });
  return asked;
}

/** Somebody asking, with a client that speaks to the fake. */
export function somebody(signedIn = false) {
  const visited = visit({ user: signedIn ? { id: user.id, email: user.email } : null });
  const { context } = visited;
  Object.assign(context.locals, {
    origin: 'https://studio.example',
    forgetViewer: () => undefined,
    db: visitorDb(context, new Headers(), () => null),
  });
  return visited;
}
