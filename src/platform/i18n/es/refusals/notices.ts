import type { notices as source } from '../../en/refusals/notices.ts';

export const notices: typeof source = {
  choice_invalid: 'Una de estas opciones ya no existe. Míralas otra vez, por favor.',
  letter_not_found: 'No hemos encontrado esta carta.',
  letter_on_its_way: 'Esta carta ya está en camino. No se envía dos veces.',
  letter_for_once: 'Una carta así vale para su momento y no se reenvía.',
  letter_too_late: 'De lo que trata esta carta ya pasó, así que no se reenvía.',
  letter_unwanted: 'Esta persona no quiere correos así, así que no se reenvía.',
  reminder_hours_invalid: 'Elige una de las horas que hay, por favor.',
  link_not_known: 'Este enlace no es nuestro o no está entero. Usa el del correo, por favor.',
};
