import type { plans as source } from '../../en/refusals/plans.ts';
import { day } from '../../day.ts';
import { plural } from '../../plural.ts';

export const plans: typeof source = {
  plan_not_found: 'No hemos encontrado este plan. Quizá ya no esté a la venta.',
  plan_once_each: 'Este ya lo has tenido; solo se puede comprar una vez.',
  plan_first_timers_only: 'Este es para quien viene por primera vez. Tú ya eres de casa, y nos alegra.',
  membership_already: 'Ya tienes esta suscripción.',
  one_membership_at_a_time: 'Ya hay una suscripción en tu cesta. Cómpralas una después de otra.',
  membership_not_found: 'No encontramos esta suscripción.',
  membership_not_by_card: 'Esta suscripción no se paga con tarjeta, así que no se renueva sola.',
  membership_needs_card: 'Una suscripción se renueva sola, así que necesita una tarjeta.',
  membership_suspended:
    'Esta suscripción está en pausa porque su último pago no se completó. Págalo y se abre de nuevo.',
  membership_ended: 'Esta suscripción ha terminado.',
  amount_invalid: 'Elige un importe que podamos aceptar.',
  pass_not_found: 'No hemos encontrado este bono.',
  pass_expired: 'Este bono ha caducado.',
  pass_expires_before: 'Este bono caduca antes de esa clase.',
  pass_used_up: 'A este bono no le quedan créditos suficientes.',
  pass_frozen: 'Este bono está congelado el día de esa clase.',
  pass_not_begun: 'Este bono empieza después de esa clase.',
  pass_ended: 'Este bono se devolvió y ya no abre ninguna clase.',
  pass_for_other_classes: 'Este bono es para otras clases.',
  pass_not_shareable: 'Este bono es solo para ti. Invitados y familia necesitan otra forma de pago.',
  fee_needs_money: 'Este cargo se paga con dinero, no con créditos.',
  refund_amount_twice: 'O uno de los importes de arriba, u «Otro importe» con el que has escrito.',
  membership_has_bookings:
    'Hay clases por venir reservadas con ella. Cancélalas primero y después podrá terminar.',
  no_pass_pays: 'Ninguno de tus bonos paga esta clase.',
  wallet_too_low: 'No hay suficiente en el monedero. Se puede recargar o pagar de otra forma.',
  pay_with_invalid: 'No conocemos esta forma de pago.',
  too_many_guests: ({ most }) =>
    (most ?? 0) === 0 ? 'Esta clase es sin invitados.' : `A esta clase puedes traer a ${most}, no más.`,
  participants_invalid: 'Da a cada invitado un nombre propio, de 120 caracteres como máximo.',
  nothing_kept: 'No se retuvo nada por esta reserva, así que no hay nada que devolver.',
  returned_before: 'Esto ya se había devuelto.',
  reason_invalid: 'Indica un motivo de entre 3 y 300 caracteres.',
  preview_stale: 'Esto ha cambiado desde que te lo mostramos. Míralo otra vez, por favor.',
  payment_due_first: 'El último pago no se completó. En cuanto se complete, será posible.',
  membership_ends_already: 'Esta suscripción termina con su periodo. Mantenla primero y será posible.',
  membership_frozen: 'Esta suscripción está en pausa. Ábrela primero.',
  plan_change_waits: 'Esta suscripción cambia con su próximo cobro. Hasta entonces sigue como está.',
  no_change_waits: 'No hay ningún cambio que deshacer.',
  card_refused: 'La tarjeta fue rechazada, así que nada ha cambiado. Revísala e inténtalo de nuevo.',
  nothing_frozen: 'Esta suscripción no está en pausa.',
  freeze_not_offered: 'Esta suscripción no admite pausas.',
  freeze_in_trial: 'Mientras estés probándola no puede ponerse en pausa.',
  freeze_already: 'Ya hay una pausa prevista. Anúlala primero.',
  freeze_dates_invalid: 'Elige un día de vuelta posterior al primer día de pausa.',
  freeze_too_soon: ({ earliest_on }) =>
    earliest_on
      ? `El primer día puede ser, como pronto, el ${day('es', earliest_on)}.`
      : 'Elige un primer día posterior.',
  freeze_after_charge: ({ charge_on }) =>
    charge_on
      ? `La pausa empieza a más tardar antes del ${day('es', charge_on)}; para una posterior, vuelve más cerca de la fecha.`
      : 'Eso es demasiado pronto para planearlo.',
  freeze_too_long: ({ days_left = 0, most = 0 }) =>
    `Puede estar en pausa ${most} días en un año; quedan ${days_left}.`,
  freeze_has_bookings: ({ count = 1 }) =>
    plural('es', count, {
      one: 'Tienes una clase reservada en esos días. Cancélala primero.',
      other: `Tienes ${count} clases reservadas en esos días. Cancélalas primero.`,
    }),
  plan_slug_taken: 'Ya hay un plan con esta dirección.',
  plan_terms_invalid:
    'Estas condiciones no encajan. La prueba y el precio de bienvenida se excluyen, y la bienvenida necesita su precio y sus periodos.',
  plan_classes_unknown: 'Una de estas clases ya no existe.',
  pass_of_membership: 'Es de una suscripción. Termina la suscripción en su lugar.',
  nothing_to_refund: 'No hay nada pagado y sin usar en él.',
  pass_has_bookings: 'Hay clases por venir reservadas con él. Cancélalas primero y contarán como sin usar.',
  refund_above_unused: 'Es más de lo que queda sin usar.',
};
