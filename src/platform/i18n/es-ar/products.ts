import type { MessagesPatch } from '../index.ts';

export const products: NonNullable<MessagesPatch['products']> = {
  lead: 'Lo que se vende en el mostrador, en el orden en que se ve.',
  kinds: { made: 'Hecho en el mostrador' },
  retired: 'Retirado. Ya no está en ningún carrito.',
  made: 'Hecho. Revisalo y publicalo.',
};
