import { plural } from '../../plural.ts';
import type { mail as source } from '../../en/mail/index.ts';
import { bar } from './bar.ts';
import { bookings } from './bookings.ts';
import { giftCardBackMail, giftCardMail } from './gift-cards.ts';
import { plans } from './plans.ts';
import { progress } from './progress.ts';
import { waitlist } from './waitlist.ts';
import { work } from './work.ts';

export const mail: typeof source = {
  hello: ({ name }) => `Hola, ${name}:`,
  helloThere: 'Hola:',
  signed: ({ business }) => `Hasta pronto,\n${business}`,
  footer: ({ business }) => `Recibes este correo porque reservaste o tienes una cuenta en ${business}.`,
  stop: 'No recibir más correos así',
  questions: ({ email }) => `¿Dudas? Escríbenos a ${email}.`,
  order: ({ reference, receipt }) =>
    receipt ? `Pedido ${reference}, recibo ${receipt}` : `Pedido ${reference}`,
  total: 'Total',
  taxIncluded: ({ amount }) => `Impuestos incluidos: ${amount}`,
  free: 'Gratis',
  about: ({ name }) => `Se trata de ${name}.`,
  buttons: {
    class: 'Ver la clase',
    schedule: 'Buscar otra clase',
    bookings: 'Ver tus reservas',
    order: 'Ver tu pedido',
  },
  with: ({ instructor, room }) => `con ${instructor}, ${room}`,
  confirmed: {
    subject: ({ what }) => `Tienes plaza: ${what}`,
    title: 'Tu plaza está reservada',
    text: 'Tenemos ganas de verte. Adjuntamos el archivo para tu calendario.',
    cancelUntil: ({ moment }) => `Puedes cancelar sin coste hasta el ${moment}.`,
    noticed: 'Tenemos ganas de verte.',
    button: 'Ver tu pedido',
  },
  bought: {
    subject: ({ what }) => `Gracias: ${what}`,
    title: 'Gracias',
    text: 'Lo que compraste es tuyo desde este momento.',
    noticed: 'Es tuyo desde este momento.',
    button: 'Ver tu pedido',
  },
  feePaid: {
    subject: ({ what }) => `Pagado: ${what}`,
    title: 'Tu cargo está pagado',
    text: 'Gracias. No queda nada por pagar, y este es tu recibo.',
    noticed: 'Gracias. No queda nada por pagar.',
    button: 'Ver tu recibo',
  },
  reminder: {
    subject: ({ what, when }) => `Nos vemos pronto: ${what}, ${when}`,
    title: 'Se acerca tu clase',
    text: 'Este es el recordatorio que pediste. Tenemos ganas de verte.',
  },
  cancelled: {
    subject: ({ what }) => `Cancelada: ${what}`,
    title: 'Tu reserva está cancelada',
    text: 'Hemos devuelto tu plaza.',
    released:
      'La clase está completa y no habías llegado a tiempo, así que tu plaza ha sido para alguien que esperaba en la puerta.',
    calendar: 'El archivo adjunto la quita de tu calendario.',
    refund: ({ amount }) =>
      `Te devolvemos ${amount} a la tarjeta con la que pagaste. Suele tardar unos días en verse.`,
    creditsKept: ({ count }) =>
      plural('es', count, {
        one: 'Ya era tarde para cancelar sin coste, así que su crédito no vuelve.',
        other: `Ya era tarde para cancelar sin coste, así que sus ${count} créditos no vuelven.`,
      }),
    lateNoRefund: 'Ya era tarde para cancelar sin coste, así que no hay devolución.',
    latePart: ({ amount, paid }) =>
      `Ya era tarde para cancelar sin coste: de los ${paid} que pagaste, te devolvemos ${amount} a la tarjeta.`,
    button: 'Buscar otra clase',
  },
  tooLate: {
    subject: 'Tu pago llegó tarde y te lo devolvemos',
    title: 'No pudimos guardar tu plaza',
    text: ({ amount }) =>
      `Tu pago de ${amount} llegó cuando tu plaza ya se había liberado y, entretanto, la tomó otra persona. ` +
      'Lo sentimos. No te cobramos nada: el importe completo vuelve a tu tarjeta, normalmente en unos días.',
    button: 'Buscar otra clase',
  },
  twice: {
    subject: 'Pagaste dos veces y te devolvemos una',
    title: 'Te devolvemos un pago',
    text: ({ amount }) =>
      `Tu pedido ya estaba pagado cuando llegó otro pago de ${amount}. Tu reserva sigue en pie y el segundo pago vuelve a tu tarjeta.`,
    button: 'Ver tu pedido',
  },
  mismatch: {
    subject: 'Te devolvemos tu pago',
    title: 'El importe no coincidía',
    text: ({ amount }) =>
      `Recibimos ${amount}, que no es lo que suma tu pedido, así que no pudimos aceptarlo. Te devolvemos el importe completo.`,
    button: 'Ver tu pedido',
  },
  invitation: {
    subject: ({ business }) => `Únete al equipo de ${business}`,
    title: ({ business }) => `${business} te invita`,
    text: ({ by, role }) =>
      `${by} te invita a unirte como ${role}. El enlace sirve una vez, durante siete días y solo para esta dirección de correo.`,
    someone: 'La dirección',
    roles: {
      owner: 'dirección',
      manager: 'responsable',
      front_desk: 'recepción',
      barista: 'barista',
      instructor: 'docente',
    },
    button: 'Aceptar la invitación',
  },
  locked: {
    subject: 'Alguien intentó entrar en tu cuenta',
    title: 'Tu cuenta está bloqueada un momento',
    text: ({ minutes }) =>
      `Hubo varios intentos fallidos de entrar con tu correo, así que hay que esperar ${minutes === 1 ? 'un minuto' : `${minutes} minutos`}. ` +
      'Si eras tú, vuelve a intentarlo entonces o elige otra contraseña. Si no, tu contraseña los dejó fuera; no tienes que hacer nada.',
    button: 'Elegir otra contraseña',
  },
  bar,
  bookings,
  waitlist,
  plans,
  progress,
  giftCard: giftCardMail,
  giftCardBack: giftCardBackMail,
  work,
};
