import type { bar as source } from '../../en/mail/bar.ts';

export const bar: typeof source = {
  order_ready: {
    subject: ({ number }) => `Listo: tu pedido, número ${number}`,
    title: 'Tu pedido está listo',
    counter: ({ number, where }) => `Te espera en la barra de ${where}. Tu número es el ${number}.`,
    table: ({ table }) => `Te lo llevamos a la mesa ${table}.`,
  },
  order_refused: {
    subject: ({ reference }) => `No pudimos preparar tu pedido ${reference}`,
    title: 'No pudimos preparar tu pedido',
    text: 'Lo sentimos. La barra tuvo que rechazarlo.',
    reason: ({ reason }) => `La barra dice: «${reason}»`,
    money: ({ amount }) => `${amount} vuelve por donde lo pagaste.`,
  },
};
