import type { MessagesPatch } from '../index.ts';

export const desk: NonNullable<MessagesPatch['desk']> = {
  day: {
    now: 'En curso',
    over: 'Terminado',
    cancelled: 'Cancelado',
    seats: ({ taken, capacity }) => `${taken} de ${capacity} lugares`,
    here: ({ count }) => (count === 1 ? 'Llegó 1' : `Llegaron ${count}`),
    next: 'El próximo',
    none: 'Este día no hay talleres',
    noneText: 'Cuando haya uno, acá va a estar su lista.',
    rest: 'Todos los talleres del día',
  },
  roster: {
    here: ({ here, of }) => `Llegaron ${here} de ${of}`,
    free: ({ count }) =>
      count === 0 ? 'Completo' : count === 1 ? '1 lugar libre' : `${count} lugares libres`,
    nobody: 'Todavía no reservó nadie',
    nobodyText: 'Quien reserve aparece acá sin recargar.',
    checkIn: 'Llegó',
    checkInLabel: ({ name }) => `Llegó ${name}`,
    isHere: 'Está acá',
    cancelled: 'Este taller se canceló.',
    released: ({ time }) => `A las ${time} se liberaron los lugares de quienes no habían llegado.`,
    releases: ({ count }) =>
      `Si el taller está completo, los lugares de quienes no llegaron se liberan ${count} min antes de empezar.`,
  },
  paid: { terminal: 'Pagada con el posnet', free: 'Sin costo', wallet: 'Pagada con la billetera' },
  more: { absent: 'No vino', health: 'Lo que tiene que saber quien da el taller' },
  cancel: {
    title: 'Cancelar este lugar',
    free: 'Sin costo, sea la hora que sea',
    reasonHint: 'Hace falta cuando es sin costo.',
    act: 'Cancelar el lugar',
    done: 'El lugar está cancelado y ya lo sabe.',
  },
  waive: { done: 'Se devolvió y ya lo sabe.' },
  walkIn: {
    noneText: 'Probá escribirlo de otra forma, o anotá sus datos abajo.',
    hasPlace: 'Ya tiene lugar en este taller.',
    full: 'Este taller está completo.',
    fullText: 'Alguien va a poder entrar cuando se libere un lugar.',
    closed: 'Ya no se venden lugares para este taller.',
    terminal: ({ amount }) => `Posnet ${amount}`,
    wallet: ({ amount }) => `Billetera ${amount}`,
    free: 'Dejar pasar, sin costo',
  },
  offline: { signIn: 'Iniciá sesión otra vez: lo que anotaste se guarda acá hasta entonces.' },
  code: { text: 'Decí este código y te encontramos.' },
};
