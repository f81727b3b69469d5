import type { members as source } from '../../en/refusals/members.ts';

export const members: typeof source = {
  person_not_found: 'No encontramos a esta persona en tu cuenta.',
  person_named_twice: 'En tu cuenta ya hay alguien con este nombre.',
  person_has_bookings: 'Tiene una clase por delante. Cancélala primero, por favor.',
  too_many_people: 'En una cuenta no caben más de doce personas. Habla con nosotros y lo arreglamos.',
  guardian_is_dependant: 'Quien está en la cuenta de otra persona no puede tener a nadie en la suya.',
  guardian_is_for_good: 'No se puede cambiar en qué cuenta está alguien.',
  birthday_invalid: 'Indica un día que ya haya pasado, por favor.',
  pronouns_invalid: 'Como máximo 40 caracteres, por favor.',
  contact_incomplete: 'Un contacto necesita nombre y teléfono.',
  health_consent_needed:
    'Solo lo guardamos si aceptas que tus profesores lo lean. Marca la casilla o deja el texto vacío, por favor.',
  health_note_too_long: 'Como máximo 1000 caracteres, por favor.',
  consent_unknown: 'No conocemos esta forma de avisarte.',
  waiver_not_found: 'Aquí no hay nada que firmar.',
  waiver_outdated: 'Se ha publicado una versión nueva. Léela y después fírmala, por favor.',
  signature_invalid: 'Escribe tu nombre completo, por favor.',
  nobody_to_sign_for: 'Elige por quién firmas, por favor.',
  waiver_text_missing: 'Cada idioma de tu negocio necesita su texto, de al menos 20 caracteres.',
  no_such_draft: 'No existe este borrador: puede que ya se haya publicado.',
  member_not_found: 'No encontramos a este miembro.',
  note_invalid: 'Una nota tiene entre 1 y 2000 caracteres.',
  note_not_found: 'No encontramos esta nota.',
};
