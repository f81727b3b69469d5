import type { MessagesPatch } from '../index.ts';

export const admin: NonNullable<MessagesPatch['admin']> = {};
