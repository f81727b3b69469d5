import type { MessagesPatch } from '../index.ts';

export const refusals: NonNullable<MessagesPatch['refusals']> = {};
