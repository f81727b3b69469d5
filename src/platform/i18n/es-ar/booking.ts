import type { MessagesPatch } from '../index.ts';

export const booking: NonNullable<MessagesPatch['booking']> = {};
