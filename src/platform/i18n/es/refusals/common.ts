import { formatMoney } from '../../../money.ts';
import type { common as source } from '../../en/refusals/common.ts';

const minutes = (seconds = 60): string => {
  const count = Math.ceil(seconds / 60);
  return count <= 1 ? 'un minuto' : `${count} minutos`;
};

/** A localised name in this language. */
const nameOf = (words?: Record<string, string>): string | undefined =>
  words?.es ?? Object.values(words ?? {})[0];

export const common: typeof source = {
  unexpected:
    'Algo ha fallado por nuestra parte. Nada se ha hecho dos veces. Inténtalo de nuevo en un momento.',
  unavailable: 'Ahora mismo no podemos consultar nuestros libros. Inténtalo de nuevo en un momento.',
  refused: 'Eso no es posible en este momento.',
  invalid_input: 'Falta algo o no está del todo bien. Lo hemos marcado abajo.',
  malformed_body: 'No hemos podido leer lo que ha llegado.',
  wrong_type: 'Envíalo como JSON o como formulario, por favor.',
  too_big: 'Eso es más de lo que cabe por esta puerta.',
  wrong_origin:
    'Este formulario venía de otro sitio, así que no hemos hecho nada. Empieza de nuevo desde aquí.',
  method_not_allowed: 'Esta dirección no hace eso.',
  not_found: 'No lo hemos encontrado. Puede que se haya movido o que sea de otra persona.',
  not_allowed: 'Aquí no puedes hacer eso.',
  too_many_requests: ({ seconds }) =>
    `Han sido muchas veces seguidas. Espera ${(seconds ?? 60) < 50 ? 'un momento' : minutes(seconds)} e inténtalo de nuevo.`,
  idempotency_key_required: 'Hace falta una Idempotency-Key para que no ocurra dos veces por accidente.',
  idempotency_key_invalid: 'La Idempotency-Key debe tener entre 8 y 100 caracteres visibles.',
  idempotency_key_reused:
    'Esto ya se envió antes con otro contenido. Recarga la página e inténtalo de nuevo.',

  sign_in_first: 'Primero inicia sesión, por favor.',
  not_your_role: 'Tu función aquí no incluye esto. Quien lleva el negocio puede cambiarlo.',
  wrong_credentials: 'Este correo y esta contraseña no van juntos.',
  confirm_email_first: 'Primero confirma tu correo. Podemos enviarte el enlace otra vez.',
  too_many_attempts: ({ seconds }) =>
    `Ha habido varios intentos fallidos. Por seguridad, el acceso descansa ${minutes(seconds)}. Un enlace por correo o una contraseña nueva también te dejarán entrar.`,
  link_expired: 'Este enlace ya se ha usado o es demasiado antiguo. Podemos enviarte uno nuevo.',
  wrong_current_password: 'Esa no es tu contraseña actual.',
  password_refused: 'Esta contraseña no se puede usar. Elige otra, por favor.',
  same_password: 'Esa es la contraseña que ya tienes.',
  sign_in_again: 'Para esto queremos estar seguros de que eres tú. Pide un enlace nuevo, por favor.',
  sign_up_closed: 'Ahora mismo no se pueden crear cuentas nuevas aquí.',
  name_invalid: 'Escribe un nombre de 120 caracteres como máximo.',
  phone_invalid: 'Escribe un teléfono de 40 caracteres como máximo.',
  locale_invalid: 'Elige uno de los idiomas.',
  email_invalid: 'Esto no parece una dirección de correo.',
  business_unknown: 'No conocemos este negocio.',

  role_unknown: 'No conocemos esta función.',
  already_staff: 'Esta persona ya trabaja aquí con esa función.',
  last_owner: 'Un negocio necesita una persona propietaria. Nombra antes a otra.',
  staff_not_found: 'No hemos encontrado a esta persona en el equipo.',
  invitation_not_found: 'No hemos encontrado esta invitación. Pide una nueva a quien te invitó.',
  invitation_used: 'Esta invitación ya tiene respuesta.',
  invitation_expired: 'Esta invitación es demasiado antigua. Pide una nueva a quien te invitó.',
  invitation_for_someone_else: 'Esta invitación se escribió a otro correo. Inicia sesión con ese, por favor.',

  session_not_found: 'No hemos encontrado esta clase. Puede que se haya movido: mira el horario.',
  session_past: 'Esta clase ya ha empezado.',
  session_cancelled: 'Esta clase se ha cancelado.',
  session_full: 'Esta clase se ha llenado hace un momento.',
  booking_not_open: 'Las reservas para esta clase aún no están abiertas.',
  booking_closed: 'Las reservas para esta clase están cerradas. Llámanos, quizá aún haya manera.',
  already_booked: 'Ya tienes plaza en esta clase.',
  overlapping_booking: ({ class: wanted, with_class: other }) =>
    nameOf(wanted) && nameOf(other)
      ? `A esa hora tienes ${nameOf(other)}, así que ${nameOf(wanted)} no encaja.`
      : 'Tienes otra clase a esa hora.',
  booking_not_found: 'No hemos encontrado esta reserva.',
  booking_not_confirmed: 'Esta reserva no está confirmada, así que no hay nada que cancelar.',
  booking_cancelled_before: 'Esta reserva ya estaba cancelada.',

  cart_token_invalid: 'No hemos encontrado tu cesta. Añade la clase otra vez, por favor.',
  cart_empty: 'Tu cesta está vacía.',
  cart_full: 'En tu cesta ya no cabe más.',
  cart_changed: 'Tu cesta ha cambiado desde que lo miraste. Revísalo una vez más.',
  cart_line_not_found: 'Eso ya no está en tu cesta.',
  price_changed: 'Un precio ha cambiado desde que lo miraste. No se ha cobrado nada: revisa el nuevo total.',
  order_not_found: 'No hemos encontrado este pedido.',
  order_placed: 'Este pedido espera su pago.',
  order_paid: 'Este pedido ya está pagado.',
  order_closed: 'Este pedido está terminado.',
  order_expired: 'Se acabó el tiempo para pagar este pedido y sus plazas han quedado libres.',
  order_cancelled: 'Este pedido se canceló.',
  card_below_minimum: ({ left_cents: left, min_cents: least, currency }) => {
    if (!left || !least || !currency)
      return 'Queda muy poco por pagar para una tarjeta. Se puede pagar todo de otra forma o dejar más para la tarjeta.';
    const sum = (cents: number) => formatMoney(cents, currency, currency === 'ARS' ? 'es-AR' : 'es');
    return `Con tarjeta se paga desde ${sum(least)}, y aquí solo quedan ${sum(left)} por pagar. Se puede pagar todo de otra forma o dejar más para la tarjeta.`;
  },
  line_kind_unknown: 'Esto todavía no se puede vender aquí.',

  // From the payment provider
  webhook_unsigned: 'Esta petición no está firmada.',
  webhook_signature_wrong: 'La firma no corresponde a esta petición.',
  webhook_too_old: 'La firma es demasiado antigua: puede que la petición se grabara y se enviara de nuevo.',
  webhook_unreadable: 'Esta petición no es un aviso que se pueda leer.',

  not_enough_balance: 'No hay saldo suficiente para esto.',
  refund_above_paid: 'Eso es más de lo que se pagó.',
  transfer_not_posted: 'Este movimiento no se puede revertir: no se ha hecho.',
  transfer_settled_before: 'Este movimiento ya estaba liquidado.',

  fields: {
    birthday: 'Indica un día que ya haya pasado.',
    required: 'Rellena este campo, por favor.',
    invalid: 'Esto no parece correcto.',
    email: 'Esto no parece una dirección de correo.',
    choice: 'Elige una de las opciones.',
    too_short: ({ minimum }) => `Al menos ${minimum} caracteres.`,
    too_long: ({ maximum }) => `Como máximo ${maximum} caracteres.`,
    too_little: ({ minimum }) => `Al menos ${minimum}.`,
    too_much: ({ maximum }) => `Como máximo ${maximum}.`,
    password_short: 'Al menos 10 caracteres, por favor.',
    password_long: 'Como máximo 72 caracteres, por favor.',
    password_common: 'Es una de las contraseñas más usadas. Elige otra, por favor.',
    password_repeated: 'Que no sea el mismo carácter una y otra vez.',
    password_like_you: 'No uses tu nombre ni tu correo como contraseña.',
    passwords_differ: 'Las dos contraseñas no coinciden.',
    phone: 'Solo cifras, espacios y +.',
    backwards: 'El final va después del principio.',
    page_address: 'Letras minúsculas, números y guiones; al menos dos.',
  },
};
