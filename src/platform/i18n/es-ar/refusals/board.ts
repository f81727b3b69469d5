import type { MessagesPatch } from '../../index.ts';

export const board: NonNullable<MessagesPatch['refusals']> = {
  act_reused: 'Ese toque ya sirvió para otra cosa. Tocá otra vez, por favor.',
  acts_invalid: 'No entendimos lo que se tocó. Recargá la página, por favor.',
  sold_out_invalid: 'Indicá un producto o una opción, por favor.',
  order_being_made: 'La barra ya empezó con él, así que acá ya no se puede cancelar.',
};
