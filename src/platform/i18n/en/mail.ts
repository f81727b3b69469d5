/** Subjects and texts of e-mails. */
export const mail = {
  hello: ({ name }: { name: string }) => `Hello ${name},`,
  helloThere: 'Hello,',
  signed: ({ business }: { business: string }) => `See you soon,\n${business}`,
  footer: ({ business }: { business: string }) =>
    `You get this e-mail because you booked or have an account at ${business}.`,
  questions: ({ email }: { email: string }) => `Questions? Write to ${email}.`,
  order: ({ reference, receipt }: { reference: string; receipt: string | null }) =>
    receipt ? `Order ${reference}, receipt ${receipt}` : `Order ${reference}`,
  total: 'Total',
  taxIncluded: ({ amount }: { amount: string }) => `Tax included: ${amount}`,
  free: 'Free',
  with: ({ instructor, room }: { instructor: string; room: string }) => `with ${instructor}, ${room}`,
  confirmed: {
    subject: ({ what }: { what: string }) => `You're in: ${what}`,
    title: 'Your place is booked',
    text: 'We are looking forward to seeing you. The calendar file is attached.',
    cancelUntil: ({ moment }: { moment: string }) => `You can cancel free of charge until ${moment}.`,
    button: 'See your order',
  },
  cancelled: {
    subject: ({ what }: { what: string }) => `Cancelled: ${what}`,
    title: 'Your booking is cancelled',
    text: 'We have given your place back. The attached file takes it out of your calendar.',
    refund: ({ amount }: { amount: string }) =>
      `${amount} goes back to the card you paid with. It usually takes a few days to show up.`,
    lateNoRefund: 'It was too late to cancel free of charge, so there is no refund.',
    latePart: ({ amount, paid }: { amount: string; paid: string }) =>
      `It was too late to cancel free of charge: of the ${paid} you paid, ${amount} goes back to your card.`,
    button: 'Find another class',
  },
  tooLate: {
    subject: 'Your payment came too late, and goes back to you',
    title: 'We could not keep your place',
    text: ({ amount }: { amount: string }) =>
      `Your payment of ${amount} reached us after your place had been given back, and in the meantime somebody else took it. ` +
      'We are sorry. You are not charged: the whole amount goes back to your card, usually within a few days.',
    button: 'Find another class',
  },
  twice: {
    subject: 'You paid twice, and one goes back to you',
    title: 'One payment goes back',
    text: ({ amount }: { amount: string }) =>
      `Your order was paid already when another payment of ${amount} arrived. Your booking stands, and the second payment goes back to your card.`,
    button: 'See your order',
  },
  mismatch: {
    subject: 'Your payment goes back to you',
    title: 'The amount did not match',
    text: ({ amount }: { amount: string }) =>
      `We received ${amount}, which is not what your order comes to, so we could not accept it. The whole amount goes back to you.`,
    button: 'See your order',
  },
  invitation: {
    subject: ({ business }: { business: string }) => `Join the team of ${business}`,
    title: ({ business }: { business: string }) => `${business} invites you`,
    text: ({ by, role }: { by: string; role: string }) =>
      `${by} invites you to join as ${role}. The link works once, for seven days, and for this e-mail address only.`,
    someone: 'The owner',
    roles: {
      owner: 'owner',
      manager: 'manager',
      front_desk: 'front desk',
      barista: 'barista',
      instructor: 'instructor',
    },
    button: 'Accept the invitation',
  },
  locked: {
    subject: 'Somebody tried to sign in to your account',
    title: 'Your account is locked for a moment',
    text: ({ minutes }: { minutes: number }) =>
      `There were several failed attempts to sign in with your e-mail address, so we made it wait for ${minutes === 1 ? 'a minute' : `${minutes} minutes`}. ` +
      'If it was you, simply try again then, or choose a new password. If it was not, your password kept them out; you need do nothing.',
    button: 'Choose a new password',
  },
};
