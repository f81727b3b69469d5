/** The rows of a form, and empty ones for what is not there yet: three in all, at least one. */
export const withRoom = <Row>(rows: Row[]): (Row | null)[] => [
  ...rows,
  ...Array<null>(Math.max(3 - rows.length, 1)).fill(null),
];
