import type { MessagesPatch } from '../index.ts';

export const account: NonNullable<MessagesPatch['account']> = {
  next: 'Tu próximo taller',
  nothingNext: 'Todavía no hay nada reservado',
  nothingNextText: 'El próximo taller que reserves aparece acá, con su hora y su archivo de calendario.',
  find: 'Buscar un taller',
  bookings: {
    noneText: 'Cuando reserves un taller, aparece acá.',
    nonePast: 'Todavía ninguno. El primero siempre es el más lindo.',
    guest: ({ name }) => `${name}, que viene con vos`,
    returned: { refilled: 'Otra persona ocupó tu lugar, así que te lo devolvimos.' },
    heldUntil: ({ time }) => `guardado hasta las ${time}`,
    freeUntil: ({ moment }) => `Cancelá gratis hasta el ${moment}`,
  },
  orders: {
    none: 'Todavía no hay pedidos',
    noneText: 'Acá se guardan los recibos de lo que reservás y comprás.',
  },
  cancel: {
    inTime: ({ moment }) => `Llegás a tiempo: hasta el ${moment} se cancela gratis.`,
    way: 'La plata vuelve a la tarjeta con la que pagaste, normalmente en cinco a diez días.',
    refilled: 'Te lo devolvemos si alguien de la lista de espera ocupa tu lugar.',
    doneCredits: 'Cancelada. Lo que usó de tu pase vuelve a él.',
    seat: 'Tu lugar pasa a otra persona al momento.',
    no: 'Me lo quedo',
    doneNoRefund: 'Cancelada. Tu lugar queda libre para otra persona.',
    begun: 'Este taller ya empezó.',
    notPaid: 'Este lugar solo está guardado. Dejá el pedido, o esperá a que se termine el tiempo.',
  },
};
