/**
 * Addresses that calendar programs follow, of a member's bookings and of an instructor's or a room's classes. An
 * address is its own permission; it is shown once and can be taken back.
 */
import { type CalendarBusiness, type CalendarEntry, bookingCalendar } from '../calendar.ts';
import type { LocalisedText } from '#platform/i18n/locale.ts';
import { isId } from '#platform/ids.ts';
import { localeFor, localised, messages } from '#platform/i18n/index.ts';
import { Refusal, answer, isRefused, readAnswer } from '#platform/refusals.ts';
import { type Db, serviceDb } from '#platform/supabase.ts';

export const ownerKinds = ['member', 'instructor', 'room'] as const;
export type OwnerKind = (typeof ownerKinds)[number];

export interface Feed {
  feed_id: string;
  made_at: string;
  /** When a program last came by, within an hour; null: never. */
  read_at: string | null;
}
export type OwnFeed = Feed & { owner_kind: OwnerKind };
/** A room or an instructor with their addresses. */
export interface HouseCalendar {
  owner_kind: Exclude<OwnerKind, 'member'>;
  owner_id: string;
  name: string;
  feeds: Feed[];
}
export interface MadeFeed {
  feed_id: string;
  owner_kind: OwnerKind;
  owner_id: string;
  /** `/calendars/<token>.ics`. */
  path: string;
}

const tokenShape = /^[\w-]{32}$/;
/** Whether a part of an address can be a feed's token: orders' tokens have dots (link.ts). */
export const isFeedToken = (token: string): boolean => tokenShape.test(token);

/** Refuses what `api.make_calendar` says. */
export async function makeCalendar(
  db: Db,
  businessId: string,
  input: { owner_kind: OwnerKind; owner_id: string | null; locale?: string },
): Promise<MadeFeed | Refusal> {
  const made = answer(
    await db.rpc('make_calendar', {
      business_id: businessId,
      owner_kind: input.owner_kind,
      ...(input.owner_id && { owner_id: input.owner_id }),
      ...(input.locale && { locale: input.locale }),
    }),
  );
  if (isRefused(made)) return made;
  const { token, ...feed } = made as unknown as Omit<MadeFeed, 'path'> & { token: string };
  return { ...feed, path: `/calendars/${token}.ics` };
}

/** Refuses 404 calendar_not_found, for somebody else's too. */
export async function revokeCalendar(
  db: Db,
  businessId: string,
  id: string,
): Promise<{ feed_id: string } | Refusal> {
  if (!isId(id)) return new Refusal('calendar_not_found', 404);
  const refused = answer(await db.rpc('revoke_calendar', { business_id: businessId, feed_id: id }));
  return isRefused(refused) ? refused : { feed_id: id };
}

export const myCalendars = async (db: Db, businessId: string): Promise<OwnFeed[]> =>
  readAnswer(await db.rpc('my_calendars', { business_id: businessId }, { get: true })) as OwnFeed[];

/** For managers: refuses 403 not_your_role. */
export async function houseCalendars(db: Db, businessId: string): Promise<HouseCalendar[] | Refusal> {
  const got = answer(await db.rpc('house_calendars', { business_id: businessId }, { get: true }));
  return isRefused(got) ? got : (got as unknown as HouseCalendar[]);
}

/** `api.calendar_feed`. */
interface FeedContent {
  owner_kind: OwnerKind;
  name: string;
  locale: string;
  entries: {
    id: string;
    session_id: string;
    class_name: LocalisedText;
    starts_at: string;
    ends_at: string;
    instructor_name: string;
    room_name: string;
    /** Whom the member looks after, when it is theirs. */
    person?: string | null;
    sequence: number;
    cancelled: boolean;
    changed_at: string;
  }[];
}

/** The file behind an address, the same text until something in it changes; null when it opens nothing. */
export async function calendarFile(
  business: CalendarBusiness & { id: string; country: string },
  urlOf: (path: string) => string,
  token: string,
): Promise<string | null> {
  const got = readAnswer(await serviceDb().rpc('calendar_feed', { business_id: business.id, token }));
  const feed = got as unknown as FeedContent | null;
  if (!feed) return null;
  const locale = localeFor(feed.locale, business.country);
  const words = messages(locale).instructors.calendars;
  const entries = feed.entries.map((entry): CalendarEntry => {
    const title = localised(entry.class_name, locale);
    const url = urlOf(
      feed.owner_kind === 'member'
        ? '/account/bookings'
        : feed.owner_kind === 'instructor'
          ? `/teach/classes/${entry.session_id}`
          : `/sessions/${entry.session_id}`,
    );
    return {
      id: entry.id,
      title:
        feed.owner_kind === 'room'
          ? `${title} · ${entry.instructor_name}`
          : entry.person
            ? `${title} · ${entry.person}`
            : title,
      startsAt: entry.starts_at,
      endsAt: entry.ends_at,
      instructor: entry.instructor_name,
      room: entry.room_name,
      url,
      ...(feed.owner_kind === 'instructor' && { description: words.teachEntry({ url }) }),
      ...(feed.owner_kind === 'room' && {
        description: words.roomEntry({ instructor: entry.instructor_name, url }),
      }),
      cancelled: entry.cancelled,
      sequence: entry.sequence,
      changedAt: entry.changed_at,
    };
  });
  const name =
    feed.owner_kind === 'member'
      ? words.memberName({ business: business.name })
      : words.teachName({ name: feed.name, business: business.name });
  return bookingCalendar(entries, business, locale, 'PUBLISH', undefined, name);
}
