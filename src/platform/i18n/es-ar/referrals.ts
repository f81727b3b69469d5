import type { MessagesPatch } from '../index.ts';

const amount = (unit: 'points' | 'stamps', count: number) =>
  unit === 'stamps'
    ? `${count} ${count === 1 ? 'sello' : 'sellos'}`
    : `${count} ${count === 1 ? 'punto' : 'puntos'}`;

export const referrals: NonNullable<MessagesPatch['referrals']> = {
  terms: {
    both: ({ unit, yours, theirs }) =>
      `Mandale tu enlace a alguien que todavía no haya venido. Cuando pague su primer pedido, vos vas a tener ${amount(unit, yours)} y esa persona ${amount(unit, theirs)}.`,
    inviter: ({ unit, count }) =>
      `Mandale tu enlace a alguien que todavía no haya venido. Cuando pague su primer pedido, vas a tener ${amount(unit, count)}.`,
    guest: ({ unit, count }) =>
      `Mandale tu enlace a alguien que todavía no haya venido. Cuando pague su primer pedido, va a tener ${amount(unit, count)}.`,
    newcomer: ({ unit, count }) => `${amount(unit, count)} para vos con tu primer pedido.`,
  },
  mine: {
    title: 'Traé a alguien',
    shareText: ({ business }) =>
      `Me gusta ir a ${business}. Vení vos también: con este enlace ganamos los dos.`,
    none: 'Todavía no vino nadie con tu enlace.',
  },
  invited: {
    later: 'Recordamos durante treinta días quién te trajo.',
    done: 'Te damos la bienvenida. Anotamos quién te trajo.',
  },
};
