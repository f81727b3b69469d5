import type { outside as english } from '../../en/refusals/outside.ts';

export const outside: typeof english = {
  pos_not_found: 'No encontramos esta caja.',
  pos_exists: 'Ya hay una caja con ese nombre en este mostrador.',
  pos_ended: 'Esta caja se desconectó. Conéctala de nuevo.',
  pos_name_invalid: 'Ponle un nombre de 60 caracteres como mucho.',
  pos_url_invalid: 'Indica una dirección completa, como https://caja.example/webhooks.',
  pos_url_not_public: 'Tiene que ser una dirección https a la que se llegue desde internet.',
  pos_events_invalid: 'Elige entre lo que se le puede contar.',
  pos_overlap_invalid: 'El secreto anterior puede valer hasta 72 horas.',
  pos_state_invalid: 'Puede estar conectada, en pausa o desconectada.',
  pos_outside_id_invalid: 'Indica qué código le da la otra caja, de 100 caracteres como mucho.',
  pos_link_invalid: 'Elige un producto o algo de las existencias.',
  pos_units_invalid: 'Uno de los suyos puede ser de 1 a 1 000 000 de los nuestros.',
  pos_not_connected: 'Ahora mismo no está conectada, o no tiene dirección.',
  pos_paused: 'Esta conexión está en pausa. Envíalo más tarde.',
  pos_message_not_found: 'No encontramos este mensaje.',
  pos_message_reused: 'Antes llegó otro mensaje con este identificador.',
  pos_message_invalid: 'A este mensaje le falta algo, o lo dice de una forma que no se puede leer.',
  pos_quantity_invalid: 'Hay una cantidad que no es posible.',
  pos_amount_invalid: 'Hay un importe que no es posible.',
  pos_sale_not_found: 'No nos ha contado esa venta. En cuanto lo haga, esto se anota solo.',
  pos_item_unknown: ({ product }) =>
    product ? `Nadie ha dicho todavía qué es aquí «${product}».` : 'Nadie ha dicho todavía qué es esto aquí.',
  webhook_too_new: 'La firma es del futuro: algún reloj va mal.',
};
