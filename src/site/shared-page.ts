/**
 * A page as everybody sees it who is nobody in particular: rendered once a second at most, however many ask. Somebody
 * who is signed in, has a cart, or is told something gets a page of their own.
 */
import type { AstroGlobal } from 'astro';
import { cartToken } from '#platform/http/cookies.ts';
import { keepFor } from '#platform/kept.ts';

interface Rendered {
  status: number;
  headers: [string, string][];
  body: Uint8Array<ArrayBuffer>;
}

const pages = keepFor<Rendered>(1000, 200);
/** Requests that are rendering the page for everybody. */
const rendering = new WeakSet<App.Locals>();

export const forgetPages = (): void => pages.forget();

/** The answer, or null when this visitor's page has to be rendered. To be asked at the page's very beginning. */
export async function sharedPage(page: AstroGlobal): Promise<Response | null> {
  const { locals, cookies, request, url } = page;
  if (rendering.has(locals) || locals.user || locals.form || locals.flash || cartToken(cookies)) return null;
  const theme = cookies.get('theme')?.value ?? '';
  // The whole address, because links in the page repeat it.
  const key = [locals.business.id, locals.locale, theme, url.href].join(' ');
  const { status, headers, body } = await pages.get(key, async () => {
    rendering.add(locals);
    const answer = await page.rewrite(new Request(url, { headers: request.headers }));
    // What broke for one is not told to everybody.
    if (answer.status >= 500) pages.forget();
    return {
      status: answer.status,
      headers: [...answer.headers],
      body: new Uint8Array(await answer.arrayBuffer()),
    };
  });
  return new Response(body, { status, headers });
}
