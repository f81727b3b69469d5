import type { MessagesPatch } from '../../index.ts';

export const notices: NonNullable<MessagesPatch['refusals']> = {};
