/** A sum shared out among people who each pay the same, to the cent. */

/** Tables are larger, but then somebody types. */
const most = 8;

/** For how many a sum can be shared out. */
export const tables = (dueCents: number): number[] =>
  Array.from({ length: most - 1 }, (_, i) => i + 2).filter((people) => people <= dueCents);

/** What each pays, in minor units: the cents that do not come out even are the first ones'. So who pays next always pays the first share of what is left. */
export function sharesOf(dueCents: number, people: number): number[] {
  const over = dueCents % people;
  return Array.from({ length: people }, (_, i) => Math.floor(dueCents / people) + (i < over ? 1 : 0));
}

/** Among how many an address shares what is due; null: not evenly. */
export function peopleIn(query: URLSearchParams, dueCents: number): number | null {
  const asked = Number(query.get('people'));
  return tables(dueCents).includes(asked) ? asked : null;
}

/** Of an open sale's page, when one of `people` has paid: the others are still to. */
export const oneLess = (page: string, people: number): string =>
  people > 2 ? `${page}?people=${people - 1}` : page;
