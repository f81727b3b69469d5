/** Letters to those who teach. */
import type { Facts } from '../facts.ts';
import { type Context, type Rendered, classOf, classRow, letterTo, moment } from './frame.ts';

function wanted(data: Facts<'substitute_wanted'>, context: Context): Rendered {
  const words = context.m.mail.work.substitute_wanted;
  const teacher = data.instructor_name;
  return {
    letter: letterTo(data, context, {
      subject: words.subject(classOf(data, context)),
      title: words.title,
      text: [
        words.text({ teacher }),
        data.note && words.note({ teacher, note: data.note }),
        data.until ? words.until({ until: moment(data.until, context) }) : words.first,
      ],
      rows: [classRow(data, context)],
      button: words.button,
      path: '/teach/substitutions',
    }),
  };
}

function found(data: Facts<'substitute_found'>, context: Context): Rendered {
  const words = context.m.mail.work.substitute_found;
  const who = data.substitute_name;
  return {
    letter: letterTo(data, context, {
      subject: words.subject({ who, ...classOf(data, context) }),
      title: words.title,
      text: [words.text({ who, teacher: data.instructor_name })],
      rows: [classRow(data, context)],
      button: words.button,
      path: '/teach',
    }),
  };
}

export const work = { substitute_wanted: wanted, substitute_found: found };
