import type { refunds as source } from '../en/refunds.ts';

export const refunds: typeof source = {
  title: ({ reference }) => `Devolver del pedido ${reference}`,
  lead: ({ buyer, total }) => `${buyer} pagó ${total}. El dinero vuelve por donde vino.`,
  toOrder: 'El pedido',
  open: 'Devolver todo o una parte',
  lines: 'Lo que compró',
  left: ({ left, of }) => `Se pueden devolver ${left} de ${of}`,
  pieces: ({ left, of }) => `quedan ${left} de ${of}`,
  quantity: 'Unidades',
  amount: ({ currency }) => `O un importe (${currency})`,
  amountOnly: ({ currency }) => `Importe (${currency})`,
  stock: 'El género',
  stocks: { back: 'Vuelve al almacén', waste: 'Es merma' },
  reason: 'Por qué',
  act: 'Devolver',
  actOf: ({ what }) => `Devolver: ${what}`,
  forManager: 'Esto lo devuelve un encargado.',
  done: ({ amount }) => `Se devuelven ${amount}.`,
  before: 'Devuelto hasta ahora',
  piecesBack: ({ count }) => (count === 1 ? '1 unidad' : `${count} unidades`),
};
