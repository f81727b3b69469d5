import type { waitlist as source } from '../en/waitlist.ts';

export const waitlist: typeof source = {};
