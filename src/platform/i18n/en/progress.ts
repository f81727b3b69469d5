/** What coming to class adds up to. */
import { plural } from '../plural.ts';

const hours = (minutes: number): string => {
  const whole = Math.floor(minutes / 60);
  if (whole === 0) return `${minutes} min`;
  return minutes % 60 === 0 ? `${whole} h` : `${whole} h ${minutes % 60} min`;
};

export const progress = {
  nav: 'Progress',
  title: 'Your progress',
  titleOf: ({ name }: { name: string }) => `${name}’s progress`,
  lead: 'What your classes add up to.',
  whose: 'Whose',
  none: 'Your first class starts this page',
  noneText: 'Once you have been to a class, you see here how often you come, and what it adds up to.',
  hours: ({ minutes }: { minutes: number }) => hours(minutes),
  classes: ({ count }: { count: number }) =>
    plural('en', count, { zero: 'No classes', one: '1 class', other: `${count} classes` }),
  weeks: ({ count }: { count: number }) => plural('en', count, { one: '1 week', other: `${count} weeks` }),
  totals: 'In short',
  total: 'Classes',
  totalNote: ({ day }: { day: string }) => `since ${day}`,
  time: 'Time on the mat',
  timeNote: 'all classes together',
  streak: 'In a row',
  streakNote: ({ best }: { best: number }) =>
    plural('en', best, { one: 'your best is 1 week', other: `your best is ${best} weeks` }),
  calendar: {
    title: 'Your year',
    lastYear: 'The last twelve months',
    year: ({ year }: { year: number }) => `The year ${year}`,
    caption: 'Days with a class',
    day: ({ day, count }: { day: string; count: number }) =>
      plural('en', count, {
        zero: `${day}: none`,
        one: `${day}: 1 class`,
        other: `${day}: ${count} classes`,
      }),
    less: 'none',
    more: 'three or more',
    asTable: 'As a table',
    month: 'Month',
    days: 'Days',
  },
  styles: {
    title: 'Time by style',
    unit: 'Time',
    none: 'No classes in this year.',
  },
  rhythm: {
    title: 'Week by week',
    unitClasses: 'Classes a week',
    unitMinutes: 'Minutes a week',
    met: ({ count, of }: { count: number; of: number }) => `You made ${count} of the last ${of} weeks.`,
  },
  milestones: {
    title: 'Milestones',
    classes: ({ count }: { count: number }) => (count === 1 ? 'Your first class' : `Class number ${count}`),
    weeks: ({ count }: { count: number }) => `${count} weeks in a row`,
    style: ({ style }: { style: string }) => `First ${style}`,
    next: ({ count, left }: { count: number; left: number }) =>
      plural('en', left, {
        one: `One class more and it is number ${count}.`,
        other: `${left} classes more and it is number ${count}.`,
      }),
  },
  goal: {
    title: 'This week',
    aim: ({ target }: { target: string }) => `Your goal: ${target} a week`,
    progressClasses: ({ done, target }: { done: number; target: number }) => `${done} of ${target} classes`,
    progressMinutes: ({ done, target }: { done: number; target: number }) => `${done} of ${target} minutes`,
    met: 'Made it. The rest of the week is a bonus.',
    onCourse: 'What you have booked will do it.',
    missing: ({ missing }: { missing: string }) => `${missing} to go, until Sunday night.`,
    find: 'Find a class',
    none: 'No goal set',
    noneText: 'A small, steady aim does more than a big one. Two classes a week is a fine start.',
    set: 'Set a goal',
    change: 'Change the goal',
    measure: 'Counted in',
    measures: { classes: 'classes a week', minutes: 'minutes a week' },
    target: 'How many',
    targetHint: '1 to 14 classes, or 15 to 1,500 minutes.',
    nudge: 'Write to me on Thursday evening if the week falls short',
    nudgeHint: 'At most once a week, and not when what you have booked will do.',
    saved: 'Your goal is set.',
    act: 'Set this goal',
    end: 'Give up the goal',
    ended: 'No goal from now on.',
  },
};
