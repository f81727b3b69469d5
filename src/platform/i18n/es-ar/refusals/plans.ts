import type { MessagesPatch } from '../../index.ts';

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
};
