import type { mail as source } from '../en/mail.ts';

export const mail: typeof source = {};
