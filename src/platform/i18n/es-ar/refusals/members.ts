import type { MessagesPatch } from '../../index.ts';

export const members: NonNullable<MessagesPatch['refusals']> = {
  person_has_bookings: 'Tiene una clase por delante. Cancelala primero, por favor.',
  too_many_people: 'En una cuenta no entran más de doce personas. Hablá con nosotros y lo arreglamos.',
  birthday_invalid: 'Indicá un día que ya haya pasado, por favor.',
};
