import type { MessagesPatch } from '../index.ts';

/** Voseo at the till. */
export const till: NonNullable<MessagesPatch['till']> = {
  ticket: { empty: 'Tocá lo que quieran.' },
  pay: {
    terminalHint: 'Posnet: cobrá primero en él y después tocá.',
    terminal: 'Posnet',
    wallet: 'Billetera',
  },
  customer: { wallet: ({ amount }) => `${amount} en la billetera` },
  split: {
    takeWallet: 'Tomarlo de la billetera',
    backHint:
      'El efectivo vuelve a su mano, y lo cobrado con el posnet se devuelve en él. Lo que pagó una tarjeta en el lector vuelve a ella por sí solo.',
  },
  sold: { paid: { terminal: 'Pagado con posnet', wallet: 'Pagado con la billetera' } },
  away: {
    since: ({ time }) =>
      `Sin conexión. Precios de las ${time}. Se cobra en efectivo y con posnet; las ventas se guardan acá y se envían cuando vuelva.`,
    stays:
      'Los clientes, su billetera y las tarjetas de regalo necesitan conexión: solo así se sabe lo que les queda.',
    only: 'Las tarjetas de regalo, las billeteras, los puntos, los códigos y el pago por partes necesitan conexión: solo así se sabe lo que valen.',
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
