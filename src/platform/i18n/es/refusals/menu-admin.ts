import type { menuAdmin as english } from '../../en/refusals/menu-admin.ts';

export const menuAdmin: typeof english = {
  category_not_found: 'No encontramos esta parte de la carta.',
  category_in_use: 'Todavía hay algo dentro. Hay que moverlo primero.',
  product_slug_taken: 'Otra cosa de la carta ya tiene esta dirección.',
  slug_invalid: 'Una dirección lleva letras minúsculas, números y guiones.',
  product_kind_invalid: 'Elige qué tipo de producto es.',
  product_number_invalid: 'Uno de los números no puede ser. Vuelve a mirarlos.',
  product_mark_unknown: 'Elige alérgenos y dietas de la lista.',
  day_part_not_found: 'No encontramos este momento del día.',
  day_part_invalid:
    'Tiene que acabar el mismo día, después de empezar, y valer al menos un día de la semana.',
  group_not_found: 'No encontramos esta pregunta.',
  group_in_use: 'Algún producto todavía la pregunta. Hay que quitarla de allí primero.',
  day_part_in_use: 'Todavía se sirve algo en este momento. Hay que moverlo primero.',
  group_bounds_invalid: 'Hay que permitir al menos tantas como se exigen, diez como máximo.',
  group_defaults_invalid:
    'Tiene que haber respuestas suficientes, y no más habituales de las que se pueden elegir.',
  bundle_invalid: 'Un lote lleva al menos un producto y ningún otro lote.',
  product_in_bundle: 'Forma parte de un lote. Hay que sacarlo de allí primero.',
  step_invalid: 'Se mueve de paso en paso.',
  counter_hours_invalid: 'Revisa los horarios: cada uno acaba después de empezar y ninguno pisa a otro.',
  counter_promised: 'Hay pedidos prometidos en esta cuadrícula. Cámbiala cuando no espere nadie.',
  counter_invalid: 'Uno de los números de este mostrador no puede ser.',
  servings_invalid: 'Marca al menos una manera: para llevar o en mesa.',
  counter_not_selling: 'Este local todavía no vende. Guarda primero cómo lo hace.',
  special_day_past: 'Ese día ya pasó. Elige uno que esté por venir.',
  special_day_invalid: 'Elige un día dentro de los próximos dos años.',
  special_day_why_long: 'Como mucho 120 caracteres.',
  special_day_not_found: 'Ese día ya es como los demás.',
};
