export const desk = {
  check_ins_invalid: 'These check-ins could not be read.',
  check_in_reused: 'This check-in was sent before for somebody else. Please tap once more.',
  signed_in_as_another:
    'Somebody else is signed in here by now. What was tapped is sent when its owner signs in.',
  check_in_too_early: 'Check-in opens on the day of the class.',
  check_in_too_late: 'The day of this class is over, so its roster is closed.',
  absent_too_early: 'The class has not begun, so nobody is absent yet.',
  not_on_roster: 'This place was cancelled or given up meanwhile.',
  on_roster_already: ({ name }: { name?: string }) => `${name ?? 'This person'} has a place in this class.`,
  person_busy: 'This person has another class at that time.',
  pack_once_each: 'They have had this pack before; it can be bought once.',
  pack_first_timers_only: 'This pack is for people who come for the first time.',
  pack_not_theirs: 'This pack is not shared: only whoever buys it may use it.',
  class_costs_nothing: 'This class costs nothing, so no pack is needed for it.',
  booking_settings_invalid: 'One of these numbers or times is out of bounds.',
  member_known: ({ name }: { name?: string }) =>
    `This address belongs to ${name ?? 'a member'}. Please search for them instead.`,
};
