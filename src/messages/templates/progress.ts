/** Letters about getting on. */
import type { Facts } from '../facts.ts';
import { type Context, type Rendered, letterTo } from './frame.ts';

function goalNudge(data: Facts<'goal_nudge'>, context: Context): Rendered {
  const words = context.m.mail.progress.goal_nudge;
  return {
    letter: letterTo(data, context, {
      subject: words.subject({ left: Math.max(data.target - data.done, 0) }),
      title: words.title,
      text: [words[data.period](data), words.days({ count: data.days_left })],
      button: words.button,
      path: '/schedule',
    }),
  };
}

function milestone(data: Facts<'milestone'>, context: Context): Rendered {
  const words = context.m.mail.progress.milestone;
  const reached = words[data.measure]({ count: data.count });
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
