import { setTimeout as pause } from 'node:timers/promises';
import nodemailer from 'nodemailer';

export interface Letter {
  to: string;
  subject: string;
  html: string;
}

export interface Post {
  send(letter: Letter): void;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

// Milliseconds before each further attempt.
const RETRIES = [500, 2_000, 10_000];

/**
 * Sends in the background: how long an answer takes must not tell whether there was anybody to write to, and a mail server
 * that is away for a moment is asked again.
 */
export function openPost(
  smtpUrl: string,
  from: { name: string; address: string },
  log: (line: string) => void,
): Post {
  const transport = nodemailer.createTransport(smtpUrl);
  const underWay = new Set<Promise<void>>();
  const closing = new AbortController();

  async function deliver(letter: Letter): Promise<void> {
    for (const wait of [...RETRIES, null]) {
      try {
        await transport.sendMail({ ...letter, from, text: plainText(letter.html) });
        return;
      } catch (error) {
        if (wait === null) return log(`An e-mail (${letter.subject}) could not be sent: ${String(error)}`);
        await pause(wait, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
        if (closing.signal.aborted) return log(`An e-mail (${letter.subject}) was not sent before the stop.`);
      }
    }
  }

  return {
    send(letter) {
      const delivery = deliver(letter).finally(() => underWay.delete(delivery));
      underWay.add(delivery);
    },
    async close() {
      closing.abort();
      await Promise.all(underWay);
      transport.close();
    },
  };
}

function plainText(html: string): string {
  return html
    .replace(/<(head|style)\b.*?<\/\1>/gs, '')
    .replace(/<a\b[^>]*href="([^"]*)"[^>]*>(.*?)<\/a\s*>/gs, '$2: $1')
    .replace(/<\/(p|h1|h2|tr|div)\s*>/g, '\n\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/&amp;/g, '&')
    .replace(/[ \t]*\n?[ \t]+/g, ' ')
    .replace(/\s*\n\s*\n\s*/g, '\n\n')
    .trim();
}
