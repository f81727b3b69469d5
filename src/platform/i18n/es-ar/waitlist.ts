import type { MessagesPatch } from '../index.ts';

export const waitlist: NonNullable<MessagesPatch['waitlist']> = {
  full: 'Todos los lugares están ocupados. Podés esperar a que se libere uno.',
  how: {
    automatic: 'Cuando se libera un lugar, es en el momento de quien va primero en la lista.',
    claim:
      'Cuando se libera un lugar, se avisa a toda la lista a la vez. Es de la primera persona que reserve.',
  },
  until: ({ moment }) =>
    `La lista se cierra el ${moment}. Desde entonces, los lugares libres son de quien llegue.`,
  join: 'Anotarme en la lista de espera',
  pay: {
    legend: 'Si se libera un lugar, pagar con',
    wallet: ({ amount }) => `Tu billetera (tenés ${amount})`,
  },
  will: {
    pass: 'Se va a pagar con tu pase.',
    wallet: 'Se va a pagar de tu billetera.',
    card: 'Te preguntamos antes y pagás entonces con tarjeta.',
  },
  onlyOne: { text: 'Esperás otros talleres. Marcá los que ya no querrías si este se cumple, y al revés.' },
  oneOfSeveral: 'Si se cumple uno de tus talleres, te sacamos de las otras listas.',
  offer: {
    title: 'Hay un lugar para vos, si lo querés',
    titleOf: ({ name }) => `Hay un lugar para ${name}, si lo querés`,
    until: ({ moment }) => `Te lo guardamos hasta el ${moment}. Después se pregunta a la siguiente persona.`,
    takeFree: 'Quedármelo',
    takePass: 'Quedármelo con un pase',
    takeWallet: ({ amount }) => `Quedármelo, ${amount} de tu billetera`,
    takeCard: ({ amount }) => `Quedármelo y pagar ${amount}`,
  },
  declined: 'Dejás pasar el lugar. Gracias por avisar: ahora se pregunta a la siguiente persona.',
  claimNow: 'Ahora mismo hay un lugar libre. Es de quien reserve antes.',
  closed: 'La lista de espera de este taller está cerrada.',
};
