import type { MessagesPatch } from '../../index.ts';

/** A localised name in this language. */
const nameOf = (words?: Record<string, string>): string | undefined =>
  words?.es ?? Object.values(words ?? {})[0];

export const common: NonNullable<MessagesPatch['refusals']> = {
  unexpected: 'Algo falló de nuestro lado. Nada se hizo dos veces. Probá otra vez en un momento.',
  unavailable: 'Ahora no podemos consultar nuestros libros. Probá otra vez en un momento.',
  invalid_input: 'Falta algo o no está del todo bien. Lo marcamos abajo.',
  malformed_body: 'No pudimos leer lo que llegó.',
  wrong_type: 'Mandalo como JSON o como formulario, por favor.',
  wrong_origin: 'Este formulario venía de otro sitio, así que no hicimos nada. Empezá de nuevo desde acá.',
  not_found: 'No lo encontramos. Puede que se haya movido o que sea de otra persona.',
  not_allowed: 'Acá no podés hacer eso.',
  too_many_requests: ({ seconds }) =>
    `Fueron muchas veces seguidas. Esperá ${(seconds ?? 60) < 50 ? 'un momento' : `${Math.ceil((seconds ?? 60) / 60)} min`} y probá otra vez.`,
  idempotency_key_reused: 'Esto ya se mandó antes con otro contenido. Recargá la página y probá otra vez.',
  sign_in_first: 'Primero ingresá, por favor.',
  not_your_role: 'Tu función acá no incluye esto. Quien lleva el negocio lo puede cambiar.',
  confirm_email_first: 'Primero confirmá tu correo. Te podemos mandar el enlace otra vez.',
  too_many_attempts: ({ seconds }) =>
    `Hubo varios intentos fallidos. Por seguridad, el ingreso descansa ${Math.max(1, Math.ceil((seconds ?? 60) / 60))} min. Con un enlace por correo o una contraseña nueva también podés entrar.`,
  link_expired: 'Este enlace ya se usó o es demasiado viejo. Te podemos mandar uno nuevo.',
  password_refused: 'Esta contraseña no se puede usar. Elegí otra, por favor.',
  same_password: 'Esa es la contraseña que ya tenés.',
  sign_in_again: 'Para esto queremos estar seguros de que sos vos. Pedí un enlace nuevo, por favor.',
  sign_up_closed: 'Ahora no se pueden crear cuentas nuevas acá.',
  name_invalid: 'Escribí un nombre de 120 caracteres como máximo.',
  phone_invalid: 'Escribí un teléfono de 40 caracteres como máximo.',
  locale_invalid: 'Elegí uno de los idiomas.',
  already_staff: 'Esta persona ya trabaja acá con esa función.',
  last_owner: 'Un negocio necesita un dueño o una dueña. Nombrá antes a otra persona.',
  staff_not_found: 'No encontramos a esta persona en el equipo.',
  invitation_not_found: 'No encontramos esta invitación. Pedile una nueva a quien te invitó.',
  invitation_used: 'Esta invitación ya fue respondida.',
  invitation_expired: 'Esta invitación es demasiado vieja. Pedile una nueva a quien te invitó.',
  invitation_for_someone_else: 'Esta invitación se escribió a otro correo. Ingresá con ese, por favor.',
  session_not_found: 'No encontramos este taller. Puede que se haya movido: mirá la agenda.',
  session_past: 'Este taller ya empezó.',
  session_cancelled: 'Este taller se canceló.',
  session_full: 'Este taller se completó hace un momento.',
  booking_not_open: 'Las reservas para este taller todavía no abrieron.',
  booking_closed: 'Las reservas para este taller cerraron. Llamanos, quizá todavía haya manera.',
  already_booked: 'Ya tenés lugar en este taller.',
  overlapping_booking: ({ class: wanted, with_class: other }) =>
    nameOf(wanted) && nameOf(other)
      ? `A esa hora tenés ${nameOf(other)}, así que ${nameOf(wanted)} no entra.`
      : 'Tenés otra clase a esa hora.',
  booking_not_found: 'No encontramos esta reserva.',
  cart_token_invalid: 'No encontramos tu carrito. Agregá el taller otra vez, por favor.',
  cart_empty: 'Tu carrito está vacío.',
  cart_full: 'En tu carrito ya no cabe más.',
  cart_line_not_found: 'Eso ya no está en tu carrito.',
  cart_changed: 'Tu carrito cambió desde que lo miraste. Revisalo una vez más.',
  price_changed: 'Cambió un precio desde que lo miraste. No se cobró nada: revisá el nuevo total.',
  order_not_found: 'No encontramos este pedido.',
  order_expired: 'Se terminó el tiempo para pagar este pedido y sus lugares quedaron libres.',
  fields: {
    birthday: 'Indicá un día que ya haya pasado.',
    required: 'Completá este campo, por favor.',
    choice: 'Elegí una de las opciones.',
    password_common: 'Es una de las contraseñas más usadas. Elegí otra, por favor.',
  },
};
