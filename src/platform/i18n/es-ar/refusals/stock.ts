import type { MessagesPatch } from '../../index.ts';

export const stock: NonNullable<MessagesPatch['refusals']> = {
  stock_quantity_invalid: 'Indicá una cantidad entera: como mínimo 1, como máximo 100 millones.',
  stock_cost_invalid: 'Indicá el costo como un importe.',
  stock_lines_invalid: 'Completá al menos una cantidad.',
  stock_why_needed: 'Contanos el motivo en pocas palabras.',
  stock_unit_invalid: 'Elegí gramos, mililitros o unidades.',
  stock_unit_in_use: 'Ya se contó en esta unidad. Para otra unidad hace falta un artículo nuevo.',
  stock_count_ended: 'Este recuento ya terminó. Empezá otro.',
  stock_count_empty: 'Todavía no se contó nada.',
  transfer_nowhere: 'Elegí otro lugar adonde llevarlo.',
  name_needed: 'Ponele un nombre.',
};
