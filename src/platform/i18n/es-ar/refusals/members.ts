import type { MessagesPatch } from '../../index.ts';

export const members: NonNullable<MessagesPatch['refusals']> = {
  person_has_bookings: 'Tiene una clase por delante. Cancelala primero, por favor.',
  too_many_people: 'En una cuenta no entran más de doce personas. Hablá con nosotros y lo arreglamos.',
  birthday_invalid: 'Indicá un día que ya haya pasado, por favor.',
  health_consent_needed:
    'Solo lo guardamos si aceptás que tus profesores lo lean. Marcá la casilla o dejá el texto vacío, por favor.',
  waiver_not_found: 'Acá no hay nada que firmar.',
  waiver_outdated: 'Se publicó una versión nueva. Leela y después firmala, por favor.',
  signature_invalid: 'Escribí tu nombre completo, por favor.',
  nobody_to_sign_for: 'Elegí por quién firmás, por favor.',
};
