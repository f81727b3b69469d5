/** Letters about an order at the bar, by kind. */
export const bar = {
  order_ready: {
    subject: ({ number }: { number: number }) => `Ready: your order, number ${number}`,
    title: 'Your order is ready',
    counter: ({ number, where }: { number: number; where: string }) =>
      `It waits for you at the counter of ${where}. Your number is ${number}.`,
    table: ({ table }: { table: string }) => `We bring it to table ${table}.`,
  },
  order_refused: {
    subject: ({ reference }: { reference: string }) => `We could not make your order ${reference}`,
    title: 'We could not make your order',
    text: 'We are sorry. The bar had to turn it down.',
    reason: ({ reason }: { reason: string }) => `The bar says: “${reason}”`,
    money: ({ amount }: { amount: string }) => `${amount} goes back the way you paid.`,
  },
};
