import type { notices as source } from '../en/notices.ts';

export const notices: typeof source = {
  title: 'Avisos',
  unread: 'sin leer',
  lead: 'Todo lo que te hemos contado, también lo que fue por correo.',
  fresh: 'Nuevos',
  earlier: 'Anteriores',
  none: 'Todavía nada',
  noneText: 'Cuando cambie algo de tus clases, lo leerás aquí antes que nadie.',
  more: 'Ver anteriores',
  readAll: 'Marcar todo como leído',
  readDone: 'Todo leído.',
  choose: 'Elegir de qué te avisamos',
  isNew: 'Nuevo:',
  about: ({ name }) => `Sobre ${name}`,
  topics: {
    bookings: {
      name: 'Tus reservas',
      text: 'Reservada, cancelada, movida, otra persona enseña, lo que cuesta o vuelve',
    },
    orders: { name: 'Tus pedidos en la barra', text: 'Listos para recoger, o algo que no podemos preparar' },
    waitlist: { name: 'Listas de espera', text: 'Entrada, una oferta, una plaza, fin de la espera' },
    reminders: { name: 'Recordatorios', text: 'Antes de una clase que reservaste' },
    plans: { name: 'Bonos y membresías', text: 'Empiezan, se renuevan, van a caducar, un pago que falló' },
    progress: { name: 'Tu progreso', text: 'Hitos, y un empujón hacia las metas que te pusiste' },
    work: { name: 'Tu trabajo aquí', text: 'Sustituciones que se buscan y se encuentran, lo que escasea' },
  },
  choices: {
    title: 'De qué te avisamos',
    lead: 'Elige para cada tema si quieres saberlo en la web, por correo o de las dos maneras.',
    topic: 'Tema',
    inApp: 'En la web',
    email: 'Correo',
    emailAlways: 'Siempre si se trata de tu dinero o de tu plaza',
    tick: ({ topic, way }) => `${topic}, ${way}`,
    reminder: 'Recordarme una clase',
    hours: { '24': 'el día antes, a la misma hora', '3': 'tres horas antes', '0': 'nunca' },
    essential:
      'Los correos sobre tu dinero o tu plaza llegan siempre: una clase cancelada o movida, un pago que falló, un cargo, una plaza que te toca de la lista de espera.',
    notAgreed:
      'Nos dijiste que no te escribamos correos, así que solo llegan esos, esté lo que esté marcado aquí.',
    notAgreedLink: 'Cambiarlo en tus datos',
    save: 'Guardar',
    saved: 'Guardado. Así te avisaremos desde ahora.',
  },
};
