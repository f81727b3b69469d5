import { plural } from '../../plural.ts';

/** Letters about getting on, by kind. */
export const progress = {
  goal_nudge: {
    subject: ({ left }: { left: number }) =>
      plural('en', left, { one: 'One class to go', other: `${left} classes to go` }),
    subjectMinutes: ({ left }: { left: number }) =>
      plural('en', left, { one: 'One minute to go', other: `${left} minutes to go` }),
    title: 'You are on your way',
    week: ({ done, target }: { done: number; target: number }) => `${done} of ${target} classes this week.`,
    month: ({ done, target }: { done: number; target: number }) => `${done} of ${target} classes this month.`,
    minutes: ({ done, target }: { done: number; target: number }) => `${done} of ${target} minutes so far.`,
    days: ({ count }: { count: number }) =>
      plural('en', count, {
        zero: 'Today is the last day.',
        one: 'There is 1 day left.',
        other: `There are ${count} days left.`,
      }),
    button: 'Find a class',
  },
  milestone: {
    classes: ({ count }: { count: number }) =>
      plural('en', count, { one: 'Your first class', other: `${count} classes` }),
    weeks: ({ count }: { count: number }) =>
      plural('en', count, { one: '1 week in a row', other: `${count} weeks in a row` }),
    minutes: ({ count }: { count: number }) =>
      plural('en', count, { one: '1 minute of practice', other: `${count} minutes of practice` }),
    style: ({ style }: { style: string }) => `Your first ${style} class`,
    title: 'Look how far you have come',
    text: ({ reached }: { reached: string }) => `${reached}. We are glad to have been there.`,
    button: 'See your progress',
  },
};
