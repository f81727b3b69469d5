import type { members as source } from '../../en/refusals/members.ts';

export const members: typeof source = {
  person_not_found: 'No encontramos a esta persona en tu cuenta.',
  person_named_twice: 'En tu cuenta ya hay alguien con este nombre.',
  person_has_bookings: 'Tiene una clase por delante. Cancélala primero, por favor.',
  too_many_people: 'En una cuenta no caben más de doce personas. Habla con nosotros y lo arreglamos.',
  guardian_is_dependant: 'Quien está en la cuenta de otra persona no puede tener a nadie en la suya.',
  guardian_is_for_good: 'No se puede cambiar en qué cuenta está alguien.',
  birthday_invalid: 'Indica un día que ya haya pasado, por favor.',
};
