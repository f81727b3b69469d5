/** Letters about waiting for a seat. */
import type { Facts } from '../facts.ts';
import {
  type Context,
  type Rendered,
  amountOf,
  calendarOf,
  classOf,
  classRow,
  letterTo,
  moment,
} from './frame.ts';

function joined(data: Facts<'waitlist_joined'>, context: Context): Rendered {
  const words = context.m.mail.waitlist.waitlist_joined;
  return {
    letter: letterTo(data, context, {
      subject: words.subject(classOf(data, context)),
      title: words.title,
      text: [words.position({ position: data.position }), words[data.mode], words.leave],
      rows: [classRow(data, context)],
      button: context.m.mail.buttons.class,
      path: `/sessions/${data.session_id}`,
    }),
  };
}

function offer(data: Facts<'waitlist_offer'>, context: Context): Rendered {
  const words = context.m.mail.waitlist.waitlist_offer;
  const until = moment(data.offered_until, context);
  return {
    letter: letterTo(data, context, {
      subject: words.subject({ what: classOf(data, context).what, until }),
      title: words.title,
      text: [words.text({ until })],
      rows: [classRow(data, context)],
      button: words.button,
      path: `/sessions/${data.session_id}`,
    }),
  };
}

function open(data: Facts<'waitlist_open'>, context: Context): Rendered {
  const words = context.m.mail.waitlist.waitlist_open;
  return {
    letter: letterTo(data, context, {
      subject: words.subject(classOf(data, context)),
      title: words.title,
      text: [words.text],
      rows: [classRow(data, context)],
      button: words.button,
      path: `/sessions/${data.session_id}`,
    }),
  };
}

function promoted(data: Facts<'waitlist_promoted'>, context: Context): Rendered {
  const words = context.m.mail.waitlist.waitlist_promoted;
  const amount = amountOf(data.amount_cents, data.currency, context);
  const until = data.free_cancel_until;
  return {
    letter: letterTo(data, context, {
      subject: words.subject(classOf(data, context)),
      title: words.title,
      text: [
        words.text,
        !!data.credits_used && words.credits({ count: data.credits_used }),
        amount && words.money({ amount }),
        until && context.m.mail.confirmed.cancelUntil({ moment: moment(until, context) }),
      ],
      rows: [classRow(data, context)],
      button: context.m.mail.buttons.bookings,
      path: '/account/bookings',
    }),
    calendar: calendarOf(data, context, 'booking.ics'),
  };
}

function moved(data: Facts<'waitlist_moved'>, context: Context): Rendered {
  const words = context.m.mail.waitlist.waitlist_moved;
  const { what, when } = classOf(data, context);
  return {
    letter: letterTo(data, context, {
      subject: words.subject({ what, when }),
      title: words.title,
      text: [
        context.m.mail.bookings.session_changed.time({
          now: when,
          before: moment(data.old_starts_at, context),
        }),
        data.offered_until
          ? words.offered({ until: moment(data.offered_until, context) })
          : words.stays({ position: data.position ?? 1 }),
        words.leave,
      ],
      rows: [classRow(data, context)],
      button: context.m.mail.buttons.class,
      path: `/sessions/${data.session_id}`,
    }),
  };
}

const over =
  <K extends 'waitlist_lapsed' | 'waitlist_left'>(kind: K) =>
  (data: Facts<K>, context: Context): Rendered => {
    const words = context.m.mail.waitlist[kind];
    const reason = (words as Record<string, unknown>)[data.reason];
    return {
      letter: letterTo(data, context, {
        subject: words.subject(classOf(data, context)),
        title: words.title,
        text: [String(reason)],
        rows: [classRow(data, context)],
        button: context.m.mail.buttons.schedule,
        path: '/schedule',
      }),
    };
  };

export const waitlist = {
  waitlist_joined: joined,
  waitlist_offer: offer,
  waitlist_open: open,
  waitlist_promoted: promoted,
  waitlist_moved: moved,
  waitlist_lapsed: over('waitlist_lapsed'),
  waitlist_left: over('waitlist_left'),
};
