import type { shop as source } from '../../en/refusals/shop.ts';
import { inWords } from '../../words-of.ts';

const what = (details: { name?: unknown }): string => inWords(details.name, 'es');

export const shop: typeof source = {
  product_not_found: 'No lo encontramos en la carta. Quizá ya no se venda.',
  product_sold_out: (details) =>
    what(details) ? `${what(details)} se acaba de agotar.` : 'Se acaba de agotar.',
  product_not_now: (details) =>
    what(details)
      ? `${what(details)} no se sirve a esa hora.`
      : 'No se sirve a esa hora. Elige otra hora u otra cosa.',
  modifier_not_found: 'Una de las opciones elegidas no va con esto. Elige de nuevo.',
  modifier_missing: (details) =>
    inWords(details.group, 'es')
      ? `Falta elegir: ${inWords(details.group, 'es').toLowerCase()}.`
      : 'Falta elegir una de las opciones.',
  modifier_too_many: (details) =>
    inWords(details.group, 'es')
      ? `Es más de lo que cabe: ${inWords(details.group, 'es').toLowerCase()}.`
      : 'Es más de lo que cabe. Elige menos.',
  modifier_sold_out: (details) =>
    what(details)
      ? `${what(details)} se acabó por hoy. Elige otra cosa.`
      : 'Una de las opciones se acabó por hoy.',
  quantity_invalid: 'Elige entre 1 y 50.',
  note_too_long: 'Algo más corto, por favor: lo leemos con las manos ocupadas.',
  lines_invalid: 'No pudimos leer lo que quieres pedir.',
  serving_not_offered: 'Aquí no se puede tomar así. Elige la otra manera.',
  serving_invalid: 'Elige si es para llevar o para tomar aquí.',
  table_invalid: 'Escribe la mesa como aparece en ella, con 20 caracteres como mucho.',
  handover_invalid: 'No pudimos leer cuándo y cómo lo quieres.',
  location_not_found: 'Ahí no tenemos barra.',
  tip_invalid: 'Elige una propina que podamos aceptar.',
  counter_closed: 'La barra no acepta pedidos ahora. Elige una hora más tarde o ven a vernos.',
  counter_full: 'Hay más por hacer de lo que podemos terminar antes de cerrar. Elige otro día.',
  pickup_past: 'Esa hora ya pasó. Elige una más tarde.',
  pickup_too_soon: ({ minutes }) =>
    minutes ? `Necesitamos al menos ${minutes} minutos.` : 'Necesitamos algo más de tiempo.',
  pickup_too_far: ({ days }) =>
    days === 0
      ? 'Solo aceptamos pedidos para hoy.'
      : `Aceptamos pedidos con ${days ?? 1} días de antelación como mucho.`,
  pickup_closed: 'La barra está cerrada a esa hora. Elige otra.',
  pickup_off_grid: ({ minutes }) =>
    minutes ? `Elige una hora en pasos de ${minutes} minutos.` : 'Elige una de las horas que se muestran.',
  pickup_full: 'A esa hora la barra no da más de sí. Elige otra hora.',
  usual_not_found: 'Todavía no has pedido nada de la barra, así que no hay lo de siempre.',
  period_invalid: 'Elige un primer y un último día, con un año como mucho entre ellos.',
};
