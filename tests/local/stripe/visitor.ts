/** Somebody at the hosted pages without JavaScript: reads pages, fills forms in, presses buttons. */
export interface Sight {
  status: number;
  url: string;
  html: string;
  headers: Headers;
}

export async function visit(url: string, headers: Record<string, string> = {}): Promise<Sight> {
  return look(await fetch(url, { redirect: 'manual', headers }), url);
}

async function look(response: Response, url: string): Promise<Sight> {
  const { status, headers } = response;
  return { status, url, headers, html: await response.text() };
}

/** What the page has for a field, as the browser would send it. */
export function valueOf(page: Sight, name: string): string | undefined {
  return fieldsOf(page).get(name) ?? undefined;
}

/** Fills in what is given, leaves the rest as the page has it, presses a button, and does not follow where that leads. */
export async function press(
  page: Sight,
  button: { name?: string; value?: string },
  values: Record<string, string> = {},
): Promise<Sight> {
  const fields = fieldsOf(page);
  for (const [name, value] of Object.entries(values)) fields.set(name, value);
  if (button.name !== undefined) fields.set(button.name, button.value ?? '1');
  const response = await fetch(page.url, { method: 'POST', body: fields, redirect: 'manual' });
  return look(response, page.url);
}

export const goesTo = (page: Sight): string => page.headers.get('location') ?? '';

/** The words on the page, without markup. */
export const textOf = ({ html }: Sight): string =>
  decode(html.replaceAll(/<(script|style)[^]*?<\/\1>/g, '').replaceAll(/<[^>]+>/g, ' '))
    .replaceAll(/[\s ]+/g, ' ')
    .trim();

function fieldsOf({ html }: Sight): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [tag] of html.matchAll(/<input\b[^>]*>/g)) {
    const attribute = (name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
    const name = attribute('name');
    if (name === undefined || (attribute('type') === 'radio' && !/\schecked\b/.test(tag))) continue;
    fields.set(name, decode(attribute('value') ?? ''));
  }
  return fields;
}

const decode = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
