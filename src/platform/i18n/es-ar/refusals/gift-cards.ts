import type { MessagesPatch } from '../../index.ts';

export const giftCards: NonNullable<MessagesPatch['refusals']> = {
  gift_card_not_found:
    'El código y el PIN no coinciden, o acá no existe esa tarjeta. Mirá otra vez la carta.',
  gift_card_blocked: 'Esta tarjeta está bloqueada. Preguntanos: el saldo no se pierde.',
  gift_card_expired: 'Esta tarjeta venció. Preguntanos.',
  gift_card_locked: 'Hubo varios intentos fallidos con esta tarjeta. Por seguridad, esperá unos minutos.',
  gift_card_needs_money: 'Con una tarjeta de regalo no se compra otra. Comprala por separado.',
  gift_card_amount_invalid: 'Elegí un importe dentro de lo que se ofrece.',
  send_on_invalid: 'Elegí un día entre hoy y dentro de un año.',
  wallet_pays_no_top_up: 'Una billetera no puede llenarse sola. Pagá esto con tarjeta.',
  tender_not_found: 'Esto ya no está en tu carrito.',
  act_unknown: 'Elegí qué hay que hacer.',
};
