import type { MessagesPatch } from '../../index.ts';

export const progress: NonNullable<MessagesPatch['refusals']> = {};
