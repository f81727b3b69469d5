import type { notices as source } from '../../en/refusals/notices.ts';

export const notices: typeof source = {
  choice_invalid: 'Una de estas opciones ya no existe. Míralas otra vez, por favor.',
};
