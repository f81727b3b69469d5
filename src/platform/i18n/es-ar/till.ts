import type { MessagesPatch } from '../index.ts';

/** Voseo at the till. */
export const till: NonNullable<MessagesPatch['till']> = {
  ticket: { empty: 'Tocá lo que quieran.' },
  pay: { terminalHint: 'Cobralo primero en el posnet y después tocá acá.', terminal: 'Posnet' },
  sold: { paid: { terminal: 'Pagado con posnet' } },
  drawer: {
    openText: 'Contá lo que hay ahora. Desde entonces se cobra en efectivo.',
    closeText: 'Contá todo lo que hay ahora. La diferencia se anota con tu nombre.',
  },
};
