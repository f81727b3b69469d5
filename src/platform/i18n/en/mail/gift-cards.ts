/** The letter that brings a gift card. */
export const giftCardMail = {
  subject: ({ from, business }: { from: string; business: string }) => `A gift from ${from}: ${business}`,
  title: ({ amount, business }: { amount: string; business: string }) => `${amount} to spend at ${business}`,
  text: ({ from }: { from: string }) =>
    `${from} gives you this card. You can use it little by little, for everything we have.`,
  again: 'This letter replaces the one before it: only this code is good.',
  row: 'Gift card',
  code: ({ code }: { code: string }) => `Code ${code}`,
  pin: ({ pin }: { pin: string }) => `PIN ${pin}`,
  hidden: 'Code and PIN stand only in the letter itself.',
  until: ({ date }: { date: string }) => `Good until ${date}.`,
  how: 'At the checkout, type code and PIN. Please keep this letter: whoever has it has the card.',
  button: 'See what is on it',
};

/** Money that came back to a card whose time was nearly or wholly over. */
export const giftCardBackMail = {
  subject: ({ amount }: { amount: string }) => `${amount} is on your gift card again`,
  title: ({ amount }: { amount: string }) => `${amount} is on your gift card again`,
  text: ({ business }: { business: string }) =>
    `Something that was paid with it at ${business} was given back.`,
  until: ({ date }: { date: string }) => `So that you have time to spend it, the card is good until ${date}.`,
  again: ({ date }: { date: string }) =>
    `The time of the card was over. So that you can spend this, it is good again until ${date}. Code and PIN are the ones you have.`,
  ending: ({ ending }: { ending: string }) => `Code ending in ${ending}`,
};
