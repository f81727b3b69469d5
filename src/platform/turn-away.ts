/** What a page does with a refusal. */
import type { APIContext, AstroGlobal } from 'astro';
import { shownPage, signInPath } from './http/answers.ts';
import { type Refusal, sentence } from './refusals.ts';

/**
 * The page's answer to somebody it may not serve: off to sign in and back for 401, the "not here" page for 404, else a
 * page that says why. In a page: `const member = await requireMember(Astro); if (isRefused(member)) return turnAway(Astro, member);`
 */
export async function turnAway(page: AstroGlobal | APIContext, refusal: Refusal): Promise<Response> {
  const context = page as APIContext;
  const { locals, url } = context;
  locals.refusal = refusal.name;
  if (refusal.status === 401) {
    const next = locals.href(`${url.pathname}${url.search}`);
    return new Response(null, {
      status: 303,
      headers: { Location: signInPath(locals, next), 'Cache-Control': 'no-store' },
    });
  }
  if (refusal.status === 404) return shownPage(context, '/404', 404);
  locals.form = {
    values: {},
    all: {},
    errors: {},
    message: sentence(refusal, locals.m),
    status: refusal.status,
  };
  return shownPage(context, '/refused', refusal.status);
}
