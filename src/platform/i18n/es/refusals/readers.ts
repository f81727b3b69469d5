import type { readers as english } from '../../en/refusals/readers.ts';

export const readers: typeof english = {
  reader_not_found: 'No encontramos este lector de tarjetas.',
  reader_exists: 'Ya hay un lector de tarjetas con ese nombre en este mostrador.',
  reader_known: 'Este lector de tarjetas ya está registrado.',
  reader_name_invalid: 'Ponle un nombre de 40 caracteres como mucho.',
  reader_code_wrong: 'Ningún lector muestra este código. Cambia cada vez que el lector genera uno nuevo.',
  reader_place_incomplete:
    'El proveedor de pagos necesita saber dónde está el mostrador. Completa antes la dirección en Salas.',
  reader_country_unsupported: 'El proveedor de pagos todavía no tiene lectores de tarjetas en este país.',
  reader_busy: ({ till }) =>
    till
      ? `El lector está esperando una tarjeta para ${till}. Queda libre cuando esa venta se cobra o se anula.`
      : 'El lector está esperando una tarjeta para otra venta. Queda libre cuando esa se cobra o se anula.',
  reader_deciding: 'Ahora mismo se está comprobando una tarjeta. Es cuestión de segundos.',
  reader_not_simulated: 'Las tarjetas de prueba solo funcionan con un lector simulado.',
};
