/** What members tell about themselves and theirs, and what the team sees of them. */
export const members = {
  birthday: 'Birthday',
  birthdayHint: 'If you like. We only use the day, to say happy birthday.',
  family: {
    nav: 'Family',
    title: 'Your family',
    lead: 'The people you book for. They need no account of their own.',
    you: 'you',
    born: ({ day }: { day: string }) => `Born ${day}`,
    addText: 'Add a child, or anybody else you book classes for.',
    add: 'Add somebody',
    addAct: 'Add to your account',
    addBusy: 'Adding…',
    added: 'Added. You can book for them from now on.',
    name: 'Their full name',
    edit: 'Change',
    editLabel: ({ name }: { name: string }) => `Change ${name}`,
    save: 'Save',
    saveBusy: 'Saving…',
    saved: 'Saved.',
    remove: 'Take off your account',
    removeText: ({ name }: { name: string }) =>
      `${name} will not be booked for any more. Classes they have been to stay in your past.`,
    removeAct: 'Take them off',
    removed: 'Taken off your account.',
  },
};
