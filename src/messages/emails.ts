/** The outbox's other end: one queued e-mail is rendered and handed to the mail server, once. */
import { config } from '#platform/config.ts';
import { messages } from '#platform/i18n/index.ts';
import { languageOf, localeFor } from '#platform/i18n/locale.ts';
import { readAnswer } from '#platform/refusals.ts';
import { serviceDb } from '#platform/supabase.ts';
import { readBranding } from '../site/brand.ts';
import { type Transporter, createTransport } from 'nodemailer';
import { letterHtml, letterText } from './letter.ts';
import { type SendingBusiness, type TemplateName, templates } from './templates.ts';

let transport: Transporter | undefined;

/** Null when it was sent before. Exported for tests, which read what a person would. */
export function renderEmail(email: {
  template: string;
  locale: string;
  data: unknown;
  business: SendingBusiness;
}) {
  const { business } = email;
  const site = new URL(config.SITE_URL);
  const locale = localeFor(email.locale, business.country);
  const language = languageOf(locale);
  const origin = `${site.protocol}//${business.host}${site.port ? `:${site.port}` : ''}`;
  // As in the browser: the business's first language has no prefix.
  const prefix = business.locales[0] === language ? '' : `/${language}`;
  const template = templates[email.template as TemplateName];
  if (!template) throw new Error(`There is no e-mail template ${email.template}`);
  const { letter, attachments } = template(email.data as never, {
    m: messages(locale),
    locale,
    business,
    url: (path) => `${origin}${prefix}${path}`,
  });
  return {
    // One line: what stands after a break in a header would be another header.
    subject: letter.subject.replaceAll(/[\r\n]+/g, ' '),
    html: letterHtml(letter, language, business.name, readBranding(business.branding).light),
    text: letterText(letter),
    attachments,
  };
}

/**
 * Sends the e-mail with this id if it was not sent yet. Throws when the mail server does not take it, so that the job
 * is tried again. Between the server's yes and our note of it a crash may send it twice; Message-ID is the same then,
 * and mail programs show it once.
 */
export async function sendEmail(emailId: string): Promise<void> {
  const [email] = readAnswer(await serviceDb().rpc('email_to_send', { email_id: emailId }, { get: true }));
  if (!email) return;
  const business = email.business as unknown as SendingBusiness;
  const { subject, html, text, attachments } = renderEmail({ ...email, business });
  transport ??= createTransport(config.SMTP_URL, { pool: true, maxConnections: 4 } as object);
  const sender = /<([^>]+)>/.exec(config.MAIL_FROM)?.[1] ?? config.MAIL_FROM;
  try {
    await transport.sendMail({
      from: { name: business.name, address: sender },
      replyTo: business.email,
      to: email.to_address,
      messageId: `<${email.id}@${new URL(config.SITE_URL).hostname}>`,
      subject,
      html,
      text,
      attachments: attachments.map(({ filename, content, method }) => ({
        filename,
        content,
        contentType: `text/calendar; charset=utf-8; method=${method}`,
      })),
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    readAnswer(await serviceDb().rpc('email_done', { email_id: emailId, error: why.slice(0, 500) }));
    throw error;
  }
  readAnswer(await serviceDb().rpc('email_done', { email_id: emailId }));
}
