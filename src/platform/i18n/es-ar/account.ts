import type { MessagesPatch } from '../index.ts';

export const account: NonNullable<MessagesPatch['account']> = {};
