/** A year of days as a calendar: weeks side by side, Monday on top. */
import { addDays, mondayOf } from '#platform/clock.ts';
import type { Day } from './progress.ts';

export interface Cell {
  day: string;
  /** Column and row, from zero. */
  week: number;
  weekday: number;
  visits: number;
  minutes: number;
  /** 0 nothing, to 3. */
  level: number;
}

export interface HeatMap {
  cells: Cell[];
  weeks: number;
  /** Where each month begins: column and the first day shown of it. */
  months: { week: number; day: string }[];
}

const level = (visits: number): number => Math.min(3, visits);

/** The days from `fromOn` until before `untilOn`; days after `today` are left out. */
export function heatMap(days: Day[], fromOn: string, untilOn: string, today: string): HeatMap {
  const found = new Map(days.map((day) => [day.day, day]));
  const first = mondayOf(fromOn);
  const cells: Cell[] = [];
  const months: HeatMap['months'] = [];
  let index = 0;
  for (let day = first; day < untilOn; day = addDays(day, 1), index++) {
    if (day < fromOn || day > today) continue;
    const week = Math.floor(index / 7);
    const { visits = 0, minutes = 0 } = found.get(day) ?? {};
    cells.push({ day, week, weekday: index % 7, visits, minutes, level: level(visits) });
    if (day.endsWith('-01') || months.length === 0) months.push({ week, day });
  }
  // A month that shows by a few days only has no room for its name.
  const [one, two] = months;
  if (one && two && two.week - one.week < 3) months.shift();
  return { cells, weeks: Math.floor((index - 1) / 7) + 1, months };
}

/** The same days by month, for whoever reads them as a table. */
export function monthsOf(days: Day[]): { month: string; visits: number; minutes: number; days: string[] }[] {
  const months = Map.groupBy(days, ({ day }) => day.slice(0, 7));
  return [...months].map(([month, of]) => ({
    month,
    visits: of.reduce((sum, { visits }) => sum + visits, 0),
    minutes: of.reduce((sum, { minutes }) => sum + minutes, 0),
    days: of.map(({ day }) => day),
  }));
}
