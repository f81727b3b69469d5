/** Privacy and terms of sale. Plain and short; a business replaces them with its lawyer's when it has one. */
interface Who {
  name: string;
  address: string;
  email: string;
}

export const legal = {
  privacy: {
    title: 'Privacy',
    lead: ({ name }: { name: string }) => `What ${name} knows about you, why, and how to change that.`,
    sections: {
      who: {
        title: 'Who is responsible',
        text: ({ name, address, email }: Who) =>
          `${name}, ${address}. Write to ${email} about anything on this page.`,
      },
      what: {
        title: 'What we keep',
        text: 'Your name, e-mail, and phone if you gave it; what you booked, bought and cancelled; the receipts the law asks us to keep. Your password is stored only as a scrambled trace that cannot be turned back.',
      },
      why: {
        title: 'What for',
        text: 'To keep your place, take your payment, write to you about what you booked, and keep honest books. Nothing is sold, and nothing about you is passed to advertisers.',
      },
      payment: {
        title: 'Payments',
        text: 'Cards are handled by our payment provider on its own page. We learn whether a payment succeeded, its amount, and the last digits of the card; never its number.',
      },
      cookies: {
        title: 'Cookies',
        text: 'Only those the site needs: one keeps you signed in, one remembers your cart, one your choice of colours, one for thirty days who brought you here, if you came by a friend’s link. No tracking, so there is no banner to click away.',
      },
      howLong: {
        title: 'How long',
        text: 'As long as you are a member, and after that the receipts for as long as tax law asks. Carts nobody came back for are emptied by themselves.',
      },
      rights: {
        title: 'Your rights',
        text: ({ email }: { email: string }) =>
          `You may see, correct, take with you, or have deleted what we keep about you. Write to ${email}; we answer within a month. You may also complain to the data protection authority.`,
      },
    },
  },
  terms: {
    title: 'Terms of sale',
    lead: ({ name }: { name: string }) => `What you can count on when you book or buy at ${name}.`,
    sections: {
      booking: {
        title: 'Booking',
        text: ({ minutes }: { minutes: number }) =>
          `When you place an order we hold your place for ${minutes} minutes while you pay. It is yours once the payment has come through, and you get a confirmation by e-mail. If the payment comes too late and the place is gone, you get all of it back by itself.`,
      },
      prices: {
        title: 'Prices',
        text: 'The price you see is the price you pay, tax included. The total on the payment page is the same as in your cart.',
      },
      cancelling: {
        title: 'Cancelling',
        text: 'Until when you can cancel free of charge, and what you get back after that, is said on every class before you book it. The terms of the moment you booked hold, even when we change them later.',
      },
      us: {
        title: 'If we cancel',
        text: 'You get all of it back, to the card you paid with. We write to you as soon as we know.',
      },
      rights: {
        title: 'Your rights as a consumer',
        text: 'Whatever the law gives you as a consumer holds besides these terms, and before them where they differ.',
      },
      health: {
        title: 'Your health',
        text: 'Tell the teacher about injuries, pregnancy or anything else that matters, and stop when something hurts. You take part at your own judgement.',
      },
      contact: {
        title: 'Something went wrong?',
        text: ({ name, address, email }: Who) =>
          `Write to ${email} or come by: ${name}, ${address}. We would rather hear of it.`,
      },
    },
  },
};
