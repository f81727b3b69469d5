import type { waitlist as source } from '../../en/refusals/waitlist.ts';

export const waitlist: typeof source = {};
