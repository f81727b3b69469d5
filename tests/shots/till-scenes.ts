/** The till, what is asked about a drink, the change, what was sold and goes back, and the drawer. */
import type { Bar } from '../bar.ts';
import type { Scene } from './scenes.ts';

/** At a till whose drawer is open and where `sale` was sold. */
export const tillScenes = (till: string, sale: string, { coffee, bag }: Bar): Scene[] => [
  { name: 'till', path: `/till/${till}?line=2~${coffee.slug}&line=1~${bag.slug}&tip=10&pay=cash` },
  { name: 'till-options', path: `/till/${till}?line=1~${bag.slug}&ask=${coffee.slug}&who=ada` },
  { name: 'till-sold', path: `/till/${till}/sold/${sale}` },
  { name: 'till-sales', path: `/till/${till}/sold` },
  { name: 'till-refund', path: `/till/${till}/sold/${sale}/refund` },
  { name: 'till-drawer', path: `/till/${till}/drawer` },
];
