import type { MessagesPatch } from '../index.ts';

export const sales: NonNullable<MessagesPatch['sales']> = {};
