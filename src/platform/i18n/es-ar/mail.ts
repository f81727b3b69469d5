import type { MessagesPatch } from '../index.ts';

export const mail: NonNullable<MessagesPatch['mail']> = {};
