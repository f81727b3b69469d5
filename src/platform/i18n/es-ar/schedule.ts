import type { MessagesPatch } from '../index.ts';

export const schedule: NonNullable<MessagesPatch['schedule']> = {};
