/** Letters about a seat. */
import { formatMoney } from '#platform/money.ts';
import type { Facts } from '../facts.ts';
import {
  type Context,
  type Rendered,
  amountOf,
  calendarOf,
  classOf,
  classRow,
  entryOf,
  letterTo,
  listOf,
  moment,
} from './frame.ts';

/** What comes back to them, a line each. */
const back = (
  data: {
    cents?: number | null | undefined;
    currency?: string | null | undefined;
    credits_back?: number | null | undefined;
  },
  context: Context,
) => {
  const words = context.m.mail.bookings.back;
  const amount = amountOf(data.cents, data.currency, context);
  return [
    amount && words.money({ amount }),
    !!data.credits_back && words.credits({ count: data.credits_back }),
  ];
};

function bookingCancelled(data: Facts<'booking_cancelled'>, context: Context): Rendered {
  const { m, locale } = context;
  const { what, when } = classOf(data, context);
  const amount = formatMoney(data.refund_cents, data.currency, locale);
  const { cancelled } = m.mail;
  const paid = formatMoney(data.paid_cents, data.currency, locale);
  const money = () => {
    if (data.paid_cents === 0) return null;
    if (data.refund_cents === 0) return cancelled.lateNoRefund;
    return data.refund_cents < data.paid_cents
      ? cancelled.latePart({ amount, paid })
      : cancelled.refund({ amount });
  };
  const kept = (data.credits ?? 0) - (data.credits_back ?? 0);
  const creditsKept = () => (kept > 0 ? cancelled.creditsKept({ count: kept }) : null);
  return {
    letter: letterTo(data, context, {
      subject: cancelled.subject({ what: `${what}, ${when}` }),
      title: cancelled.title,
      text: [
        data.released ? cancelled.released : cancelled.text,
        money(),
        creditsKept(),
        ...back({ credits_back: data.credits_back }, context),
        cancelled.calendar,
      ],
      rows: [classRow(data, context)],
      button: cancelled.button,
      path: '/schedule',
    }),
    calendar: calendarOf(data, context, 'cancelled.ics', 'CANCEL'),
  };
}

function sessionCancelled(data: Facts<'session_cancelled'>, context: Context): Rendered {
  const words = context.m.mail.bookings.session_cancelled;
  const places = data.places ?? [data];
  const names = data.places?.map(({ name }) => name);
  return {
    letter: letterTo(data, context, {
      subject: words.subject(classOf(data, context)),
      title: words.title,
      text: [
        names ? words.several({ names: listOf(names, context) }) : words.text,
        data.reason && words.reason({ reason: data.reason }),
        ...back({ ...data, cents: data.refund_cents }, context),
        words.calendar,
      ],
      rows: [classRow(data, context)],
      button: context.m.mail.buttons.schedule,
      path: '/schedule',
    }),
    calendar: {
      filename: 'cancelled.ics',
      method: 'CANCEL',
      entries: places.map(({ booking_id }) =>
        entryOf({ ...data, booking_id, name: classOf(data, context).what }, context),
      ),
    },
  };
}

type ChangedSeat = NonNullable<Facts<'session_changed'>['also']>[number];

/** A further class of the series, with what it was before. */
function changedRow(seat: ChangedSeat, context: Context): ReturnType<typeof classRow> {
  const row = classRow(seat, context);
  const before = [
    seat.old_starts_at && moment(seat.old_starts_at, context),
    seat.old_room_name,
    seat.old_instructor_name,
  ].filter(Boolean);
  const was = context.m.mail.bookings.session_changed.was({ before: before.join(', ') });
  return before.length > 0 ? { ...row, below: `${row.below}\n${was}` } : row;
}

