import { plural } from '../../plural.ts';

/** Letters about waiting for a seat, by kind. */
export const waitlist = {
  waitlist_joined: {
    subject: ({ what, when }: { what: string; when: string }) => `On the waitlist: ${what}, ${when}`,
    title: 'You are on the waitlist',
    position: ({ position }: { position: number }) =>
      position === 1 ? 'You are first in line.' : `You are number ${position} in line.`,
    automatic: 'When a place opens it is yours at once, and we write to you.',
    offer: 'When a place opens we hold it for you, write to you, and give you a while to say yes.',
    first_to_claim:
      'When a place opens, everybody who waits hears of it at the same moment; the first to claim it gets it.',
    leave: "Changed your mind? You can leave the waitlist on the class's page.",
  },
  waitlist_offer: {
    subject: ({ what, until }: { what: string; until: string }) =>
      `A place in ${what} is yours until ${until}`,
    title: 'A place has opened for you',
    text: ({ until }: { until: string }) =>
      `We hold it for you until ${until}. After that the next person in line is asked.`,
    button: 'Take the place',
  },
  waitlist_open: {
    subject: ({ what, when }: { what: string; when: string }) => `A place has opened: ${what}, ${when}`,
    title: 'A place has opened',
    text: 'Everybody who waits hears of it now. The first to claim it gets it.',
    button: 'Claim the place',
  },
  waitlist_promoted: {
    subject: ({ what, when }: { what: string; when: string }) => `You're in after all: ${what}, ${when}`,
    title: 'You moved up from the waitlist',
    text: 'A place opened and it is yours. The calendar file is attached.',
    credits: ({ count }: { count: number }) =>
      plural('en', count, {
        one: 'It took 1 credit of your pass.',
        other: `It took ${count} credits of your pass.`,
      }),
    money: ({ amount }: { amount: string }) => `It cost ${amount}.`,
  },
  waitlist_moved: {
    subject: ({ what, when }: { what: string; when: string }) =>
      `The class you wait for moves: ${what}, now ${when}`,
    title: 'The class you wait for has a new time',
    stays: ({ position }: { position: number }) =>
      position === 1 ? 'You are still first in line.' : `You are still number ${position} in line.`,
    offered: ({ until }: { until: string }) => `The place we hold for you is still held, until ${until}.`,
    leave: 'If it no longer suits you, leave the line on the class’s page. It costs nothing.',
  },
  waitlist_lapsed: {
    subject: ({ what, when }: { what: string; when: string }) => `No place this time: ${what}, ${when}`,
    title: 'The waitlist is over for you',
    deadline: 'The place we held for you was not taken in time, so it went to the next person in line.',
    too_late: 'Nobody gave up a place in time. We are sorry, and hope to see you in another class.',
    no_credit:
      'A place opened, but there was nothing left on your passes to pay for it, so it went to the next person in line.',
  },
  waitlist_left: {
    subject: ({ what, when }: { what: string; when: string }) => `Off the waitlist: ${what}, ${when}`,
    title: 'You are no longer on the waitlist',
    left: 'You have left it, as you wished.',
    other_class: 'You got a place in another class, and had asked for only one of them.',
    overlap: 'You now have a place in another class at the same time.',
    session_cancelled: 'We had to cancel this class, so there is nothing to wait for any more. We are sorry.',
    removed: 'The studio has taken you off it. Answer this e-mail if you wonder why.',
  },
};
