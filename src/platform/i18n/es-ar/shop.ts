import type { MessagesPatch } from '../index.ts';

export const shop: NonNullable<MessagesPatch['shop']> = {
  describe: ({ business }) => `Café y cosas para llevar en ${business}. Pedí antes y pasá a buscarlo.`,
  lead: 'Pedí antes y salteate la fila.',
  readyAbout: ({ time }) => `Pedí ahora, listo a eso de las ${time}`,
  closedNow: 'El mostrador está cerrado ahora. Podés pedir para más tarde.',
  noOrders: 'El mostrador no toma pedidos en línea ahora. Vení, acá estamos.',
  nothingFoundText: 'Probá con otra palabra o mirá todo.',
  none: 'Todavía no hay carta',
  noneText: 'El mostrador abre pronto. Mientras tanto, hay talleres.',
  added: 'En tu carrito.',
  add: 'Agregar',
  addWhat: ({ name }) => `Agregar ${name}`,
  addFor: ({ amount }) => `Agregar por ${amount}`,
  addToCart: 'Agregar al carrito',
  soldOut: 'Agotado por hoy',
  pickOne: 'Elegí uno',
  pickUpTo: ({ count }) => `Lo que quieras, hasta ${count}`,
  note: 'Unas palabras para el mostrador',
  cart: {
    tip: ({ percent }) => `${percent} % de lo que viene del mostrador`,
    toMenu: '¿Algo del mostrador?',
  },
  handover: {
    title: 'Cómo lo querés',
    eat_in: 'Acá',
    tableHint: 'Si ya tenés lugar.',
  },
  order: { serving: { takeaway: 'Para llevar', eat_in: 'Para tomar acá' } },
};
