import type { MessagesPatch } from '../index.ts';

export const instructors: NonNullable<MessagesPatch['instructors']> = {};
