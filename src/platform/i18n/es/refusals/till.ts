import type { till as english } from '../../en/refusals/till.ts';

export const till: typeof english = {
  till_not_found: 'No encontramos esta caja.',
  till_exists: 'Ya hay una caja con ese nombre en esta barra.',
  till_name_invalid: 'Ponle un nombre de 40 caracteres como mucho.',
  drawer_open: 'Este cajón ya está abierto.',
  drawer_closed: 'El cajón está cerrado. Ábrelo para cobrar en efectivo.',
  drawer_too_low: 'No hay tanto en el cajón.',
  drawer_move_invalid: 'Indica si el dinero entra o sale.',
  tendered_too_low: 'Es menos de lo que hay que pagar.',
  wallet_needs_customer: '¿De quién es el monedero? Busca antes al cliente.',
  sales_invalid: 'No pudimos leer estas ventas.',
  sale_invalid: 'No pudimos leer esta venta.',
};
