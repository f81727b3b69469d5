import { type LocalisedText, localised } from '../../locale.ts';

export const stock = {
  stock_too_low: ({ name, on_hand }: { name?: unknown; on_hand?: number }) =>
    `There is not that much of ${localised(name as LocalisedText, 'en') || 'it'} any more: the books say ${on_hand ?? 0}.`,
  stock_item_not_found: 'We could not find this item.',
  stock_quantity_invalid: 'Please give a whole amount: at least 1, at most 100 million.',
  stock_cost_invalid: 'Please give the cost as an amount of money.',
  stock_lines_invalid: 'Please fill in at least one amount.',
  stock_why_needed: 'Please say why, in a few words.',
  stock_unit_invalid: 'Please choose grams, millilitres or pieces.',
  stock_unit_in_use: 'It has been counted in this unit before. Make a new item for another unit.',
  stock_item_in_recipe: 'It is still in a recipe. Take it out there first.',
  stock_count_not_found: 'We could not find this count.',
  stock_count_ended: 'This count is over already. Begin a new one.',
  stock_count_empty: 'Nothing has been counted yet.',
  stock_par_invalid: 'What is filled up to has to be at least as much as what is low.',
  transfer_nowhere: 'Please choose another place to carry it to.',
  recipe_invalid: 'This recipe cannot be kept.',
  recipe_item_twice: 'Each item stands in a recipe once.',
  name_needed: 'Please give it a name.',
};
