import type { MessagesPatch } from '../../index.ts';

export const members: NonNullable<MessagesPatch['refusals']> = {};
