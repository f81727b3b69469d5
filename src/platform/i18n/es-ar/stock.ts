import type { MessagesPatch } from '../index.ts';

export const stock: NonNullable<MessagesPatch['stock']> = {
  nav: 'Stock',
  title: 'Stock',
  parts: { label: 'Partes del depósito', costs: 'Costos' },
  totalNote: 'al costo promedio de lo entregado',
  none: 'Todavía no hay nada en el depósito',
  noneText: 'Anotá lo que comprás y después, en cada producto, lo que lleva.',
  notFoundText: 'Probá con otra palabra o mirá todo.',
  waste: { reasons: { expired: 'Vencido' } },
  count: {
    lead: 'Anotá lo que ves. Nada cambia hasta terminar.',
    rule: 'Mientras contás se sigue vendiendo: cada número se compara con lo que decían los libros al anotarlo.',
    dropped: 'El recuento se dejó. No cambió nada.',
  },
  delivery: { lead: 'Completá lo que llegó. Lo que quede vacío no llegó.', note: 'Remito' },
  costs: {
    title: 'Lo que cuesta el stock',
    valueNote: 'todos los lugares, a costo promedio',
    sold: 'Costo de lo vendido',
  },
  item_: {
    noMovements: 'Acá todavía no se movió.',
    unitCost: 'Costo de un paquete',
    made: 'Ya está en la lista. Ahora anotá una entrega o hacé un recuento.',
  },
};
