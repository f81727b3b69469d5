import type { MessagesPatch } from '../index.ts';
import { plural } from '../plural.ts';

export const schedule: NonNullable<MessagesPatch['schedule']> = {
  classes: {
    noneText: 'Creá la primera clase y ponela en la agenda.',
    parts: { places: 'Duración, lugares y precio' },
    capacity: 'Lugares',
    release: 'Soltar lugares vacíos, minutos antes',
    waitlistModes: {
      automatic: 'El lugar es para quien sigue',
      claim: 'Avisar a todos: la primera respuesta gana',
    },
    waitlistHints: {
      automatic: 'Quien puede pagar sin que se le pregunte entra; a los demás se les ofrece el lugar.',
      offer: 'El lugar se guarda para quien fue preguntado, hasta una hora límite.',
    },
    alsoUpcomingHint:
      'Solo precio y lugares. Las que tienen precio o lugares propios los conservan; nadie que haya reservado paga más ni pierde su lugar.',
    made: 'La clase está creada. Publicala cuando esté lista.',
    hidden: 'La clase está oculta. Quien reservó conserva su lugar.',
  },
  rooms: {
    capacity: 'Entran como mucho',
    capacityShort: 'Cupo',
    capacityHint: ({ count }) =>
      plural('es', count, {
        zero: 'No hay clases por venir en ella.',
        one: 'Hay una clase por venir en ella. Una sala menor baja sus lugares, nunca por debajo de lo reservado.',
        other: `Hay ${count} clases por venir en ella. Una sala menor baja sus lugares, nunca por debajo de lo reservado.`,
      }),
    lead: 'Dónde son las clases, cuánta gente entra y dónde va cada uno.',
    none: 'Acá todavía no hay ninguna sala.',
    choosing: 'Elegir lugar',
    choosingNames: { yes: 'Cada persona elige su lugar', no: 'Cada uno se pone donde haya espacio' },
  },
  locations: { new: 'Agregar un local' },
  spots: {
    title: 'Elegí tu lugar',
    pick: 'Elegí dónde te gustaría estar.',
    yours: ({ label }) => `Tu lugar es el ${label}. Todavía se puede cambiar.`,
    spot: 'Lugar',
    chosen: 'Te guardamos el lugar.',
    givenUp: 'El lugar vuelve a estar libre.',
    columns: 'Lugares por fila',
    teacherPlace: 'El lugar de quien enseña',
    cell: ({ row, place }) => `Fila ${row}, lugar ${place}`,
    boxes: 'Dónde va cada uno',
    boxesHint: 'Marcá los cuadros donde hay un lugar. Se numeran fila por fila.',
    count: ({ count }) => plural('es', count, { one: '1 lugar', other: `${count} lugares` }),
  },
  week: {
    seats: ({ taken, capacity }) => `${taken} de ${capacity} lugares ocupados`,
    roomsFirstText: 'Las clases necesitan un lugar. Agregá un local y una sala, y después poné las clases.',
  },
  new: { choose: 'Elegí', skipHint: 'Feriados, como 2026-12-25, uno por línea.' },
  session: {
    spot: ({ spot }) => `lugar ${spot}`,
    waiting: ({ count }) =>
      plural('es', count, {
        one: '1 persona espera un lugar.',
        other: `${count} personas esperan un lugar.`,
      }),
    hiddenText:
      'La clientela no ve esta clase. Quien ya reservó conserva su lugar y quien espera, el suyo en la lista; nadie nuevo entra hasta que la publiques.',
    hidden: ({ count }) =>
      plural('es', count, {
        zero: 'La clase queda oculta. Nadie la había reservado.',
        one: 'La clase queda oculta. La persona que reservó conserva su lugar.',
        other: `La clase queda oculta. Las ${count} personas que reservaron conservan su lugar.`,
      }),
  },
  change: {
    waiting: ({ count }) =>
      plural('es', count, {
        one: '1 persona espera un lugar. Sigue en la lista y recibe aviso de la nueva hora.',
        other: `${count} personas esperan un lugar. Siguen en la lista y reciben aviso de la nueva hora.`,
      }),
    sum: ({ sessions, people }) =>
      `${plural('es', sessions, { zero: 'No cambia ninguna clase.', one: 'Cambia una clase.', other: `Cambian ${sessions} clases.` })} ${plural('es', people, { zero: 'No hay que avisar a nadie.', one: 'Una persona conserva su lugar y recibe aviso.', other: `${people} personas conservan su lugar y reciben aviso.` })}`,
    places: ({ count }) => plural('es', count, { one: '1 lugar', other: `${count} lugares` }),
    aspects: { capacity: 'lugares' },
    losesSpot: 'Quien había elegido lugar vuelve a elegir en la sala nueva.',
  },
  cancel: {
    text: ({ count }) =>
      plural('es', count, {
        one: 'Una persona tiene lugar. Recupera todo lo que pagó y recibe aviso enseguida.',
        other: `${count} personas tienen lugar. Recuperan todo lo que pagaron y reciben aviso enseguida.`,
      }),
    nobody: 'Nadie tiene lugar en ella. Se verá como suspendida.',
  },
  series: {
    skipText: 'Feriados y similares. Si alguien reservó ese día, mejor suspendé la clase.',
  },
  audit: {
    lead: 'Quién hizo qué con poder sobre el dinero, los lugares o los datos de otros. Cada línea va sellada por la anterior.',
    noneText: 'Acá estará lo que tu equipo haga con el dinero, los lugares o los datos de otros.',
  },
};
