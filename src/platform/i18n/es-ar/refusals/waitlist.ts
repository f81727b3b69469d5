import type { MessagesPatch } from '../../index.ts';

export const waitlist: NonNullable<MessagesPatch['refusals']> = {
  waitlist_closed: 'La lista de espera se cerró. Desde ahora, los lugares libres son de quien llegue.',
  seats_free: 'Hay lugares libres. Podés reservar ahora mismo.',
  entry_not_found: 'No encontramos este puesto en la lista entre los tuyos.',
  fee_owed: 'Un cargo no se puede dejar sin pagar acá. Si no es justo, hablá con nosotros: podemos sacarlo.',
  offer_over: 'Esta oferta venció; el lugar pasó a la siguiente persona.',
  waitlist_day_full: ({ most }) => `Ese día ya esperás ${most ?? 'varias'} clases. Dejá antes una de ellas.`,
};
