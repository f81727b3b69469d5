import { plural } from '../plural.ts';

const hours = (count: number): string =>
  count % 24 === 0 && count > 24
    ? `${count / 24} days`
    : plural('en', count, { one: '1 hour', other: `${count} hours` });

/** Timetable, classes, sessions, bookings. */
export const booking = {
  schedule: {
    title: 'Timetable',
    describe: ({ business }: { business: string }) => `What is on at ${business}, with the places left.`,
    wholeWeek: 'The whole week',
    style: 'Style',
    level: 'Level',
    instructor: 'Teacher',
    more: 'More filters',
    emptyDay: 'Nothing on this day',
    emptyWeek: 'Nothing on in these days',
    emptyText: 'The rooms are resting. Have a look at the days around it.',
    emptyFilters: 'Nothing fits these filters',
    emptyFiltersText: 'Try it with one of them less.',
    toNextWeek: 'See the week after',
    goOn: ({ date }: { date: string }) => `Go on with ${date}`,
    reconnecting: 'Places are not updating by themselves right now. We keep trying.',
  },
  /** Said wherever times are, for readers who are somewhere else. */
  zone: ({ city, offset }: { city: string; offset: string }) => `All times are ${city} time (${offset}).`,
  zoneShort: ({ city }: { city: string }) => `${city} time`,
  act: {
    book: 'Book',
    adding: 'One moment',
    booked: 'Booked',
    held: 'Waiting for payment',
    attended: 'You were here',
    full: 'Full',
    started: 'Has begun',
    over: 'Over',
    closed: 'Booking closed',
    cancelled: 'Cancelled',
    opens: ({ date }: { date: string }) => `Opens ${date}`,
  },
  free: 'Free',
  with: ({ name }: { name: string }) => `with ${name}`,
  minutes: ({ count }: { count: number }) => `${count} min`,
  policy: {
    title: 'If you cannot come',
    free: ({ hours: count }: { hours: number }) =>
      count === 0
        ? 'Cancel free of charge until the class begins.'
        : `Cancel free of charge up to ${hours(count)} before it begins.`,
    lateNothing: 'After that there is no refund.',
    latePart: ({ percent }: { percent: number }) => `After that you get ${percent} % back.`,
    lateAll: 'After that you still get everything back, as long as it has not begun.',
    lateCredit: 'The same goes for credits: one of a late cancellation stays used.',
    lateFee: ({ amount }: { amount: string }) =>
      `With a membership without limit a late cancellation costs ${amount}.`,
    noShow: ({ amount }: { amount: string }) => `Not coming without a word costs ${amount} on top.`,
    feeCredits: ({ count }: { count: number }) =>
      plural('en', count, {
        one: 'One credit of a pass settles such a fee as well.',
        other: `${count} credits of a pass settle such a fee as well.`,
      }),
    more: 'The rest of the rule',
    refilled: 'If the waitlist fills your place after all, what you lost comes back.',
    gratis: 'If you cannot come, please cancel, so that someone else can have your place.',
    /** For one booking, whose hour is known. */
    until: ({ moment }: { moment: string }) => `Free of charge until ${moment}.`,
  },
  classPage: {
    back: 'Timetable',
    about: 'What to expect',
    bring: 'What to bring',
    style: 'Style',
    level: 'Level',
    length: 'Length',
    price: 'Price',
    places: 'Places',
    upTo: ({ count }: { count: number }) => `at most ${count}`,
    next: 'Next times',
    noNext: 'No times yet',
    noNextText: 'This class is not on in the coming weeks. The timetable shows what is.',
    timetable: 'See the timetable',
  },
  pay: {
    with: ({ pass }: { pass: string }) => `Book with ${pass}`,
    credits: ({ count, left }: { count: number; left: number }) =>
      `${plural('en', count, { one: '1 credit', other: `${count} credits` })}, you have ${left}.`,
    unlimited: 'It is in your membership.',
    otherwise: 'Pay another way',
    pass: ({ pass, left }: { pass: string; left: number }) => `${pass} (${left} left)`,
    card: ({ amount }: { amount: string }) => `Pay ${amount} by card`,
    wallet: ({ amount, balance }: { amount: string; balance: string }) =>
      `Pay ${amount} from your wallet (${balance} in it)`,
  },
  others: {
    title: 'Book for others too',
    who: 'Who comes?',
    me: 'Me',
    guest: ({ nth }: { nth: number }) => `Guest ${nth}: name`,
    most: ({ count }: { count: number }) =>
      plural('en', count, { one: 'You may bring one guest.', other: `You may bring up to ${count} guests.` }),
    add: 'Put these places in the cart',
  },
  sessionPage: {
    where: 'Where',
    teacher: 'Teacher',
    otherTimes: 'Other times',
    yours: 'You have a place in this class.',
    held: 'A place is held for you until it is paid.',
    cancelledText: 'We had to cancel this class. Here is when it is on next.',
    fullText: 'Every place is taken. If one comes free, it shows here at once.',
  },
  instructors: {
    title: 'Teachers',
    lead: ({ business }: { business: string }) => `Who you will meet at ${business}.`,
    back: 'All teachers',
    next: ({ name }: { name: string }) => `Next classes with ${name}`,
    noNext: ({ name }: { name: string }) => `${name} has no classes in the coming weeks.`,
    none: 'Nobody to show yet',
  },
  calendar: {
    name: ({ business }: { business: string }) => business,
    description: ({ instructor, url }: { instructor: string; url: string }) =>
      `With ${instructor}.\nChange or cancel: ${url}`,
    add: 'Add to calendar',
    addWhat: ({ what }: { what: string }) => `Add to calendar: ${what}`,
  },
  states: {
    held: 'Waiting for payment',
    confirmed: 'Booked',
    checked_in: 'You were here',
    no_show: 'Missed',
    cancelled: 'Cancelled',
    late_cancelled: 'Cancelled late',
    expired: 'Not paid in time',
    /** The business cancelled the class itself. */
    session_cancelled: 'Class cancelled',
  },
};
