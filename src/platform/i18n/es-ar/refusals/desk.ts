import type { MessagesPatch } from '../../index.ts';

export const desk: NonNullable<MessagesPatch['refusals']> = {};
