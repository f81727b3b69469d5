import type { MessagesPatch } from '../index.ts';

export const board: NonNullable<MessagesPatch['board']> = {
  card: {
    refuseText: 'El cliente recupera su plata y lee por qué.',
    eat_in: 'Para tomar acá',
  },
  noneText: 'Los pedidos nuevos aparecen acá solos.',
  busy: { stopped: 'No entran pedidos hasta que vuelvas a tomarlos.', resume: 'Volver a tomar pedidos' },
  refusedDone: 'Rechazado. La plata se devuelve.',
  order: { cancelled: 'Cancelado. Tu plata está de vuelta.' },
};
