import { plural } from '../../plural.ts';
import type { MessagesPatch } from '../../index.ts';

export const bookings: NonNullable<NonNullable<MessagesPatch['mail']>['bookings']> = {
  refund_failed: {
    next: 'El dinero sigue siendo tuyo. Respondé a este correo y buscamos otra forma de dártelo.',
  },
  session_cancelled: {
    text: 'Tuvimos que cancelarla. Perdón.',
    several: ({ names }) => `Tuvimos que cancelarla. Perdón. Con ella se anulan los lugares de ${names}.`,
    calendar: 'El archivo adjunto la saca de tu calendario.',
  },
  session_changed: {
    title: 'Tu clase cambió',
    text: 'Tu lugar se mueve con ella, así que no tenés que hacer nada. El archivo adjunto pone al día tu calendario.',
    cancelUntil: ({ moment }) => `Si ya no te queda bien, podés cancelar sin costo hasta el ${moment}.`,
  },
  substitute_teacher: {
    subject: ({ teacher, what, when }) => `${teacher} va a dar ${what}, ${when}`,
    title: 'Otra persona va a dar tu clase',
    text: ({ teacher, before }) =>
      `${teacher} reemplaza a ${before}. La hora y la sala no cambian, y tu lugar tampoco.`,
  },
  fee_charged: {
    title: 'Un lugar que quedó vacío',
    late_cancel: 'Cancelaste cuando ya había pasado el plazo para hacerlo sin costo.',
    no_show: 'Había un lugar a tu nombre en esta clase y no viniste.',
    money: ({ amount }) => `Según las reglas del local, esto cuesta ${amount}.`,
    next: '¿Pasó algo que tengamos que saber? Respondé a este correo.',
  },
  fee_waived: { title: 'Sacamos el cargo' },
  refilled: {
    subject: ({ what, when }) => `Alguien ocupó tu lugar: ${what}, ${when}`,
    title: 'Tu lugar se ocupó',
    text: 'Cancelaste tarde, pero alguien de la lista de espera ocupó tu lugar. Así que te devolvemos lo que te había costado.',
  },
  back: {
    credits: ({ count }) =>
      plural('es', count, {
        one: '1 crédito vuelve a tu pase.',
        other: `${count} créditos vuelven a tu pase.`,
      }),
  },
};
