import type { MessagesPatch } from '../index.ts';

export const business: NonNullable<MessagesPatch['business']> = {
  home: {
    bookFirst: 'Reservar un lugar',
    todayTitle: 'Próximos encuentros',
    todayEmpty: 'No hay encuentros en los próximos días',
    todayEmptyText: 'El salón descansa. La agenda sigue después.',
    stylesTitle: 'Encontrá lo tuyo',
    stylesIntro: 'Cada taller dice cuánto exige y quién lo da.',
    barTitle: 'Del mostrador',
    visitTitle: 'Date una vuelta',
  },
  visit: {
    intro: 'La primera vez, vení diez minutos antes. Te mostramos el lugar.',
    contact: 'Escribinos o llamá',
    bar: ({ places }) => (places ? `El mostrador, ${places}` : 'El mostrador'),
  },
};
