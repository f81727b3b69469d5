import type { board as source } from '../../en/refusals/board.ts';

export const board: typeof source = {
  ticket_not_found: 'Este pedido no está en nuestra barra.',
  ticket_moved: 'Alguien fue más rápido: la pantalla muestra cómo está ahora.',
  step_not_allowed: 'Un pedido vuelve paso a paso, por donde vino.',
  undo_too_late: 'Hace demasiado de eso para deshacerlo.',
  act_reused: 'Ese toque ya sirvió para otra cosa. Toca otra vez, por favor.',
  acts_invalid: 'No entendimos lo que se tocó. Recarga la página, por favor.',
  delay_invalid: 'Entre 0 y 120 minutos, por favor.',
  sold_out_invalid: 'Indica un producto o una opción, por favor.',
  order_being_made: 'La barra ya ha empezado con él, así que aquí ya no se puede cancelar.',
};
