/** Cart, checkout, orders and receipts. */
export const sales = {};
