/**
 * The signed address of an order's calendar, for calendar programs, which cannot sign in. Whoever has the address sees
 * the classes of that order and nothing else.
 */
import { createHash } from 'node:crypto';
import { languageOf, type Language, type Locale } from '#platform/i18n/locale.ts';
import { isSigned, signed } from '#platform/signature.ts';

const purpose = 'order-calendar';
const shape = /^([0-9a-f]{32})\.(en|es)\.([\w-]{43})$/;

const dashed = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** `/calendars/<token>.ics`, in the reader's language. */
export function calendarPath(orderId: string, locale: Locale): string {
  const text = `${orderId.replaceAll('-', '')}.${languageOf(locale)}`;
  return `/calendars/${text}.${signed(purpose, text)}.ics`;
}

/** What a token says, null when we did not write it. */
export function readCalendarToken(token: string | undefined): { orderId: string; language: Language } | null {
  const [, hex, language, signature] = shape.exec(token ?? '') ?? [];
  if (!hex || !language || !signature) return null;
  if (!isSigned(purpose, `${hex}.${language}`, signature)) return null;
  return { orderId: dashed(hex), language: language as Language };
}

/** The answer that browsers hand to the calendar. Whoever has this very file already is told so (304). */
export function calendarAnswer(text: string, name: string, request?: Request): Response {
  const etag = `"${createHash('sha1').update(text).digest('base64url')}"`;
  const headers = {
    'Content-Type': 'text/calendar; charset=utf-8',
    'Content-Disposition': `attachment; filename="${name}"`,
    'Cache-Control': 'private, no-cache',
    ETag: etag,
  };
  return request?.headers.get('if-none-match')?.includes(etag)
    ? new Response(null, { status: 304, headers })
    : new Response(text, { headers });
}
