import { formatMoney } from '../../../money.ts';

export const promotions = {
  promotion_not_found: 'No conocemos este código. ¿Está escrito tal cual?',
  promotion_not_yet: 'Este código todavía no vale. Vuelve un poco más adelante.',
  promotion_ended: 'Este código ya terminó. No se ha descontado nada.',
  promotion_used_up: 'Este código ya se ha usado todas las veces que se podía.',
  promotion_used_before: 'Ya has usado este código todas las veces que puede usarlo una persona.',
  promotion_first_order_only:
    'Este código es para el primer pedido, y tú ya has estado aquí. Gracias por eso.',
  promotion_minimum: ({ min_cents: cents, currency }: { min_cents?: number; currency?: string }) =>
    cents && currency
      ? `Este código vale a partir de ${formatMoney(cents, currency, currency === 'ARS' ? 'es-AR' : 'es')} en aquello para lo que es.`
      : 'Este código es para pedidos mayores.',
  promotion_nothing_fits: 'Este código es para otras cosas que las de tu cesta.',
  promotion_invalid: 'Estas condiciones no encajan. Mira los importes, las fechas y el código.',
  promotion_for_nothing: 'Elige al menos un producto o una categoría.',
  promotion_code_taken: 'Ya hay una promoción con este código.',
};
