/** The business's post: what it wrote to whom and what became of it, one letter again, and when it reminds. */
import { languageOf, localeFor } from '#platform/i18n/locale.ts';
import { type Messages, messages } from '#platform/i18n/index.ts';
import type { Json } from '#platform/database.types.ts';
import { type Refusal, answer, isRefused } from '#platform/refusals.ts';
import type { Db } from '#platform/supabase.ts';
import { renderEmail } from './render.ts';
import { isKind } from '../facts.ts';
import { noticeOf } from '../notices.ts';
import type { Context, SendingBusiness } from '../templates/frame.ts';
import { type TemplateName, templates } from '../templates/index.ts';

export const letterStates = ['queued', 'sent', 'failed', 'withheld'] as const;
export type LetterState = (typeof letterStates)[number];
export const letterKinds = Object.keys(templates).sort() as TemplateName[];

/** A row of `api.letters`. */
export interface Sent {
  email_id: string;
  member_id: string | null;
  member_name: string | null;
  to_address: string;
  locale: string;
  kind: TemplateName;
  state: LetterState;
  data: Json;
  created_at: string;
  sent_at: string | null;
  /** Null when nobody will try any more. */
  next_try_at: string | null;
  attempts: number;
  last_error: string | null;
  sent_again_as: string | null;
}
/** A row of `api.letter`. */
export interface OneLetter extends Sent {
  again_of: string | null;
  /** Where its reader is reached today. */
  goes_to: string | null;
  business: SendingBusiness;
  /** Its reader cannot choose not to get it. */
  essential: boolean;
}

export interface LetterQuery {
  kind: TemplateName | null;
  state: LetterState | null;
  member: string | null;
  before: [string, string] | null;
  size: number;
}

/** Newest first. Refuses 403 `not_your_role`: without `member` it is the managers'. */
export async function letterList(db: Db, businessId: string, query: LetterQuery): Promise<Sent[] | Refusal> {
  const { kind, state, member, before, size } = query;
  const asked = {
    business_id: businessId,
    page_size: size,
    ...(kind && { only_kind: kind }),
    ...(state && { only_state: state }),
    ...(member && { of_member: member }),
    ...(before && { before_at: before[0], before_id: before[1] }),
  };
  return answer(await db.rpc('letters', asked, { get: true })) as Sent[] | Refusal;
}

/** Refuses 403 `not_your_role`, 404 `letter_not_found`. */
export async function oneLetter(db: Db, businessId: string, id: string): Promise<OneLetter | Refusal> {
  const rows = answer(await db.rpc('letter', { business_id: businessId, letter_id: id }, { get: true }));
  return isRefused(rows) ? rows : (rows as unknown as [OneLetter])[0];
}

/** What the team calls a kind of letter. */
export const kindName = (kind: TemplateName, m: Messages): string => {
  const names: Record<string, string> = m.letters.kinds;
  return names[kind] ?? kind.replaceAll('_', ' ');
};

/** Its subject, in its reader's language; null where what it is written from is not complete. */
export function subjectOf(
  letter: Pick<Sent, 'kind' | 'data' | 'locale'>,
  business: Context['business'] & { country: string },
): string | null {
  const locale = localeFor(letter.locale, business.country);
  const speaking = { m: messages(locale), locale, business };
  try {
    if (isKind(letter.kind)) return noticeOf(letter.kind, letter.data, speaking).title;
    return templates[letter.kind](letter.data as never, { ...speaking, url: (path) => path }).letter.subject;
  } catch {
    return null;
  }
}

/** The letter as its reader gets it, its links leading nowhere; null where what it is written from is not complete. */
export function copyOf(
  letter: OneLetter,
): { subject: string; html: string; text: string; language: string } | null {
  try {
    const { business, kind, locale, data, essential } = letter;
    const { subject, html, text } = renderEmail({
      template: kind,
      locale,
      data,
      business,
      stop: essential ? null : '…',
    });
    return {
      subject,
      text,
      html: html.replaceAll(/ href="[^"]*"/g, ''),
      language: languageOf(localeFor(locale, business.country)),
    };
  } catch {
    return null;
  }
}

/** Queues it once more; the same letter however often it is asked for. Refuses what `api.send_again` says. */
export async function sendAgain(
  db: Db,
  businessId: string,
  id: string,
): Promise<{ email_id: string } | Refusal> {
  const made = answer(await db.rpc('send_again', { business_id: businessId, email_id: id }));
  return isRefused(made) ? made : { email_id: made };
}

/** Refuses 403 `not_your_role`. */
export async function messageSettings(
  db: Db,
  businessId: string,
): Promise<{ reminder_hours: number } | Refusal> {
  const rows = answer(await db.rpc('message_settings', { business_id: businessId }, { get: true }));
  return isRefused(rows) ? rows : (rows[0] ?? { reminder_hours: 24 });
}

/** Refuses 403 `not_your_role`, 422 `reminder_hours_invalid`. */
export async function setMessageSettings(
  db: Db,
  businessId: string,
  hours: number,
): Promise<{ reminder_hours: number } | Refusal> {
  const set = answer(
    await db.rpc('set_message_settings', { business_id: businessId, reminder_hours: hours }),
  );
  return isRefused(set) ? set : { reminder_hours: set };
}
