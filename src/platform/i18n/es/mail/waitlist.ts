import { plural } from '../../plural.ts';
import type { waitlist as source } from '../../en/mail/waitlist.ts';

export const waitlist: typeof source = {
  waitlist_joined: {
    subject: ({ what, when }) => `En lista de espera: ${what}, ${when}`,
    title: 'Estás en la lista de espera',
    position: ({ position }) => (position === 1 ? 'Vas en primer lugar.' : `Vas en el lugar ${position}.`),
    automatic: 'Cuando se libere una plaza será tuya al momento, y te escribiremos.',
    offer: 'Cuando se libere una plaza te la guardamos, te escribimos y te damos un rato para decir que sí.',
    first_to_claim:
      'Cuando se libere una plaza, todas las personas que esperan se enteran a la vez; se la queda la primera que la pida.',
    leave: '¿Cambio de idea? En la página de la clase se puede dejar la lista de espera.',
  },
  waitlist_offer: {
    subject: ({ what, until }) => `Una plaza en ${what} es tuya hasta el ${until}`,
    title: 'Se ha liberado una plaza para ti',
    text: ({ until }) => `Te la guardamos hasta el ${until}. Después se la ofrecemos a la siguiente persona.`,
    button: 'Aceptar la plaza',
  },
  waitlist_open: {
    subject: ({ what, when }) => `Se ha liberado una plaza: ${what}, ${when}`,
    title: 'Se ha liberado una plaza',
    text: 'Todas las personas que esperan se enteran ahora. Se la queda la primera que la pida.',
    button: 'Pedir la plaza',
  },
  waitlist_promoted: {
    subject: ({ what, when }) => `Al final tienes plaza: ${what}, ${when}`,
    title: 'Pasas de la lista de espera a la clase',
    text: 'Se liberó una plaza y es tuya. Adjuntamos el archivo para tu calendario.',
    credits: ({ count }) =>
      plural('es', count, { one: 'Usó 1 crédito de tu bono.', other: `Usó ${count} créditos de tu bono.` }),
    money: ({ amount }) => `Costó ${amount}.`,
  },
  waitlist_moved: {
    subject: ({ what, when }) => `La clase que esperas cambia de hora: ${what}, ahora ${when}`,
    title: 'La clase que esperas tiene otra hora',
    stays: ({ position }) =>
      position === 1 ? 'Sigues en primer lugar.' : `Sigues en el lugar ${position} de la lista.`,
    offered: ({ until }) => `La plaza que te guardamos sigue guardada, hasta el ${until}.`,
    leave: 'Si ya no te viene bien, deja la lista en la página de la clase. No cuesta nada.',
  },
  waitlist_lapsed: {
    subject: ({ what, when }) => `Esta vez no hubo plaza: ${what}, ${when}`,
    title: 'Se acabó la espera',
    deadline: 'La plaza que te guardábamos no se aceptó a tiempo, así que pasó a la siguiente persona.',
    too_late: 'Nadie dejó una plaza a tiempo. Lo sentimos, y esperamos verte en otra clase.',
    no_credit:
      'Se liberó una plaza, pero en tus bonos no quedaba con qué pagarla, así que pasó a la siguiente persona.',
  },
  waitlist_left: {
    subject: ({ what, when }) => `Fuera de la lista de espera: ${what}, ${when}`,
    title: 'Ya no estás en la lista de espera',
    left: 'La has dejado, como querías.',
    other_class: 'Conseguiste plaza en otra clase y habías pedido solo una de ellas.',
    overlap: 'Ahora tienes plaza en otra clase a la misma hora.',
    session_cancelled:
      'Hemos tenido que cancelar esta clase, así que ya no hay nada que esperar. Lo sentimos.',
    removed: 'El estudio te ha quitado de ella. Si no sabes por qué, responde a este correo.',
  },
};
