import type { MessagesPatch } from '../../index.ts';

export const outside: NonNullable<MessagesPatch['refusals']> = {
  pos_ended: 'Esta caja se desconectó. Conectala de nuevo.',
  pos_name_invalid: 'Ponele un nombre de 60 caracteres como mucho.',
  pos_url_invalid: 'Indicá una dirección completa, como https://caja.example/webhooks.',
  pos_events_invalid: 'Elegí entre lo que se le puede contar.',
  pos_outside_id_invalid: 'Indicá qué código le da la otra caja, de 100 caracteres como mucho.',
  pos_link_invalid: 'Elegí un producto o algo de las existencias.',
  pos_paused: 'Esta conexión está en pausa. Envialo más tarde.',
  pos_item_unknown: ({ product }) =>
    product ? `Nadie dijo todavía qué es acá «${product}».` : 'Nadie dijo todavía qué es esto acá.',
};
