import type { waitlist as source } from '../../en/refusals/waitlist.ts';

export const waitlist: typeof source = {
  waitlist_off: 'Esta clase no tiene lista de espera.',
  waitlist_closed: 'La lista de espera se ha cerrado. Desde ahora, las plazas libres son de quien llegue.',
  already_waiting: 'Ya estás en esta lista de espera.',
  seats_free: 'Hay plazas libres. Puedes reservar ahora mismo.',
  waitlist_day_full: ({ most }) => `Ese día ya esperas ${most ?? 'varias'} clases. Deja antes una de ellas.`,
  entry_not_found: 'No hemos encontrado este puesto en la lista entre los tuyos.',
  offer_over: 'Esta oferta ha caducado; la plaza pasó a la siguiente persona.',
  fee_owed:
    'Un cargo no se puede dejar sin pagar aquí. Si no es justo, habla con nosotros: podemos quitarlo.',
  offer_answered: 'Ya respondiste a esta oferta.',
};