function sessionChanged(data: Facts<'session_changed'>, context: Context): Rendered {
  const words = context.m.mail.bookings.session_changed;
  const { what, when } = classOf(data, context);
  const { old_starts_at: start, old_room_name: room, old_instructor_name: teacher } = data;
  const until = data.free_cancel_until;
  const also = data.also ?? [];
  const calendar = calendarOf(data, context, 'booking.ics');
  return {
    letter: letterTo(data, context, {
      subject: words.subject({ what, when }),
      title: words.title,
      text: [
        start && words.time({ now: when, before: moment(start, context) }),
        room && words.room({ now: data.room_name, before: room }),
        teacher && words.teacher({ now: data.instructor_name, before: teacher }),
        words.text,
        until && words.cancelUntil({ moment: moment(until, context) }),
        also.length > 0 && words.also({ count: also.length }),
      ],
      rows: [classRow(data, context), ...also.map((seat) => changedRow(seat, context))],
      button: context.m.mail.buttons.bookings,
      path: '/account/bookings',
    }),
    calendar: {
      ...calendar,
      entries: [
        ...calendar.entries,
        ...also.flatMap((seat) => calendarOf(seat, context, 'booking.ics').entries),
      ],
    },
  };
}

function substituteTeacher(data: Facts<'substitute_teacher'>, context: Context): Rendered {
  const words = context.m.mail.bookings.substitute_teacher;
  const teacher = data.instructor_name;
  return {
    letter: letterTo(data, context, {
      subject: words.subject({ teacher, ...classOf(data, context) }),
      title: words.title,
      text: [words.text({ teacher, before: data.old_instructor_name })],
      rows: [classRow(data, context)],
      button: context.m.mail.buttons.class,
      path: `/sessions/${data.session_id}`,
    }),
    calendar: calendarOf(data, context, 'booking.ics'),
  };
}

function sessionReminder(data: Facts<'session_reminder'>, context: Context): Rendered {
  const { reminder, confirmed, buttons } = context.m.mail;
  const until = data.free_cancel_until;
  const stillFree = until && Temporal.Instant.compare(until.replace(' ', 'T'), Temporal.Now.instant()) > 0;
  return {
    letter: letterTo(data, context, {
      subject: reminder.subject(classOf(data, context)),
      title: reminder.title,
      text: [reminder.text, stillFree && confirmed.cancelUntil({ moment: moment(until, context) })],
      rows: [classRow(data, context)],
      button: buttons.bookings,
      path: '/account/bookings',
    }),
  };
}

function feeCharged(data: Facts<'fee_charged'>, context: Context): Rendered {
  const words = context.m.mail.bookings.fee_charged;
  const amount = amountOf(data.amount_cents, data.currency, context);
  return {
    letter: letterTo(data, context, {
      subject: words.subject(classOf(data, context)),
      title: words.title,
      text: [
        words[data.reason],
        amount && words.money({ amount }),
        !!data.credits_lost && words.credits({ count: data.credits_lost }),
        words.next,
      ],
      rows: [classRow(data, context)],
      // A fee is an order that waits to be paid; nothing is taken unasked.
      button: data.order_id ? words.button : context.m.mail.buttons.bookings,
      path: data.order_id ? `/orders/${data.order_id}` : '/account/bookings',
    }),
  };
}

/** What was lost comes back: by the studio's grace, or because somebody else took the place. */
const givenBack =
  (kind: 'fee_waived' | 'refilled') =>
  (data: Facts<'fee_waived'>, context: Context): Rendered => {
    const words = context.m.mail.bookings[kind];
    return {
      letter: letterTo(data, context, {
        subject: words.subject(classOf(data, context)),
        title: words.title,
        text: [words.text, ...back({ ...data, cents: data.amount_cents }, context)],
        rows: [classRow(data, context)],
        button: context.m.mail.buttons.bookings,
        path: '/account/bookings',
      }),
    };
  };

export const bookings = {
  booking_cancelled: bookingCancelled,
  session_cancelled: sessionCancelled,
  session_changed: sessionChanged,
  substitute_teacher: substituteTeacher,
  session_reminder: sessionReminder,
  fee_charged: feeCharged,
  fee_waived: givenBack('fee_waived'),
  refilled: givenBack('refilled'),
};
