export const loyalty = {
  reward_not_found: 'No hemos encontrado esta recompensa. Puede que ya no se ofrezca.',
  reward_nothing_fits: 'No hay nada en tu cesta para esta recompensa.',
  points_too_few: ({ points, balance }: { points?: number; balance?: number }) =>
    points === undefined || balance === undefined
      ? 'Todavía no te alcanza para esta recompensa.'
      : `Esta recompensa cuesta ${points} y tienes ${Math.max(0, balance)}.`,
  loyalty_unit_in_hands: 'Hay clientes con puntos o sellos de esta clase: no se pueden convertir en la otra.',
  loyalty_terms_invalid: 'Estas condiciones no encajan. Mira los números.',
  reward_invalid: 'Una recompensa necesita nombre, qué es y cuánto cuesta.',
  referral_not_found: 'Este enlace de invitación ya no lleva a ninguna parte.',
  referral_own: 'Este es tu propio enlace. Es para alguien que todavía no haya venido.',
  referral_known: 'Ya estás con nosotros. Una invitación es para quien viene por primera vez.',
};
