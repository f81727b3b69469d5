import type { MessagesPatch } from '../index.ts';

export const giftCards: NonNullable<MessagesPatch['giftCards']> = {
  lead: 'Para vos o para quien quieras. Llega por correo el día que elijas.',
  present: '¿Buscás un regalo?',
  kept: { lead: 'A quién se le regaló una, y lo que todavía debés a quienes las tienen.' },
  buy: {
    title: 'Regalá una',
    sendOnHint: 'Si lo dejás vacío, sale en cuanto esté pagada.',
    act: 'Agregar al carrito',
  },
  check: { text: 'Escribí el código y el PIN como están en la carta.' },
  tenders: {
    used: 'La tarjeta de regalo está en tu carrito.',
    title: 'Tarjeta de regalo o billetera',
    wallet: 'Tu billetera',
    walletUse: ({ amount }) => `Usar mi billetera (tiene ${amount})`,
    walletUsed: 'Tu billetera paga su parte.',
  },
};
