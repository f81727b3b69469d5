import type { MessagesPatch } from '../index.ts';

/** Voseo en los lectores de tarjetas. */
export const readers: NonNullable<MessagesPatch['readers']> = {
  sale: {
    waitingText: ({ reader }) =>
      `El importe está en el lector «${reader}». Ahí se acerca, se inserta o se pasa la tarjeta.`,
    declined: {
      expired_card: 'Esta tarjeta está vencida. Quizá funcione otra.',
      processing_error: 'La tarjeta no se pudo leer bien. Intentalo una vez más.',
      reader_busy: 'El lector está ocupado con otra cosa. Intentalo otra vez en un momento.',
    },
  },
  test: { title: 'Modo de prueba: acercá una tarjeta de prueba al lector' },
  kept: {
    noneText: 'Registrá el primero acá abajo. Hasta entonces, las tarjetas se cobran en tu propio posnet.',
  },
};
