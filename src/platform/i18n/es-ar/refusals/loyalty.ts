import type { MessagesPatch } from '../../index.ts';

export const loyalty: NonNullable<MessagesPatch['refusals']> = {
  reward_not_found: 'No encontramos esta recompensa. Puede que ya no se ofrezca.',
  reward_nothing_fits: 'No hay nada en tu carrito para esta recompensa.',
  points_too_few: ({ points, balance }) =>
    points === undefined || balance === undefined
      ? 'Todavía no te alcanza para esta recompensa.'
      : `Esta recompensa cuesta ${points} y tenés ${Math.max(0, balance)}.`,
  loyalty_terms_invalid: 'Estas condiciones no encajan. Mirá los números.',
};
