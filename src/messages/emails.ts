/** The outbox's other end: queued letters are rendered and handed to the mail server, each once. */
import { setTimeout as delay } from 'node:timers/promises';
import { config } from '#platform/config.ts';
import type { Database } from '#platform/database.types.ts';
import { type Draining, drain } from '#platform/jobs/drain.ts';
import { described, log } from '#platform/log.ts';
import { readAnswer } from '#platform/refusals.ts';
import { serviceDb } from '#platform/supabase.ts';
import { type Transporter, createTransport } from 'nodemailer';
import { renderEmail } from './post/render.ts';
import { stopToken } from './post/stopping.ts';
import type { SendingBusiness } from './templates/frame.ts';

type TakenEmail = Database['api']['Functions']['take_emails']['Returns'][number];

/** Letters on their way at the same time. */
const atOnce = 4;
let transport: Transporter | undefined;

/** Milliseconds. All of a conversation together must stay below the three minutes a letter is ours (api.take_emails). */
const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

async function post(email: TakenEmail): Promise<void> {
  const business = email.business as unknown as SendingBusiness;
  const stop = email.stop && stopToken(email.stop);
  const { subject, html, text, headers, attachments } = renderEmail({ ...email, business, stop });
  transport ??= createTransport(config.SMTP_URL, {
    pool: true,
    maxConnections: atOnce,
    ...patience,
  } as object);
  const sender = /<([^>]+)>/.exec(config.MAIL_FROM)?.[1] ?? config.MAIL_FROM;
  await transport.sendMail({
    from: { name: business.name, address: sender },
    replyTo: business.email,
    to: email.to_address,
    messageId: `<${email.id}@${new URL(config.SITE_URL).hostname}>`,
    subject,
    html,
    text,
    headers,
    attachments: attachments.map(({ filename, content, method }) => ({
      filename,
      content,
      contentType: `text/calendar; charset=utf-8; method=${method}`,
    })),
  });
}

/** Writes down what became of it. A database that is away for a moment must not make us forget that it was sent. */
async function note(email: TakenEmail, error: string | null): Promise<void> {
  // What a confirmation was written from was looked up for it, and may be another thing tomorrow.
  const written = email.template === 'order_confirmed' ? { written: email.data } : {};
  const outcome = { email_id: email.id, ...(error === null ? written : { error: error.slice(0, 500) }) };
  for (let wait = 250; ; wait *= 2) {
    try {
      return void readAnswer(await serviceDb().rpc('email_done', outcome));
    } catch (problem) {
      if (wait > 8000) return log.error('email_not_noted', problem, { email_id: email.id });
      await delay(wait);
    }
  }
}

/**
 * Sends one letter that was taken from the outbox and notes what became of it: whoever could not be reached is tried
 * again later. Between the mail server's yes and our note of it a crash may send it twice; Message-ID is the same then,
 * and mail programs show it once.
 */
export async function sendEmail(email: TakenEmail): Promise<void> {
  try {
    await post(email);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.warn('email_failed', { email_id: email.id, template: email.template, error: why });
    return note(email, why);
  }
  await note(email, null);
}

/** Sends what the outbox holds, now and from now on. As many processes may do so as one likes. */
export const drainOutbox = (): Draining =>
  drain<TakenEmail>({
    take: async (at_most) => readAnswer(await serviceDb().rpc('take_emails', { at_most })),
    work: sendEmail,
    troubled: (error) => log.warn('outbox_unreachable', described(error)),
    atOnce,
    // Whoever sends faster than their provider takes is put off by it; and a rush of orders is not made slower by its own letters.
    perSecond: config.MAIL_PER_SECOND,
    pollMs: 250,
    troubledMs: 2000,
  });
