import { plural } from '../plural.ts';

const place = (position: number): string => {
  if (position === 1) return 'first';
  const tens = position % 100;
  const suffix = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][position % 10] ?? 'th');
  return `${position}${suffix}`;
};
const minutes = (count: number): string =>
  count % 60 === 0
    ? plural('en', count / 60, { one: '1 hour', other: `${count / 60} hours` })
    : `${count} minutes`;

/** Waiting for a place in a full class. */
export const waitlist = {
  title: 'Waitlist',
  full: 'Every place is taken. You can wait for one.',
  how: {
    automatic: 'When a place comes free, it goes to whoever is first in line, at once.',
    offer: ({ count }: { count: number }) =>
      `When a place comes free, it is held for whoever is first in line. They have ${minutes(count)} to say yes.`,
    claim:
      'When a place comes free, everybody in line is told at the same moment. Whoever books first has it.',
  },
  /** Where a place may be somebody's without their being asked. */
  asked: ({ count }: { count: number }) =>
    `Whoever would pay by card is asked first, and has ${minutes(count)} to say yes.`,
  until: ({ moment }: { moment: string }) =>
    `The line closes ${moment}. From then on free places are anybody’s.`,
  never: 'Your card is never charged unasked.',
  waiting: ({ count }: { count: number }) =>
    plural('en', count, {
      zero: 'Nobody is waiting yet.',
      one: 'One person is waiting.',
      other: `${count} people are waiting.`,
    }),
  join: 'Join the waitlist',
  joining: 'One moment…',
  row: { join: 'Join waitlist', waiting: 'On the waitlist', offered: 'Offer: answer' },
  joined: ({ position }: { position: number }) =>
    `You are ${place(position)} in line. We tell you as soon as it is your turn.`,
  position: ({ position }: { position: number }) => `You are ${place(position)} in line`,
  positionOf: ({ name, position }: { name: string; position: number }) =>
    `${name} is ${place(position)} in line`,
  ofAll: ({ count }: { count: number }) => `of ${count}`,
  pay: {
    legend: 'If a place comes free, pay with',
    pass: ({ name, left }: { name: string; left: number }) => `${name} (${left} left)`,
    unlimited: ({ name }: { name: string }) => name,
    wallet: ({ amount }: { amount: string }) => `Your wallet (${amount} in it)`,
    card: 'A card: you are asked first',
  },
  will: {
    free: 'It costs nothing.',
    pass: 'It will be paid with your pass.',
    wallet: 'It will be paid from your wallet.',
    card: 'We ask you first; you pay by card then.',
  },
  for: 'For whom',
  me: 'Me',
  onlyOne: {
    legend: 'Only one of these?',
    text: 'You are waiting for other classes. Tick those you no longer want if this one comes true, and the other way round.',
  },
  oneOfSeveral: 'If one of your classes comes true, you leave the other lines by yourself.',
  leave: 'Leave the waitlist',
  left: 'You are off the waitlist.',
  offer: {
    title: 'A place is yours, if you want it',
    titleOf: ({ name }: { name: string }) => `A place is ${name}’s, if you want it`,
    until: ({ moment }: { moment: string }) =>
      `Held for you until ${moment}. After that the next in line is asked.`,
    gone: 'What you meant to pay with no longer covers it, so we ask you.',
    takeFree: 'Take the place',
    takePass: 'Take it with a pass',
    takeWallet: ({ amount }: { amount: string }) => `Take it, ${amount} from your wallet`,
    takeCard: ({ amount }: { amount: string }) => `Take it and pay ${amount}`,
    decline: 'No, thank you',
    answer: 'Answer',
  },
  declined: 'You let the place go. Thank you for saying so: the next in line is asked now.',
  claimNow: 'A place is free right now. Whoever books first has it.',
  mine: 'Waiting for',
  offers: 'Waiting for your answer',
  closed: 'The waitlist of this class is closed.',
};
