import type { MessagesPatch } from '../../index.ts';
import { inWords } from '../../words-of.ts';

export const shop: NonNullable<MessagesPatch['refusals']> = {
  modifier_not_found: 'Una de las opciones que elegiste no va con esto. Elegí de nuevo.',
  product_not_now: ({ name }) =>
    inWords(name, 'es')
      ? `${inWords(name, 'es')} no se sirve a esa hora.`
      : 'Eso no se sirve a esa hora. Elegí otra hora u otra cosa.',
  modifier_sold_out: ({ name }) =>
    inWords(name, 'es')
      ? `${inWords(name, 'es')} se acabó por hoy. Elegí otra cosa.`
      : 'Una de las opciones se acabó por hoy. Elegí otra cosa.',
  pickup_off_grid: ({ minutes }) =>
    minutes ? `Elegí una hora en pasos de ${minutes} minutos.` : 'Elegí una de las horas que se muestran.',
  quantity_invalid: 'Elegí entre 1 y 50.',
  lines_invalid: 'No pudimos leer lo que querés pedir.',
  serving_not_offered: 'Acá no se puede tomar así. Elegí la otra manera.',
  serving_invalid: 'Elegí si es para llevar o para tomar acá.',
  table_invalid: 'Escribí la mesa como aparece en ella, con 20 caracteres como máximo.',
  handover_invalid: 'No pudimos leer cuándo y cómo lo querés.',
  location_not_found: 'Ahí no tenemos mostrador.',
  tip_invalid: 'Elegí una propina que podamos aceptar.',
  counter_closed: 'El mostrador no toma pedidos ahora. Elegí una hora más tarde o vení a vernos.',
  counter_full: 'Hay más por hacer de lo que podemos terminar antes de cerrar. Elegí otro día.',
  pickup_past: 'Esa hora ya pasó. Elegí una más tarde.',
  pickup_closed: 'El mostrador está cerrado a esa hora. Elegí otra.',
  pickup_full: 'A esa hora el mostrador no da más. Elegí otra hora.',
  usual_not_found: 'Todavía no pediste nada del mostrador, así que no hay lo de siempre.',
  period_invalid: 'Elegí un primer y un último día con un año como máximo entre ellos.',
};
