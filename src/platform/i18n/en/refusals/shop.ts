import { inWords } from '../../words-of.ts';

const what = (details: { name?: unknown }): string => inWords(details.name, 'en');

export const shop = {
  product_not_found: 'We could not find this on the menu. It may no longer be sold.',
  product_sold_out: (details: { name?: unknown }) =>
    what(details) ? `${what(details)} sold out a moment ago.` : 'This sold out a moment ago.',
  product_not_now: (details: { name?: unknown }) =>
    what(details)
      ? `${what(details)} is not served at that hour.`
      : 'This is not served at that hour. Choose another time, or something else.',
  modifier_not_found: 'One of the options you chose is not offered with this. Please choose again.',
  modifier_missing: (details: { group?: unknown }) =>
    inWords(details.group, 'en')
      ? `Please choose: ${inWords(details.group, 'en').toLowerCase()}.`
      : 'Please choose one of the options.',
  modifier_too_many: (details: { group?: unknown }) =>
    inWords(details.group, 'en')
      ? `That is more than this can hold: ${inWords(details.group, 'en').toLowerCase()}.`
      : 'That is more than this can hold. Please choose fewer.',
  modifier_sold_out: (details: { name?: unknown }) =>
    what(details)
      ? `${what(details)} is gone for today. Please choose another.`
      : 'One of the options is gone for today.',
  quantity_invalid: 'Please choose between 1 and 50.',
  note_too_long: 'Please keep it shorter: we have to read it with our hands full.',
  lines_invalid: 'We could not read what you would like to order.',
  serving_not_offered: 'It cannot be had that way here. Please choose the other.',
  serving_invalid: 'Please choose whether you take it away or stay.',
  table_invalid: 'Please give the table as it stands on it, at most 20 characters.',
  handover_invalid: 'We could not read when and how you would like it.',
  location_not_found: 'We have no bar there.',
  tip_invalid: 'Please choose a tip we can take.',
  counter_closed: 'The bar takes no orders right now. Choose a later time, or come in.',
  counter_full: 'There is more to make than we can finish before closing. Please choose another day.',
  pickup_past: 'That time has passed. Please choose a later one.',
  pickup_too_soon: ({ minutes }: { minutes?: number }) =>
    minutes ? `We need at least ${minutes} minutes.` : 'We need a little longer.',
  pickup_too_far: ({ days }: { days?: number }) =>
    days === 0 ? 'We take orders for today only.' : `We take orders at most ${days ?? 1} days ahead.`,
  pickup_closed: 'The bar is closed at that time. Please choose another.',
  pickup_off_grid: ({ minutes }: { minutes?: number }) =>
    minutes
      ? `Please choose a time in steps of ${minutes} minutes.`
      : 'Please choose one of the times shown.',
  pickup_full: 'The bar has its hands full then. Please choose another time.',
  usual_not_found: 'You have not ordered from the bar yet, so there is no usual.',
  period_invalid: 'Please choose a first and a last day, at most a year apart.',
};
