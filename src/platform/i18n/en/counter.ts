/** After the sale, at the counter: what was sold, what goes back, the receipt by e-mail; and a drawer that was not right. */
export const counter = {
  link: 'Sold',
  title: 'What was sold',
  today: 'Today at this counter',
  found: ({ words }: { words: string }) => `Found for “${words}”`,
  find: 'An older sale: number, name or amount',
  findAct: 'Find',
  toToday: 'What was sold today',
  none: 'Nothing was sold here today.',
  nothing: 'No sale like that. What it came to is looked up for three months, number and name for ever.',
  earlier: 'Earlier sales',
  guest: 'Guest',
  call: ({ number }: { number: number }) => `No. ${number}`,
  back: ({ amount }: { amount: string }) => `${amount} given back`,
  /** Of a line: how many of its pieces went back. */
  returned: ({ count, of }: { count: number; of: number }) =>
    of === 1 ? 'Returned' : `${count} of ${of} returned`,
  refund: {
    title: ({ reference }: { reference: string }) => `Refund sale ${reference}`,
    lead: 'The money goes back the way it came: cash out of the drawer of this till.',
    toSale: 'The sale',
    howMany: ({ what }: { what: string }) => `${what}: how many go back`,
    left: ({ left, of }: { left: number; of: number }) => `${left} of ${of} left`,
    some: 'Give these back',
    all: 'Give everything back',
    nothingLeft: 'Nothing of it is left to give back.',
    closed: 'It was paid in cash, and the drawer of this till is closed. Open it first.',
    /** What whoever stands at the till does now, or what has happened. */
    says: {
      cash: ({ amount }: { amount: string }) => `Hand over ${amount} from the drawer.`,
      terminal: ({ amount }: { amount: string }) => `Now give ${amount} back on the card machine.`,
      wallet: ({ amount }: { amount: string }) => `${amount} is in the wallet again.`,
      gift_card: ({ amount }: { amount: string }) => `${amount} is on the gift card again.`,
      other: ({ amount }: { amount: string }) => `${amount} goes back to the card it was paid with.`,
    },
    noMoney: 'It is taken back. There was no money to return.',
  },
  mail: {
    title: 'The receipt by e-mail',
    hint: 'Used for this letter and not kept.',
    act: 'Send it',
    done: 'The receipt is on its way.',
  },
  /** The letter with a receipt. */
  letter: {
    subject: ({ business }: { business: string }) => `Your receipt from ${business}`,
    title: 'Your receipt',
    text: ({ moment }: { moment: string }) =>
      `Thank you for your visit. This is what you bought on ${moment}.`,
    pieces: ({ count, what }: { count: number; what: string }) => (count > 1 ? `${count} × ${what}` : what),
    button: 'Open the receipt',
    why: 'Somebody gave this address at our till. We have not kept it.',
  },
  /** To owners and managers, when a drawer was counted. */
  difference: {
    over: ({ amount, till }: { amount: string; till: string }) =>
      `${amount} too much in the drawer of ${till}`,
    short: ({ amount, till }: { amount: string; till: string }) =>
      `${amount} missing in the drawer of ${till}`,
    title: 'A drawer was not right',
    text: ({ name, place, moment }: { name: string; place: string; moment: string }) =>
      `${name} counted the drawer and closed it: ${place}, ${moment}.`,
    sums: ({ expected, counted }: { expected: string; counted: string }) =>
      `There should have been ${expected}; ${counted} was counted.`,
    somebody: 'Somebody',
    button: 'See the drawer',
  },
  notice: {
    title: 'When managers are told',
    label: ({ currency }: { currency: string }) => `A difference of at least (${currency})`,
    hint: 'Whoever manages here hears when a count is off by this much or more, be it too much or too little.',
    act: 'Keep it',
    done: 'Kept.',
  },
  /** On the page of gift cards. */
  broken: 'Expired unused',
};
