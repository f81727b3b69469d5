export const desk = {
  check_ins_invalid: 'These check-ins could not be read.',
  check_in_reused: 'This check-in was sent before for somebody else. Please tap once more.',
  check_in_too_early: 'Check-in opens on the day of the class.',
  check_in_too_late: 'The day of this class is over, so its roster is closed.',
  absent_too_early: 'The class has not begun, so nobody is absent yet.',
  not_on_roster: 'This place was cancelled or given up meanwhile.',
  on_roster_already: ({ name }: { name?: string }) => `${name ?? 'This person'} has a place in this class.`,
  person_busy: 'This person has another class at that time.',
  member_known: ({ name }: { name?: string }) =>
    `This address belongs to ${name ?? 'a member'}. Please search for them instead.`,
};
