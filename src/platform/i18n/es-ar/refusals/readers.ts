import type { MessagesPatch } from '../../index.ts';

export const readers: NonNullable<MessagesPatch['refusals']> = {
  reader_name_invalid: 'Ponele un nombre de 40 caracteres como mucho.',
  reader_place_incomplete:
    'El proveedor de pagos necesita saber dónde está el mostrador. Completá antes la dirección en Salas.',
};
