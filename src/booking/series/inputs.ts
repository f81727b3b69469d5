/** What may be said of the schedule, by forms and by programs. Times are in the business's own zone. */
import { z } from 'zod';
import { calendarDay, centsOf, maybe, ticked, timeOfDay, whole } from '#platform/inputs.ts';
import { type Refusal, isRefused } from '#platform/refusals.ts';

const price = {
  price_cents: whole(0, 100_000_000).optional(),
  price: maybe(z.string().max(40)),
};

const where = {
  local_start: maybe(timeOfDay),
  minutes: maybe(whole(5, 1440)),
  room_id: maybe(z.guid()),
  instructor_id: maybe(z.guid()),
  capacity: maybe(whole(1, 10_000)),
  ...price,
};

export const scopes = ['one', 'following', 'all'] as const;

/** What is left out, or the same as `was_…`, stays as it is. */
export const changeInput = z.looseObject({
  id: z.guid(),
  scope: z.enum(scopes).default('one'),
  /** Also the other weekdays that were put on together with it. */
  every_day: ticked,
  /** Also those that were changed by hand. */
  include_changed: ticked,
  on: maybe(calendarDay),
  weekday: maybe(whole(1, 7)),
  ...where,
});
export const applyInput = changeInput.extend({ effect_hash: z.string().regex(/^[0-9a-f]{64}$/) });

/** As api.change_sessions takes it. */
export interface Change {
  scope: (typeof scopes)[number];
  every_day: boolean;
  include_changed: boolean;
  on?: string;
  weekday?: number;
  local_start?: string;
  minutes?: number;
  room_id?: string;
  instructor_id?: string;
  capacity?: number;
  price_cents?: number;
}

/** The change a form or program asks for. Refuses 422 for an amount that is none. */
export function changeOf(
  input: z.output<typeof changeInput>,
  locals: Pick<App.Locals, 'business' | 'locale'>,
): Change | Refusal {
  const cents = centsOf({ cents: input.price_cents, typed: input.price, field: 'price' }, locals);
  if (isRefused(cents)) return cents;
  const said = { ...input, price_cents: cents };
  // A form shows how things are; what nobody touched is not asked for, whatever became of it meanwhile.
  const touched = (name: keyof typeof said): boolean => {
    const was = input[`was_${name === 'price_cents' ? 'price' : name}`];
    const typed = name === 'price_cents' && input.price_cents === undefined ? input.price : said[name];
    return said[name] !== undefined && (was === undefined || String(was) !== String(typed));
  };
  const one = input.scope === 'one';
  const names = [
    one ? 'on' : 'weekday',
    'local_start',
    'minutes',
    'room_id',
    'instructor_id',
    'capacity',
    'price_cents',
  ] as const;
  const { scope, every_day, include_changed } = input;
  return {
    scope,
    every_day: !one && every_day,
    include_changed: !one && include_changed,
    ...Object.fromEntries(
      names
        .filter((name) => touched(name) && !(name === 'weekday' && every_day))
        .map((name) => [name, said[name]]),
    ),
  };
}

/** Said again, field by field, for the form that applies it. */
export const fieldsOf = (change: Change): [string, string][] =>
  Object.entries(change).flatMap(([name, value]): [string, string][] =>
    value === false ? [] : [[name, value === true ? 'yes' : String(value)]],
  );

const made = {
  class_type_id: z.guid(),
  room_id: z.guid(),
  instructor_id: z.guid(),
  local_start: timeOfDay,
  minutes: maybe(whole(5, 1440)),
  capacity: maybe(whole(1, 10_000)),
  ...price,
  /** Also with a teacher who is not on the class's list, has time off or other hours. */
  despite_warnings: ticked,
};
/** hidden: put on, but not shown until it is published. */
export const newSessionInput = z.object({ ...made, on: calendarDay, hidden: ticked });

const weekdayBoxes = Object.fromEntries(
  [1, 2, 3, 4, 5, 6, 7].map((day) => [`weekday_${day}`, ticked]),
) as Record<`weekday_${1 | 2 | 3 | 4 | 5 | 6 | 7}`, typeof ticked>;

/** Days as a list, or as a person lists them in a field: one a line, or with commas between. */
const days = z
  .array(calendarDay)
  .max(100)
  .or(
    z
      .string()
      .max(2000)
      .transform((text) => text.split(/[\s,;]+/).filter(Boolean))
      .pipe(z.array(calendarDay).max(100)),
  );

export const newSeriesInput = z.object({
  ...made,
  /** 1 = Monday; a form ticks `weekday_1` to `weekday_7`. */
  weekdays: z.array(z.number().int().min(1).max(7)).max(7).optional(),
  ...weekdayBoxes,
  from_on: calendarDay,
  until_on: maybe(calendarDay),
  skip: maybe(days),
  leave_out_clashes: ticked,
});

type New = z.output<typeof newSessionInput> | z.output<typeof newSeriesInput>;

/** As api.create_session and api.create_series take them. Refuses 422 for an amount that is none. */
export function newFactsOf(
  input: New,
  locals: Pick<App.Locals, 'business' | 'locale'>,
): Record<string, unknown> | Refusal {
  const price_cents = centsOf({ cents: input.price_cents, typed: input.price, field: 'price' }, locals);
  if (isRefused(price_cents)) return price_cents;
  const { class_type_id, room_id, instructor_id, local_start, minutes, capacity } = input;
  const facts: Record<string, unknown> = {
    ...{ class_type_id, room_id, instructor_id, local_start, minutes, capacity, price_cents },
    despite_warnings: input.despite_warnings || undefined,
  };
  if ('on' in input) Object.assign(facts, { on: input.on, hidden: input.hidden || undefined });
  else {
    const ticked = ([1, 2, 3, 4, 5, 6, 7] as const).filter((day) => input[`weekday_${day}`]);
    const { from_on, until_on, skip, leave_out_clashes } = input;
    Object.assign(facts, { weekdays: input.weekdays ?? ticked, from_on, until_on, skip, leave_out_clashes });
  }
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

export const cancelInput = z.object({ id: z.guid(), reason: z.string().trim().max(300).default('') });
export const skipInput = z.object({
  id: z.guid(),
  on_date: calendarDay,
  note: z.string().trim().max(200).default(''),
});
export const endInput = z.object({
  id: z.guid(),
  last_on: calendarDay,
  every_day: ticked,
  reason: z.string().trim().max(300).default(''),
  effect_hash: z.string().regex(/^[0-9a-f]{64}$/),
});
