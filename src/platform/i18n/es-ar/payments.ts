import type { MessagesPatch } from '../index.ts';

export const payments: NonNullable<MessagesPatch['payments']> = {};
