/** A weekly rule in words: `Mondays, Wednesdays · 18:00, 60 min · Sala Jardín · Ana`. */
import type { Rule } from './series.ts';
import { formatCalendarDay } from '#platform/clock.ts';
import type { Locale, Messages } from '#platform/i18n/index.ts';
import { languageTag } from '#platform/i18n/locale.ts';

type Weekday = keyof Messages['schedule']['weekdays'];

/** `Monday and Wednesday`, each once, in the order of the week. */
export function listOfDays(days: { weekday: number }[], m: Messages, locale: Locale): string {
  const each = [...new Set(days.map(({ weekday }) => weekday))].sort();
  const names = each.map((day) => m.schedule.weekdays[day as Weekday]);
  return new Intl.ListFormat(languageTag(locale), { type: 'conjunction' }).format(names);
}

const date = (day: string, locale: Locale) =>
  formatCalendarDay(day, locale, { day: 'numeric', month: 'long', year: 'numeric' });

/** The rule's parts, for a line with dots between. `all`: with the weekdays it shares its pattern with. */
export function partsOf(rule: Rule, m: Messages, locale: Locale, all = false): string[] {
  return [
    listOfDays(all ? rule.days : [rule], m, locale),
    `${rule.local_start}, ${m.booking.minutes({ count: rule.minutes })}`,
    rule.room_name,
    rule.instructor_name,
  ];
}

export const stretchOf = (rule: Rule, m: Messages, locale: Locale): string =>
  rule.until_on
    ? m.schedule.series.fromUntil({ from: date(rule.from_on, locale), until: date(rule.until_on, locale) })
    : m.schedule.series.from({ from: date(rule.from_on, locale) });
