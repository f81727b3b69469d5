export const members = {
  person_not_found: 'We could not find this person on your account.',
  person_named_twice: 'Somebody of this name is on your account already.',
  person_has_bookings: 'They have a class coming up. Please cancel it first.',
  too_many_people: 'More than twelve people do not fit on one account. Talk to us, we will find a way.',
  guardian_is_dependant: 'Somebody who is on another account cannot have people on theirs.',
  guardian_is_for_good: 'Whose account somebody is on cannot be changed.',
  birthday_invalid: 'Please give a day that has been.',
};
