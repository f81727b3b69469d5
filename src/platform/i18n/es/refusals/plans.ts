import type { plans as source } from '../../en/refusals/plans.ts';

export const plans: typeof source = {
  plan_not_found: 'No hemos encontrado este plan. Quizá ya no esté a la venta.',
  plan_once_each: 'Este ya lo has tenido; solo se puede comprar una vez.',
  plan_first_timers_only: 'Este es para quien viene por primera vez. Tú ya eres de casa, y nos alegra.',
  membership_already: 'Ya tienes esta suscripción.',
  one_membership_at_a_time: 'Ya hay una suscripción en tu cesta. Cómpralas una después de otra.',
  membership_not_found: 'No encontramos esta suscripción entre las tuyas.',
  membership_not_by_card: 'Esta suscripción no se paga con tarjeta, así que no se renueva sola.',
  membership_needs_card: 'Una suscripción se renueva sola, así que necesita una tarjeta.',
  membership_suspended:
    'Esta suscripción está en pausa porque su último pago no se completó. Págalo y se abre de nuevo.',
  membership_ended: 'Esta suscripción ha terminado.',
  amount_invalid: 'Elige un importe que podamos aceptar.',
  pass_not_found: 'No hemos encontrado este bono entre los tuyos.',
  pass_expired: 'Este bono ha caducado.',
  pass_expires_before: 'Este bono caduca antes de esa clase.',
  pass_used_up: 'A este bono no le quedan créditos suficientes.',
  pass_frozen: 'Este bono está congelado el día de esa clase.',
  pass_not_begun: 'Este bono empieza después de esa clase.',
  pass_ended: 'Este bono se devolvió y ya no abre ninguna clase.',
  pass_for_other_classes: 'Este bono es para otras clases.',
  pass_not_shareable: 'Este bono es solo para ti. Invitados y familia necesitan otra forma de pago.',
  no_pass_pays: 'Ninguno de tus bonos paga esta clase.',
  wallet_too_low: 'No hay suficiente en tu monedero. Recárgalo o paga con tarjeta.',
  pay_with_invalid: 'No conocemos esta forma de pago.',
  too_many_guests: ({ most }) =>
    (most ?? 0) === 0 ? 'Esta clase es sin invitados.' : `A esta clase puedes traer a ${most}, no más.`,
  participants_invalid: 'Da a cada invitado un nombre propio, de 120 caracteres como máximo.',
  nothing_kept: 'No se retuvo nada por esta reserva, así que no hay nada que devolver.',
  returned_before: 'Esto ya se había devuelto.',
  reason_invalid: 'Indica un motivo de entre 3 y 300 caracteres.',
};
