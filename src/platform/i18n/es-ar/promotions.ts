import type { MessagesPatch } from '../index.ts';

export const promotions: NonNullable<MessagesPatch['promotions']> = {
  field: { ask: '¿Tenés un código?' },
  kept: {
    noneText:
      'Un código para quien llega, para una mañana tranquila, para un horno lleno: armá uno y contalo.',
    ended: 'Terminó. Quien pidió con ella conserva su descuento.',
    usesNone: 'Todavía no la usó nadie.',
  },
};
