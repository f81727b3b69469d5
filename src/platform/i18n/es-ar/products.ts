import type { MessagesPatch } from '../index.ts';

export const products: NonNullable<MessagesPatch['products']> = {
  made: 'Hecho. Revisalo y publicalo.',
};
