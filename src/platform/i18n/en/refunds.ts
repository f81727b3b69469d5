/** Giving back what was paid, line by line. */
export const refunds = {
  title: ({ reference }: { reference: string }) => `Refund order ${reference}`,
  lead: ({ buyer, total }: { buyer: string; total: string }) =>
    `${buyer} paid ${total}. The money goes back the way it came.`,
  toOrder: 'The order',
  open: 'Refund all or a part',
  lines: 'What they bought',
  left: ({ left, of }: { left: string; of: string }) => `${left} of ${of} can go back`,
  pieces: ({ left, of }: { left: number; of: number }) => `${left} of ${of} left`,
  quantity: 'Pieces',
  amount: ({ currency }: { currency: string }) => `Or an amount (${currency})`,
  amountOnly: ({ currency }: { currency: string }) => `Amount (${currency})`,
  stock: 'The goods',
  stocks: { back: 'Back to stock', waste: 'Waste' },
  reason: 'Why',
  act: 'Give back',
  actOf: ({ what }: { what: string }) => `Give back: ${what}`,
  forManager: 'A manager can refund this.',
  done: ({ amount }: { amount: string }) => `${amount} is given back.`,
  before: 'Given back so far',
  piecesBack: ({ count }: { count: number }) => (count === 1 ? '1 piece' : `${count} pieces`),
};
