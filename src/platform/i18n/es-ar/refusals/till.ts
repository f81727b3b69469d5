import { formatMoney } from '../../../money.ts';
import type { MessagesPatch } from '../../index.ts';

export const till: NonNullable<MessagesPatch['refusals']> = {
  till_name_invalid: 'Ponele un nombre de 40 caracteres como mucho.',
  drawer_closed: 'El cajón está cerrado. Abrilo para cobrar en efectivo.',
  drawer_move_invalid: 'Indicá si el dinero entra o sale.',
  wallet_needs_customer: '¿De quién es la billetera? Buscá antes al cliente.',
  sale_in_parts: 'Esta venta se está pagando por partes. Seguí con ella ahí, o dejala primero.',
  split_at_reader:
    'El lector espera una tarjeta para una parte de esta venta. Terminá antes con ella, o anulala.',
  sale_at_reader: 'Esta venta espera una tarjeta en el lector. Seguí con ella ahí, o anulala primero.',
  split_over: 'Esta venta se dejó o se le acabó el tiempo. Marcala otra vez.',
  split_has_parts: 'De esta venta ya se pagó algo. Devolvelo primero.',
  part_above_due: ({ due_cents: cents, currency }) =>
    cents && currency
      ? `Solo faltan ${formatMoney(cents, currency, 'es-AR')} por pagar.`
      : 'Es más de lo que falta por pagar.',
  gift_card_too_low: ({ balance_cents: cents, currency }) =>
    cents !== undefined && currency
      ? `En esta tarjeta solo hay ${formatMoney(cents, currency, 'es-AR')}.`
      : 'En esta tarjeta no hay tanto.',
  drawer_has_parts:
    'Parte del efectivo de este cajón es de una venta sin terminar. Terminala o devolvé el efectivo, y después contá.',
  promotion_needs_customer: 'Este código es una vez por persona. Buscá antes al cliente.',
};
