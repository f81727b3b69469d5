import type { MessagesPatch } from '../index.ts';

/** Voseo at the counter. */
export const counter: NonNullable<MessagesPatch['counter']> = {
  none: 'Hoy no se vendió nada acá.',
  refund: {
    closed: 'Se pagó en efectivo y el cajón de esta caja está cerrado. Abrilo antes.',
    says: {
      cash: ({ amount }) => `Entregá ${amount} del cajón.`,
      terminal: ({ amount }) => `Ahora devolvé ${amount} con el posnet.`,
      wallet: ({ amount }) => `${amount} están otra vez en la billetera.`,
    },
  },
};
