import { plural } from '../plural.ts';
import { loyalty } from './loyalty.ts';

type Unit = 'points' | 'stamps';
const { amount } = loyalty;

/** Bringing somebody: the member's link, where it leads, the owner's list. */
export const referrals = {
  terms: {
    both: ({ unit, yours, theirs }: { unit: Unit; yours: number; theirs: number }) =>
      `Send your link to somebody who has not been here yet. When their first order is paid, you have ${amount({ unit, count: yours })} and they have ${amount({ unit, count: theirs })}.`,
    inviter: ({ unit, count }: { unit: Unit; count: number }) =>
      `Send your link to somebody who has not been here yet. When their first order is paid, you have ${amount({ unit, count })}.`,
    guest: ({ unit, count }: { unit: Unit; count: number }) =>
      `Send your link to somebody who has not been here yet. When their first order is paid, they have ${amount({ unit, count })}.`,
    newcomer: ({ unit, count }: { unit: Unit; count: number }) =>
      `${amount({ unit, count })} for you with your first order.`,
    forInviter: ({ unit, count }: { unit: Unit; count: number }) =>
      `Your first order gives them ${amount({ unit, count })}.`,
    from: ({ amount: money }: { amount: string }) => `It counts from ${money}, before tax.`,
    cap: ({ count }: { count: number }) => `For up to ${count} people a month.`,
  },
  mine: {
    title: 'Bring somebody',
    link: 'Your personal link',
    copy: 'Copy the link',
    copied: 'The link is copied.',
    share: 'Share',
    mail: 'Send by e-mail',
    shareText: ({ business }: { business: string }) =>
      `I like going to ${business}. Come along: with this link we both have something of it.`,
    picture: 'Show it as a picture',
    pictureOf: ({ link }: { link: string }) => `A QR code that leads to ${link}`,
    none: 'Nobody has come by your link yet.',
    came: ({ came, bought }: { came: number; bought: number }) =>
      `${plural('en', came, { one: 'One person has come by your link', other: `${came} people have come by your link` })}; ${plural('en', bought, { one: 'one has bought something', other: `${bought} have bought something` })}.`,
  },
  invited: {
    title: ({ name, business }: { name: string; business: string }) => `${name} invites you to ${business}`,
    signUp: 'Make an account',
    look: 'Look around first',
    later: 'We remember for thirty days who brought you.',
    accept: 'Accept the invitation',
    yours: 'To your card',
    done: 'Welcome! We have noted who brought you.',
  },
  kept: {
    title: 'Who brought whom',
    text: 'Whoever signed up by a member’s personal link. Both have their share when the first order is paid, and lose it when that order is refunded.',
    came: 'Came by a link',
    bought: 'Became customers',
    boughtNote: 'with a first paid order',
    inviters: 'People who brought somebody',
    none: 'Nobody has come by a personal link yet.',
    newcomer: 'Newcomer',
    inviter: 'Brought by',
    since: 'Since',
    order: 'First order',
    notYet: 'Not yet',
    back: 'Refunded',
    toInviter: 'To who brought them',
    toNewcomer: 'To the newcomer',
  },
  form: {
    title: 'For bringing somebody',
    inviter: 'To who brings them',
    newcomer: 'To the newcomer',
    pointsHint: 'Nothing in both: nobody is asked to.',
    min: ({ currency }: { currency: string }) => `First order of at least (${currency})`,
    minHint: 'Before tax.',
    cap: 'Newcomers that count a month',
    capHint: 'For each who brings. Empty: all.',
  },
};
