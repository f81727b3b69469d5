/** Letters about getting on. */
import { localised } from '#platform/i18n/locale.ts';
import type { Facts } from '../facts.ts';
import { type Context, type Rendered, letterTo } from './frame.ts';

function goalNudge(data: Facts<'goal_nudge'>, context: Context): Rendered {
  const words = context.m.mail.progress.goal_nudge;
  const left = Math.max(data.target - data.done, 0);
  const minutes = data.measure === 'minutes';
  const stands = minutes ? words.minutes(data) : words[data.period](data);
  return {
    letter: letterTo(data, context, {
      subject: minutes ? words.subjectMinutes({ left }) : words.subject({ left }),
      title: words.title,
      text: [stands, words.days({ count: data.days_left })],
      button: words.button,
      path: '/schedule',
    }),
  };
}

function milestone(data: Facts<'milestone'>, context: Context): Rendered {
  const words = context.m.mail.progress.milestone;
  const reached =
    data.measure === 'style'
      ? words.style({ style: localised(data.style_name, context.locale) })
      : words[data.measure]({ count: data.count });
  return {
    letter: letterTo(data, context, {
      subject: reached,
      title: words.title,
      text: [words.text({ reached })],
      button: words.button,
      path: '/account/progress',
    }),
  };
}

export const progress = { goal_nudge: goalNudge, milestone };
