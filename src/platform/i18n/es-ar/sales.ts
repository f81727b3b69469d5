import type { MessagesPatch } from '../index.ts';
import { plural } from '../plural.ts';

export const sales: NonNullable<MessagesPatch['sales']> = {
  line: {
    guest: ({ name }) => `Para ${name}, que viene con vos`,
    packFirstUse: ({ count, days }) => `${count} créditos, válidos ${days} días desde tu primer taller`,
    topUp: 'Se queda en tu billetera hasta que la uses.',
  },
  paying: { wallet: ({ amount }) => `Pagar con tu billetera (tenés ${amount})` },
  fees: {
    wallet: ({ amount }) => `Pagar con tu billetera (${amount})`,
    walletLow: ({ amount }) => `En tu billetera hay ${amount}, menos que esto.`,
  },
  cart: {
    title: 'Carrito',
    lead: 'Todavía no hay nada reservado. Te guardamos los lugares apenas pases a pagar.',
    empty: 'Tu carrito está vacío',
    emptyText: 'Buscá un taller que te guste y ponelo acá. Podés juntar varios y pagar una sola vez.',
    toSchedule: 'Ver la agenda',
    removed: 'Sacado del carrito.',
    remove: 'Sacar',
    removeWhat: ({ what }) => `Sacar ${what}`,
    addMore: 'Agregar otro taller',
    otherTimes: 'Otras fechas de este taller',
    blocked: ({ count }) =>
      plural('es', count, {
        one: 'Un taller ya no se puede reservar. Sacalo para seguir con el resto.',
        other: `${count} talleres ya no se pueden reservar. Sacalos para seguir con el resto.`,
      }),
    blockedAll: 'Ninguno se puede reservar ya. Sacalos y elegí otras fechas.',
    last: 'Último lugar',
    waiting: 'Tenés un pedido pendiente de pago',
    waitingText: ({ reference, time }) => `El pedido ${reference} te guarda los lugares hasta las ${time}.`,
  },
  checkout: {
    back: 'Carrito',
    yours: 'Lo que reservás',
    busy: 'Guardando tus lugares…',
    steps: {
      hold: ({ minutes }) => `Te guardamos los lugares ${minutes} minutos.`,
      pay: 'Pagás con tarjeta en la página de Stripe. Nosotros nunca vemos el número.',
      done: 'Volvés acá con tu recibo, y el archivo del calendario te llega por correo.',
      free: 'No hay nada que pagar. Los lugares son tuyos al momento y el archivo del calendario te llega por correo.',
    },
    terms: 'Al reservar aceptás nuestras ',
    fix: 'Sacá lo que ya no se puede reservar y seguí.',
    unpaid: 'Tus lugares están guardados, pero la página de pago no responde. Probá otra vez en un momento.',
  },
  order: {
    heads: {
      paid: 'Ya tenés lugar.',
      expired: 'Se terminó el tiempo para pagar',
      given_back: 'Tu plata va de vuelta',
    },
    steps: { come: 'Nos vemos', class: 'Taller' },
    leads: {
      to_pay: 'Te guardamos los lugares mientras pagás.',
      declined: 'No se cobró nada y tus lugares siguen guardados. Podés probar otra vez.',
      paid: 'Nos vemos. Tenés la confirmación y el archivo del calendario en tu correo.',
      been: 'Acá está tu recibo, para cuando lo necesites.',
      settled: 'Acá está tu recibo. Esperamos verte.',
      owed: 'No hay apuro, y no se cobra nada sin preguntarte. Si no es justo, decinos.',
      bought: 'Lo encontrás en tu cuenta. El recibo está en tu correo.',
      expired: 'No se cobró nada. Tus lugares quedaron libres para otras personas.',
      given_back:
        'Tu pago llegó cuando tus lugares ya eran de otra persona. Te devolvemos el importe entero a la tarjeta; lo sentimos.',
      cancelled: 'No se cobró nada y los lugares están libres otra vez.',
    },
    tryAgain: 'Probar otra vez',
    givingUp: 'Devolviendo los lugares…',
    gaveUp: 'El pedido se canceló. No se cobró nada.',
    refundReasons: {
      member_cancelled: 'Cancelaste vos',
      session_cancelled: 'Cancelamos el taller',
      refilled: 'Otra persona ocupó tu lugar',
      paid_too_late: 'Pagado cuando ya no quedaban lugares',
    },
    states: { cancelled: 'Cancelado por vos' },
  },
  declined: {
    card_declined: 'Tu banco no aceptó el pago. No nos dice por qué; con otra tarjeta suele andar.',
    expired_card: 'Esta tarjeta está vencida. Usá otra, por favor.',
    incorrect_cvc: 'Los tres números de atrás no coinciden. Escribilos otra vez.',
    incorrect_number: 'El número de la tarjeta tiene un error. Escribilo otra vez.',
    authentication_required: 'Tu banco quería asegurarse de que eras vos, y ese paso quedó a medias.',
    processing_error: 'Algo se trabó entre los bancos. Probá otra vez en un momento.',
    lost_or_stolen: 'El banco no acepta esta tarjeta. Usá otra, por favor.',
    other: 'El pago no se aceptó. Probá otra vez o usá otra tarjeta.',
  },
};
