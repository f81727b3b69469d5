import type { MessagesPatch } from '../../index.ts';

export const plans: NonNullable<MessagesPatch['refusals']> = {};
