/** A letter from its template and its facts: what the worker sends, and what the team is shown of it. */
import { bookingCalendar } from '#booking/calendar.ts';
import { config } from '#platform/config.ts';
import { messages } from '#platform/i18n/index.ts';
import { languageOf, localeFor } from '#platform/i18n/locale.ts';
import { readBranding } from '../../site/brand.ts';
import { isKind, readFacts } from '../facts.ts';
import { letterHtml, letterText } from '../letter.ts';
import type { SendingBusiness } from '../templates/frame.ts';
import { type TemplateName, templates } from '../templates/index.ts';
import { stopAddress, stopPage } from './stopping.ts';

/** @throws naming what is missing of its facts. */
export function renderEmail(email: {
  template: string;
  locale: string;
  data: unknown;
  business: SendingBusiness;
  /** Where its reader says that they want no more like this (stopping.ts); null where that is no choice of theirs. */
  stop?: string | null;
}) {
  const { business, stop } = email;
  const site = new URL(config.SITE_URL);
  const locale = localeFor(email.locale, business.country);
  const language = languageOf(locale);
  const origin = `${site.protocol}//${business.host}${site.port ? `:${site.port}` : ''}`;
  // As in the browser: the business's first language has no prefix.
  const prefix = business.locales[0] === language ? '' : `/${language}`;
  const template = templates[email.template as TemplateName];
  if (!template) throw new Error(`There is no e-mail template ${email.template}`);
  // What the app is told of an order is less than its letter shows, which is read when it is sent.
  const data =
    isKind(email.template) && email.template !== 'order_confirmed'
      ? { ...(email.data as object), ...readFacts(email.template, email.data) }
      : email.data;
  const m = messages(locale);
  const url = (path: string) => `${origin}${prefix}${path}`;
  const { letter: written, calendar } = template(data as never, { m, locale, business, url });
  const letter = stop ? { ...written, stop: { text: m.mail.stop, url: url(stopPage(stop)) } } : written;
  return {
    // One line: what stands after a break in a header would be another header.
    subject: letter.subject.replaceAll(/[\r\n]+/g, ' '),
    html: letterHtml(letter, language, business.name, readBranding(business.branding).light),
    text: letterText(letter),
    // What mail programs make a button of; the provider's machine presses it by POST (RFC 8058).
    headers: stop
      ? {
          'List-Unsubscribe': `<${origin}${stopAddress(stop)}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        }
      : {},
    attachments: calendar
      ? [
          {
            filename: calendar.filename,
            method: calendar.method,
            content: bookingCalendar(calendar.entries, business, locale, calendar.method),
          },
        ]
      : [],
  };
}
