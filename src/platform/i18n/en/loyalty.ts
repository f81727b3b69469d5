import { grouped, plural } from '../plural.ts';

type Unit = 'points' | 'stamps';
const amount = (unit: Unit, count: number): string => {
  const number = grouped('en', count);
  return unit === 'stamps'
    ? plural('en', count, { one: `${number} stamp`, other: `${number} stamps` })
    : plural('en', count, { one: `${number} point`, other: `${number} points` });
};

/** Points and stamps: the member's, the cart's, the owner's. */
export const loyalty = {
  amount: ({ unit, count }: { unit: Unit; count: number }) => amount(unit, count),
  units: { points: 'Points', stamps: 'Stamps' },
  mine: {
    title: 'Your points',
    nav: 'Rewards',
    none: 'There is no loyalty programme here at the moment.',
    lead: ({ name }: { name: string }) => `${name}: what you have gathered here, and what it is good for.`,
    balance: 'You have',
    toNext: ({ unit, count, reward }: { unit: Unit; count: number; reward: string }) =>
      `${amount(unit, count)} more for: ${reward}`,
    enough: ({ reward }: { reward: string }) => `Enough for: ${reward}`,
    owed: 'You spent some that then went back with a refund. The next ones make up for it.',
    held: ({ unit, count }: { unit: Unit; count: number }) =>
      `${amount(unit, count)} set aside for an order that waits to be paid.`,
    card: ({ count, of }: { count: number; of: number }) => `Stamp card: ${count} of ${of}`,
    how: 'How you earn them',
    bySpend: ({ unit, count, amount: money }: { unit: Unit; count: number; amount: string }) =>
      `${amount(unit, count)} for every ${money} you pay, before tax.`,
    byOrder: ({ unit, count, amount: money }: { unit: Unit; count: number; amount: string }) =>
      `${amount(unit, count)} for every order of ${money} or more, before tax.`,
    not: 'Tips, gift cards, top-ups and what a pass covers earn nothing.',
    birthday: ({ unit, count }: { unit: Unit; count: number }) => `${amount(unit, count)} on your birthday.`,
    expires: ({ days }: { days: number }) => `They last ${days} days.`,
    tier: ({ name, percent }: { name: string; percent: number }) =>
      percent > 100 ? `You are ${name}: you earn ${percent - 100} % more.` : `You are ${name}.`,
    nextTier: ({ name, unit, count }: { name: string; unit: Unit; count: number }) =>
      `${amount(unit, count)} more within a year and you are ${name}.`,
    rewards: 'What they buy',
    rewardsText: 'Choose one in your cart, beside something it is for.',
    toCart: 'To the cart',
    expiring: 'What runs out when',
    statement: 'Where they came from, where they went',
    statementNone: 'Nothing yet. They come with your first order.',
    kinds: {
      earned: 'Earned',
      first_visit: 'For your first order',
      birthday: 'For your birthday',
      referral: 'For bringing somebody',
      invited: 'For coming by a link',
      referral_back: 'The first order of somebody you brought was refunded',
      taken_back: 'Back with a refund',
      restored: 'The refund did not go through',
      redeemed: 'Redeemed',
      released: 'Given back: the order was not paid',
      given_back: 'Given back with a refund',
      expired: 'Ran out',
    },
    why: 'Why',
    when: 'When',
    count: 'How many',
    after: 'Then',
    earlier: 'Earlier ones',
  },
  cart: {
    title: 'Your points',
    willEarn: ({ unit, count }: { unit: Unit; count: number }) => `You will earn ${amount(unit, count)}.`,
    earned: ({ unit, count }: { unit: Unit; count: number }) =>
      `You earned ${amount(unit, count)} with this.`,
    theyEarned: ({ unit, count }: { unit: Unit; count: number }) =>
      `The customer earned ${amount(unit, count)} with this.`,
    takenBack: ({ unit, count }: { unit: Unit; count: number }) =>
      `${amount(unit, count)} went back with the refund.`,
    choose: ({ unit, count }: { unit: Unit; count: number }) => `Use some of your ${amount(unit, count)}`,
    none: 'Keep them',
    option: ({ name, unit, count }: { name: string; unit: Unit; count: number }) =>
      `${name} (${amount(unit, count)})`,
    apply: 'Use',
    put: 'The reward is in your cart.',
    taken: 'The reward is out of your cart.',
  },
  kept: {
    title: 'Loyalty',
    lead: 'How people earn, what it buys, and what you owe them for it.',
    none: 'There is no programme yet. Save the form and it begins.',
    liability: 'In people’s hands',
    liabilityText: 'What was earned and not used yet, by the month in which it runs out.',
    outstanding: 'Outstanding',
    worth: 'Reckoned worth',
    held: 'Set aside',
    heldNote: 'for orders that wait to be paid',
    owed: 'Owed by members',
    owedNote: 'spent, then refunded',
    month: 'Runs out in',
    never: 'Never',
    people: 'People',
    programme: 'The programme',
    programmeText:
      'Saving makes a new version: it earns from now on. What was earned keeps the terms it was earned under.',
    unit: 'What they gather',
    name: 'Its name',
    earnBy: 'Earned',
    earnBys: { spend: 'For what they pay', order: 'For every order' },
    earnPoints: 'So many',
    earn: ({ currency }: { currency: string }) => `for every (${currency})`,
    earnHint: 'Before tax. For every order: the least it comes to.',
    first: 'For a first order',
    birthday: 'For a birthday',
    expires: 'Last so many days',
    expiresHint: 'Empty: they never run out.',
    hundred: ({ currency }: { currency: string }) => `A hundred are worth (${currency})`,
    hundredHint: 'For the liability only.',
    boosts: 'More for some things and days',
    boostFor: 'For',
    boostNone: 'Nothing',
    factor: 'Per cent',
    factorHint: '200 is twice as many.',
    weekday: 'Day',
    tiers: 'Tiers',
    tierName: 'Name',
    tierFrom: 'From',
    tierHint: 'Earned within a year.',
    save: 'Save as the new version',
    saved: 'Saved. It earns like this from now on.',
    rewards: 'Rewards',
    rewardsText: 'What is in a cart or an order already stays as it was.',
    kind: 'What it is',
    kinds: { product: 'A product for nothing', money: 'Money off', class: 'A class for nothing' },
    thing: 'Which product',
    amount: ({ currency }: { currency: string }) => `Amount (${currency})`,
    price: 'Takes',
    offered: 'Offered',
    hidden: 'Not offered',
    show: 'Offer it',
    hide: 'Stop offering it',
    newReward: 'New reward',
    make: 'Make it',
    rewardSaved: 'The reward is saved.',
  },
};
