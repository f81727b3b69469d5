/** Keeps the visitor's choice of colours for a year and goes back to the page it was made on. Works without a script. */
import type { APIRoute } from 'astro';

const year = 365 * 24 * 60 * 60;

export const POST: APIRoute = async ({ request, cookies, url }) => {
  const form = await request.formData().catch(() => new FormData());
  const theme = form.get('theme');
  if (theme === 'light' || theme === 'dark') {
    cookies.set('theme', theme, { path: '/', maxAge: year, sameSite: 'lax', httpOnly: true });
  } else {
    cookies.delete('theme', { path: '/' });
  }
  // Only a path of this very site: "//elsewhere" and full addresses end at the start page.
  const back = new URL(String(form.get('back') ?? '/'), url);
  return new Response(null, {
    status: 303,
    headers: { Location: back.origin === url.origin ? back.pathname + back.search : '/' },
  });
};
