import { plural } from '../../plural.ts';
import { bar } from './bar.ts';
import { bookings } from './bookings.ts';
import { giftCardBackMail, giftCardMail } from './gift-cards.ts';
import { plans } from './plans.ts';
import { progress } from './progress.ts';
import { waitlist } from './waitlist.ts';
import { work } from './work.ts';

/** Subjects and texts of e-mails: what they share, letters of the house, and by area what members are told of. */
export const mail = {
  hello: ({ name }: { name: string }) => `Hello ${name},`,
  helloThere: 'Hello,',
  signed: ({ business }: { business: string }) => `See you soon,\n${business}`,
  footer: ({ business }: { business: string }) =>
    `You get this e-mail because you booked or have an account at ${business}.`,
  stop: 'No more e-mails like this',
  questions: ({ email }: { email: string }) => `Questions? Write to ${email}.`,
  order: ({ reference, receipt }: { reference: string; receipt: string | null }) =>
    receipt ? `Order ${reference}, receipt ${receipt}` : `Order ${reference}`,
  total: 'Total',
  taxIncluded: ({ amount }: { amount: string }) => `Tax included: ${amount}`,
  free: 'Free',
  /** First, when a letter is about somebody else: who is looked after, or a guest. */
  about: ({ name }: { name: string }) => `This is about ${name}.`,
  buttons: {
    class: 'See the class',
    schedule: 'Find another class',
    bookings: 'See your bookings',
    order: 'See your order',
  },
  with: ({ instructor, room }: { instructor: string; room: string }) => `with ${instructor}, ${room}`,
  confirmed: {
    subject: ({ what }: { what: string }) => `You're in: ${what}`,
    title: 'Your place is booked',
    text: 'We are looking forward to seeing you. The calendar file is attached.',
    cancelUntil: ({ moment }: { moment: string }) => `You can cancel free of charge until ${moment}.`,
    noticed: 'We are looking forward to seeing you.',
    button: 'See your order',
  },
  bought: {
    subject: ({ what }: { what: string }) => `Thank you: ${what}`,
    title: 'Thank you',
    text: 'What you bought is yours from this moment on.',
    noticed: 'It is yours from this moment on.',
    button: 'See your order',
  },
  feePaid: {
    subject: ({ what }: { what: string }) => `Paid: ${what}`,
    title: 'Your fee is paid',
    text: 'Thank you. Nothing is left to pay for it, and this is your receipt.',
    noticed: 'Thank you. Nothing is left to pay for it.',
    button: 'See your receipt',
  },
  reminder: {
    subject: ({ what, when }: { what: string; when: string }) => `See you soon: ${what}, ${when}`,
    title: 'Your class is coming up',
    text: 'This is the reminder you asked for. We are looking forward to seeing you.',
  },
  cancelled: {
    subject: ({ what }: { what: string }) => `Cancelled: ${what}`,
    title: 'Your booking is cancelled',
    text: 'We have given your place back.',
    released:
      'The class is full and you were not checked in in time, so your place went to somebody at the door.',
    calendar: 'The attached file takes it out of your calendar.',
    refund: ({ amount }: { amount: string }) =>
      `${amount} goes back to the card you paid with. It usually takes a few days to show up.`,
    creditsKept: ({ count }: { count: number }) =>
      plural('en', count, {
        one: 'It was too late to cancel free of charge, so its credit does not come back.',
        other: `It was too late to cancel free of charge, so its ${count} credits do not come back.`,
      }),
    lateNoRefund: 'It was too late to cancel free of charge, so there is no refund.',
    latePart: ({ amount, paid }: { amount: string; paid: string }) =>
      `It was too late to cancel free of charge: of the ${paid} you paid, ${amount} goes back to your card.`,
    button: 'Find another class',
  },
  tooLate: {
    subject: 'Your payment came too late, and goes back to you',
    title: 'We could not keep your place',
    text: ({ amount }: { amount: string }) =>
      `Your payment of ${amount} reached us after your place had been given back, and in the meantime somebody else took it. ` +
      'We are sorry. You are not charged: the whole amount goes back to your card, usually within a few days.',
    button: 'Find another class',
  },
  twice: {
    subject: 'You paid twice, and one goes back to you',
    title: 'One payment goes back',
    text: ({ amount }: { amount: string }) =>
      `Your order was paid already when another payment of ${amount} arrived. Your booking stands, and the second payment goes back to your card.`,
    button: 'See your order',
  },
  mismatch: {
    subject: 'Your payment goes back to you',
    title: 'The amount did not match',
    text: ({ amount }: { amount: string }) =>
      `We received ${amount}, which is not what your order comes to, so we could not accept it. The whole amount goes back to you.`,
    button: 'See your order',
  },
  invitation: {
    subject: ({ business }: { business: string }) => `Join the team of ${business}`,
    title: ({ business }: { business: string }) => `${business} invites you`,
    text: ({ by, role }: { by: string; role: string }) =>
      `${by} invites you to join as ${role}. The link works once, for seven days, and for this e-mail address only.`,
    someone: 'The owner',
    roles: {
      owner: 'owner',
      manager: 'manager',
      front_desk: 'front desk',
      barista: 'barista',
      instructor: 'instructor',
    },
    button: 'Accept the invitation',
  },
  locked: {
    subject: 'Somebody tried to sign in to your account',
    title: 'Your account is locked for a moment',
    text: ({ minutes }: { minutes: number }) =>
      `There were several failed attempts to sign in with your e-mail address, so we made it wait for ${minutes === 1 ? 'a minute' : `${minutes} minutes`}. ` +
      'If it was you, simply try again then, or choose a new password. If it was not, your password kept them out; you need do nothing.',
    button: 'Choose a new password',
  },
  bar,
  bookings,
  waitlist,
  plans,
  progress,
  giftCard: giftCardMail,
  giftCardBack: giftCardBackMail,
  work,
};
