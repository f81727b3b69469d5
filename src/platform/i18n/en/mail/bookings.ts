import { plural } from '../../plural.ts';

/** Letters about seats and what they cost, by kind. */
export const bookings = {
  order_refunded: {
    subject: ({ amount }: { amount: string }) => `${amount} goes back to you`,
    title: ({ amount }: { amount: string }) => `${amount} is on its way back`,
    text: ({ reference, reason }: { reference: string; reason: string }) =>
      `We gave this back to you of order ${reference}: “${reason}”.`,
    next: 'It returns the way it was paid: to a wallet or gift card at once, to a bank card within a few days.',
  },
  refund_failed: {
    subject: 'Your refund did not reach you',
    title: 'A refund came back to us',
    text: ({ amount }: { amount: string }) =>
      `We sent ${amount} to the card you paid with, but the bank did not take it; perhaps the card was replaced or closed.`,
    next: 'The money is still yours. Answer this e-mail and we will find another way to give it to you.',
  },
  session_cancelled: {
    subject: ({ what, when }: { what: string; when: string }) => `Cancelled: ${what}, ${when}`,
    title: 'This class will not take place',
    text: 'We had to cancel it, and we are sorry.',
    several: ({ names }: { names: string }) =>
      `We had to cancel it, and we are sorry. With it go the places of ${names}.`,
    calendar: 'The attached file takes it out of your calendar.',
    reason: ({ reason }: { reason: string }) => `The reason: ${reason}`,
  },
  session_changed: {
    subject: ({ what, when }: { what: string; when: string }) => `Changed: ${what}, now ${when}`,
    title: 'Your class has changed',
    text: 'Your place moves with it, so you need do nothing. The attached file brings your calendar up to date.',
    time: ({ now, before }: { now: string; before: string }) => `New time: ${now} (it was ${before}).`,
    room: ({ now, before }: { now: string; before: string }) => `New room: ${now} (it was ${before}).`,
    teacher: ({ now, before }: { now: string; before: string }) => `Teacher: ${now}, in place of ${before}.`,
    cancelUntil: ({ moment }: { moment: string }) =>
      `If it no longer suits you, cancel free of charge until ${moment}.`,
    also: ({ count }: { count: number }) =>
      plural('en', count, {
        one: 'One more of your classes changes with it:',
        other: `${count} more of your classes change with it:`,
      }),
    was: ({ before }: { before: string }) => `Until now: ${before}`,
  },
  substitute_teacher: {
    subject: ({ teacher, what, when }: { teacher: string; what: string; when: string }) =>
      `${teacher} will teach ${what}, ${when}`,
    title: 'Somebody else will teach your class',
    text: ({ teacher, before }: { teacher: string; before: string }) =>
      `${teacher} steps in for ${before}. Time and room stay as they are, and so does your place.`,
  },
  fee_charged: {
    subject: ({ what, when }: { what: string; when: string }) => `A fee for ${what}, ${when}`,
    title: 'A place that stayed empty',
    late_cancel: 'You cancelled after the time for cancelling free of charge had passed.',
    no_show: 'You had a place in this class and did not come.',
    money: ({ amount }: { amount: string }) => `As the studio's policy says, this costs ${amount}.`,
    credits: ({ count }: { count: number }) =>
      plural('en', count, {
        one: "As the studio's policy says, this costs 1 credit.",
        other: `As the studio's policy says, this costs ${count} credits.`,
      }),
    button: 'Pay the fee',
    next: 'Did something come up that we should know of? Answer this e-mail.',
  },
  fee_waived: {
    subject: ({ what, when }: { what: string; when: string }) => `No fee after all: ${what}, ${when}`,
    title: 'We took the fee back',
    text: 'What this class had cost you is waived.',
  },
  refilled: {
    subject: ({ what, when }: { what: string; when: string }) => `Somebody took your place: ${what}, ${when}`,
    title: 'Your place was filled',
    text: 'You cancelled late, but somebody on the waitlist took your place. So you get back what it had cost you.',
  },
  /** What comes back, in any of them. */
  back: {
    money: ({ amount }: { amount: string }) => `${amount} goes back to you the way you paid.`,
    credits: ({ count }: { count: number }) =>
      plural('en', count, {
        one: '1 credit is back on your pass.',
        other: `${count} credits are back on your pass.`,
      }),
  },
};
