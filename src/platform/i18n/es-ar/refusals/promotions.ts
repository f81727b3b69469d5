import type { MessagesPatch } from '../../index.ts';

export const promotions: NonNullable<MessagesPatch['refusals']> = {
  promotion_not_yet: 'Este código todavía no vale. Volvé un poco más adelante.',
  promotion_used_up: 'Este código ya se usó todas las veces que se podía.',
  promotion_used_before: 'Ya usaste este código todas las veces que puede usarlo una persona.',
  promotion_first_order_only:
    'Este código es para el primer pedido, y vos ya sos de la casa. Gracias por eso.',
  promotion_nothing_fits: 'Este código es para otras cosas que las de tu carrito.',
  promotion_invalid: 'Estas condiciones no encajan. Mirá los importes, las fechas y el código.',
  promotion_for_nothing: 'Elegí al menos un producto o una categoría.',
};
