import { plural } from '../../plural.ts';
import type { bookings as source } from '../../en/mail/bookings.ts';

export const bookings: typeof source = {
  order_refunded: {
    subject: ({ amount }) => `Te devolvemos ${amount}`,
    title: ({ amount }) => `${amount} van de vuelta`,
    text: ({ reference, reason }) => `Te lo devolvemos del pedido ${reference}: «${reason}».`,
    next: 'Vuelve por donde se pagó: al monedero o a la tarjeta de regalo al momento, a una tarjeta bancaria en unos días.',
  },
  refund_failed: {
    subject: 'Tu devolución no te llegó',
    title: 'Una devolución volvió a nosotros',
    text: ({ amount }) =>
      `Enviamos ${amount} a la tarjeta con la que pagaste, pero el banco no lo aceptó; quizá la tarjeta se cambió o se cerró.`,
    next: 'El dinero sigue siendo tuyo. Responde a este correo y buscamos otra forma de dártelo.',
  },
  session_cancelled: {
    subject: ({ what, when }) => `Cancelada: ${what}, ${when}`,
    title: 'Esta clase no se va a dar',
    text: 'Tuvimos que cancelarla y lo sentimos.',
    several: ({ names }) =>
      `Tuvimos que cancelarla y lo sentimos. Con ella se anulan las plazas de ${names}.`,
    calendar: 'El archivo adjunto la quita de tu calendario.',
    reason: ({ reason }) => `El motivo: ${reason}`,
  },
  session_changed: {
    subject: ({ what, when }) => `Cambia: ${what}, ahora ${when}`,
    title: 'Tu clase ha cambiado',
    text: 'Tu plaza se mueve con ella, así que no tienes que hacer nada. El archivo adjunto pone al día tu calendario.',
    time: ({ now, before }) => `Nueva hora: ${now} (era ${before}).`,
    room: ({ now, before }) => `Nueva sala: ${now} (era ${before}).`,
    teacher: ({ now, before }) => `Enseña ${now} en lugar de ${before}.`,
    cancelUntil: ({ moment }) => `Si ya no te viene bien, puedes cancelar sin coste hasta el ${moment}.`,
    also: ({ count }) =>
      plural('es', count, {
        one: 'Con ella cambia otra de tus clases:',
        other: `Con ella cambian otras ${count} de tus clases:`,
      }),
    was: ({ before }) => `Hasta ahora: ${before}`,
  },
  substitute_teacher: {
    subject: ({ teacher, what, when }) => `${teacher} dará ${what}, ${when}`,
    title: 'Otra persona dará tu clase',
    text: ({ teacher, before }) =>
      `${teacher} sustituye a ${before}. La hora y la sala no cambian, y tu plaza tampoco.`,
  },
  fee_charged: {
    subject: ({ what, when }) => `Un cargo por ${what}, ${when}`,
    title: 'Una plaza que quedó vacía',
    late_cancel: 'Cancelaste cuando ya había pasado el plazo para hacerlo sin coste.',
    no_show: 'Había una plaza a tu nombre en esta clase y no viniste.',
    money: ({ amount }) => `Según las normas del estudio, esto cuesta ${amount}.`,
    credits: ({ count }) =>
      plural('es', count, {
        one: 'Según las normas del estudio, esto cuesta 1 crédito.',
        other: `Según las normas del estudio, esto cuesta ${count} créditos.`,
      }),
    button: 'Pagar el cargo',
    next: '¿Pasó algo que debamos saber? Responde a este correo.',
  },
  fee_waived: {
    subject: ({ what, when }) => `Al final sin cargo: ${what}, ${when}`,
    title: 'Quitamos el cargo',
    text: 'Lo que te había costado esta clase queda perdonado.',
  },
  refilled: {
    subject: ({ what, when }) => `Alguien ocupó tu plaza: ${what}, ${when}`,
    title: 'Tu plaza se ocupó',
    text: 'Cancelaste tarde, pero alguien de la lista de espera ocupó tu plaza. Así que te devolvemos lo que te había costado.',
  },
  back: {
    money: ({ amount }) => `Te devolvemos ${amount} por donde pagaste.`,
    credits: ({ count }) =>
      plural('es', count, {
        one: '1 crédito vuelve a tu bono.',
        other: `${count} créditos vuelven a tu bono.`,
      }),
  },
};
