import type { business as source } from '../en/business.ts';

export const business: typeof source = {
  home: {
    bookFirst: 'Reservar una clase',
    seeWeek: 'Ver toda la semana',
    todayTitle: 'Próximas clases',
    todayEmpty: 'No hay más clases hoy ni mañana',
    todayEmptyText: 'La sala descansa. En la semana hay muchas más.',
    stylesTitle: 'Encuentra lo tuyo',
    stylesIntro: 'Cada clase dice cuánto exige y quién la da.',
    barTitle: 'De la barra',
    barAll: 'Toda la carta',
    peopleTitle: 'A quién vas a conocer',
    peopleAll: 'Todo el equipo',
    visitTitle: 'Pásate',
    visitAct: 'Cómo llegar',
    with: ({ name }) => `con ${name}`,
  },
  visit: {
    title: 'Dónde estamos',
    intro: 'La primera vez, ven diez minutos antes. Te enseñamos el lugar.',
    address: 'Dirección',
    hours: 'Horario de apertura',
    contact: 'Escribe o llama',
    directions: 'Abrir en el mapa',
    closed: 'cerrado',
    openNow: ({ time }) => `Abierto ahora, hasta las ${time}`,
    opensAt: ({ day, time }) => `Cerrado ahora, abre ${day} a las ${time}`,
    mapAlt: ({ name }) => `Mapa dibujado de las calles alrededor de ${name}`,
    goodToKnow: 'Conviene saber',
  },
};
