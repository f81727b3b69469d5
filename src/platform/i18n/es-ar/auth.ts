import type { MessagesPatch } from '../index.ts';

export const auth: NonNullable<MessagesPatch['auth']> = {};
