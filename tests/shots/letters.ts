/** The e-mails the site has sent to its members, as pages to be pictured. */
import type { Scene } from './scenes.ts';

interface Letter {
  id: string;
  subject: string;
}

/** Asks for the links that a person can be sent. */
export async function askForLinks(site: string, email: string): Promise<void> {
  for (const path of ['/api/auth/forgot', '/api/auth/magic']) {
    await fetch(`${site}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '10.78.0.1' },
      body: JSON.stringify({ email }),
    });
  }
}

/** One of each kind, once `expected` letters have come. */
export async function letterScenes(mailUrl: string, email: string, expected: number): Promise<Scene[]> {
  const letters: Letter[] = [];
  while (letters.length < expected) {
    const after = letters[0]?.id ?? '';
    const query = new URLSearchParams({ to: email, after, wait: '20000' });
    const more = (await (await fetch(`${mailUrl}/api/messages?${query}`)).json()) as Letter[];
    if (more.length === 0) break;
    letters.unshift(...more);
  }
  const kinds = Map.groupBy(letters, ({ subject }) => subject.split(':')[0] ?? subject);
  return [...kinds].map(([kind, [first]]) => ({
    name: kind
      .normalize('NFD')
      .replaceAll(/[^\w ]/g, '')
      .trim()
      .replaceAll(/ +/g, '-'),
    path: `${mailUrl}/messages/${first?.id ?? ''}/html`,
  }));
}
