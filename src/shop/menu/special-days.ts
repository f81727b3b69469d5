/** A day with other hours, in words. */
import { formatCalendarDay } from '#platform/clock.ts';
import type { SpecialDay } from '#business/businesses.ts';
import { localised } from '#platform/i18n/locale.ts';

export const openingsText = (hours: SpecialDay['hours']): string =>
  hours.map(({ opens, closes }) => `${opens}–${closes}`).join(', ');

/** For customers: `Closed today: Christmas Eve`. `today` as the business has it. */
export function specialDayWords(
  { on_date, hours, why }: SpecialDay,
  today: string,
  { m, locale }: Pick<App.Locals, 'm' | 'locale'>,
): string {
  const words = m.shop.specialDays;
  const day = formatCalendarDay(on_date, locale, { weekday: 'long', day: 'numeric', month: 'long' });
  const what =
    hours.length === 0
      ? on_date === today
        ? words.closedToday
        : words.closedOn({ day })
      : on_date === today
        ? words.today({ hours: openingsText(hours) })
        : words.on({ day, hours: openingsText(hours) });
  const reason = localised(why, locale);
  return reason ? `${what}: ${reason}` : what;
}
