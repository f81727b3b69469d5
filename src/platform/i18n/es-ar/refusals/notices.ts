import type { MessagesPatch } from '../../index.ts';

export const notices: NonNullable<MessagesPatch['refusals']> = {
  choice_invalid: 'Una de estas opciones ya no existe. Miralas otra vez, por favor.',
};
