import type { MessagesPatch } from '../index.ts';
import { plural } from '../plural.ts';

export const site: NonNullable<MessagesPatch['site']> = {
  nav: { schedule: 'Agenda', instructors: 'Maestros' },
  account: { signIn: 'Ingresar' },
  cart: ({ count }) =>
    plural('es', count, {
      zero: 'Carrito, vacío',
      one: 'Carrito, 1 artículo',
      other: `Carrito, ${count} artículos`,
    }),
  testMode: 'Modo de prueba: acá no se mueve plata de verdad.',
  testCards: 'Pagá con la tarjeta 4242 4242 4242 4242, una fecha futura y cualquier código.',
  week: { label: 'Elegí un día' },
  seats: {
    left: ({ count }) =>
      plural('es', count, { zero: 'Completo', one: 'Queda 1 lugar', other: `Quedan ${count} lugares` }),
    of: ({ left, capacity }) => `${left} de ${capacity} lugares libres`,
  },
  countdown: {
    over: 'Se terminó el tiempo de la reserva. Todavía podés intentarlo: si sigue libre, es tuyo.',
  },
  notFound: {
    title: 'Esta página no está acá',
    text: 'Puede que se haya mudado o que la dirección tenga un error. La agenda es un buen lugar para seguir.',
    act: 'Ver la agenda',
  },
  failure: {
    title: 'Se rompió algo de nuestro lado',
    text: 'No sos vos. No se cobró nada dos veces ni se perdió lo que hiciste antes. Probá otra vez en un momento.',
  },
};
