import type { MessagesPatch } from '../index.ts';

export const promotions: NonNullable<MessagesPatch['promotions']> = {
  field: {
    ask: '¿Tenés un código?',
    applied: ({ code }) => `${code} está en tu carrito.`,
    removed: 'El código ya no está en tu carrito.',
  },
  kept: {
    goodsOf: { both: 'Clases y mostrador', bar: 'El mostrador' },
    noneText:
      'Un código para quien llega, para una mañana tranquila, para un horno lleno: armá uno y contalo.',
    ended: 'Terminó. Quien pidió con ella conserva su descuento.',
    usesNone: 'Todavía no la usó nadie.',
  },
};
