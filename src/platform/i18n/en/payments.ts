/** Paying, declined cards, refunds. */
export const payments = {};
