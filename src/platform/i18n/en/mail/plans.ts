import { plural } from '../../plural.ts';

/** Letters about passes and memberships, by kind. */
export const plans = {
  pass_expiring: {
    subject: ({ plan, date }: { plan: string; date: string }) => `${plan} ends on ${date}`,
    title: 'Your pass ends soon',
    text: ({ count, date }: { count: number; date: string }) =>
      plural('en', count, {
        one: `1 credit is left on it, good until ${date}.`,
        other: `${count} credits are left on it, good until ${date}.`,
      }),
  },
  pass_used_up: {
    subject: ({ plan }: { plan: string }) => `${plan} is used up`,
    title: 'That was the last credit',
    text: ({ plan }: { plan: string }) => `Your ${plan} has no credits left. Thank you for coming so often.`,
    button: 'See passes and memberships',
  },
  pass_given: {
    subject: ({ plan }: { plan: string }) => `A gift for you: ${plan}`,
    title: 'There is a pass for you',
    text: ({ plan }: { plan: string }) =>
      `We have put ${plan} on your account. It pays by itself when you book.`,
  },
  pass_refunded: {
    subject: ({ plan }: { plan: string }) => `Your ${plan} is paid back`,
    title: 'Your pass is paid back',
    text: ({ amount }: { amount: string }) =>
      `${amount} go back to you, the way you paid. The pass has ended.`,
  },
  membership_started: {
    subject: ({ plan }: { plan: string }) => `Welcome: your ${plan} has begun`,
    title: 'Your membership has begun',
    text: ({ amount, date }: { amount: string; date: string }) =>
      `You paid ${amount}. It is paid until ${date} and then renews by itself; you can end it at any time before.`,
  },
  membership_renewed: {
    subject: ({ plan }: { plan: string }) => `Your ${plan} is renewed`,
    title: 'Your membership goes on',
    text: ({ amount, date }: { amount: string; date: string }) =>
      `You paid ${amount}. It is paid until ${date}.`,
  },
  membership_frozen: {
    subject: ({ plan }: { plan: string }) => `Your ${plan} rests`,
    title: 'Your membership is frozen',
    until: ({ from, until }: { from: string; until: string }) =>
      `It rests from ${from} and is open again on ${until}.`,
    charge: ({ amount, date }: { amount: string; date: string }) =>
      `The next charge is ${amount} on ${date}.`,
    back: 'You can open it again at any time before, on the page of your passes.',
  },
  membership_changed: {
    subject: ({ plan }: { plan: string }) => `You have ${plan} now`,
    title: 'Your membership has changed',
    text: ({ plan, date }: { plan: string; date: string }) =>
      `It is ${plan} from today on, and paid until ${date}.`,
  },
  membership_ended: {
    subject: ({ plan }: { plan: string }) => `Your ${plan} has ended`,
    title: 'Your membership has ended',
    text: ({ date }: { date: string }) =>
      `It ended on ${date}. You are not charged any more. Come back whenever you like.`,
    button: 'See passes and memberships',
  },
  payment_failed: {
    subject: ({ plan }: { plan: string }) => `A payment for your ${plan} did not go through`,
    title: 'Your payment did not go through',
    text: ({ amount }: { amount: string }) =>
      `We could not take ${amount} from your card. Perhaps it has expired, or the bank asks you to confirm.`,
    grace: ({ date }: { date: string }) =>
      `You can go on booking until ${date}. Please see to your card before then.`,
    button: 'See to the payment',
  },
  membership_suspended: {
    subject: ({ plan }: { plan: string }) => `Your ${plan} is on hold`,
    title: 'Your membership is on hold',
    text: 'The payment is still open, so you cannot book with it for now. As soon as it is paid, everything is as before.',
    button: 'See to the payment',
  },
  membership_recovered: {
    subject: ({ plan }: { plan: string }) => `All is well with your ${plan} again`,
    title: 'Your payment has arrived',
    text: 'Thank you. You can book with your membership as before.',
  },
  button: 'See your passes and memberships',
};
