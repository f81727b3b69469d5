/** Somebody at their own browser, without script: cookies, an address of their own, forms and JSON. */
import { randomInt, randomUUID } from 'node:crypto';
import { inject } from 'vitest';

export interface Letter {
  id: string;
  subject: string;
  text: string;
  html: string | null;
  links: string[];
  attachments: { filename: string; type: string; url: string }[];
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The JSON body, null when it is none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  json: any;
  /** Where a redirect leads, as a path on the site when it stays there. */
  to: string | null;
  cookies: string[];
}

type Headings = Record<string, string>;

/** An address nobody else in the tests comes from, so that limits by address are each visitor's own. */
const someAddress = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;

export class Visitor {
  readonly jar = new Map<string, string>();
  readonly site: string;
  address = someAddress();

  constructor(site: string = inject('stack').siteUrl) {
    this.site = site;
  }

  async send(method: string, path: string, body: BodyInit | null, headers: Headings): Promise<Reply> {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(path, this.site), {
      method,
      body,
      redirect: 'manual',
      headers: { 'x-forwarded-for': this.address, ...(cookie ? { cookie } : {}), ...headers },
    });
    const cookies = response.headers.getSetCookie();
    for (const line of cookies) this.keep(line);
    const text = await response.text();
    const location = response.headers.get('location');
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: response.headers.get('content-type')?.includes('json') && text ? JSON.parse(text) : null,
      to: location?.startsWith(this.site) ? location.slice(this.site.length) : location,
      cookies,
    };
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(name.length + 1);
    const gone = attributes.some((attribute) => /^max-age=0$|^expires=thu, 01 jan 1970/i.test(attribute));
    if (gone || value === '') this.jar.delete(name);
    else this.jar.set(name, value);
  }

  get = (path: string, headers: Headings = { accept: 'text/html' }) => this.send('GET', path, null, headers);

  /** A program: JSON there and back. */
  call = (path: string, body: unknown, headers: Headings = {}) =>
    this.send('POST', path, JSON.stringify(body), { 'content-type': 'application/json', ...headers });

  /** A person: the form on the page `from`. */
  submit = (path: string, fields: Record<string, string> | [string, string][], from = '/') =>
    this.send('POST', path, new URLSearchParams(fields), {
      accept: 'text/html',
      origin: this.site,
      referer: new URL(from, this.site).href,
      'sec-fetch-site': 'same-origin',
    });

  signIn = (email: string, password = demoPassword) => this.call('/api/auth/signin', { email, password });
}

export const demoPassword = 'atrium-demo-1';
export const goodPassword = 'quiet river 42 stones';
export const someEmail = (name = 'guest'): string => `${name}-${randomUUID().slice(0, 8)}@example.test`;

/** The newest letter to `to`; waits for one to come. With `after`, one that came later than that letter. */
export async function letterTo(
  to: string,
  options: { after?: string; subject?: string } = {},
): Promise<Letter> {
  const query = new URLSearchParams({ to, wait: '60000', limit: '1', ...options });
  const found = (await (await fetch(`${inject('stack').mailUrl}/api/messages?${query}`)).json()) as Letter[];
  if (!found[0]) throw new Error(`No letter came to ${to}.`);
  return found[0];
}

/** What the calendar file says that came with a letter. */
export async function attachedTo({ subject, attachments }: Letter): Promise<string> {
  const file = attachments.find(({ type }) => type === 'text/calendar');
  if (!file) throw new Error(`Nothing came with "${subject}".`);
  return (await fetch(file.url)).text();
}

/** How many letters have come to `to` by now. */
export async function lettersTo(to: string): Promise<Letter[]> {
  return (await (
    await fetch(`${inject('stack').mailUrl}/api/messages?${new URLSearchParams({ to })}`)
  ).json()) as Letter[];
}

/** What the link in a letter carries: its page's path, and what the button on that page sends. */
export function linkIn(letter: Letter): { path: string; fields: { token_hash: string; type: string } } {
  const link = letter.links.find((address) => address.includes('/confirm?'));
  if (!link) throw new Error(`There is no link in "${letter.subject}".`);
  const url = new URL(link);
  return {
    path: `${url.pathname}${url.search}`,
    fields: {
      token_hash: url.searchParams.get('token_hash') ?? '',
      type: url.searchParams.get('type') ?? '',
    },
  };
}

/** Somebody with an account of their own, confirmed and signed in. */
export async function newMember(
  name = 'guest',
  site?: string,
): Promise<{ visitor: Visitor; email: string; password: string }> {
  const visitor = new Visitor(site);
  const email = someEmail(name);
  await visitor.call('/api/auth/signup', { email, password: goodPassword, name: `${name} Example` });
  await visitor.call('/api/auth/confirm', linkIn(await letterTo(email)).fields);
  return { visitor, email, password: goodPassword };
}
