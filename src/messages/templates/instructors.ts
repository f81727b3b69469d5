/** Letters to those who teach and to the managers, about substitutes and time off. */
import { formatShortDate } from '#platform/clock.ts';
import type { Facts } from '../facts.ts';
import { type Context, type Rendered, classOf, classRow, letterTo } from './frame.ts';

const oneLine = (data: Parameters<typeof classOf>[0], context: Context): string => {
  const { what, when } = classOf(data, context);
  return `${what}, ${when}`;
};

function yours(data: Facts<'substitute_yours'>, context: Context): Rendered {
  const words = context.m.instructors.letters.yours;
  const path = `/teach/classes/${data.session_id}`;
  const url = context.url(path);
  const entry = {
    // As in the calendar an instructor follows, so that it is there once.
    id: data.session_id,
    title: classOf(data, context).what,
    startsAt: data.starts_at,
    endsAt: data.ends_at,
    instructor: data.instructor_name,
    room: data.room_name,
    url,
    description: context.m.instructors.calendars.teachEntry({ url }),
    sequence: data.calendar_sequence ?? undefined,
  };
  return {
    letter: letterTo(data, context, {
      subject: words.subject({ what: oneLine(data, context) }),
      title: words.title,
      text: [words.text({ name: data.old_instructor_name })],
      rows: [classRow(data, context)],
      button: words.button,
      path,
    }),
    calendar: { filename: 'class.ics', method: 'PUBLISH', entries: [entry] },
  };
}

function turnedDown(data: Facts<'substitute_turned_down'>, context: Context): Rendered {
  const words = context.m.instructors.letters.turnedDown;
  return {
    letter: letterTo(data, context, {
      subject: words.subject({ what: oneLine(data, context) }),
      title: words.title,
      text: [words.text],
      rows: [classRow(data, context)],
      button: words.button,
      path: '/teach',
    }),
  };
}

function toApprove(data: Facts<'substitute_to_approve'>, context: Context): Rendered {
  const words = context.m.instructors.letters.toApprove;
  const who = data.substitute_name;
  return {
    letter: letterTo(data, context, {
      subject: words.subject({ who, what: oneLine(data, context) }),
      title: words.title,
      text: [words.text({ who, name: data.instructor_name })],
      rows: [classRow(data, context)],
      button: words.button,
      path: '/admin/instructors',
    }),
  };
}

function nobody(data: Facts<'substitute_nobody'>, context: Context): Rendered {
  const words = context.m.instructors.letters.nobody;
  return {
    letter: letterTo(data, context, {
      subject: words.subject({ what: oneLine(data, context) }),
      title: words.title,
      text: [words.text({ name: data.instructor_name })],
      rows: [classRow(data, context)],
      button: words.button,
      path: '/admin/instructors',
    }),
  };
}

/** Days as people say them: the last one is part of it. */
function rangeOf(data: { starts_at: string; ends_at: string }, { business, locale, m }: Context): string {
  const last = Temporal.Instant.from(data.ends_at.replace(' ', 'T')).subtract({ seconds: 1 });
  const from = formatShortDate(data.starts_at, business.time_zone, locale);
  const until = formatShortDate(last, business.time_zone, locale);
  return from === until ? from : m.instructors.time.range({ from, until });
}

function timeOffRequested(data: Facts<'time_off_requested'>, context: Context): Rendered {
  const words = context.m.instructors.letters.timeOffRequested;
  const name = data.instructor_name;
  return {
    letter: letterTo(data, context, {
      subject: words.subject({ name }),
      title: words.title,
      text: [
        words.text({ name, range: rangeOf(data, context) }),
        data.reason && words.reason({ reason: data.reason }),
        words.classes({ count: data.classes }),
      ],
      button: words.button,
      path: '/admin/instructors',
    }),
  };
}

function timeOffDecided(data: Facts<'time_off_decided'>, context: Context): Rendered {
  const words = context.m.instructors.letters.timeOffDecided;
  const range = rangeOf(data, context);
  return {
    letter: letterTo(data, context, {
      subject: data.granted ? words.subjectYes : words.subjectNo,
      title: data.granted ? words.titleYes : words.titleNo,
      text: [
        data.granted ? words.yes({ range }) : words.no({ range }),
        data.answer && words.answer({ answer: data.answer }),
        data.granted && data.classes > 0 && words.classes({ count: data.classes }),
      ],
      button: words.button,
      path: '/teach/hours',
    }),
  };
}

export const instructors = {
  substitute_yours: yours,
  substitute_turned_down: turnedDown,
  substitute_to_approve: toApprove,
  substitute_nobody: nobody,
  time_off_requested: timeOffRequested,
  time_off_decided: timeOffDecided,
};
