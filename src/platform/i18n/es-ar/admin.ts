import type { MessagesPatch } from '../index.ts';

export const admin: NonNullable<MessagesPatch['admin']> = {
  overview: {
    filled: 'Lugares ocupados, próximos siete días',
    filledNote: ({ taken, seats }) => `${taken} de ${seats} lugares`,
    waitingNote: 'Pedidos con lugares guardados en este momento',
    seats: 'Lugares',
  },
  ledger: { lead: 'Cada centavo y cada lugar, comprobados cada vez que abrís esta página.' },
};
