import type { MessagesPatch } from '../index.ts';

export const instructors: NonNullable<MessagesPatch['instructors']> = {
  teach: {
    noneText: 'Cuando aparezcas en la agenda, tus clases van a estar acá.',
    offers: ({ count }) =>
      count === 1
        ? 'Hay una clase que busca a alguien como vos.'
        : `Hay ${count} clases que buscan a alguien como vos.`,
  },
  page: { noTeaches: 'En la agenda está lo que hay.' },
  classPage: {
    rosterNone: 'Todavía no reservó nadie.',
    firstTime: 'Primera vez acá',
    checkedIn: 'Llegó',
    cannot: '¿No podés darla?',
    cannotText:
      'Les preguntamos a colegas que pueden dar esta clase y están libres: primero a quienes nombraste, después a los demás. Se la queda quien acepte primero, y les avisamos a todos los que reservaron.',
    cannotTextApproval:
      'Les preguntamos a colegas que pueden dar esta clase y están libres: primero a quienes nombraste, después a los demás. La dirección confirma quién la da, y les avisamos a todos los que reservaron.',
    reasonHint: 'Las leen ellos. Contá tanto o tan poco como quieras.',
    count: ({ count, capacity }) => `${count} de ${capacity} lugares`,
  },
  subs: {
    lead: 'Clases que podrías dar vos, y las que pediste que dé otra persona.',
    saidNo: 'Dijiste que no. Todavía podés darla.',
    opens: ({ moment }) => `Hay colegas con preferencia. Se abre para vos: ${moment}.`,
    asked: 'Lo que pediste',
    askedNone: 'No buscaste reemplazo.',
    title: 'Reemplazos',
  },
  nav: { substitutes: 'Reemplazos' },
  time: {
    lead: 'Tus horas semanales deciden cuándo te pedimos que reemplaces. Las ausencias, cuándo no contamos con vos.',
    hoursText:
      'Cuándo podés dar clase en una semana normal. Si no ponés nada, te podemos preguntar a cualquier hora.',
    askManagerText: 'Como parte de la dirección la tenés al momento.',
  },
  profile: {
    qualifiedText: 'Solo para estas clases le pedimos que reemplace.',
    userHint: 'Alguien del equipo. Va a ver sus clases, reemplazos y pagos.',
    preferredText: 'Cuando no puede dar su clase, les preguntamos a estos colegas antes que a los demás.',
  },
  calendars: {
    memberLead:
      'Tus reservas en el calendario que ya usás. Se mantiene al día solo, también con las cancelaciones.',
    teachLead:
      'Tus clases en el calendario que ya usás. Se mantiene al día solo, también con los reemplazos.',
    howText:
      'Creá una dirección y dásela a tu calendario, que la mira cada hora más o menos. Quien tenga la dirección ve lo que hay: guardátela, y retirala cuando ya no la precises.',
    freshText: 'Copiala ahora: por tu seguridad solo se muestra esta vez. Siempre podés crear otra.',
    none: 'Todavía no tenés ninguna.',
  },
  said: {
    made: 'El perfil está listo. Decí ahora qué puede dar.',
    grantedNow: 'La tenés.',
    yours: 'La clase es tuya. ¡Gracias! Les avisamos a todos los que reservaron.',
    toConfirm: '¡Gracias! La dirección lo confirma y te avisamos.',
  },
  letters: {
    yours: {
      text: ({ name }) =>
        `Gracias por reemplazar a ${name}. La clase ya está en tu agenda; el archivo adjunto la pone en tu calendario.`,
    },
    turnedDown: {
      text: 'Gracias por ofrecerte. Esta clase se resolvió de otra manera, así que te quedás con tu tiempo.',
    },
    nobody: {
      text: ({ name }) =>
        `${name} no puede dar esta clase, y les preguntamos a todos los que podrían: tampoco pueden. Quizás sepas de alguien; si no, va a haber que cancelarla.`,
    },
    timeOffDecided: { subjectNo: 'Tu ausencia no pudo ser' },
  },
};
