import { plural } from '../../plural.ts';
import type { MessagesPatch } from '../../index.ts';
import { bookings } from './bookings.ts';
import { plans } from './plans.ts';
import { progress } from './progress.ts';
import { waitlist } from './waitlist.ts';
import { work } from './work.ts';

export const mail: NonNullable<MessagesPatch['mail']> = {
  footer: ({ business }) => `Recibís este correo porque reservaste o tenés una cuenta en ${business}.`,
  questions: ({ email }) => `¿Dudas? Escribinos a ${email}.`,
  buttons: { schedule: 'Buscar otro taller' },
  confirmed: {
    subject: ({ what }) => `Tenés lugar: ${what}`,
    title: 'Tu lugar está reservado',
    text: 'Te esperamos. Adjuntamos el archivo para tu calendario.',
    noticed: 'Te esperamos.',
    cancelUntil: ({ moment }) => `Podés cancelar sin costo hasta el ${moment}.`,
  },
  reminder: { text: 'Este es el recordatorio que pediste. Te esperamos.' },
  cancelled: {
    text: 'Ya liberamos tu lugar.',
    released:
      'El taller está completo y no habías llegado a tiempo, así que tu lugar fue para alguien que esperaba en la puerta.',
    calendar: 'El archivo adjunto lo saca de tu calendario.',
    creditsKept: ({ count }) =>
      plural('es', count, {
        one: 'Ya era tarde para cancelar sin costo, así que su crédito no vuelve.',
        other: `Ya era tarde para cancelar sin costo, así que sus ${count} créditos no vuelven.`,
      }),
    lateNoRefund: 'Ya era tarde para cancelar sin costo, así que no hay devolución.',
    latePart: ({ amount, paid }) =>
      `Ya era tarde para cancelar sin costo: de los ${paid} que pagaste, te devolvemos ${amount} a la tarjeta.`,
    button: 'Buscar otro taller',
  },
  tooLate: {
    title: 'No pudimos guardar tu lugar',
    text: ({ amount }) =>
      `Tu pago de ${amount} llegó cuando tu lugar ya se había liberado y, mientras tanto, lo tomó otra persona. ` +
      'Perdón. No te cobramos nada: el importe completo vuelve a tu tarjeta, normalmente en unos días.',
    button: 'Buscar otro taller',
  },
  giftCard: {
    text: ({ from }) => `${from} te regala esta tarjeta. Podés usarla de a poco, para todo lo que tenemos.`,
    how: 'Al pagar, escribí el código y el PIN. Guardá esta carta: quien la tiene, tiene la tarjeta.',
  },
  giftCardBack: {
    until: ({ date }) => `Para que tengas tiempo de gastarlos, la tarjeta vale hasta el ${date}.`,
    again: ({ date }) =>
      `La tarjeta había vencido. Para que puedas gastarlos, vuelve a valer hasta el ${date}. El código y el PIN son los que ya tenés.`,
  },
  invitation: {
    subject: ({ business }) => `Sumate al equipo de ${business}`,
    text: ({ by, role }) =>
      `${by} te invita a sumarte como ${role}. El enlace sirve una vez, durante siete días y solo para esta dirección de correo.`,
  },
  locked: {
    text: ({ minutes }) =>
      `Hubo varios intentos fallidos de entrar con tu correo, así que hay que esperar ${minutes === 1 ? 'un minuto' : `${minutes} minutos`}. ` +
      'Si eras vos, volvé a intentarlo después o elegí otra contraseña. Si no, tu contraseña los dejó afuera; no tenés que hacer nada.',
    button: 'Elegir otra contraseña',
  },
  bookings,
  waitlist,
  plans,
  progress,
  work,
};
