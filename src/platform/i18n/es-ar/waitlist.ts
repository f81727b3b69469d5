import type { MessagesPatch } from '../index.ts';

export const waitlist: NonNullable<MessagesPatch['waitlist']> = {};
