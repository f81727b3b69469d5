import { formatMoney } from '../../../money.ts';
import type { till as english } from '../../en/refusals/till.ts';

export const till: typeof english = {
  till_not_found: 'No encontramos esta caja.',
  till_exists: 'Ya hay una caja con ese nombre en este mostrador.',
  till_name_invalid: 'Ponle un nombre de 40 caracteres como mucho.',
  drawer_open: 'Este cajón ya está abierto.',
  drawer_closed: 'El cajón está cerrado. Ábrelo para cobrar en efectivo.',
  drawer_too_low: 'No hay tanto en el cajón.',
  refund_drawer_closed:
    'Esto se devuelve en efectivo y el cajón del que sale está cerrado. Abre antes ese cajón.',
  refund_drawer_too_low: 'No hay tanto efectivo en el cajón. Pon más y después devuélvelo.',
  receipt_sent_often: 'Este recibo ya se envió cinco veces. Se puede escanear o imprimir.',
  drawer_move_invalid: 'Indica si el dinero entra o sale.',
  tendered_too_low: 'Es menos de lo que hay que pagar.',
  wallet_needs_customer: '¿De quién es el monedero? Busca antes al cliente.',
  sale_in_parts: 'Esta venta se está pagando por partes. Sigue con ella allí, o déjala primero.',
  sale_at_reader: 'Esta venta espera una tarjeta en el lector. Sigue con ella allí, o anúlala primero.',
  split_at_reader:
    'El lector espera una tarjeta para una parte de esta venta. Termina antes con ella, o anúlala.',
  split_over: 'Esta venta se dejó o se le acabó el tiempo. Márcala otra vez.',
  split_has_parts: 'De esta venta ya se pagó algo. Devuélvelo primero.',
  part_above_due: ({ due_cents: cents, currency }) =>
    cents && currency
      ? `Solo faltan ${formatMoney(cents, currency, 'es')} por pagar.`
      : 'Es más de lo que falta por pagar.',
  part_not_found: 'No encontramos este pago.',
  gift_card_too_low: ({ balance_cents: cents, currency }) =>
    cents !== undefined && currency
      ? `En esta tarjeta solo hay ${formatMoney(cents, currency, 'es')}.`
      : 'En esta tarjeta no hay tanto.',
  drawer_has_parts:
    'Parte del efectivo de este cajón es de una venta sin terminar. Termínala o devuelve el efectivo, y después cuenta.',
  promotion_needs_customer: 'Este código es una vez por persona. Busca antes al cliente.',
  sales_invalid: 'No pudimos leer estas ventas.',
  sale_invalid: 'No pudimos leer esta venta.',
};
