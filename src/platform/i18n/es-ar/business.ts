import type { MessagesPatch } from '../index.ts';

export const business: NonNullable<MessagesPatch['business']> = {
  home: {
    bookFirst: 'Reservar un lugar',
    todayTitle: 'Próximos encuentros',
    todayEmpty: 'No hay más encuentros hoy ni mañana',
    todayEmptyText: 'El salón descansa. En la semana hay muchos más.',
    stylesTitle: 'Encontrá lo tuyo',
    stylesIntro: 'Cada taller dice cuánto exige y quién lo da.',
    visitTitle: 'Date una vuelta',
  },
  visit: {
    intro: 'La primera vez, vení diez minutos antes. Te mostramos el lugar.',
    contact: 'Escribinos o llamá',
  },
};
