import type { giftCards as source } from '../../en/refusals/gift-cards.ts';

export const giftCards: typeof source = {
  gift_card_not_found:
    'El código y el PIN no coinciden, o aquí no existe esa tarjeta. Mira otra vez la carta.',
  gift_card_blocked: 'Esta tarjeta está bloqueada. Pregúntanos: el saldo no se pierde.',
  gift_card_active: 'Esta tarjeta ya es válida.',
  gift_card_voided: 'Esta tarjeta se devolvió y ya no vale.',
  gift_card_expired: 'Esta tarjeta ha caducado. Pregúntanos.',
  gift_card_empty: 'A esta tarjeta no le queda nada, o lo reserva un pedido tuyo sin pagar.',
  gift_card_used: 'Ya se pagó algo con esta tarjeta, así que no se puede devolver.',
  gift_card_locked:
    'Ha habido varios intentos fallidos con esta tarjeta. Por seguridad, espera unos minutos.',
  gift_card_needs_money: 'Con una tarjeta de regalo no se compra otra. Cómprala por separado.',
  gift_card_amount_invalid: 'Elige un importe dentro de lo que se ofrece.',
  gift_card_sent_just_now: 'Se acaba de enviar. Dale diez minutos.',
  gift_card_rules_invalid: 'Estos importes no encajan entre sí.',
  message_too_long: 'Como mucho, 300 caracteres.',
  send_on_invalid: 'Elige un día entre hoy y dentro de un año.',
  wallet_pays_no_top_up: 'Un monedero no puede llenarse solo. Paga esto con tarjeta.',
  too_many_tenders: 'Cinco tarjetas de regalo por pedido como mucho.',
  tender_not_found: 'Esto ya no está en tu cesta.',
  act_unknown: 'Elige qué hay que hacer.',
  order_not_paid: 'Este pedido no está pagado, así que no hay nada que devolver.',
  order_line_not_found: 'Esta línea no es de ese pedido.',
  line_has_own_refund: 'Bonos, suscripciones y cargos se devuelven en su propia página.',
  seat_refunded_by_cancelling: 'Esta plaza sigue reservada. Cancela la reserva y el dinero vuelve con ella.',
  gift_card_whole_only: 'Una tarjeta de regalo solo se devuelve entera.',
  line_refunded_before: 'Todo esto ya se ha devuelto.',
  refund_lines_invalid: 'Di qué hay que devolver y cuánto.',
};
