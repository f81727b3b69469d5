import type { MessagesPatch } from '../../index.ts';

export const menuAdmin: NonNullable<MessagesPatch['refusals']> = {
  product_kind_invalid: 'Elegí qué tipo de producto es.',
  product_number_invalid: 'Uno de los números no puede ser. Volvé a mirarlos.',
  product_mark_unknown: 'Elegí alérgenos y dietas de la lista.',
  counter_hours_invalid: 'Revisá los horarios: cada uno termina después de empezar y ninguno pisa a otro.',
  counter_promised: 'Hay pedidos prometidos en esta cuadrícula. Cambiala cuando no espere nadie.',
  servings_invalid: 'Marcá al menos una manera: para llevar o en mesa.',
  counter_not_selling: 'Este local todavía no vende. Guardá primero cómo lo hace.',
  special_day_past: 'Ese día ya pasó. Elegí uno que esté por venir.',
  special_day_invalid: 'Elegí un día dentro de los próximos dos años.',
};
