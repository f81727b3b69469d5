/** Our drawings of what bars sell. */
const files = import.meta.glob('/src/site/pictures/{drink,food,shelf}/*.svg');

/** `drink/espresso`, `food/croissant`, …, drinks first. */
export const drawings: string[] = Object.keys(files)
  .map((path) => path.replace('/src/site/pictures/', '').replace(/\.svg$/, ''))
  .sort();
