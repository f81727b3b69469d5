/** What managers may say of how a location sells over HTTP. */
import { z } from 'zod';
import { Refusal } from '#platform/refusals.ts';
import { type Facts, boxes, filled, several, text, words, yes } from './fields.ts';

const time = z.string().regex(/^\d{2}:\d{2}$/);
/** Of a form, within what is kept; a program's is looked at there. */
const between = (least: number, most: number) =>
  z
    .number()
    .int()
    .or(
      z
        .string()
        .regex(/^\d{1,6}$/)
        .transform(Number)
        .pipe(z.number().min(least).max(most)),
    )
    .optional();

/** A form brings up to two openings a day: `opens_1_a`, `closes_1_a`, `opens_1_b`, … for Monday. */
export const counterInput = z.looseObject({
  location_id: z.guid(),
  hours: z
    .array(z.object({ day: z.number().int(), opens: time, closes: time }))
    .max(40)
    .optional(),
  slot_minutes: between(5, 30),
  slot_seconds: between(10, 36_000),
  lead_minutes: between(0, 240),
  days_ahead: between(0, 30),
  delay_minutes: between(0, 120),
  takes_orders: yes.optional(),
  servings: several(z.enum(['takeaway', 'eat_in'])).optional(),
  tip_percents: z.array(z.number().int()).max(5).optional(),
  /** As a person writes them: `0, 5, 10`. */
  tips: z.string().max(40).optional(),
  boxes,
});

export const days = [1, 2, 3, 4, 5, 6, 7];
export const openingsADay = ['a', 'b'] as const;

interface Opening {
  opens: string;
  closes: string;
}

/** The openings a form's fields say, `opens_<of>a` and so on; midnight is where the day ends. Half an opening is refused 422 counter_hours_invalid. */
function openingsOf(said: Record<string, unknown>, of: string): Opening[] | Refusal {
  const field = (name: string) => (typeof said[name] === 'string' ? said[name].slice(0, 5) : '');
  const hours: Opening[] = [];
  for (const nth of openingsADay) {
    const [opens, closes] = [field(`opens_${of}${nth}`), field(`closes_${of}${nth}`)];
    if (!opens && !closes) continue;
    if (!opens || !closes) return new Refusal('counter_hours_invalid', 422, { field: 'hours' });
    hours.push({ opens, closes: closes === '00:00' ? '24:00' : closes });
  }
  return hours;
}

function hoursOf(said: z.output<typeof counterInput>): unknown[] | Refusal {
  const hours: unknown[] = [];
  for (const day of days) {
    const openings = openingsOf(said, `${day}_`);
    if (openings instanceof Refusal) return openings;
    hours.push(...openings.map((opening) => ({ day, ...opening })));
  }
  return hours;
}

export function counterFacts(said: z.output<typeof counterInput>): Facts | Refusal {
  const hours = said.hours ?? (said.boxes && hoursOf(said));
  if (hours instanceof Refusal) return hours;
  const tips = said.tips?.split(/[\s,;%]+/).filter(Boolean);
  if (tips?.some((tip) => !/^\d{1,2}$/.test(tip)))
    return new Refusal('counter_invalid', 422, { field: 'tips' });
  const { slot_minutes, slot_seconds, lead_minutes, days_ahead, delay_minutes } = said;
  return filled({
    ...{ hours, slot_minutes, slot_seconds, lead_minutes, days_ahead, delay_minutes },
    takes_orders: said.takes_orders ?? (said.boxes && false),
    servings: said.servings ?? (said.boxes && []),
    tip_percents: said.tip_percents ?? tips?.map(Number),
  });
}

/** `opens_a`, `closes_a`, `opens_b`, … of a form, all of them empty: closed all day. A program sends `hours`. */
export const specialDayInput = z.looseObject({
  location_id: z.guid(),
  on_date: z.iso.date(),
  hours: z
    .array(z.object({ opens: time, closes: time }))
    .max(4)
    .optional(),
  why: words(120).optional(),
  why_en: text(120),
  why_es: text(120),
});
export const droppedDayInput = z.object({ location_id: z.guid(), on_date: z.iso.date() });

/** Refuses 422 counter_hours_invalid for half an opening. */
export const specialHours = (said: z.output<typeof specialDayInput>): Opening[] | Refusal =>
  said.hours ?? openingsOf(said, '');
