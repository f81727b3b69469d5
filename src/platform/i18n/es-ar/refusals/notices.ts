import type { MessagesPatch } from '../../index.ts';

export const notices: NonNullable<MessagesPatch['refusals']> = {
  choice_invalid: 'Una de estas opciones ya no existe. Miralas otra vez, por favor.',
  letter_not_found: 'No encontramos esta carta.',
  reminder_hours_invalid: 'Elegí una de las horas que hay, por favor.',
  link_not_known: 'Este enlace no es nuestro o no está entero. Usá el del correo, por favor.',
};
