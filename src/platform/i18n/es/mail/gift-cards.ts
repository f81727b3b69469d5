import type { giftCardBackMail as backSource, giftCardMail as source } from '../../en/mail/gift-cards.ts';

export const giftCardMail: typeof source = {
  subject: ({ from, business }) => `Un regalo de ${from}: ${business}`,
  title: ({ amount, business }) => `${amount} para gastar en ${business}`,
  text: ({ from }) => `${from} te regala esta tarjeta. Puedes usarla poco a poco, para todo lo que tenemos.`,
  again: 'Esta carta sustituye a la anterior: solo vale este código.',
  row: 'Tarjeta de regalo',
  code: ({ code }) => `Código ${code}`,
  pin: ({ pin }) => `PIN ${pin}`,
  hidden: 'El código y el PIN solo están en la propia carta.',
  until: ({ date }) => `Vale hasta el ${date}.`,
  how: 'Al pagar, escribe el código y el PIN. Guarda esta carta: quien la tiene, tiene la tarjeta.',
  button: 'Ver el saldo',
};

export const giftCardBackMail: typeof backSource = {
  subject: ({ amount }) => `${amount} están otra vez en tu tarjeta de regalo`,
  title: ({ amount }) => `${amount} están otra vez en tu tarjeta de regalo`,
  text: ({ business }) => `Se ha devuelto algo que se pagó con ella en ${business}.`,
  until: ({ date }) => `Para que te dé tiempo a gastarlos, la tarjeta vale hasta el ${date}.`,
  again: ({ date }) =>
    `La tarjeta había caducado. Para que puedas gastarlos, vuelve a valer hasta el ${date}. El código y el PIN son los que ya tienes.`,
  ending: ({ ending }) => `Código que termina en ${ending}`,
};
