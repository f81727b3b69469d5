import type { MessagesPatch } from '../../index.ts';
import { day } from '../../day.ts';
import { plural } from '../../plural.ts';

export const plans: NonNullable<MessagesPatch['refusals']> = {
  plan_once_each: 'Este ya lo tuviste; se puede comprar una sola vez.',
  plan_first_timers_only: 'Este es para quien viene por primera vez. Vos ya sos de la casa, y nos alegra.',
  membership_already: 'Ya tenés esta suscripción.',
  one_membership_at_a_time: 'Ya hay una suscripción en tu carrito. Compralas una después de otra.',
  membership_suspended:
    'Esta suscripción está en pausa porque su último pago no se completó. Pagalo y se abre de nuevo.',
  membership_ended: 'Esta suscripción terminó.',
  amount_invalid: 'Elegí un importe que podamos aceptar.',
  pass_not_found: 'No encontramos este bono entre los tuyos.',
  pass_expired: 'Este bono venció.',
  pass_expires_before: 'Este bono vence antes de esa clase.',
  pass_not_shareable: 'Este bono es solo para vos. Invitados y familia necesitan otra forma de pago.',
  wallet_too_low: 'No hay suficiente en tu billetera. Recargala o pagá con tarjeta.',
  participants_invalid: 'Dale a cada invitado un nombre propio, de 120 caracteres como máximo.',
  reason_invalid: 'Indicá un motivo de entre 3 y 300 caracteres.',
  too_many_guests: ({ most }) =>
    (most ?? 0) === 0 ? 'Esta clase es sin invitados.' : `A esta clase podés traer a ${most}, no más.`,
  preview_stale: 'Esto cambió desde que te lo mostramos. Miralo otra vez, por favor.',
  membership_ends_already: 'Esta suscripción termina con su período. Mantenela primero y va a ser posible.',
  membership_frozen: 'Esta suscripción está en pausa. Abrila primero.',
  card_refused: 'La tarjeta fue rechazada, así que nada cambió. Revisala y probá de nuevo.',
  freeze_already: 'Ya hay una pausa prevista. Anulala primero.',
  freeze_dates_invalid: 'Elegí un día de vuelta posterior al primer día de pausa.',
  freeze_too_soon: ({ earliest_on }) =>
    earliest_on
      ? `El primer día puede ser, como pronto, el ${day('es-AR', earliest_on)}.`
      : 'Elegí un primer día posterior.',
  freeze_after_charge: ({ charge_on }) =>
    charge_on
      ? `La pausa empieza a más tardar antes del ${day('es-AR', charge_on)}; para una posterior, volvé más cerca de la fecha.`
      : 'Eso es demasiado pronto para planearlo.',
  freeze_has_bookings: ({ count = 1 }) =>
    plural('es', count, {
      one: 'Tenés una clase reservada en esos días. Cancelala primero.',
      other: `Tenés ${count} clases reservadas en esos días. Cancelalas primero.`,
    }),
  pass_of_membership: 'Es de una suscripción. Terminá la suscripción en su lugar.',
  refund_amount_twice: 'O uno de los importes de arriba, u «Otro importe» con el que escribiste.',
  membership_has_bookings:
    'Hay clases por venir reservadas con ella. Cancelalas primero y después va a poder terminar.',
  pass_has_bookings:
    'Hay clases por venir reservadas con él. Cancelalas primero y van a contar como sin usar.',
};
