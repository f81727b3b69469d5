import { plural } from '../plural.ts';
import type { waitlist as source } from '../en/waitlist.ts';

const minutes = (count: number): string =>
  count % 60 === 0
    ? plural('es', count / 60, { one: '1 hora', other: `${count / 60} horas` })
    : `${count} minutos`;

export const waitlist: typeof source = {
  title: 'Lista de espera',
  full: 'Todas las plazas están ocupadas. Puedes esperar a que se libere una.',
  how: {
    automatic: 'Cuando se libera una plaza, es al momento de quien va primero en la lista.',
    offer: ({ count }) =>
      `Cuando se libera una plaza, se guarda para quien va primero en la lista, con ${minutes(count)} para decir que sí.`,
    claim:
      'Cuando se libera una plaza, se avisa a toda la lista a la vez. Es de la primera persona que reserve.',
  },
  asked: ({ count }) =>
    `A quien pagaría con tarjeta se le pregunta antes, y tiene ${minutes(count)} para decir que sí.`,
  until: ({ moment }) =>
    `La lista se cierra el ${moment}. Desde entonces, las plazas libres son de quien llegue.`,
  never: 'Nunca se cobra en tu tarjeta sin preguntarte.',
  waiting: ({ count }) =>
    plural('es', count, {
      zero: 'Todavía no espera nadie.',
      one: 'Espera una persona.',
      other: `Esperan ${count} personas.`,
    }),
  join: 'Apuntarme a la lista de espera',
  joining: 'Un momento…',
  row: { join: 'Lista de espera', waiting: 'En lista de espera', offered: 'Oferta: responder' },
  joined: ({ position }) => `Vas en el puesto ${position}. Te avisamos en cuanto te toque.`,
  position: ({ position }) => `Vas en el puesto ${position} de la lista`,
  positionOf: ({ name, position }) => `${name} va en el puesto ${position} de la lista`,
  ofAll: ({ count }) => `de ${count}`,
  pay: {
    legend: 'Si se libera una plaza, pagar con',
    pass: ({ name, left }) => `${name} (quedan ${left})`,
    unlimited: ({ name }) => name,
    wallet: ({ amount }) => `Tu monedero (tienes ${amount})`,
    card: 'Una tarjeta: te preguntamos antes',
  },
  will: {
    free: 'No cuesta nada.',
    pass: 'Se pagará con tu bono.',
    wallet: 'Se pagará de tu monedero.',
    card: 'Te preguntamos antes y pagas entonces con tarjeta.',
  },
  for: 'Para quién',
  me: 'Para mí',
  onlyOne: {
    legend: '¿Solo una de estas?',
    text: 'Esperas otras clases. Marca las que ya no querrás si esta se cumple, y al revés.',
  },
  oneOfSeveral: 'Si se cumple una de tus clases, te quitamos de las otras listas.',
  leave: 'Dejar la lista de espera',
  left: 'Ya no estás en la lista de espera.',
  offer: {
    title: 'Hay una plaza para ti, si la quieres',
    titleOf: ({ name }) => `Hay una plaza para ${name}, si la quieres`,
    until: ({ moment }) => `Te la guardamos hasta el ${moment}. Después se pregunta a la siguiente persona.`,
    gone: 'Lo que pensabas usar para pagar ya no alcanza, así que te preguntamos.',
    takeFree: 'Quedármela',
    takePass: 'Quedármela con un bono',
    takeWallet: ({ amount }) => `Quedármela, ${amount} de tu monedero`,
    takeCard: ({ amount }) => `Quedármela y pagar ${amount}`,
    decline: 'No, gracias',
    answer: 'Responder',
  },
  declined: 'Dejas pasar la plaza. Gracias por decirlo: ahora se pregunta a la siguiente persona.',
  claimNow: 'Ahora mismo hay una plaza libre. Es de quien reserve antes.',
  mine: 'En espera',
  offers: 'Esperan tu respuesta',
  closed: 'La lista de espera de esta clase está cerrada.',
};
