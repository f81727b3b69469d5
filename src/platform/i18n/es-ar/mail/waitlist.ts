import { plural } from '../../plural.ts';
import type { MessagesPatch } from '../../index.ts';

export const waitlist: NonNullable<NonNullable<MessagesPatch['mail']>['waitlist']> = {
  waitlist_joined: {
    automatic: 'Cuando se libere un lugar va a ser tuyo en el momento, y te escribimos.',
    offer: 'Cuando se libere un lugar te lo guardamos, te escribimos y te damos un rato para decir que sí.',
    first_to_claim:
      'Cuando se libere un lugar, todas las personas que esperan se enteran a la vez; se lo queda la primera que lo pida.',
  },
  waitlist_offer: {
    subject: ({ what, until }) => `Un lugar en ${what} es tuyo hasta el ${until}`,
    title: 'Se liberó un lugar para vos',
    text: ({ until }) => `Te lo guardamos hasta el ${until}. Después se lo ofrecemos a la persona que sigue.`,
    button: 'Aceptar el lugar',
  },
  waitlist_open: {
    subject: ({ what, when }) => `Se liberó un lugar: ${what}, ${when}`,
    title: 'Se liberó un lugar',
    text: 'Todas las personas que esperan se enteran ahora. Se lo queda la primera que lo pida.',
    button: 'Pedir el lugar',
  },
  waitlist_promoted: {
    subject: ({ what, when }) => `Al final tenés lugar: ${what}, ${when}`,
    text: 'Se liberó un lugar y es tuyo. Adjuntamos el archivo para tu calendario.',
    credits: ({ count }) =>
      plural('es', count, { one: 'Usó 1 crédito de tu pase.', other: `Usó ${count} créditos de tu pase.` }),
  },
  waitlist_moved: {
    subject: ({ what, when }) => `El taller que esperás cambia de hora: ${what}, ahora ${when}`,
    title: 'El taller que esperás tiene otra hora',
    stays: ({ position }) =>
      position === 1 ? 'Seguís en primer lugar.' : `Seguís en el lugar ${position} de la lista.`,
    offered: ({ until }) => `El lugar que te guardamos sigue guardado, hasta el ${until}.`,
    leave: 'Si ya no te queda bien, dejá la lista en la página del taller. No cuesta nada.',
  },
  waitlist_lapsed: {
    subject: ({ what, when }) => `Esta vez no hubo lugar: ${what}, ${when}`,
    deadline: 'El lugar que te guardábamos no se aceptó a tiempo, así que pasó a la persona que sigue.',
    too_late: 'Nadie dejó un lugar a tiempo. Perdón, y esperamos verte en otro taller.',
    no_credit:
      'Se liberó un lugar, pero en tus pases no quedaba con qué pagarlo, así que pasó a la persona que sigue.',
  },
  waitlist_left: {
    left: 'La dejaste, como querías.',
    other_class: 'Conseguiste lugar en otra clase y habías pedido una sola.',
    overlap: 'Ahora tenés lugar en otra clase a la misma hora.',
    session_cancelled: 'Tuvimos que cancelar este taller, así que ya no hay nada que esperar. Perdón.',
    removed: 'El local te sacó de la lista. Si no sabés por qué, respondé a este correo.',
  },
};
