/** One sentence for each expected "no", by its name in SQL (src/platform/refusals.ts). */
export const refusals = {};
