import type { MessagesPatch } from '../index.ts';

/** Voseo at the till. */
export const till: NonNullable<MessagesPatch['till']> = {
  ticket: { empty: 'Tocá lo que quieran.' },
  pay: { terminalHint: 'Cobralo primero en el posnet y después tocá acá.', terminal: 'Posnet' },
  sold: { paid: { terminal: 'Pagado con posnet' } },
  away: {
    since: ({ time }) =>
      `Sin conexión. Precios de las ${time}. Se cobra en efectivo y con posnet; las ventas se guardan acá y se envían cuando vuelva.`,
    reckoned: ({ time }) => `Calculado acá con los precios de las ${time}.`,
    gone: 'No está en la carta guardada acá.',
    others: '# ventas de otra persona esperan acá hasta que inicie sesión.',
    otherOne: '1 venta de otra persona espera acá hasta que inicie sesión.',
    signIn: 'Iniciá sesión otra vez: tus ventas se guardan acá hasta entonces.',
    leave:
      'Hay ventas sin enviar. Se quedan en este dispositivo y se envían cuando vuelvas a iniciar sesión acá. ¿Cerrar sesión igual?',
    told: 'Revisá estas ventas',
    flags: { price_differs: 'El precio había cambiado; se registró lo que se cobró acá.' },
  },
  drawer: {
    openText: 'Contá lo que hay ahora. Desde entonces se cobra en efectivo.',
    closeText: 'Contá todo lo que hay ahora. La diferencia se anota con tu nombre.',
  },
};
