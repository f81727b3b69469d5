import type { booking as source } from '../en/booking.ts';
import { plural } from '../plural.ts';

const hours = (count: number): string =>
  count % 24 === 0 && count > 24
    ? `${count / 24} días`
    : plural('es', count, { one: '1 hora', other: `${count} horas` });

export const booking: typeof source = {
  schedule: {
    title: 'Horario',
    describe: ({ business }) => `Lo que hay en ${business}, con las plazas que quedan.`,
    wholeWeek: 'Toda la semana',
    style: 'Estilo',
    level: 'Nivel',
    instructor: 'Profe',
    more: 'Más filtros',
    emptyDay: 'Este día no hay nada',
    emptyWeek: 'Estos días no hay nada',
    emptyText: 'Las salas descansan. Mira los días de alrededor.',
    emptyFilters: 'Nada encaja con estos filtros',
    emptyFiltersText: 'Prueba con uno menos.',
    toNextWeek: 'Ver la semana siguiente',
    goOn: ({ date }) => `Seguir con el ${date}`,
    reconnecting: 'Ahora mismo las plazas no se actualizan solas. Seguimos intentándolo.',
  },
  zone: ({ city, offset }) => `Todas las horas son de ${city} (${offset}).`,
  zoneShort: ({ city }) => `hora de ${city}`,
  act: {
    book: 'Reservar',
    adding: 'Un momento',
    booked: 'Reservada',
    held: 'Pendiente de pago',
    attended: 'Estuviste aquí',
    full: 'Completa',
    started: 'Ya ha empezado',
    over: 'Terminada',
    closed: 'Reservas cerradas',
    cancelled: 'Cancelada',
    opens: ({ date }) => `Se abre el ${date}`,
  },
  free: 'Gratis',
  with: ({ name }) => `con ${name}`,
  minutes: ({ count }) => `${count} min`,
  policy: {
    title: 'Si no puedes venir',
    free: ({ hours: count }) =>
      count === 0
        ? 'Cancela gratis hasta que empiece la clase.'
        : `Cancela gratis hasta ${hours(count)} antes de que empiece.`,
    lateNothing: 'Después ya no hay devolución.',
    latePart: ({ percent }) => `Después te devolvemos el ${percent} %.`,
    lateAll: 'Después también te lo devolvemos todo, mientras no haya empezado.',
    lateCredit: 'Con los créditos es igual: el de una cancelación tardía queda usado.',
    lateFee: ({ amount }) => `Con una membresía sin límite, cancelar tarde cuesta ${amount}.`,
    noShow: ({ amount }) => `No venir sin avisar cuesta ${amount} más.`,
    feeCredits: ({ count }) =>
      plural('es', count, {
        one: 'Un crédito de un bono también salda ese cargo.',
        other: `${count} créditos de un bono también saldan ese cargo.`,
      }),
    more: 'El resto de la norma',
    refilled: 'Si la lista de espera llena tu plaza, te devolvemos lo que perdiste.',
    gratis: 'Si no puedes venir, cancela, por favor, y tu plaza será para otra persona.',
    until: ({ moment }) => `Gratis hasta el ${moment}.`,
  },
  classPage: {
    back: 'Horario',
    about: 'Qué te espera',
    bring: 'Qué traer',
    style: 'Estilo',
    level: 'Nivel',
    length: 'Duración',
    price: 'Precio',
    places: 'Plazas',
    upTo: ({ count }) => `${count} como máximo`,
    next: 'Próximas fechas',
    noNext: 'Aún sin fechas',
    noNextText: 'Esta clase no está programada en las próximas semanas. En el horario ves lo que hay.',
    timetable: 'Ver el horario',
  },
  pay: {
    with: ({ pass }) => `Reservar con ${pass}`,
    credits: ({ count, left }) =>
      `${plural('es', count, { one: '1 crédito', other: `${count} créditos` })}; tienes ${left}.`,
    unlimited: 'Está en tu membresía.',
    otherwise: 'Pagar de otra manera',
    pass: ({ pass, left }) => `${pass} (quedan ${left})`,
    card: ({ amount }) => `Pagar ${amount} con tarjeta`,
    wallet: ({ amount, balance }) => `Pagar ${amount} con tu monedero (tienes ${balance})`,
  },
  others: {
    title: 'Reservar también para otras personas',
    who: '¿Quién viene?',
    me: 'Yo',
    guest: ({ nth }) => `Invitado ${nth}: nombre`,
    most: ({ count }) =>
      plural('es', count, {
        one: 'Puedes traer a una persona.',
        other: `Puedes traer hasta ${count} personas.`,
      }),
    add: 'Poner estas plazas en la cesta',
  },
  sessionPage: {
    where: 'Dónde',
    teacher: 'Profe',
    otherTimes: 'Otras fechas',
    yours: 'Tienes plaza en esta clase.',
    held: 'Te guardamos una plaza hasta que la pagues.',
    cancelledText: 'Hemos tenido que cancelar esta clase. Aquí ves cuándo es la próxima.',
    fullText: 'Todas las plazas están ocupadas. Si se libera una, aparece aquí al momento.',
  },
  instructors: {
    title: 'Profes',
    lead: ({ business }) => `A quién vas a conocer en ${business}.`,
    back: 'Todo el equipo',
    next: ({ name }) => `Próximas clases con ${name}`,
    noNext: ({ name }) => `${name} no tiene clases en las próximas semanas.`,
    none: 'Todavía no hay nadie',
  },
  calendar: {
    name: ({ business }) => business,
    description: ({ instructor, url }) => `Con ${instructor}.\nCambiar o cancelar: ${url}`,
    add: 'Añadir al calendario',
    addWhat: ({ what }) => `Añadir al calendario: ${what}`,
  },
  states: {
    held: 'Pendiente de pago',
    confirmed: 'Reservada',
    checked_in: 'Estuviste aquí',
    no_show: 'No viniste',
    cancelled: 'Cancelada',
    late_cancelled: 'Cancelada tarde',
    expired: 'No se pagó a tiempo',
    session_cancelled: 'Clase cancelada',
  },
};
