import type { stock as english } from '../../en/refusals/stock.ts';
import { type LocalisedText, localised } from '../../locale.ts';

export const stock: typeof english = {
  stock_too_low: ({ name, on_hand }) =>
    `Ya no hay tanto de ${localised(name as LocalisedText, 'es') || 'eso'}: según los libros quedan ${on_hand ?? 0}.`,
  stock_item_not_found: 'No encontramos este artículo.',
  stock_quantity_invalid: 'Indica una cantidad entera: como mínimo 1, como máximo 100 millones.',
  stock_cost_invalid: 'Indica el coste como una cantidad de dinero.',
  stock_lines_invalid: 'Rellena al menos una cantidad.',
  stock_why_needed: 'Di el motivo en pocas palabras.',
  stock_unit_invalid: 'Elige gramos, mililitros o unidades.',
  stock_unit_in_use: 'Ya se ha contado en esta unidad. Para otra unidad hace falta un artículo nuevo.',
  stock_item_in_recipe: 'Todavía está en una receta. Hay que quitarlo de allí primero.',
  stock_count_not_found: 'No encontramos este recuento.',
  stock_count_ended: 'Este recuento ya terminó. Empieza otro.',
  stock_count_empty: 'Todavía no se ha contado nada.',
  stock_par_invalid: 'El nivel de reposición tiene que llegar al menos al de aviso.',
  transfer_nowhere: 'Elige otro lugar adonde llevarlo.',
  recipe_invalid: 'Esta receta no se puede guardar.',
  recipe_item_twice: 'Cada artículo aparece una sola vez en la receta.',
  name_needed: 'Ponle un nombre.',
};
