import type { MessagesPatch } from '../index.ts';
import { plural } from '../plural.ts';

export const booking: NonNullable<MessagesPatch['booking']> = {
  schedule: {
    title: 'Agenda',
    describe: ({ business }) => `Los talleres de ${business}, con los lugares que quedan.`,
    style: 'Oficio',
    instructor: 'Maestro',
    emptyText: 'El salón descansa. Mirá los días de alrededor.',
    emptyFiltersText: 'Probá con uno menos.',
    reconnecting: 'Ahora los lugares no se actualizan solos. Seguimos intentando.',
  },
  act: {
    booked: 'Reservado',
    attended: 'Estuviste acá',
    full: 'Completo',
    started: 'Ya empezó',
    over: 'Terminó',
    cancelled: 'Cancelado',
    opens: ({ date }) => `Abre el ${date}`,
  },
  policy: {
    title: 'Si no podés venir',
    free: ({ hours }) =>
      hours === 0
        ? 'Cancelá gratis hasta que empiece el taller.'
        : `Cancelá gratis hasta ${
            hours % 24 === 0 && hours > 24
              ? `${hours / 24} días`
              : plural('es', hours, { one: '1 hora', other: `${hours} horas` })
          } antes de que empiece.`,
    feeCredits: ({ count }) =>
      plural('es', count, {
        one: 'Un crédito de un abono también salda ese cargo.',
        other: `${count} créditos de un abono también saldan ese cargo.`,
      }),
    lateFee: ({ amount }) => `Con una membresía sin límite, cancelar tarde cuesta ${amount}.`,
    refilled: 'Si la lista de espera llena tu lugar, te devolvemos lo que perdiste.',
    gratis: 'Si no podés venir, cancelá, por favor, y tu lugar será para otra persona.',
  },
  classPage: {
    back: 'Agenda',
    style: 'Oficio',
    places: 'Lugares',
    noNextText: 'Este taller no está programado en las próximas semanas. En la agenda ves lo que hay.',
    timetable: 'Ver la agenda',
  },
  pay: {
    credits: ({ count, left }) =>
      `${plural('es', count, { one: '1 crédito', other: `${count} créditos` })}; tenés ${left}.`,
    wallet: ({ amount, balance }) => `Pagar ${amount} con tu billetera (tenés ${balance})`,
  },
  others: {
    most: ({ count }) =>
      plural('es', count, {
        one: 'Podés traer a una persona.',
        other: `Podés traer hasta ${count} personas.`,
      }),
    add: 'Poner estos lugares en el carrito',
  },
  sessionPage: {
    teacher: 'Maestro',
    yours: 'Tenés lugar en este taller.',
    held: 'Te guardamos un lugar hasta que lo pagues.',
    cancelledText: 'Tuvimos que cancelar este taller. Acá ves cuándo es el próximo.',
    fullText: 'Todos los lugares están ocupados. Si se libera uno, aparece acá al momento.',
  },
  instructors: {
    title: 'Maestros',
    next: ({ name }) => `Próximos talleres con ${name}`,
    noNext: ({ name }) => `${name} no tiene talleres en las próximas semanas.`,
  },
  calendar: {
    add: 'Agregar al calendario',
    addWhat: ({ what }) => `Agregar al calendario: ${what}`,
  },
  states: {
    confirmed: 'Reservado',
    checked_in: 'Estuviste acá',
    cancelled: 'Cancelado',
    late_cancelled: 'Cancelado tarde',
    session_cancelled: 'Taller cancelado',
  },
};
